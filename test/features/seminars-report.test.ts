import { beforeEach, describe, expect, it } from 'vitest';
import type { SeminarDate } from '../../src/features/seminars/model.js';
import { type BuiltPerson, type StandInCharts, text } from '../support/builders.js';
import { useDatabase } from '../support/database.js';
import { at, dateFor, held, writeRecap } from '../support/seminar-attending.js';
import { aSeries, type SeminarCompany, seminarCompany, theDates } from '../support/seminar-company.js';
import { buttonsOf, cardsOf, keysIn } from '../support/test-bot.js';

const database = useDatabase();
let company: SeminarCompany;
/** Six of the kitchen, two of the bar, in Riga all of them. */
let kitchen: readonly BuiltPerson[];
let bar: readonly BuiltPerson[];

beforeEach(async () => {
  await database.reset();
  company = await seminarCompany(database);
  const { bot } = company;
  const made = { organisationId: bot.organisation.id, createdAt: bot.clock.now() };
  const team = async (id: string, name: string) => await database.db.team.create({ data: { ...made, id, name } });
  const first = await team('01949c2e-0000-7000-8000-00000000000a', '=Kitchen');
  const second = await team('01949c2e-0000-7000-8000-00000000000b', 'Bar');
  const riga = await database.db.location.create({ data: { ...made, id: '01949c2e-0000-7000-8000-00000000000c', name: 'Riga' } });
  const member = async (teamId: string, name: string) => await bot.person({ name, teamId, locationId: riga.id });
  kitchen = await Promise.all(Array.from({ length: 6 }, (_, index) => member(first.id, `Cook ${index}`)));
  bar = await Promise.all([member(second.id, 'Bar One'), member(second.id, '@Bar Two')]);
});

/** A date that everybody of kitchen and bar had to come to; four cooks and one of the bar came. */
async function heldDate(): Promise<SeminarDate> {
  const audience = { kind: 'people' as const, personIds: [...kitchen, ...bar].map(({ id }) => id) };
  const date = await dateFor(company, kitchen.slice(0, 5), { requirement: 'every', audience });
  await held(company, date, [...kitchen.slice(0, 4), ...bar.slice(0, 1)]);
  return date;
}

describe('the report', () => {
  it('shows months as columns, and in words what the picture shows', async () => {
    const { bot, boss } = company;
    await heldDate();
    const [card] = cardsOf(await bot.as(boss).command('seminar report'));
    expect((bot.work.charts as StandInCharts).drawnColumns.at(-1)?.series.map(({ values }) => values)).toEqual([[5], [5], [8]]);
    const picture = card?.body?.find((block) => block.kind === 'picture');
    const alt = picture?.kind === 'picture' ? text(picture.alt) : '';
    expect(alt).toContain('seminars.report.finding_total(came=5, dates=1)');
    expect(alt).toContain('seminars.report.alt_month(month=seminars.report.month(month=03, year=2027), invited=8, going=5, came=5)');
    expect(card?.facts?.map(({ value }) => text(value))).toEqual([
      'seminars.report.dates(count=1)',
      'seminars.report.times(count=5)',
      'seminars.report.times(count=3)',
      '0.625',
    ]);
  });

  it('tells teams and locations apart, and says nothing of a few', async () => {
    const { bot, boss } = company;
    await heldDate();
    const report = await bot.as(boss).command('seminar report');
    const rows = (answer: typeof report) => cardsOf(answer)[0]?.rows?.map((row) => [text(row.text), row.detail && text(row.detail)]);
    expect(rows(report)).toEqual([
      ['=Kitchen', 'seminars.report.group(came=4, expected=6, share=0.6666666666666666, people=6)'],
      ['Bar', 'seminars.report.too_few(people=2)'],
    ]);
    const byPlace = await bot.as(boss).press({ id: 'seminars.report', payload: { by: 'location', turn: true } });
    expect(byPlace.kind).toBe('update');
    expect(rows(byPlace)).toEqual([['Riga', 'seminars.report.group(came=5, expected=8, share=0.625, people=8)']]);
  });

  it('compares with the months before', async () => {
    const { bot, boss } = company;
    const date = await heldDate();
    const dates = await theDates(bot, date.series.id);
    for (const next of dates.slice(1, 6)) {
      await at(company, next.startsAt.toISOString());
      const there = next === dates[3] || next === dates[4] || next === dates[5] ? [...kitchen, ...bar] : kitchen.slice(0, 3);
      for (const person of there) await bot.as(person).press({ id: 'seminars.here', payload: { dateId: next.id } });
      await at(company, next.endsAt.toISOString());
    }
    const [card] = cardsOf(await bot.as(boss).command('seminar report'));
    expect(card?.lead && text(card.lead)).toBe('seminars.report.finding(change=more, now=1, before=0.46)');
    expect((bot.work.charts as StandInCharts).drawnColumns.at(-1)?.periods).toHaveLength(6);
  });

  it('is of one series where one is named or chosen', async () => {
    const { bot, boss, host } = company;
    const date = await heldDate();
    await aSeries(bot, { hostId: host.id, title: 'Calm on the phone', plan: { firstDay: '2027-03-10', rhythm: { kind: 'once' } } });
    await at(company, '2027-03-10T09:30:00Z');
    expect(keysIn(await bot.as(boss).command('seminar report nothing'))).toContain('seminars.errors.report_unknown');
    expect(keysIn(await bot.as(boss).command('seminar report calm'))).toContain('seminars.errors.report_unsure');
    expect(keysIn(await bot.as(boss).command('seminar report phone'))).toContain('seminars.report.finding_total');
    const named = await bot.as(boss).command('seminar report COUNTER');
    expect(JSON.stringify(cardsOf(named)[0]?.title)).toContain('Calm at the counter');
    const list = await bot.as(boss).click('seminars.report_series', named);
    expect(cardsOf(list)[0]?.rows).toHaveLength(2);
    const chosen = await bot.as(boss).click('seminars.report', list);
    expect(buttonsOf(cardsOf(chosen)[0] ?? { summary: { kind: 'words', words: '' } }).at(-1)?.payload).toEqual({
      seriesId: date.series.id,
    });
    const gone = await bot.as(boss).press({ id: 'seminars.report', payload: { seriesId: '01949c2e-0000-7000-8000-0000000000ff' } });
    expect(keysIn(gone)).toContain('seminars.errors.report_gone');
  });

  it('is the managers’ alone, and says so when there is nothing yet', async () => {
    const { bot, boss, ana } = company;
    expect(keysIn(await bot.as(boss).command('seminar report'))).toContain('seminars.report.none');
    expect(keysIn(await bot.as(ana).command('seminar report'))).toContain('core.errors.role_needed');
    expect(keysIn(await bot.as(ana).press({ id: 'seminars.report_csv', payload: {} }))).toContain('core.errors.role_needed');
  });
});

