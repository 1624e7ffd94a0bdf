import type { Db, Tx } from '../../../people/db.js';
import type { Organisation } from '../../../people/model.js';
import type { Value } from '../model.js';
import { addMonths } from '../periods.js';
import { findValue, listValues } from '../store-settings.js';
import { startOf } from './recap-rules.js';
import type { Span } from './store-stories.js';

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

/** A month in a zone. */
export function spanOf(month: string, zone: string): Span {
  return { from: startOf(month, zone), to: startOf(addMonths(month, 1), zone) };
}
