import { createHash } from 'node:crypto';
import { Prisma } from '../../../generated/prisma/client.js';
import type { Db, Tx } from '../../../people/db.js';
import { foldName } from '../../../people/names.js';
import type { Kudos, KudosSource, KudosState } from '../model.js';
import { toValue } from '../store-settings.js';
import type { Carded } from './refresh-cards.js';

/** By which copied reasons are found: SHA-256 (hex) of the words without case, marks and punctuation; empty for no words. */
export function digestOf(words: string): string {
  const folded = foldName(words);
  return folded === '' ? '' : createHash('sha256').update(folded).digest('hex');
}

export interface NewKudos {
  readonly organisationId: string;
  readonly id: string;
  readonly source: KudosSource;
  readonly giverId: string;
  readonly receiverIds: readonly string[];
  readonly valueId: string | null;
  readonly words: string;
  readonly public: boolean;
  readonly points: number;
  readonly createdAt: Date;
  readonly originKey: string | null;
  readonly channelId: string | null;
}

/** Writes a kudos with its receivers. Fails with a unique violation when its origin has given before. */
export async function insertKudos(tx: Tx, kudos: NewKudos): Promise<void> {
  const { organisationId, id, giverId, points, createdAt } = kudos;
  const { receiverIds, ...row } = kudos;
  await tx.kudos.create({ data: { ...row, wordsDigest: digestOf(kudos.words) } });
  await tx.kudosReceiver.createMany({
    data: receiverIds.map((personId) => ({ organisationId, kudosId: id, personId, giverId, createdAt, points })),
  });
}

/** The kudos that an origin has given; undefined when it hasn't. */
export async function findByOrigin(db: Db | Tx, organisationId: string, originKey: string): Promise<string | undefined> {
  const row = await db.kudos.findUnique({ where: { organisationId_originKey: { organisationId, originKey } }, select: { id: true } });
  return row?.id;
}

/**
 * Locks a kudos until the commit: whatever changes it, or adds to it, does this first, before it locks any account.
 * @returns it as it stands; undefined when the organisation has none of this id
 */
export async function lockKudos(tx: Tx, organisationId: string, kudosId: string): Promise<Kudos | undefined> {
  const locked = await tx.$queryRaw<unknown[]>`
    SELECT 1 FROM kudos WHERE "organisationId" = ${organisationId}::uuid AND id = ${kudosId}::uuid FOR UPDATE`;
  return locked.length > 0 ? await findKudos(tx, organisationId, kudosId) : undefined;
}

/** A kudos as its card shows it; undefined when the organisation has none of this id. */
export async function findKudos(db: Db | Tx, organisationId: string, id: string): Promise<Kudos | undefined> {
  return (await load(db, Prisma.sql`k."organisationId" = ${organisationId}::uuid AND k.id = ${id}::uuid`))[0];
}

/** Those of the given kudos that the organisation has, by id. */
export async function findManyKudos(db: Db | Tx, organisationId: string, ids: readonly string[]): Promise<ReadonlyMap<string, Kudos>> {
  if (ids.length === 0) return new Map();
  const rows = await load(db, Prisma.sql`k."organisationId" = ${organisationId}::uuid AND k.id = ANY (${[...ids]}::uuid[])`);
  return new Map(rows.map((row) => [row.id, row]));
}

/** A part of a list: `limit` at most, after the first `offset`. */
export interface Part {
  readonly offset: number;
  readonly limit: number;
}

/** What a person gave, the newest first; what was taken back or taken down is left out. */
export async function listGiven(db: Db | Tx, organisationId: string, personId: string, part: Part): Promise<readonly Kudos[]> {
  const ids = await db.kudos.findMany({
    where: { organisationId, giverId: personId, state: 'given' },
    select: { id: true },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    skip: part.offset,
    take: part.limit,
  });
  return await inOrder(
    db,
    organisationId,
    ids.map((row) => row.id),
  );
}

/** What a person got, the newest first; what was taken back or taken down is left out. */
export async function listReceived(db: Db | Tx, organisationId: string, personId: string, part: Part): Promise<readonly Kudos[]> {
  const ids = await db.kudosReceiver.findMany({
    where: { organisationId, personId, state: 'given' },
    select: { kudosId: true },
    orderBy: [{ createdAt: 'desc' }, { kudosId: 'desc' }],
    skip: part.offset,
    take: part.limit,
  });
  return await inOrder(
    db,
    organisationId,
    ids.map((row) => row.kudosId),
  );
}

/** What reactions at one message have given its author and still stand, the earliest first. @param since when the first one was set */
export async function listReactions(
  db: Db | Tx,
  organisationId: string,
  receiverId: string,
  messageKey: string,
  since: Date,
): Promise<readonly Kudos[]> {
  // By the receiver's own index: those of a few days at most, whatever else the organisation gives.
  return await load(
    db,
    Prisma.sql`k."organisationId" = ${organisationId}::uuid AND k.state = 'given' AND k.source = 'reaction'
      AND starts_with(k."originKey", ${`reaction:${messageKey}:`}) AND k.id IN (
        SELECT r."kudosId" FROM kudos_receiver r
        WHERE r."organisationId" = ${organisationId}::uuid AND r."personId" = ${receiverId}::uuid AND r."createdAt" >= ${since}::timestamptz)`,
  );
}

