import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { featureRoutes } from '../../adapters/web/routes.js';
import { systemClock } from '../../src/core/clock.js';
import type { Answer } from '../../src/core/reply.js';
import { feedRoute } from '../../src/features/seminars/inviting/feed.js';
import type { SeminarDate } from '../../src/features/seminars/model.js';
import { createApp } from '../../src/runtime/app.js';
import { createLocaliser } from '../../src/runtime/localise.js';
import { createLog } from '../../src/runtime/log.js';
import { type Listening, listen } from '../../src/runtime/server.js';
import { type BuiltPerson, silentLog, testVault } from '../support/builders.js';
import { useDatabase } from '../support/database.js';
import { readCalendar } from '../support/read-calendar.js';
import {
  aSeries,
  contextOf,
  SEMINAR_NOW,
  type SeminarCompany,
  seminarCompany,
  theDates,
  theFirstDate,
} from '../support/seminar-company.js';
import { buttonsOf, cardOf, keysIn } from '../support/test-bot.js';

const database = useDatabase();
const PUBLIC_URL = 'https://bellhop.example';

let company: SeminarCompany;
let door: Listening;
beforeAll(async () => {
  const app = createApp({
    log: createLog({ level: 'silent', destination: { write: () => {} } }),
    metrics: { httpRequest: () => {} },
    doors: ['calendar'],
    mount: (express) =>
      express.use(
        featureRoutes({
          routes: [feedRoute],
          context: async () => await contextOf(company.bot),
          localise: createLocaliser(),
          vault: testVault,
          clock: systemClock,
          log: silentLog,
        }),
      ),
  });
  door = await listen(app, '127.0.0.1', 0);
});
afterAll(async () => await door.close(100));
beforeEach(async () => {
  await database.reset();
  company = await seminarCompany(database, SEMINAR_NOW, { setup: { publicUrl: PUBLIC_URL, localise: createLocaliser() } });
});

const press = async (person: BuiltPerson, verb: string, payload: Record<string, string> = {}) =>
  await company.bot.as(person).press({ id: `seminars.${verb}`, payload });
const answer = async (person: BuiltPerson, { id }: SeminarDate, verb: 'going' | 'maybe' | 'cant') =>
  await press(person, verb, { dateId: id });

