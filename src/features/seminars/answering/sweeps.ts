import type { Sweep } from '../../../core/feature.js';
import { enqueueMany, type NewDelivery } from '../../../delivery/enqueue.js';
import { enqueueJob } from '../../../delivery/jobs.js';
import { inTransaction } from '../../../people/db.js';
import type { WorkContext } from '../../../people/handlers.js';
import { subject } from '../model.js';
import { lockDates } from '../store-dates.js';
import { loadSettings } from '../store-settings.js';
import { climb } from './ladder.js';
import { moveUp, refreshPost } from './post.js';
import { findDuePosts, findDueStages, lockDuePosts, lockDueStages, markPosted, setStages } from './store-ladder.js';
import { findLeftDates, removeLeft } from './store-leavers.js';
import { findStalePosts, noteRefresh } from './store-posts.js';

const BATCH = 200;
/** Batches of one tick: what is left goes on at the next, so that a sweep never holds up the others for long. */
const MOST_BATCHES = 100;

/** The ladder: of each date that has come to a stage, or to several, the latest one goes out. */
const ladder: Sweep<WorkContext> = {
  id: 'seminars.ladder',
  run: async (context) => {
    for (let batch = 0; batch < MOST_BATCHES; batch++) if ((await climbDue(context)) < BATCH) break;
  },
};

/** @returns how many dates there were */
async function climbDue({ db, organisation, clock }: WorkContext): Promise<number> {
  const now = clock.now();
  const ids = await findDueStages(db, organisation.id, BATCH, now);
  if (ids.length === 0) return 0;
  const { ladder } = await loadSettings(db, organisation);
  await inTransaction(db, async (tx) => {
    const steps: { id: string; stage: number | null; at: Date | null }[] = [];
    for (const date of await lockDueStages(tx, organisation.id, ids, now)) {
      const { send, next } = climb(date, ladder, date.nextStage, now);
      steps.push({ id: date.id, stage: next?.stage ?? null, at: next?.at ?? null });
      if (send === undefined) continue;
      const payload = { dateId: date.id, sequence: date.sequence, stage: send, startsAt: date.startsAt.getTime() };
      const subjectKey = `seminars.remind:${date.id}:${date.sequence}:${send}`;
      await enqueueJob(tx, { organisationId: organisation.id, subjectKey, kind: 'seminars.remind', payload, dueAt: now }, now);
    }
    await setStages(tx, organisation.id, steps);
  });
  return ids.length;
}

/** Announces dates in their channel. One that was to be announced while the bot was stopped still is, unless it has begun. */
const posts: Sweep<WorkContext> = {
  id: 'seminars.posts',
  run: async (context) => {
    for (let batch = 0; batch < MOST_BATCHES; batch++) if ((await announceDue(context)) < BATCH) break;
  },
};

/** @returns how many dates there were */
async function announceDue({ db, organisation, clock }: WorkContext): Promise<number> {
  const now = clock.now();
  const settings = await loadSettings(db, organisation);
  const ids = await findDuePosts(db, organisation.id, settings.channelId !== null, BATCH, now);
  if (ids.length === 0) return 0;
  await inTransaction(db, async (tx) => {
    const due = await lockDuePosts(tx, organisation.id, ids, now);
    const deliveries = due.flatMap((date): NewDelivery[] => {
      const channelId = date.channelId ?? settings.channelId;
      if (date.state === 'cancelled' || date.startsAt <= now || channelId === null) return [];
      return [
        {
          organisationId: organisation.id,
          subjectKey: subject.post(date.id),
          message: 'seminars.post',
          payload: { dateId: date.id },
          to: { channelId },
          priority: 'answer',
          dueAt: now,
          expiresAt: date.startsAt,
        },
      ];
    });
    await enqueueMany(tx, deliveries, now);
    await markPosted(
      tx,
      organisation.id,
      due.map((date) => date.id),
    );
  });
  return ids.length;
}

/** Posts that a crash kept from being brought up to date: somebody has answered since they were composed. */
const stale: Sweep<WorkContext> = {
  id: 'seminars.stale_posts',
  run: async ({ db, organisation, clock }) => {
    const now = clock.now();
    for (const dateId of await findStalePosts(db, organisation.id, now)) await noteRefresh(db, organisation.id, dateId, [], now);
  },
};

/** Whoever has left comes no more: the place goes to the next in the line. */
const leavers: Sweep<WorkContext> = {
  id: 'seminars.leavers',
  run: async (context) => {
    const { db, organisation, clock } = context;
    const now = clock.now();
    for (const dateId of await findLeftDates(db, organisation.id, now, BATCH)) {
      await inTransaction(db, async (tx) => {
        const [date] = await lockDates(tx, organisation.id, [dateId]);
        if (!date || date.state === 'cancelled' || date.startsAt <= now) return;
        await removeLeft(tx, organisation.id, dateId);
        await moveUp(context, tx, date, now);
        await refreshPost(tx, organisation.id, dateId, now, false);
      });
    }
  },
};

export const answeringSweeps = [posts, leavers, ladder, stale];
