import { key, list, type Text, words } from '../../../core/text.js';

/** Bounds of the reminders: how many, and how long before the start in minutes. */
export const LADDER = { most: 6, shortest: 5, longest: 60 * 24 * 60 } as const;

const DAY = 24 * 60;
const WEEK = 7 * DAY;

/** What people write behind a number, in English and Latvian, and how many minutes it stands for. */
const UNITS: readonly { readonly minutes: number; readonly words: RegExp }[] = [
  { minutes: WEEK, words: /^(w|wk|wks|week|weeks|ned|nedēļa|nedēļas|nedēļu)$/ },
  { minutes: DAY, words: /^(d|day|days|diena|dienas|dienu)$/ },
  { minutes: 60, words: /^(h|hr|hrs|hour|hours|st|stunda|stundas|stundu)$/ },
  { minutes: 1, words: /^(m|min|mins|minute|minutes|minūte|minūtes|minūšu)$/ },
];

/**
 * Reminders as typed: "7 d, 1 d, 1 h".
 * @returns minutes before the start, the earliest reminder first, each once; `wrong` is what can't be read or is out of bounds
 */
export function readLadder(typed: string): { readonly ladder: readonly number[] } | { readonly wrong: string } {
  const steps = new Set<number>();
  for (const piece of typed.split(/[,;]+/).map((each) => each.trim())) {
    if (piece === '') continue;
    const minutes = readStep(piece);
    if (minutes === undefined) return { wrong: piece };
    steps.add(minutes);
  }
  const ladder = [...steps].sort((a, b) => b - a);
  return ladder.length > LADDER.most ? { wrong: typed } : { ladder };
}

function readStep(piece: string): number | undefined {
  const parts = /^(\d{1,5})\s*(\p{L}+)\.?$/u.exec(piece.toLowerCase());
  const unit = UNITS.find(({ words: names }) => names.test(parts?.[2] ?? ''));
  if (!parts || !unit) return undefined;
  const minutes = Number(parts[1]) * unit.minutes;
  return minutes >= LADDER.shortest && minutes <= LADDER.longest ? minutes : undefined;
}

/** The same as it can be typed again: "7 d, 1 d, 1 h". */
export function writeLadder(ladder: readonly number[]): string {
  return ladder.map((minutes) => `${minutes / unitOf(minutes)} ${SHORT.get(unitOf(minutes)) ?? ''}`).join(', ');
}

const SHORT: ReadonlyMap<number, string> = new Map([
  [DAY, 'd'],
  [60, 'h'],
  [1, 'min'],
]);

/** The largest unit that a number of minutes is a whole number of. */
const unitOf = (minutes: number): number => [DAY, 60].find((unit) => minutes % unit === 0) ?? 1;

/** "7 days, 1 day and 1 hour before". */
export function ladderText(ladder: readonly number[]): Text {
  if (ladder.length === 0) return key('seminars.settings.ladder_none');
  return key('seminars.settings.ladder_value', { steps: list(ladder.map(stepText)) });
}

function stepText(minutes: number): Text {
  const unit = unitOf(minutes);
  const count = minutes / unit;
  if (unit === DAY) return key('seminars.settings.days', { count });
  return unit === 60 ? key('seminars.settings.hours', { count }) : key('seminars.settings.minutes', { count });
}

/** What could not be read, and how it is written. */
export const ladderError = (wrong: string): Text => key('seminars.errors.ladder', { typed: words(wrong), most: LADDER.most });
