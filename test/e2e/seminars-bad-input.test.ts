import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Platform } from '../../src/core/interaction.js';
import { instant, key, person, plain, type Text, words } from '../../src/core/text.js';
import { planLimits } from '../../src/features/seminars/calendar/check.js';
import { newId } from '../../src/people/ids.js';
import { createLocaliser } from '../../src/runtime/localise.js';
import { type BotProcess, freePort, shiftTo, startBot, urlOf } from '../support/bot-process.js';
import { anOrganisation, aPerson } from '../support/builders.js';
import type { Colleague, Typed } from '../support/colleague.js';
import { useDatabase } from '../support/database.js';
import { slackColleague } from '../support/slack-colleague.js';
import { MANAGER, type SlackCompany, slackCompany } from '../support/slack-company.js';
import { teamsColleague } from '../support/teams-colleague.js';
import { type TeamsCompany, teamsCompany } from '../support/teams-company.js';
import { until } from '../support/until.js';
import { addressOn, BEGIN, ZONE } from './seminars-office.js';

/** The weekly dates of a series that a manager schedules, each on a Tuesday at ten in Riga. */
const [FIRST, SECOND, THIRD] = ['03-09', '03-16', '03-23'].map((day) => new Date(`2027-${day}T08:00Z`)) as [Date, Date, Date];

const database = useDatabase();
let slack: SlackCompany;
let teams: TeamsCompany;
let bot: BotProcess;
let shiftMs: number;
const localise = createLocaliser({ clock: { now: () => new Date(Date.now() + shiftMs) } });
const shows = (text: Text) => plain(localise(text, { locale: 'en-GB', zone: ZONE }));

beforeAll(async () => {
  [slack, teams] = await Promise.all([slackCompany(3), teamsCompany(3)]);
  const port = String(await freePort());
  const own = { PORT: port, PUBLIC_URL: `http://127.0.0.1:${port}`, DATABASE_URL: urlOf(database.connection) };
  shiftMs = shiftTo(BEGIN);
  slack.slack.shiftMs = shiftMs;
  teams.issuer.shiftMs = shiftMs;
  bot = await startBot({ ...slack.environment, ...teams.environment, ...own }, shiftMs);
  slack.slack.botUrl = bot.address;
  teams.botUrl = bot.address;
  await until(async () => (await database.db.person.count()) >= 4, 'Slack’s people read');
  for (const one of [teams.manager, ...teams.employees]) await teams.at(one).install();
  await until(async () => (await database.db.person.count()) >= 8, 'Teams’ people known');
});
afterAll(async () => {
  await bot?.stop();
  await slack?.stop();
  await teams?.stop();
});

interface Cast {
  readonly manager: Colleague;
  readonly host: Colleague;
  readonly ana: Colleague;
  readonly ben: Colleague;
}

const CASTS: Readonly<Record<Platform, () => Promise<Cast>>> = {
  slack: async () => {
    const [host = '', ana = '', ben = ''] = slack.employees;
    const all = await Promise.all([MANAGER, host, ana, ben].map((id) => slackColleague(slack, database, id)));
    return castOf(all);
  },
  teams: async () => castOf(await Promise.all([teams.manager, ...teams.employees].map((one) => teamsColleague(teams, database, one)))),
};

function castOf([manager, host, ana, ben]: readonly Colleague[]): Cast {
  if (!manager || !host || !ana || !ben) throw new Error('The cast is not complete.');
  return { manager, host, ana, ben };
}

const filled = (more: Typed): Typed => ({
  ...{
    exceptions: '',
    until: '',
    count: '',
    day: '',
    link: '',
    title: 'Calm at the counter',
    first_day: '2027-03-09',
    start: '10:00',
    length: '60',
    repeats: 'weeks',
    every: '1',
    zone: ZONE,
  },
  ...more,
});

