import { beforeEach, describe, expect, it } from 'vitest';
import { anOrganisation } from '../support/builders.js';
import { useDatabase } from '../support/database.js';
import { at, cardWith, dateFor, recordedOf, TIMES, told } from '../support/seminar-attending.js';
import { type SeminarCompany, seminarCompany } from '../support/seminar-company.js';
import { buttonsOf, cardsOf, keysIn } from '../support/test-bot.js';

const database = useDatabase();
let company: SeminarCompany;

beforeEach(async () => {
  await database.reset();
  company = await seminarCompany(database);
});

const here = (dateId: string) => ({ id: 'seminars.here', payload: { dateId } });

describe('the check-in', () => {
  it('asks those who are going when it opens, and shows the host the way to the code', async () => {
    const { bot, ana, ben, host } = company;
    const date = await dateFor(company, [ana], { link: 'https://meet.example.com/calm' });
    await at(company, TIMES.before);
    expect(told(company, ana, 'seminars.check_in.summary')).toBe(0);
    await at(company, TIMES.opens);
    await bot.runDue();
    expect(told(company, ana, 'seminars.check_in.summary')).toBe(1);
    expect(told(company, ben, 'seminars.check_in.summary')).toBe(0);
    expect(told(company, host, 'seminars.check_in_host.summary')).toBe(1);
    const card = cardWith(company, host, 'seminars.check_in_host.summary');
    expect(buttonsOf(card).map(({ id }) => id)).toEqual(['seminars.code', 'seminars.people', 'seminars.date']);
    expect(await database.db.seminarDate.findFirst({ where: { id: date.id } })).toMatchObject({
      phase: 'open',
      phaseAt: new Date(TIMES.closes),
    });
  });

  it('takes the press of the button, once', async () => {
    const { bot, ana } = company;
    const date = await dateFor(company, [ana]);
    await at(company, TIMES.opens);
    bot.clock.to(TIMES.inTime);
    const first = await bot.as(ana).click('seminars.here');
    expect(first.kind).toBe('update');
    expect(keysIn(first)).toContain('seminars.here.done');
    expect(await recordedOf(database, company, date.id, ana)).toMatchObject({ attended: true, late: false, via: 'button' });
    bot.clock.to(TIMES.late);
    const second = await bot.as(ana).press(here(date.id));
    expect(keysIn(second)).toContain('seminars.here.since');
    expect(JSON.stringify(second)).toContain(new Date(TIMES.inTime).toISOString());
    expect((await recordedOf(database, company, date.id, ana))?.at).toEqual(new Date(TIMES.inTime));
    await bot.runDue();
    expect(keysIn(cardWith(company, ana, 'seminars.check_in.summary'))).toContain('seminars.here.since');
  });

  it('answers in a channel to whoever pressed, and leaves the post as it is', async () => {
    const { bot, ana, channel } = company;
    const date = await dateFor(company, []);
    await at(company, TIMES.opens);
    const answer = await bot.dispatch({
      kind: 'action',
      ref: here(date.id),
      actor: { platform: 'slack', workspaceExternalId: await workspaceOf(), externalId: ana.externalId },
      place: { kind: 'channel', externalId: channel.externalId },
      onceKey: 'pressed-in-a-channel',
      requestId: 'request',
    });
    expect(answer.kind).toBe('whisper');
  });

  it('is one check-in although it is pressed many times at once', async () => {
    const { bot, ana } = company;
    const date = await dateFor(company, [ana]);
    await at(company, TIMES.opens);
    const answers = await Promise.all(Array.from({ length: 8 }, () => bot.as(ana).press(here(date.id))));
    const news = answers.filter((answer) => keysIn(answer).includes('seminars.here.done'));
    expect(news).toHaveLength(1);
    expect(answers.filter((answer) => keysIn(answer).includes('seminars.here.since'))).toHaveLength(7);
  });

  it('notes from five minutes after the start on that somebody is late', async () => {
    const { bot, ana, ben } = company;
    const date = await dateFor(company, [ana, ben]);
    await at(company, TIMES.opens);
    bot.clock.to('2027-03-09T08:05:00Z');
    await bot.as(ana).press(here(date.id));
    bot.clock.to(TIMES.late);
    expect(keysIn(await bot.as(ben).press(here(date.id)))).toContain('seminars.here.late');
    expect(await recordedOf(database, company, date.id, ana)).toMatchObject({ late: false });
    expect(await recordedOf(database, company, date.id, ben)).toMatchObject({ late: true });
  });

  it('welcomes whoever walks in, although there is no place left', async () => {
    const { bot, ana, ben, host } = company;
    const date = await dateFor(company, [ana], { capacity: 1 });
    await at(company, TIMES.opens);
    for (const person of [ana, ben]) await bot.as(person).press(here(date.id));
    expect(await recordedOf(database, company, date.id, ben)).toMatchObject({ attended: true });
    const people = await bot.as(host).press({ id: 'seminars.people', payload: { dateId: date.id, offset: 0 } });
    expect(keysIn(people)).toEqual(expect.arrayContaining(['seminars.people.walk_in', 'seminars.people.count_over']));
  });

  it('says when it opens and when it has closed', async () => {
    const { bot, ana } = company;
    const date = await dateFor(company, [ana]);
    bot.clock.to(TIMES.before);
    const early = await bot.as(ana).press(here(date.id));
    expect(keysIn(early)).toContain('seminars.errors.here_early');
    expect(JSON.stringify(early)).toContain(new Date(TIMES.opens).toISOString());
    bot.clock.to(TIMES.closed);
    const closed = await bot.as(ana).press(here(date.id));
    expect(keysIn(closed)).toContain('seminars.errors.here_closed');
    expect(JSON.stringify(closed)).toContain('Hugo Host');
    expect(await recordedOf(database, company, date.id, ana)).toBeUndefined();
  });

  it('refuses a cancelled date, one that is gone and one of another organisation', async () => {
    const { bot, ana } = company;
    const date = await dateFor(company, [ana]);
    await database.db.seminarDate.updateMany({ where: { id: date.id }, data: { state: 'cancelled' } });
    await at(company, TIMES.opens);
    expect(told(company, ana, 'seminars.check_in.summary')).toBe(0);
    expect(keysIn(await bot.as(ana).press(here(date.id)))).toContain('seminars.errors.here_cancelled');
    const gone = await bot.as(ana).press(here('01949c2e-0000-7000-8000-000000000000'));
    expect(keysIn(gone)).toContain('seminars.errors.date_gone');
    const other = await anOrganisation(database.db, { name: 'Other' });
    const series = await database.db.seminarSeries.findFirstOrThrow();
    await database.db.seminarSeries.create({ data: { ...series, organisationId: other.id } });
    const row = await database.db.seminarDate.findFirstOrThrow({ where: { id: date.id } });
    const foreign = '01949c2e-0000-7000-8000-000000000001';
    await database.db.seminarDate.create({ data: { ...row, organisationId: other.id, id: foreign, state: 'planned' } });
    expect(keysIn(await bot.as(ana).press(here(foreign)))).toContain('seminars.errors.date_gone');
  });

  it('stays quiet after a stop, and settles what is over all the same', async () => {
    const { ana, ben, host } = company;
    const date = await dateFor(company, [ana, ben]);
    await at(company, '2027-03-12T08:00:00Z');
    for (const person of [ana, ben]) expect(told(company, person, 'seminars.check_in.summary')).toBe(0);
    expect(told(company, host, 'seminars.check_in_host.summary')).toBe(0);
    expect(await recordedOf(database, company, date.id, ana)).toMatchObject({ attended: false, via: null });
    expect(await database.db.seminarDate.findFirst({ where: { id: date.id } })).toMatchObject({ phase: 'over', phaseAt: null });
    expect(told(company, host, 'seminars.after_host.summary')).toBe(1);
  });

  it('closes before a long seminar ends, and settles at its end', async () => {
    const { ana } = company;
    const date = await dateFor(company, [ana], { plan: { length: 120 } });
    await at(company, TIMES.opens);
    await at(company, TIMES.over);
    expect(await recordedOf(database, company, date.id, ana)).toBeUndefined();
    await at(company, '2027-03-09T10:00:00Z');
    expect(await recordedOf(database, company, date.id, ana)).toMatchObject({ attended: false });
  });

  it('waits for the check-in to close where the seminar is shorter', async () => {
    const { bot, ana } = company;
    const date = await dateFor(company, [ana], { plan: { length: 10 } });
    await at(company, TIMES.opens);
    await at(company, '2027-03-09T08:15:00Z');
    expect(keysIn(await bot.as(ana).press(here(date.id)))).toContain('seminars.here.late');
    await at(company, TIMES.closes);
    expect(await database.db.seminarDate.findFirst({ where: { id: date.id } })).toMatchObject({ phase: 'over' });
    expect(await recordedOf(database, company, date.id, ana)).toMatchObject({ attended: true });
  });
});

