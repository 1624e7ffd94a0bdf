import type { Role } from '../core/roles.js';
import type { Reader } from '../core/text.js';
import { Prisma } from '../generated/prisma/client.js';
import type { Db, Tx } from './db.js';
import { isZone } from './hours.js';
import type { Organisation, Person } from './model.js';

/** A person, whether active or left; undefined when the organisation has none of this id. */
export async function findPerson(db: Db | Tx, organisationId: string, personId: string): Promise<Person | undefined> {
  return (await findPeople(db, organisationId, [personId])).get(personId);
}

/** Those of the given people whom the organisation has, by id: one query. */
export async function findPeople(db: Db | Tx, organisationId: string, personIds: readonly string[]): Promise<Map<string, Person>> {
  if (personIds.length === 0) return new Map();
  const rows = await loadPeople(
    db,
    Prisma.sql`p."organisationId" = ${organisationId}::uuid AND p.id = ANY(${[...personIds]}::uuid[])`,
    Prisma.empty,
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** How this person reads: language and zone of everything shown to them. */
export function readerOf(person: Pick<Person, 'locale' | 'zone'>): Reader {
  return { locale: person.locale, zone: person.zone };
}

/** How nobody in particular reads: a channel of the organisation. */
export function organisationReader(organisation: Pick<Organisation, 'locale' | 'zone'>): Reader {
  return { locale: organisation.locale, zone: organisation.zone };
}

/**
 * People with what they inherit from their accounts, location and organisation.
 * @param where a predicate over `p` (person), which must name the organisation
 * @param tail ORDER BY and LIMIT
 */
export async function loadPeople(db: Db | Tx, where: Prisma.Sql, tail: Prisma.Sql): Promise<Person[]> {
  const rows = await db.$queryRaw<PersonRow[]>`
    SELECT ${PERSON_COLUMNS}, a."accountLocale", a."accountZone", a."accountPicture"
    FROM person p
    JOIN organisation o ON o.id = p."organisationId"
    LEFT JOIN location l ON l."organisationId" = p."organisationId" AND l.id = p."locationId"
    LEFT JOIN LATERAL (
      SELECT (array_agg(a.locale ORDER BY a."lastUsedAt" DESC NULLS LAST, a.id) FILTER (WHERE a.locale IS NOT NULL))[1] AS "accountLocale",
             (array_agg(a.zone ORDER BY a."lastUsedAt" DESC NULLS LAST, a.id) FILTER (WHERE a.zone IS NOT NULL))[1] AS "accountZone",
             (array_agg(a."pictureUrl" ORDER BY a."lastUsedAt" DESC NULLS LAST, a.id) FILTER (WHERE a."pictureUrl" IS NOT NULL))[1]
               AS "accountPicture"
      FROM account a
      WHERE a."organisationId" = p."organisationId" AND a."personId" = p.id
    ) a ON true
    WHERE ${where} ${tail}`;
  return rows.map(toPerson);
}

/** The columns of `p`, `l` and `o` that make a person; the account's are the query's own business. */
export const PERSON_COLUMNS = Prisma.sql`
  p.id, p.name, p.role, p.status, p."lineManagerId", p."teamId", p."locationId", p.locale AS "chosenLocale",
  l.locale AS "locationLocale", l.zone AS "locationZone", l."workStart" AS "locationStart", l."workEnd" AS "locationEnd",
  l."workDays" AS "locationDays",
  o.locale AS "organisationLocale", o.zone AS "organisationZone", o."workStart" AS "organisationStart", o."workEnd" AS "organisationEnd",
  o."workDays" AS "organisationDays"`;

/** A row of PERSON_COLUMNS with the account's locale, zone and picture. */
export interface PersonRow {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly status: 'active' | 'left';
  readonly lineManagerId: string | null;
  readonly teamId: string | null;
  readonly locationId: string | null;
  readonly chosenLocale: string | null;
  readonly accountLocale: string | null;
  readonly accountZone: string | null;
  readonly accountPicture: string | null;
  readonly locationLocale: string | null;
  readonly locationZone: string | null;
  readonly locationStart: number | null;
  readonly locationEnd: number | null;
  readonly locationDays: readonly number[] | null;
  readonly organisationLocale: string;
  readonly organisationZone: string;
  readonly organisationStart: number;
  readonly organisationEnd: number;
  readonly organisationDays: readonly number[];
}

export function toPerson(row: PersonRow): Person {
  return {
    id: row.id,
    name: row.name,
    role: row.role,
    active: row.status === 'active',
    lineManagerId: row.lineManagerId,
    teamId: row.teamId,
    locationId: row.locationId,
    pictureUrl: row.accountPicture,
    locale: row.chosenLocale ?? row.accountLocale ?? row.locationLocale ?? row.organisationLocale,
    zone: [row.accountZone, row.locationZone, row.organisationZone].find((zone) => zone !== null && isZone(zone)) ?? 'UTC',
    hours: {
      start: row.locationStart ?? row.organisationStart,
      end: row.locationEnd ?? row.organisationEnd,
      days: row.locationDays && row.locationDays.length > 0 ? row.locationDays : row.organisationDays,
    },
  };
}
