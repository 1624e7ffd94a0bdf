import { button, type Card } from '../../../core/card.js';
import type { Sweep } from '../../../core/feature.js';
import { ROWS } from '../../../core/paging.js';
import { key } from '../../../core/text.js';
import { enqueueMany, type NewDelivery } from '../../../delivery/enqueue.js';
import { enqueueJob } from '../../../delivery/jobs.js';
import { inTransaction } from '../../../people/db.js';
import { action, job, message, type WorkContext } from '../../../people/handlers.js';
import { addDays, atLocalTime } from '../../../people/hours.js';
import { findPeople, findPerson } from '../../../people/people.js';
import { subject } from '../model.js';
import { digestCard, digestSummary } from './messages-digest.js';
import { show, to } from './parts.js';
import { begunEverywhere, digestDue, latestWeek, weekAnywhere, weekBefore } from './rules.js';
import { DigestDelivery, DigestJob, DigestRef } from './schema.js';
import { digestQuotes, digestRows, digestTotals, managersToTell, type Span } from './store-digest.js';

/** Public words that a digest quotes, at most. */
const QUOTES = 3;
const HOUR_MS = 3_600_000;
/** From Saturday on a week that nobody was told of waits for the next one's digest no longer, and is left out. */
const LATE_DAYS = 5;

/** Once a week a job that hands the digests out, from the moment on when Monday begins somewhere. */
const weekly: Sweep<WorkContext> = {
  id: 'recognition.digests',
  run: async ({ db, organisation, clock }) => {
    const now = clock.now();
    const week = latestWeek(now);
    if (now >= atLocalTime(addDays(week, LATE_DAYS), 0, organisation.zone)) return;
    const due = {
      organisationId: organisation.id,
      subjectKey: `recognition.digests:${week}`,
      kind: 'recognition.digests',
      payload: { week },
      dueAt: now,
    };
    await inTransaction(db, async (tx) => await enqueueJob(tx, due, now));
  },
};

/**
 * Tells each line manager whose Monday has begun; comes again every hour until it has begun everywhere. After a stop only
 * the latest week is told of.
 */
const handOut = job({
  kind: 'recognition.digests',
  payload: DigestJob,
  run: async ({ tx, organisation, clock }, { week }) => {
    const now = clock.now();
    if (week !== latestWeek(now)) return { done: true };
    const managers = await findPeople(tx, organisation.id, await managersToTell(tx, organisation.id, weekAnywhere(week)));
    const begun = [...managers.values()].filter((manager) => weekBefore(week, manager.zone).to <= now);
    await enqueueMany(
      tx,
      begun.map(
        (manager): NewDelivery => ({
          organisationId: organisation.id,
          subjectKey: subject.digest(manager.id, week),
          message: 'recognition.digest',
          payload: { managerId: manager.id, week },
          to: { personId: manager.id },
          priority: 'bulk',
          capped: true,
          dueAt: digestDue(week, manager, now),
          // The next one is about to come.
          expiresAt: atLocalTime(addDays(week, 7), 0, manager.zone),
        }),
      ),
      now,
    );
    if (begunEverywhere(week, now)) return { done: true };
    return { next: { week }, waitMs: HOUR_MS - (now.getTime() % HOUR_MS) };
  },
});

async function spanOf({ db, organisation }: WorkContext, managerId: string, week: string): Promise<Span> {
  const manager = await findPerson(db, organisation.id, managerId);
  return weekBefore(week, manager?.zone ?? organisation.zone);
}

/**
 * A week's digest. Private kudos are counted, and their words are nobody's but the giver's and the receivers'.
 * @param week the Monday that ended it
 */
async function digestOf(context: WorkContext, managerId: string, week: string, offset: number): Promise<Card> {
  const { db, organisation } = context;
  const span = await spanOf(context, managerId, week);
  const [totals, rows, quotes] = await Promise.all([
    digestTotals(db, organisation.id, managerId, span),
    digestRows(db, organisation.id, managerId, span, { offset, limit: ROWS }),
    offset === 0 ? digestQuotes(db, organisation.id, managerId, span, QUOTES) : [],
  ]);
  return digestCard(week, totals, rows, quotes, offset);
}

const digest = message({
  id: 'recognition.digest',
  payload: DigestDelivery,
  guard: async (context, { managerId, week }) => {
    const totals = await digestTotals(context.db, context.organisation.id, managerId, await spanOf(context, managerId, week));
    return totals.kudos === 0 ? 'nothing_to_tell' : null;
  },
  card: async (context, { managerId, week }) => await digestOf(context, managerId, week, 0),
  line: async (context, { managerId, week }) => ({
    text: digestSummary(await digestTotals(context.db, context.organisation.id, managerId, await spanOf(context, managerId, week))),
    action: button(key('core.ui.open'), to.digest(week, 0, true)),
  }),
});

export const digestMessages = [digest];
export const digestJobs = [handOut];
export const digestSweeps = [weekly];
export const digestActions = [
  action({
    id: 'recognition.digest',
    role: 'employee',
    payload: DigestRef,
    // One's own people only, whoever's digest the button came from.
    run: async (context, { week, offset, anew }) => show(await digestOf(context, context.person.id, week, offset), anew),
  }),
];