describe('after the date', () => {
  it('asks the host once for minutes and the recap', async () => {
    const { bot, ana, ben, host } = company;
    const date = await dateFor(company, [ana, ben], { requirement: 'every', audience: { kind: 'people', personIds: [ana.id, ben.id] } });
    await at(company, TIMES.opens);
    await bot.as(ana).press(here(date.id));
    await at(company, TIMES.over);
    await at(company, '2027-03-09T09:05:00Z');
    expect(told(company, host, 'seminars.after_host.summary')).toBe(1);
    const card = cardWith(company, host, 'seminars.after_host.summary');
    expect(keysIn(card)).toContain('seminars.after_host.recap');
    expect(buttonsOf(card).map(({ id }) => id)).toEqual(['seminars.afterwards', 'seminars.people']);
    expect(await recordedOf(database, company, date.id, host)).toMatchObject({ attended: true, via: null });
  });

  it('asks nobody about a date that nobody had to do with', async () => {
    const { host } = company;
    await dateFor(company, []);
    await at(company, TIMES.over);
    expect(told(company, host, 'seminars.after_host.summary')).toBe(0);
  });

  it('gives points for attending and hosting where managers have set them, once', async () => {
    const { bot, ana, ben, host } = company;
    const date = await dateFor(company, [ana, ben]);
    await database.db.seminarSettings.create({ data: { organisationId: bot.organisation.id, attendPoints: 5, hostPoints: 20 } });
    await at(company, TIMES.opens);
    await bot.as(ana).press(here(date.id));
    await at(company, TIMES.over);
    await database.db.job.updateMany({ where: { kind: 'seminars.settle' }, data: { state: 'pending', cursor: { step: 'missing' } } });
    await bot.runDue();
    const awards = await database.db.award.findMany({ orderBy: { points: 'asc' } });
    expect(awards.map(({ personId, originKey, points }) => ({ personId, originKey, points }))).toEqual([
      { personId: ana.id, originKey: `seminar:${date.id}:attended`, points: 5 },
      { personId: host.id, originKey: `seminar:${date.id}:hosted`, points: 20 },
    ]);
    const me = await bot.as(ana).command('kudos me');
    expect(cardsOf(me)).toHaveLength(1);
  });

  it('gives none where nothing is set', async () => {
    const { bot, ana } = company;
    const date = await dateFor(company, [ana]);
    await at(company, TIMES.opens);
    await bot.as(ana).press(here(date.id));
    await at(company, TIMES.over);
    expect(await database.db.award.count()).toBe(0);
  });
});

async function workspaceOf(): Promise<string> {
  return (await database.db.workspace.findFirstOrThrow()).externalId;
}
