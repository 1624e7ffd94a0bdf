import type { Card } from '../../../core/card.js';
import { BellhopError } from '../../../core/errors.js';
import { ref } from '../../../core/ref.js';
import { formErrors, open, update, whisper } from '../../../core/reply.js';
import { instant, key, type Text, words } from '../../../core/text.js';
import { inTransaction } from '../../../people/db.js';
import { action, form, type HandlerContext } from '../../../people/handlers.js';
import { localDay } from '../../../people/hours.js';
import { refreshPost } from '../answering/post.js';
import { recapReady } from '../attending/catch-up.js';
import type { SeminarDate } from '../model.js';
import { demandDate, demandOwnDate, mayRun } from '../rights.js';
import { DateRef } from '../schema.js';
import { findDate } from '../store-dates.js';
import { afterwardsCard } from './afterwards-card.js';
import { STAYS } from './model.js';
import { AfterwardsRef, NotesInput } from './schema.js';
import { listMaterials, writeNotes } from './store-materials.js';
import { listTasks } from './store-tasks.js';

/** What stays of a date, as the actor may see and add to it. */
export async function showAfterwards(context: HandlerContext, dateId: string, offset = 0): Promise<Card> {
  const { db, organisation, reader, clock } = context;
  const now = clock.now();
  const date = await demandDate(context, dateId);
  const [materials, tasks] = await Promise.all([listMaterials(db, organisation.id, dateId), listTasks(db, organisation.id, dateId)]);
  const runs = mayRun(context, date);
  return afterwardsCard(date, { materials, tasks, today: localDay(now, reader.zone), runs, begun: date.startsAt <= now }, offset);
}

/**
 * A date that the actor may add to.
 * @throws BellhopError `seminars.date_gone`, `seminars.not_host`, `seminars.afterwards_cancelled`
 */
export async function demandStanding(context: HandlerContext, dateId: string): Promise<SeminarDate> {
  const date = await demandOwnDate(context, dateId);
  if (date.state === 'cancelled') throw new BellhopError('seminars.afterwards_cancelled');
  return date;
}

/** The same, once it has begun. Throws BellhopError `seminars.minutes_early` too. */
async function demandBegun(context: HandlerContext, dateId: string): Promise<SeminarDate> {
  const date = await demandStanding(context, dateId);
  if (date.startsAt > context.clock.now()) throw new BellhopError('seminars.minutes_early', { when: instant(date.startsAt) });
  return date;
}

const afterwards = action({
  id: 'seminars.afterwards',
  role: 'employee',
  payload: AfterwardsRef,
  run: async (context, { dateId, offset = 0, here }) => {
    const card = await showAfterwards(context, dateId, offset);
    return here ? update(card) : whisper(card);
  },
});

const notesOpen = action({
  id: 'seminars.notes_open',
  role: 'employee',
  payload: DateRef,
  run: async (context, { dateId }) => {
    await demandBegun(context, dateId);
    return open(ref('seminars.notes', { dateId }));
  },
});

const notes = form({
  id: 'seminars.notes',
  role: 'employee',
  payload: DateRef,
  input: NotesInput,
  build: async (context, { dateId }) => {
    const date = await demandOwnDate(context, dateId);
    const field = (name: 'notes' | 'recap', label: Text, hint: Text) => ({
      kind: 'text' as const,
      name,
      label,
      hint,
      optional: true,
      multiline: true,
      maxLength: STAYS.notes,
      ...(date[name] !== '' && { initial: date[name] }),
    });
    return {
      title: key('seminars.afterwards.minutes'),
      submit: key('seminars.afterwards.save'),
      intro: [{ kind: 'paragraph', text: key('seminars.agenda.lead', { seminar: words(date.title), when: instant(date.startsAt) }) }],
      fields: [
        field('notes', key('seminars.afterwards.notes'), key('seminars.afterwards.notes_hint')),
        field('recap', key('seminars.afterwards.recap'), key('seminars.afterwards.recap_hint')),
      ],
    };
  },
  submit: async (context, { payload: { dateId }, input }) => {
    const errors: Record<string, Text> = {};
    for (const name of ['notes', 'recap'] as const)
      if (input[name].length > STAYS.notes) errors[name] = key('seminars.errors.topic_long', { most: STAYS.notes });
    if (Object.keys(errors).length > 0) return formErrors(errors);
    const before = await demandBegun(context, dateId);
    await inTransaction(context.db, async (tx) => {
      const now = context.clock.now();
      await writeNotes(tx, context.organisation.id, dateId, input);
      await refreshPost(tx, context.organisation.id, dateId, now, false);
      const date = await findDate(tx, context.organisation.id, dateId);
      if (date && date.recap !== '' && date.recap !== before.recap) await recapReady(context, tx, date, now);
    });
    return update(await showAfterwards(context, dateId));
  },
});

export const afterwardsActions = [afterwards, notesOpen];
export const afterwardsForms = [notes];
