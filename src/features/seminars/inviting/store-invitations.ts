import type { Db, Tx } from '../../../people/db.js';
import { subject } from '../model.js';
import { InvitationRef } from './schema.js';

/** The newest invitation, or its withdrawal, that a person has got to a date, or soon gets. */
export interface LastInvitation {
  /** 0 for the first one. */
  readonly nth: number;
  /** RFC 5545 SEQUENCE. */
  readonly sequence: number;
  readonly method: 'REQUEST' | 'CANCEL';
}

/**
 * The newest invitation of each person to a date; nothing of those who have had none. The mails of one person to one date
 * are numbered without a gap, so that each is found by its whole subject key.
 */
export async function lastInvitations(
  db: Db | Tx,
  organisationId: string,
  dateId: string,
  personIds: readonly string[],
): Promise<Map<string, LastInvitation>> {
  const rows = await db.$queryRaw<(LastInvitation & { personId: string })[]>`
    WITH RECURSIVE chain AS (
      SELECT p.id AS "personId", -1 AS nth, NULL::jsonb AS payload FROM unnest(${[...personIds]}::uuid[]) AS p (id)
      UNION ALL
      SELECT c."personId", c.nth + 1, m.payload FROM chain c
      JOIN mail m ON m."organisationId" = ${organisationId}::uuid
        AND m."subjectKey" = ${subject.invitations(dateId)} || c."personId"::text || ':' || (c.nth + 1)::text
    )
    SELECT DISTINCT ON (c."personId") c."personId", c.nth, (c.payload->>'sequence')::int AS sequence, c.payload->>'method' AS method
    FROM chain c WHERE c.nth >= 0 ORDER BY c."personId", c.nth DESC`;
  return new Map(rows.map(({ personId, ...last }) => [personId, last]));
}

/**
 * What the last mail about a date told a person, of those before the n-th one that left, or may have left: the answer to a
 * failed try may have been lost. Undefined: none has.
 */
export async function lastTold(
  db: Db | Tx,
  organisationId: string,
  dateId: string,
  personId: string,
  nth: number,
): Promise<LastInvitation['method'] | undefined> {
  const keys = Array.from({ length: nth }, (_, before) => subject.invitation(dateId, personId, before));
  const rows = await db.mail.findMany({
    where: {
      organisationId,
      subjectKey: { in: keys },
      OR: [{ state: 'sent' }, { state: { in: ['pending', 'dead', 'dropped'] }, attempts: { gt: 0 } }],
    },
    select: { payload: true },
  });
  const told = rows.map(({ payload }) => InvitationRef.parse(payload)).sort((a, b) => b.nth - a.nth);
  return told[0]?.method;
}

/** Whether a later invitation, or withdrawal, is on its way already. */
export async function isOvertaken(db: Db | Tx, organisationId: string, dateId: string, personId: string, nth: number): Promise<boolean> {
  const later = await db.mail.findUnique({
    where: { organisationId_subjectKey: { organisationId, subjectKey: subject.invitation(dateId, personId, nth + 1) } },
    select: { id: true },
  });
  return later !== null;
}

/** The change that gave a date its present look, if there was one: both are written at the same instant. */
export async function changeAt(db: Db | Tx, organisationId: string, seriesId: string, at: Date): Promise<string | undefined> {
  const row = await db.seminarChange.findFirst({ where: { organisationId, seriesId, at }, select: { id: true } });
  return row?.id;
}

/** Whether a person has a place at a date. */
export async function isGoing(db: Db | Tx, organisationId: string, dateId: string, personId: string): Promise<boolean> {
  const answer = await db.seminarAnswer.findUnique({
    where: { organisationId_dateId_personId: { organisationId, dateId, personId } },
    select: { state: true },
  });
  return answer?.state === 'going';
}
