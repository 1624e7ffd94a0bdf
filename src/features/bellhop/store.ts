import type { Platform } from '../../core/interaction.js';
import type { Role } from '../../core/roles.js';
import { Prisma } from '../../generated/prisma/client.js';
import { presentSql } from '../../people/audience.js';
import type { Db, Tx } from '../../people/db.js';
import { newId } from '../../people/ids.js';
import type { Organisation } from '../../people/model.js';
import { foldName } from '../../people/names.js';

export interface WorkspaceRow {
  readonly organisationId: string;
  readonly id: string;
  readonly platform: Platform;
  readonly externalId: string;
  readonly installedAt: Date;
  readonly membersSyncedAt: Date | null;
}

export async function findWorkspace(db: Db | Tx, organisationId: string, id: string): Promise<WorkspaceRow | undefined> {
  return (await db.workspace.findFirst({ where: { organisationId, id, removedAt: null } })) ?? undefined;
}

export async function listWorkspaces(db: Db | Tx, organisationId: string): Promise<WorkspaceRow[]> {
  return await db.workspace.findMany({ where: { organisationId, removedAt: null }, orderBy: { id: 'asc' } });
}

/** Channels that the bot is in and whose members nobody has read; workspaces that are being read for the first time get there themselves. */
export async function listUnreadChannels(db: Db | Tx, organisationId: string, workspaceIds: readonly string[]) {
  return await db.channel.findMany({
    where: { organisationId, workspaceId: { in: [...workspaceIds] }, botIsMember: true, archivedAt: null, membersSyncedAt: null },
    select: { organisationId: true, id: true, workspaceId: true },
    take: 50,
  });
}

export async function listOwnerIds(db: Db | Tx, organisationId: string): Promise<string[]> {
  const rows = await db.person.findMany({
    where: { organisationId, role: 'owner', status: 'active' },
    select: { id: true },
    orderBy: { id: 'asc' },
  });
  return rows.map((row) => row.id);
}

/** @returns whether this was the first time */
export async function markFirstRunAsked(tx: Tx, organisationId: string, now: Date): Promise<boolean> {
  const { count } = await tx.organisation.updateMany({
    where: { id: organisationId, firstRunAskedAt: null },
    data: { firstRunAskedAt: now },
  });
  return count > 0;
}

export interface SettingsChange {
  readonly zone: string;
  readonly locale: string;
  readonly country: string | null;
  readonly workStart: number;
  readonly workEnd: number;
  readonly workDays: number[];
  readonly dailyCap: number;
  readonly guestsAllowed: boolean;
  readonly announcementsChannelId: string | null;
  readonly managersChannelId: string | null;
}

export async function saveSettings(tx: Tx, organisationId: string, change: SettingsChange, now: Date): Promise<void> {
  await tx.organisation.update({ where: { id: organisationId }, data: change });
  await tx.organisation.updateMany({ where: { id: organisationId, firstRunDoneAt: null }, data: { firstRunDoneAt: now } });
}

/** A line of the list of people. */
export interface PersonLine {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly teamName: string | null;
  readonly locationName: string | null;
  readonly lineManagerName: string | null;
}

const LINE_COLUMNS = Prisma.sql`p.id, p.name, p.role, t.name AS "teamName", l.name AS "locationName", m.name AS "lineManagerName"`;
const LINE_JOINS = Prisma.sql`
  LEFT JOIN team t ON t."organisationId" = p."organisationId" AND t.id = p."teamId"
  LEFT JOIN location l ON l."organisationId" = p."organisationId" AND l.id = p."locationId"
  LEFT JOIN person m ON m."organisationId" = p."organisationId" AND m.id = p."lineManagerId"`;

/** Present people by name. `roles`: only these. */
export async function listPeople(
  db: Db | Tx,
  organisation: Organisation,
  options: { readonly offset: number; readonly limit: number; readonly roles?: readonly Role[] },
): Promise<{ readonly people: PersonLine[]; readonly total: number }> {
  const where = Prisma.sql`${presentSql(organisation)} ${
    options.roles ? Prisma.sql`AND p.role::text = ANY(${[...options.roles]}::text[])` : Prisma.empty
  }`;
  const people = await db.$queryRaw<PersonLine[]>`
    SELECT ${LINE_COLUMNS} FROM person p ${LINE_JOINS} WHERE ${where}
    ORDER BY ${options.roles ? Prisma.sql`p.role DESC,` : Prisma.empty} lower(p.name), p.id LIMIT ${options.limit} OFFSET ${options.offset}`;
  const [row] = await db.$queryRaw<{ total: number }[]>`SELECT count(*)::int AS total FROM person p WHERE ${where}`;
  return { people, total: row?.total ?? 0 };
}

