import { Prisma } from '../../../generated/prisma/client.js';
import type { Db, Tx } from '../../../people/db.js';
import type { Case, Said } from '../model.js';
import { SaidWordsColumn } from '../schema.js';
import { readableSql, type Sight } from './store-sight.js';

export interface Candidate {
  readonly id: string;
  readonly number: number;
  readonly stars: number | null;
  readonly locationName: string | null;
  readonly sameContact: boolean;
  readonly sameLocation: boolean;
  readonly words: readonly string[];
}

/** How many of the newest are compared. */
const COMPARED = 200;

/**
 * Open cases that may be about the same as another: of the same customer however old, and those of so many days before and after. Only
 * such as the actor may read, and private ones only for a private one.
 */
export async function findCandidates(
  db: Db | Tx,
  organisationId: string,
  sight: Sight,
  { case: it, feedback }: { readonly case: Case; readonly feedback: Said },
  days: number,
): Promise<readonly Candidate[]> {
  const [from, until] = [-days, days].map((by) => new Date(it.openedAt.getTime() + by * 86_400_000));
  const rows = await db.$queryRaw<(Omit<Candidate, 'words'> & { words: unknown })[]>`
    WITH likely AS (
      (SELECT c.id FROM feedback f JOIN feedback_case c ON c."organisationId" = f."organisationId" AND c."feedbackId" = f.id
       WHERE f."organisationId" = ${organisationId}::uuid AND f."contactHash" = ${feedback.contactHash} AND c.state IN ('open', 'claimed')
       ORDER BY c."openedAt" DESC LIMIT ${COMPARED})
      UNION
      (SELECT c.id FROM feedback_case c
       WHERE c."organisationId" = ${organisationId}::uuid AND c."openedAt" BETWEEN ${from}::timestamptz AND ${until}::timestamptz
         AND c.state IN ('open', 'claimed')
       ORDER BY c."openedAt" DESC LIMIT ${COMPARED})
    )
    SELECT c.id, c.number, f.stars::int AS stars, l.name AS "locationName", f.words,
           COALESCE(f."contactHash" = ${feedback.contactHash}, false) AS "sameContact",
           COALESCE(c."locationId" = ${it.locationId}::uuid, false) AS "sameLocation"
    FROM likely k
    JOIN feedback_case c ON c."organisationId" = ${organisationId}::uuid AND c.id = k.id
    JOIN feedback f ON f."organisationId" = c."organisationId" AND f.id = c."feedbackId"
    LEFT JOIN location l ON l."organisationId" = c."organisationId" AND l.id = c."locationId"
    WHERE c.id <> ${it.id}::uuid AND c.private = ${it.private} AND ${readableSql(sight)}
      ${it.private ? Prisma.sql`AND ${sameConcernedSql(it.feedbackId)}` : Prisma.empty}`;
  return rows.map((row) => ({ ...row, words: SaidWordsColumn.parse(row.words).map(({ words }) => words) }));
}

/** Whether the feedback `f` concerns just the people whom another one does. */
const sameConcernedSql = (feedbackId: string): Prisma.Sql => Prisma.sql`
  (SELECT array_agg(k."personId" ORDER BY k."personId") FROM feedback_concern k WHERE k."organisationId" = f."organisationId" AND k."feedbackId" = f.id)
  IS NOT DISTINCT FROM
  (SELECT array_agg(k."personId" ORDER BY k."personId") FROM feedback_concern k
   WHERE k."organisationId" = f."organisationId" AND k."feedbackId" = ${feedbackId}::uuid)`;

/** The feedback of those cases that went into one. */
export async function feedbackMergedInto(db: Db | Tx, organisationId: string, caseId: string): Promise<readonly string[]> {
  const rows = await db.feedbackCase.findMany({ where: { organisationId, mergedIntoId: caseId }, select: { feedbackId: true } });
  return rows.map(({ feedbackId }) => feedbackId);
}