describe('the file', () => {
  it('has a line for everybody of every date, and runs no formula', async () => {
    const { bot, boss } = company;
    await heldDate();
    const answer = await bot.as(boss).click('seminars.report_csv', await bot.as(boss).command('seminar report'));
    if (answer.kind !== 'file') throw new Error(`No file: ${JSON.stringify(answer)}`);
    expect(answer.file.name).toBe('seminars-2027-03-09.csv');
    const lines = Buffer.from(answer.file.content).toString('utf8').trim().split('\r\n');
    expect(lines).toHaveLength(1 + 8 + 1);
    const line = (name: string) => lines.find((one) => one.includes(name)) ?? '';
    expect(line('Cook 0')).toBe(
      "2027-03-09T08:00:00.000Z,Calm at the counter,Hugo Host,Cook 0,'=Kitchen,Riga,seminars.people.answer(answer=going),seminars.people.standing(standing=present),seminars.csv.via(via=button),2027-03-09T08:02:00.000Z,",
    );
    expect(line('Bar Two')).toContain(",'@Bar Two,");
    expect(line('Bar Two')).toContain('seminars.people.standing(standing=missed)');
    expect(line('Bar Two')).toContain('seminars.record.catch_up(state=waiting)');
  });
});

describe('the record', () => {
  it('says what somebody came to, the latest first, and what was made up for', async () => {
    const { bot, host } = company;
    const date = await heldDate();
    const missing = bar[1] as BuiltPerson;
    await writeRecap(company, date.id, 'Stay calm.');
    await bot.runDue();
    await bot.as(missing).click('seminars.read_recap');
    const record = await bot.as(missing).command('bellhop record');
    expect(keysIn(record)).toContain('seminars.record.lead');
    const all = await bot.as(missing).click('seminars.record', record);
    const [card] = cardsOf(all);
    expect(card?.lead && text(card.lead)).toBe('seminars.record.lead(came=0, missed=1, excused=0, caughtUp=1, of=1)');
    expect(keysIn(card?.rows)).toEqual(expect.arrayContaining(['seminars.people.standing', 'seminars.record.catch_up']));
    expect(keysIn(await bot.as(host).press({ id: 'seminars.record', payload: { personId: host.id, offset: 0 } }))).toContain(
      'seminars.record.hosted',
    );
  });

  it('is opened by the person, the line and owners', async () => {
    const { bot, owner, ana, ben } = company;
    const date = await dateFor(company, [ana]);
    await held(company, date, [ana]);
    const ref = { id: 'seminars.record', payload: { personId: ana.id, offset: 0 } };
    expect(keysIn(await bot.as(ben).press(ref))).toContain('people.errors.record_refused');
    expect(keysIn(await bot.as(owner).press(ref))).toContain('seminars.record.of');
    expect(keysIn(await bot.as(ana).press(ref))).toContain('seminars.record.mine');
    const nobody = { id: 'seminars.record', payload: { personId: date.id, offset: 0 } };
    expect(keysIn(await bot.as(owner).press(nobody))).toContain('people.errors.person_gone');
    expect(keysIn(await bot.as(ben).press({ id: 'seminars.record', payload: { personId: ben.id, offset: 0 } }))).toContain(
      'seminars.record.none',
    );
  });
});
