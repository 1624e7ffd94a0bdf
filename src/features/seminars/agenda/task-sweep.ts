import type { Sweep } from '../../../core/feature.js';
import { inTransaction } from '../../../people/db.js';
import type { WorkContext } from '../../../people/handlers.js';
import { findPeople } from '../../../people/people.js';
import { findDates } from '../store-dates.js';
import { lockDueTasks, lockOwnerless, noteAsked } from './store-tasks.js';
import { HOST_HEARS_AT, nextAsk } from './task-rules.js';
import { ask, tellOverdue, tellOwnerless } from './task-tell.js';

const BATCH = 200;
/** Batches of one tick: what is left goes on at the next. */
const MOST_BATCHES = 50;

/** Follows action items up until they are done: asks whoever does them, and has the host find somebody else for a leaver. */
export const following: Sweep<WorkContext> = {
  id: 'seminars.tasks',
  run: async (context) => {
    for (let batch = 0; batch < MOST_BATCHES; batch++) if ((await leaveBatch(context)) < BATCH) break;
    for (let batch = 0; batch < MOST_BATCHES; batch++) if ((await askBatch(context)) < BATCH) break;
  },
};

async function leaveBatch({ db, organisation, clock }: WorkContext): Promise<number> {
  return await inTransaction(db, async (tx) => {
    const now = clock.now();
    const tasks = await lockOwnerless(tx, organisation.id, BATCH);
    const dates = new Map(
      (await findDates(tx, organisation.id, [...new Set(tasks.map((task) => task.dateId))])).map((date) => [date.id, date]),
    );
    for (const task of tasks) {
      const date = dates.get(task.dateId);
      if (date) await tellOwnerless(tx, organisation.id, date, task, now);
      await noteAsked(tx, organisation.id, task.id, task.askedCount, null);
    }
    return tasks.length;
  });
}

async function askBatch({ db, organisation, clock }: WorkContext): Promise<number> {
  return await inTransaction(db, async (tx) => {
    const now = clock.now();
    const tasks = await lockDueTasks(tx, organisation.id, now, BATCH);
    const people = await findPeople(tx, organisation.id, [...new Set(tasks.map((task) => task.ownerId))]);
    const late = tasks.filter((task) => task.askedCount + 1 === HOST_HEARS_AT);
    const dates = new Map(
      (await findDates(tx, organisation.id, [...new Set(late.map((task) => task.dateId))])).map((date) => [date.id, date]),
    );
    for (const task of tasks) {
      const owner = people.get(task.ownerId);
      const count = task.askedCount + 1;
      const next = owner ? nextAsk(count, owner, now) : null;
      if (owner) await ask(tx, organisation.id, task, count, next, now);
      const date = dates.get(task.dateId);
      if (date && count === HOST_HEARS_AT) await tellOverdue(tx, organisation.id, date, task, now);
      await noteAsked(tx, organisation.id, task.id, count, next);
    }
    return tasks.length;
  });
}
