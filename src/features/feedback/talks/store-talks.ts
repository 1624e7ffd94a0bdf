import { Prisma } from '../../../generated/prisma/client.js';
import { presentSql } from '../../../people/audience.js';
import type { Db, Tx } from '../../../people/db.js';
import { newId } from '../../../people/ids.js';
import { belowSql } from '../../../people/line.js';
import type { Organisation } from '../../../people/model.js';

/** Whom a piece of feedback is about, who are still here. */
export async function findConcernedPeople(tx: Tx, organisationId: string, feedbackId: string): Promise<string[]> {
  const rows = await tx.feedbackConcern.findMany({ where: { organisationId, feedbackId }, orderBy: { addedAt: 'asc' } });
  const present = await tx.person.findMany({
    where: { organisationId, id: { in: rows.map(({ personId }) => personId) }, status: 'active' },
    select: { id: true },
  });
  return rows.map(({ personId }) => personId).filter((personId) => present.some(({ id }) => id === personId));
}

/** Everybody whom a piece of feedback is about, whether here or not. */
export async function listConcernIds(db: Db | Tx, organisationId: string, feedbackId: string): Promise<readonly string[]> {
  const rows = await db.feedbackConcern.findMany({ where: { organisationId, feedbackId }, select: { personId: true } });
  return rows.map(({ personId }) => personId);
}

/** A complaint about a colleague, to be talked about or talked about already. */
export interface Talk {
  readonly id: string;
  readonly feedbackId: string;
  /** Whom it is about. */
  readonly personId: string;
  readonly personName: string;
  readonly personActive: boolean;
  readonly personLocationId: string | null;
  /** Who is asked to talk with them; null: the owners. */
  readonly lineId: string | null;
  /** `YYYY-MM-DD`. */
  readonly dueOn: string;
  /** `dropped` too where it is about that person no longer. */
  readonly state: 'open' | 'talked' | 'dropped';
  readonly agreed: string;
  readonly showsWords: boolean;
  readonly talkedAt: Date | null;
  readonly talkedById: string | null;
  readonly talkedByName: string | null;
  readonly answer: string;
  readonly answeredAt: Date | null;
  readonly asked: number;
  /** Null: its day was not moved. */
  readonly movedWhy: string | null;
  readonly createdAt: Date;
}

/** Whether a talk `t` is about that person no longer: a manager has found otherwise. */
const OVER = Prisma.sql`(t.state = 'open' AND (p.status <> 'active' OR f.state <> 'private' OR NOT EXISTS (
  SELECT 1 FROM feedback_concern k
  WHERE k."organisationId" = t."organisationId" AND k."feedbackId" = t."feedbackId" AND k."personId" = t."personId")))`;

const TABLES = Prisma.sql`feedback_talk t
  JOIN feedback f ON f."organisationId" = t."organisationId" AND f.id = t."feedbackId"
  JOIN person p ON p."organisationId" = t."organisationId" AND p.id = t."personId"
  LEFT JOIN person b ON b."organisationId" = t."organisationId" AND b.id = t."talkedById"`;

/** Talks `t` that are to be held still, to select from: further conditions may follow. */
export const OPEN_TALKS = (organisationId: string): Prisma.Sql =>
  Prisma.sql`${TABLES} WHERE t."organisationId" = ${organisationId}::uuid AND t.state = 'open' AND NOT ${OVER}`;

async function loadTalks(db: Db | Tx, where: Prisma.Sql, tail: Prisma.Sql = Prisma.empty): Promise<Talk[]> {
  return await db.$queryRaw<Talk[]>`
    SELECT t.id, t."feedbackId", t."personId", p.name AS "personName", p.status = 'active' AS "personActive",
           p."locationId" AS "personLocationId", t."lineId", to_char(t."dueOn", 'YYYY-MM-DD') AS "dueOn",
           CASE WHEN ${OVER} THEN 'dropped' ELSE t.state::text END AS state, t.agreed, t."showsWords", t."talkedAt", t."talkedById",
           b.name AS "talkedByName", t.answer, t."answeredAt", t.asked, t."movedWhy", t."createdAt"
    FROM ${TABLES} WHERE ${where} ${tail}`;
}

