import { expect } from 'vitest';
import { instant, key, person, words } from '../../src/core/text.js';
import { planLimits } from '../../src/features/seminars/calendar/check.js';
import type { Typed } from '../support/colleague.js';
import type { TestDatabase } from '../support/database.js';
import { readCalendar } from '../support/read-calendar.js';
import { until } from '../support/until.js';
import { addressOn, counts, dateCard, MOVED, type Office, PLANNED, SECOND, TITLE, title, ZONE } from './seminars-office.js';
import { attendingStory } from './seminars-story-attending.js';

/** The third Tuesdays at ten; the clocks of Riga go forward on 28 March. */
const TUESDAYS = [PLANNED, SECOND, ...['05-18', '06-15', '07-20', '08-17'].map((day) => new Date(`2027-${day}T07:00Z`))];

/** A seminar from the form to the file of those who came. @param office whose clock shows Monday 1 March 2027, 10:00 in Riga */
export async function seminarStory(office: Office): Promise<void> {
  await scheduled(office);
  await office.at('2027-03-02T08:01Z');
  await answered(office);
  await proposed(office);
  await moved(office);
  await cancelled(office);
  await subscribed(office);
  await attendingStory(office);
}

async function scheduled({ manager, host, announceIn, shows, database: { db } }: Office): Promise<void> {
  const form = await manager.commandForm('seminar schedule');
  const filled: Typed = {
    ...{ title: TITLE, purpose: 'How to listen to an upset guest.', first_day: '2027-03-16', start: '10:00', length: '60' },
    ...{ repeats: 'month_weekday', every: '1', host: [host], requirement: 'every', capacity: '2' },
    ...{ place: 'Room 4', link: 'https://meet.example/calm', announce: announceIn },
  };
  const errors = await form.refused({ ...filled, every: '0', zone: 'Europe/Riiga', capacity: '0', until: '2027-03-01' });
  expect(errors).toMatchObject({
    every: shows(key('seminars.errors.every_range', { every: words('0'), most: planLimits.every })),
    zone: shows(key('seminars.errors.zone_unknown', { zone: words('Europe/Riiga') })),
  });
  expect(
    Object.keys(errors)
      .filter((field) => field !== 'form')
      .sort(),
  ).toEqual(['capacity', 'every', 'until', 'zone']);

  const preview = await form.send({ ...filled, every: '1', zone: ZONE, until: '' }, shows(key('seminars.draft.lead')));
  for (const startsAt of TUESDAYS) expect(preview.text()).toContain(shows(instant(startsAt)));
  expect(preview.text()).toContain(host.name);
  expect(await db.seminarSeries.count()).toBe(0);
  const saved = await manager.press(preview, 'seminars.draft_save', shows(key('seminars.saved.made', { title })));
  expect(saved.text()).toContain(shows(instant(PLANNED)));
  await host.hears(shows(key('seminars.hosting.lead', { title })));

  // The same host at the same time: one is told before it is saved.
  const again = await manager.commandForm('seminar schedule');
  const clashing = await again.send({ ...filled, title: 'Stock taking', repeats: 'once', zone: ZONE }, shows(key('seminars.draft.lead')));
  const clash = { at: instant(PLANNED, ZONE), title, other: instant(PLANNED, ZONE), host: person(host.name) };
  expect(clashing.text()).toContain(shows(key('seminars.draft.clash_both', clash)));
  await manager.press(clashing, 'seminars.draft_discard', shows(key('seminars.draft.discarded')));
  expect(await db.seminarSeries.count()).toBe(1);
}

