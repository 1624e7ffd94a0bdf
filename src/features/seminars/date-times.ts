import { addDays, atLocalTime, localDay } from '../../people/hours.js';
import { CHECK_IN, type Settings } from './model.js';

/** When what happens to a date by itself is due. */
export interface DateTimes {
  /** Null: there is no channel, or it was announced before. */
  readonly postAt: Date | null;
  readonly nextStage: number | null;
  readonly nextStageAt: Date | null;
  readonly phaseAt: Date;
}

/** A date is announced in the morning, at this many minutes after midnight of its series' zone. */
const POST_MINUTES = 10 * 60;

/**
 * When a date is announced, reminded of, and opened for check-in. Stages that have passed already are left out,
 * except that the announcement of a date in the near future is due at once.
 * @param posted whether it was announced before
 */
export function timesOf(
  { startsAt, zone }: { readonly startsAt: Date; readonly zone: string },
  { ladder, postDays }: Pick<Settings, 'ladder' | 'postDays'>,
  posted: boolean,
  now: Date,
): DateTimes {
  const next = nextStage(startsAt, ladder, undefined, now);
  const morning = atLocalTime(addDays(localDay(startsAt, zone), -postDays), POST_MINUTES, zone);
  return {
    postAt: posted ? null : morning < now ? now : morning,
    nextStage: next?.stage ?? null,
    nextStageAt: next?.at ?? null,
    phaseAt: new Date(startsAt.getTime() - CHECK_IN.before),
  };
}

/**
 * The next step of the ladder.
 * @param after the stage that was taken; undefined: none yet
 * @returns undefined when no stage is left
 */
export function nextStage(
  startsAt: Date,
  ladder: readonly number[],
  after: number | undefined,
  now: Date,
): { readonly stage: number; readonly at: Date } | undefined {
  const stage = [...ladder]
    .sort((a, b) => b - a)
    .find((minutes) => (after === undefined || minutes < after) && startsAt.getTime() - minutes * 60_000 > now.getTime());
  return stage === undefined ? undefined : { stage, at: new Date(startsAt.getTime() - stage * 60_000) };
}
