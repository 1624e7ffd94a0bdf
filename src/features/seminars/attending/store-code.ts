import { Prisma } from '../../../generated/prisma/client.js';
import type { Db, Tx } from '../../../people/db.js';
import type { LinkedWorkspace } from '../../../people/ports.js';
import { CHECK_IN, type SeminarDate } from '../model.js';
import { loadDates } from '../store-dates.js';

/** Wrong codes are noted in the audit trail, where they are of use to whoever looks for the reason. */
export const WRONG_CODE = 'seminars.code_wrong';

/**
 * Dates around now that aren't cancelled, the earliest first.
 * @param before from so many ms after their start on they are left out
 * @param after from so many ms before their start on they are in
 */
export async function datesAround(
  db: Db | Tx,
  organisationId: string,
  now: Date,
  { before, after }: { readonly before: number; readonly after: number },
): Promise<SeminarDate[]> {
  const [from, until] = [new Date(now.getTime() - before), new Date(now.getTime() + after)];
  return await loadDates(
    db,
    organisationId,
    Prisma.sql`d.state = 'planned' AND d."startsAt" >= ${from}::timestamptz AND d."startsAt" <= ${until}::timestamptz`,
    Prisma.sql`ORDER BY d."startsAt", d.id`,
  );
}

/** Dates that one can check in to at this moment, and whether a person said to come. */
export async function openNow(
  db: Db | Tx,
  organisationId: string,
  personId: string,
  now: Date,
): Promise<{ readonly date: SeminarDate; readonly isGoing: boolean }[]> {
  const dates = await datesAround(db, organisationId, now, { before: CHECK_IN.after, after: CHECK_IN.before });
  const going = await goingTo(
    db,
    organisationId,
    personId,
    dates.map(({ id }) => id),
  );
  return dates.map((date) => ({ date, isGoing: going.has(date.id) }));
}

/** Which of the dates a person said to come to. */
export async function goingTo(db: Db | Tx, organisationId: string, personId: string, dateIds: readonly string[]): Promise<Set<string>> {
  const rows = await db.seminarAnswer.findMany({
    where: { organisationId, personId, dateId: { in: [...dateIds] }, state: 'going' },
    select: { dateId: true },
  });
  return new Set(rows.map((row) => row.dateId));
}

/** Lets one try of a person at a time count the tries before it. */
export async function lockTries(tx: Tx, personId: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`${WRONG_CODE}:${personId}`}, 0))`;
}

/** When a person tried wrong codes since an instant, the earliest first. */
export async function wrongTries(tx: Tx, organisationId: string, personId: string, since: Date): Promise<Date[]> {
  const rows = await tx.auditEvent.findMany({
    where: { organisationId, subjectId: personId, verb: WRONG_CODE, at: { gt: since } },
    select: { at: true },
    orderBy: { at: 'asc' },
  });
  return rows.map((row) => row.at);
}

/** The workspace that somebody acts in, as links to the bot need it. */
export async function findLinked(db: Db | Tx, organisationId: string, workspaceId: string): Promise<LinkedWorkspace | undefined> {
  const row = await db.workspace.findUnique({
    where: { organisationId_id: { organisationId, id: workspaceId } },
    select: { platform: true, externalId: true, botExternalId: true },
  });
  return row ?? undefined;
}
