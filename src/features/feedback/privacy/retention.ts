import type { Sweep } from '../../../core/feature.js';
import { inTransaction } from '../../../people/db.js';
import type { WorkContext } from '../../../people/handlers.js';
import { atLocalTime, localDay, localMinutes } from '../../../people/hours.js';
import type { Organisation } from '../../../people/model.js';
import { addMonths } from '../reporting/months.js';
import { loadSettings } from '../store-settings.js';
import { lockOverdue } from './store-retention.js';
import { stripFeedback } from './strip.js';

/** Entries of one transaction. */
const BATCH = 500;
/** Batches of one tick: 5,000 entries a minute at most. */
const BATCHES = 10;
/**
 * Messages that one tick has composed anew: Slack takes about 50 changes of messages a minute in a workspace
 * (https://docs.slack.dev/apis/web-api/rate-limits, tier 3), and what people work on shall not wait behind old cards.
 */
const REFRESHES = 40;

/** What came before this instant is kept no longer; the same day and time so many months ago. */
export function keptSince(now: Date, months: number, { zone }: Pick<Organisation, 'zone'>): Date {
  const day = localDay(now, zone);
  const month = addMonths(day.slice(0, 7), -months);
  const last = new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5, 7)), 0)).getUTCDate();
  const date = Math.min(Number(day.slice(8)), last);
  return atLocalTime(`${month}-${String(date).padStart(2, '0')}`, localMinutes(now, zone), zone);
}

/** Removes contacts and words after the months that the owners have set. */
export const retentionSweep: Sweep<WorkContext> = {
  id: 'feedback.retention',
  run: async (context) => {
    const { db, clock, organisation, log } = context;
    const { retentionMonths } = await loadSettings(db, organisation);
    if (retentionMonths === null) return;
    const before = keptSince(clock.now(), retentionMonths, organisation);
    let [stripped, refreshes] = [0, 0];
    for (let batch = 0; batch < BATCHES; batch++) {
      const { done, posted, isLast } = await stripBatch(context, before, REFRESHES - refreshes);
      stripped += done;
      refreshes += posted;
      if (isLast) break;
    }
    if (stripped > 0)
      log.info({ organisationId: organisation.id, stripped }, 'Words and contacts of feedback were removed: their time was over.');
  },
};

/** @param mostPosted so many of those that are shown somewhere are taken; the others of them wait for the next tick */
async function stripBatch(
  { db, clock, organisation }: WorkContext,
  before: Date,
  mostPosted: number,
): Promise<{ readonly done: number; readonly posted: number; readonly isLast: boolean }> {
  return await inTransaction(db, async (tx) => {
    const overdue = await lockOverdue(tx, organisation.id, before, BATCH);
    const posted = overdue.filter((entry) => entry.posted).slice(0, mostPosted);
    const taken = [...overdue.filter((entry) => !entry.posted), ...posted].map(({ id }) => id);
    await stripFeedback(tx, organisation.id, taken, clock.now());
    return { done: taken.length, posted: posted.length, isLast: overdue.length < BATCH || taken.length === 0 };
  });
}
