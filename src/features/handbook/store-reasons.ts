import { Prisma } from '../../generated/prisma/client.js';
import { recordEvent } from '../../people/audit.js';
import type { Db, Tx } from '../../people/db.js';

/** A clause by its id, with what it is called by. */
export interface NamedClause {
  readonly id: string;
  readonly number: string;
  readonly heading: string;
}

/** What a feature brought up: the feature's name, and the key of its suggestion (people/agenda.ts). */
export interface ReasonKey {
  readonly source: string;
  readonly key: string;
}

/** What clauses of a version were changed for. */
export interface StoredReason extends ReasonKey {
  readonly clauses: readonly NamedClause[];
}

/** A version's clauses that stand not so in the version of its document before it; all of them where it is the first. */
export async function changedClauses(db: Db | Tx, organisationId: string, versionId: string): Promise<NamedClause[]> {
  return await db.$queryRaw<NamedClause[]>`
    SELECT n.id, n.number, n.heading FROM handbook_clause n
    WHERE n."organisationId" = ${organisationId}::uuid AND n."versionId" = ${versionId}::uuid
      AND NOT EXISTS (
        SELECT 1 FROM handbook_clause p
        WHERE p."organisationId" = n."organisationId" AND p.heading = n.heading AND p.body = n.body AND p."versionId" = (
          SELECT o.id FROM handbook_version v
          JOIN handbook_version o ON o."organisationId" = v."organisationId" AND o."documentId" = v."documentId"
            AND o.number < COALESCE(v.number, 2147483647)
          WHERE v."organisationId" = n."organisationId" AND v.id = n."versionId"
          ORDER BY o.number DESC LIMIT 1))
    ORDER BY n.ordinal`;
}

/** What a version's clauses were changed for, in the order in which it was said. */
export async function listReasons(db: Db | Tx, organisationId: string, versionId: string): Promise<StoredReason[]> {
  return await db.$queryRaw<StoredReason[]>`
    SELECT r.source, r."sourceKey" AS key,
           jsonb_agg(jsonb_build_object('id', c.id, 'number', c.number, 'heading', c.heading) ORDER BY c.ordinal) AS clauses
    FROM handbook_reason r
    JOIN handbook_clause c ON c."organisationId" = r."organisationId" AND c.id = r."clauseId"
    WHERE r."organisationId" = ${organisationId}::uuid AND r."versionId" = ${versionId}::uuid
    GROUP BY r.source, r."sourceKey" ORDER BY min(r."createdAt"), r.source, r."sourceKey"`;
}

/** Makes changes of one version and of what it is for wait for one another. @returns false when the version is gone */
export async function lockVersion(tx: Tx, organisationId: string, versionId: string): Promise<boolean> {
  const rows = await tx.$queryRaw<unknown[]>`
    SELECT 1 FROM handbook_version WHERE "organisationId" = ${organisationId}::uuid AND id = ${versionId}::uuid FOR NO KEY UPDATE`;
  return rows.length > 0;
}

/**
 * Keeps which clauses of a version were changed for a reason.
 * @param anew these and no others, none at all where it is empty; without it they are added to those that there are
 */
export async function setReason(
  tx: Tx,
  organisationId: string,
  versionId: string,
  { source, key }: ReasonKey,
  clauseIds: readonly string[],
  anew: boolean,
  actorId: string,
  now: Date,
): Promise<void> {
  const reason = { organisationId, versionId, source, sourceKey: key };
  if (anew) await tx.clauseReason.deleteMany({ where: { ...reason, clauseId: { notIn: [...clauseIds] } } });
  await tx.clauseReason.createMany({
    data: clauseIds.map((clauseId) => ({ ...reason, clauseId, createdAt: now, createdById: actorId })),
    skipDuplicates: true,
  });
  await recordEvent(
    tx,
    {
      organisationId,
      actorId,
      verb: 'handbook.reason_set',
      subjectId: versionId,
      data: { source, key, clauses: clauseIds.length },
    },
    now,
  );
}

