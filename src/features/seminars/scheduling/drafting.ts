import { button, type Card, notice } from '../../../core/card.js';
import { BellhopError } from '../../../core/errors.js';
import type { Verb } from '../../../core/feature.js';
import { ref } from '../../../core/ref.js';
import { formErrors, open, say, update, whisper } from '../../../core/reply.js';
import { date, instant, key, type Text } from '../../../core/text.js';
import { inTransaction } from '../../../people/db.js';
import { action, form, type HandlerContext } from '../../../people/handlers.js';
import { lastDayBefore } from '../changing/fates.js';
import { to } from '../refs.js';
import { Nothing } from '../schema.js';
import { findDate } from '../store-dates.js';
import type { SeriesFields } from './fields.js';
import { fieldsFrom, ontoPresent } from './following.js';
import { previewCard } from './preview.js';
import { saveDraft } from './save-draft.js';
import { savedCard } from './saved-card.js';
import { scheduleFields } from './schedule-fields.js';
import { readSchedule } from './schedule-input.js';
import { DraftRef, ScheduleInput, ScheduleRef } from './schema.js';
import { createDraft, type Draft, findDraft, lockDraft, settleDraft } from './store-drafts.js';

const verb: Verb<HandlerContext> = {
  name: 'schedule',
  role: 'manager',
  describe: key('seminars.verb.schedule'),
  run: async () => open(ref('seminars.schedule')),
};

const openSchedule = action({
  id: 'seminars.schedule_open',
  role: 'manager',
  payload: Nothing,
  run: async () => open(ref('seminars.schedule')),
});

/** The draft that a form was opened with; one that is saved can't be filled in again. */
async function draftOf({ db, organisation, person }: HandlerContext, draftId: string | undefined): Promise<Draft | undefined> {
  if (draftId === undefined) return undefined;
  const draft = await findDraft(db, organisation.id, person.id, draftId);
  if (!draft) throw new BellhopError('seminars.draft_gone');
  if (draft.state === 'saved') throw new BellhopError('seminars.draft_saved');
  return draft;
}

const scheduleForm = form({
  id: 'seminars.schedule',
  role: 'manager',
  payload: ScheduleRef,
  input: ScheduleInput,
  build: async (context, { draftId }) => {
    // Also asked for with errors of a draft that is gone: then the form stands there with what was typed.
    const draft = draftId === undefined ? undefined : await findDraft(context.db, context.organisation.id, context.person.id, draftId);
    return {
      title: draft?.following ? key('seminars.schedule.title_following') : key('seminars.schedule.title'),
      submit: key('seminars.schedule.submit'),
      intro: [
        {
          kind: 'paragraph',
          text: draft?.following ? await followingIntro(context, draft.following.fromDateId) : key('seminars.schedule.intro'),
        },
      ],
      fields: await scheduleFields(context, draft),
    };
  },
  submit: async (context, { payload: { draftId, shown }, input }) => {
    const { db, organisation, person, clock } = context;
    const now = clock.now();
    const before = await draftOf(context, draftId);
    const read = await readSchedule(context, input, before, now);
    if ('errors' in read) return formErrors(read.errors);
    const early = await tooEarly(context, read.fields, before, now);
    if (early) return formErrors({ first_day: early });
    const filled = { ...(await onPresent(context, read.fields, before, now)), reason: input.reason, following: before?.following };
    const id = await inTransaction(db, async (tx) => {
      // The card of the draft before can't be saved any more: what it shows is not what was meant.
      if (before) await settleDraft(tx, organisation.id, before.id, null, now);
      return await createDraft(tx, organisation.id, person.id, filled, now);
    });
    const card = await previewCard(context, { id, ...filled, createdAt: now, state: 'open', savedSeriesId: null }, now);
    return shown ? update(card) : say(card);
  },
});

/** A change of what follows can't begin among the dates before it. */
async function tooEarly({ db, organisation }: HandlerContext, { plan }: SeriesFields, draft: Draft | undefined, now: Date) {
  const from = draft?.following && (await findDate(db, organisation.id, draft.following.fromDateId));
  const last = from && (await lastDayBefore(db, organisation.id, from.series.id, fieldsFrom(from, now).plan));
  return last !== undefined && plan.firstDay <= last ? key('seminars.errors.follow_early', { day: date(last) }) : undefined;
}

/** What was filled in, on top of what the series has become while the form stood open. */
async function onPresent({ db, organisation }: HandlerContext, fields: SeriesFields, draft: Draft | undefined, now: Date) {
  const from = draft?.following && (await findDate(db, organisation.id, draft.following.fromDateId));
  if (!from) return { fields };
  const present = fieldsFrom(from, now);
  return { fields: draft.base ? ontoPresent(fields, draft.base, present) : fields, base: present };
}

async function followingIntro({ db, organisation }: HandlerContext, fromDateId: string): Promise<Text> {
  const from = await findDate(db, organisation.id, fromDateId);
  if (!from) throw new BellhopError('seminars.date_gone');
  return key('seminars.schedule.intro_following', { from: instant(from.startsAt, from.series.plan.zone) });
}

const save = action({
  id: 'seminars.draft_save',
  role: 'manager',
  payload: DraftRef,
  run: async (context, { draftId }) => {
    const now = context.clock.now();
    const saved = await saveDraft(context, draftId, now);
    switch (saved.kind) {
      case 'mend':
        return whisper(mendCard(saved.text, draftId));
      case 'before':
        return whisper(savedBefore(saved.seriesId));
      default:
        return update(await savedCard(context, saved, now));
    }
  },
});

/** What stands in the way of saving, with the way out. */
function mendCard(text: Text, draftId: string): Card {
  return {
    summary: text,
    lead: text,
    body: [{ kind: 'paragraph', text: key('seminars.draft.mend') }],
    actions: [button(key('seminars.draft.change'), ref('seminars.draft_change', { draftId }), { style: 'primary' })],
  };
}

function savedBefore(seriesId: string): Card {
  const text = key('seminars.errors.draft_saved');
  return { summary: text, lead: text, actions: [button(key('seminars.plan.open_series'), to.series(seriesId))] };
}

const change = action({
  id: 'seminars.draft_change',
  role: 'manager',
  payload: DraftRef,
  run: async (context, { draftId }) => {
    const { db, organisation, person } = context;
    const draft = await findDraft(db, organisation.id, person.id, draftId);
    if (draft?.state === 'saved' && draft.savedSeriesId !== null) return whisper(savedBefore(draft.savedSeriesId));
    if (draft?.state !== 'open') throw new BellhopError('seminars.draft_gone');
    return open(ref('seminars.schedule', { draftId, shown: true }));
  },
});

const discard = action({
  id: 'seminars.draft_discard',
  role: 'manager',
  payload: DraftRef,
  run: async ({ db, organisation, person, clock }, { draftId }) => {
    const draft = await inTransaction(db, async (tx) => {
      const found = await lockDraft(tx, organisation.id, person.id, draftId);
      if (found?.state === 'open') await settleDraft(tx, organisation.id, draftId, null, clock.now());
      return found;
    });
    if (draft?.state === 'saved' && draft.savedSeriesId !== null) return whisper(savedBefore(draft.savedSeriesId));
    return update(notice(key(draft?.following ? 'seminars.draft.discarded_following' : 'seminars.draft.discarded')));
  },
});

/** From the form to the saved series: filled in, looked at, saved. */
export const drafting = { verb, actions: [openSchedule, save, change, discard], forms: [scheduleForm] };
