import { Prisma } from '../../../generated/prisma/client.js';
import type { Db, Tx } from '../../../people/db.js';
import { newId } from '../../../people/ids.js';
import type { AgendaItem, ItemState } from './model.js';

type ItemRow = Omit<AgendaItem, 'proposedByName'> & { readonly proposedByName: string | null };

async function load(db: Db | Tx, organisationId: string, where: Prisma.Sql, tail: Prisma.Sql = Prisma.empty): Promise<AgendaItem[]> {
  const rows = await db.$queryRaw<ItemRow[]>`
    SELECT i.id, i."dateId", i.position, i.source, i."sourceKey", i.topic, i.why, i.answer, i."proposedById", p.name AS "proposedByName", i.state, i."decidedById"
    FROM seminar_agenda_item i
    LEFT JOIN person p ON p."organisationId" = i."organisationId" AND p.id = i."proposedById" AND p."erasedAt" IS NULL
    WHERE i."organisationId" = ${organisationId}::uuid AND ${where} ${tail}`;
  return rows.map((row) => ({ ...row, proposedByName: row.proposedByName ?? '' }));
}

const IN_ORDER = Prisma.sql`ORDER BY array_position(ARRAY['accepted', 'proposed', 'declined'], i.state::text), i.position, i.id`;

/** Everything that was proposed for a date: what is taken up, what waits, what was left out; each in its order. */
export async function listItems(db: Db | Tx, organisationId: string, dateId: string): Promise<AgendaItem[]> {
  return await load(db, organisationId, Prisma.sql`i."dateId" = ${dateId}::uuid`, IN_ORDER);
}

/** What is taken up, in order. */
export async function listAccepted(db: Db | Tx, organisationId: string, dateId: string): Promise<AgendaItem[]> {
  return await load(db, organisationId, Prisma.sql`i."dateId" = ${dateId}::uuid AND i.state = 'accepted'`, IN_ORDER);
}

export async function findItem(db: Db | Tx, organisationId: string, id: string): Promise<AgendaItem | undefined> {
  const [found] = await load(db, organisationId, Prisma.sql`i.id = ${id}::uuid`);
  return found;
}

/** What people proposed for dates that a person hosts and that are still to come, the oldest first. */
export async function listWaiting(db: Db | Tx, organisationId: string, hostId: string, now: Date, limit: number): Promise<AgendaItem[]> {
  return await load(
    db,
    organisationId,
    Prisma.sql`i.state = 'proposed' AND i.source IS NULL AND i.topic <> '' AND EXISTS (
      SELECT 1 FROM seminar_date d
      JOIN seminar_series s ON s."organisationId" = d."organisationId" AND s.id = d."seriesId"
      WHERE d."organisationId" = i."organisationId" AND d.id = i."dateId" AND d.state = 'planned' AND d."startsAt" > ${now}::timestamptz
        AND (d."hostId" = ${hostId}::uuid OR s."hostId" = ${hostId}::uuid))`,
    Prisma.sql`ORDER BY i."createdAt", i.id LIMIT ${limit}`,
  );
}

