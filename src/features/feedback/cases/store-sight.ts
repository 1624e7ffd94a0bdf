import { hasRole } from '../../../core/roles.js';
import { Prisma } from '../../../generated/prisma/client.js';
import type { Db, Tx } from '../../../people/db.js';
import type { HandlerContext } from '../../../people/handlers.js';
import { lineBelow } from '../../../people/line.js';

/** What somebody may read, as far as a list needs to know: the same as rights.ts, mayRead, for many cases at once. */
export interface Sight {
  readonly personId: string;
  readonly isOwner: boolean;
  readonly isManager: boolean;
  /** Everyone below in the line. */
  readonly belowIds: readonly string[];
  /** Channels that are open, or that the person is in; of no matter to managers. */
  readonly channelIds: readonly string[];
}

export async function sightOf({
  db,
  organisation,
  person,
  role,
}: Pick<HandlerContext, 'db' | 'organisation' | 'person' | 'role'>): Promise<Sight> {
  const [isOwner, isManager] = [hasRole(role, 'owner'), hasRole(role, 'manager')];
  const [belowIds, channelIds] = await Promise.all([
    isOwner ? [] : lineBelow(db, organisation.id, person.id),
    isManager ? [] : channelsOf(db, organisation.id, person.id),
  ]);
  return { personId: person.id, isOwner, isManager, belowIds, channelIds };
}

async function channelsOf(db: Db | Tx, organisationId: string, personId: string): Promise<readonly string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT c.id FROM channel c WHERE c."organisationId" = ${organisationId}::uuid AND NOT c."isPrivate" AND c.kind = 'channel'
    UNION
    SELECT m."channelId" FROM channel_member m
    JOIN account a ON a."organisationId" = m."organisationId" AND a.id = m."accountId" AND a."personId" = ${personId}::uuid
    WHERE m."organisationId" = ${organisationId}::uuid`;
  return rows.map(({ id }) => id);
}

/**
 * Whether somebody may read the case `c` of the feedback `f`.
 * @returns a predicate; a private case is for the line and owners, never for whom it is about, also where its feedback tells otherwise
 */
export function readableSql({ personId, isOwner, isManager, belowIds, channelIds }: Sight): Prisma.Sql {
  const concerned = (who: Prisma.Sql) => Prisma.sql`EXISTS (
    SELECT 1 FROM feedback_concern k
    WHERE k."organisationId" = f."organisationId" AND k."feedbackId" = f.id AND ${who})`;
  const isConcerned = concerned(Prisma.sql`k."personId" = ${personId}::uuid`);
  const inLine = belowIds.length === 0 ? Prisma.sql`false` : concerned(Prisma.sql`k."personId" = ANY (${[...belowIds]}::uuid[])`);
  const privately = Prisma.sql`(${isOwner ? Prisma.sql`true` : inLine} AND NOT ${isConcerned})`;
  const passed = isManager
    ? Prisma.sql`true`
    : Prisma.sql`COALESCE(c."ownerId" = ${personId}::uuid OR f."personId" = ${personId}::uuid OR f."channelId" = ANY (${[...channelIds]}::uuid[]), false)`;
  const undecided = isManager ? Prisma.sql`NOT ${isConcerned}` : Prisma.sql`false`;
  return Prisma.sql`(CASE
    WHEN c.private OR f.state = 'private' THEN ${privately}
    WHEN f.state = 'passed' THEN ${passed}
    ELSE ${undecided} END)`;
}