describe.each(['slack', 'teams'] as const)('on %s', (platform) => {
  let cast: Cast;
  const ids: string[] = [];
  const title = `Calm on ${platform}`;

  beforeAll(async () => {
    cast = await CASTS[platform]();
    const { manager, host } = cast;
    const form = await manager.commandForm('seminar schedule');
    const preview = await form.send(filled({ title, count: '3', capacity: '2', host: [host] }), shows(key('seminars.draft.lead')));
    await manager.press(preview, 'seminars.draft_save', shows(key('seminars.saved.made', { title: words(title) })));
    const dates = await database.db.seminarDate.findMany({ where: { series: { title } }, orderBy: { startsAt: 'asc' } });
    expect(dates.map(({ startsAt }) => startsAt)).toEqual([FIRST, SECOND, THIRD]);
    ids.push(...dates.map(({ id }) => id));
  });

  it('a form that can’t be: each mistake at its field, and what was typed still stands there', async () => {
    const form = await cast.manager.commandForm('seminar schedule');
    const typedDay = (typed: string) => shows(key('seminars.errors.no_such_day', { typed: words(typed) }));
    const cases: readonly (readonly [Typed, Readonly<Record<string, string>>])[] = [
      [{ first_day: '2027-02-30' }, { first_day: typedDay('2027-02-30') }],
      [
        { first_day: '2027-02-23' },
        { first_day: shows(key('seminars.errors.start_past', { start: instant(new Date('2027-02-23T08:00Z'), ZONE) })) },
      ],
      [{ every: '0' }, { every: shows(key('seminars.errors.every_range', { every: words('0'), most: planLimits.every })) }],
      [{ every: 'often' }, { every: shows(key('seminars.errors.every_range', { every: words('often'), most: planLimits.every })) }],
      [{ zone: 'Riga/Europe' }, { zone: shows(key('seminars.errors.zone_unknown', { zone: words('Riga/Europe') })) }],
      [{ exceptions: '2027-02-30' }, { exceptions: typedDay('2027-02-30') }],
      [{ length: '0' }, { length: shows(key('seminars.errors.length_range')) }],
      [{ until: '2027-03-20', count: '3' }, { count: shows(key('seminars.errors.ending_twice')) }],
      [{ repeats: 'month_day', day: '32' }, { day: shows(key('seminars.errors.day_of_month')) }],
      [{ title: ' ' }, { title: shows(key('seminars.errors.title_missing')) }],
      [{ link: 'javascript:alert(1)' }, { link: shows(key('seminars.errors.link', { typed: words('javascript:alert(1)') })) }],
    ];
    for (const [typed, wanted] of cases) expect([typed, await form.refused(filled(typed))]).toEqual([typed, wanted]);
    expect(await database.db.seminarSeries.count({ where: { title: 'Calm at the counter' } })).toBe(0);
  });

  it('a time that does not exist or comes twice: the preview tells which one is taken', async () => {
    const { manager } = cast;
    for (const [day, start, clock, taken] of [
      ['2027-03-28', '03:30', 'seminars.clock.gap', '2027-03-28T01:30Z'],
      ['2027-10-31', '03:30', 'seminars.clock.twice', '2027-10-31T00:30Z'],
    ] as const) {
      const form = await manager.commandForm('seminar schedule');
      const preview = await form.send(filled({ first_day: day, start, repeats: 'once' }), shows(key('seminars.draft.lead')));
      const at = new Date(taken);
      expect(preview.text()).toContain(
        shows(key(clock, { time: words(start), taken: instant(at, ZONE), day: { kind: 'date', date: day } })),
      );
      expect(preview.text()).toContain(shows(instant(at)));
      await manager.press(preview, 'seminars.draft_discard', shows(key('seminars.draft.discarded')));
    }
  });

  it('a draft that is changed stands in the form as it was, people and their namesakes too', async () => {
    const { manager, host, ana, ben } = cast;
    const lead = shows(key('seminars.draft.lead'));
    const form = await manager.commandForm('seminar schedule');
    const preview = await form.send(filled({ audience: 'people', people: [ana, ben], host: [host], capacity: '7', repeats: 'once' }), lead);
    const again = await manager.open(preview, 'seminars.draft_change');
    expect(['first_day', 'start', 'capacity', 'repeats'].map((field) => again.standing(field))).toEqual([
      '2027-03-09',
      '10:00',
      '7',
      'once',
    ]);
    const changed = await again.send({ title: 'Another title' }, 'Another title');
    await manager.press(changed, 'seminars.draft_save', shows(key('seminars.saved.made', { title: words('Another title') })));
    const { audiencePeople, hostId } = await database.db.seminarSeries.findFirstOrThrow({
      where: { title: 'Another title', createdById: manager.personId },
    });
    expect([new Set(audiencePeople), hostId]).toEqual([new Set([ana.personId, ben.personId]), host.personId]);
  });

  it('a change that can’t be: too few places, another date’s time, the past, the 30th of February', async () => {
    const { manager, host, ana, ben } = cast;
    const [dateId = ''] = ids;
    for (const one of [ana, ben]) await one.forge('seminars.going', { dateId }, shows(key('seminars.own.going')));
    const card = await manager.forge('seminars.date', { dateId }, shows(instant(FIRST)));
    const form = await manager.open(card, 'seminars.change_open');
    const cases: readonly (readonly [Typed, Readonly<Record<string, string>>])[] = [
      [{ capacity: '1' }, { capacity: shows(key('seminars.errors.capacity_low', { going: 2 })) }],
      [{ day: '2027-03-16', capacity: '2' }, { day: shows(key('seminars.errors.date_taken', { at: instant(SECOND, ZONE) })) }],
      [{ day: '2027-02-30' }, { day: shows(key('seminars.errors.no_such_day', { typed: words('2027-02-30') })) }],
      [{ day: '2027-02-16' }, { day: shows(key('seminars.errors.start_past', { start: instant(new Date('2027-02-16T08:00Z'), ZONE) })) }],
    ];
    for (const [typed, wanted] of cases) expect([typed, await form.refused({ host: [host], ...typed })]).toEqual([typed, wanted]);
    const { startsAt, capacity, sequence } = await database.db.seminarDate.findFirstOrThrow({ where: { id: dateId } });
    expect([startsAt, capacity, sequence]).toEqual([FIRST, 2, 0]);
  });

  it('what only the host or a manager may do is refused to all others, whatever their cards say', async () => {
    const { host, ana } = cast;
    const [, dateId = ''] = ids;
    const notHost = shows(key('seminars.errors.not_host', { host: person(host.name) }));
    for (const action of [
      'change_open',
      'cancel_open',
      'people',
      'code',
      'opinions',
      'correct_open',
      'notes_open',
      'material_open',
      'task_open',
    ])
      await ana.forge(`seminars.${action}`, { dateId, offset: 0 }, notHost);
    const manager = shows(key('core.errors.role_needed', { role: { kind: 'select', value: 'manager' } }));
    for (const action of ['follow_open', 'report', 'settings_open', 'schedule_open'])
      await ana.forge(`seminars.${action}`, { dateId, offset: 0, by: 'team' }, manager);
    for (const command of ['schedule', 'report', 'settings']) await ana.command(`seminar ${command}`, manager);
  });

  it('checking in: not before it opens, not for somebody else, not by a made-up code, and not to nothing', async () => {
    const { ana, ben, host } = cast;
    const [dateId = ''] = ids;
    const opens = instant(new Date(FIRST.getTime() - 15 * 60_000));
    const early = shows(key('seminars.errors.here_early', { title: words(title), opens, start: instant(FIRST) }));
    await ana.forge('seminars.here', { dateId }, early);
    // Whose name somebody writes into a button doesn't matter.
    await ana.forge('seminars.here', { dateId, personId: ben.personId }, early);
    await ana.command('seminar here 12ab', shows(key('seminars.errors.code_form', { typed: words('12ab') })));
    await ana.forge(
      'seminars.say_open',
      { dateId },
      shows(key('seminars.errors.opinion_early', { title: words(title), from: instant(new Date(FIRST.getTime() + 3_600_000)) })),
    );
    await ana.forge(
      'seminars.recap',
      { dateId },
      shows(key('seminars.errors.catch_up_none', { title: words(title), start: instant(FIRST) })),
    );
    await host.forge('seminars.correct_open', { dateId }, shows(key('seminars.errors.correct_early', { title: words(title), opens })));
    expect(await database.db.seminarAttendance.count({ where: { dateId } })).toBe(0);
  });

  it('an id of nothing, or of another organisation’s date, is gone; a payload of another shape is an old card', async () => {
    const { ana, manager } = cast;
    const [, dateId = ''] = ids;
    const foreign = await elsewhere(dateId);
    const before = await database.db.seminarAnswer.count();
    const gone = shows(key('seminars.errors.date_gone'));
    for (const id of [foreign, newId(new Date()), '00000000-0000-0000-0000-000000000000']) {
      for (const action of ['going', 'maybe', 'cant', 'here', 'date', 'calendar', 'agenda', 'topic_open'])
        await ana.forge(`seminars.${action}`, { dateId: id, offset: 0 }, gone);
      for (const action of ['change_open', 'cancel_open', 'follow_open', 'people', 'code'])
        await manager.forge(`seminars.${action}`, { dateId: id, offset: 0 }, gone);
    }
    const outdated = shows(key('core.errors.card_outdated'));
    for (const payload of [{}, { dateId: 7 }, { dateId: "x' OR true --" }, { dateId: null }, { dateId: `${dateId} ` }])
      await ana.forge('seminars.going', payload, outdated);
    await ana.forge('seminars.going_twice', { dateId }, outdated);
    expect(await database.db.seminarAnswer.count()).toBe(before);
  });

  it('a cancelled date: every old button says so, and nothing is cancelled twice', async () => {
    const { manager, host, ana, ben } = cast;
    const [, , dateId = ''] = ids;
    await ben.forge('seminars.going', { dateId }, shows(key('seminars.own.going')));
    const card = await manager.forge('seminars.date', { dateId }, shows(instant(THIRD)));
    const form = await manager.open(card, 'seminars.cancel_open');
    await form.send({ reason: 'The room floods.' }, shows(key('seminars.cancel.done', { count: 1, told: 2 })));
    for (const action of ['going', 'maybe', 'cant'])
      await ana.forge(`seminars.${action}`, { dateId }, shows(key('seminars.own.cancelled')));
    await ben.forge('seminars.cant', { dateId }, shows(key('seminars.own.cancelled')));
    const cancelled = { title: words(title), start: instant(THIRD) };
    await ana.forge('seminars.here', { dateId }, shows(key('seminars.errors.here_cancelled', cancelled)));
    await host.forge('seminars.code', { dateId }, shows(key('seminars.errors.here_cancelled', cancelled)));
    await ana.forge('seminars.topic_open', { dateId }, shows(key('seminars.errors.topic_cancelled')));
    for (const action of ['change_open', 'cancel_open'])
      await manager.forge(`seminars.${action}`, { dateId }, shows(key('seminars.errors.date_cancelled')));
    const answers = await database.db.seminarAnswer.findMany({ where: { dateId } });
    expect(answers.map(({ personId, state }) => [personId, state])).toEqual([[ben.personId, 'going']]);
  });
});

