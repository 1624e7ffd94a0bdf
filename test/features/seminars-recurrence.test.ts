import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { heldOn, type Plan, planDates } from '../../src/features/seminars/calendar/dates.js';
import { fromRRule, type Rhythm, toRRule, weekdays } from '../../src/features/seminars/calendar/rhythm.js';
import { instantOf, oracleDates, type SaidRule, type SaidSeries } from '../support/recurrence-oracle.js';

const zones = ['Europe/Riga', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe'];
const codes = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];

const plain = {
  ending: {},
  exceptions: [],
  holidays: 'ignore',
  country: null,
  workDays: [1, 2, 3, 4, 5],
  length: 60,
} satisfies Partial<Plan>;

/** What the program would be told for a series of the oracle. */
function planOf(series: SaidSeries, rhythm: Rhythm): Plan {
  const [hours = 0, minutes = 0] = series.at.split(':').map(Number);
  return {
    ...plain,
    zone: series.zone,
    firstDay: series.starts,
    minutes: hours * 60 + minutes,
    rhythm,
    ending: {
      ...(series.times === undefined ? {} : { count: series.times }),
      ...(series.lastDay === undefined ? {} : { until: series.lastDay }),
    },
    exceptions: series.except ?? [],
  };
}

const seen = (dates: readonly { day: string; startsAt: Date; clock?: string | undefined }[]) =>
  dates.map(({ day, startsAt, clock }) => `${day} ${startsAt.toISOString()}${clock ? ` ${clock}` : ''}`);

/** Two years from New Year 2027: both changes of clocks twice, 29 February 2028 among them. */
const sixSeries: readonly { name: string; starts: string; at: string; rhythm: Rhythm; said: SaidRule; dates: number }[] = [
  // Sundays: every change of clocks falls on one of them.
  { name: 'weekly', starts: '2027-01-03', at: '02:15', rhythm: { kind: 'weekly', every: 1 }, said: { each: 'week', step: 1 }, dates: 105 },
  {
    name: 'every 2 months on the second Tuesday',
    starts: '2027-01-12',
    at: '10:00',
    rhythm: { kind: 'month_weekday', every: 2, nth: 2, weekday: 2 },
    said: { each: 'month', step: 2, on: { position: 2, of: ['TU'] } },
    dates: 12,
  },
  {
    name: 'monthly on the 31st',
    starts: '2027-01-31',
    at: '23:30',
    rhythm: { kind: 'month_day', every: 1, day: 31 },
    said: { each: 'month', step: 1, on: { date: 31 } },
    dates: 14,
  },
  {
    name: 'monthly on the last day',
    starts: '2027-01-31',
    at: '03:30',
    rhythm: { kind: 'month_day', every: 1, day: 'last' },
    said: { each: 'month', step: 1, on: { date: -1 } },
    dates: 24,
  },
  {
    name: 'monthly on the last Sunday',
    starts: '2027-01-31',
    at: '03:30',
    rhythm: { kind: 'month_weekday', every: 1, nth: 'last', weekday: 7 },
    said: { each: 'month', step: 1, on: { position: -1, of: ['SU'] } },
    dates: 24,
  },
  {
    name: 'monthly on the last working day',
    starts: '2027-01-29',
    at: '16:45',
    rhythm: { kind: 'month_workday', every: 1, nth: 'last' },
    said: { each: 'month', step: 1, on: { position: -1, of: codes.slice(0, 5) } },
    dates: 24,
  },
];

describe('two years of six series against a second calendar', () => {
  for (const zone of zones) {
    it.each(sixSeries)(`$name, ${zone}`, async ({ starts, at, rhythm, said, dates }) => {
      const series: SaidSeries = { zone, starts, at, repeats: said };
      const ours = await planDates(planOf(series, rhythm), { from: '2027-01-01', to: '2028-12-31', limit: 1000 });
      const expected = oracleDates(series, '2028-12-31');
      expect(seen(ours)).toEqual(seen(expected));
      expect(ours).toHaveLength(dates);
      expect(ours.every((date) => date.ruleDay === date.day && date.endsAt.getTime() - date.startsAt.getTime() === 3_600_000)).toBe(true);
    });
  }

  it('meets gaps and times that come twice on the way', () => {
    const met = (zone: string, at: string) =>
      oracleDates({ zone, starts: '2027-01-03', at, repeats: { each: 'week', step: 1 } }, '2028-12-31').flatMap(({ day, clock }) =>
        clock ? [`${day} ${clock}`] : [],
      );
    expect(met('Europe/Riga', '03:30')).toEqual(['2027-03-28 gap', '2027-10-31 twice', '2028-03-26 gap', '2028-10-29 twice']);
    expect(met('America/New_York', '02:15')).toEqual(['2027-03-14 gap', '2028-03-12 gap']);
    expect(met('Australia/Lord_Howe', '02:15')).toEqual(['2027-10-03 gap', '2028-10-01 gap']);
    expect(met('Asia/Kolkata', '02:15')).toEqual([]);
  });
});

