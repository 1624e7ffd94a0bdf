import type { Db, Tx } from '../../../people/db.js';
import type { Case, Question } from '../model.js';
import { ByLanguageColumn } from '../schema.js';
import { CASE_COLUMNS, CASE_TABLES } from '../store-cases.js';
import { BUNDLE_MOST, BUNDLE_OPEN_MS } from './model.js';

/** Feedback that no message in a channel shows yet. */
export interface Unposted {
  readonly id: string;
  readonly hasCase: boolean;
}

/** One bundle's part of a batch. */
export interface Share {
  readonly bundleId: string;
  readonly isNew: boolean;
  readonly feedbackIds: readonly string[];
}

/** Those of a batch that are in no channel's message yet, in the order given. */
export async function findUnposted(tx: Tx, organisationId: string, feedbackIds: readonly string[]): Promise<readonly Unposted[]> {
  return await tx.$queryRaw<Unposted[]>`
    SELECT f.id, EXISTS (
      SELECT 1 FROM feedback_case c WHERE c."organisationId" = f."organisationId" AND c."feedbackId" = f.id
    ) AS "hasCase"
    FROM unnest(${[...new Set(feedbackIds)]}::uuid[]) WITH ORDINALITY AS asked (id, place)
    JOIN feedback f ON f."organisationId" = ${organisationId}::uuid AND f.id = asked.id
    WHERE f."bundleId" IS NULL AND NOT EXISTS (
      SELECT 1 FROM delivery d WHERE d."organisationId" = f."organisationId" AND d."subjectKey" = 'feedback.post:' || f.id
    )
    ORDER BY asked.place`;
}

/** How many messages of ours wait to be posted in a channel. */
export async function countWaiting(tx: Tx, organisationId: string, channelId: string): Promise<number> {
  const [row] = await tx.$queryRaw<{ waiting: number }[]>`
    SELECT count(*)::int AS waiting FROM delivery d
    WHERE d."organisationId" = ${organisationId}::uuid AND d.state IN ('pending', 'sending')
      AND d.message IN ('feedback.post', 'feedback.bundle') AND d."channelId" = ${channelId}::uuid`;
  return row?.waiting ?? 0;
}

/**
 * The newest bundle of a channel that takes in more, locked until the transaction ends. One that another batch is filling is passed
 * over: two processes fill bundles of their own, and neither waits.
 */
export async function findRoom(
  tx: Tx,
  organisationId: string,
  channelId: string,
  now: Date,
): Promise<{ readonly id: string; readonly count: number } | undefined> {
  const since = new Date(now.getTime() - BUNDLE_OPEN_MS);
  const [found] = await tx.$queryRaw<{ id: string; count: number }[]>`
    SELECT b.id, b.count FROM feedback_bundle b
    WHERE b."organisationId" = ${organisationId}::uuid AND b."channelId" = ${channelId}::uuid AND b."openedAt" > ${since}::timestamptz
      AND b.count < ${BUNDLE_MOST} AND EXISTS (
        -- What was given up would never show them.
        SELECT 1 FROM delivery d
        WHERE d."organisationId" = b."organisationId" AND d."subjectKey" = 'feedback.bundle:' || b.id AND d.state IN ('pending', 'sending', 'sent'))
    ORDER BY b."openedAt" DESC, b.id DESC
    LIMIT 1
    FOR UPDATE SKIP LOCKED`;
  return found;
}

export async function addBundles(tx: Tx, organisationId: string, channelId: string, shares: readonly Share[], now: Date): Promise<void> {
  if (shares.length === 0) return;
  await tx.feedbackBundle.createMany({ data: shares.map(({ bundleId }) => ({ organisationId, id: bundleId, channelId, openedAt: now })) });
}

/** Notes which bundle shows which entries, and how many each has. */
export async function fillBundles(tx: Tx, organisationId: string, shares: readonly Share[]): Promise<void> {
  const pairs = shares.flatMap(({ bundleId, feedbackIds }) => feedbackIds.map((id) => ({ id, bundleId })));
  await tx.$executeRaw`
    UPDATE feedback f SET "bundleId" = p."bundleId"
    FROM jsonb_to_recordset(${JSON.stringify(pairs)}::jsonb) AS p (id uuid, "bundleId" uuid)
    WHERE f."organisationId" = ${organisationId}::uuid AND f.id = p.id`;
  const sizes = shares.map(({ bundleId, feedbackIds }) => ({ id: bundleId, size: feedbackIds.length }));
  await tx.$executeRaw`
    UPDATE feedback_bundle b SET count = b.count + s.size
    FROM jsonb_to_recordset(${JSON.stringify(sizes)}::jsonb) AS s (id uuid, size int)
    WHERE b."organisationId" = ${organisationId}::uuid AND b.id = s.id`;
}

/** All questions, retired ones too: old feedback answers them. In their order. */
export async function findQuestions(db: Db | Tx, organisationId: string): Promise<ReadonlyMap<string, Question>> {
  const rows = await db.feedbackQuestion.findMany({ where: { organisationId }, orderBy: [{ position: 'asc' }, { id: 'asc' }] });
  return new Map(
    rows.map(({ id, key, kind, labels, position, retiredAt }): [string, Question] => [
      id,
      { id, key, kind, labels: ByLanguageColumn.parse(labels), position, retired: retiredAt !== null },
    ]),
  );
}

export interface Bundle {
  readonly id: string;
  readonly channelId: string;
  readonly count: number;
  readonly openedAt: Date;
}

export async function findBundle(db: Db | Tx, organisationId: string, bundleId: string): Promise<Bundle | undefined> {
  const [found] = await db.$queryRaw<Bundle[]>`
    SELECT id, "channelId", count, "openedAt" FROM feedback_bundle WHERE "organisationId" = ${organisationId}::uuid AND id = ${bundleId}::uuid`;
  return found;
}

/** The entries of a bundle that are to be shown, as they came. */
export async function bundledIds(db: Db | Tx, organisationId: string, bundleId: string): Promise<readonly string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT id FROM feedback
    WHERE "organisationId" = ${organisationId}::uuid AND "bundleId" = ${bundleId}::uuid AND state = 'passed'
    ORDER BY "receivedAt", id`;
  return rows.map(({ id }) => id);
}

/** The cases that follow entries, by the entry's id; of a merged one the case that it went into. */
export async function casesOf(db: Db | Tx, organisationId: string, feedbackIds: readonly string[]): Promise<ReadonlyMap<string, Case>> {
  const rows = await db.$queryRaw<(Case & { readonly entryId: string })[]>`
    SELECT own."feedbackId" AS "entryId", ${CASE_COLUMNS}
    FROM feedback_case own, ${CASE_TABLES}
    WHERE own."organisationId" = ${organisationId}::uuid AND own."feedbackId" = ANY (${[...feedbackIds]}::uuid[])
      AND c."organisationId" = own."organisationId" AND c.id = COALESCE(own."mergedIntoId", own.id)
    ORDER BY own."openedAt" DESC, own.id DESC`;
  return new Map(rows.map((row) => [row.entryId, row]));
}
