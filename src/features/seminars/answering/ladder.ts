import { nextStage } from '../date-times.js';
import type { SeminarDate } from '../model.js';

type Begins = Pick<SeminarDate, 'startsAt'>;

const MINUTE_MS = 60_000;

/** When a stage of the ladder is due. @param stage minutes before the start */
const dueAt = ({ startsAt }: Begins, stage: number): number => startsAt.getTime() - stage * MINUTE_MS;

/** Whether a later stage has come due: what was held back for working hours or by a stop doesn't go out beside it. */
export function isOvertaken(date: Begins, ladder: readonly number[], stage: number, now: Date): boolean {
  return ladder.some((other) => other < stage && dueAt(date, other) <= now.getTime());
}

/** What a tick makes of a date whose next stage has come. */
export interface Climb {
  /** The stage that goes out: of several that are due only the latest. Undefined: none, the date has begun or the ladder has changed. */
  readonly send: number | undefined;
  /** What comes after it. */
  readonly next: { readonly stage: number; readonly at: Date } | undefined;
}

/** @param due the stage that was to come next, in minutes before the start */
export function climb(date: Begins, ladder: readonly number[], due: number, now: Date): Climb {
  if (date.startsAt <= now) return { send: undefined, next: undefined };
  const reached = ladder.filter((stage) => stage <= due && dueAt(date, stage) <= now.getTime());
  const send = reached.length > 0 ? Math.min(...reached) : undefined;
  return { send, next: nextStage(date.startsAt, ladder, send ?? due, now) };
}

/** A reminder so shortly before the start, in minutes, can't wait for working hours or for a place in the day. */
export const PRESSING = 120;

/** Who is silent is asked at least so long before the start, in ms. */
const NUDGE_BEFORE_MS = 3 * 3_600_000;

/** Whether it is not too late to ask for an answer: hours before the start, unless the whole ladder lies in the last ones. */
export function mayNudge({ startsAt }: Begins, ladder: readonly number[], now: Date): boolean {
  const inTime = startsAt.getTime() - now.getTime() >= NUDGE_BEFORE_MS;
  return inTime || !ladder.some((stage) => stage * MINUTE_MS >= NUDGE_BEFORE_MS);
}
