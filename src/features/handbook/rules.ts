import { addDays, atLocalTime, localDay, nextOpening } from '../../people/hours.js';
import type { WorkingHours } from '../../people/model.js';

/** Days from the due date at which each stage of the ladder stands; stage 0 is the request itself. */
const STAGE_DAYS: readonly number[] = [Number.NaN, ...[-7, -1, 0], ...[1, 2, 3, 4, 5, 6, 7], ...[14, 21, 28, 35, 42, 49, 56, 63]];

/** The last stage: eight weeks after the week of daily reminders. */
export const LAST_STAGE = STAGE_DAYS.length - 1;

/** Reminders go out at this local time, minutes after midnight, or at the next opening. */
const REMIND_AT = 10 * 60;

/** Overdue by so many days, the line manager hears of it. */
export const ESCALATE_AFTER_DAYS = 3;

/** Where and when a person works. */
export interface PersonTime {
  /** IANA zone. */
  readonly zone: string;
  readonly hours: WorkingHours;
}

/** Days after the due date (negative: before it) of a stage. */
export function stageOffset(stage: number): number {
  const days = STAGE_DAYS[stage];
  if (days === undefined || Number.isNaN(days)) throw new RangeError(`There is no reminder stage ${stage}.`);
  return days;
}

/**
 * The first stage that still lies ahead when somebody is asked on a day: what was past then, or is on that very
 * day, is said by the request itself. Undefined when none is left.
 * @param dueOn `YYYY-MM-DD`
 * @param askedOn `YYYY-MM-DD`
 */
export function firstStage(dueOn: string, askedOn: string): number | undefined {
  for (let stage = 1; stage <= LAST_STAGE; stage++) if (addDays(dueOn, stageOffset(stage)) > askedOn) return stage;
  return undefined;
}

/** The earliest instant at which a stage may be due anywhere: 10:00 on its day comes first in UTC+14. */
export function stageNotBefore(dueOn: string, stage: number): Date {
  return new Date(Date.parse(`${addDays(dueOn, stageOffset(stage))}T00:00:00Z`) - 4 * 3_600_000);
}

/**
 * When a stage goes out to a person: at 10:00 of its day in the person's zone, or, where that is outside working
 * hours, at their next opening. One that would have to wait until the day of the stage after it is overtaken by that
 * one, and comes due with it: nobody gets Sunday's reminder on Monday at nine and Monday's at ten.
 */
export function stageAt(dueOn: string, stage: number, person: PersonTime): Date {
  const at = nextOpening(atLocalTime(addDays(dueOn, stageOffset(stage)), REMIND_AT, person.zone), person.zone, person.hours);
  const overtaken = stage < LAST_STAGE && localDay(at, person.zone) >= addDays(dueOn, stageOffset(stage + 1));
  return overtaken ? stageAt(dueOn, stage + 1, person) : at;
}

/** What is to be done about one person's ladder. */
export interface LadderStep {
  /** The stage that goes out now, and until when it makes sense. */
  readonly send?: { readonly stage: number; readonly expiresAt: Date };
  /** Stages that were overtaken by it. */
  readonly skipped: readonly number[];
  /** Undefined when the ladder has ended. */
  readonly next?: { readonly stage: number; readonly at: Date };
}

/**
 * Of all stages that have come due since `stage`, the latest one goes out, unless it would wait until the next one's day.
 * @param stage the one that is next
 */
export function climb(dueOn: string, stage: number, person: PersonTime, now: Date): LadderStep {
  let latest: number | undefined;
  let next = stage;
  while (next <= LAST_STAGE && stageAt(dueOn, next, person) <= now) {
    latest = next;
    next += 1;
  }
  const ahead = next <= LAST_STAGE ? { next: { stage: next, at: stageAt(dueOn, next, person) } } : {};
  if (latest === undefined) return { skipped: [], ...ahead };
  const upTo = (last: number) => Array.from({ length: last - stage }, (_, index) => stage + index);
  // Found late and out of hours: it would go out on the morning of the next stage, an hour before that one.
  const goesOutOn = localDay(nextOpening(now, person.zone, person.hours), person.zone);
  if (latest < LAST_STAGE && goesOutOn >= addDays(dueOn, stageOffset(latest + 1))) return { skipped: upTo(latest + 1), ...ahead };
  const expiresAt = ahead.next?.at ?? new Date(now.getTime() + 7 * 86_400_000);
  const skipped = upTo(latest);
  return { send: { stage: latest, expiresAt }, skipped, ...ahead };
}

/** Whether a request can still be signed. */
export type AssignmentState = 'open' | 'signed' | 'declined' | 'exempt' | 'superseded' | 'withdrawn' | 'left';

/** Pages (from 1) that were not opened yet. */
export function missingPages(pageCount: number, opened: readonly number[]): number[] {
  const seen = new Set(opened);
  return Array.from({ length: pageCount }, (_, index) => index + 1).filter((page) => !seen.has(page));
}

/** Links and addresses, also without a scheme. One letter before a dot is an initial: “J.Bērziņš”, and “J.In” too. */
const LINKS: readonly RegExp[] = [
  /:\/\/|\bwww\.|@\S+\.|<[^>]*>|\p{L}:\S|\.\S*\//iu,
  /(^|\s)\S*[\p{L}\p{N}]{2}\.(com|net|org|info|biz|app|dev|xyz|io|ai|co|me|ly|lv|lt|ee|hr|it|pl|in|eu|de|fr|es|uk|us|ru)([:/?#]\S*)?($|\s)/iu,
];

/** What is wrong with a typed name; undefined when nothing is. The name is cleaned already (canonical.cleanLine). */
export function nameProblem(name: string): 'name_link' | 'name_digits' | 'name_short' | 'name_long' | undefined {
  if (LINKS.some((link) => link.test(name))) return 'name_link';
  const letters = name.match(/\p{L}/gu)?.length ?? 0;
  if (letters === 0 && /\p{N}/u.test(name)) return 'name_digits';
  if (letters < 2) return 'name_short';
  return name.length > 200 ? 'name_long' : undefined;
}

/** Whether the typed name says something else than the profile; recorded, never refused. */
export function namesDiffer(typed: string, profile: string): boolean {
  const fold = (name: string) =>
    name
      .normalize('NFKD')
      .replace(/[^\p{L}\p{N}]+/gu, '')
      .toLowerCase();
  return fold(typed) !== fold(profile);
}
