import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SeminarDate } from '../../src/features/seminars/model.js';
import { createLocaliser } from '../../src/runtime/localise.js';
import { smtpOf } from '../delivery/mail-house.js';
import type { BuiltPerson } from '../support/builders.js';
import { useDatabase } from '../support/database.js';
import { type FakeSmtp, type ReceivedMail, startFakeSmtp } from '../support/fake-smtp.js';
import { type ReadEvent, readCalendar } from '../support/read-calendar.js';
import {
  aSeries,
  SEMINAR_NOW,
  type SeminarCompany,
  type SeriesOverrides,
  seminarCompany,
  theFirstDate,
} from '../support/seminar-company.js';
import { testClock } from '../support/test-clock.js';

const database = useDatabase();

/** Of that year, which needs no telling. */
const localise = createLocaliser({ clock: testClock(SEMINAR_NOW) });

let server: FakeSmtp;
let smtp: ReturnType<typeof smtpOf>;
beforeAll(async () => {
  server = await startFakeSmtp();
  smtp = smtpOf(server);
});
afterAll(async () => {
  smtp.stop();
  await server.stop();
});

let company: SeminarCompany;
let before: number;
beforeEach(async () => {
  await database.reset();
  company = await seminarCompany(database, SEMINAR_NOW, { mail: smtp, setup: { localise } });
  before = server.mails.length;
});

/** What a person's mail program got, of this test. */
const mailsTo = (person: BuiltPerson): readonly ReceivedMail[] => server.mails.slice(before).filter(({ to }) => to === person.email);

/** What a person's calendar got: method, SEQUENCE and the event. */
function calendarOf(person: BuiltPerson): readonly (ReadEvent & { readonly method: string | undefined })[] {
  return mailsTo(person).map((received) => {
    if (!received.calendar) throw new Error(`No calendar: ${received.raw}`);
    const { method, events } = readCalendar(received.calendar.content);
    const [event] = events;
    if (!event || events.length !== 1 || method !== received.calendar.method) throw new Error(`Not one event: ${received.raw}`);
    return { ...event, method };
  });
}

const oneDate = async (overrides: Partial<SeriesOverrides> = {}): Promise<SeminarDate> => {
  const { bot, host } = company;
  const series = await aSeries(bot, { hostId: host.id, ...overrides, plan: { ending: { count: 1 }, ...overrides.plan } });
  return await theFirstDate(bot, series.id);
};

const answer = async (person: BuiltPerson, { id }: SeminarDate, verb: 'going' | 'maybe' | 'cant') => {
  company.bot.clock.forward({ seconds: 1 });
  return await company.bot.as(person).press({ id: `seminars.${verb}`, payload: { dateId: id } });
};

async function fill(verb: 'change' | 'cancel', { id }: SeminarDate, values: Record<string, string>) {
  const { bot, boss } = company;
  const form = await bot.as(boss).press({ id: `seminars.${verb}_open`, payload: { dateId: id } });
  return await bot.as(boss).submit(form, values);
}

const SAME = { day: '2027-03-09', time: '10:00', length: '60', place: 'Room 4' };

