import { Prisma } from '../../../generated/prisma/client.js';
import { presentSql } from '../../../people/audience.js';
import type { Db, Tx } from '../../../people/db.js';
import type { Organisation } from '../../../people/model.js';
import { requiredHereSql } from '../looking/store-standing.js';
import type { SeminarDate } from '../model.js';
import { loadDates } from '../store-dates.js';

type Asking = Pick<Organisation, 'id' | 'guestsAllowed'>;

/** How far back and ahead a calendar shows dates, in days; what was cancelled stays for as long as what is past. */
export const FEED_DAYS = { past: 90, ahead: 400 } as const;

/** So many dates no calendar has: what keeps one answer within memory. */
const MOST_DATES = 2_000;

const DAY_MS = 86_400_000;

/** A person's address: sealed, to be shown again. */
export async function findFeed(
  db: Db | Tx,
  organisationId: string,
  personId: string,
): Promise<{ readonly sealedToken: string } | undefined> {
  const row = await db.seminarFeed.findUnique({
    where: { organisationId_personId: { organisationId, personId } },
    select: { sealedToken: true },
  });
  return row ?? undefined;
}

/** Gives a person the first address; whoever has one meanwhile keeps it. */
export async function addFeed(
  db: Db | Tx,
  organisationId: string,
  personId: string,
  { tokenDigest, sealedToken }: { readonly tokenDigest: string; readonly sealedToken: string },
  now: Date,
): Promise<void> {
  await db.seminarFeed.createMany({ data: [{ organisationId, personId, tokenDigest, sealedToken, renewedAt: now }], skipDuplicates: true });
}

/** Gives a person another address in place of the one there was. */
export async function replaceFeed(
  tx: Tx,
  organisationId: string,
  personId: string,
  { tokenDigest, sealedToken }: { readonly tokenDigest: string; readonly sealedToken: string },
  now: Date,
): Promise<void> {
  await tx.seminarFeed.deleteMany({ where: { organisationId, personId } });
  await addFeed(tx, organisationId, personId, { tokenDigest, sealedToken }, now);
}

/** Takes the address away: nothing is there any more. */
export async function removeFeed(tx: Tx, organisationId: string, personId: string): Promise<void> {
  await tx.seminarFeed.deleteMany({ where: { organisationId, personId } });
}

/** Whose address this is; nobody's where that person has left, was erased, or has no account any more. */
export async function ownerOfFeed(db: Db | Tx, organisation: Asking, tokenDigest: string): Promise<string | undefined> {
  const [row] = await db.$queryRaw<{ personId: string }[]>`
    SELECT f."personId" FROM seminar_feed f
    JOIN person p ON p."organisationId" = f."organisationId" AND p.id = f."personId"
    WHERE f."organisationId" = ${organisation.id}::uuid AND f."tokenDigest" = ${tokenDigest} AND ${presentSql(organisation)}`;
  return row?.personId;
}

/**
 * A person's dates for a calendar, the earliest first: those that the person goes to, may come to, waits for, hosts, or has
 * to come to; where one date of a series is enough, only its next one. What of them was cancelled lately is among them.
 */
export async function listForCalendar(db: Db | Tx, organisation: Asking, personId: string, now: Date): Promise<SeminarDate[]> {
  const at = (days: number) => new Date(now.getTime() + days * DAY_MS);
  const answered = (states: readonly string[]) => Prisma.sql`EXISTS (
    SELECT 1 FROM seminar_answer a
    WHERE a."organisationId" = d."organisationId" AND a."dateId" = d.id AND a."personId" = ${personId}::uuid AND a.state::text = ANY (${[...states]}))`;
  const takesPart = Prisma.sql`(d."hostId" = ${personId}::uuid OR ${answered(['going', 'maybe', 'waiting'])})`;
  const hasTo = Prisma.sql`(d."startsAt" > ${now}::timestamptz AND NOT ${answered(['cant'])}
    AND EXISTS (
      SELECT 1 FROM person p
      WHERE p."organisationId" = d."organisationId" AND p.id = ${personId}::uuid AND ${requiredHereSql(organisation)})
    AND (s.requirement = 'every' OR NOT EXISTS (
      SELECT 1 FROM seminar_date e
      WHERE e."organisationId" = d."organisationId" AND e."seriesId" = d."seriesId" AND e.state = 'planned'
        AND e."startsAt" > ${now}::timestamptz AND e."startsAt" < d."startsAt")))`;
  const where = Prisma.sql`
    d."startsAt" > ${at(-FEED_DAYS.past)}::timestamptz AND d."startsAt" < ${at(FEED_DAYS.ahead)}::timestamptz
    AND CASE d.state
      WHEN 'planned' THEN ${takesPart} OR ${hasTo}
      ELSE d."changedAt" > ${at(-FEED_DAYS.past)}::timestamptz AND ${takesPart}
    END`;
  return await loadDates(db, organisation.id, where, Prisma.sql`ORDER BY d."startsAt", d.id LIMIT ${MOST_DATES}`);
}
