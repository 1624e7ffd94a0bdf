import type { Tx } from '../../../people/db.js';
import type { WorkContext } from '../../../people/handlers.js';
import { addDays, localDay } from '../../../people/hours.js';
import { findPeople } from '../../../people/people.js';
import { loadSettings } from '../store-settings.js';
import { ask, refreshTalk, workOf } from './ask.js';
import { workingDay } from './rules.js';
import { addTalk, findConcernedPeople, findTalk } from './store-talks.js';

/**
 * Asks the line of everybody whom a complaint is about to talk with them, within the days that the organisation has set. Once for
 * each of them. Who has no line manager (or one whom it is about, too) is for the owners.
 */
export async function openTalks(context: WorkContext, tx: Tx, feedbackId: string, now: Date): Promise<void> {
  const { organisation } = context;
  const { talkDays } = await loadSettings(tx, organisation);
  const concerned = await findConcernedPeople(tx, organisation.id, feedbackId);
  const people = await findPeople(tx, organisation.id, concerned);
  for (const personId of concerned) {
    const work = await workOf(context, tx, { personLocationId: people.get(personId)?.locationId ?? null });
    // A day off is none to talk on.
    const dueOn = workingDay(work, addDays(localDay(now, work.zone), talkDays), 1);
    const id = await addTalk(tx, organisation.id, { feedbackId, personId, lineId: null, dueOn }, now);
    const talk = id === undefined ? undefined : await findTalk(tx, organisation.id, id);
    if (!talk) continue;
    await ask(context, tx, talk, now);
    await refreshTalk(context, tx, talk.id, now);
  }
}