/** The address that a card tells. */
function addressIn(shown: Answer): string {
  const found = /https:\/\/bellhop\.example\/calendar\/[^"\s]+/.exec(JSON.stringify(shown));
  if (!found) throw new Error(`No address: ${JSON.stringify(shown)}`);
  return found[0];
}

const addressOf = async (person: BuiltPerson) => addressIn(await company.bot.as(person).command('seminar calendar'));
const open = async (address: string, headers: Record<string, string> = {}) =>
  await fetch(address.replace(PUBLIC_URL, door.address), { headers });
const calendarOf = async (person: BuiltPerson) => readCalendar(await (await open(await addressOf(person))).text());
const titlesOf = async (person: BuiltPerson) => (await calendarOf(person)).events.map(({ title }) => title);

describe('The calendar address', () => {
  it('is one’s own, the same whenever it is asked for, shown once and kept nowhere in the clear', async () => {
    const { bot, ana, ben } = company;
    const shown = await bot.as(ana).command('seminar calendar');
    expect(shown).toMatchObject({ kind: 'whisper', secret: true });
    const address = addressIn(shown);
    expect(address).toMatch(/^https:\/\/bellhop\.example\/calendar\/[A-Za-z0-9_-]{43}\.ics$/);
    expect(addressIn(await press(ana, 'feed'))).toBe(address);
    expect(await addressOf(ben)).not.toBe(address);
    const token = address.slice(-47, -4);
    expect(JSON.stringify([await database.db.seminarFeed.findMany(), await database.db.handled.findMany()])).not.toContain(token);
  });

  it('is another one once the key that sealed it is lost', async () => {
    const before = await addressOf(company.ana);
    await database.db.seminarFeed.updateMany({ data: { sealedToken: 'of.another.key' } });
    const after = await addressOf(company.ana);
    expect(after).not.toBe(before);
    expect([(await open(before)).status, (await open(after)).status]).toEqual([404, 200]);
    expect(await addressOf(company.ana)).toBe(after);
  });

  it('asked for twice at once is one', async () => {
    const both = await Promise.all([addressOf(company.ana), addressOf(company.ana)]);
    expect(new Set(both).size).toBe(1);
    expect((await open(both[0] ?? '')).status).toBe(200);
  });

  it('can be renewed after a question: the one before leads nowhere', async () => {
    const { bot, ana } = company;
    const shown = await bot.as(ana).command('seminar calendar');
    const before = addressIn(shown);
    const renew = cardOf(shown).actions?.find((action) => action.kind === 'button' && action.ref.id === 'seminars.feed_renew');
    expect(renew?.kind === 'button' && renew.confirm).toBeTruthy();
    const renewed = await bot.as(ana).click('seminars.feed_renew', shown);
    expect(renewed).toMatchObject({ kind: 'whisper', secret: true });
    expect(addressIn(renewed)).not.toBe(before);
    expect([(await open(before)).status, (await open(addressIn(renewed))).status]).toEqual([404, 200]);
    expect(await addressOf(ana)).toBe(addressIn(renewed));
  });

  it('guessed, renewed, of somebody who has left or was erased: the same 404', async () => {
    const { bot, ana, ben, cy, owner } = company;
    const [renewed, left, gone] = [await addressOf(ana), await addressOf(ben), await addressOf(cy)];
    await press(ana, 'feed_renew');
    await database.db.person.updateMany({ where: { id: { in: [ben.id] } }, data: { status: 'left', leftAt: bot.clock.now() } });
    // No account any more, for instance the guest that nobody lets in.
    await database.db.account.updateMany({ where: { personId: cy.id }, data: { isGuest: true } });
    const guessed = [
      `${PUBLIC_URL}/calendar/${'A'.repeat(43)}.ics`,
      `${PUBLIC_URL}/calendar/a.ics`,
      `${PUBLIC_URL}/calendar/${'A'.repeat(43)}`,
    ];
    const answers = await Promise.all([renewed, left, gone, ...guessed].map((address) => open(address)));
    expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(404));
    expect(new Set(await Promise.all(answers.map((found) => found.text()))).size).toBe(1);
    const erased = await bot.as(owner).press({ id: 'bellhop.erase', payload: { personId: ben.id } });
    expect(keysIn(erased)).toContain('bellhop.erase.done');
    expect((await open(left)).status).toBe(404);
    expect(await database.db.seminarFeed.count({ where: { personId: ben.id } })).toBe(0);
  });

  it('gives a whole calendar to whoever has no dates yet', async () => {
    const content = await (await open(await addressOf(company.ana))).text();
    expect(readCalendar(content).events).toEqual([]);
    // RFC 5545, 3.4: a calendar has at least one component.
    expect(content).toMatch(/\r\nBEGIN:VTIMEZONE\r\n/);
  });

  it('gives a calendar, and nothing again to whoever has it', async () => {
    const { bot, ana, host } = company;
    const date = await theFirstDate(bot, (await aSeries(bot, { hostId: host.id })).id);
    await answer(ana, date, 'going');
    const address = await addressOf(ana);
    const first = await open(address);
    expect(first.headers.get('content-type')).toBe('text/calendar; charset=utf-8');
    const etag = first.headers.get('etag') ?? '';
    bot.clock.forward({ hours: 1 });
    const again = await open(address, { 'If-None-Match': etag });
    expect([again.status, await again.text()]).toEqual([304, '']);
    await answer(ana, date, 'maybe');
    expect((await open(address, { 'If-None-Match': etag })).status).toBe(200);
  });
});

