/** The formats of `Intl`, kept: each costs tens of kilobytes and most of a millisecond to make. */
export interface Formats {
  readonly number: (locale: string, options?: Intl.NumberFormatOptions) => Intl.NumberFormat;
  readonly dateTime: (locale: string, options?: Intl.DateTimeFormatOptions) => Intl.DateTimeFormat;
  readonly plural: (locale: string, options?: Intl.PluralRulesOptions) => Intl.PluralRules;
  readonly list: (locale: string) => Intl.ListFormat;
}

/** More than an organisation's languages times its zones; a bound, since zones come from outside. */
const MOST_KEPT = 500;

export function createFormats(): Formats {
  const keep = <T, O>(make: (locale: string, options?: O) => T) => {
    const kept = new Map<string, T>();
    return (locale: string, options?: O): T => {
      const name = options ? `${locale} ${JSON.stringify(options)}` : locale;
      const found = kept.get(name);
      if (found) return found;
      const made = make(locale, options);
      if (kept.size >= MOST_KEPT) kept.clear();
      kept.set(name, made);
      return made;
    };
  };
  return {
    number: keep((locale, options?: Intl.NumberFormatOptions) => new Intl.NumberFormat(locale, options)),
    dateTime: keep((locale, options?: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, options)),
    plural: keep((locale, options?: Intl.PluralRulesOptions) => new Intl.PluralRules(locale, options)),
    list: keep((locale) => new Intl.ListFormat(locale, { type: 'conjunction', style: 'long' })),
  };
}

/** `2027-03-02` as "Tuesday 2 March"; with the year where it isn't `thisYear`. What is no day is given back as it is. */
export function formatDay(formats: Formats, locale: string, day: string, thisYear: number): string {
  const at = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(at.getTime())) return day;
  return dayIn(formats, locale, at, 'UTC', thisYear);
}

/** "Tuesday 2 March, 10:00", and "(Riga)" where the zone isn't the reader's own. */
export function formatInstant(formats: Formats, locale: string, at: Date, zone: string, readerZone: string, now: Date): string {
  const shown = knownZone(formats, zone);
  const thisYear = Number(formats.dateTime('en', { year: 'numeric', timeZone: shown }).format(now));
  const day = dayIn(formats, locale, at, shown, thisYear);
  const time = formats
    .dateTime(locale, { hour: hourStyle(formats, locale), minute: '2-digit', timeZone: shown })
    .format(at)
    // A narrow no-break space before "AM" is an empty box in some chats.
    .replaceAll('\u202f', ' ');
  // Nobody lives in UTC: it stands for a zone that isn't known, so it is always named.
  const named = shown !== readerZone || shown === 'UTC';
  return named ? `${day}, ${time} (${zoneName(shown)})` : `${day}, ${time}`;
}

function dayIn(formats: Formats, locale: string, at: Date, timeZone: string, thisYear: number): string {
  const year = Number(formats.dateTime('en', { year: 'numeric', timeZone }).format(at));
  const options: Intl.DateTimeFormatOptions = { weekday: 'long', day: 'numeric', month: 'long', timeZone };
  return formats.dateTime(locale, year === thisYear ? options : { ...options, year: 'numeric' }).format(at);
}

/** "9:00 AM" but "09:00". */
function hourStyle(formats: Formats, locale: string): 'numeric' | '2-digit' {
  return formats.dateTime(locale, { hour: 'numeric' }).resolvedOptions().hour12 ? 'numeric' : '2-digit';
}

/** The city of an IANA zone, as people name it: `America/New_York` -> "New York". */
export function zoneName(zone: string): string {
  return zone.slice(zone.lastIndexOf('/') + 1).replaceAll('_', ' ');
}

/** A zone that a platform told and this runtime doesn't know must not cost a message. */
function knownZone(formats: Formats, zone: string): string {
  try {
    formats.dateTime('en', { year: 'numeric', timeZone: zone });
    return zone;
  } catch {
    return 'UTC';
  }
}
