import { Prisma } from '../../../generated/prisma/client.js';
import type { Db, Tx } from '../../../people/db.js';
import { newId } from '../../../people/ids.js';
import type { Task } from './model.js';

type TaskRow = Omit<Task, 'ownerName' | 'settledByName'> & { readonly ownerName: string | null; readonly settledByName: string | null };

async function load(db: Db | Tx, organisationId: string, where: Prisma.Sql, tail: Prisma.Sql = Prisma.empty): Promise<Task[]> {
  const rows = await db.$queryRaw<TaskRow[]>`
    SELECT t.id, t."dateId", t.words, t."ownerId", o.name AS "ownerName", COALESCE(o.status = 'active', false) AS "ownerActive",
           t."dueOn"::text AS "dueOn", t.state, t."settledById", s.name AS "settledByName", t."askedCount"
    FROM seminar_task t
    LEFT JOIN person o ON o."organisationId" = t."organisationId" AND o.id = t."ownerId" AND o."erasedAt" IS NULL
    LEFT JOIN person s ON s."organisationId" = t."organisationId" AND s.id = t."settledById" AND s."erasedAt" IS NULL
    WHERE t."organisationId" = ${organisationId}::uuid AND ${where} ${tail}`;
  return rows.map((row) => ({ ...row, ownerName: row.ownerName ?? '', settledByName: row.settledByName ?? '' }));
}

/** The action items of a date: open ones first, then by day. */
export async function listTasks(db: Db | Tx, organisationId: string, dateId: string): Promise<Task[]> {
  return await load(db, organisationId, Prisma.sql`t."dateId" = ${dateId}::uuid`, Prisma.sql`ORDER BY t.state <> 'open', t."dueOn", t.id`);
}

/** What a person still has to do, what is due first at the top. */
export async function listOpenOf(db: Db | Tx, organisationId: string, ownerId: string): Promise<Task[]> {
  return await load(
    db,
    organisationId,
    Prisma.sql`t."ownerId" = ${ownerId}::uuid AND t.state = 'open'`,
    Prisma.sql`ORDER BY t."dueOn", t.id LIMIT 200`,
  );
}

export async function findTask(db: Db | Tx, organisationId: string, id: string): Promise<Task | undefined> {
  const [found] = await load(db, organisationId, Prisma.sql`t.id = ${id}::uuid`);
  return found;
}

/** The same, locked until the commit. */
export async function lockTask(tx: Tx, organisationId: string, id: string): Promise<Task | undefined> {
  await tx.$queryRaw`SELECT t.id FROM seminar_task t WHERE t."organisationId" = ${organisationId}::uuid AND t.id = ${id}::uuid FOR UPDATE`;
  return await findTask(tx, organisationId, id);
}

export interface TaskValues {
  readonly words: string;
  readonly ownerId: string;
  /** `YYYY-MM-DD`. */
  readonly dueOn: string;
  /** When it is asked after for the first time. */
  readonly nextAskAt: Date;
}

/** @returns the new action item's id */
export async function addTask(
  tx: Tx,
  organisationId: string,
  dateId: string,
  values: TaskValues,
  byId: string,
  now: Date,
): Promise<string> {
  const id = newId(now);
  const { dueOn, ...rest } = values;
  await tx.seminarTask.create({
    data: { ...rest, organisationId, id, dateId, dueOn: new Date(`${dueOn}T00:00:00Z`), createdAt: now, createdById: byId },
  });
  return id;
}

/** Changes an open action item; it is asked after anew. */
export async function changeTask(tx: Tx, organisationId: string, id: string, values: TaskValues): Promise<void> {
  const { dueOn, ...rest } = values;
  await tx.seminarTask.updateMany({
    where: { organisationId, id, state: 'open' },
    data: { ...rest, dueOn: new Date(`${dueOn}T00:00:00Z`), askedCount: 0 },
  });
}

/** @returns false when it was settled before */
export async function settleTask(
  tx: Tx,
  organisationId: string,
  id: string,
  state: 'done' | 'dropped',
  byId: string,
  now: Date,
): Promise<boolean> {
  const { count } = await tx.seminarTask.updateMany({
    where: { organisationId, id, state: 'open' },
    data: { state, settledAt: now, settledById: byId, nextAskAt: null },
  });
  return count > 0;
}

/** Action items to be asked after by now, locked; those that another process is at are left out. */
export async function lockDueTasks(tx: Tx, organisationId: string, now: Date, limit: number): Promise<Task[]> {
  return await lockThose(tx, organisationId, Prisma.sql`t."nextAskAt" <= ${now}::timestamptz`, limit);
}

/** Action items of people who have left that are still to be asked after, locked. */
export async function lockOwnerless(tx: Tx, organisationId: string, limit: number): Promise<Task[]> {
  const left = Prisma.sql`EXISTS (
    SELECT 1 FROM person p WHERE p."organisationId" = t."organisationId" AND p.id = t."ownerId" AND p.status <> 'active')`;
  return await lockThose(tx, organisationId, left, limit);
}

async function lockThose(tx: Tx, organisationId: string, where: Prisma.Sql, limit: number): Promise<Task[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT t.id FROM seminar_task t
    WHERE t."organisationId" = ${organisationId}::uuid AND t."nextAskAt" IS NOT NULL AND t.state = 'open' AND ${where}
    ORDER BY t."nextAskAt", t.id LIMIT ${limit} FOR UPDATE SKIP LOCKED`;
  const ids = rows.map((row) => row.id);
  return ids.length === 0
    ? []
    : await load(tx, organisationId, Prisma.sql`t.id = ANY (${ids}::uuid[])`, Prisma.sql`ORDER BY t."dueOn", t.id`);
}

/** Notes that it was asked after. @param nextAskAt null: never again by itself */
export async function noteAsked(tx: Tx, organisationId: string, id: string, askedCount: number, nextAskAt: Date | null): Promise<void> {
  await tx.seminarTask.updateMany({ where: { organisationId, id }, data: { askedCount, nextAskAt } });
}