/** What a draft's clauses are changed for, as it is taken over to the clauses that a new text of it has. */
export type KeptReasons = readonly {
  readonly source: string;
  readonly sourceKey: string;
  readonly createdAt: Date;
  readonly createdById: string;
  readonly clause: { readonly number: string; readonly heading: string };
}[];

/** Reads what a draft's clauses are changed for, before its text makes place for another one. */
export async function takeReasons(tx: Tx, organisationId: string, draftId: string): Promise<KeptReasons> {
  return await tx.clauseReason.findMany({
    where: { organisationId, versionId: draftId },
    select: { source: true, sourceKey: true, createdAt: true, createdById: true, clause: { select: { number: true, heading: true } } },
  });
}

/** Puts them back: to the clause under the same heading, of several the one with the same number, as far as it is a changed one. */
export async function giveReasons(tx: Tx, organisationId: string, draftId: string, kept: KeptReasons): Promise<void> {
  if (kept.length === 0) return;
  const changed = await changedClauses(tx, organisationId, draftId);
  const data = kept.flatMap(({ clause, ...reason }) => {
    const alike = changed.filter(({ heading }) => heading === clause.heading);
    const found = alike.find(({ number }) => number === clause.number) ?? alike[0];
    return found ? [{ ...reason, organisationId, versionId: draftId, clauseId: found.id }] : [];
  });
  await tx.clauseReason.createMany({ data, skipDuplicates: true });
}

/** A clause that was changed for something, in a version that was published. */
export interface ClauseChangedFor {
  readonly clauseId: string;
  /** Empty for the introduction. */
  readonly number: string;
  readonly heading: string;
  readonly versionId: string;
  /** The document's. */
  readonly title: string;
  readonly version: number;
  readonly state: 'published' | 'superseded';
  readonly publishedAt: Date;
  /** How many were asked to sign this version, and how many of them have; those who left or were let off are not counted. */
  readonly asked: number;
  readonly signed: number;
}

/**
 * The clauses that were changed for what a feature brought up, the latest first: what followed from it, for that feature
 * to show. Drafts and withdrawn versions are left out.
 * @param source the feature's name, as its AgendaSource has it
 * @param key of the suggestion: `theme:<uuid>`
 * @returns a page of them, and how many there are
 */
export async function clausesChangedFor(
  db: Db | Tx,
  organisationId: string,
  source: string,
  key: string,
  { offset, limit }: { readonly offset: number; readonly limit: number },
): Promise<{ readonly rows: readonly ClauseChangedFor[]; readonly total: number }> {
  const from = Prisma.sql`
    FROM handbook_reason r
    JOIN handbook_clause c ON c."organisationId" = r."organisationId" AND c.id = r."clauseId"
    JOIN handbook_version v ON v."organisationId" = r."organisationId" AND v.id = r."versionId" AND v.state IN ('published', 'superseded')
    WHERE r."organisationId" = ${organisationId}::uuid AND r.source = ${source} AND r."sourceKey" = ${key}`;
  const [rows, counted] = await Promise.all([
    db.$queryRaw<ClauseChangedFor[]>`
      SELECT p."clauseId", p.number, p.heading, p."versionId", p.title, p.version, p.state, p."publishedAt", a.asked, a.signed
      FROM (
        SELECT c.id AS "clauseId", c.number, c.heading, c.ordinal, v.id AS "versionId", v.title, v.number AS version,
               v.state::text AS state, v."publishedAt"
        ${from} ORDER BY v."publishedAt" DESC, v.id DESC, c.ordinal OFFSET ${offset} LIMIT ${limit}
      ) p
      CROSS JOIN LATERAL (
        SELECT (count(*) FILTER (WHERE s.state NOT IN ('left', 'exempt')))::int AS asked,
               (count(*) FILTER (WHERE s.state = 'signed'))::int AS signed
        FROM handbook_assignment s
        WHERE s."organisationId" = ${organisationId}::uuid AND s."versionId" = p."versionId"
      ) a
      ORDER BY p."publishedAt" DESC, p."versionId" DESC, p.ordinal`,
    db.$queryRaw<{ total: number }[]>`SELECT count(*)::int AS total ${from}`,
  ]);
  return { rows, total: counted[0]?.total ?? 0 };
}