/** Makes changes of one date's agenda wait for one another. */
export async function lockAgenda(tx: Tx, dateId: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`seminars.agenda:${dateId}`}, 0))`;
}

/** The place behind the last one. The agenda is locked. */
export async function nextPosition(tx: Tx, organisationId: string, dateId: string): Promise<number> {
  const { _max: max } = await tx.seminarAgendaItem.aggregate({ where: { organisationId, dateId }, _max: { position: true } });
  return (max.position ?? 0) + 1;
}

export interface NewTopic {
  readonly dateId: string;
  readonly position: number;
  readonly topic: string;
  readonly why: string;
  readonly personId: string;
  readonly state: 'proposed' | 'accepted';
}

/** @returns the new item's id */
export async function addTopic(tx: Tx, organisationId: string, topic: NewTopic, now: Date): Promise<string> {
  const id = newId(now);
  const accepted = topic.state === 'accepted';
  await tx.seminarAgendaItem.create({
    data: {
      organisationId,
      id,
      dateId: topic.dateId,
      position: topic.position,
      topic: topic.topic,
      why: topic.why,
      proposedById: topic.personId,
      state: topic.state,
      decidedById: accepted ? topic.personId : null,
      decidedAt: accepted ? now : null,
      createdAt: now,
    },
  });
  return id;
}

export interface NewSuggestion {
  readonly position: number;
  readonly source: string;
  readonly key: string;
  readonly state: 'proposed' | 'accepted';
}

/** Adds what features suggest; what they had suggested for this date before stays as it is. @returns how many were new */
export async function addSuggestions(
  tx: Tx,
  organisationId: string,
  dateId: string,
  suggestions: readonly NewSuggestion[],
  now: Date,
): Promise<number> {
  const { count } = await tx.seminarAgendaItem.createMany({
    data: suggestions.map(({ position, source, key, state }) => ({
      organisationId,
      id: newId(now),
      dateId,
      position,
      source,
      sourceKey: key,
      state,
      createdAt: now,
    })),
    skipDuplicates: true,
  });
  return count;
}

export interface Decision {
  readonly state: ItemState;
  readonly byId: string;
  readonly answer: string;
  readonly position: number;
}

/** Notes what became of an item. @returns false when it stood so already */
export async function decideItem(tx: Tx, organisationId: string, item: AgendaItem, decision: Decision, now: Date): Promise<boolean> {
  // There is nobody to answer where a feature has contributed it, or its author was erased.
  const answer = item.source === null && item.topic !== '' ? decision.answer : '';
  const { count } = await tx.seminarAgendaItem.updateMany({
    where: { organisationId, id: item.id, state: { not: decision.state } },
    data: { state: decision.state, decidedById: decision.byId, decidedAt: now, position: decision.position, answer },
  });
  return count > 0;
}

/** Puts an item at another place. */
export async function placeItem(tx: Tx, organisationId: string, id: string, position: number): Promise<void> {
  await tx.seminarAgendaItem.updateMany({ where: { organisationId, id }, data: { position } });
}

/** Quotes that are shown on dates that were not held before an instant, in the order of their ids. */
export async function listTicked(db: Db | Tx, organisationId: string, since: Date): Promise<AgendaItem[]> {
  return await load(
    db,
    organisationId,
    Prisma.sql`i.source IS NOT NULL AND i.state = 'accepted' AND i."decidedById" IS NOT NULL AND EXISTS (
      SELECT 1 FROM seminar_date d
      WHERE d."organisationId" = i."organisationId" AND d.id = i."dateId" AND d."startsAt" > ${since}::timestamptz)`,
    Prisma.sql`ORDER BY i.id`,
  );
}

/** Takes items off their agendas. */
export async function withdrawItems(tx: Tx, organisationId: string, ids: readonly string[]): Promise<void> {
  await tx.seminarAgendaItem.updateMany({ where: { organisationId, id: { in: [...ids] } }, data: { state: 'declined' } });
}

/** Dates that show, or showed, what another feature contributed and somebody ticked. */
export async function datesWithTicked(tx: Tx, organisationId: string): Promise<string[]> {
  const rows = await tx.seminarAgendaItem.findMany({
    where: { organisationId, source: { not: null }, state: 'accepted', decidedById: { not: null } },
    select: { dateId: true },
    distinct: ['dateId'],
  });
  return rows.map((row) => row.dateId);
}

/**
 * Removes what a person proposed, and what that person answered to others.
 * @returns the items that read differently now
 */
export async function forgetTopics(tx: Tx, organisationId: string, personId: string): Promise<{ id: string; dateId: string }[]> {
  const own = await tx.$queryRaw<{ id: string; dateId: string }[]>`
    UPDATE seminar_agenda_item i SET topic = '', why = '', answer = ''
    WHERE i."organisationId" = ${organisationId}::uuid AND i."proposedById" = ${personId}::uuid AND i.topic <> ''
    RETURNING i.id, i."dateId"`;
  const answered = await tx.$queryRaw<{ id: string; dateId: string }[]>`
    UPDATE seminar_agenda_item i SET answer = ''
    WHERE i."organisationId" = ${organisationId}::uuid AND i."decidedById" = ${personId}::uuid AND i.answer <> ''
    RETURNING i.id, i."dateId"`;
  return [...own, ...answered];
}
