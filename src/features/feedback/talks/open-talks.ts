import type { Tx } from '../../../people/db.js';
import type { WorkContext } from '../../../people/handlers.js';
import { findPeople } from '../../../people/people.js';
import { ask, dueDay, refreshTalk, workOf } from './ask.js';
import { addTalk, findConcernedPeople, findTalk } from './store-talks.js';

/**
 * Asks the line of everybody whom a complaint is about to talk with them, within the days that the organisation has set. Once for
 * each of them. Who has no line manager (or one whom it is about, too) is for the owners; where it is
 * about them as well, it waits for another one.
 */
export async function openTalks(context: WorkContext, tx: Tx, feedbackId: string, now: Date): Promise<void> {
  const { organisation } = context;
  const concerned = await findConcernedPeople(tx, organisation.id, feedbackId);
  const people = await findPeople(tx, organisation.id, concerned);
  for (const personId of concerned) {
    const work = await workOf(context, tx, { personLocationId: people.get(personId)?.locationId ?? null });
    const dueOn = await dueDay(context, tx, work, now);
    const id = await addTalk(tx, organisation.id, { feedbackId, personId, lineId: null, dueOn }, now);
    const talk = id === undefined ? undefined : await findTalk(tx, organisation.id, id);
    if (!talk) continue;
    await ask(context, tx, talk, now);
    await refreshTalk(context, tx, talk.id, now);
  }
}
