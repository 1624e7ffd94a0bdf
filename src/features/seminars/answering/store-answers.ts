import type { Db, Tx } from '../../../people/db.js';
import type { AnswerState } from '../model.js';

/** What became of an answer. */
export interface Answered {
  /** `same`: it stood so already; `gone`: there is no such date. */
  readonly outcome: 'ok' | 'same' | 'cancelled' | 'begun' | 'gone';
  readonly answer: AnswerState | null;
  /** How many wait before this person. */
  readonly ahead: number;
  /** Who got a place by it, from the waiting list. */
  readonly moved: readonly string[];
}

/** Whose answer, to which date. */
export interface Act {
  readonly dateId: string;
  readonly personId: string;
  readonly wanted: 'going' | 'maybe' | 'cant';
  readonly source: 'self' | 'put_on' | 'host';
}

/**
 * One answer, by the one SQL function that knows capacity and queue: answers to a date with a capacity wait for one another.
 * The host comes without an answer (null), and takes no place.
 */
export async function writeAnswer(
  db: Db | Tx,
  organisationId: string,
  { dateId, personId, wanted, source }: Act,
  now: Date,
): Promise<Answered> {
  const [row] = await db.$queryRaw<Answered[]>`
    SELECT outcome, answer, ahead, moved
    FROM seminar_answer(${organisationId}::uuid, ${dateId}::uuid, ${personId}::uuid, ${wanted}, ${source}, ${now}::timestamptz)`;
  if (!row) throw new Error('seminar_answer returned nothing.');
  return row;
}

/** Gives free places to those who wait, in their order. The caller has locked the date. @returns who got one */
export async function writeMoves(tx: Tx, organisationId: string, dateId: string, capacity: number | null): Promise<readonly string[]> {
  const [row] = await tx.$queryRaw<{ moved: string[] }[]>`
    SELECT seminar_move_up(${organisationId}::uuid, ${dateId}::uuid, ${capacity}::int) AS moved`;
  return row?.moved ?? [];
}

/** How somebody has answered, and how many wait before them. */
export async function findAnswer(
  db: Db | Tx,
  organisationId: string,
  dateId: string,
  personId: string,
): Promise<{ readonly state: AnswerState; readonly ahead: number } | undefined> {
  const [row] = await db.$queryRaw<{ state: AnswerState; ahead: number }[]>`
    SELECT a.state, CASE WHEN a.state <> 'waiting' THEN 0 ELSE (
      SELECT count(*)::int FROM seminar_answer w
      WHERE w."organisationId" = a."organisationId" AND w."dateId" = a."dateId" AND w.state = 'waiting' AND w."queueNo" < a."queueNo") END AS ahead
    FROM seminar_answer a
    WHERE a."organisationId" = ${organisationId}::uuid AND a."dateId" = ${dateId}::uuid AND a."personId" = ${personId}::uuid`;
  return row;
}
