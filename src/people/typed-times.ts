import { isDay } from './hours.js';

/**
 * A typed day as `YYYY-MM-DD`, null when it is none. Read are `2027-03-02`, `2027.3.2`, `2.3.2027`, `02. 03. 2027`; with
 * slashes (`13/3/2027`) only where day and month can't be mistaken for one another.
 */
export function readDay(text: string): string | null {
  const typed = text.trim().replace(/\s*([./-])\s*/g, '$1');
  const parts = /^(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})\.?$/.exec(typed);
  if (!parts) return null;
  const [, first = '', separator = '', second = '', third = ''] = parts;
  if (first.length === 4) return dayOf(first, second, third);
  if (third.length !== 4) return null;
  const dayFirst = dayOf(third, second, first);
  if (separator !== '/') return dayFirst;
  const monthFirst = dayOf(third, first, second);
  if (dayFirst === monthFirst || monthFirst === null) return dayFirst;
  return dayFirst === null ? monthFirst : null;
}

function dayOf(year: string, month: string, day: string): string | null {
  const written = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return isDay(written) ? written : null;
}

/** A typed time in minutes after midnight (0 to 1439), null when it is none: `9:00`, `09.00`, `14:30`, `9`, `9h30`, `2:30 pm`. */
export function readTime(text: string): number | null {
  const parts = /^(\d{1,2})(?:\s*[:.h]\s*(\d{2})|\s*h)?\s*(am|pm|a\.m\.|p\.m\.)?$/.exec(text.trim().toLowerCase());
  if (!parts) return null;
  const minutes = Number(parts[2] ?? 0);
  const half = parts[3]?.charAt(0);
  const typedHour = Number(parts[1]);
  if (half !== undefined && (typedHour < 1 || typedHour > 12)) return null;
  const hour = half === undefined ? typedHour : (typedHour % 12) + (half === 'p' ? 12 : 0);
  return hour <= 23 && minutes <= 59 ? hour * 60 + minutes : null;
}

/** Minutes after midnight as a field for times has them: `HH:MM`. */
export const writeTime = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

/** Days separated by commas, semicolons, lines or spaces, once each and in order; `wrong` holds what is no day, as typed. */
export function readDays(text: string): { days: string[]; wrong: string[] } {
  const days = new Set<string>();
  const wrong: string[] = [];
  // A day may have spaces in it ("2. 3. 2027"): spaces separate only what is no day as a whole.
  const pieces = text
    .split(/[,;\n]+/)
    .map((piece) => piece.trim())
    .flatMap((piece) => (readDay(piece) === null ? piece.split(/\s+/) : [piece]))
    .filter((piece) => piece !== '');
  for (const piece of pieces) {
    const day = readDay(piece);
    if (day === null) wrong.push(piece);
    else days.add(day);
  }
  return { days: [...days].sort(), wrong };
}

/** A typed length in minutes, null when it is none: `90`, `90 min`, `1:30`, `1 h 30`, `1,5 h`, `2 st. 15 min`. Whether it is sensible is not asked. */
export function readLength(text: string): number | null {
  const typed = text.trim().toLowerCase();
  const colon = /^(\d{1,2}):(\d{2})$/.exec(typed);
  if (colon) return positive(Number(colon[1]) * 60 + (Number(colon[2]) < 60 ? Number(colon[2]) : Number.NaN));
  const minutes = /^(\d{1,4})\s*(?:m|min|mins|minute|minutes|minūtes?)?\.?$/.exec(typed);
  if (minutes) return positive(Number(minutes[1]));
  const hours =
    /^(\d{1,2}(?:[.,]\d{1,2})?)\s*(?:h|hr|hrs|hours?|st|stundas?)\.?\s*(?:(\d{1,2})\s*(?:m|min|mins|minutes?|minūtes?)?\.?)?$/.exec(typed);
  if (!hours) return null;
  return positive(Math.round(Number((hours[1] ?? '').replace(',', '.')) * 60) + Number(hours[2] ?? 0));
}

const positive = (minutes: number): number | null => (minutes > 0 ? minutes : null);
