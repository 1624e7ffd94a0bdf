import { inTransaction } from '../../../people/db.js';
import type { BellhopFeature, WorkContext } from '../../../people/handlers.js';
import { addDays, localDay } from '../../../people/hours.js';
import { putOnNext } from '../answering/put-on.js';
import { PLANNED_DAYS } from '../model.js';
import { findSeries } from '../store-dates.js';
import { planAhead } from './plan.js';
import { forgetDrafts } from './store-drafts.js';
import { listJoiners } from './store-joiners.js';
import { listToPlan, lockSeries } from './store-series.js';

/** So many series are planned in one tick: they come due in crowds, a month ahead of time, and other sweeps wait. */
const SERIES_PER_TICK = 25;
const JOINERS_PER_TICK = 200;

/** A draft that nobody has saved for so long is forgotten; its card says so then. */
const DRAFT_DAYS = 30;

/** Makes the dates that follow, of every series that runs; ends series whose last date is over. */
async function plan(context: WorkContext): Promise<void> {
  const { db, organisation, clock, log } = context;
  const now = clock.now();
  const reach = addDays(localDay(now, 'UTC'), PLANNED_DAYS);
  for (const id of await listToPlan(db, organisation.id, reach, SERIES_PER_TICK)) {
    try {
      await inTransaction(db, async (tx) => {
        const series = await lockSeries(tx, organisation.id, id);
        // Planned, changed or ended since it was listed.
        if (!series || series.endedAt !== null || series.plannedTo >= reach) return;
        await planAhead(context, tx, series, now);
      });
    } catch (error) {
      log.error({ err: error, seriesId: id }, 'The dates of a seminar could not be planned; it is tried again.');
    }
  }
  await forgetDrafts(db, organisation.id, new Date(now.getTime() - DRAFT_DAYS * 86_400_000));
}

/** Puts those who joined meanwhile on the next date of what they have to come to. */
async function joiners(context: WorkContext): Promise<void> {
  const { db, organisation, clock, log } = context;
  const now = clock.now();
  for (const { seriesId, personId } of await listJoiners(db, organisation, now, JOINERS_PER_TICK)) {
    try {
      await inTransaction(db, async (tx) => {
        const series = await findSeries(tx, organisation, seriesId);
        if (series) await putOnNext(context, tx, series, personId, now, now);
      });
    } catch (error) {
      log.error({ err: error, seriesId, personId }, 'A joiner could not be put on a seminar; it is tried again.');
    }
  }
}

export const schedulingSweeps: NonNullable<BellhopFeature['sweeps']> = [
  { id: 'seminars.plan', run: plan },
  { id: 'seminars.joiners', run: joiners },
];
