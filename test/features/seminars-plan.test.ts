import DateHolidays from 'date-holidays';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plain, type Text } from '../../src/core/text.js';
import { checkPlan } from '../../src/features/seminars/calendar/check.js';
import { clockNote, heldOn, type Plan, planDates, planWindow } from '../../src/features/seminars/calendar/dates.js';
import { describeRhythm, describeRule, type Rhythm } from '../../src/features/seminars/calendar/rhythm.js';
import { hasHolidays, holidayCountries, holidaysOf } from '../../src/people/holidays.js';
import { readDay, readDays, readLength, readTime } from '../../src/people/typed-times.js';
import { createLocaliser } from '../../src/runtime/localise.js';

const localise = createLocaliser();
const inWords = (text: Text, locale = 'en') => plain(localise(text, { locale, zone: 'Europe/Riga' }));

const plan: Plan = {
  zone: 'Europe/Riga',
  firstDay: '2027-03-02',
  minutes: 600,
  length: 90,
  rhythm: { kind: 'weekly', every: 1 },
  ending: {},
  exceptions: [],
  holidays: 'ignore',
  country: 'LV',
  workDays: [1, 2, 3, 4, 5],
};

const monthly = (day: number | 'last'): Rhythm => ({ kind: 'month_day', every: 1, day });

