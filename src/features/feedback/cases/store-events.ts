import type { Db, Tx } from '../../../people/db.js';
import { newId } from '../../../people/ids.js';
import type { EventData, EventKind, NewEvent } from './events.js';
import { EventDataColumn } from './schema.js';

export interface CaseEvent {
  readonly id: string;
  readonly at: Date;
  readonly actorId: string | null;
  readonly actorName: string | null;
  readonly kind: EventKind;
  readonly data: EventData;
  readonly words: string;
  /** Of whom `data.personId` tells. */
  readonly otherName: string | null;
}

/**
 * Writes events, each behind those that are there of its case: what happened within one millisecond keeps its order.
 * @param events at most one of each case
 * @returns their ids, in the order given
 */
export async function createEvents(tx: Tx, events: readonly NewEvent[], now: Date): Promise<readonly string[]> {
  const rows = events.map(({ data = {}, words = '', ...event }) => ({ ...event, id: newId(now), data, words }));
  await tx.$executeRaw`
    INSERT INTO feedback_case_event ("organisationId", id, "caseId", at, "actorId", kind, data, words)
    SELECT n."organisationId", n.id, n."caseId",
           GREATEST(${now}::timestamptz, (SELECT max(e.at) + interval '1 millisecond' FROM feedback_case_event e
                                          WHERE e."organisationId" = n."organisationId" AND e."caseId" = n."caseId")),
           n."actorId", n.kind, n.data, n.words
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS n (
      "organisationId" uuid, id uuid, "caseId" uuid, "actorId" uuid, kind text, data jsonb, words text)`;
  return rows.map(({ id }) => id);
}

/** What happened to a case, the latest first, and how much that is. */
export async function listEvents(
  db: Db | Tx,
  organisationId: string,
  caseId: string,
  { offset, limit }: { readonly offset: number; readonly limit: number },
): Promise<{ readonly events: readonly CaseEvent[]; readonly total: number }> {
  const where = { organisationId, caseId };
  const [rows, total] = [
    await db.feedbackCaseEvent.findMany({ where, orderBy: [{ at: 'desc' }, { id: 'desc' }], skip: offset, take: limit }),
    await db.feedbackCaseEvent.count({ where }),
  ];
  const read = rows.map((row) => ({ ...row, kind: row.kind as EventKind, data: EventDataColumn.parse(row.data) }));
  const ids = read.flatMap(({ actorId, data: { personId } }) => [actorId, typeof personId === 'string' ? personId : null]);
  const people = await db.person.findMany({
    where: { organisationId, id: { in: [...new Set(ids.filter((id): id is string => id !== null))] } },
    select: { id: true, name: true },
  });
  const names = new Map(people.map(({ id, name }) => [id, name]));
  const events = read.map((row) => ({
    ...row,
    actorName: (row.actorId && names.get(row.actorId)) || null,
    otherName: (typeof row.data.personId === 'string' && names.get(row.data.personId)) || null,
  }));
  return { events, total };
}

/** One event of a case; undefined when there is none such. */
export async function findEvent(db: Db | Tx, organisationId: string, eventId: string) {
  const row = await db.feedbackCaseEvent.findUnique({ where: { organisationId_id: { organisationId, id: eventId } } });
  if (!row) return undefined;
  const actor = row.actorId
    ? await db.person.findUnique({ where: { organisationId_id: { organisationId, id: row.actorId } }, select: { name: true } })
    : null;
  return { ...row, kind: row.kind as EventKind, data: EventDataColumn.parse(row.data), actorName: actor?.name ?? null };
}

/** Working minutes that a case was paused since an instant. */
export async function pausedMinutesSince(tx: Tx, organisationId: string, caseId: string, since: Date): Promise<number> {
  const rows = await tx.feedbackCaseEvent.findMany({
    where: { organisationId, caseId, kind: 'resumed', at: { gte: since } },
    select: { data: true },
  });
  return rows.reduce((total, { data }) => total + Number(EventDataColumn.parse(data).minutes ?? 0), 0);
}