describe('What the calendar holds', () => {
  it('is what I go to, may come to, wait for, host and have to come to, each marked, in my language', async () => {
    const { bot, ana, ben, host } = company;
    const one = { ending: { count: 1 } };
    const make = async (title: string, more: object = {}) =>
      await theFirstDate(bot, (await aSeries(bot, { hostId: host.id, title, plan: one, ...more })).id);
    await answer(ana, await make('Going'), 'going');
    await answer(ana, await make('Maybe', { plan: { ...one, minutes: 660 } }), 'maybe');
    await answer(ana, await make('Never', { plan: { ...one, minutes: 670 }, requirement: 'every' }), 'cant');
    const full = await make('Full', { capacity: 1, plan: { ...one, minutes: 720 } });
    await answer(ben, full, 'going');
    await answer(ana, full, 'going');
    await make('Everyone', { requirement: 'every', plan: { ...one, minutes: 780 } });
    await make('Once', { requirement: 'once', plan: { minutes: 840, ending: { count: 3 } } });
    await make('Hosting', { hostId: ana.id, plan: { ...one, minutes: 900 } });
    await make('Others', { plan: { ...one, minutes: 960 } });
    expect(await titlesOf(ana)).toEqual([
      'Going',
      'Maybe (maybe)',
      'Full (waiting list)',
      'Everyone (please answer)',
      'Once (please answer)',
      'Hosting (you host)',
    ]);
    const statuses = (await calendarOf(ana)).events.map(({ status }) => status);
    expect(statuses).toEqual(['CONFIRMED', 'TENTATIVE', 'TENTATIVE', 'TENTATIVE', 'TENTATIVE', 'CONFIRMED']);
    await database.db.person.updateMany({ where: { id: ana.id }, data: { locale: 'lv' } });
    expect((await titlesOf(ana))[1]).toBe('Maybe (varbūt)');
  });

  it('follows changes under the same UID, and shows what was cancelled for a while', async () => {
    const { bot, boss, ana, host } = company;
    const [first, second] = await theDates(bot, (await aSeries(bot, { hostId: host.id, plan: { ending: { count: 2 } } })).id);
    if (!first || !second) throw new Error('Too few dates.');
    await answer(ana, first, 'going');
    await answer(ana, second, 'going');
    const [before] = (await calendarOf(ana)).events;
    await bot.as(boss).submit(await press(boss, 'change_open', { dateId: first.id }), {
      day: '2027-03-10',
      time: '11:00',
      length: '90',
      place: 'Room 9',
    });
    await bot.as(boss).submit(await press(boss, 'cancel_open', { dateId: second.id }), { scope: 'one', reason: 'No room.' });
    const { method, name, events } = await calendarOf(ana);
    expect([method, name]).toEqual(['PUBLISH', 'Seminars (Bellhop)']);
    expect(events).toMatchObject([
      { uid: before?.uid, location: 'Room 9', start: '2027-03-10T09:00:00.000Z', end: '2027-03-10T10:30:00.000Z', status: 'CONFIRMED' },
      {
        uid: `${second.id}@bellhop`,
        status: 'CANCELLED',
        title: 'Cancelled: Calm at the counter',
        description: 'Why it was cancelled: No room.',
      },
    ]);
    expect(events[0]?.sequence).toBeGreaterThan(before?.sequence ?? Number.NaN);
    expect(events[1]?.sequence).toBe(second.sequence + 1);
    bot.clock.to('2027-06-20T08:00:00Z');
    expect((await calendarOf(ana)).events).toEqual([]);
  });

  it('reaches 90 days back and 400 ahead', async () => {
    const { bot, ana, host } = company;
    await aSeries(bot, { hostId: host.id, requirement: 'every', plan: { rhythm: { kind: 'weekly', every: 1 } } });
    const date = await theFirstDate(
      bot,
      (await aSeries(bot, { hostId: host.id, title: 'Past', plan: { minutes: 700, ending: { count: 1 } } })).id,
    );
    await answer(ana, date, 'going');
    bot.clock.to('2027-06-05T08:00:00Z');
    await bot.runDue();
    const { events } = await calendarOf(ana);
    expect(events[0]?.title).toBe('Past');
    const last = events.at(-1)?.start ?? '';
    expect(last < '2028-07-09T08:00:00.000Z' && last > '2028-06-01').toBe(true);
  });
});

describe('One date for a calendar', () => {
  it('is offered as links, and as a file for all others', async () => {
    const { bot, ana, host } = company;
    const date = await theFirstDate(bot, (await aSeries(bot, { hostId: host.id })).id);
    const shown = await press(ana, 'calendar', { dateId: date.id });
    const links = cardOf(shown).actions?.flatMap((action) => (action.kind === 'link' ? [new URL(action.url).hostname] : []));
    expect(links).toEqual(['calendar.google.com', 'outlook.office.com']);
    const file = await bot.as(ana).click('seminars.calendar_file', shown);
    if (file.kind !== 'file') throw new Error('No file.');
    expect(file.file.name).toBe('seminar-2027-03-09.ics');
    const { method, events } = readCalendar(Buffer.from(file.file.content).toString());
    expect([method, events.map(({ uid }) => uid)]).toEqual(['PUBLISH', [`${date.id}@bellhop`]]);
  });

  it('that was cancelled, or is over, is shown instead', async () => {
    const { bot, ana, host } = company;
    const date = await theFirstDate(bot, (await aSeries(bot, { hostId: host.id })).id);
    bot.clock.to(date.endsAt);
    for (const verb of ['calendar', 'calendar_file']) {
      expect(keysIn(cardOf(await press(ana, verb, { dateId: date.id })).lead)).toEqual(['seminars.date.over']);
    }
  });
});

describe('Without an address of the bot’s own', () => {
  it('whoever asks learns what is missing, and gets a file', async () => {
    await database.reset();
    company = await seminarCompany(database);
    const { bot, ana, host } = company;
    const date = await theFirstDate(bot, (await aSeries(bot, { hostId: host.id })).id);
    await answer(ana, date, 'going');
    const shown = await bot.as(ana).command('seminar calendar');
    expect(keysIn(cardOf(shown).lead)).toEqual(['seminars.feed.no_address']);
    expect(buttonsOf(cardOf(shown)).map(({ id }) => id)).not.toContain('seminars.feed_renew');
    const file = await bot.as(ana).click('seminars.feed_file', shown);
    if (file.kind !== 'file') throw new Error('No file.');
    expect(readCalendar(Buffer.from(file.file.content).toString()).events).toHaveLength(1);
    expect(keysIn(await press(ana, 'feed_renew'))).toContain('seminars.feed.no_address');
    expect(await database.db.seminarFeed.count()).toBe(0);
  });
});