describe('public holidays', () => {
  const held = async (rest: Partial<Plan>, from: string, to: string) => {
    const { dates, skipped } = await planWindow({ ...plan, ...rest }, { from, to, limit: 100 });
    return {
      dates: dates.map(({ ruleDay, day, movedFor }) => (movedFor ? `${ruleDay} > ${day}: ${movedFor}` : day)),
      skipped: skipped.map(({ day, holiday }) => `${day}: ${holiday}`),
    };
  };

  it('moves a date to the next working day, and says for what', async () => {
    const eighteenth: Partial<Plan> = { firstDay: '2027-10-18', rhythm: monthly(18), holidays: 'move' };
    expect(await held(eighteenth, '2027-10-01', '2027-12-31')).toEqual({
      dates: ['2027-10-18', '2027-11-18 > 2027-11-19: Latvijas Republikas proklamēšanas diena', '2027-12-18'],
      skipped: [],
    });
    // Tuesday 4 May, and Good Friday 26 March: over Easter to the Tuesday after.
    expect((await held({ firstDay: '2027-04-04', rhythm: monthly(4), holidays: 'move' }, '2027-05-01', '2027-05-31')).dates).toEqual([
      '2027-05-04 > 2027-05-05: Latvijas Republikas Neatkarības atjaunošanas diena',
    ]);
    expect((await held({ firstDay: '2027-03-26', rhythm: { kind: 'once' }, holidays: 'move' }, '2027-03-01', '2027-04-30')).dates).toEqual([
      '2027-03-26 > 2027-03-30: Lielā Piektdiena',
    ]);
    const thursdays: Partial<Plan> = { zone: 'America/New_York', country: 'US', firstDay: '2027-11-11', holidays: 'move' };
    expect((await held(thursdays, '2027-11-18', '2027-12-03')).dates).toEqual([
      '2027-11-18',
      '2027-11-25 > 2027-11-26: Thanksgiving Day',
      '2027-12-02',
    ]);
  });

  it('skips a date, and says for what', async () => {
    const eighteenth: Partial<Plan> = { firstDay: '2027-10-18', rhythm: monthly(18), ending: { count: 3 }, holidays: 'skip' };
    expect(await held(eighteenth, '2027-10-01', '2028-12-31')).toEqual({
      dates: ['2027-10-18', '2027-12-18'],
      skipped: ['2027-11-18: Latvijas Republikas proklamēšanas diena'],
    });
    expect((await held({ ...eighteenth, exceptions: ['2027-11-18'] }, '2027-10-01', '2028-12-31')).skipped).toEqual([]);
    expect((await held({ ...eighteenth, holidays: 'ignore' }, '2027-10-01', '2028-12-31')).dates).toEqual([
      '2027-10-18',
      '2027-11-18',
      '2027-12-18',
    ]);
  });

  it('knows regions, days off in place of a Sunday, and holidays of several days', async () => {
    expect((await holidaysOf('US-CA'))?.nameOn('2027-03-31')).toBe('César Chávez Day');
    expect((await holidaysOf('us-ca'))?.nameOn('2027-03-31')).toBe('César Chávez Day');
    expect((await holidaysOf('US-XX'))?.nameOn('2027-11-25')).toBe('Thanksgiving Day');
    expect((await holidaysOf('BR-GO-GOIANIA'))?.nameOn('2027-05-24')).toBe('Nossa Senhora Auxiliadora');
    expect((await holidaysOf('US'))?.nameOn('2027-03-31')).toBeUndefined();
    expect((await holidaysOf('US'))?.nameOn('2027-07-05')).toBe('Independence Day (substitute day)');
    expect((await holidaysOf('US'))?.nameOn('2027-12-31')).toBe("New Year's Day (substitute day)");
    // In the reader's language, whoever asked in another one before.
    const november = async (language?: string) => (await holidaysOf('LV', language))?.nameOn('2027-11-18');
    expect([await november('en'), await november('lv'), await november('en')]).toEqual([
      'Republic Day',
      'Latvijas Republikas proklamēšanas diena',
      'Republic Day',
    ]);
    const egypt = await holidaysOf('EG');
    expect(['2027-03-08', '2027-03-09', '2027-03-11', '2027-03-12'].map((day) => egypt?.nameOn(day) !== undefined)).toEqual([
      false,
      true,
      true,
      false,
    ]);
    // Observances and half days are worked.
    expect((await holidaysOf('LV'))?.nameOn('2027-05-09')).toBeUndefined();
  });

  it('never moves a date onto another of the plan, nor without end', async () => {
    const fridays: Partial<Plan> = { firstDay: '2027-12-10', workDays: [5], holidays: 'move' };
    const everyTwo: Partial<Plan> = { ...fridays, rhythm: { kind: 'weekly', every: 2 } };
    expect((await held(everyTwo, '2027-12-10', '2028-01-20')).dates).toEqual([
      '2027-12-10',
      '2028-01-07',
      '2027-12-24 > 2028-01-14: Ziemassvētku vakars',
    ]);
    expect(await held(fridays, '2027-12-17', '2028-01-08')).toEqual({
      dates: ['2027-12-17', '2028-01-07'],
      skipped: ['2027-12-24: Ziemassvētku vakars', '2027-12-31: Vecgada vakars'],
    });
  });

  it('never moves two dates onto one, whatever the window', async () => {
    // Only Sundays are worked, and 26 December is none of them: the Fridays 24 and 31 December would both be held on 2 January.
    const sundays: Partial<Plan> = { firstDay: '2027-12-10', workDays: [7], holidays: 'move' };
    const both = ['2027-12-24 > 2028-01-02: Ziemassvētku vakars', '2028-01-07', '2027-12-31 > 2028-01-09: Vecgada vakars'];
    expect((await held(sundays, '2027-12-18', '2028-01-09')).dates).toEqual(both);
    expect((await held(sundays, '2028-01-08', '2028-01-09')).dates).toEqual(both.slice(2));
    // Nor does excepting one move the other.
    expect((await held({ ...sundays, exceptions: ['2027-12-24'] }, '2027-12-18', '2028-01-09')).dates).toEqual(both.slice(1));
  });

  it('excepts a date by the day of the rule or by the day it was moved to', async () => {
    const eighteenth: Partial<Plan> = { firstDay: '2027-10-18', rhythm: monthly(18), holidays: 'move' };
    for (const exception of ['2027-11-18', '2027-11-19']) {
      const { dates } = await held({ ...eighteenth, exceptions: [exception] }, '2027-10-01', '2027-12-31');
      expect(dates).toEqual(['2027-10-18', '2027-12-18']);
    }
  });

  it('gives the same days whatever the window, each once, on working days', async () => {
    const anyPlan = fc.record({
      country: fc.constantFrom('LV', 'US', 'CN', 'EG', 'IL', 'JP'),
      ahead: fc.nat({ max: 700 }),
      rhythm: fc.constantFrom<Rhythm>({ kind: 'weekly', every: 1 }, { kind: 'weekly', every: 2 }, monthly(1), monthly('last')),
      workDays: fc.subarray([1, 2, 3, 4, 5], { minLength: 1 }),
      from: fc.nat({ max: 300 }),
    });
    const day = (ahead: number) => new Date(Date.UTC(2027, 0, 1 + ahead)).toISOString().slice(0, 10);
    await fc.assert(
      fc.asyncProperty(anyPlan, async ({ country, ahead, rhythm, workDays, from }) => {
        const moved: Plan = { ...plan, firstDay: day(ahead), rhythm, country, workDays, holidays: 'move' };
        const whole = await planDates(moved, { from: moved.firstDay, to: day(ahead + 500), limit: 1000 });
        const part = await planDates(moved, { from: day(ahead + from), to: day(ahead + 400), limit: 1000 });
        expect(part).toEqual(whole.filter((date) => date.day >= day(ahead + from) && date.day <= day(ahead + 400)));
        expect(await planDates(moved, { from: day(ahead + from), limit: 4 })).toEqual(
          whole.filter((date) => date.day >= day(ahead + from)).slice(0, 4),
        );
        expect(new Set(whole.map((date) => date.day)).size).toBe(whole.length);
        const calendar = await holidaysOf(country);
        for (const date of whole) {
          expect(calendar?.nameOn(date.day)).toBeUndefined();
          if (date.movedFor) expect(workDays).toContain(new Date(`${date.day}T00:00Z`).getUTCDay());
        }
      }),
      { numRuns: 60 },
    );
  });

  it('knows the countries that the library knows', () => {
    expect([...holidayCountries()].sort()).toEqual(Object.keys(new DateHolidays().getCountries()).sort());
    expect(['LV', 'us-ca', 'XX', '', 'LV-', 'US-CA-A-B', '../../x'].map(hasHolidays)).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
      false,
    ]);
  });
});

