import { z } from 'zod';
import type { Prisma } from '../../../generated/prisma/client.js';
import type { Db, Tx } from '../../../people/db.js';
import { newId } from '../../../people/ids.js';
import { DraftFields, type SeriesFields } from './fields.js';

/** A series, or a change of all that follows, as somebody has filled it in. */
export interface Draft {
  readonly id: string;
  readonly fields: SeriesFields;
  /** Of a change: the series as it was when this was filled in; what is the same in `fields` was left alone. */
  readonly base?: SeriesFields | undefined;
  readonly createdAt: Date;
  /** Why what follows is changed, for those who hear of it; empty: not told. */
  readonly reason: string;
  /** Given: the series that it changes, and from which date on. */
  readonly following: Following | undefined;
  /** `open`: it can still be saved. `replaced`: changed, or discarded. */
  readonly state: 'open' | 'saved' | 'replaced';
  /** What it became. */
  readonly savedSeriesId: string | null;
}

export interface Following {
  readonly seriesId: string;
  readonly fromDateId: string;
}

const Content = z.object({ fields: DraftFields, reason: z.string(), base: DraftFields.optional() });

interface Row {
  readonly id: string;
  readonly fields: unknown;
  readonly seriesId: string | null;
  readonly fromDateId: string | null;
  readonly createdAt: Date;
  readonly usedAt: Date | null;
  readonly savedSeriesId: string | null;
}

function toDraft(row: Row): Draft | undefined {
  // A draft of an older release that can't be read any more is no draft.
  const content = Content.safeParse(row.fields);
  if (!content.success) return undefined;
  const { id, seriesId, fromDateId, createdAt, usedAt, savedSeriesId } = row;
  return {
    id,
    ...content.data,
    createdAt,
    following: seriesId !== null && fromDateId !== null ? { seriesId, fromDateId } : undefined,
    state: usedAt === null ? 'open' : savedSeriesId === null ? 'replaced' : 'saved',
    savedSeriesId,
  };
}

/** Keeps what somebody has filled in. @returns the draft's id */
export async function createDraft(
  tx: Db | Tx,
  organisationId: string,
  personId: string,
  { fields, base, reason, following }: Pick<Draft, 'fields' | 'base' | 'reason' | 'following'>,
  now: Date,
): Promise<string> {
  const id = newId(now);
  // JSON through and through: what is undefined in it is left out.
  const content = JSON.parse(JSON.stringify({ fields, base, reason })) as Prisma.InputJsonObject;
  await tx.seminarDraft.create({
    data: { organisationId, id, personId, fields: content, createdAt: now, ...(following && { ...following }) },
  });
  return id;
}

/** A person's own draft. */
export async function findDraft(db: Db | Tx, organisationId: string, personId: string, id: string): Promise<Draft | undefined> {
  const row = await db.seminarDraft.findFirst({ where: { organisationId, personId, id } });
  return row ? toDraft(row) : undefined;
}

/** The same, locked until the commit: of two that save it, one finds it saved. */
export async function lockDraft(tx: Tx, organisationId: string, personId: string, id: string): Promise<Draft | undefined> {
  await tx.$queryRaw`SELECT 1 FROM seminar_draft WHERE "organisationId" = ${organisationId}::uuid AND id = ${id}::uuid FOR UPDATE`;
  return await findDraft(tx, organisationId, personId, id);
}

/** Nothing can be done with a draft any more. @param savedSeriesId what it became; null: it was replaced or discarded */
export async function settleDraft(tx: Tx, organisationId: string, id: string, savedSeriesId: string | null, now: Date): Promise<void> {
  await tx.seminarDraft.updateMany({ where: { organisationId, id, usedAt: null }, data: { usedAt: now, savedSeriesId } });
}

/** Forgets drafts made before an instant. */
export async function forgetDrafts(db: Db, organisationId: string, before: Date): Promise<void> {
  await db.seminarDraft.deleteMany({ where: { organisationId, createdAt: { lt: before } } });
}

/** Forgets a person's drafts. */
export async function forgetDraftsOf(tx: Tx, organisationId: string, personId: string): Promise<void> {
  await tx.seminarDraft.deleteMany({ where: { organisationId, personId } });
}
