import { beforeEach, describe, expect, it } from 'vitest';
import type { FormValues } from '../../src/core/form.js';
import { text } from '../support/builders.js';
import { useDatabase } from '../support/database.js';
import { cardOf, scheduleAs, scheduleValues } from '../support/scheduling.js';
import { aSeries, type SeminarCompany, seminarCompany, theDates, theFirstDate } from '../support/seminar-company.js';
import { buttonsOf, hintOf, keysIn } from '../support/test-bot.js';

const database = useDatabase();
let company: SeminarCompany;

beforeEach(async () => {
  await database.reset();
  company = await seminarCompany(database);
});

const preview = async (values: FormValues) => cardOf(await scheduleAs(company.bot, company.boss, scheduleValues(values)));
const bodyOf = async (values: FormValues) => {
  const card = await preview(values);
  return (card.body ?? []).flatMap((block) => (block.kind === 'paragraph' ? [text(block.text)] : []));
};

describe('public holidays', () => {
  // Latvia keeps 4 May and 18 November, among others.
  const onHolidays = { repeats: 'month_day', day: '4', every: '1', first_day: '2027-03-04', country: 'lv' };

  it('are left alone unless one asks', async () => {
    const card = await preview(onHolidays);
    expect(card.rows?.map((row) => text(row.text).slice(0, 10))).toContain('2027-05-04');
    expect(keysIn(card)).not.toContain('seminars.draft.skipped');
  });

  it('move a date to the next working day, which is said at the date', async () => {
    const card = await preview({ ...onHolidays, holidays: 'move' });
    const moved = card.rows?.find((row) => text(row.text).startsWith('2027-05-05'));
    expect(moved?.detail && text(moved.detail)).toContain('seminars.draft.moved_from(day=2027-05-04');
  });

  it('leave a date out, which is said with its day', async () => {
    const body = await bodyOf({ ...onHolidays, holidays: 'skip' });
    expect(body.join('\n')).toContain('seminars.draft.skipped(count=1, days=seminars.draft.holiday(day=2027-05-04');
    const card = await preview({ ...onHolidays, holidays: 'skip' });
    expect(card.rows?.map((row) => text(row.text).slice(0, 7))).toEqual(['2027-03', '2027-04', '2027-06', '2027-07', '2027-08', '2027-09']);
  });

  it('are those of the location unless another country is typed', async () => {
    const { bot, boss } = company;
    const place = await database.db.location.create({
      data: {
        organisationId: bot.organisation.id,
        id: crypto.randomUUID(),
        name: 'Tallinn',
        zone: 'Europe/Tallinn',
        country: 'EE',
        createdAt: bot.clock.now(),
      },
    });
    await database.db.person.updateMany({ where: { id: boss.id }, data: { locationId: place.id } });
    const form = await bot.as(boss).command('seminar schedule');
    if (form.kind !== 'form') throw new Error('no form');
    const initial = Object.fromEntries(form.form.fields.map((field) => [field.name, 'initial' in field ? field.initial : undefined]));
    expect([initial.country, initial.zone, initial.host]).toEqual(['EE', 'Europe/Tallinn', [boss.externalId]]);
    // 24 February is Estonia's own.
    const year = await bodyOf({ ...onHolidays, country: '', day: '24', first_day: '2027-03-24', holidays: 'skip' });
    expect(year.join('\n')).toContain('2028-02-24');
  });
});

describe('clashes', () => {
  const sameTime = { repeats: 'once', first_day: '2027-03-09', start: '10:30', every: '1' };

  it('are told where somebody is invited to both', async () => {
    const { bot, host } = company;
    await aSeries(bot, { hostId: host.id, title: 'Complaints' });
    const [note] = (await bodyOf(sameTime)).filter((line) => line.includes('clash'));
    expect(note).toContain('seminars.draft.clash_people(at=2027-03-09T08:30:00.000Z, title=Complaints, other=2027-03-09T08:00:00.000Z');
  });

  it('are told where one person hosts both', async () => {
    const { bot, host, ana, ben } = company;
    await aSeries(bot, { hostId: host.id, audience: { kind: 'people', personIds: [ana.id] } });
    const forBen = { audience: 'people', people: [hintOf(ben)] };
    expect((await bodyOf({ ...sameTime, ...forBen, host: [hintOf(host)] })).join()).toContain('seminars.draft.clash_host');
    expect((await bodyOf({ ...sameTime, ...forBen })).join()).not.toContain('clash');
    expect((await bodyOf({ ...sameTime, host: [hintOf(host)] })).join()).toContain('seminars.draft.clash_both');
  });

  it('are none where one ends as the other begins, or was cancelled, or is for managers only', async () => {
    const { bot, host, boss } = company;
    const series = await aSeries(bot, { hostId: host.id, track: 'front_line', plan: { rhythm: { kind: 'once' } } });
    expect((await bodyOf({ ...sameTime, start: '11:00' })).join()).not.toContain('clash');
    expect((await bodyOf({ ...sameTime, start: '09:00', length: '60' })).join()).not.toContain('clash');
    expect((await bodyOf({ ...sameTime, track: 'managers', host: [hintOf(boss)] })).join()).not.toContain('clash');
    expect((await bodyOf({ ...sameTime, start: '09:00', length: '61' })).join()).toContain('seminars.draft.clash_people');
    await database.db.seminarDate.updateMany({ where: { seriesId: series.id }, data: { state: 'cancelled', phaseAt: null } });
    expect((await bodyOf(sameTime)).join()).not.toContain('clash');
  });

  it('of many dates are counted', async () => {
    const { bot, host } = company;
    await aSeries(bot, { hostId: host.id });
    const body = await bodyOf({ every: '1' });
    expect(body.filter((line) => line.includes('clash_people'))).toHaveLength(3);
    expect(body.join()).toMatch(/seminars\.draft\.more_clashes\(count=\d+\)/);
  });
});