describe('what is wrong with a plan', () => {
  const now = new Date('2027-02-01T08:00Z');
  const problems = (rest: Partial<Plan>) =>
    checkPlan({ ...plan, ...rest }, now).map(({ field, text }) => `${field} ${text.key.split('.').slice(1).join('.')}`);
  const every = (step: number): Rhythm => ({ kind: 'month_day', every: step, day: 15 });
  const days = (many: number) =>
    Array.from({ length: many }, (_, index) => new Date(Date.UTC(2027, 2, 2 + index * 7)).toISOString().slice(0, 10));

  it('finds nothing in a good one', () => {
    expect(problems({})).toEqual([]);
    expect(problems({ rhythm: { kind: 'once' }, holidays: 'move', length: 5, minutes: 1439 })).toEqual([]);
    expect(problems({ firstDay: '2027-02-01', minutes: 601 })).toEqual([]);
    expect(problems({ ending: { until: '2027-03-02' } })).toEqual([]);
    expect(problems({ ending: { count: 200 }, exceptions: days(100), length: 1440 })).toEqual([]);
  });

  it.each<[string, Partial<Plan>, string[]]>([
    ['a start in the past', { firstDay: '2027-01-31' }, ['firstDay errors.start_past']],
    ['a start this very minute', { firstDay: '2027-02-01', minutes: 600 }, ['firstDay errors.start_past']],
    ['a start in another century', { firstDay: '2207-03-02' }, ['firstDay errors.start_far']],
    ['the 30th of February', { firstDay: '2027-02-30' }, ['firstDay errors.no_such_day']],
    ['a zone that does not exist', { zone: 'Europe/Rigga' }, ['zone errors.zone_unknown']],
    ['no time of day', { minutes: 1440 }, ['minutes errors.time_unknown']],
    ['four minutes', { length: 4 }, ['length errors.length_range']],
    ['more than a day', { length: 1441 }, ['length errors.length_range']],
    ['every 0 months', { rhythm: every(0) }, ['every errors.every_range']],
    ['every 61 months', { rhythm: every(61) }, ['every errors.every_range']],
    ['every 1.5 months', { rhythm: every(1.5) }, ['every errors.every_range']],
    ['every nothing', { rhythm: every(Number.NaN) }, ['every errors.every_range']],
    ['day 32', { rhythm: monthly(32) }, ['day errors.day_of_month']],
    ['the 30th of every February', { firstDay: '2027-02-15', rhythm: { kind: 'month_day', every: 12, day: 30 } }, ['day errors.never']],
    ['29 February in odd years', { firstDay: '2027-02-15', rhythm: { kind: 'month_day', every: 24, day: 29 } }, ['day errors.never']],
    ['an end before the start', { ending: { until: '2027-03-01' } }, ['until errors.until_before_start']],
    ['an end on no day', { ending: { until: '2027-02-29' } }, ['until errors.no_such_day']],
    ['an end before the first date', { rhythm: monthly(1), ending: { until: '2027-03-31' } }, ['until errors.no_dates']],
    ['no dates', { ending: { count: 0 } }, ['count errors.count_range']],
    ['too many dates', { ending: { count: 201 } }, ['count errors.count_range']],
    ['two ends', { ending: { until: '2027-05-01', count: 3 } }, ['count errors.ending_twice']],
    ['an exception on no day', { exceptions: ['2027-02-30'] }, ['exceptions errors.no_such_day']],
    ['a hundred and one exceptions', { exceptions: days(101) }, ['exceptions errors.too_many_exceptions']],
    ['exceptions that leave nothing', { ending: { count: 2 }, exceptions: days(2) }, ['exceptions errors.no_dates_left']],
    ['the only date excepted', { rhythm: { kind: 'once' }, exceptions: ['2027-03-02'] }, ['exceptions errors.no_dates_left']],
    ['holidays of nowhere', { holidays: 'move', country: null }, ['country errors.country_missing']],
    ['holidays of Atlantis', { holidays: 'skip', country: 'XA' }, ['country errors.country_unknown']],
    [
      'several at once',
      { zone: 'X', length: 0, rhythm: every(0) },
      ['zone errors.zone_unknown', 'length errors.length_range', 'every errors.every_range'],
    ],
  ])('names %s', (_, rest, expected) => {
    expect(problems(rest)).toEqual(expected);
    expect(checkPlan({ ...plan, ...rest }, now).every(({ level }) => level === 'error')).toBe(true);
  });

  it('tells what will happen without standing in the way', () => {
    const notes = (rest: Partial<Plan>) => checkPlan({ ...plan, ...rest }, now).map(({ level, text }) => `${level}: ${inWords(text)}`);
    expect(notes({ rhythm: { kind: 'month_weekday', every: 1, nth: 2, weekday: 2 } })).toEqual([
      'note: The first date is Tuesday, 9 March 2027: the rule gives none before it.',
    ]);
    expect(notes({ firstDay: '2027-03-31', rhythm: monthly(31) })).toEqual([
      'note: Months without a 31st have no date. To meet in each of them, choose the last day of the month.',
    ]);
    const leapDay: Rhythm = { kind: 'month_day', every: 60, day: 29 };
    expect(notes({ firstDay: '2027-02-28', rhythm: leapDay })[0]).toMatch(/29 February 2032/);
    expect(problems({ exceptions: ['2027-03-10', '2027-03-09'] })).toEqual(['exceptions notes.exceptions_unused']);
    // Excepting all the days so far leaves the later ones of a rule without end.
    expect(problems({ exceptions: days(3) })).toEqual([]);
  });
});

