import { randomUUID } from 'node:crypto';
import { BellhopError } from '../core/errors.js';
import type { JobProgress } from '../core/feature.js';
import type { RefPayload } from '../core/ref.js';
import { type Job, Prisma } from '../generated/prisma/client.js';
import { isDatabaseAway, type Tx } from '../people/db.js';
import type { BellhopRegistry, Work } from '../people/handlers.js';
import { newId } from '../people/ids.js';
import { loadOrganisation } from '../people/organisation.js';
import { createLoop, POLL_MS } from './loop.js';
import { backOffMs, inMs, MAX_ATTEMPTS } from './model.js';
import { createRest, JOB_CHANNEL } from './wake.js';

/** Work to be done in batches: a fan-out, a reading of members. */
export interface NewJob {
  readonly organisationId: string;
  /** Unique in the organisation, so that enqueueing again is harmless. */
  readonly subjectKey: string;
  /** Kind of a JobSpec of the registry, and what its schema reads. */
  readonly kind: string;
  readonly payload: RefPayload;
  readonly dueAt: Date;
}

/** Commits a job with the change that it follows from. Harmless when the subject key is there already. */
export async function enqueueJob(tx: Tx, job: NewJob, now: Date): Promise<void> {
  await tx.$executeRaw(jobInsert(job, now));
}

/**
 * The same as a statement, or as the part of one (`WITH woken AS (...)`) whose change it follows from: one round trip for what comes
 * in by the hundred. It wakes the workers at the commit.
 * @param when an SQL condition: there is no job where it is false
 */
export function jobInsert(job: NewJob, now: Date, when: Prisma.Sql = Prisma.sql`true`): Prisma.Sql {
  const isDue = job.dueAt <= now;
  return Prisma.sql`
    INSERT INTO job ("organisationId", id, "subjectKey", kind, payload, "dueAt", "createdAt")
    SELECT ${job.organisationId}::uuid, ${newId(now)}::uuid, ${job.subjectKey}, ${job.kind}, ${JSON.stringify(job.payload)}::jsonb,
           ${job.dueAt}::timestamptz, ${now}::timestamptz
    WHERE ${when}
    ON CONFLICT ("organisationId", "subjectKey") DO NOTHING
    RETURNING CASE WHEN ${isDue} THEN pg_notify(${JOB_CHANNEL}, '') END`;
}

export interface JobRunner {
  /** Runs every job that is due by the clock, batch by batch, until each is done or waits. @returns how many batches it ran */
  runDue(): Promise<number>;
  /** Works on by itself until stopped, looking each second and whenever it is woken. */
  start(): void;
  /** The batch under way finishes; the rest goes on at the next start, or in another process. */
  stop(): Promise<void>;
  /** Something may be due: at a NOTIFY on `bellhop_job`. */
  wake(): void;
}

export interface JobRunnerOptions {
  readonly work: Work;
  readonly registry: BellhopRegistry;
  readonly processId: string;
  /** For the jitter of back-offs (default Math.random). */
  readonly random?: () => number;
}

/**
 * How long a claim lasts without a batch. A batch holds the row's lock in its transaction, so nobody takes over a
 * job at work however long it takes, and a job whose process died goes on after this time.
 */
const LEASE_MS = 10_000;
const BATCH_TIMEOUT_MS = 55_000;

type ClaimedJob = Job & { readonly claimedBy: string };

