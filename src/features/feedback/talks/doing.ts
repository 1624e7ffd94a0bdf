import { notice } from '../../../core/card.js';
import { BellhopError } from '../../../core/errors.js';
import { formErrors, open, type Reply, say } from '../../../core/reply.js';
import { date, key, person as personText } from '../../../core/text.js';
import { enqueue, enqueueMany } from '../../../delivery/enqueue.js';
import { recordEvent } from '../../../people/audit.js';
import { inTransaction, type Tx } from '../../../people/db.js';
import { action, form, type HandlerContext } from '../../../people/handlers.js';
import { addDays, isDay, localDay } from '../../../people/hours.js';
import { shown } from '../cases/show.js';
import { MOST, subject } from '../model.js';
import { refreshFeedback } from '../refresh.js';
import { tellOfWaiting } from '../sorting/tell.js';
import { lockFeedback } from '../store-feedback.js';
import { demandOpen, demandTalk } from './access.js';
import { ANSWERED, refreshTalk, TALKED, workOf } from './ask.js';
import { ownTalkCard, talkCard, talkLead } from './cards.js';
import { within } from './refs.js';
import { ASK, MOST_LATER, nextAskAt } from './rules.js';
import { DoneInput, LaterInput, TalkRef, ViewInput } from './schema.js';
import { changeTalk, dropConcern, findTalk, holdFeedback, lockTalk, type Talk } from './store-talks.js';

/** Changes an open talk that the actor may hold, locked; what others have done meanwhile stands. */
async function change(
  context: HandlerContext,
  talkId: string,
  verb: string,
  act: (tx: Tx, talk: Talk, now: Date) => Promise<void>,
): Promise<void> {
  const { db, organisation, person, clock } = context;
  const known = await findTalk(db, organisation.id, talkId);
  await inTransaction(db, async (tx) => {
    const now = clock.now();
    // The feedback first, as sorting locks it: what becomes of the one decides about the other.
    if (known) await lockFeedback(tx, organisation.id, known.feedbackId);
    const talk = await demandOpen({ ...context, db: tx }, await lockTalk(tx, organisation.id, talkId));
    await act(tx, talk, now);
    await recordEvent(tx, { organisationId: organisation.id, actorId: person.id, verb, subjectId: talkId }, now);
    await refreshTalk(context, tx, talkId, now);
    await refreshFeedback(tx, organisation.id, talk.feedbackId, now);
  });
}

/** The talk as it stands, for whoever may hold it. */
async function showTalk(context: HandlerContext, talkId: string): Promise<Reply> {
  const { talk } = await demandTalk(context, talkId);
  return say(await talkCard(context, talk, talkLead(context, talk), context));
}

/** Opens a form about a talk that is still to be held. */
const opener = (id: string, ref: (talkId: string) => ReturnType<typeof within.done>) =>
  action({
    id,
    role: 'employee',
    payload: TalkRef,
    run: async (context, { talkId }) => {
      await demandOpen(context, await findTalk(context.db, context.organisation.id, talkId));
      return open(ref(talkId));
    },
  });

const nameOf = ({ personName }: Talk) => ({ person: personText(personName) });

const doneForm = form({
  id: 'feedback.talk_done',
  role: 'employee',
  payload: TalkRef,
  input: DoneInput,
  build: async (context, { talkId }) => {
    const talk = await demandOpen(context, await findTalk(context.db, context.organisation.id, talkId));
    return {
      title: key('feedback.talks.done'),
      submit: key('feedback.talks.done_submit'),
      intro: [{ kind: 'paragraph', text: key('feedback.talks.done_intro', nameOf(talk)) }],
      fields: [
        { kind: 'text', name: 'agreed', label: key('feedback.talks.agreed'), multiline: true, maxLength: MOST.agreed },
        { kind: 'check', name: 'shows', label: key('feedback.talks.shows'), text: key('feedback.talks.shows_text'), optional: true },
      ],
    };
  },
  submit: async (context, { payload: { talkId }, input: { agreed, shows } }) => {
    if (agreed === '') return formErrors({ agreed: key('feedback.errors.talk_agreed_missing') });
    if (agreed.length > MOST.agreed) return formErrors({ agreed: key('feedback.errors.talk_too_long', { most: MOST.agreed }) });
    const { organisation, person } = context;
    await change(context, talkId, 'feedback.talk_held', async (tx, talk, now) => {
      const held = { state: 'talked', agreed, showsWords: shows, talkedAt: now, talkedById: person.id, nextAskAt: null } as const;
      await changeTalk(tx, organisation.id, talkId, held);
      await enqueue(
        tx,
        {
          organisationId: organisation.id,
          subjectKey: subject.talked(talkId, talk.personId),
          message: TALKED,
          payload: { talkId, personId: talk.personId },
          to: { personId: talk.personId },
          priority: 'answer',
          dueAt: now,
        },
        now,
      );
    });
    return await showTalk(context, talkId);
  },
});

