import type { Db, Tx } from '../../../people/db.js';
import type { Organisation } from '../../../people/model.js';
import type { Value } from '../model.js';
import { addMonths } from '../periods.js';
import { findValue, listValues } from '../store-settings.js';
import { startOf } from './recap-rules.js';

/** What of kudos everybody may know, as leaderboards count it (giving/counting.ts): what is public, and reactions. */
export interface MonthFigures {
  readonly kudos: number;
  /** People who gave, and who received. */
  readonly givers: number;
  readonly receivers: number;
  /** The values in use, and others that were named, in their order; last, as null, what named none. */
  readonly values: readonly { readonly value: Value | null; readonly kudos: number }[];
}

/** What a month's kudos amount to. */
export async function monthFigures(db: Db | Tx, organisation: Pick<Organisation, 'id' | 'zone'>, month: string): Promise<MonthFigures> {
  const { from, to } = spanOf(month, organisation.zone);
  const counted = await db.$queryRaw<{ valueId: string | null; kudos: number }[]>`
    SELECT k."valueId", count(*)::int AS kudos FROM kudos k
    WHERE k."organisationId" = ${organisation.id}::uuid AND k."createdAt" >= ${from}::timestamptz AND k."createdAt" < ${to}::timestamptz
      AND k.state = 'given' AND (k.public OR k.source = 'reaction')
    GROUP BY k."valueId"`;
  const [people] = await db.$queryRaw<{ givers: number; receivers: number }[]>`
    SELECT count(*) FILTER (WHERE t."givenCount" > 0)::int AS givers, count(*) FILTER (WHERE t."receivedCount" > 0)::int AS receivers
    FROM kudos_tally t
    WHERE t."organisationId" = ${organisation.id}::uuid AND t.period = ${month} AND t."subjectKind" = 'person' AND t."valueId" = ''`;
  const kudosOf = new Map(counted.map((row) => [row.valueId, row.kudos]));
  const inUse = await listValues(db, organisation.id);
  const former: Value[] = [];
  for (const id of kudosOf.keys()) {
    const value = id === null || inUse.some((used) => used.id === id) ? undefined : await findValue(db, organisation.id, id);
    if (value) former.push(value);
  }
  return {
    kudos: counted.reduce((sum, row) => sum + row.kudos, 0),
    givers: people?.givers ?? 0,
    receivers: people?.receivers ?? 0,
    values: [...inUse, ...former, null].map((value) => ({ value, kudos: kudosOf.get(value?.id ?? null) ?? 0 })),
  };
}

/** How many kudos a month had. */
export async function countKudos(db: Db | Tx, organisation: Pick<Organisation, 'id' | 'zone'>, month: string): Promise<number> {
  const { from, to } = spanOf(month, organisation.zone);
  const [row] = await db.$queryRaw<{ kudos: number }[]>`
    SELECT count(*)::int AS kudos FROM kudos k
    WHERE k."organisationId" = ${organisation.id}::uuid AND k."createdAt" >= ${from}::timestamptz AND k."createdAt" < ${to}::timestamptz
      AND k.state = 'given' AND (k.public OR k.source = 'reaction')`;
  return row?.kudos ?? 0;
}

/** Whether anybody gave kudos before an instant. */
export async function usedBefore(db: Db | Tx, organisationId: string, at: Date): Promise<boolean> {
  return (await db.kudos.findFirst({ where: { organisationId, createdAt: { lt: at } }, select: { id: true } })) !== null;
}

/** So many are looked at for one whose people are all still known. */
const CANDIDATES = 20;

/**
 * The month's kudos that most colleagues joined, the newest of equals first: public, in words, and free of an open
 * report and of people who were erased.
 * @returns their ids
 */
export async function bestStories(
  db: Db | Tx,
  organisation: Pick<Organisation, 'id' | 'zone'>,
  month: string,
  limit: number,
): Promise<readonly string[]> {
  const { from, to } = spanOf(month, organisation.zone);
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT c.id FROM (
      SELECT k."organisationId", k.id, k."giverId", k."createdAt", count(j."personId") AS joins
      FROM kudos k
      LEFT JOIN kudos_join j ON j."organisationId" = k."organisationId" AND j."kudosId" = k.id AND j."takenBackAt" IS NULL
      WHERE k."organisationId" = ${organisation.id}::uuid AND k."createdAt" >= ${from}::timestamptz AND k."createdAt" < ${to}::timestamptz
        AND k.state = 'given' AND k.public AND k.source <> 'reaction' AND k.words <> ''
        AND NOT EXISTS (
          SELECT 1 FROM kudos_report r WHERE r."organisationId" = k."organisationId" AND r."kudosId" = k.id AND r.state = 'open')
      GROUP BY k."organisationId", k.id
      ORDER BY joins DESC, k."createdAt" DESC, k.id
      LIMIT ${CANDIDATES}
    ) c
    WHERE NOT EXISTS (
      SELECT 1 FROM person p
      WHERE p."organisationId" = c."organisationId" AND p."erasedAt" IS NOT NULL AND (p.id = c."giverId" OR p.id IN (
        SELECT r."personId" FROM kudos_receiver r WHERE r."organisationId" = c."organisationId" AND r."kudosId" = c.id)))
    ORDER BY c.joins DESC, c."createdAt" DESC, c.id
    LIMIT ${limit}`;
  return rows.map((row) => row.id);
}

/** Whether a message of this subject was ever put on its way. */
export async function isOnItsWay(db: Db | Tx, organisationId: string, subjectKey: string): Promise<boolean> {
  const where = { organisationId_subjectKey: { organisationId, subjectKey } };
  return (await db.delivery.findUnique({ where, select: { id: true } })) !== null;
}

/** Whether a picture is still kept. */
export async function isKept(db: Db | Tx, organisationId: string, id: string): Promise<boolean> {
  return (await db.picture.findUnique({ where: { organisationId_id: { organisationId, id } }, select: { id: true } })) !== null;
}

/** The recaps whose picture shows a person's name. */
export async function recapsThatShow(
  db: Db | Tx,
  organisationId: string,
  personId: string,
): Promise<readonly { readonly subjectKey: string; readonly pictureId: string }[]> {
  return await db.$queryRaw`
    SELECT d."subjectKey", d.payload->>'pictureId' AS "pictureId" FROM delivery d
    WHERE d."organisationId" = ${organisationId}::uuid AND d.message = 'recognition.recap' AND d.payload->>'pictureId' IS NOT NULL
      AND position(${personId} IN d.payload->>'shown') > 0`;
}

function spanOf(month: string, zone: string): { readonly from: Date; readonly to: Date } {
  return { from: startOf(month, zone), to: startOf(addMonths(month, 1), zone) };
}