export async function findLine(db: Db | Tx, organisationId: string, personId: string): Promise<PersonLine | undefined> {
  const [row] = await db.$queryRaw<PersonLine[]>`
    SELECT ${LINE_COLUMNS} FROM person p ${LINE_JOINS} WHERE p."organisationId" = ${organisationId}::uuid AND p.id = ${personId}::uuid`;
  return row;
}

/** Where a person has accounts, and why one can't be written to. */
export async function listAccounts(db: Db | Tx, organisationId: string, personId: string) {
  const rows = await db.account.findMany({
    where: { organisationId, personId, status: 'active' },
    select: { externalId: true, workspaceId: true, unreachableReason: true, workspace: { select: { platform: true } } },
    orderBy: [{ lastUsedAt: { sort: 'desc', nulls: 'last' } }, { id: 'asc' }],
  });
  return rows.map((row) => ({
    externalId: row.externalId,
    workspaceId: row.workspaceId,
    platform: row.workspace.platform,
    unreachableReason: row.unreachableReason,
  }));
}

/** Somebody to whom nothing can be delivered: none of their accounts can be written to. */
export interface Unreachable {
  readonly id: string;
  readonly name: string;
  readonly platform: Platform;
  readonly reason: string;
}

export async function listUnreachable(
  db: Db | Tx,
  organisation: Organisation,
  options: { readonly offset: number; readonly limit: number },
): Promise<{ readonly people: Unreachable[]; readonly total: number }> {
  const where = unreachableSql(organisation);
  const people = await db.$queryRaw<Unreachable[]>`
    SELECT p.id, p.name, u.platform, u.reason FROM person p
    JOIN LATERAL (
      SELECT w.platform, coalesce(a."unreachableReason", 'app_removed') AS reason FROM account a
      JOIN workspace w ON w."organisationId" = a."organisationId" AND w.id = a."workspaceId"
      WHERE a."organisationId" = p."organisationId" AND a."personId" = p.id AND a.status = 'active'
      ORDER BY a."lastUsedAt" DESC NULLS LAST, a.id LIMIT 1
    ) u ON true
    WHERE ${where} ORDER BY lower(p.name), p.id LIMIT ${options.limit} OFFSET ${options.offset}`;
  return { people, total: await countUnreachable(db, organisation) };
}

export async function countUnreachable(db: Db | Tx, organisation: Organisation): Promise<number> {
  const [row] = await db.$queryRaw<{ total: number }[]>`SELECT count(*)::int AS total FROM person p WHERE ${unreachableSql(organisation)}`;
  return row?.total ?? 0;
}

function unreachableSql(organisation: Organisation): Prisma.Sql {
  return Prisma.sql`${presentSql(organisation)} AND NOT EXISTS (
    SELECT 1 FROM account a
    JOIN workspace w ON w."organisationId" = a."organisationId" AND w.id = a."workspaceId" AND w."removedAt" IS NULL
    WHERE a."organisationId" = p."organisationId" AND a."personId" = p.id AND a.status = 'active' AND a."unreachableReason" IS NULL)`;
}

export async function listTeams(db: Db | Tx, organisationId: string): Promise<{ id: string; name: string }[]> {
  return await db.team.findMany({ where: { organisationId }, select: { id: true, name: true }, orderBy: [{ name: 'asc' }, { id: 'asc' }] });
}

/** The team of this name, whatever its case and diacritics; a new one when there is none. */
export async function ensureTeam(tx: Tx, organisationId: string, name: string, now: Date): Promise<string> {
  const folded = foldName(name);
  const found = (await listTeams(tx, organisationId)).find((team) => foldName(team.name) === folded);
  if (found) return found.id;
  const id = newId(now);
  await tx.team.create({ data: { organisationId, id, name, createdAt: now } });
  return id;
}

export async function createTeams(tx: Tx, organisationId: string, names: readonly string[], now: Date): Promise<void> {
  await tx.team.createMany({ data: names.map((name) => ({ organisationId, id: newId(now), name, createdAt: now })) });
}

