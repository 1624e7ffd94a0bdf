import { Prisma } from '../../../generated/prisma/client.js';
import { presentSql } from '../../../people/audience.js';
import { isUuid } from '../../../people/channels.js';
import type { Db, Tx } from '../../../people/db.js';
import type { Organisation } from '../../../people/model.js';
import type { Settings } from '../model.js';
import type { Member } from './store-tally.js';

/** Somebody as giving sees them. */
export interface Giver extends Member {
  /** Manager, owner, or line manager of anybody: they thank whole teams. */
  readonly leads: boolean;
}

/** @returns the giver; undefined when the organisation has nobody of this id */
export async function findGiver(db: Db | Tx, organisationId: string, personId: string): Promise<Giver | undefined> {
  const [row] = await db.$queryRaw<Giver[]>`
    SELECT p.id, p."teamId", p.role <> 'employee' OR EXISTS (
      SELECT 1 FROM person r WHERE r."organisationId" = p."organisationId" AND r."lineManagerId" = p.id AND r.status = 'active') AS leads
    FROM person p WHERE p."organisationId" = ${organisationId}::uuid AND p.id = ${personId}::uuid`;
  return row;
}

/** What this giver may give in a month. */
export function allowanceFor(giver: Pick<Giver, 'leads'>, settings: Settings): number {
  return giver.leads ? settings.leadAllowance : settings.allowance;
}

/** Those of the given people who can receive: active, of the organisation, guests where they are let in. */
export async function findPresent(db: Db | Tx, organisation: Organisation, personIds: readonly string[]): Promise<readonly Member[]> {
  return await db.$queryRaw<Member[]>`
    SELECT p.id, p."teamId" FROM person p WHERE p.id = ANY (${[...personIds]}::uuid[]) AND ${presentSql(organisation)} ORDER BY p.id`;
}

/** The same people, whether they are still here or not. */
export async function findMembers(db: Db | Tx, organisationId: string, personIds: readonly string[]): Promise<ReadonlyMap<string, Member>> {
  const rows = await db.$queryRaw<Member[]>`
    SELECT p.id, p."teamId" FROM person p WHERE p."organisationId" = ${organisationId}::uuid AND p.id = ANY (${[...personIds]}::uuid[])`;
  return new Map(rows.map((row) => [row.id, row]));
}

/**
 * Points that one person has given each of others between two instants: kudos and what was added to others' kudos. What
 * was taken back and what customers said is left out.
 * @returns by receiver; nobody who got nothing
 */
export async function pointsTo(
  db: Db | Tx,
  organisationId: string,
  giverId: string,
  receiverIds: readonly string[],
  from: Date,
  to: Date,
): Promise<ReadonlyMap<string, number>> {
  const receivers = Prisma.sql`ANY (${[...receiverIds]}::uuid[])`;
  const rows = await db.$queryRaw<{ personId: string; points: number }[]>`
    SELECT g."personId", sum(g.points)::int AS points FROM (
      SELECT r."personId", r.points FROM kudos_receiver r
      JOIN kudos k ON k."organisationId" = r."organisationId" AND k.id = r."kudosId" AND k.source <> 'customer'
      WHERE r."organisationId" = ${organisationId}::uuid AND r."giverId" = ${giverId}::uuid AND r."personId" = ${receivers}
        AND r."createdAt" >= ${from}::timestamptz AND r."createdAt" < ${to}::timestamptz AND r.state = 'given'
      UNION ALL
      SELECT r."personId", j.points FROM kudos_join j
      JOIN kudos_receiver r ON r."organisationId" = j."organisationId" AND r."kudosId" = j."kudosId" AND r."personId" = ${receivers}
      WHERE j."organisationId" = ${organisationId}::uuid AND j."personId" = ${giverId}::uuid
        AND j."createdAt" >= ${from}::timestamptz AND j."createdAt" < ${to}::timestamptz AND j."takenBackAt" IS NULL
    ) g GROUP BY g."personId"`;
  return new Map(rows.map((row) => [row.personId, row.points]));
}

/** The organisation's channel of this id that can be posted to; undefined when there is none. */
export async function findPostable(db: Db | Tx, organisationId: string, channelId: string): Promise<string | undefined> {
  const row = await db.channel.findFirst({
    where: { organisationId, id: channelId, botIsMember: true, archivedAt: null, workspace: { removedAt: null } },
    select: { id: true },
  });
  return row?.id;
}

/** The name of the channel that a message stands in; undefined where it is none that Bellhop knows. @param messageKey see giving/reactions.ts */
export async function channelOfReaction(db: Db | Tx, organisationId: string, messageKey: string): Promise<string | undefined> {
  const workspaceId = messageKey.slice(0, 36);
  const externalId = messageKey.slice(37, messageKey.lastIndexOf(':'));
  if (!isUuid(workspaceId)) return undefined;
  const row = await db.channel.findFirst({ where: { organisationId, workspaceId, externalId }, select: { name: true } });
  return row?.name;
}
