import { beforeEach, describe, expect, it } from 'vitest';
import type { Card } from '../../src/core/card.js';
import { standingsOf } from '../../src/features/seminars/looking/store-standing.js';
import type { SeminarDate } from '../../src/features/seminars/model.js';
import { standingOf } from '../../src/features/seminars/store-invited.js';
import type { Audience } from '../../src/people/model.js';
import type { BuiltPerson } from '../support/builders.js';
import { useDatabase } from '../support/database.js';
import { aSeries, contextOf, type SeminarCompany, seminarCompany, theDates, theFirstDate } from '../support/seminar-company.js';
import { buttonsOf, cardOf, keysIn } from '../support/test-bot.js';

const database = useDatabase();

let company: SeminarCompany;
beforeEach(async () => {
  await database.reset();
  company = await seminarCompany(database);
});

const press = async (person: BuiltPerson, id: string, payload: Record<string, string | number | boolean> = {}) =>
  await company.bot.as(person).press({ id: `seminars.${id}`, payload });
const look = async (person: BuiltPerson, date: Pick<SeminarDate, 'id'>): Promise<Card> =>
  cardOf(await press(person, 'date', { dateId: date.id }));
const answer = async (person: BuiltPerson, date: Pick<SeminarDate, 'id'>, verb: 'going' | 'maybe' | 'cant') =>
  await press(person, verb, { dateId: date.id });
const ids = (card: Card) => buttonsOf(card).map(({ id }) => id.replace('seminars.', ''));

describe('What is planned', () => {
  it('is listed by seven, each date opening in the place of its list and leading back to its page', async () => {
    const { bot, ana, host } = company;
    await aSeries(bot, { hostId: host.id });
    const list = await bot.as(ana).command('seminar');
    expect(list.kind).toBe('whisper');
    const first = cardOf(list);
    expect(first.rows).toHaveLength(7);
    expect(keysIn(first.lead)).toEqual(['seminars.list.lead']);
    const second = await press(ana, 'list', { offset: 7, turn: true });
    expect(second.kind).toBe('update');
    const total = (await database.db.seminarDate.count()) - 7;
    expect(cardOf(second).rows).toHaveLength(Math.min(7, total));
    const opened = await bot.as(ana).click('seminars.date', second);
    expect(opened.kind).toBe('update');
    const back = buttonsOf(cardOf(opened)).find(({ id }) => id === 'seminars.list');
    expect(back?.payload).toEqual({ offset: 7, turn: true });
  });

  it('a page whose dates are over shows the first one', async () => {
    const { bot, ana, host } = company;
    await aSeries(bot, { hostId: host.id, plan: { ending: { count: 2 } } });
    expect(cardOf(await press(ana, 'list', { offset: 700, turn: true })).rows).toHaveLength(2);
  });

  it('holds for employees what they are invited to, host or have answered, for managers everything', async () => {
    const { bot, ana, ben, cy, boss, host } = company;
    const series = await aSeries(bot, {
      hostId: host.id,
      audience: { kind: 'people', personIds: [ana.id] },
      plan: { ending: { count: 1 } },
    });
    const date = await theFirstDate(bot, series.id);
    const rowsOf = async (person: BuiltPerson) => cardOf(await bot.as(person).command('seminar list')).rows?.length ?? 0;
    expect(await Promise.all([ana, ben, boss, host].map(rowsOf))).toEqual([1, 0, 1, 1]);
    await answer(cy, date, 'maybe');
    expect(await rowsOf(cy)).toBe(1);
    const empty = cardOf(await bot.as(ben).command('seminar list'));
    expect(keysIn(empty.lead)).toEqual(['seminars.list.none']);
    expect(ids(empty)).not.toContain('schedule_open');
  });

  it('offers managers to schedule, with or without dates', async () => {
    const { bot, boss } = company;
    const empty = cardOf(await bot.as(boss).command('seminar list'));
    expect(keysIn(empty.lead)).toEqual(['seminars.list.none_manager']);
    expect(ids(empty)).toContain('schedule_open');
  });

  it('tells in each row how the reader stands', async () => {
    const { bot, ana, ben, host } = company;
    const series = await aSeries(bot, { hostId: host.id, requirement: 'every', capacity: 1, plan: { ending: { count: 1 } } });
    const date = await theFirstDate(bot, series.id);
    const detail = async (person: BuiltPerson) => keysIn(cardOf(await bot.as(person).command('seminar list')).rows?.[0]?.detail);
    expect(await detail(ana)).toEqual(['seminars.list.unanswered', 'seminars.date.required', 'seminars.list.host']);
    await answer(ana, date, 'going');
    await answer(ben, date, 'going');
    expect(await detail(ana)).toEqual(['seminars.answer.going', 'seminars.list.host']);
    expect(await detail(ben)).toEqual(['seminars.answer.waiting', 'seminars.list.host']);
  });
});