export async function createLocations(tx: Tx, organisationId: string, names: readonly string[], now: Date): Promise<void> {
  await tx.location.createMany({ data: names.map((name) => ({ organisationId, id: newId(now), name, createdAt: now })) });
}

export interface LocationRow {
  readonly id: string;
  readonly name: string;
  readonly zone: string | null;
  readonly country: string | null;
  readonly locale: string | null;
  readonly workStart: number | null;
  readonly workEnd: number | null;
  readonly workDays: number[];
}

export async function listLocations(db: Db | Tx, organisationId: string): Promise<LocationRow[]> {
  return await db.location.findMany({ where: { organisationId }, orderBy: [{ name: 'asc' }, { id: 'asc' }] });
}

export async function findLocation(db: Db | Tx, organisationId: string, id: string): Promise<LocationRow | undefined> {
  return (await db.location.findFirst({ where: { organisationId, id } })) ?? undefined;
}

export async function saveLocation(
  tx: Tx,
  organisationId: string,
  id: string | null,
  data: Omit<LocationRow, 'id'>,
  now: Date,
): Promise<string> {
  if (id) {
    await tx.location.update({ where: { organisationId_id: { organisationId, id } }, data });
    return id;
  }
  const made = newId(now);
  await tx.location.create({ data: { organisationId, id: made, createdAt: now, ...data } });
  return made;
}

/** How many people have a location. */
export async function countByLocation(db: Db | Tx, organisationId: string): Promise<Map<string, number>> {
  const rows = await db.person.groupBy({
    by: ['locationId'],
    where: { organisationId, status: 'active', locationId: { not: null } },
    _count: true,
  });
  return new Map(rows.map((row) => [row.locationId ?? '', row._count]));
}

export async function setLanguage(tx: Tx, organisationId: string, personId: string, locale: string | null): Promise<void> {
  await tx.person.update({ where: { organisationId_id: { organisationId, id: personId } }, data: { locale } });
}

/** A person as a file of people names them. */
export interface FilePerson {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly emailHash: string | null;
  readonly emailCipher: string | null;
  readonly lineManagerId: string | null;
  readonly teamId: string | null;
  readonly locationId: string | null;
}

/** Everybody present, for a file. */
export async function listForFile(db: Db | Tx, organisation: Organisation): Promise<FilePerson[]> {
  return await db.$queryRaw<FilePerson[]>`
    SELECT p.id, p.name, p.role, p."emailHash", p."emailCipher", p."lineManagerId", p."teamId", p."locationId"
    FROM person p WHERE ${presentSql(organisation)} ORDER BY lower(p.name), p.id`;
}

/** Sets many people at once: one statement. */
export async function savePeople(
  tx: Tx,
  organisationId: string,
  people: readonly Pick<FilePerson, 'id' | 'role' | 'lineManagerId' | 'teamId' | 'locationId'>[],
): Promise<void> {
  if (people.length === 0) return;
  await tx.$executeRaw`
    UPDATE person p SET role = v.role::"Role", "lineManagerId" = v.line, "teamId" = v.team, "locationId" = v.location
    FROM unnest(
      ${people.map((person) => person.id)}::uuid[], ${people.map((person) => person.role)}::text[],
      ${people.map((person) => person.lineManagerId)}::uuid[], ${people.map((person) => person.teamId)}::uuid[],
      ${people.map((person) => person.locationId)}::uuid[]) AS v(id, role, line, team, location)
    WHERE p."organisationId" = ${organisationId}::uuid AND p.id = v.id AND p.status = 'active'`;
}

/** The audit events of many changes: one statement. */
export async function saveAudit(
  tx: Tx,
  organisationId: string,
  actorId: string,
  events: readonly { readonly verb: string; readonly subjectId: string; readonly from: string | null; readonly to: string | null }[],
  now: Date,
): Promise<void> {
  if (events.length === 0) return;
  await tx.$executeRaw`
    INSERT INTO audit_event ("organisationId", id, at, "actorId", verb, "subjectId", data)
    SELECT ${organisationId}::uuid, e.id, ${now}::timestamptz, ${actorId}::uuid, e.verb, e.subject, jsonb_build_object('from', e."from", 'to', e."to")
    FROM unnest(
      ${events.map(() => newId(now))}::uuid[], ${events.map((event) => event.verb)}::text[], ${events.map((event) => event.subjectId)}::uuid[],
      ${events.map((event) => event.from)}::text[], ${events.map((event) => event.to)}::text[]) AS e(id, verb, subject, "from", "to")`;
}