export async function findTalk(db: Db | Tx, organisationId: string, talkId: string): Promise<Talk | undefined> {
  const [found] = await loadTalks(db, Prisma.sql`t."organisationId" = ${organisationId}::uuid AND t.id = ${talkId}::uuid`);
  return found;
}

/** Locks a talk until the transaction ends; as it stands then. */
export async function lockTalk(tx: Tx, organisationId: string, talkId: string): Promise<Talk | undefined> {
  await tx.$queryRaw`SELECT 1 FROM feedback_talk WHERE "organisationId" = ${organisationId}::uuid AND id = ${talkId}::uuid FOR UPDATE`;
  return await findTalk(tx, organisationId, talkId);
}

export interface NewTalk {
  readonly feedbackId: string;
  readonly personId: string;
  readonly lineId: string | null;
  /** `YYYY-MM-DD`. */
  readonly dueOn: string;
}

/**
 * Notes a talk that is to be held; once for a person and a piece of feedback. One that was dropped is to be held after all.
 * @returns its id, undefined when it was there already
 */
export async function addTalk(tx: Tx, organisationId: string, talk: NewTalk, now: Date): Promise<string | undefined> {
  const [added] = await tx.$queryRaw<{ id: string }[]>`
    INSERT INTO feedback_talk AS t ("organisationId", id, "feedbackId", "personId", "lineId", "dueOn", "nextAskAt", "createdAt")
    VALUES (${organisationId}::uuid, ${newId(now)}::uuid, ${talk.feedbackId}::uuid, ${talk.personId}::uuid, ${talk.lineId}::uuid, ${talk.dueOn}::date,
            ${now}::timestamptz, ${now}::timestamptz)
    ON CONFLICT ("organisationId", "feedbackId", "personId") DO UPDATE
      SET state = 'open', "lineId" = EXCLUDED."lineId", "dueOn" = EXCLUDED."dueOn", "nextAskAt" = EXCLUDED."nextAskAt", asked = 0
      WHERE t.state = 'dropped'
    RETURNING t.id`;
  return added?.id;
}

/** What changes about a talk. */
export interface TalkChange {
  readonly state?: Talk['state'];
  readonly lineId?: string | null;
  /** `YYYY-MM-DD`. */
  readonly dueOn?: string;
  readonly agreed?: string;
  readonly showsWords?: boolean;
  readonly talkedAt?: Date;
  readonly talkedById?: string;
  readonly answer?: string;
  readonly answeredAt?: Date;
  readonly nextAskAt?: Date | null;
  readonly asked?: number;
  readonly movedWhy?: string;
}

export async function changeTalk(tx: Tx, organisationId: string, talkId: string, { dueOn, ...change }: TalkChange): Promise<void> {
  await tx.feedbackTalk.update({
    where: { organisationId_id: { organisationId, id: talkId } },
    data: { ...change, ...(dueOn !== undefined && { dueOn: new Date(`${dueOn}T00:00:00Z`) }) },
  });
}

/** Open talks that the line is to be asked about now, locked; those that another process asks about are passed over. */
export async function lockDueTalks(tx: Tx, organisationId: string, now: Date, limit: number): Promise<readonly Talk[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM feedback_talk
    WHERE "organisationId" = ${organisationId}::uuid AND "nextAskAt" <= ${now}::timestamptz
    ORDER BY "nextAskAt", id LIMIT ${limit} FOR UPDATE SKIP LOCKED`;
  return await byIds(tx, organisationId, rows);
}

/** Open talks that are over: the person has left, or it is about them no longer. Locked. */
export async function lockOver(tx: Tx, organisationId: string, limit: number): Promise<readonly Talk[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT t.id FROM ${TABLES}
    WHERE t."organisationId" = ${organisationId}::uuid AND ${OVER}
    ORDER BY t.id LIMIT ${limit} FOR UPDATE OF t SKIP LOCKED`;
  return await byIds(tx, organisationId, rows);
}

