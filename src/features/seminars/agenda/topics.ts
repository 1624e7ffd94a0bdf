import { button, type Card } from '../../../core/card.js';
import { BellhopError } from '../../../core/errors.js';
import { ref } from '../../../core/ref.js';
import { formErrors, open, say, update, whisper } from '../../../core/reply.js';
import { instant, key, type Text, words } from '../../../core/text.js';
import { enqueue } from '../../../delivery/enqueue.js';
import { inTransaction, type Tx } from '../../../people/db.js';
import { action, form, type HandlerContext } from '../../../people/handlers.js';
import { refreshPost } from '../answering/post.js';
import { type SeminarDate, subject } from '../model.js';
import { to } from '../refs.js';
import { demandDate, hostText, mayRun } from '../rights.js';
import { DateRef } from '../schema.js';
import { showAgenda, takesTopics } from './agenda-view.js';
import { AGENDA } from './model.js';
import { AgendaRef, TopicInput } from './schema.js';
import { whoHears } from './store-hosts.js';
import { addTopic, listItems, lockAgenda, nextPosition } from './store-items.js';

const agenda = action({
  id: 'seminars.agenda',
  role: 'employee',
  payload: AgendaRef,
  run: async (context, { dateId, offset, here }) => {
    const card = await showAgenda(context, await demandDate(context, dateId), offset);
    return here ? update(card) : whisper(card);
  },
});

const topicOpen = action({
  id: 'seminars.topic_open',
  role: 'employee',
  payload: DateRef,
  run: async (context, { dateId }) => {
    await demandTopics(context, dateId);
    return open(ref('seminars.topic', { dateId }));
  },
});

/**
 * A date for which topics can be proposed.
 * @throws BellhopError `seminars.date_gone`, `seminars.topic_cancelled`, `seminars.topic_late`
 */
async function demandTopics(context: HandlerContext, dateId: string): Promise<SeminarDate> {
  const date = await demandDate(context, dateId);
  if (date.state === 'cancelled') throw new BellhopError('seminars.topic_cancelled');
  if (!takesTopics(date, context.clock.now())) throw new BellhopError('seminars.topic_late');
  return date;
}

const topic = form({
  id: 'seminars.topic',
  role: 'employee',
  payload: DateRef,
  input: TopicInput,
  build: async (context, { dateId }) => {
    const date = await demandDate(context, dateId);
    const seminar = { seminar: words(date.title), when: instant(date.startsAt), host: hostText(date) };
    return {
      title: key('seminars.topic.form_title'),
      submit: mayRun(context, date) ? key('seminars.agenda.add') : key('seminars.topic.submit'),
      intro: [
        {
          kind: 'paragraph',
          text: mayRun(context, date) ? key('seminars.topic.intro_own', seminar) : key('seminars.topic.intro', seminar),
        },
      ],
      fields: [
        {
          kind: 'text',
          name: 'topic',
          label: key('seminars.topic.topic'),
          hint: key('seminars.topic.topic_hint'),
          maxLength: AGENDA.topic,
        },
        { kind: 'text', name: 'why', label: key('seminars.topic.why'), optional: true, multiline: true, maxLength: AGENDA.why },
      ],
    };
  },
  submit: async (context, { payload: { dateId }, input }) => {
    const errors = problems(input);
    if (errors) return formErrors(errors);
    const date = await demandTopics(context, dateId);
    const runs = mayRun(context, date);
    const refused = await inTransaction(context.db, async (tx) => await add(context, tx, date, input, runs));
    if (refused) return formErrors({ topic: refused });
    return say(runs ? await showAgenda(context, date, 0) : thanksCard(date, input.topic));
  },
});

function problems({ topic, why }: { readonly topic: string; readonly why: string }): Readonly<Record<string, Text>> | undefined {
  // What nobody can see is no topic.
  if (!/[\p{L}\p{N}]/u.test(topic)) return { topic: key('seminars.errors.topic_missing') };
  if (topic.length > AGENDA.topic) return { topic: key('seminars.errors.topic_long', { most: AGENDA.topic }) };
  return why.length > AGENDA.why ? { why: key('seminars.errors.topic_long', { most: AGENDA.why }) } : undefined;
}

/** Adds a topic and tells the host. @returns why it can't be */
async function add(
  { clock, organisation, person }: HandlerContext,
  tx: Tx,
  date: SeminarDate,
  { topic, why }: { readonly topic: string; readonly why: string },
  runs: boolean,
): Promise<Text | undefined> {
  const now = clock.now();
  await lockAgenda(tx, date.id);
  const items = await listItems(tx, organisation.id, date.id);
  const own = items.filter((item) => item.proposedById === person.id && item.state === 'proposed');
  const again = items.some((item) => item.state !== 'declined' && item.topic.toLowerCase() === topic.toLowerCase());
  if (again) return key('seminars.errors.topic_again');
  if (!runs && own.length >= AGENDA.waiting) return key('seminars.errors.topics_waiting', { count: own.length });
  if (items.length >= AGENDA.items) return key('seminars.errors.topics_full');
  const position = await nextPosition(tx, organisation.id, date.id);
  const state = runs ? 'accepted' : 'proposed';
  const id = await addTopic(tx, organisation.id, { dateId: date.id, position, topic, why, personId: person.id, state }, now);
  if (runs) {
    await refreshPost(tx, organisation.id, date.id, now, false);
    return undefined;
  }
  const hostId = await whoHears(tx, organisation.id, date);
  if (hostId === undefined) return undefined;
  await enqueue(
    tx,
    {
      organisationId: organisation.id,
      subjectKey: subject.topic(id),
      message: 'seminars.topic_proposed',
      payload: { itemId: id },
      to: { personId: hostId },
      priority: 'bulk',
      capped: true,
      dueAt: now,
      expiresAt: date.startsAt,
    },
    now,
  );
  return undefined;
}

function thanksCard(date: SeminarDate, topic: string): Card {
  const lead = key('seminars.topic.thanks', { topic: words(topic), host: hostText(date) });
  return {
    summary: lead,
    title: key('seminars.topic.thanks_title'),
    lead,
    actions: [button(key('seminars.action.agenda'), to.agenda(date.id)), button(key('seminars.agenda.to_date'), to.date(date.id))],
  };
}

export const topicActions = [agenda, topicOpen];
export const topicForms = [topic];