describe('words', () => {
  it.each<[Rhythm, string, string]>([
    [{ kind: 'once' }, 'once', 'vienreiz'],
    [{ kind: 'weekly', every: 1 }, 'every Tuesday', 'katru otrdienu'],
    [{ kind: 'weekly', every: 2 }, 'every 2 weeks on Tuesday', 'ik pēc 2 nedēļām otrdienā'],
    [monthly(31), 'every month on the 31st', 'katra mēneša 31. datumā'],
    [{ kind: 'month_day', every: 21, day: 'last' }, 'every 21 months on the last day', 'ik pēc 21 mēneša pēdējā dienā'],
    [{ kind: 'month_weekday', every: 2, nth: 2, weekday: 2 }, 'every 2 months on the second Tuesday', 'ik pēc 2 mēnešiem otrajā otrdienā'],
    [
      { kind: 'month_workday', every: 1, nth: 'last' },
      'every month on the last working day (Monday to Friday)',
      'katra mēneša pēdējā darba dienā (no pirmdienas līdz piektdienai)',
    ],
  ])('says %j', (rhythm, en, lv) => {
    expect(inWords(describeRhythm(rhythm, '2027-03-02'))).toBe(en);
    expect(inWords(describeRhythm(rhythm, '2027-03-02'), 'lv')).toBe(lv);
  });

  it('says the ending, and which time is taken when the clocks change', () => {
    expect(inWords(describeRule({ kind: 'weekly', every: 1 }, { count: 6 }))).toBe('every week, 6 dates');
    expect(inWords(describeRule({ kind: 'weekly', every: 1 }, { until: '2027-12-31' }))).toBe('every week, until Friday, 31 December 2027');
    const note = (day: string) => {
      const at = { ...plan, minutes: 210 };
      const text = clockNote({ ruleDay: day, ...heldOn(at, day) }, at);
      return text && inWords(text);
    };
    expect(note('2027-03-28')).toMatch(/^There is no 03:30 that day.*04:30/);
    expect(note('2027-10-31')).toMatch(/^03:30 comes twice that day.*03:30/);
    expect(note('2027-10-30')).toBeNull();
  });
});