describe('known dates', () => {
  const days = async (rhythm: Rhythm, firstDay: string, limit: number, rest: Partial<Plan> = {}) =>
    (await planDates({ ...plain, zone: 'Europe/Riga', minutes: 600, firstDay, rhythm, ...rest }, { from: firstDay, limit })).map(
      (date) => date.day,
    );

  it('follows RFC 5545 at the edges of months', async () => {
    expect(await days({ kind: 'month_day', every: 12, day: 29 }, '2027-02-28', 3)).toEqual(['2028-02-29', '2032-02-29', '2036-02-29']);
    expect(await days({ kind: 'month_day', every: 1, day: 30 }, '2028-01-30', 3)).toEqual(['2028-01-30', '2028-03-30', '2028-04-30']);
    expect(await days({ kind: 'month_day', every: 1, day: 'last' }, '2028-01-15', 3)).toEqual(['2028-01-31', '2028-02-29', '2028-03-31']);
    expect(await days({ kind: 'month_workday', every: 1, nth: 'first' }, '2027-05-01', 3)).toEqual([
      '2027-05-03',
      '2027-06-01',
      '2027-07-01',
    ]);
    expect(await days({ kind: 'once' }, '2027-05-03', 6)).toEqual(['2027-05-03']);
  });

  it('counts exceptions as dates of the rule and includes the last day', async () => {
    const weekly: Rhythm = { kind: 'weekly', every: 2 };
    expect(await days(weekly, '2027-03-02', 9, { ending: { count: 4 }, exceptions: ['2027-03-16'] })).toEqual([
      '2027-03-02',
      '2027-03-30',
      '2027-04-13',
    ]);
    expect(await days(weekly, '2027-03-02', 9, { ending: { until: '2027-03-30' } })).toEqual(['2027-03-02', '2027-03-16', '2027-03-30']);
    expect(await days(weekly, '2027-03-02', 9, { ending: { until: '2027-03-29' } })).toEqual(['2027-03-02', '2027-03-16']);
  });

  it('ends for a rule that never gives a date', async () => {
    const began = performance.now();
    expect(await days({ kind: 'month_day', every: 12, day: 30 }, '2027-02-01', 6)).toEqual([]);
    expect(await days({ kind: 'month_day', every: 24, day: 29 }, '2027-02-01', 6)).toEqual([]);
    expect(await days({ kind: 'month_day', every: 12, day: 30 }, '2027-02-01', 6, { ending: { count: 3 } })).toEqual([]);
    expect(performance.now() - began).toBeLessThan(2000);
  });

  it('takes a time that is left out later, and one that comes twice the first time', () => {
    const held = (zone: string, day: string, minutes: number) => {
      const { startsAt, clock } = heldOn({ zone, minutes, length: 60 }, day);
      expect({ startsAt, clock }).toEqual(instantOf(day, `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${minutes % 60}`, zone));
      return `${startsAt.toISOString().slice(0, 16)} ${clock ?? ''}`;
    };
    expect(held('Europe/Riga', '2027-03-28', 210)).toBe('2027-03-28T01:30 gap');
    expect(held('Europe/Riga', '2027-10-31', 210)).toBe('2027-10-31T00:30 twice');
    // Half an hour only: 02:00 becomes 02:30 in October, and 01:30 to 02:00 comes twice in April.
    expect(held('Australia/Lord_Howe', '2027-10-03', 135)).toBe('2027-10-02T15:45 gap');
    expect(held('Australia/Lord_Howe', '2027-04-04', 105)).toBe('2027-04-03T14:45 twice');
    expect(held('Australia/Lord_Howe', '2027-04-04', 130)).toBe('2027-04-03T15:40 ');
    // The gap at midnight: that day begins at one o'clock.
    expect(held('Africa/Cairo', '2027-04-30', 15)).toBe('2027-04-29T22:15 gap');
  });
});

const dayFrom = (first: string, ahead: number) => new Date(Date.parse(first) + ahead * 86_400_000).toISOString().slice(0, 10);
const anyDay = fc.nat({ max: 3000 }).map((ahead) => dayFrom('2024-01-01', ahead));
const anyEvery = fc.integer({ min: 1, max: 14 });

