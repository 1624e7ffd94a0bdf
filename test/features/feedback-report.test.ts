import { beforeEach, describe, expect, it } from 'vitest';
import type { Card } from '../../src/core/card.js';
import type { Answer } from '../../src/core/reply.js';
import { plain, type Text } from '../../src/core/text.js';
import { dueReport } from '../../src/features/feedback/reporting/monthly.js';
import { averageText, casesText, npsText, scoreText, withBefore } from '../../src/features/feedback/reporting/texts.js';
import { newId } from '../../src/people/ids.js';
import { createLocaliser } from '../../src/runtime/localise.js';
import { type StandInCharts, text } from '../support/builders.js';
import { accepted, type CustomerCompany, customerCompany, type SaidOverrides } from '../support/customer-company.js';
import { useDatabase } from '../support/database.js';
import { cardsOf, keysIn } from '../support/test-bot.js';

const database = useDatabase();
let company: CustomerCompany;

beforeEach(async () => {
  await database.reset();
  company = await customerCompany(database, '2027-01-15T08:00:00Z');
});

let said = 0;

/** Has the same thing said so many times, at an instant. */
async function saidAt(at: string, times: number, overrides: SaidOverrides): Promise<void> {
  const { bot } = company;
  bot.clock.to(at);
  for (let time = 0; time < times; time++) {
    // The same words twice are doubtful.
    said += 1;
    await accepted(bot, { ...overrides, ...(overrides.words !== undefined && { words: `${overrides.words} (${said})` }) });
  }
}

/** January with few who wait, February with many, and some of Riga's old town. */
async function twoMonths(): Promise<void> {
  const { location } = company;
  await saidAt('2027-01-20T08:00:00Z', 6, { stars: 5, ratings: { recommend: 9 }, locationId: location.id });
  await saidAt('2027-01-21T08:00:00Z', 2, { stars: 2, words: 'A long queue.' });
  await saidAt('2027-02-10T08:00:00Z', 7, {
    stars: 3,
    ratings: { recommend: 3 },
    words: 'I had to wait for ages.',
    locationId: location.id,
  });
  await saidAt('2027-02-11T08:00:00Z', 2, { stars: 5, ratings: { recommend: 10 }, source: 'phone' });
  // January's report is late: it goes out here.
  await company.bot.runDue();
}

/** Reports in the channel of a month, of any month when none is told. */
const posted = (month = ''): readonly Card[] =>
  company.bot
    .messagesIn(company.channel)
    .map(({ card }) => card)
    .filter(({ title }) => title && text(title).startsWith(`feedback.report.title(month=feedback.report.month(month=${month}`));
const cardOf = (answer: Answer): Card => cardsOf(answer)[0] ?? { summary: { kind: 'words', words: '' } };
const factsOf = (card: Card | undefined) => card?.facts?.map(({ value }) => text(value));
const charts = () => company.bot.work.charts as StandInCharts;

