import { addDays, atLocalTime, localDay, nextOpening } from '../../../people/hours.js';
import type { Person } from '../../../people/model.js';

/** Days from one time of asking to the next, after the first on the due day: every three days, then weekly, then every two weeks until it is done. */
const PAUSES = [3, 3, 7, 7, 7] as const;
const LAST_PAUSE = 14;

/** From this time of asking on the host hears that it is still open. */
export const HOST_HEARS_AT = 2;

type Keeper = Pick<Person, 'zone' | 'hours'>;

/** The morning of a day as the person begins it; the next working day's when nobody works then. */
function morningOf(day: string, { zone, hours }: Keeper): Date {
  return nextOpening(atLocalTime(day, hours.start, zone), zone, hours);
}

/**
 * When an action item is asked after first: on the morning of the day that it is due; the next morning for what is due
 * at once, since its owner has just been told.
 * @param dueOn `YYYY-MM-DD`
 */
export function firstAsk(dueOn: string, owner: Keeper, now: Date): Date {
  const morning = morningOf(dueOn, owner);
  return morning > now ? morning : morningOf(addDays(localDay(now, owner.zone), 1), owner);
}

/**
 * When it is asked after again, counted from this time, so that nothing piles up while the bot was away.
 * @param asked how often it was asked after, this time included
 */
export function nextAsk(asked: number, owner: Keeper, now: Date): Date {
  return morningOf(addDays(localDay(now, owner.zone), PAUSES[asked - 1] ?? LAST_PAUSE), owner);
}
