import { z } from 'zod';
import { enqueueMany, refresh } from '../../delivery/enqueue.js';
import { type JobContext, job } from '../../people/handlers.js';
import { localDay } from '../../people/hours.js';
import { subject } from './model.js';
import { CloseJob, RemindJob, VersionRef } from './schema.js';
import { findVersion } from './store.js';
import { askBatch, closeBatch, extendBatch, finishAsking, holdVersion, openRequests } from './store-asking.js';

/** People asked in one batch, and requests closed in one. */
const ASK = 2_000;
const CHANGE = 1_000;

const FanOutCursor = z
  .union([z.object({ phase: z.literal('close') }), z.object({ phase: z.literal('ask'), after: z.string().optional(), asked: z.number() })])
  .catch({ phase: 'close' });
const After = z.object({ after: z.string().optional() }).catch({});

/** Hands a published version out: closes the requests of those before it, then asks its audience, batch by batch. */
const fanOut = job({
  kind: 'handbook.fan_out',
  payload: VersionRef,
  run: async (context, { versionId }, raw) => {
    const { tx, organisation, clock } = context;
    const now = clock.now();
    const cursor = FanOutCursor.parse(raw);
    const version = await findVersion(tx, organisation.id, versionId);
    // Held until this batch commits; withdrawn or superseded meanwhile, nobody more is asked.
    if (!version || (await holdVersion(tx, organisation.id, versionId)) !== 'published') return { done: true };
    if (cursor.phase === 'close') {
      const closed = await closeBatch(tx, organisation.id, await olderVersions(context, version.documentId), 'superseded', CHANGE, now);
      if (closed === CHANGE) return { next: { phase: 'close' } };
    }
    const before = cursor.phase === 'ask' ? cursor : { after: undefined, asked: 0 };
    const askedOn = localDay(version.publishedAt ?? now, organisation.zone);
    const asking = { organisation, version, askedOn, dueOn: version.dueOn, progressOf: subject.progress(versionId) };
    const { last, asked } = await askBatch(tx, asking, before.after, ASK, now);
    if (last !== undefined) return { next: { phase: 'ask', after: last, asked: before.asked + asked } };
    await finishAsking(tx, organisation.id, versionId, before.asked);
    await refresh(tx, organisation.id, [subject.progress(versionId)], now);
    return { done: true };
  },
});

async function olderVersions(context: JobContext, documentId: string): Promise<string[]> {
  const rows = await context.tx.documentVersion.findMany({
    where: { organisationId: context.organisation.id, documentId, state: 'superseded' },
    select: { id: true },
  });
  return rows.map((row) => row.id);
}

/** Closes what is still open of a version that was withdrawn. */
const close = job({
  kind: 'handbook.close',
  payload: CloseJob,
  run: async ({ tx, organisation, clock }, { versionId }) => {
    const closed = await closeBatch(tx, organisation.id, [versionId], 'withdrawn', CHANGE, clock.now());
    return closed === CHANGE ? { next: {} } : { done: true };
  },
});

/** Moves open requests to the version's later due date. */
const extend = job({
  kind: 'handbook.extend',
  payload: VersionRef,
  run: async ({ tx, organisation, clock }, { versionId }, raw) => {
    const now = clock.now();
    const version = await findVersion(tx, organisation.id, versionId);
    if (version?.state !== 'published') return { done: true };
    const last = await extendBatch(tx, organisation.id, version, localDay(now, organisation.zone), After.parse(raw).after, CHANGE, now);
    return last === undefined ? { done: true } : { next: { after: last } };
  },
});

/** Reminds everyone who hasn't signed, because a manager asked for it. */
const remind = job({
  kind: 'handbook.remind',
  payload: RemindJob,
  run: async ({ tx, organisation, clock }, { versionId, day }, raw) => {
    const now = clock.now();
    const requests = await openRequests(tx, organisation.id, versionId, After.parse(raw).after, CHANGE);
    await enqueueMany(
      tx,
      requests.map((request) => ({
        organisationId: organisation.id,
        subjectKey: subject.nudge(request.id, day),
        message: 'handbook.reminder',
        payload: { assignmentId: request.id, stage: 0 },
        to: { personId: request.personId },
        priority: 'bulk' as const,
        capped: true,
        anyHour: true,
        dueAt: now,
      })),
      now,
    );
    const last = requests.at(-1);
    return last ? { next: { after: last.id } } : { done: true };
  },
});

export const handbookJobs = [fanOut, close, extend, remind];