describe('the monthly report', () => {
  it('goes to the channel on the first working day at nine, once, and tells the figures', async () => {
    const { bot } = company;
    await twoMonths();
    for (const early of ['2027-02-28T12:00:00Z', '2027-03-01T06:59:00Z']) {
      bot.clock.to(early);
      await bot.runDue();
      expect(posted('02')).toEqual([]);
    }
    for (const at of ['2027-03-01T07:00:00Z', '2027-03-01T07:01:00Z', '2027-03-02T08:00:00Z']) {
      bot.clock.to(at);
      await bot.runDue();
      expect(posted('02')).toHaveLength(1);
    }
    const [card] = posted('02');
    expect(text(card?.lead ?? { kind: 'words', words: '' })).toBe(
      'feedback.report.finding_content(change=fewer, now=0.22, past=0.75, before=feedback.report.month(month=01, year=2027))',
    );
    expect(factsOf(card)).toEqual([
      'feedback.report.entries_value(total=9, before=8)',
      'feedback.report.against(now=feedback.report.share_value(share=0.22, answers=9), before=0.75)',
      'feedback.report.against(now=feedback.report.nps_value(score=feedback.report.score(sign=minus, size=56), answers=9), before=feedback.report.score(sign=plus, size=100))',
      'feedback.report.cases_opened(count=2, before=0)',
      'feedback.report.in_time_few(inTime=0, due=2)',
      'feedback.report.no_cases',
    ]);
    expect(card?.rows?.map(({ text: name, detail }) => [text(name), detail && text(detail)])).toEqual([
      ['Old Town', 'feedback.report.location_value(total=7, overall=feedback.report.average_value(average=3, answers=7))'],
      ['feedback.report.no_location', 'feedback.report.location_value(total=2, overall=feedback.report.too_few(answers=2))'],
    ]);
  });

  it('tells figures as people write them, and nothing of what there was none of', () => {
    const say = (shown: Text, locale: string) => plain(createLocaliser()(shown, { locale, zone: 'UTC' }));
    const none = { median: null, count: 0, inTime: 0, due: 0 };
    const cases = { opened: 2, openedBefore: 21, confirmed: 1, unconfirmed: 0, merged: 3, reopened: 0, response: none, resolution: none };
    expect(say(casesText(cases), 'en')).toBe('2 opened (before: 21); 4 closed: 1 confirmed, 3 merged');
    expect(say(casesText({ ...cases, opened: 1, confirmed: 0, merged: 0, reopened: 1 }), 'lv')).toBe(
      'atvērta 1 (iepriekš: 21); no jauna atvērta 1',
    );
    expect(say(averageText({ answers: 48, value: 4.02 }), 'en')).toBe('4.0 of 5 (48 answers)');
    expect(say(averageText({ answers: 21, value: 4.25 }), 'lv')).toBe('4,3 no 5 (21 atbilde)');
    const nps = { answers: 64, value: 35.6 };
    expect(say(withBefore(npsText(nps), nps, { answers: 60, value: 22 }, scoreText), 'en')).toBe('+36 (64 answers) · before: +22');
  });

  it('has pictures whose titles state the finding, and their figures in words', async () => {
    const { bot } = company;
    await twoMonths();
    bot.clock.to('2027-03-01T07:00:00Z');
    await bot.runDue();
    const columns = charts().drawnColumns.at(-1);
    expect(columns?.series.map(({ values }) => values)).toEqual([
      [0, 0, 0, 0, 8, 9],
      [null, null, null, null, 0.75, 0.22],
    ]);
    expect(columns?.title).toContain('feedback.report.finding_content');
    const bars = charts().drawn.at(-1);
    expect(bars?.title).toContain('feedback.report.finding_rising');
    expect(bars?.groups[0]?.bars.map(({ label, value }) => [label, value])).toEqual([['feedback.theme.waiting', 7]]);
    const alts = (posted('02')[0]?.body ?? []).flatMap((block) => (block.kind === 'picture' ? [text(block.alt)] : []));
    expect(alts).toHaveLength(2);
    expect(alts[0]).toContain(
      'feedback.report.alt_month(month=feedback.report.month(month=02, year=2027), total=9, content=0.22, answers=9)',
    );
    expect(alts[1]).toContain('value=7');
    // From 2 to 7 rises; nothing falls, and nobody's words are told.
    expect(keysIn(posted('02'))).toContain('feedback.report.rising');
    expect(keysIn(posted('02'))).not.toContain('feedback.report.falling');
    expect(JSON.stringify(posted('02'))).not.toContain('for ages');
  });

  it('tells the latest month alone after a standstill, within the day, and is silent for whoever begins', async () => {
    const { bot } = company;
    bot.clock.to('2027-02-01T08:00:00Z');
    await bot.runDue();
    expect(posted()).toEqual([]);
    await twoMonths();
    await saidAt('2027-03-12T08:00:00Z', 1, { stars: 5 });
    await saidAt('2027-04-12T08:00:00Z', 1, { stars: 5 });
    const before = posted().length;
    // A Saturday.
    bot.clock.to('2027-05-15T10:00:00Z');
    await bot.runDue();
    expect(posted()).toHaveLength(before);
    bot.clock.to('2027-05-17T10:00:00Z');
    await bot.runDue();
    expect(
      posted()
        .slice(before)
        .map((card) => text(card.title ?? { kind: 'words', words: '' })),
    ).toEqual(['feedback.report.title(month=feedback.report.month(month=04, year=2027))']);
  });

  it('goes without pictures when they can’t be drawn for an hour, its text stands', async () => {
    const { bot } = company;
    await twoMonths();
    const { bars } = charts();
    Object.assign(bot.work.charts, { bars: () => Promise.reject(new Error('No canvas.')) });
    bot.clock.to('2027-03-01T07:00:00Z');
    await bot.runDue();
    expect(posted('02')).toEqual([]);
    bot.clock.to('2027-03-01T08:01:00Z');
    await bot.runDue();
    Object.assign(bot.work.charts, { bars });
    expect(posted('02')).toHaveLength(1);
    expect(posted('02')[0]?.body?.some(({ kind }) => kind === 'picture')).toBe(false);
    expect(keysIn(posted('02'))).toContain('feedback.report.alt_month');
  });

  it.each([
    // 1 May 2027 is a Saturday, 4 May a holiday.
    ['LV', '2027-05-03T05:59:00Z', undefined],
    ['LV', '2027-05-03T06:00:00Z', '2027-04'],
    ['LV', '2027-05-04T08:00:00Z', undefined],
    // 1 January is a holiday, 2 and 3 January 2027 are a weekend.
    [null, '2027-01-01T07:00:00Z', '2026-12'],
    ['LV', '2027-01-01T07:00:00Z', undefined],
    ['LV', '2027-01-04T07:00:00Z', '2026-12'],
    // Not into the evening.
    ['LV', '2027-01-04T17:00:00Z', undefined],
  ])('in %s at %s it is due for %s', async (country, now, month) => {
    const { organisation } = company.bot;
    const due = await dueReport(new Date(now), { ...organisation, country });
    expect(due?.month).toBe(month);
  });
});

