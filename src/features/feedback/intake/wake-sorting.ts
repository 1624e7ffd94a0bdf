import type { NewJob } from '../../../delivery/jobs.js';

/** What comes in within so many milliseconds wakes the sorting once: 200 a second must not each ask for a job of their own. */
export const BUCKET_MS = 500;

/** The job's kind. */
export const SORT = 'feedback.sort';

/**
 * The job that sorts what came in, as soon as the transaction that it is put into commits.
 * @param now the present instant, of the Clock
 * @param lane who shares the job: those of one lane that come in together wait for the first one's commit. Long transactions (an
 *   import's batches) have one of their own
 */
export function sortingJob(organisationId: string, now: Date, lane = ''): NewJob {
  const bucket = Math.floor(now.getTime() / BUCKET_MS);
  return {
    organisationId,
    subjectKey: `${SORT}:${lane ? `${lane}:` : ''}${bucket}`,
    kind: SORT,
    payload: { until: (bucket + 1) * BUCKET_MS },
    dueAt: now,
  };
}