interface Pair {
  readonly rhythm: Rhythm;
  readonly said: SaidRule;
}

const anyPair: fc.Arbitrary<Pair> = fc.oneof(
  anyEvery.map((every): Pair => ({ rhythm: { kind: 'weekly', every }, said: { each: 'week', step: every } })),
  fc.tuple(anyEvery, fc.integer({ min: 1, max: 31 })).map(
    // Every twelve months may never meet a 30th or 31st, and the second calendar would look for it for ever.
    ([every, day]): Pair => {
      const step = day > 28 && every === 12 ? 11 : every;
      return { rhythm: { kind: 'month_day', every: step, day }, said: { each: 'month', step, on: { date: day } } };
    },
  ),
  anyEvery.map(
    (every): Pair => ({ rhythm: { kind: 'month_day', every, day: 'last' }, said: { each: 'month', step: every, on: { date: -1 } } }),
  ),
  fc.tuple(anyEvery, fc.constantFrom(1 as const, 2 as const, 3 as const, 4 as const, 'last' as const), fc.constantFrom(...weekdays)).map(
    ([every, nth, weekday]): Pair => ({
      rhythm: { kind: 'month_weekday', every, nth, weekday },
      said: { each: 'month', step: every, on: { position: nth === 'last' ? -1 : nth, of: codes.slice(weekday - 1, weekday) } },
    }),
  ),
  fc.tuple(anyEvery, fc.constantFrom('first' as const, 'last' as const)).map(
    ([every, nth]): Pair => ({
      rhythm: { kind: 'month_workday', every, nth },
      said: { each: 'month', step: every, on: { position: nth === 'last' ? -1 : 1, of: codes.slice(0, 5) } },
    }),
  ),
);

const anySeries = fc.record({
  pair: anyPair,
  zone: fc.constantFrom(...zones, 'America/Sao_Paulo', 'Africa/Cairo', 'Pacific/Chatham', 'Asia/Kathmandu', 'America/St_Johns', 'UTC'),
  starts: anyDay,
  at: fc.tuple(fc.nat({ max: 23 }), fc.nat({ max: 59 })).map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(':')),
  ending: fc.oneof(
    fc.constant({}),
    fc.integer({ min: 1, max: 30 }).map((times) => ({ times })),
    fc.nat({ max: 900 }).map((lastIn) => ({ lastIn })),
  ),
  exceptNth: fc.array(fc.nat({ max: 20 }), { maxLength: 4 }),
  skipTo: fc.nat({ max: 400 }),
});

describe('any plan against a second calendar', () => {
  it('gives the same dates, from whatever day they are asked for', async () => {
    await fc.assert(
      fc.asyncProperty(anySeries, async ({ pair, zone, starts, at, ending, exceptNth, skipTo }) => {
        const end = 'lastIn' in ending ? { lastDay: dayFrom(starts, ending.lastIn) } : ending;
        const whole: SaidSeries = { zone, starts, at, repeats: pair.said, ...end };
        const to = dayFrom(starts, 1100);
        const all = oracleDates(whole, to);
        const except = exceptNth.flatMap((nth) => all[nth]?.day ?? []);
        const from = dayFrom(starts, skipTo);
        const expected = oracleDates({ ...whole, except }, to).filter(({ day }) => day >= from);
        const plan = planOf({ ...whole, except }, pair.rhythm);
        expect(seen(await planDates(plan, { from, to, limit: 1000 }))).toEqual(seen(expected));
        expect(seen(await planDates(plan, { from, to, limit: 3 }))).toEqual(seen(expected.slice(0, 3)));
      }),
      { numRuns: 300 },
    );
  });

  it('reads back the rule that it stores', () => {
    fc.assert(
      fc.property(anyPair, anyDay, fc.option(fc.integer({ min: 1, max: 200 })), ({ rhythm }, day, count) => {
        const ending = count === null ? { until: day } : { count };
        expect(fromRRule(toRRule(rhythm, ending, day))).toEqual({ rhythm, ending });
      }),
      { numRuns: 200 },
    );
    expect(fromRRule(toRRule({ kind: 'once' }, {}, '2027-03-02'))).toEqual({ rhythm: { kind: 'once' }, ending: {} });
    expect(toRRule({ kind: 'month_weekday', every: 2, nth: 2, weekday: 2 }, { count: 6 }, '2027-03-09')).toBe(
      'FREQ=MONTHLY;INTERVAL=2;BYDAY=2TU;COUNT=6',
    );
  });
});