describe('An invitation by e-mail', () => {
  it('puts a date into the calendar of whoever goes, and of nobody else', async () => {
    const { bot, ana, ben, cy, host } = company;
    const date = await oneDate({ purpose: 'Practise; with, real “words”.', link: 'https://meet.example/calm' });
    await answer(ana, date, 'going');
    await answer(ben, date, 'maybe');
    await answer(cy, date, 'cant');
    await bot.runDue();
    expect(calendarOf(ana)).toEqual([
      {
        method: 'REQUEST',
        uid: `${date.id}@bellhop`,
        sequence: 0,
        title: 'Calm at the counter',
        description: expect.stringContaining('Practise; with, real “words”.'),
        location: 'Room 4',
        start: '2027-03-09T08:00:00.000Z',
        end: '2027-03-09T09:00:00.000Z',
        status: 'CONFIRMED',
        stamp: expect.any(String),
        organiser: 'mailto:bellhop@rieksts.example',
        attendees: ['mailto:ana@example.com ACCEPTED'],
      },
    ]);
    const [received] = mailsTo(ana);
    expect(received?.calendar?.content).toMatch(/ORGANIZER;CN="?Hugo Host"?/);
    expect(received?.subject).toBe('Seminar: Calm at the counter, Tuesday 9 March, 10:00');
    expect(received?.text).toContain('Hugo Host');
    expect(received?.text).toContain('https://meet.example/calm');
    expect([...mailsTo(ben), ...mailsTo(cy), ...mailsTo(host)]).toEqual([]);
    expect(server.breaches).toEqual([]);
  });

  it('is in the language of whom it goes to', async () => {
    const { bot } = company;
    const liga = await bot.person({ name: 'Līga', email: 'liga@example.com', chosenLocale: 'lv' });
    await answer(liga, await oneDate(), 'going');
    await bot.runDue();
    expect(mailsTo(liga)[0]?.subject).toMatch(/^Seminārs: Calm at the counter, otrdiena/);
    expect(calendarOf(liga)[0]?.description).toContain('Vada: Hugo Host');
  });

  it('is changed under the same UID with a higher SEQUENCE, saying what is new and why', async () => {
    const { bot, ana } = company;
    const date = await oneDate();
    await answer(ana, date, 'going');
    await bot.runDue();
    await fill('change', date, { ...SAME, time: '14:00', place: 'Room 9', reason: 'The painters are here.' });
    await bot.runDue();
    const [first, second] = calendarOf(ana);
    expect(second).toMatchObject({ method: 'REQUEST', uid: first?.uid, location: 'Room 9', start: '2027-03-09T12:00:00.000Z' });
    expect(second?.sequence).toBeGreaterThan(first?.sequence ?? Number.NaN);
    expect(second?.attendees).toEqual(first?.attendees);
    const [, told] = mailsTo(ana);
    expect(told?.subject).toBe('Changed: Calm at the counter, Tuesday 9 March, 14:00');
    expect(told?.text).toContain('What is new: the time and the place.');
    expect(told?.text).toContain('The painters are here.');
  });

  it('is taken back when the date is cancelled, saying why', async () => {
    const { bot, ana } = company;
    const date = await oneDate();
    await answer(ana, date, 'going');
    await bot.runDue();
    await fill('cancel', date, { scope: 'one', reason: 'The room is flooded.' });
    await bot.runDue();
    const [first, second, ...more] = calendarOf(ana);
    expect(more).toEqual([]);
    expect(second).toMatchObject({ method: 'CANCEL', uid: first?.uid, status: 'CANCELLED', organiser: first?.organiser });
    expect(second?.sequence).toBeGreaterThan(first?.sequence ?? Number.NaN);
    expect(mailsTo(ana)[1]?.subject).toMatch(/^Cancelled: /);
    expect(mailsTo(ana)[1]?.text).toContain('The room is flooded.');
  });

  it('is taken back from whoever can’t come any more, and comes again with a higher SEQUENCE', async () => {
    const { bot, ana } = company;
    const date = await oneDate();
    for (const verb of ['going', 'cant', 'going', 'maybe'] as const) {
      await answer(ana, date, verb);
      await bot.runDue();
    }
    const got = calendarOf(ana);
    expect(got.map(({ method }) => method)).toEqual(['REQUEST', 'CANCEL', 'REQUEST', 'CANCEL']);
    expect(new Set(got.map(({ uid }) => uid)).size).toBe(1);
    const sequences = got.map(({ sequence }) => sequence);
    expect(sequences).toEqual([...new Set(sequences)].sort((a, b) => a - b));
    expect(mailsTo(ana).map(({ subject }) => subject.split(':')[0])).toEqual(['Seminar', 'Not going', 'Seminar', 'Not going']);
    expect(got[1]?.title).toBe('Calm at the counter');
  });

  it('never falls behind the date’s own SEQUENCE, which the feed and the files tell', async () => {
    const { bot, ana } = company;
    const date = await oneDate();
    await fill('change', date, { ...SAME, time: '14:00' });
    await fill('change', date, { ...SAME, time: '15:00' });
    await answer(ana, date, 'going');
    await bot.runDue();
    expect(calendarOf(ana)[0]?.sequence).toBe(2);
  });

  it('tells only what is true when it goes out: minds changed meanwhile cost no mail', async () => {
    const { bot, ana, ben } = company;
    const date = await oneDate();
    for (const verb of ['going', 'cant'] as const) await answer(ana, date, verb);
    for (const verb of ['going', 'cant', 'going'] as const) await answer(ben, date, verb);
    await fill('change', date, { ...SAME, time: '14:00' });
    await bot.runDue();
    expect(mailsTo(ana)).toEqual([]);
    expect(calendarOf(ben)).toMatchObject([{ method: 'REQUEST', start: '2027-03-09T12:00:00.000Z' }]);
    expect(mailsTo(ben)[0]?.subject).toMatch(/^Seminar: /);
  });

  it('goes to who moves up from the waiting list, not to who waits', async () => {
    const { bot, ana, ben } = company;
    const date = await oneDate({ capacity: 1 });
    await answer(ana, date, 'going');
    await answer(ben, date, 'going');
    await bot.runDue();
    expect(mailsTo(ben)).toEqual([]);
    await answer(ana, date, 'cant');
    await bot.runDue();
    expect(calendarOf(ana).map(({ method }) => method)).toEqual(['REQUEST', 'CANCEL']);
    expect(calendarOf(ben).map(({ method }) => method)).toEqual(['REQUEST']);
  });

  it('that may have arrived though its answer was lost is taken back all the same', async () => {
    const { bot, ana } = company;
    const date = await oneDate();
    await answer(ana, date, 'going');
    server.next(['takes_and_hangs_up']);
    await bot.runDue();
    await answer(ana, date, 'cant');
    bot.clock.forward({ hours: 1 });
    await bot.runDue();
    expect(calendarOf(ana).map(({ method }) => method)).toEqual(['REQUEST', 'CANCEL']);
  });

  it('is not sent once the date is over, nor to who has left', async () => {
    const { bot, ana, ben } = company;
    const date = await oneDate();
    await answer(ana, date, 'going');
    await answer(ben, date, 'going');
    await database.db.person.updateMany({ where: { id: ben.id }, data: { status: 'left', leftAt: bot.clock.now() } });
    await database.db.mail.updateMany({ where: { personId: ana.id }, data: { dueAt: date.endsAt } });
    await bot.runDue();
    bot.clock.to(new Date(date.endsAt.getTime() + 1_000));
    await bot.runDue();
    expect([...mailsTo(ana), ...mailsTo(ben)]).toEqual([]);
  });
});

describe('Without a mail server', () => {
  it('no e-mail is even thought of', async () => {
    await database.reset();
    company = await seminarCompany(database);
    const date = await oneDate();
    await answer(company.ana, date, 'going');
    await fill('change', date, { ...SAME, time: '14:00' });
    await answer(company.ana, date, 'cant');
    expect(await database.db.mail.count()).toBe(0);
  });
});