async function answered(office: Office): Promise<void> {
  const { manager, ben, cy, dee, eve, shows, smtp } = office;
  const post = await office.post(shows(counts({ going: 0, cant: 0, maybe: 0 })));
  expect(post.text()).toContain(TITLE);
  expect(post.text()).toContain(shows(instant(PLANNED)));
  const going = shows(key('seminars.own.going'));
  await ben.press(post, 'seminars.going', going);
  await cy.press(post, 'seminars.going', going);
  await dee.press(post, 'seminars.going', shows(key('seminars.own.waiting', { place: 1 })));
  await eve.press(post, 'seminars.maybe', shows(key('seminars.own.maybe')));
  // The host comes anyway, and needs no place.
  await office.host.press(post, 'seminars.going', shows(key('seminars.own.hosts')));
  await manager.press(post, 'seminars.cant', shows(key('seminars.own.cant')));
  await until(() => post.text().includes(shows(counts({ going: 2, cant: 1, maybe: 1 }))), 'The counts on the post');
  expect(post.text()).toContain(shows(key('seminars.post.taken', { going: 2, capacity: 2, waiting: 1 })));
  await until(() => smtp.mailsTo(ben.email).length === 1, 'The invitation by e-mail');

  // A place becomes free: whoever waited longest hears that it is theirs.
  await ben.press(post, 'seminars.cant', shows(key('seminars.own.cant')));
  await dee.hears(shows(key('seminars.moved_up.lead')));
  await until(() => post.text().includes(shows(counts({ going: 2, cant: 2, maybe: 1 }))), 'The counts on the post');
  expect(post.text()).toContain(shows(key('seminars.post.taken', { going: 2, capacity: 2, waiting: 0 })));

  const methods = () => smtp.mailsTo(ben.email).map((mail) => mail.calendar?.method);
  await until(() => methods().length === 2, 'The invitation taken back');
  expect(methods()).toEqual(['REQUEST', 'CANCEL']);
  const [invited, withdrawn] = smtp.mailsTo(ben.email).map((mail) => readCalendar(mail.calendar?.content ?? ''));
  expect(invited?.events).toMatchObject([{ title: TITLE, location: expect.stringContaining('Room 4'), start: PLANNED.toISOString() }]);
  expect(withdrawn?.events[0]?.uid).toBe(invited?.events[0]?.uid);
  expect(withdrawn?.events[0]?.status).toBe('CANCELLED');
  expect(withdrawn?.events[0]?.sequence).toBeGreaterThan(invited?.events[0]?.sequence ?? 0);
}

async function proposed(office: Office): Promise<void> {
  const { dee, host, shows } = office;
  const topic = 'What to say when a dish is late';
  const post = await office.post(TITLE);
  const form = await dee.open(post, 'seminars.topic_open');
  await form.send(
    { topic, why: 'It happens every Friday.' },
    shows(key('seminars.topic.thanks', { topic: words(topic), host: person(host.name) })),
  );
  const asked = await host.hears(topic);
  expect(asked.text()).toContain('It happens every Friday.');
  expect(post.text()).not.toContain(topic);
  const seminar = { seminar: title, when: instant(PLANNED) };
  await host.press(asked, 'seminars.item_take', shows(key('seminars.topic.lead_accepted', seminar)));
  await dee.hears(shows(key('seminars.topic.taken_up', { topic: words(topic), ...seminar })));
  await until(() => post.text().includes(topic), 'The topic on the post');
}

async function moved(office: Office): Promise<void> {
  const { manager, host, ben, cy, dee, eve, shows, smtp, database } = office;
  const form = await manager.open(await dateCard(office, manager, PLANNED), 'seminars.change_open');
  expect([form.standing('day'), form.standing('time'), form.standing('capacity')]).toEqual(['2027-03-16', '10:00', '2']);
  expect(Object.keys(await form.refused({ capacity: '1' }))).toContain('capacity');
  const told = shows(key('seminars.change.done', { told: 4 }));
  await form.send({ capacity: '2', day: '2027-03-18', time: '14:00', reason: 'The room is taken on Tuesday.' }, told);
  const news = shows(key('seminars.changed.moved', { title, at: instant(MOVED, ZONE) }));
  for (const colleague of [host, cy, dee, eve]) expect((await colleague.hears(news)).text()).toContain('The room is taken on Tuesday.');
  await idle(database);
  for (const colleague of [host, cy, dee, eve]) expect([colleague.name, colleague.heard(news)]).toEqual([colleague.name, 1]);
  // Whoever can't come anyway, and whoever did it, hears nothing of it.
  for (const colleague of [ben, manager]) expect([colleague.name, colleague.heard(news)]).toEqual([colleague.name, 0]);
  const post = await office.post(shows(key('seminars.post.moved', { before: instant(PLANNED, ZONE) }), 'UTC'));
  expect(post.text()).toContain(shows(instant(MOVED, ZONE), 'UTC'));

  await until(() => smtp.mailsTo(cy.email).length === 2, 'The change by e-mail');
  const [first, second] = smtp.mailsTo(cy.email).map((mail) => readCalendar(mail.calendar?.content ?? ''));
  expect([first?.method, second?.method]).toEqual(['REQUEST', 'REQUEST']);
  expect(second?.events[0]).toMatchObject({
    uid: first?.events[0]?.uid,
    start: MOVED.toISOString(),
    attendees: [`mailto:${cy.email} ACCEPTED`],
  });
  expect(second?.events[0]?.sequence).toBeGreaterThan(first?.events[0]?.sequence ?? 0);
}