describe('the report on demand', () => {
  it('compares the running month with as much of the one before', async () => {
    const { bot, boss } = company;
    await twoMonths();
    bot.clock.to('2027-02-11T10:00:00Z');
    const card = cardOf(await bot.as(boss).command('customer report'));
    expect(factsOf(card)?.[0]).toBe('feedback.report.entries_value(total=9, before=0)');
    expect(keysIn(card.title)).toContain('feedback.report.until_now');
    const earlier = await bot.as(boss).click('feedback.report', card);
    expect(earlier.kind).toBe('update');
    expect(factsOf(cardOf(earlier))?.[0]).toBe('feedback.report.entries_value(total=8, before=0)');
  });

  it('is of the month that is named or chosen, and says what a month is', async () => {
    const { bot, boss, ana } = company;
    await twoMonths();
    bot.clock.to('2027-03-05T10:00:00Z');
    const bare = await bot.as(boss).command('customer report');
    expect(text(cardOf(bare).title ?? { kind: 'words', words: '' })).toContain('month=02');
    expect(factsOf(cardOf(await bot.as(boss).command('customer report 01.2027')))?.[0]).toContain('total=8');
    const form = await bot.as(boss).click('feedback.report_month_open', bare);
    expect(keysIn(await bot.as(boss).submit(form, {}))).toContain('feedback.errors.report_choose');
    expect(factsOf(cardOf(await bot.as(boss).submit(form, { month: '2027-01' })))?.[0]).toContain('total=8');
    expect(keysIn(await bot.as(boss).command('customer report soon'))).toContain('feedback.errors.report_month');
    expect(keysIn(await bot.as(boss).command('customer report 2027-04'))).toContain('feedback.errors.report_later');
    const quiet = await bot.as(boss).command('customer report 2026-05');
    expect(keysIn(quiet)).toEqual(expect.arrayContaining(['feedback.report.quiet', 'feedback.report.action.later']));
    expect(keysIn(await bot.as(ana).command('customer report'))).toContain('core.errors.role_needed');
  });

  it('keeps complaints about colleagues out of small rows, and counts them in the totals', async () => {
    const { bot, boss, ana, location } = company;
    const about = { stars: 1, words: 'Rude at the counter.', locationId: location.id, concernIds: [ana.id] };
    await saidAt('2027-02-10T08:00:00Z', 2, about);
    await saidAt('2027-02-11T08:00:00Z', 1, { stars: 5 });
    await bot.runDue();
    const card = cardOf(await bot.as(boss).command('customer report'));
    expect(await database.db.feedback.count({ where: { state: 'private' } })).toBe(2);
    expect(factsOf(card)?.[0]).toContain('total=3');
    expect(card.rows ?? []).toEqual([]);
    expect(JSON.stringify(charts().drawn.at(-1))).not.toContain('attitude');
    await saidAt('2027-02-12T08:00:00Z', 1, about);
    await bot.runDue();
    const more = cardOf(await bot.as(boss).command('customer report'));
    expect(more.rows?.map(({ detail }) => detail && text(detail))[0]).toContain('total=3');
  });

  it('puts what has many locations into seven rows', async () => {
    const { bot, boss } = company;
    const made = { organisationId: bot.organisation.id, createdAt: bot.clock.now() };
    const places = Array.from({ length: 9 }, (_, index) => ({ ...made, id: newId(bot.clock.now()), name: `Place ${index}` }));
    await database.db.location.createMany({ data: places });
    for (const [index, { id }] of places.entries()) await saidAt('2027-02-10T08:00:00Z', 10 - index, { stars: 4, locationId: id });
    const rows = cardOf(await bot.as(boss).command('customer report')).rows ?? [];
    expect(rows.map((row) => text(row.text))).toEqual([
      ...[0, 1, 2, 3, 4, 5].map((index) => `Place ${index}`),
      'feedback.report.other_locations',
    ]);
    expect(rows.at(-1)?.detail && text(rows.at(-1)?.detail ?? { kind: 'words', words: '' })).toContain('total=9');
  });
});