const laterForm = form({
  id: 'feedback.talk_later',
  role: 'employee',
  payload: TalkRef,
  input: LaterInput,
  build: async (context, { talkId }) => {
    const talk = await demandMovable(context, await findTalk(context.db, context.organisation.id, talkId));
    return {
      title: key('feedback.talks.later_title'),
      submit: key('feedback.talks.later_submit'),
      intro: [{ kind: 'paragraph', text: key('feedback.talks.later_intro', { ...nameOf(talk), by: date(talk.dueOn) }) }],
      fields: [
        { kind: 'date', name: 'day', label: key('feedback.talks.later_day') },
        { kind: 'text', name: 'reason', label: key('feedback.talks.later_reason'), maxLength: MOST.reason },
      ],
    };
  },
  submit: async (context, { payload: { talkId }, input: { day, reason } }) => {
    const { organisation, clock } = context;
    const today = localDay(clock.now(), organisation.zone);
    const last = addDays(today, MOST_LATER);
    const dayWrong = !isDay(day) || day <= today || day > last;
    if (dayWrong || reason === '' || reason.length > MOST.reason) {
      return formErrors({
        ...(dayWrong && { day: key('feedback.errors.talk_day', { from: date(addDays(today, 1)), to: date(last) }) }),
        ...(reason === '' && { reason: key('feedback.errors.talk_reason_missing') }),
        ...(reason.length > MOST.reason && { reason: key('feedback.errors.talk_too_long', { most: MOST.reason }) }),
      });
    }
    await change(context, talkId, 'feedback.talk_moved', async (tx, talk, now) => {
      await demandMovable({ ...context, db: tx }, talk);
      const work = await workOf(context, tx, talk);
      const asked = ASK.first;
      await changeTalk(tx, organisation.id, talkId, { dueOn: day, movedWhy: reason, asked, nextAskAt: nextAskAt(work, asked, day, now) });
    });
    return await showTalk(context, talkId);
  },
});

/** Once only: what is put off again and again never happens. */
async function demandMovable(asker: Parameters<typeof demandOpen>[0], talk: Talk | undefined): Promise<Talk> {
  const movable = await demandOpen(asker, talk);
  if (movable.movedWhy !== null) throw new BellhopError('feedback.talk_moved');
  return movable;
}

const notThem = action({
  id: 'feedback.talk_not',
  role: 'employee',
  payload: TalkRef,
  run: async (context, { talkId }) => {
    const { organisation } = context;
    await change(context, talkId, 'feedback.talk_dropped', async (tx, talk, now) => {
      await changeTalk(tx, organisation.id, talkId, { state: 'dropped', nextAskAt: null });
      const others = await dropConcern(tx, organisation.id, talk.feedbackId, talk.personId);
      if (others.length > 0) return;
      // About nobody known: managers say whom it is about, or that it may be passed on.
      await holdFeedback(tx, organisation.id, talk.feedbackId);
      await tellOfWaiting(context, tx, now);
    });
    return shown(context, notice(key('feedback.talks.not_done')));
  },
});

/** Opens the person's own form: only theirs, and only once the talk was held. */
const viewAction = action({
  id: 'feedback.talk_view',
  role: 'employee',
  payload: TalkRef,
  run: async (context, { talkId }) => {
    await demandOwn(context, talkId);
    return open(within.view(talkId));
  },
});

async function demandOwn(context: HandlerContext, talkId: string): Promise<Talk> {
  const { talk, standing } = await demandTalk(context, talkId);
  if (standing !== 'person') throw new BellhopError('feedback.talk_gone');
  return talk;
}

const viewForm = form({
  id: 'feedback.talk_view',
  role: 'employee',
  payload: TalkRef,
  input: ViewInput,
  build: async (context, { talkId }) => {
    const { answer } = await demandOwn(context, talkId);
    return {
      title: key('feedback.talks.view'),
      submit: key('feedback.talks.view_submit'),
      intro: [{ kind: 'paragraph', text: key('feedback.talks.view_intro') }],
      fields: [
        {
          ...{ kind: 'text', name: 'view', label: key('feedback.talks.view_label'), multiline: true, maxLength: MOST.agreed },
          ...(answer !== '' && { initial: answer }),
        },
      ],
    };
  },
  submit: async (context, { payload: { talkId }, input: { view } }) => {
    if (view === '') return formErrors({ view: key('feedback.errors.talk_view_missing') });
    if (view.length > MOST.agreed) return formErrors({ view: key('feedback.errors.talk_too_long', { most: MOST.agreed }) });
    const { db, organisation, clock } = context;
    await demandOwn(context, talkId);
    await inTransaction(db, async (tx) => {
      const now = clock.now();
      const talk = await lockTalk(tx, organisation.id, talkId);
      if (!talk) throw new BellhopError('feedback.talk_gone');
      await changeTalk(tx, organisation.id, talkId, { answer: view, answeredAt: now });
      await tellAnswered(context, tx, talk, now);
      await refreshTalk(context, tx, talkId, now);
    });
    return say(await ownTalkCard(context, await demandOwn(context, talkId)));
  },
});

/** Whoever held the talk and whoever is in line now hear of the answer, once; a changed one is shown on the same card. */
async function tellAnswered({ organisation }: HandlerContext, tx: Tx, talk: Talk, now: Date): Promise<void> {
  const { id: talkId, lineId, talkedById } = talk;
  const personIds = [...new Set([lineId, talkedById])].filter((id): id is string => id !== null);
  await enqueueMany(
    tx,
    personIds.map((personId) => ({
      organisationId: organisation.id,
      subjectKey: subject.talkAnswer(talkId, personId),
      message: ANSWERED,
      payload: { talkId, personId },
      to: { personId },
      priority: 'answer' as const,
      dueAt: now,
    })),
    now,
  );
}

const look = action({
  id: 'feedback.talk',
  role: 'employee',
  payload: TalkRef,
  run: async (context, { talkId }) => {
    const { talk, standing } = await demandTalk(context, talkId);
    const card = standing === 'person' ? await ownTalkCard(context, talk) : await talkCard(context, talk, talkLead(context, talk), context);
    return shown(context, card);
  },
});

export const talkActions = [
  look,
  opener('feedback.talk_done', within.done),
  opener('feedback.talk_later', within.later),
  notThem,
  viewAction,
];
export const talkForms = [doneForm, laterForm, viewForm];
