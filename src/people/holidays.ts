/** The public holidays of one country or region. */
export interface HolidayCalendar {
  /** The holiday on a day (`YYYY-MM-DD`), in the language asked for where the library has its name; undefined on any other day. */
  nameOn(day: string): string | undefined;
}

/** What the library's countries are called, ISO 3166-1 alpha-2 (a test compares the list with the library). */
const countries = new Set(
  (
    'AD AE AG AI AL AM AO AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BW BY BZ CA CC CD CF CG CH CI CK CL CM CN ' +
    'CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GT GU GW GY HK ' +
    'HN HR HT HU IC ID IE IL IM IN IR IS IT JE JM JP KE KM KN KR KY KZ LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MK ML MQ MR MS MT MU ' +
    'MW MX MY MZ NA NC NE NF NG NI NL NO NZ PA PE PF PH PK PL PM PR PT PY RE RO RS RU RW SA SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST ' +
    'SV SX SZ TC TD TG TH TN TO TR TT TW TZ UA UG US UY UZ VA VC VE VG VI VN VU WF XK YT ZA ZM ZW'
  ).split(' '),
);

/** Whether holidays of this country are known: `LV`, or with a region `US-CA`, in capitals or not. */
export function hasHolidays(country: string): boolean {
  const [code = '', ...regions] = country.toUpperCase().split('-');
  return countries.has(code) && regions.length <= 2 && regions.every((region) => /^[A-Z0-9]{1,10}$/.test(region));
}

/** The codes of all countries whose holidays are known. */
export const holidayCountries = (): readonly string[] => [...countries];

const calendars = new Map<string, HolidayCalendar>();

/**
 * The holidays of a country, null when there are none to know. A region that is unknown has its country's holidays.
 * The library is large (20 MB of memory) and loaded at the first call only.
 * @param language ISO 639-1, of the holidays' names; the country's own without it
 */
export async function holidaysOf(country: string | null, language?: string): Promise<HolidayCalendar | null> {
  if (country === null || !hasHolidays(country)) return null;
  const name = `${country} ${language ?? ''}`;
  const cached = calendars.get(name);
  if (cached) return cached;
  const { default: Holidays } = await import('date-holidays');
  const [code = '', asState = '', asRegion = ''] = country.toUpperCase().split('-');
  const library = new Holidays(code);
  const state = spelt(library.getStates(code), asState);
  const region = spelt(library.getRegions(code, state), asRegion);
  library.init(code, state, region);
  const calendar = calendarOf((year) => library.getHolidays(year, language).filter(({ type }) => type === 'public'));
  // What managers choose must not fill the memory.
  if (calendars.size < 300) calendars.set(name, calendar);
  return calendar;
}

/**
 * Whether a day (`YYYY-MM-DD`) is a public holiday of a country, as the reckoning of working time asks
 * (working-time.ts). Never, where the country's holidays aren't known.
 * @param country ISO 3166-1 alpha-2, with a region if wished: `LV`, `US-CA`
 */
export async function holidayTest(country: string | null): Promise<(day: string) => boolean> {
  const calendar = await holidaysOf(country);
  return (day) => calendar?.nameOn(day) !== undefined;
}

/** A code as the library spells it (`Timaru`), empty when it has none such. */
function spelt(codes: Readonly<Record<string, string>> | null | undefined, typed: string): string {
  return Object.keys(codes ?? {}).find((code) => code.toUpperCase() === typed) ?? '';
}

interface Holiday {
  readonly date: string;
  readonly start: Date;
  readonly end: Date;
  readonly name: string;
}

function calendarOf(holidaysIn: (year: number) => readonly Holiday[]): HolidayCalendar {
  const names = new Map<string, string>();
  const loaded = new Set<number>();
  const load = (year: number): void => {
    if (loaded.has(year)) return;
    loaded.add(year);
    for (const holiday of holidaysIn(year)) for (const day of daysOf(holiday)) if (!names.has(day)) names.set(day, holiday.name);
  };
  return {
    nameOn(day) {
      const year = Number(day.slice(0, 4));
      // A holiday of several days may begin in the year before, and a substitute may stand in the list of its own year only.
      for (const each of [year - 1, year, year + 1]) load(each);
      return names.get(day);
    },
  };
}

const dayMs = 86_400_000;

/** The days whose noon the holiday covers: one that begins in the evening is the next day's. */
function daysOf(holiday: Holiday): string[] {
  // The library tells local wall time, "2027-11-18 00:00:00"; read as UTC it has days of 24 hours.
  const wall = Date.parse(`${holiday.date.slice(0, 10)}T${holiday.date.slice(11, 19)}Z`);
  // Twelve hours of tolerance absorb changes of clocks within the holiday.
  const days = Math.max(1, Math.round((holiday.end.getTime() - holiday.start.getTime()) / dayMs));
  const first = Math.ceil((wall - dayMs / 2) / dayMs);
  return Array.from({ length: days }, (_, index) => new Date((first + index) * dayMs).toISOString().slice(0, 10));
}