async function inOrder(db: Db | Tx, organisationId: string, ids: readonly string[]): Promise<readonly Kudos[]> {
  const found = await findManyKudos(db, organisationId, ids);
  return ids.flatMap((id) => found.get(id) ?? []);
}

interface KudosRow {
  readonly id: string;
  readonly source: KudosSource;
  readonly state: KudosState;
  readonly giverId: string;
  readonly valueId: string | null;
  readonly code: string | null;
  readonly name: string | null;
  readonly emoji: string | null;
  readonly words: string;
  readonly public: boolean;
  readonly points: number;
  readonly createdAt: Date;
  readonly editedAt: Date | null;
  readonly channelId: string | null;
  readonly originKey: string | null;
  readonly receiverIds: string[];
  readonly joins: { personId: string; points: number; at: string }[];
}

/** @param where a predicate over `kudos k`, which names the organisation */
async function load(db: Db | Tx, where: Prisma.Sql): Promise<readonly Kudos[]> {
  const rows = await db.$queryRaw<KudosRow[]>`
    SELECT k.id, k.source, k.state, k."giverId", k."valueId", v.code, v.name, v.emoji, k.words, k.public, k.points,
           k."createdAt", k."editedAt", k."channelId", k."originKey",
           ARRAY(SELECT r."personId" FROM kudos_receiver r
                 WHERE r."organisationId" = k."organisationId" AND r."kudosId" = k.id ORDER BY r."personId") AS "receiverIds",
           COALESCE((SELECT jsonb_agg(jsonb_build_object('personId', j."personId", 'points', j.points, 'at', j."createdAt")
                                      ORDER BY j."createdAt", j."personId")
                     FROM kudos_join j
                     WHERE j."organisationId" = k."organisationId" AND j."kudosId" = k.id AND j."takenBackAt" IS NULL), '[]') AS joins
    FROM kudos k
    LEFT JOIN service_value v ON v."organisationId" = k."organisationId" AND v.id = k."valueId"
    WHERE ${where}`;
  return rows.map(({ valueId, code, name, emoji, joins, ...row }) => ({
    ...row,
    value: valueId !== null && emoji !== null ? toValue({ id: valueId, code, name, emoji }) : null,
    joins: joins.map(({ at, ...join }) => ({ ...join, at: new Date(at) })),
  }));
}

/** Marks a locked kudos as taken back or taken down. A reaction's origin is free again: it may be set once more. */
export async function closeKudos(tx: Tx, organisationId: string, id: string, state: 'taken_back' | 'removed', at: Date): Promise<void> {
  await tx.kudosReceiver.updateMany({ where: { organisationId, kudosId: id }, data: { state } });
  await tx.$executeRaw`
    UPDATE kudos SET state = ${state}::"KudosState", "closedAt" = ${at}::timestamptz,
      "originKey" = CASE WHEN source = 'reaction' AND ${state} = 'taken_back' THEN "originKey" || '#' || id ELSE "originKey" END
    WHERE "organisationId" = ${organisationId}::uuid AND id = ${id}::uuid`;
}

/** Replaces the words and the value of a locked kudos. */
export async function mendKudos(
  tx: Tx,
  organisationId: string,
  id: string,
  mended: { readonly words: string; readonly valueId: string | null },
  at: Date,
): Promise<void> {
  await tx.kudos.update({
    where: { organisationId_id: { organisationId, id } },
    data: { ...mended, wordsDigest: digestOf(mended.words), editedAt: at },
  });
}

/** Empties a person's words; what was given stays. */
export async function eraseWords(tx: Tx, organisationId: string, personId: string): Promise<void> {
  // What a customer said isn't the confirming manager's.
  await tx.kudos.updateMany({
    where: { organisationId, giverId: personId, source: { not: 'customer' } },
    data: { words: '', wordsDigest: '' },
  });
}

/** Every kudos whose cards name a person: as giver, receiver, or among those who added theirs. */
export async function listNaming(tx: Tx, organisationId: string, personId: string): Promise<readonly Carded[]> {
  return await tx.$queryRaw<Carded[]>`
    SELECT k.id, k.source, k."originKey", k."giverId", array_agg(r."personId") AS "receiverIds"
    FROM kudos k JOIN kudos_receiver r ON r."organisationId" = k."organisationId" AND r."kudosId" = k.id
    WHERE k."organisationId" = ${organisationId}::uuid AND k.id IN (
      SELECT g.id FROM kudos g WHERE g."organisationId" = ${organisationId}::uuid AND g."giverId" = ${personId}::uuid
      UNION SELECT x."kudosId" FROM kudos_receiver x WHERE x."organisationId" = ${organisationId}::uuid AND x."personId" = ${personId}::uuid
      UNION SELECT j."kudosId" FROM kudos_join j WHERE j."organisationId" = ${organisationId}::uuid AND j."personId" = ${personId}::uuid
    )
    GROUP BY k."organisationId", k.id`;
}

/** What tells where the cards of these kudos are. */
export async function listCarded(tx: Tx, organisationId: string, kudosIds: readonly string[]): Promise<readonly Carded[]> {
  const rows = await tx.kudos.findMany({
    where: { organisationId, id: { in: [...kudosIds] } },
    select: { id: true, source: true, originKey: true, giverId: true, receivers: { select: { personId: true } } },
  });
  return rows.map(({ receivers, ...kudos }) => ({ ...kudos, receiverIds: receivers.map(({ personId }) => personId) }));
}
