import type { Db, Tx } from '../../../people/db.js';
import type { Doubt } from '../model.js';

/** What failed to be sorted is tried again after so many milliseconds. */
const AGAIN_MS = 5 * 60_000;

/** An entry that is to be sorted. */
export interface Fresh {
  readonly id: string;
  /** From before Bellhop: counted, and told to nobody. */
  readonly quiet: boolean;
}

/**
 * The next entries to be sorted, the oldest first, imported ones after all others: nobody waits for those. Locked until the transaction ends; those that another process sorts are passed
 * over, and those that failed a short while ago (`sortedAt` of a fresh one).
 */
export async function takeFresh(tx: Tx, organisationId: string, most: number, now: Date): Promise<readonly Fresh[]> {
  return await tx.$queryRaw<Fresh[]>`
    SELECT id, quiet FROM feedback
    WHERE "organisationId" = ${organisationId}::uuid AND state = 'fresh'
      AND ("sortedAt" IS NULL OR "sortedAt" <= ${new Date(now.getTime() - AGAIN_MS)}::timestamptz)
    ORDER BY "importId" IS NOT NULL, "receivedAt", id
    LIMIT ${most}
    FOR UPDATE SKIP LOCKED`;
}

/** Notes that these couldn't be sorted now: they wait a while, and stop no others. */
export async function putOff(tx: Tx, organisationId: string, ids: readonly string[], now: Date): Promise<void> {
  await tx.feedback.updateMany({ where: { organisationId, id: { in: [...ids] }, state: 'fresh' }, data: { sortedAt: now } });
}

/** Within how many milliseconds the same words are a repeat; short ones, which are said by many, only so soon, of the same page and stars. */
const REPEAT_MS = 24 * 3_600_000;
const SHORT_REPEAT_MS = 10 * 60_000;

/** Words that another one may have said before. */
export interface Repeatable {
  readonly id: string;
  readonly short: boolean;
}

/**
 * Which of these, from a public door, say what another one has said lately: by the digest of their words. Of those that came at the
 * same instant the one that is sorted later is the repeat.
 */
export async function findRepeats(tx: Tx, organisationId: string, entries: readonly Repeatable[]): Promise<ReadonlySet<string>> {
  if (entries.length === 0) return new Set();
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT f.id FROM jsonb_to_recordset(${JSON.stringify(entries)}::jsonb) AS asked (id uuid, short boolean)
    JOIN feedback f ON f."organisationId" = ${organisationId}::uuid AND f.id = asked.id AND f."wordsDigest" IS NOT NULL
    WHERE EXISTS (
      SELECT 1 FROM feedback other
      WHERE other."organisationId" = f."organisationId" AND other."wordsDigest" = f."wordsDigest" AND other.id <> f.id
        AND other."receivedAt" > f."receivedAt" - CASE WHEN asked.short THEN ${SHORT_REPEAT_MS}::int ELSE ${REPEAT_MS}::int END * interval '1 millisecond'
        AND (other."receivedAt" < f."receivedAt" OR (other."receivedAt" = f."receivedAt" AND (other.id < f.id OR other.state <> 'fresh')))
        AND other.source IN ('page', 'card') AND other."loggedById" IS NULL
        AND (NOT asked.short OR (other."pageId" IS NOT DISTINCT FROM f."pageId" AND other.stars IS NOT DISTINCT FROM f.stars)))`;
  return new Set(rows.map(({ id }) => id));
}

/** What sorting found of one entry. */
export interface Sorted {
  readonly id: string;
  readonly state: 'doubtful' | 'private' | 'held' | 'passed';
  readonly doubts: readonly Doubt[];
  readonly themeIds: readonly string[];
  readonly named: readonly { readonly personId: string; readonly how: 'named' | 'served' | 'chosen' }[];
}

/** Writes what sorting found, for a whole batch: three statements. */
export async function storeSorted(tx: Tx, organisationId: string, sorted: readonly Sorted[], now: Date): Promise<void> {
  const rows = sorted.map(({ id, state, doubts }) => ({ id, state, doubts }));
  await tx.$executeRaw`
    UPDATE feedback f SET state = s.state::"FeedbackState", doubts = s.doubts, "sortedAt" = ${now}::timestamptz
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS s (id uuid, state text, doubts text[])
    WHERE f."organisationId" = ${organisationId}::uuid AND f.id = s.id`;
  await addThemes(
    tx,
    organisationId,
    sorted.flatMap(({ id, themeIds }) => themeIds.map((themeId) => ({ id, themeId }))),
  );
  await addConcerns(
    tx,
    organisationId,
    sorted.flatMap(({ id, named }) => named.map(({ personId, how }) => ({ id, personId, how }))),
    now,
  );
}

async function addThemes(
  tx: Tx,
  organisationId: string,
  about: readonly { readonly id: string; readonly themeId: string }[],
): Promise<void> {
  if (about.length === 0) return;
  await tx.$executeRaw`
    INSERT INTO feedback_about ("organisationId", "feedbackId", "themeId", "receivedAt")
    SELECT f."organisationId", f.id, a."themeId", f."receivedAt"
    FROM jsonb_to_recordset(${JSON.stringify(about)}::jsonb) AS a (id uuid, "themeId" uuid)
    JOIN feedback f ON f."organisationId" = ${organisationId}::uuid AND f.id = a.id
    ON CONFLICT DO NOTHING`;
}

/** Notes whom entries are about; who is noted already stays as noted. */
export async function addConcerns(
  tx: Tx,
  organisationId: string,
  concerns: readonly { readonly id: string; readonly personId: string; readonly how: 'named' | 'served' | 'chosen' }[],
  now: Date,
): Promise<void> {
  if (concerns.length === 0) return;
  await tx.$executeRaw`
    INSERT INTO feedback_concern ("organisationId", "feedbackId", "personId", how, "addedAt")
    SELECT ${organisationId}::uuid, c.id, c."personId", c.how::"FeedbackConcernHow", ${now}::timestamptz
    FROM jsonb_to_recordset(${JSON.stringify(concerns)}::jsonb) AS c (id uuid, "personId" uuid, how text)
    ON CONFLICT DO NOTHING`;
}

/** Whether anything is to be sorted. */
export async function hasFresh(db: Db | Tx, organisationId: string): Promise<boolean> {
  return (await db.feedback.findFirst({ where: { organisationId, state: 'fresh' }, select: { id: true } })) !== null;
}