describe('My seminars', () => {
  it('are those I go to, may come to, wait for or host; not those that I can’t come to', async () => {
    const { bot, ana, host } = company;
    const [one, two, three] = await theDates(bot, (await aSeries(bot, { hostId: host.id })).id);
    if (!one || !two || !three) throw new Error('Too few dates.');
    await answer(ana, one, 'going');
    await answer(ana, two, 'maybe');
    await answer(ana, three, 'cant');
    const mine = cardOf(await bot.as(ana).command('seminar mine'));
    expect(mine.rows?.map((row) => row.action?.ref.payload.dateId)).toEqual([one.id, two.id]);
    expect(ids(mine)).toEqual(expect.arrayContaining(['feed', 'list', 'bellhop.record']));
    const hosted = cardOf(await bot.as(host).command('seminar mine'));
    expect(keysIn(hosted.rows?.[0]?.detail)).toEqual(['seminars.mine.hosting']);
    expect(keysIn((await look(host, one)).lead)).toEqual(['seminars.date.hosting']);
  });

  it('begin with what is to be caught up on, and are paged through both', async () => {
    const { bot, ana, host } = company;
    const dates = await theDates(bot, (await aSeries(bot, { hostId: host.id })).id);
    for (const date of dates.slice(0, 9)) await answer(ana, date, 'going');
    const [first, second] = dates;
    if (!first || !second) throw new Error('Too few dates.');
    bot.clock.to(new Date(second.endsAt.getTime() + 86_400_000));
    const base = { organisationId: bot.organisation.id, personId: ana.id, createdAt: bot.clock.now() };
    await database.db.seminarCatchUp.createMany({
      data: [
        { ...base, dateId: first.id, state: 'open', dueAt: second.endsAt },
        { ...base, dateId: second.id, state: 'waiting', dueAt: bot.clock.now() },
      ],
    });
    const page = cardOf(await bot.as(ana).command('seminar mine'));
    expect(page.rows?.map((row) => row.action?.ref.id)).toEqual(['seminars.recap', ...Array(6).fill('seminars.date')]);
    expect(keysIn(page.rows?.[1])).toContain('seminars.mine.recap_follows');
    const next = cardOf(
      await bot.as(ana).press(buttonsOf(page).find(({ id, payload }) => id === 'seminars.mine' && payload.offset === 7) ?? null),
    );
    expect(next.rows?.map((row) => row.action?.ref.payload.dateId)).toEqual(dates.slice(7, 9).map(({ id }) => id));
  });

  it('say so when there are none', async () => {
    expect(keysIn(cardOf(await company.bot.as(company.ana).command('seminar mine')).lead)).toEqual(['seminars.mine.none']);
  });
});