/** Open talks of people whose line manager isn't the one who was asked: others may be in line now. Locked. */
export async function lockElsewhere(tx: Tx, organisationId: string, limit: number): Promise<readonly Talk[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT t.id FROM ${TABLES}
    LEFT JOIN person m ON m."organisationId" = t."organisationId" AND m.id = t."lineId"
    WHERE t."organisationId" = ${organisationId}::uuid AND t.state = 'open'
      AND (t."lineId" IS DISTINCT FROM p."lineManagerId" OR m.status <> 'active')
    ORDER BY t.id LIMIT ${limit} FOR UPDATE OF t SKIP LOCKED`;
  return await byIds(tx, organisationId, rows);
}

async function byIds(tx: Tx, organisationId: string, rows: readonly { readonly id: string }[]): Promise<readonly Talk[]> {
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  return await loadTalks(
    tx,
    Prisma.sql`t."organisationId" = ${organisationId}::uuid AND t.id = ANY (${ids}::uuid[])`,
    Prisma.sql`ORDER BY t.id`,
  );
}

/** Owners who can be told, apart from those whom it is about. */
export async function ownersApartFrom(db: Db | Tx, organisation: Organisation, personIds: readonly string[]): Promise<readonly string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT p.id FROM person p
    WHERE ${presentSql(organisation)} AND p.role = 'owner' AND p.id <> ALL (${[...personIds]}::uuid[]) ORDER BY p."joinedAt", p.id`;
  return rows.map(({ id }) => id);
}

/** Who looks for talks. */
export interface Looker {
  readonly personId: string;
  readonly isOwner: boolean;
}

/** Whether a talk `t` is for somebody to hold: they stand above the person, or own the organisation, and it isn't about them. */
function holdable(organisationId: string, { personId, isOwner }: Looker): Prisma.Sql {
  const below = Prisma.sql`t."personId" IN (${belowSql(organisationId, personId)})`;
  return Prisma.sql`(${isOwner ? Prisma.sql`true` : below} AND t."personId" <> ${personId}::uuid AND NOT EXISTS (
    SELECT 1 FROM feedback_concern k
    WHERE k."organisationId" = t."organisationId" AND k."feedbackId" = t."feedbackId" AND k."personId" = ${personId}::uuid))`;
}

/** Open talks that wait for somebody: as the nearest in line, or as an owner where there is nobody; the earliest day first. */
export async function listWaiting(
  db: Db | Tx,
  organisationId: string,
  looker: Looker,
  limit: number,
): Promise<{ readonly talks: readonly Talk[]; readonly total: number }> {
  const where = Prisma.sql`t."organisationId" = ${organisationId}::uuid AND t.state = 'open' AND NOT ${OVER} AND ${holdable(organisationId, looker)}
    AND (t."lineId" = ${looker.personId}::uuid OR (t."lineId" IS NULL AND ${looker.isOwner}))`;
  const [talks, counted] = await Promise.all([
    loadTalks(db, where, Prisma.sql`ORDER BY t."dueOn", t.id LIMIT ${limit}`),
    db.$queryRaw<{ total: number }[]>`SELECT count(*)::int AS total FROM ${TABLES} WHERE ${where}`,
  ]);
  return { talks, total: counted[0]?.total ?? 0 };
}

/** Open talks that somebody could hold, the earliest day first, and what was agreed with them, the latest first. */
export async function listTalks(
  db: Db | Tx,
  organisationId: string,
  looker: Looker,
  { offset, limit }: { readonly offset: number; readonly limit: number },
): Promise<{ readonly talks: readonly Talk[]; readonly total: number; readonly open: number }> {
  const open = Prisma.sql`(t.state = 'open' AND NOT ${OVER} AND ${holdable(organisationId, looker)})`;
  const where = Prisma.sql`t."organisationId" = ${organisationId}::uuid
    AND (${open} OR (t.state = 'talked' AND t."personId" = ${looker.personId}::uuid))`;
  const [talks, counted] = await Promise.all([
    loadTalks(
      db,
      where,
      Prisma.sql`ORDER BY t.state, CASE WHEN t.state = 'open' THEN t."dueOn" END, t."talkedAt" DESC, t.id OFFSET ${offset} LIMIT ${limit}`,
    ),
    db.$queryRaw<{ total: number; open: number }[]>`
      SELECT count(*)::int AS total, (count(*) FILTER (WHERE t.state = 'open'))::int AS open FROM ${TABLES} WHERE ${where}`,
  ]);
  return { talks, total: counted[0]?.total ?? 0, open: counted[0]?.open ?? 0 };
}

