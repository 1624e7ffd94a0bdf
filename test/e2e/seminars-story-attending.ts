import { expect } from 'vitest';
import { instant, key, person, select, words } from '../../src/core/text.js';
import { until } from '../support/until.js';
import { counts, MOVED, type Office, title } from './seminars-office.js';

const RECAP = 'Listen first. Then say what you do, and by when.';

/** The day of the seminar and what follows from it: checking in, catching up, opinions, the report, the file. */
export async function attendingStory(office: Office): Promise<void> {
  // 13:50 in Riga, ten minutes before it begins.
  await office.at('2027-03-18T11:50Z');
  await checkedIn(office);
  // 15:10: it is over.
  await office.at('2027-03-18T13:10Z');
  await settled(office);
  await figures(office);
}

async function checkedIn(office: Office): Promise<void> {
  const { host, ben, cy, dee, eve, shows, database } = office;
  const closes = instant(new Date(MOVED.getTime() + 30 * 60_000));
  const asks = shows(key('seminars.check_in.lead', { start: instant(MOVED), until: closes }));
  const asked = await cy.hears(asks);
  const toHost = await host.hears(shows(key('seminars.check_in_host.how')));
  const here = await cy.press(asked, 'seminars.here', shows(key('seminars.here.done', { title })));
  expect(here.actions()).not.toContain('seminars.here');
  const { id: dateId } = await database.db.seminarDate.findFirstOrThrow({ where: { startsAt: MOVED } });
  const recorded = await database.db.seminarAttendance.findMany({ where: { dateId } });
  expect(recorded.map(({ personId, via, late }) => [personId, via, late])).toEqual([[cy.personId, 'button', false]]);
  await cy.forge('seminars.here', { dateId }, shows(key('seminars.here.since', { title, at: instant(recorded[0]?.at ?? MOVED) })));

  // By the code that the host shows: also whoever had said not to come.
  const opens = instant(new Date(MOVED.getTime() - 15 * 60_000));
  const shown = await host.press(toHost, 'seminars.code', shows(key('seminars.code.lead', { title, from: opens, until: closes })));
  const [code = ''] = /\d{3} \d{3}/.exec(shown.text()) ?? [];
  expect(code).toMatch(/^\d{3} \d{3}$/);
  const wrong = code === '000 000' ? '000001' : '000000';
  await ben.command(`seminar here ${wrong}`, shows(key('seminars.errors.code_wrong', { code: words(wrong) })));
  await ben.command(`seminar here ${code}`, shows(key('seminars.here.done', { title })));
  // The host knows better: Ben had to go before the end.
  const people = await host.press(toHost, 'seminars.people', ben.name);
  const correction = await host.open(people, 'seminars.correct_open', ({ personId }) => personId === ben.personId);
  const standing = key('seminars.people.standing', { standing: select('left_early') });
  await correction.send({ standing: 'left_early' }, shows(key('seminars.correct.done', { person: person(ben.name), standing })));
  const bens = await database.db.seminarAttendance.findFirstOrThrow({ where: { dateId, personId: ben.personId } });
  expect(bens).toMatchObject({ attended: true, leftEarly: true });
  // Only those who are going are asked to check in.
  await dee.hears(asks);
  expect([ben, eve].map((colleague) => colleague.heard(asks))).toEqual([0, 0]);
  expect(await database.db.seminarAttendance.count({ where: { dateId, attended: true } })).toBe(2);
}

async function settled(office: Office): Promise<void> {
  const { manager, host, ben, cy, dee, eve, shows, database } = office;
  const { id: dateId } = await database.db.seminarDate.findFirstOrThrow({ where: { startsAt: MOVED } });
  const after = await host.hears(shows(key('seminars.after_host.lead', { came: 2, start: instant(MOVED) })));
  expect(after.text()).toContain(shows(key('seminars.after_host.recap', { count: 3 })));
  const missed = await database.db.seminarCatchUp.findMany({ where: { dateId } });
  expect(new Set(missed.map(({ personId }) => personId))).toEqual(new Set([dee, eve, manager].map(({ personId }) => personId)));
  await dee.forge(
    'seminars.here',
    { dateId },
    shows(key('seminars.errors.here_closed', { title, closed: instant(new Date(MOVED.getTime() + 30 * 60_000)), host: words(host.name) })),
  );

  // Nothing of it can be moved or cancelled any more.
  for (const action of ['change_open', 'cancel_open', 'follow_open'])
    await manager.forge(`seminars.${action}`, { dateId }, shows(key('seminars.errors.date_begun')));
  await ben.forge('seminars.going', { dateId }, shows(key('seminars.own.begun', { when: instant(MOVED) })));

  // The host writes what those who were missing have to know; they read and confirm it.
  const afterwards = await host.press(after, 'seminars.afterwards', shows(key('seminars.afterwards.title')));
  const minutes = await host.open(afterwards, 'seminars.notes_open');
  await minutes.send({ notes: 'We agreed on the words.', recap: RECAP }, RECAP);
  const recap = await dee.hears(RECAP);
  const [thanks = ''] = shows(key('seminars.catch_up.read', { title, start: instant(MOVED), at: words('@') })).split('@');
  await dee.press(recap, 'seminars.read_recap', thanks);
  await eve.hears(RECAP);
  await manager.hears(RECAP);
  expect([ben.heard(RECAP), cy.heard(RECAP)]).toEqual([0, 0]);
  const read = await database.db.seminarCatchUp.findMany({ where: { dateId, state: 'read' } });
  expect(read.map(({ personId }) => personId)).toEqual([dee.personId]);

  // Those who came are asked two questions; nothing leads from an answer to a person.
  const asks = shows(key('seminars.opinion.lead', { title, start: instant(MOVED) }));
  const asked = await cy.hears(asks);
  const say = await cy.open(asked, 'seminars.say_open');
  await say.send({ useful: '5', change: 'More time for questions.' }, shows(key('seminars.opinion.thanks')));
  await ben.hears(asks);
  expect([dee, eve, manager].map((colleague) => colleague.heard(asks))).toEqual([0, 0, 0]);
  const opinions = await database.db.seminarOpinions.findMany();
  expect(JSON.stringify(opinions)).toContain('More time for questions.');
  expect(JSON.stringify(opinions)).not.toContain(cy.personId);

  const post = await office.post(shows(key('seminars.post.over', { came: 2 })));
  expect(post.text()).toContain(shows(counts({ going: 2, cant: 2, maybe: 1 })));
}

async function figures({ manager, cy, dee, shows, database }: Office): Promise<void> {
  const report = await manager.command('seminar report', shows(key('seminars.report.title')));
  for (const figure of [key('seminars.report.dates', { count: 1 }), key('seminars.report.times', { count: 2 })])
    expect(report.text()).toContain(shows(figure));
  const heading = shows(key('seminars.record.heading'));
  const file = await cy.command('bellhop record', heading);
  expect(file.text()).toContain(shows(key('seminars.record.lead', { came: 1, missed: 0, excused: 0, caughtUp: 0, of: 1 })));
  const other = await dee.command('bellhop record', heading);
  expect(other.text()).toContain(shows(key('seminars.record.lead', { came: 0, missed: 1, excused: 0, caughtUp: 1, of: 1 })));
  expect(await database.db.delivery.count({ where: { state: 'dead' } })).toBe(0);
  await until(async () => (await database.db.delivery.count({ where: { state: 'sending' } })) === 0, 'Nothing is under way any more');
}
