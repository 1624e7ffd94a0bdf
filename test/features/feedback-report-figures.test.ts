import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Report, reportOf } from '../../src/features/feedback/reporting/figures.js';
import { comparedMonths, monthOf, readMonth } from '../../src/features/feedback/reporting/months.js';
import { countMonth } from '../../src/features/feedback/reporting/store-report.js';
import { newId } from '../../src/people/ids.js';
import { type CustomerCompany, contextOf, customerCompany } from '../support/customer-company.js';
import { useDatabase } from '../support/database.js';
import { aHistory, alike, type Entry, expected, monthBegins, type Raw, shift, timesOf } from '../support/feedback-figures.js';

const database = useDatabase();
const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
const RUNS = 25;
const HOUR = 3_600_000;

let company: CustomerCompany;
let locations: string[];
let themes: string[];
let questions: Map<string, string>;

beforeEach(async () => {
  await database.reset();
  company = await customerCompany(database);
  const { db } = database;
  const { bot, location } = company;
  const organisationId = bot.organisation.id;
  const more = Array.from({ length: 8 }, (_, index) => ({
    organisationId,
    id: newId(bot.clock.now()),
    name: `Place ${index}`,
    createdAt: bot.clock.now(),
  }));
  await db.location.createMany({ data: more });
  locations = [location.id, ...more.map(({ id }) => id)];
  themes = (await db.feedbackTheme.findMany({ orderBy: { position: 'asc' } })).map(({ id }) => id);
  questions = new Map((await db.feedbackQuestion.findMany()).map(({ key, id }) => [key, id]));
});

async function store(zone: string, month: string, entries: readonly Entry[]): Promise<readonly Raw[]> {
  const { db } = database;
  const organisationId = company.bot.organisation.id;
  await db.$executeRaw`UPDATE feedback_settings SET "lastCaseNo" = 0`;
  for (const table of ['feedback_case', 'feedback_about', 'feedback_rating', 'feedback'])
    await db.$executeRawUnsafe(`DELETE FROM ${table}`);
  const raw = entries.map((entry): Raw => {
    const at = new Date(monthBegins(shift(month, 1 - entry.end), zone).getTime() + entry.hours * HOUR);
    return { ...entry, id: newId(at), at };
  });
  const place = ({ location }: Entry) => (location === null ? null : (locations[location] ?? null));
  await db.feedback.createMany({
    data: raw.map((entry, index) => ({
      organisationId,
      id: entry.id,
      reference: String(index).padStart(8, '0'),
      onceKey: `test:${index}`,
      bodyDigest: '',
      source: entry.source,
      kind: 'comment',
      state: entry.state,
      locationId: place(entry),
      receivedAt: entry.at,
    })),
  });
  const rated = raw.flatMap((entry) =>
    (['overall', 'courtesy', 'recommend'] as const).flatMap((key) => {
      const [value, questionId] = [entry[key], questions.get(key)];
      return value === null || !questionId
        ? []
        : [{ organisationId, feedbackId: entry.id, questionId, value, receivedAt: entry.at, locationId: place(entry) }];
    }),
  );
  await db.feedbackRating.createMany({ data: rated });
  await db.feedbackAbout.createMany({
    data: raw.flatMap((entry) =>
      entry.themes.map((index) => ({ organisationId, feedbackId: entry.id, themeId: themes[index] ?? '', receivedAt: entry.at })),
    ),
  });
  await db.feedbackCase.createMany({
    data: raw.flatMap((entry, index) => {
      const times = timesOf(entry);
      if (!times) return [];
      const { answered, due, resolved, closed, reopened, outcome } = times;
      const dates = { openedAt: entry.at, respondedAt: answered, dueAt: due, resolvedAt: resolved, closedAt: closed, reopenedAt: reopened };
      return [
        {
          organisationId,
          id: newId(entry.at),
          number: index + 1,
          feedbackId: entry.id,
          priority: 'normal' as const,
          linkNonce: '',
          outcome,
          ...dates,
        },
      ];
    }),
  });
  return raw;
}

