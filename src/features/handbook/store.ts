import { BellhopError } from '../../core/errors.js';
import type { RichBlock } from '../../core/rich.js';
import type { DocumentVersion } from '../../generated/prisma/client.js';
import { toAudience } from '../../people/audience.js';
import type { Db, Tx } from '../../people/db.js';
import { toDay, type Version } from './model.js';
import type { PageParts } from './pages.js';

/** All of a version but its text, which may be a megabyte. */
const WITHOUT_TEXT = { source: true } as const;
export type VersionRow = Omit<DocumentVersion, 'source'>;

export function toVersion(row: VersionRow): Version {
  return {
    ...row,
    audience: toAudience(row),
    effectiveOn: toDay(row.effectiveOn),
    dueOn: toDay(row.dueOn),
    lastManualReminderOn: row.lastManualReminderOn && toDay(row.lastManualReminderOn),
  };
}

/** A version, draft or not. */
export async function findVersion(db: Db | Tx, organisationId: string, id: string): Promise<Version | undefined> {
  const row = await db.documentVersion.findUnique({ where: { organisationId_id: { organisationId, id } }, omit: WITHOUT_TEXT });
  return row ? toVersion(row) : undefined;
}

/** Throws BellhopError `handbook.version_gone` when there is none of this id (a draft that was discarded). */
export async function getVersion(db: Db | Tx, organisationId: string, id: string): Promise<Version> {
  const version = await findVersion(db, organisationId, id);
  if (!version) throw new BellhopError('handbook.version_gone');
  return version;
}

/** The Markdown of a version. */
export async function sourceOf(db: Db | Tx, organisationId: string, id: string): Promise<string> {
  const row = await db.documentVersion.findUnique({ where: { organisationId_id: { organisationId, id } }, select: { source: true } });
  return row?.source ?? '';
}

/** Versions that people are asked to sign, the newest first. */
export async function listPublished(db: Db | Tx, organisationId: string): Promise<Version[]> {
  const rows = await db.documentVersion.findMany({
    where: { organisationId, state: 'published' },
    omit: WITHOUT_TEXT,
    orderBy: [{ publishedAt: 'desc' }, { id: 'desc' }],
  });
  return rows.map(toVersion);
}

/** Withdrawn versions, the latest first: their signatures are kept. */
export async function listWithdrawn(db: Db | Tx, organisationId: string, limit: number): Promise<Version[]> {
  const rows = await db.documentVersion.findMany({
    where: { organisationId, state: 'withdrawn' },
    omit: WITHOUT_TEXT,
    orderBy: [{ closedAt: 'desc' }, { id: 'desc' }],
    take: limit,
  });
  return rows.map(toVersion);
}

/** How many drafts, published and withdrawn versions there are. */
export async function countDocuments(db: Db | Tx, organisationId: string): Promise<number> {
  return await db.documentVersion.count({ where: { organisationId, state: { in: ['draft', 'published', 'withdrawn'] } } });
}

/** Drafts, the newest first. */
export async function listDrafts(db: Db | Tx, organisationId: string, limit: number): Promise<Version[]> {
  const rows = await db.documentVersion.findMany({
    where: { organisationId, state: 'draft' },
    omit: WITHOUT_TEXT,
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: limit,
  });
  return rows.map(toVersion);
}

/** What a page shows; undefined when the version has no such page. */
export async function findPage(db: Db | Tx, organisationId: string, versionId: string, number: number): Promise<PageParts | undefined> {
  const row = await db.versionPage.findUnique({
    where: { organisationId_versionId_number: { organisationId, versionId, number } },
    select: { parts: true },
  });
  return row ? (row.parts as unknown as PageParts) : undefined;
}

export interface StoredClause {
  readonly id: string;
  readonly ordinal: number;
  readonly number: string;
  readonly heading: string;
  readonly body: readonly RichBlock[];
  readonly firstPage: number;
  readonly lastPage: number;
}

/** The clauses of a version in their order; those that stand on one page when it is given. */
export async function listClauses(db: Db | Tx, organisationId: string, versionId: string, page?: number): Promise<StoredClause[]> {
  const rows = await db.clause.findMany({
    where: { organisationId, versionId, ...(page ? { firstPage: { lte: page }, lastPage: { gte: page } } : {}) },
    orderBy: { ordinal: 'asc' },
  });
  return rows.map((row) => ({ ...row, body: row.body as unknown as readonly RichBlock[] }));
}

/** How many clauses a version has, and which of them go over several pages. */
export async function summariseClauses(
  db: Db | Tx,
  organisationId: string,
  versionId: string,
): Promise<{ count: number; headed: boolean; long: { number: string; heading: string }[] }> {
  const rows = await db.clause.findMany({
    where: { organisationId, versionId },
    orderBy: { ordinal: 'asc' },
    select: { number: true, heading: true, firstPage: true, lastPage: true },
  });
  return { count: rows.length, headed: rows.some((row) => row.number !== ''), long: rows.filter((row) => row.firstPage < row.lastPage) };
}
