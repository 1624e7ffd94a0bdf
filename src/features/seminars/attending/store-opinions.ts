import { randomInt } from 'node:crypto';
import { Prisma } from '../../../generated/prisma/client.js';
import type { Db, Tx } from '../../../people/db.js';
import { type SeminarDate, subject } from '../model.js';
import { loadDates } from '../store-dates.js';

/** The choices: 1 (of no use) to 5 (very useful). */
export const SCORES = [1, 2, 3, 4, 5] as const;
export type Score = (typeof SCORES)[number];

/** What those who came to a date said, all together. */
export interface Opinions {
  readonly count: number;
  /** How many said 1, 2, 3, 4, 5. */
  readonly scores: readonly number[];
  /** One thing to change, in no order. */
  readonly words: readonly string[];
}

/** Adds an opinion to the others, so that it can't be told from them. @returns false when this person has said something already: nothing is added */
export async function addOpinion(
  tx: Tx,
  { organisationId, dateId, personId }: { readonly organisationId: string; readonly dateId: string; readonly personId: string },
  opinion: { readonly score: Score; readonly words: string },
): Promise<boolean> {
  const given = await tx.$executeRaw`
    INSERT INTO seminar_opinion_given ("organisationId", "dateId", "personId")
    VALUES (${organisationId}::uuid, ${dateId}::uuid, ${personId}::uuid) ON CONFLICT DO NOTHING`;
  if (given === 0) return false;
  await tx.$executeRaw`
    INSERT INTO seminar_opinions ("organisationId", "dateId", scores, words)
    VALUES (${organisationId}::uuid, ${dateId}::uuid, '{0,0,0,0,0}', '{}') ON CONFLICT DO NOTHING`;
  const [row] = await tx.$queryRaw<{ scores: number[]; words: string[] }[]>`
    SELECT scores, words FROM seminar_opinions
    WHERE "organisationId" = ${organisationId}::uuid AND "dateId" = ${dateId}::uuid FOR UPDATE`;
  const scores = SCORES.map((score, index) => (row?.scores[index] ?? 0) + (score === opinion.score ? 1 : 0));
  const words = shuffled([...(row?.words ?? []), ...(opinion.words === '' ? [] : [opinion.words])]);
  await tx.seminarOpinions.update({ where: { organisationId_dateId: { organisationId, dateId } }, data: { scores, words } });
  return true;
}

/** In an order that tells nothing of the one before (Fisher and Yates), drawn by the system's cryptographic generator. */
function shuffled(words: string[]): string[] {
  for (let last = words.length - 1; last > 0; last--) {
    const other = randomInt(last + 1);
    [words[last], words[other]] = [words[other] ?? '', words[last] ?? ''];
  }
  return words;
}

export async function hasGiven(db: Db | Tx, organisationId: string, dateId: string, personId: string): Promise<boolean> {
  return (await db.seminarOpinionGiven.count({ where: { organisationId, dateId, personId } })) > 0;
}

export async function findOpinions(db: Db | Tx, organisationId: string, dateId: string): Promise<Opinions> {
  const row = await db.seminarOpinions.findUnique({ where: { organisationId_dateId: { organisationId, dateId } } });
  const scores = row?.scores ?? [];
  return { count: scores.reduce((sum, count) => sum + count, 0), scores, words: row?.words ?? [] };
}

/**
 * Dates of whose opinions the host has not been told yet: enough have answered, and they ended within a span.
 * @param from the earliest end, @param to the latest
 */
export async function unsummed(db: Db, organisationId: string, least: number, from: Date, to: Date): Promise<SeminarDate[]> {
  return await loadDates(
    db,
    organisationId,
    Prisma.sql`d.phase = 'over' AND d.state = 'planned'
      AND d."startsAt" >= ${from}::timestamptz - interval '1 day' AND d."startsAt" < ${to}::timestamptz AND d."endsAt" >= ${from}::timestamptz AND d."endsAt" <= ${to}::timestamptz
      AND EXISTS (
        SELECT 1 FROM seminar_opinions o
        WHERE o."organisationId" = d."organisationId" AND o."dateId" = d.id AND (SELECT sum(n) FROM unnest(o.scores) AS n) >= ${least})
      AND NOT EXISTS (
        SELECT 1 FROM delivery m WHERE m."organisationId" = d."organisationId" AND m."subjectKey" = ${subject.summary('')} || d.id::text)`,
    Prisma.sql`ORDER BY d."startsAt", d.id LIMIT 50`,
  );
}

/** Who has left and is forgotten needs no note of having said something. */
export async function forgetGiven(tx: Tx, organisationId: string, personId: string): Promise<void> {
  await tx.seminarOpinionGiven.deleteMany({ where: { organisationId, personId } });
}