describe('The card of one date', () => {
  const full = {
    purpose: 'We practise with real complaints.',
    link: 'https://meet.example/calm',
    preReading: 'https://read.example/calm',
    capacity: 12,
    requirement: 'every' as const,
  };

  it('leads its host to the agenda before, and to the code once people arrive', async () => {
    const { bot, host, ana } = company;
    const [date] = await theDates(bot, (await aSeries(bot, { hostId: host.id })).id);
    if (!date) throw new Error('There is no date.');
    expect(ids(await look(host, date)).slice(0, 2)).toEqual(['agenda', 'people']);
    bot.clock.to(new Date(date.startsAt.getTime() - 10 * 60_000));
    const open = ids(await look(host, date));
    expect(open.slice(0, 2)).toEqual(['code', 'people']);
    expect(open).toContain('here');
    expect(new Set(open).size).toBe(open.length);
    expect(ids(await look(ana, date))[0]).toBe('here');
  });

  it('tells everything and asks who has not answered', async () => {
    const { bot, ana, host } = company;
    const date = await theFirstDate(bot, (await aSeries(bot, { hostId: host.id, ...full })).id);
    const card = await look(ana, date);
    expect(keysIn(card.lead)).toEqual(['seminars.date.will_you']);
    expect(card.facts?.map(({ label }) => keysIn(label)[0])).toEqual([
      'seminars.fact.when',
      'seminars.fact.place',
      'seminars.fact.host',
      'seminars.date.answers',
      'seminars.date.for_you',
    ]);
    expect(keysIn(card.facts)).toContain('seminars.date.is_required');
    expect(card.body?.[0]).toEqual({ kind: 'paragraph', text: { kind: 'words', words: full.purpose } });
    expect(ids(card).slice(0, 3)).toEqual(['going', 'cant', 'maybe']);
    const links = card.actions?.flatMap((action) => (action.kind === 'link' ? [action.url] : []));
    expect(links).toEqual([full.link, full.preReading]);
    expect(ids(card)).not.toContain('cancel_open');
  });

  it('shows the series’ own time too where the reader’s clock differs', async () => {
    const { bot, ana, host } = company;
    const far = await bot.person({ name: 'Kai', zone: 'Asia/Kolkata' });
    const date = await theFirstDate(bot, (await aSeries(bot, { hostId: host.id })).id);
    const zones = async (person: BuiltPerson) => {
      const [when] = (await look(person, date)).facts ?? [];
      return when?.value.kind === 'join' ? when.value.items.flatMap((item) => (item.kind === 'instant' ? [item.zone] : [])) : [];
    };
    expect(await zones(ana)).toEqual([undefined]);
    expect(await zones(far)).toEqual([undefined, 'Europe/Riga']);
  });

  it('offers the other answers to whoever has answered, and pre-reading in words is words', async () => {
    const { bot, ana, host } = company;
    const date = await theFirstDate(bot, (await aSeries(bot, { hostId: host.id, preReading: 'Chapter 2' })).id);
    await answer(ana, date, 'going');
    const card = await look(ana, date);
    expect(ids(card).slice(0, 2)).toEqual(['cant', 'maybe']);
    expect(ids(card)).not.toContain('going');
    expect(keysIn(card.lead)).toEqual(['seminars.answer.going']);
    expect(keysIn(card.body)).toContain('seminars.date.read_before');
  });

  it('gives hosts and managers what they need to run it', async () => {
    const { bot, boss, host } = company;
    const date = await theFirstDate(bot, (await aSeries(bot, { hostId: host.id })).id);
    for (const person of [boss, host]) {
      const run = ['agenda', 'people', 'code', 'afterwards', 'change_open', 'cancel_open', 'series'];
      const offered = ids(await look(person, date));
      expect(offered).toEqual(expect.arrayContaining(run));
      expect(new Set(offered).size).toBe(offered.length);
      // A whole series is changed by managers.
      expect(offered.includes('follow_open')).toBe(person === boss);
    }
    expect(ids(await look(host, date)).slice(0, 3)).toEqual(['agenda', 'people', 'change_open']);
    expect(ids(await look(boss, date)).slice(0, 3)).toEqual(['going', 'cant', 'maybe']);
  });

  it('follows the hour: check-in while it is open, then what came of it', async () => {
    const { bot, ana, boss, host } = company;
    const date = await theFirstDate(bot, (await aSeries(bot, { hostId: host.id })).id);
    await answer(ana, date, 'going');
    const at = async (minutes: number) => {
      bot.clock.to(new Date(date.startsAt.getTime() + minutes * 60_000));
      return await look(ana, date);
    };
    expect(ids(await at(-16))).not.toContain('here');
    expect(ids(await at(-15))).toEqual(expect.arrayContaining(['here', 'cant', 'maybe']));
    const running = await at(5);
    expect(ids(running)).toContain('here');
    expect(ids(running)).not.toContain('cant');
    expect(keysIn((await at(31)).lead)).toEqual(['seminars.date.running']);
    expect(ids(await at(31))).not.toContain('here');
    const attended = { organisationId: bot.organisation.id, dateId: date.id, personId: boss.id, attended: true, at: date.startsAt };
    await database.db.seminarAttendance.create({ data: attended });
    expect(keysIn((await look(boss, date)).lead)).toEqual(['seminars.date.checked_in']);
    const over = await at(61);
    expect(keysIn(over.lead)).toEqual(['seminars.date.over']);
    expect(ids(over)[0]).toBe('afterwards');
    expect(ids(over)).not.toContain('say_open');
    const been = await look(boss, date);
    expect(keysIn(been.lead)).toEqual(['seminars.date.attended']);
    expect(ids(been)).toContain('say_open');
    bot.clock.forward({ days: 15 });
    expect(ids(await look(boss, date))).not.toContain('say_open');
  });

  it('says that a date was cancelled, and why', async () => {
    const { bot, boss, ana, host } = company;
    const date = await theFirstDate(bot, (await aSeries(bot, { hostId: host.id })).id);
    const asked = await press(boss, 'cancel_open', { dateId: date.id });
    await bot.as(boss).submit(asked, { scope: 'one', reason: 'The room is flooded.' });
    const card = await look(ana, date);
    expect(keysIn(card.lead)).toEqual(['seminars.date.cancelled']);
    expect(card.body).toEqual([{ kind: 'quote', text: { kind: 'words', words: 'The room is flooded.' } }]);
    expect(ids(card)).toEqual(['list']);
  });

  it('a date that isn’t there, and a button of another time, are answered clearly', async () => {
    const { bot, ana } = company;
    expect(keysIn(await press(ana, 'date', { dateId: '0199aaaa-aaaa-7aaa-8aaa-aaaaaaaaaaaa' }))).toContain('seminars.errors.date_gone');
    const outdated = await bot.as(ana).press({ id: 'seminars.date', payload: { seminar: 7 } });
    expect(keysIn(outdated)).toEqual(expect.arrayContaining(['core.errors.card_outdated', 'seminars.list.title']));
  });
});

