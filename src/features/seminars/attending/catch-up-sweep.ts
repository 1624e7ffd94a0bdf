import type { Sweep } from '../../../core/feature.js';
import { refresh } from '../../../delivery/enqueue.js';
import { inTransaction } from '../../../people/db.js';
import type { WorkContext } from '../../../people/handlers.js';
import { putOnNext } from '../answering/put-on.js';
import { subject } from '../model.js';
import { findDates } from '../store-dates.js';
import { lockDueCatchUps, prolongCatchUp, reopenCancelled, settleCatchUp } from './store-catch-up.js';
import { CATCH_UP_DAYS, daysAfter } from './times.js';

const BATCH = 20;
/** Batches of one tick: what is left goes on at the next. */
const MOST_BATCHES = 250;
/** So many days a place on a later date is looked for, week by week. */
const PATIENCE_DAYS = 90;

/** Whoever has not read the recap in time, or had none to read, is put on the next date of the series, unless they have come to one. */
const catchUps: Sweep<WorkContext> = {
  id: 'seminars.catch_ups',
  run: async (context) => {
    const { db, organisation, clock } = context;
    await inTransaction(db, async (tx) => await reopenCancelled(tx, organisation.id, daysAfter(clock.now(), -CATCH_UP_DAYS), clock.now()));
    for (let batch = 0; batch < MOST_BATCHES; batch++) if ((await settleDue(context)) < BATCH) break;
  },
};

/** @returns how many there were */
async function settleDue(context: WorkContext): Promise<number> {
  const { db, organisation, clock } = context;
  return await inTransaction(db, async (tx) => {
    const now = clock.now();
    const due = await lockDueCatchUps(tx, organisation, BATCH, now);
    const dates = await findDates(tx, organisation.id, [...new Set(due.map((row) => row.dateId))]);
    for (const { dateId, personId, createdAt, ended } of due) {
      const of = { organisationId: organisation.id, dateId, personId };
      const date = dates.find(({ id }) => id === dateId);
      const next = !ended && date ? await putOnNext(context, tx, date, personId, now, now) : undefined;
      if (next) await settleCatchUp(tx, of, { state: 'put_on', nextDateId: next.id }, now);
      else if (ended || daysAfter(createdAt, PATIENCE_DAYS) <= now) await settleCatchUp(tx, of, { state: 'closed' }, now);
      else await prolongCatchUp(tx, of, daysAfter(now, CATCH_UP_DAYS));
      await refresh(tx, organisation.id, [subject.catchUp(dateId, personId)], now);
    }
    return due.length;
  });
}

export const catchUpSweeps = [catchUps];