/** Runs the jobs of every organisation. Any number of processes may run one; a job is at work in one of them. */
export function createJobRunner({ work, registry, processId, random = Math.random }: JobRunnerOptions): JobRunner {
  const { clock, db, log } = work;
  const rest = createRest();

  const claim = async (): Promise<ClaimedJob | undefined> => {
    const now = clock.now();
    const [claimed] = await db.$queryRaw<ClaimedJob[]>`
      WITH due AS MATERIALIZED (
        SELECT j."organisationId", j.id FROM job j
        WHERE (j.state = 'pending' AND j."dueAt" <= ${now}::timestamptz) OR (j.state = 'running' AND j."leaseUntil" <= ${now}::timestamptz)
        ORDER BY j."dueAt", j.id
        LIMIT 1
        FOR UPDATE SKIP LOCKED
      )
      UPDATE job j
      SET state = 'running', attempts = attempts + 1, "claimedBy" = ${`${processId}/${randomUUID().slice(0, 13)}`},
          "leaseUntil" = ${inMs(clock, LEASE_MS)}::timestamptz
      FROM due
      WHERE j."organisationId" = due."organisationId" AND j.id = due.id
      RETURNING j.*`;
    return claimed;
  };

  const bury = async (job: ClaimedJob, reason: string): Promise<void> => {
    log.error({ jobId: job.id, kind: job.kind, reason, attempts: job.attempts }, 'A job was given up.');
    await change(job, { state: 'dead', lastError: reason, doneAt: clock.now() });
  };

  const change = async (
    job: ClaimedJob,
    data: Partial<Pick<Job, 'state' | 'lastError' | 'doneAt' | 'dueAt' | 'attempts'>>,
  ): Promise<void> => {
    await db.job.updateMany({
      where: { organisationId: job.organisationId, id: job.id, claimedBy: job.claimedBy },
      data: { ...data, claimedBy: null, leaseUntil: null },
    });
  };

  /** Runs batch after batch of one job. @returns how many */
  const runJob = async (job: ClaimedJob): Promise<number> => {
    const spec = registry.jobs.get(job.kind);
    const payload = spec?.payload.safeParse(job.payload);
    if (!spec || !payload?.success) {
      await bury(job, spec ? 'payload_invalid' : 'unknown_kind');
      return 1;
    }
    for (let batches = 0; ; batches++) {
      if (loop.stopping()) {
        await change(job, { state: 'pending', attempts: job.attempts - 1 });
        return batches;
      }
      try {
        const goesOn = await runBatch(job, (context, cursor) => spec.run(context, payload.data as never, cursor));
        if (!goesOn) return batches + 1;
      } catch (error) {
        if (isDatabaseAway(error)) {
          // Often back at once, as after a lost connection: then the next claim need not wait for the lease.
          await change(job, { state: 'pending', attempts: job.attempts - 1 }).catch(() => undefined);
          throw error;
        }
        await stumble(job, error);
        return batches + 1;
      }
    }
  };

  /** One batch with its cursor, in one transaction. @returns whether the next one follows at once */
  const runBatch = async (
    job: ClaimedJob,
    run: (context: Parameters<NonNullable<ReturnType<typeof registry.jobs.get>>['run']>[0], cursor: unknown) => Promise<JobProgress>,
  ): Promise<boolean> =>
    await db.$transaction(
      async (tx) => {
        const [mine] = await tx.$queryRaw<{ cursor: unknown }[]>`
          SELECT cursor FROM job
          WHERE "organisationId" = ${job.organisationId}::uuid AND id = ${job.id}::uuid AND "claimedBy" = ${job.claimedBy}
          FOR UPDATE`;
        if (!mine) return false;
        const organisation = await loadOrganisation(tx, job.organisationId);
        const progress = await run({ ...work, organisation, tx }, mine.cursor ?? undefined);
        const waits = 'next' in progress && (progress.waitMs ?? 0) > 0;
        const ends = 'done' in progress;
        const now = clock.now();
        await tx.$executeRaw`
          UPDATE job
          SET state = ${ends ? 'done' : waits ? 'pending' : 'running'}::"JobState",
              cursor = ${ends ? null : JSON.stringify(progress.next ?? null)}::jsonb,
              "dueAt" = CASE WHEN ${waits} THEN ${inMs(clock, waits ? (progress.waitMs ?? 0) : 0)}::timestamptz ELSE "dueAt" END,
              "doneAt" = ${ends ? now : null}::timestamptz, attempts = ${ends || waits ? 0 : 1}, "lastError" = NULL,
              "claimedBy" = CASE WHEN ${ends || waits} THEN NULL ELSE "claimedBy" END,
              "leaseUntil" = CASE WHEN ${ends || waits} THEN NULL ELSE ${inMs(clock, LEASE_MS)}::timestamptz END
          WHERE "organisationId" = ${job.organisationId}::uuid AND id = ${job.id}::uuid`;
        return !ends && !waits;
      },
      { maxWait: 20_000, timeout: BATCH_TIMEOUT_MS },
    );

  const stumble = async (job: ClaimedJob, error: unknown): Promise<void> => {
    const reason = error instanceof BellhopError ? error.code : error instanceof Error ? error.name : 'unknown';
    // Read anew: batches before this one have set the count back.
    const row = await db.job.findUnique({ where: { organisationId_id: { organisationId: job.organisationId, id: job.id } } });
    const attempts = row?.attempts ?? job.attempts;
    if (attempts >= MAX_ATTEMPTS) return await bury(job, reason);
    log.error({ err: error, jobId: job.id, kind: job.kind, attempts }, 'A batch of a job failed; it is tried again.');
    await change(job, { state: 'pending', dueAt: inMs(clock, backOffMs(attempts, random)), lastError: reason });
  };

  const runDue = async (): Promise<number> => {
    for (let batches = 0; ; ) {
      const job = loop.stopping() ? undefined : await claim();
      if (!job) return batches;
      // What killed its process so often is given up instead of killing the next one.
      if (job.attempts > MAX_ATTEMPTS) await bury(job, job.lastError ?? 'crashed');
      else batches += await runJob(job);
    }
  };

  const loop = createLoop({
    rest,
    log,
    names: { waiting: 'Jobs', who: 'job runner' },
    round: async () => {
      await runDue();
      return POLL_MS;
    },
  });

  return { runDue, start: loop.start, stop: loop.stop, wake: rest.wake };
}