/** A date of another organisation, as this one is. @returns its id */
async function elsewhere(dateId: string): Promise<string> {
  const { db } = database;
  const { id: organisationId } = await anOrganisation(db);
  const { id: hostId } = await aPerson(db, { id: organisationId }, { platform: null });
  const date = await db.seminarDate.findFirstOrThrow({ where: { id: dateId } });
  const series = await db.seminarSeries.findFirstOrThrow({ where: { id: date.seriesId } });
  const seriesId = newId(new Date());
  const id = newId(new Date());
  await db.seminarSeries.create({ data: { ...series, organisationId, id: seriesId, hostId, createdById: hostId, channelId: null } });
  await db.seminarDate.create({ data: { ...date, organisationId, id, seriesId, hostId, postAt: null } });
  return id;
}

describe('the calendar’s door', () => {
  it('tells nobody what is behind it: 404 in the same words for all that isn’t there, 304 for what is known', async () => {
    const { ana } = await CASTS.slack();
    const address = addressOn(await ana.command('seminar calendar', shows(key('seminars.feed.lead'))));
    const { origin } = new URL(address);
    const known = await fetch(address);
    const etag = known.headers.get('etag') ?? '';
    expect([known.status, known.headers.get('cache-control')]).toEqual([200, 'private, no-cache']);
    expect((await fetch(address, { headers: { 'If-None-Match': etag } })).status).toBe(304);
    expect((await fetch(address, { method: 'HEAD' })).status).toBe(200);
    const shut = ['x.ics', `${'A'.repeat(43)}.ics`, `${'A'.repeat(4_000)}.ics`, '%00.ics', '%E0%A4%A.ics', '..%2f..%2fetc%2fpasswd', ''];
    const answers = await Promise.all(
      [...shut.map((path) => `${origin}/calendar/${path}`), address.slice(0, -4), `${address}x`, address.replace('.ics', '.ICS')].map(
        async (each) => {
          const response = await fetch(each);
          return [response.status, await response.text()] as const;
        },
      ),
    );
    expect(answers.filter(([status]) => status !== 404)).toEqual([]);
    expect(new Set(answers.map(([, body]) => body)).size).toBe(1);
    expect([404, 405]).toContain((await fetch(address, { method: 'POST' })).status);
  });

  it('and nothing of all this was a failure', async () => {
    expect(bot.errors()).toEqual([]);
    expect(await bot.figure('bellhop_http_request_seconds_count', 'status="5')).toBe(0);
    expect(teams.connector.problems).toEqual([]);
    expect(slack.slack.calls.filter(({ answer }) => answer.error === 'invalid_blocks' || answer.error === 'invalid_arguments')).toEqual([]);
  });
});
