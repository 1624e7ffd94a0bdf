import { beforeEach, describe, expect, it } from 'vitest';
import type { FormValues } from '../../src/core/form.js';
import type { Answer } from '../../src/core/reply.js';
import type { SeminarDate } from '../../src/features/seminars/model.js';
import type { BuiltPerson } from '../support/builders.js';
import { useDatabase } from '../support/database.js';
import { valuesOf } from '../support/form-values.js';
import { readCalendar } from '../support/read-calendar.js';
import { aSeries, type SeminarCompany, seminarCompany, theDates, theFirstDate } from '../support/seminar-company.js';
import { hintOf, keysIn } from '../support/test-bot.js';

/** Several people at one date: who changes it at the same time, who hears of it, and how often. */

const database = useDatabase();

let company: SeminarCompany;
beforeEach(async () => {
  await database.reset();
  company = await seminarCompany(database, undefined, { mail: 'recording' });
});

const press = async (person: BuiltPerson, verb: string, date: SeminarDate) =>
  await company.bot.as(person).press({ id: `seminars.${verb}`, payload: { dateId: date.id } });

const send = async (person: BuiltPerson, form: Answer, values: FormValues) =>
  await company.bot.as(person).submit(form, { ...valuesOf(form), ...values });

const change = async (person: BuiltPerson, date: SeminarDate, values: FormValues) =>
  await send(person, await press(person, 'change_open', date), values);

const first = async (overrides: Partial<Parameters<typeof aSeries>[1]> = {}) =>
  await theFirstDate(company.bot, (await aSeries(company.bot, { hostId: company.host.id, ...overrides })).id);

const messagesOf = (person: BuiltPerson) => company.bot.messagesTo(person).map(({ posted }) => keysIn(posted.summary)[0] ?? '');

describe('two managers with the same form open', () => {
  it('each change what they meant, and undo nothing of the other’s', async () => {
    const { bot, boss, owner, ana } = company;
    const date = await first({ capacity: 5 });
    await press(ana, 'going', date);
    bot.clock.forward({ minutes: 1 });
    const [one, other] = [await press(boss, 'change_open', date), await press(owner, 'change_open', date)];
    bot.clock.forward({ minutes: 1 });
    await send(boss, one, { time: '14:00', capacity: '8' });
    bot.clock.forward({ minutes: 1 });
    await send(owner, other, { place: 'Room 9', length: '90' });
    const now = await theFirstDate(bot, date.series.id);
    expect([now.startsAt.toISOString(), now.endsAt.toISOString(), now.place, now.capacity]).toEqual([
      '2027-03-09T12:00:00.000Z',
      '2027-03-09T13:30:00.000Z',
      'Room 9',
      8,
    ]);
    await bot.runDue();
    expect(messagesOf(ana).filter((key) => key.startsWith('seminars.changed.'))).toEqual([
      'seminars.changed.moved',
      'seminars.changed.details',
    ]);
  });

  it('move two dates onto one another only once', async () => {
    const { bot, boss, owner } = company;
    const [one, other] = await theDates(bot, (await first()).series.id);
    if (!one || !other) throw new Error('Too few dates.');
    const answers = await Promise.all([
      change(boss, one, { day: '2027-03-31', time: '10:00' }),
      change(owner, other, { day: '2027-03-31', time: '10:00' }),
    ]);
    expect(answers.map(({ kind }) => kind).sort()).toEqual(['errors', 'say']);
    expect(keysIn(answers)).toContain('seminars.errors.date_taken');
  });
});

