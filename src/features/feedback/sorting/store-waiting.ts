import { Prisma } from '../../../generated/prisma/client.js';
import { presentSql } from '../../../people/audience.js';
import type { Db, Tx } from '../../../people/db.js';
import type { Organisation } from '../../../people/model.js';

/** Enough to have somebody at work; the others find the same in their lists. */
const MOST_TOLD = 20;

/** What waits for a decision, the oldest first, and what was called spam, the newest first. */
const WAITING = { states: Prisma.sql`('doubtful', 'held')`, order: Prisma.sql`f."receivedAt", f.id` } as const;
const SPAM = { states: Prisma.sql`('spam')`, order: Prisma.sql`f."receivedAt" DESC, f.id DESC` } as const;
type Which = typeof WAITING;

/** What a person decides about: apart from what concerns themselves. A predicate over `feedback f`. */
const decidedBy = (organisationId: string, personId: Prisma.Sql, { states }: Which): Prisma.Sql => Prisma.sql`
  f."organisationId" = ${organisationId}::uuid AND f.state IN ${states} AND NOT EXISTS (
    SELECT 1 FROM feedback_concern c
    WHERE c."organisationId" = f."organisationId" AND c."feedbackId" = f.id AND c."personId" = ${personId})`;

/**
 * Managers and owners for whom something waits, each with the oldest of what does. Owners too where there are managers: on some
 * platforms whoever administers the workspace is a manager by that alone, and nobody who works with customers.
 */
export async function managersWhoWait(
  tx: Tx,
  organisation: Organisation,
): Promise<readonly { readonly personId: string; readonly oldestId: string }[]> {
  return await tx.$queryRaw<{ personId: string; oldestId: string }[]>`
    SELECT p.id AS "personId", oldest.id AS "oldestId"
    FROM (
      SELECT p.id FROM person p WHERE ${presentSql(organisation)} AND p.role IN ('manager', 'owner')
      ORDER BY p.role = 'owner' DESC, p.id LIMIT ${MOST_TOLD}
    ) p
    CROSS JOIN LATERAL (
      SELECT f.id FROM feedback f WHERE ${decidedBy(organisation.id, Prisma.sql`p.id`, WAITING)} ORDER BY ${WAITING.order} LIMIT 1
    ) oldest`;
}

/** How much waits for a person's decision, by why. */
export async function countWaiting(
  db: Db | Tx,
  organisationId: string,
  personId: string,
): Promise<{ readonly doubtful: number; readonly held: number }> {
  const [row] = await db.$queryRaw<{ doubtful: number; held: number }[]>`
    SELECT (count(*) FILTER (WHERE f.state = 'doubtful'))::int AS doubtful, (count(*) FILTER (WHERE f.state = 'held'))::int AS held
    FROM feedback f WHERE ${decidedBy(organisationId, Prisma.sql`${personId}::uuid`, WAITING)}`;
  return row ?? { doubtful: 0, held: 0 };
}

/** Ids of a page of those. */
async function listOf(db: Db | Tx, organisationId: string, personId: string, which: Which, page: Page): Promise<readonly string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT f.id FROM feedback f WHERE ${decidedBy(organisationId, Prisma.sql`${personId}::uuid`, which)}
    ORDER BY ${which.order} LIMIT ${page.limit} OFFSET ${page.offset}`;
  return rows.map(({ id }) => id);
}

interface Page {
  readonly offset: number;
  readonly limit: number;
}

/** Ids of what waits for a person's decision, the oldest first. */
export const listWaiting = async (db: Db | Tx, organisationId: string, personId: string, page: Page): Promise<readonly string[]> =>
  await listOf(db, organisationId, personId, WAITING, page);

export async function countSpam(db: Db | Tx, organisationId: string, personId: string): Promise<number> {
  const [row] = await db.$queryRaw<
    { count: number }[]
  >`SELECT count(*)::int AS count FROM feedback f WHERE ${decidedBy(organisationId, Prisma.sql`${personId}::uuid`, SPAM)}`;
  return row?.count ?? 0;
}

/** Ids of what was called spam, the newest first. */
export const listSpam = async (db: Db | Tx, organisationId: string, personId: string, page: Page): Promise<readonly string[]> =>
  await listOf(db, organisationId, personId, SPAM, page);

/** Messages of this sort that went out, or will, since an instant. */
export async function findTold(
  tx: Tx,
  organisationId: string,
  message: string,
  since: Date,
): Promise<readonly { readonly subjectKey: string; readonly personId: string | null }[]> {
  return await tx.delivery.findMany({
    where: { organisationId, message, state: { in: ['pending', 'sending', 'sent', 'merged'] }, createdAt: { gt: since } },
    select: { subjectKey: true, personId: true },
  });
}

/** Which of these wait for a decision still. */
export async function findStillWaiting(tx: Tx, organisationId: string, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const rows = await tx.feedback.findMany({
    where: { organisationId, id: { in: [...ids] }, state: { in: ['doubtful', 'held'] } },
    select: { id: true },
  });
  return new Set(rows.map(({ id }) => id));
}
