import type { Db, Tx } from '../../../people/db.js';
import { subject } from '../model.js';

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

/** Whether any of a person's invitations to a date left, or is leaving: its withdrawal makes no sense otherwise. */
export async function wasInvited(db: Db | Tx, organisationId: string, dateId: string, personId: string, before: number): Promise<boolean> {
  const keys = Array.from({ length: before }, (_, nth) => subject.invitation(dateId, personId, nth));
  const sent = await db.mail.findFirst({
    where: { organisationId, subjectKey: { in: keys }, state: { in: ['sending', 'sent'] }, payload: { path: ['method'], equals: 'REQUEST' } },
    select: { id: true },
  });
  return sent !== null;
}

/** Whether a later invitation, or withdrawal, is on its way already. */
export async function isOvertaken(db: Db | Tx, organisationId: string, dateId: string, personId: string, nth: number): Promise<boolean> {
  const later = await db.mail.findUnique({
    where: { organisationId_subjectKey: { organisationId, subjectKey: subject.invitation(dateId, personId, nth + 1) } },
    select: { id: true },
  });
  return later !== null;
}
