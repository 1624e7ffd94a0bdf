import { Prisma } from '../../generated/prisma/client.js';
import type { AgendaPeriod } from '../../people/agenda.js';
import type { Db, Tx } from '../../people/db.js';

/** A published version, with what is different from the one before it. */
export interface ChangedVersion {
  readonly id: string;
  readonly title: string;
  readonly number: number;
  /** Whether the document was new with it. */
  readonly isFirst: boolean;
  /** Its first few clauses that stand not so in the version before it, and how many there are. */
  readonly changed: readonly { readonly number: string; readonly heading: string }[];
  readonly changedCount: number;
}

/** So many of the changed clauses are named. */
const NAMED = 3;

/** Versions of a period, the latest first. What was withdrawn is left out. */
export async function versionsPublished(
  db: Db | Tx,
  organisationId: string,
  { from, to }: AgendaPeriod,
  limit: number,
): Promise<ChangedVersion[]> {
  return await changedVersions(
    db,
    organisationId,
    Prisma.sql`v."publishedAt" >= ${from}::timestamptz AND v."publishedAt" < ${to}::timestamptz`,
    Prisma.sql`LIMIT ${limit}`,
  );
}

/** Those of the given versions that were not withdrawn. */
export async function findVersionsPublished(db: Db | Tx, organisationId: string, ids: readonly string[]): Promise<ChangedVersion[]> {
  return await changedVersions(db, organisationId, Prisma.sql`v.id = ANY (${[...ids]}::uuid[])`, Prisma.empty);
}

async function changedVersions(db: Db | Tx, organisationId: string, where: Prisma.Sql, tail: Prisma.Sql): Promise<ChangedVersion[]> {
  return await db.$queryRaw<ChangedVersion[]>`
    SELECT v.id, v.title, v.number, b.id IS NULL AS "isFirst",
           COALESCE((jsonb_agg(jsonb_build_object('number', c.number, 'heading', c.heading) ORDER BY c.ordinal)
             FILTER (WHERE c.rank <= ${NAMED})), '[]') AS changed,
           count(c.ordinal)::int AS "changedCount"
    FROM (
      SELECT v.* FROM handbook_version v
      WHERE v."organisationId" = ${organisationId}::uuid AND v.state IN ('published', 'superseded') AND ${where}
        AND EXISTS (SELECT 1 FROM handbook_version u
                    WHERE u."organisationId" = v."organisationId" AND u."documentId" = v."documentId" AND u.state = 'published')
      ORDER BY v."publishedAt" DESC, v.id DESC ${tail}
    ) v
    LEFT JOIN LATERAL (
      SELECT o.id FROM handbook_version o
      WHERE o."organisationId" = v."organisationId" AND o."documentId" = v."documentId" AND o.number < v.number
      ORDER BY o.number DESC LIMIT 1
    ) b ON true
    LEFT JOIN LATERAL (
      SELECT n.number, n.heading, n.ordinal, row_number() OVER (ORDER BY n.ordinal) AS rank FROM handbook_clause n
      WHERE b.id IS NOT NULL AND n."organisationId" = v."organisationId" AND n."versionId" = v.id
        AND NOT EXISTS (SELECT 1 FROM handbook_clause p
                        WHERE p."organisationId" = v."organisationId" AND p."versionId" = b.id AND p.heading = n.heading AND p.body = n.body)
    ) c ON true
    GROUP BY v.id, v.title, v.number, v."publishedAt", b.id
    ORDER BY v."publishedAt" DESC, v.id DESC`;
}

/** A clause as it stands in what is published now. */
export interface AskedClause {
  readonly id: string;
  readonly title: string;
  readonly number: string;
  readonly heading: string;
}

/**
 * The clause of the published version that a clause of any version of its document has become: the one under the same
 * heading, of several the one with the same number. A join to `handbook_clause o` and its version `w`.
 */
const becameClause = Prisma.sql`
  JOIN handbook_version v ON v."organisationId" = w."organisationId" AND v."documentId" = w."documentId" AND v.state = 'published'
  JOIN LATERAL (
    SELECT n.id, n.number, n.heading FROM handbook_clause n
    WHERE n."organisationId" = v."organisationId" AND n."versionId" = v.id AND n.heading = o.heading
    ORDER BY (n.number = o.number) DESC, n.ordinal LIMIT 1
  ) c ON true`;

/** The clauses that were asked about most in a period, those asked about under an older version too. Never the questions' words. */
export async function clausesAskedAbout(
  db: Db | Tx,
  organisationId: string,
  { from, to }: AgendaPeriod,
  limit: number,
): Promise<(AskedClause & { readonly questions: number })[]> {
  return await db.$queryRaw`
    SELECT c.id, v.title, c.number, c.heading, sum(q.questions)::int AS questions
    FROM (
      SELECT q."clauseId", count(*) AS questions FROM handbook_question q
      WHERE q."organisationId" = ${organisationId}::uuid AND q."askedAt" >= ${from}::timestamptz AND q."askedAt" < ${to}::timestamptz
      GROUP BY q."clauseId"
    ) q
    JOIN handbook_clause o ON o."organisationId" = ${organisationId}::uuid AND o.id = q."clauseId"
    JOIN handbook_version w ON w."organisationId" = o."organisationId" AND w.id = o."versionId"
    ${becameClause}
    GROUP BY c.id, v.title, c.number, c.heading, v."publishedAt"
    ORDER BY questions DESC, v."publishedAt" DESC, c.number, c.id LIMIT ${limit}`;
}

/** What the given clauses are now, by the id that was asked for; those that are gone are left out. */
export async function findClausesNow(
  db: Db | Tx,
  organisationId: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, AskedClause>> {
  const rows = await db.$queryRaw<(AskedClause & { readonly asked: string })[]>`
    SELECT o.id AS asked, c.id, v.title, c.number, c.heading
    FROM handbook_clause o
    JOIN handbook_version w ON w."organisationId" = o."organisationId" AND w.id = o."versionId"
    ${becameClause}
    WHERE o."organisationId" = ${organisationId}::uuid AND o.id = ANY (${[...ids]}::uuid[])`;
  return new Map(rows.map(({ asked, ...clause }) => [asked, clause]));
}