describe('How people stand to many dates at once', () => {
  it('is as for each alone, for every audience, track and requirement', async () => {
    const { bot, ana, ben, boss, host, channel } = company;
    const { db } = database;
    const organisationId = bot.organisation.id;
    const team = { organisationId, id: '0199aaaa-aaaa-7aaa-8aaa-00000000000a', name: 'Desk', createdAt: bot.clock.now() };
    const location = { ...team, id: '0199aaaa-aaaa-7aaa-8aaa-00000000000b' };
    await db.team.create({ data: team });
    await db.location.create({ data: location });
    const novice = await bot.person({ name: 'Nina', teamId: team.id, locationId: location.id, joinedAt: new Date('2027-02-20T08:00:00Z') });
    const veteran = await bot.person({ name: 'Vera', joinedAt: new Date('2020-01-01T08:00:00Z') });
    const guest = await bot.person({ name: 'Gus', isGuest: true });
    const people = [ana, ben, boss, novice, veteran, guest];
    const audiences: readonly Audience[] = [
      { kind: 'everyone' },
      { kind: 'role', role: 'manager' },
      { kind: 'team', teamId: team.id },
      { kind: 'location', locationId: location.id },
      { kind: 'channel', channelId: channel.id },
      { kind: 'people', personIds: [ana.id, veteran.id] },
    ];
    const context = await contextOf(bot);
    const seen = new Set<string>();
    let day = 1;
    for (const audience of audiences) {
      for (const track of ['none', 'new_employees', 'front_line', 'managers'] as const) {
        for (const requirement of ['voluntary', 'every', 'once'] as const) {
          day += 1;
          const firstDay = `2027-${day > 59 ? '06' : day > 30 ? '05' : '04'}-${String((day % 28) + 1).padStart(2, '0')}`;
          const series = await aSeries(bot, {
            hostId: host.id,
            audience,
            track,
            requirement,
            plan: { firstDay, rhythm: { kind: 'weekly', every: 1 }, ending: { count: 2 } },
          });
          const dates = await theDates(bot, series.id);
          // Who goes to one of the dates has not to come to the other, where once is enough.
          if (dates[0]) await answer(ben, dates[0], 'going');
          for (const person of people) {
            const standings = await standingsOf(
              db,
              context.organisation,
              person.id,
              dates.map(({ id }) => id),
            );
            for (const date of dates) {
              const { invited, required } = standings(date.id);
              const alone = await standingOf(db, context.organisation, date, person.id);
              // Nobody's team is no team: SQL has no answer there, which counts as no.
              expect({ invited, required }).toEqual({ invited: alone.invited === true, required: alone.required === true });
              seen.add(`${invited} ${required}`);
            }
          }
        }
      }
    }
    expect([...seen].sort()).toEqual(['false false', 'true false', 'true true']);
  });
});