describe('what people type', () => {
  it.each([
    ['2027-03-02', '2027-03-02'],
    [' 2.3.2027 ', '2027-03-02'],
    ['02.03.2027.', '2027-03-02'],
    ['2. 3. 2027', '2027-03-02'],
    ['2027.3.2', '2027-03-02'],
    ['2-3-2027', '2027-03-02'],
    ['13/3/2027', '2027-03-13'],
    ['3/13/2027', '2027-03-13'],
    ['3/3/2027', '2027-03-03'],
    ['2/3/2027', null],
    ['2027-02-30', null],
    ['29.2.2028', '2028-02-29'],
    ['2027-02-29', null],
    ['2.3.27', null],
    ['2.3/2027', null],
    ['tomorrow', null],
    ['', null],
  ])('reads the day %j', (typed, day) => {
    expect(readDay(typed)).toBe(day);
  });

  it.each([
    ['9:00', 540],
    ['09.00', 540],
    ['14:30', 870],
    ['9', 540],
    ['9h30', 570],
    ['2:30 pm', 870],
    ['12am', 0],
    ['12:15 p.m.', 735],
    ['0:00', 0],
    ['24:00', null],
    ['9:60', null],
    ['13 pm', null],
    ['noon', null],
    ['', null],
  ])('reads the time %j', (typed, minutes) => {
    expect(readTime(typed)).toBe(minutes);
  });

  it.each([
    ['90', 90],
    ['90 min', 90],
    ['1:30', 90],
    ['1 h 30', 90],
    ['1h30min', 90],
    ['1,5 h', 90],
    ['2 st. 15 min.', 135],
    ['1 stunda', 60],
    ['0', null],
    ['1:75', null],
    ['-5', null],
    ['long', null],
  ])('reads the length %j', (typed, minutes) => {
    expect(readLength(typed)).toBe(minutes);
  });

  it('reads many days, once each and in order, and says which are none', () => {
    expect(readDays('2027-04-06, 2. 3. 2027\n2027-04-06;5.10.2027 2027-12-07')).toEqual({
      days: ['2027-03-02', '2027-04-06', '2027-10-05', '2027-12-07'],
      wrong: [],
    });
    expect(readDays('2027-02-30, soon')).toEqual({ days: [], wrong: ['2027-02-30', 'soon'] });
    expect(readDays(' \n ')).toEqual({ days: [], wrong: [] });
  });
});
