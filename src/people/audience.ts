import { BellhopError } from '../core/errors.js';
import type { Role } from '../core/roles.js';
import { key, list, person, select, type Text, words } from '../core/text.js';
import { Prisma } from '../generated/prisma/client.js';
import type { Db, Tx } from './db.js';
import type { Audience, Organisation, Person } from './model.js';
import { loadPeople } from './people.js';

/**
 * Who can be asked at all: active people with an account that counts. Guests do when the organisation lets them in.
 * A predicate over `person p`.
 */
export function presentSql(organisation: Pick<Organisation, 'id' | 'guestsAllowed'>): Prisma.Sql {
  return Prisma.sql`(p."organisationId" = ${organisation.id}::uuid AND p.status = 'active' AND EXISTS (
    SELECT 1 FROM account pa
    WHERE pa."organisationId" = p."organisationId" AND pa."personId" = p.id AND pa.status = 'active'
      AND (${organisation.guestsAllowed}::boolean OR NOT pa."isGuest")))`;
}

/** Those of these people who can be asked, once each and in the same order. */
export async function presentAmong(
  db: Db | Tx,
  organisation: Pick<Organisation, 'id' | 'guestsAllowed'>,
  personIds: readonly string[],
): Promise<readonly string[]> {
  if (personIds.length === 0) return [];
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT p.id FROM person p WHERE ${presentSql(organisation)} AND p.id = ANY (${[...personIds]}::uuid[])`;
  const present = new Set(rows.map(({ id }) => id));
  return [...new Set(personIds)].filter((id) => present.has(id));
}

/** Who belongs to an audience at this moment: a predicate over `person p`, the organisation included. */
export function audienceSql(organisation: Pick<Organisation, 'id' | 'guestsAllowed'>, audience: Audience): Prisma.Sql {
  return Prisma.sql`(${presentSql(organisation)} AND ${targetSql(organisation.id, audience)})`;
}

function targetSql(organisationId: string, audience: Audience): Prisma.Sql {
  switch (audience.kind) {
    case 'everyone':
      return Prisma.sql`true`;
    case 'channel':
      return Prisma.sql`EXISTS (
        SELECT 1 FROM channel_member cm
        JOIN account ca ON ca."organisationId" = cm."organisationId" AND ca.id = cm."accountId" AND ca.status = 'active'
        WHERE cm."organisationId" = ${organisationId}::uuid AND cm."channelId" = ${audience.channelId}::uuid AND ca."personId" = p.id)`;
    case 'team':
      return Prisma.sql`p."teamId" = ${audience.teamId}::uuid`;
    case 'role':
      return Prisma.sql`p.role = ${audience.role}::"Role"`;
    case 'location':
      return Prisma.sql`p."locationId" = ${audience.locationId}::uuid`;
    case 'people':
      return Prisma.sql`p.id = ANY(${[...audience.personIds]}::uuid[])`;
  }
}

/** Whether a person belongs to an audience at this moment. */
export async function inAudience(
  db: Db | Tx,
  organisation: Pick<Organisation, 'id' | 'guestsAllowed'>,
  audience: Audience,
  personId: string,
): Promise<boolean> {
  const rows = await db.$queryRaw<
    unknown[]
  >`SELECT 1 FROM person p WHERE p.id = ${personId}::uuid AND ${audienceSql(organisation, audience)}`;
  return rows.length > 0;
}

/** How many people belong to an audience at this moment. */
export async function countAudience(
  db: Db | Tx,
  organisation: Pick<Organisation, 'id' | 'guestsAllowed'>,
  audience: Audience,
): Promise<number> {
  const [row] = await db.$queryRaw<
    { count: number }[]
  >`SELECT count(*)::int AS count FROM person p WHERE ${audienceSql(organisation, audience)}`;
  return row?.count ?? 0;
}

/**
 * The people of an audience, page by page, in the order of their ids.
 * @param page `after` is the id that the page before ended with; `limit` how many at most
 */
export async function audiencePeople(
  db: Db | Tx,
  organisation: Pick<Organisation, 'id' | 'guestsAllowed'>,
  audience: Audience,
  page: { readonly after?: string; readonly limit: number },
): Promise<Person[]> {
  const after = page.after ? Prisma.sql`AND p.id > ${page.after}::uuid` : Prisma.empty;
  return await loadPeople(db, Prisma.sql`${audienceSql(organisation, audience)} ${after}`, Prisma.sql`ORDER BY p.id LIMIT ${page.limit}`);
}

/**
 * Checks that what an audience names is the organisation's own.
 * @throws BellhopError `people.audience_unknown` when it isn't, `people.audience_empty` when it names nobody
 */
export async function checkAudience(db: Db | Tx, organisationId: string, audience: Audience): Promise<void> {
  if (!(await audienceExists(db, organisationId, audience))) throw new BellhopError('people.audience_unknown');
}

async function audienceExists(db: Db | Tx, organisationId: string, audience: Audience): Promise<boolean> {
  switch (audience.kind) {
    case 'everyone':
    case 'role':
      return true;
    case 'channel':
      return (await db.channel.count({ where: { organisationId, id: audience.channelId } })) > 0;
    case 'team':
      return (await db.team.count({ where: { organisationId, id: audience.teamId } })) > 0;
    case 'location':
      return (await db.location.count({ where: { organisationId, id: audience.locationId } })) > 0;
    case 'people': {
      const ids = [...new Set(audience.personIds)];
      if (ids.length === 0) throw new BellhopError('people.audience_empty');
      return (await db.person.count({ where: { organisationId, id: { in: ids } } })) === ids.length;
    }
  }
}

/** An audience in words: "Everyone", "Channel #front", "Ana, Ben and 3 more". */
export async function describeAudience(db: Db | Tx, organisationId: string, audience: Audience): Promise<Text> {
  switch (audience.kind) {
    case 'everyone':
      return key('people.audience.everyone');
    case 'role':
      return key('people.audience.role', { role: select(audience.role) });
    case 'channel': {
      const channel = await db.channel.findFirst({ where: { organisationId, id: audience.channelId }, select: { name: true } });
      return channel ? key('people.audience.channel', { channel: words(channel.name) }) : key('people.audience.gone');
    }
    case 'team': {
      const team = await db.team.findFirst({ where: { organisationId, id: audience.teamId }, select: { name: true } });
      return team ? key('people.audience.team', { team: words(team.name) }) : key('people.audience.gone');
    }
    case 'location': {
      const location = await db.location.findFirst({ where: { organisationId, id: audience.locationId }, select: { name: true } });
      return location ? key('people.audience.location', { location: words(location.name) }) : key('people.audience.gone');
    }
    case 'people': {
      const shown = 3;
      const rows = await db.person.findMany({
        where: { organisationId, id: { in: [...audience.personIds] } },
        select: { name: true },
        orderBy: [{ name: 'asc' }, { id: 'asc' }],
      });
      const names = list(rows.slice(0, shown).map((row) => person(row.name)));
      if (rows.length === 0) return key('people.audience.gone');
      return rows.length > shown ? key('people.audience.people_more', { names, more: rows.length - shown }) : names;
    }
  }
}

/** An audience as a row keeps it. */
export interface AudienceColumns {
  readonly audienceKind: Audience['kind'];
  readonly audienceTarget: string | null;
  readonly audiencePeople: string[];
}

/** The audience of a row. */
export function toAudience(row: AudienceColumns): Audience {
  const target = row.audienceTarget ?? '';
  switch (row.audienceKind) {
    case 'everyone':
      return { kind: 'everyone' };
    case 'channel':
      return { kind: 'channel', channelId: target };
    case 'team':
      return { kind: 'team', teamId: target };
    case 'role':
      return { kind: 'role', role: target as Role };
    case 'location':
      return { kind: 'location', locationId: target };
    case 'people':
      return { kind: 'people', personIds: row.audiencePeople };
  }
}

/** The columns of an audience. */
export function audienceColumns(audience: Audience): AudienceColumns {
  const people = audience.kind === 'people' ? [...audience.personIds] : [];
  return { audienceKind: audience.kind, audienceTarget: targetOf(audience), audiencePeople: people };
}

function targetOf(audience: Audience): string | null {
  switch (audience.kind) {
    case 'channel':
      return audience.channelId;
    case 'team':
      return audience.teamId;
    case 'role':
      return audience.role;
    case 'location':
      return audience.locationId;
    case 'everyone':
    case 'people':
      return null;
  }
}