describe('who is told', () => {
  it('hears nothing of places alone, by chat or by e-mail, but the one who gets a place', async () => {
    const { bot, boss, ana, ben } = company;
    const date = await first({ capacity: 1 });
    await press(ana, 'going', date);
    await press(ben, 'going', date);
    await bot.runDue();
    expect(bot.mailsTo(ana)).toHaveLength(1);
    await change(boss, date, { capacity: '2' });
    await bot.runDue();
    expect(bot.mailsTo(ana)).toHaveLength(1);
    expect(bot.mailsTo(ben)).toHaveLength(1);
    expect((await theFirstDate(bot, date.series.id)).sequence).toBe(0);
    expect(messagesOf(ben)).toEqual(['seminars.moved_up.summary']);
  });

  it('hears of a place and of another time in one message', async () => {
    const { bot, boss, ana, ben } = company;
    const date = await first({ capacity: 1 });
    await press(ana, 'going', date);
    await press(ben, 'going', date);
    await change(boss, date, { capacity: '2', time: '14:00' });
    await bot.runDue();
    expect(messagesOf(ben)).toEqual(['seminars.changed.moved']);
    expect(keysIn(bot.messagesTo(ben)[0]?.posted.body)).toContain('seminars.moved_up.lead');
    expect(keysIn(bot.messagesTo(ana)[0]?.posted.body)).toEqual(['seminars.changed.still_going']);
    const [mail, ...more] = bot.mailsTo(ben);
    expect(more).toEqual([]);
    expect(readCalendar(String(mail?.calendar?.content)).events[0]).toMatchObject({ start: '2027-03-09T12:00:00.000Z' });
  });

  it('reads the new time on the own clock, and the series’ beside it where that shows another one', async () => {
    const { bot, boss, cy } = company;
    const ana = await bot.person({ name: 'Nyla York', zone: 'America/New_York' });
    const date = await first();
    await press(ana, 'going', date);
    await press(cy, 'going', date);
    await change(boss, date, { time: '14:00' });
    await bot.runDue();
    const whenOf = (person: BuiltPerson) => JSON.stringify(bot.messagesTo(person)[0]?.posted.facts?.[0]);
    expect(JSON.stringify(bot.messagesTo(ana)[0]?.posted.lead)).not.toContain('Europe/Riga');
    expect(whenOf(ana)).toContain('Europe/Riga');
    expect(whenOf(cy)).not.toContain('Europe/Riga');
  });

  it('is nobody who has left: a host who is replaced is told only as long as there is one', async () => {
    const { bot, boss, host, ana } = company;
    const date = await first();
    await database.db.person.update({
      where: { organisationId_id: { organisationId: bot.organisation.id, id: host.id } },
      data: { status: 'left', leftAt: bot.clock.now() },
    });
    const answer = await change(boss, date, { host: [hintOf(ana)] });
    expect(answer.kind === 'say' && answer.card.lead).toMatchObject({ key: 'seminars.change.done', params: { told: 1 } });
    expect(await database.db.delivery.count({ where: { personId: host.id, message: 'seminars.changed' } })).toBe(0);
  });
});

describe('a date is moved', () => {
  it('not to a year that was meant otherwise', async () => {
    const answer = await change(company.boss, await first(), { day: '2072-03-09' });
    expect(answer.kind === 'errors' && keysIn(answer.errors)).toEqual(['seminars.errors.start_far']);
  });

  it('with a word about what it overlaps now: another seminar of the host, or of the same people', async () => {
    const { bot, boss, ana } = company;
    const date = await first();
    const other = await theFirstDate(
      bot,
      (await aSeries(bot, { hostId: company.host.id, title: 'The other', plan: { firstDay: '2027-03-16' } })).id,
    );
    const moved = await change(boss, date, { day: '2027-04-13', time: '10:30', host: [hintOf(ana)] });
    expect(moved.kind).toBe('say');
    expect(keysIn(moved)).toContain('seminars.draft.clash_people');
    expect(JSON.stringify(moved)).toContain('The other');
    const opened = await bot.as(boss).press({ id: 'seminars.add_open', payload: { seriesId: other.series.id } });
    const added = await send(boss, opened, { day: '2027-05-11', time: '09:30' });
    expect(keysIn(added)).toContain('seminars.draft.clash_both');
    expect(keysIn(await change(boss, date, { day: '2027-03-30', time: '10:30' })).filter((key) => key.includes('clash'))).toEqual([]);
  });
});