async function cancelled(office: Office): Promise<void> {
  const { manager, host, cy, dee, shows, smtp, database } = office;
  const card = await dateCard(office, cy, SECOND);
  const answered = await cy.press(card, 'seminars.going', shows(key('seminars.own.going')));
  const before = smtp.mailsTo(cy.email).length;
  await until(() => smtp.mailsTo(cy.email).length > before || before === 3, 'The invitation to the second date');

  const form = await manager.open(await dateCard(office, manager, SECOND), 'seminars.cancel_open');
  expect(Object.keys(await form.refused({ reason: ' ' }))).toContain('reason');
  await form.send({ reason: 'Easter week is too full.' }, shows(key('seminars.cancel.done', { count: 1, told: 2 })));
  const news = shows(key('seminars.changed.cancelled', { title, at: instant(SECOND, ZONE) }));
  for (const colleague of [host, cy]) expect((await colleague.hears(news)).text()).toContain('Easter week is too full.');
  await idle(database);
  expect([host, cy, dee, manager].map((colleague) => colleague.heard(news))).toEqual([1, 1, 0, 0]);
  // From a card that still shows the buttons: nothing is answered, and one is told why.
  await cy.press(answered, 'seminars.maybe', shows(key('seminars.own.cancelled')));

  const last = await until(() => smtp.mailsTo(cy.email).find((mail) => mail.calendar?.method === 'CANCEL'), 'The cancellation by e-mail');
  const { events } = readCalendar(last.calendar?.content ?? '');
  expect(events).toMatchObject([{ start: SECOND.toISOString(), status: 'CANCELLED' }]);
  expect(smtp.breaches).toEqual([]);
}

/** Everything that is due was sent. */
async function idle({ db }: TestDatabase): Promise<void> {
  const open = { state: { in: ['pending' as const, 'sending' as const] }, message: 'seminars.changed' };
  await until(async () => (await db.delivery.count({ where: open })) === 0, 'Everything about changes sent');
}

async function subscribed({ cy, ben, shows }: Office): Promise<void> {
  const shown = await cy.command('seminar calendar', shows(key('seminars.feed.lead')));
  const address = addressOn(shown);
  const fetched = await fetch(address);
  expect([fetched.status, fetched.headers.get('content-type')]).toEqual([200, 'text/calendar; charset=utf-8']);
  const { events, method } = readCalendar(await fetched.text());
  expect(method).toBe('PUBLISH');
  expect(events.find(({ start }) => start === MOVED.toISOString())).toMatchObject({ title: TITLE, status: 'CONFIRMED' });

  const renewed = addressOn(await cy.press(shown, 'seminars.feed_renew', shows(key('seminars.feed.renewed'))));
  expect(renewed).not.toBe(address);
  const others = addressOn(await ben.command('seminar calendar', shows(key('seminars.feed.lead'))));
  expect(new Set([address, renewed, others]).size).toBe(3);
  const guessed = renewed.replace(/.(?=\.ics$)/, (last) => (last === 'A' ? 'B' : 'A'));
  const statuses = await Promise.all([address, guessed, renewed, others].map(async (each) => (await fetch(each)).status));
  expect(statuses).toEqual([404, 404, 200, 200]);
}