/** Talks about somebody that a reader may know of, those that were held first: the person themselves knows of held ones alone. */
export async function listTalksAbout(
  db: Db | Tx,
  organisationId: string,
  personId: string,
  looker: Looker,
  limit: number,
): Promise<{ readonly talks: readonly Talk[]; readonly held: number; readonly open: number }> {
  const own = looker.personId === personId;
  const seen = own
    ? Prisma.sql`t.state = 'talked'`
    : Prisma.sql`t.state <> 'dropped' AND NOT ${OVER} AND ${holdable(organisationId, looker)}`;
  const where = Prisma.sql`t."organisationId" = ${organisationId}::uuid AND t."personId" = ${personId}::uuid AND ${seen}`;
  const [talks, counted] = await Promise.all([
    loadTalks(db, where, Prisma.sql`ORDER BY t.state DESC, t."talkedAt" DESC, t."dueOn", t.id LIMIT ${limit}`),
    db.$queryRaw<{ held: number; open: number }[]>`
      SELECT (count(*) FILTER (WHERE t.state = 'talked'))::int AS held, (count(*) FILTER (WHERE t.state = 'open'))::int AS open
      FROM ${TABLES} WHERE ${where}`,
  ]);
  return { talks, held: counted[0]?.held ?? 0, open: counted[0]?.open ?? 0 };
}

/** Notes that a piece of feedback isn't about somebody. @returns whom it is about still */
export async function dropConcern(tx: Tx, organisationId: string, feedbackId: string, personId: string): Promise<readonly string[]> {
  await tx.feedbackConcern.deleteMany({ where: { organisationId, feedbackId, personId } });
  return await listConcernIds(tx, organisationId, feedbackId);
}

/** Has a complaint that is about nobody known wait for a manager. */
export async function holdFeedback(tx: Tx, organisationId: string, feedbackId: string): Promise<void> {
  await tx.feedback.updateMany({ where: { organisationId, id: feedbackId, state: 'private' }, data: { state: 'held' } });
}

/** Subject keys of the messages about a talk that are on their way or posted. */
export async function talkSubjects(tx: Tx, organisationId: string, talkId: string): Promise<readonly string[]> {
  const starts = ['feedback.talk', 'feedback.talked', 'feedback.talk_answer'].map((id) => `${id}:${talkId}:`);
  const rows = await tx.$queryRaw<{ subjectKey: string }[]>`
    SELECT d."subjectKey" FROM delivery d JOIN unnest(${starts}::text[]) AS s (start)
      ON d."organisationId" = ${organisationId}::uuid AND d."subjectKey" >= s.start AND d."subjectKey" < left(s.start, -1) || ';'`;
  return rows.map(({ subjectKey }) => subjectKey);
}

/** Removes what somebody wrote about talks, and what was agreed with them. @returns ids of the talks */
export async function forgetTalks(tx: Tx, organisationId: string, personId: string): Promise<readonly string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    UPDATE feedback_talk
    SET agreed = CASE WHEN "personId" = ${personId}::uuid OR "talkedById" = ${personId}::uuid THEN '' ELSE agreed END,
        answer = CASE WHEN "personId" = ${personId}::uuid THEN '' ELSE answer END,
        "movedWhy" = CASE WHEN "movedWhy" IS NULL THEN NULL ELSE '' END,
        state = CASE WHEN "personId" = ${personId}::uuid AND state = 'open' THEN 'dropped'::"FeedbackTalkState" ELSE state END,
        "nextAskAt" = CASE WHEN "personId" = ${personId}::uuid THEN NULL ELSE "nextAskAt" END
    WHERE "organisationId" = ${organisationId}::uuid
      AND (${personId}::uuid IN ("personId", "talkedById") OR "lineId" = ${personId}::uuid)
    RETURNING id`;
  return rows.map(({ id }) => id);
}