describe('changing all that follow', () => {
  it('begins with the series as it is, from the date on, and keeps its own dates out of the clashes', async () => {
    const { bot, boss, host } = company;
    const series = await aSeries(bot, { hostId: host.id, plan: { ending: { count: 6 } } });
    const second = (await theDates(bot, series.id))[1];
    const form = await bot.as(boss).press({ id: 'seminars.follow_open', payload: { dateId: second?.id ?? '' } });
    if (form.kind !== 'form') throw new Error(`no form: ${JSON.stringify(form)}`);
    const initial = Object.fromEntries(form.form.fields.map((field) => [field.name, 'initial' in field ? field.initial : undefined]));
    // Five of the six dates are left, this one among them.
    expect(initial).toMatchObject({ first_day: '2027-04-13', count: '5', title: 'Calm at the counter', place: 'Room 4' });
    expect(keysIn(form.form.title)).toEqual(['seminars.schedule.title_following']);

    const sent = scheduleValues({
      first_day: '2027-04-13',
      every: '1',
      count: '5',
      start: '15:00',
      host: [hintOf(host)],
      reason: 'The room is taken',
    });
    const shown = await bot.as(boss).submit(form, sent);
    expect(shown.kind).toBe('say');
    expect(keysIn(cardOf(shown))).toContain('seminars.draft.following');
    expect(keysIn(cardOf(shown)).filter((each) => each.includes('clash'))).toEqual([]);
    const saved = await bot.as(boss).click('seminars.draft_save', shown);
    expect(keysIn(cardOf(saved))).toContain('seminars.saved.followed');
    const dates = await theDates(bot, series.id);
    expect(dates.map(({ startsAt }) => startsAt.toISOString())).toEqual([
      '2027-03-09T08:00:00.000Z',
      '2027-04-13T12:00:00.000Z',
      '2027-05-11T12:00:00.000Z',
      '2027-06-08T12:00:00.000Z',
      '2027-07-13T12:00:00.000Z',
      '2027-08-10T12:00:00.000Z',
    ]);
    expect(await database.db.seminarSeries.count()).toBe(1);
  });
});

describe('the card of a series', () => {
  it('lists its dates in pages, each leading to its card', async () => {
    const { bot, boss, host, ana } = company;
    const series = await aSeries(bot, { hostId: host.id });
    const open = async (person: typeof boss, offset: number) =>
      await bot.as(person).press({ id: 'seminars.series', payload: { seriesId: series.id, offset } });
    const first = cardOf(await open(boss, 0));
    expect(first.rows).toHaveLength(7);
    expect(first.rows?.[0]?.action?.ref).toEqual({ id: 'seminars.date', payload: { dateId: (await theFirstDate(bot, series.id)).id } });
    expect(buttonsOf(first).map(({ id }) => id)).toEqual(
      expect.arrayContaining(['seminars.add_open', 'seminars.follow_open', 'seminars.cancel_open', 'seminars.series']),
    );
    const second = cardOf(await open(boss, 7));
    expect(second.rows?.length).toBe((await theDates(bot, series.id)).length - 7);
    expect(cardOf(await open(boss, 700)).rows?.length).toBe(second.rows?.length);
    // A host who is no manager sees it, and cancels; others don't.
    expect(buttonsOf(cardOf(await open(host, 0))).map(({ id }) => id)).not.toContain('seminars.follow_open');
    expect(keysIn(await open(ana, 0))).toEqual(expect.arrayContaining(['seminars.errors.series_not_yours']));
    expect(keysIn(await bot.as(boss).press({ id: 'seminars.series', payload: { seriesId: crypto.randomUUID(), offset: 0 } }))).toContain(
      'seminars.errors.series_gone',
    );
  });

  it('that has ended says so', async () => {
    const { bot, boss, host } = company;
    const series = await aSeries(bot, { hostId: host.id, plan: { rhythm: { kind: 'once' } } });
    const shown = async () =>
      keysIn(cardOf(await bot.as(boss).press({ id: 'seminars.series', payload: { seriesId: series.id, offset: 0 } })));
    expect(await shown()).toContain('seminars.series.lead');
    bot.clock.to('2027-03-11T09:00:00Z');
    await bot.runDue();
    expect(await shown()).toContain('seminars.series.ended');
  });
});
