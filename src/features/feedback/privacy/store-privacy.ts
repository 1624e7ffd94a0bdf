import type { Db, Tx } from '../../../people/db.js';
import { newId } from '../../../people/ids.js';
import type { ByLanguage } from '../model.js';
import { ByLanguageColumn } from '../schema.js';

export interface Consent {
  readonly id: string;
  readonly version: number;
  readonly texts: ByLanguage;
  readonly createdAt: Date;
  /** Null: Bellhop's own words, or somebody who isn't there any more. */
  readonly writer: string | null;
}

/** Consent texts, the newest first. */
export async function listConsents(
  db: Db | Tx,
  organisationId: string,
  { offset, limit }: { readonly offset: number; readonly limit: number },
): Promise<{ readonly consents: readonly Consent[]; readonly total: number }> {
  const where = { organisationId };
  const rows = await db.feedbackConsent.findMany({ where, orderBy: { version: 'desc' }, skip: offset, take: limit });
  return { consents: await withWriters(db, organisationId, rows), total: await db.feedbackConsent.count({ where }) };
}

export async function findConsent(db: Db | Tx, organisationId: string, version: number): Promise<Consent | undefined> {
  const rows = await db.feedbackConsent.findMany({ where: { organisationId, version } });
  return (await withWriters(db, organisationId, rows))[0];
}

type Row = Omit<Consent, 'texts' | 'writer'> & { readonly texts: unknown; readonly createdById: string | null };

async function withWriters(db: Db | Tx, organisationId: string, rows: readonly Row[]): Promise<Consent[]> {
  const writers = await db.person.findMany({
    where: { organisationId, id: { in: rows.flatMap(({ createdById }) => createdById ?? []) } },
    select: { id: true, name: true },
  });
  return rows.map(({ id, version, texts, createdAt, createdById }) => ({
    id,
    version,
    texts: ByLanguageColumn.parse(texts),
    createdAt,
    writer: writers.find((writer) => writer.id === createdById)?.name ?? null,
  }));
}

/** A new version; old ones stay, since customers agreed to them. @returns its number; undefined when the newest one has these words */
export async function addConsent(tx: Tx, organisationId: string, texts: ByLanguage, byId: string, now: Date): Promise<number | undefined> {
  // Two who write at the same time write one after the other.
  await tx.$queryRaw`SELECT 1 FROM feedback_settings WHERE "organisationId" = ${organisationId}::uuid FOR NO KEY UPDATE`;
  const { consents } = await listConsents(tx, organisationId, { offset: 0, limit: 1 });
  const [newest] = consents;
  const same = newest && JSON.stringify(sorted(newest.texts)) === JSON.stringify(sorted(texts));
  if (same) return undefined;
  const version = (newest?.version ?? 0) + 1;
  await tx.feedbackConsent.create({ data: { organisationId, id: newId(now), version, texts, createdAt: now, createdById: byId } });
  return version;
}

const sorted = (texts: ByLanguage) => Object.entries(texts).toSorted(([one], [other]) => one.localeCompare(other));

export interface LatelySeen {
  readonly feedbackId: string;
  readonly reference: string;
  /** Null: somebody who isn't there any more. */
  readonly name: string | null;
  readonly reason: string;
  readonly at: Date;
}

/** Who looked at customers' contacts, the latest first. */
export async function listViews(
  db: Db | Tx,
  organisationId: string,
  { offset, limit }: { readonly offset: number; readonly limit: number },
): Promise<{ readonly views: readonly LatelySeen[]; readonly total: number }> {
  const views = await db.$queryRaw<LatelySeen[]>`
    SELECT v."feedbackId", f.reference, p.name, v.reason, v.at
    FROM (
      SELECT * FROM feedback_contact_view WHERE "organisationId" = ${organisationId}::uuid ORDER BY at DESC, id DESC OFFSET ${offset} LIMIT ${limit}
    ) v
    JOIN feedback f ON f."organisationId" = v."organisationId" AND f.id = v."feedbackId"
    LEFT JOIN person p ON p."organisationId" = v."organisationId" AND p.id = v."personId"
    ORDER BY v.at DESC, v.id DESC`;
  return { views, total: await db.feedbackContactView.count({ where: { organisationId } }) };
}