async function reportFor(zone: string, month: string, now: Date): Promise<Report> {
  const { organisation, db } = await contextOf(company.bot);
  const when = comparedMonths(month, now, zone);
  return reportOf(when, await countMonth(db, { id: organisation.id, zone }, when));
}

describe('the figures of a month', () => {
  it('are what counting one by one comes to, in every zone, at month ends and changes of clocks', async () => {
    await fc.assert(
      fc.asyncProperty(aHistory, async ({ zone, month, day, entries }) => {
        const now =
          day === null
            ? new Date('2028-06-01T00:00:00Z')
            : new Date(monthBegins(month, zone).getTime() + (day - 1) * 24 * HOUR + 12 * HOUR);
        const raw = await store(zone, month, entries);
        const wanted = expected(raw, zone, month, now, locations.length);
        const report = await reportFor(zone, month, now);
        const scale = (key: string) => report.scales.find(({ question }) => question.key === key)?.average ?? { answers: 0, value: null };
        const theme = (index: number) => report.themes.find((each) => each.theme.id === themes[index]);
        expect({
          total: report.total,
          totalBefore: report.totalBefore,
          sources: Object.fromEntries(report.sources.map(({ source, entries: count }) => [source, count])),
          overall: alike(scale('overall')),
          courtesy: alike(scale('courtesy')),
          nps: alike(report.nps),
          npsBefore: alike(report.npsBefore),
          csat: alike(report.csat),
          csatBefore: alike(report.csatBefore),
          themes: [0, 1, 2].map((index) => [theme(index)?.entries ?? 0, theme(index)?.before ?? 0]),
          trend: report.trend.map((row) => [row.entries, row.rated, row.content]),
          cases: report.cases,
        }).toEqual({
          ...wanted,
          locations: undefined,
          overall: alike(wanted.overall),
          courtesy: alike(wanted.courtesy),
          nps: alike(wanted.nps),
          npsBefore: alike(wanted.npsBefore),
          csat: alike(wanted.csat),
          csatBefore: alike(wanted.csatBefore),
        });
        const named = report.locations.filter(({ kind }) => kind !== 'others').map((row) => row.entries);
        expect(named).toEqual(wanted.locations.length <= 7 ? wanted.locations : wanted.locations.slice(0, 6));
      }),
      { numRuns: RUNS, seed },
    );
  }, 120_000);

  it.each([
    [4, null],
    [5, 0.6],
  ])('of %i answers say %s', async (answers, share) => {
    const entries = Array.from(
      { length: answers },
      (_, index): Entry => ({
        end: 1,
        hours: 24 + index,
        state: 'passed',
        source: 'page',
        location: 0,
        overall: [5, 4, 4, 3, 1][index] ?? 1,
        courtesy: null,
        recommend: [10, 9, 7, 6, 0][index] ?? 0,
        themes: [],
        case: null,
      }),
    );
    await store('Europe/Riga', '2027-02', entries);
    const report = await reportFor('Europe/Riga', '2027-02', new Date('2027-03-01T08:00:00Z'));
    expect(report.csat).toEqual({ answers, value: share });
    expect(report.nps).toEqual({ answers, value: share === null ? null : 0 });
    expect(report.locations[0]?.overall).toEqual({ answers, value: share === null ? null : 3.4 });
  });
});

describe('months', () => {
  it('are read as people write them, and belong to the zone', () => {
    expect(['2027-02', '2027.2', '02.2027', '2/2027', '2027-13', 'May', '27-02'].map(readMonth)).toEqual([
      '2027-02',
      '2027-02',
      '2027-02',
      '2027-02',
      undefined,
      undefined,
      undefined,
    ]);
    expect(monthOf(new Date('2027-02-28T22:30:00Z'), 'Europe/Riga')).toBe('2027-03');
  });
});
