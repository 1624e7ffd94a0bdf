import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { FormValues } from '../../src/core/form.js';
import type { Answer } from '../../src/core/reply.js';
import { uidOf } from '../../src/features/seminars/inviting/event.js';
import { personCalendar } from '../../src/features/seminars/inviting/feed.js';
import type { SeminarDate } from '../../src/features/seminars/model.js';
import type { BuiltPerson } from '../support/builders.js';
import { useDatabase } from '../support/database.js';
import { valuesOf } from '../support/form-values.js';
import { readCalendar } from '../support/read-calendar.js';
import { aSeries, contextOf, type SeminarCompany, seminarCompany, theDates } from '../support/seminar-company.js';
import { hintOf } from '../support/test-bot.js';

/**
 * Whatever managers and colleagues do one after another, or two at once: no two dates of a series at one instant, no answer
 * lost, everyone concerned told once and nobody else, no place given twice or left free, and calendars that show what is planned.
 */

const RUNS = Number(process.env.RUNS ?? 6);
const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
const database = useDatabase({ poolSize: 10 });

// --- What can happen. Numbers choose among what is there: people, and planned dates to come.

const nat = fc.nat({ max: 7 });
const place = fc.constantFrom('Room 4', 'The garden');
const changing = fc.record({
  kind: fc.constant('change' as const),
  of: nat,
  by: nat,
  days: fc.constantFrom(0, 0, 0, 1, 7, 28, -3),
  time: fc.constantFrom('10:00', '10:00', '15:30', '03:30'),
  place,
  host: nat,
  capacity: fc.constantFrom('', '1', '2', '2', '3'),
});
const cancelling = fc.record({ kind: fc.constant('cancel' as const), of: nat, by: nat, scope: fc.constantFrom('one', 'one', 'following') });
const following = fc.record({
  kind: fc.constant('follow' as const),
  of: nat,
  by: nat,
  change: fc.constantFrom<FormValues>(
    { place: 'The garden' },
    { title: 'Another name', capacity: '3' },
    { start: '16:00' },
    { start: '10:00', length: '30' },
    { weekday: '4' },
    { every: '2' },
    { every: '1' },
    { count: '3' },
    { holidays: 'skip', country: 'LV' },
    { zone: 'Australia/Lord_Howe' },
    { purpose: 'To be kind.' },
  ),
  host: nat,
});
const adding = fc.record({
  kind: fc.constant('add' as const),
  by: nat,
  ahead: fc.integer({ min: 1, max: 60 }),
  time: fc.constantFrom('10:00', '14:00'),
});
const answering = fc.record({
  kind: fc.constant('answer' as const),
  by: nat,
  of: nat,
  wanted: fc.constantFrom('going' as const, 'going' as const, 'maybe' as const, 'cant' as const),
});
const passing = fc.record({ kind: fc.constant('pass' as const), hours: fc.constantFrom(1, 30, 200) });

const act = fc.oneof(
  { weight: 3, arbitrary: changing },
  { weight: 2, arbitrary: following },
  { weight: 1, arbitrary: cancelling },
  { weight: 1, arbitrary: adding },
  { weight: 1, arbitrary: passing },
);
type Act = typeof act extends fc.Arbitrary<infer T> ? T : never;
const scene = fc.record({ answers: fc.array(answering, { minLength: 2, maxLength: 6 }), act, also: fc.option(changing, { freq: 4 }) });
const beginning = fc.record({
  zone: fc.constantFrom('Europe/Riga', 'America/New_York', 'Australia/Lord_Howe'),
  weekly: fc.boolean(),
  capacity: fc.constantFrom(2, 2, null),
  scenes: fc.array(scene, { minLength: 4, maxLength: 6, size: 'max' }),
});

interface World {
  readonly company: SeminarCompany;
  readonly seriesId: string;
  readonly done: Map<string, number>;
}

const pick = <T>(from: readonly T[], number: number): T | undefined => from[number % from.length];
const peopleOf = ({ boss, host, ana, ben, cy, owner }: SeminarCompany) => [ana, ben, cy, host, boss, owner] as const;

async function ahead({ company: { bot }, seriesId }: World): Promise<SeminarDate[]> {
  return (await theDates(bot, seriesId)).filter(({ state, startsAt }) => state === 'planned' && startsAt > bot.clock.now());
}

const dayIn = (at: Date, zone: string) => new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(at);
const later = (at: Date, days: number) => new Date(at.getTime() + days * 86_400_000);

/** Fills in a form that a button opens. What stands there stays, but for `values`. */
async function fill(
  { company: { bot } }: World,
  by: BuiltPerson,
  id: string,
  payload: Record<string, string>,
  values: (form: FormValues) => FormValues,
): Promise<Answer> {
  const form = await bot.as(by).press({ id, payload });
  if (form.kind !== 'form') return form;
  const stands = valuesOf(form);
  return await bot.as(by).submit(form, { ...stands, ...values(stands) });
}

/** @returns whether it was done; what is refused says why, and is an answer like any other */
async function perform(world: World, wanted: Act): Promise<boolean> {
  const { company, seriesId } = world;
  const { bot } = company;
  const by = ('by' in wanted && pick([company.boss, company.owner], wanted.by)) || company.boss;
  const dates = await ahead(world);
  const date = 'of' in wanted ? pick(dates, wanted.of) : undefined;
  switch (wanted.kind) {
    case 'pass':
      bot.clock.forward({ hours: wanted.hours });
      await bot.runDue();
      return true;
    case 'add': {
      const [first] = await theDates(bot, seriesId);
      const day = dayIn(later(bot.clock.now(), wanted.ahead), first?.series.plan.zone ?? 'UTC');
      return (await fill(world, by, 'seminars.add_open', { seriesId }, () => ({ day, time: wanted.time }))).kind === 'say';
    }
    case 'change': {
      if (!date) return false;
      const host = pick(peopleOf(company).slice(2, 4), wanted.host) ?? company.host;
      const { zone } = date.series.plan;
      return (
        (
          await fill(world, by, 'seminars.change_open', { dateId: date.id }, () => ({
            ...(wanted.days !== 0 && { day: dayIn(later(date.startsAt, wanted.days), zone) }),
            ...(wanted.days !== 0 && { time: wanted.time }),
            place: wanted.place,
            capacity: wanted.capacity,
            ...(wanted.host > 4 && { host: [hintOf(host)] }),
          }))
        ).kind === 'say'
      );
    }
    case 'cancel':
      if (!date) return false;
      return (
        (await fill(world, by, 'seminars.cancel_open', { dateId: date.id }, () => ({ scope: wanted.scope, reason: 'It has to be.' })))
          .kind === 'say'
      );
    case 'follow': {
      if (!date) return false;
      const preview = await fill(world, by, 'seminars.follow_open', { dateId: date.id }, (stands) => ({
        ...wanted.change,
        // Of an end and a number of dates there is one at most.
        ...(wanted.change.count !== undefined && { until: '' }),
        ...(wanted.host > 5 && stands.host !== undefined && { host: [hintOf(company.cy)] }),
      }));
      if (preview.kind !== 'say') return false;
      return (await bot.as(by).click('seminars.draft_save', preview)).kind === 'update';
    }
  }
}

const lookOf = ({ title, startsAt, endsAt, place: where, link, hostId, state }: SeminarDate) =>
  JSON.stringify([title, startsAt, endsAt, where, link, hostId, state]);

type Row = { readonly dateId: string; readonly personId: string; readonly state: string; readonly queueNo: number | null };
const answersOf = async (): Promise<Row[]> =>
  await database.db.seminarAnswer.findMany({ orderBy: [{ dateId: 'asc' }, { personId: 'asc' }] });

/** Everything that people were sent about changes, by what was changed. */
async function toldSince(
  ids: ReadonlySet<string>,
): Promise<readonly { readonly id: string; readonly personId: string; readonly message: string }[]> {
  const rows = await database.db.delivery.findMany({ where: { message: { in: ['seminars.changed', 'seminars.moved_up'] } } });
  return rows.filter(({ id }) => !ids.has(id)).map(({ id, personId, message }) => ({ id, personId: personId ?? '', message }));
}

/** One act, or two at once, and what must hold afterwards. */
async function play(world: World, acts: readonly Act[]): Promise<void> {
  const { company, seriesId, done } = world;
  const before = new Map((await theDates(company.bot, seriesId)).map((date) => [date.id, date]));
  const answered = await answersOf();
  const sent = new Set((await toldSince(new Set())).map(({ id }) => id));
  const outcomes = await Promise.all(acts.map(async (each) => await perform(world, each)));
  for (const [index, each] of acts.entries()) {
    const name = `${each.kind} ${outcomes[index] ? 'done' : 'refused'}`;
    done.set(name, (done.get(name) ?? 0) + 1);
  }
  const dates = await theDates(company.bot, seriesId);
  const planned = dates.filter(({ state }) => state === 'planned');
  expect(new Set(planned.map(({ startsAt }) => startsAt.getTime())).size).toBe(planned.length);

  const after = await answersOf();
  const keyOf = ({ dateId, personId, state }: Row) => `${dateId} ${personId} ${state === 'waiting' || state === 'going' ? 'comes' : state}`;
  expect(after.map(keyOf)).toEqual(answered.map(keyOf));

  for (const date of dates) {
    const old = before.get(date.id);
    const differs = old !== undefined && lookOf(old) !== lookOf(date);
    if (old && differs) expect(date.sequence).toBeGreaterThan(old.sequence);
    // Two at once may undo one another.
    if (old && acts.length === 1 && date.series.purpose === old.series.purpose && !differs) expect(date.sequence).toBe(old.sequence);
  }
  if (acts.some(({ kind }) => kind === 'pass')) return;

  const told = await toldSince(sent);
  const by = pick([company.boss, company.owner], (acts[0] && 'by' in acts[0] && acts[0].by) || 0);
  const touched = dates.filter((date) => {
    const old = before.get(date.id);
    return old ? lookOf(old) !== lookOf(date) : acts[0]?.kind === 'add' && outcomes[0];
  });
  const concerned = new Set<string>();
  for (const date of touched) {
    concerned.add(date.hostId).add(before.get(date.id)?.hostId ?? date.hostId);
    for (const { dateId, personId, state } of after) if (dateId === date.id && state !== 'cant') concerned.add(personId);
  }
  if (by) concerned.delete(by.id);
  // Two at once have two authors, each of whom hears of the other's.
  if (acts.length > 1) return;
  expect(
    told
      .filter(({ message }) => message === 'seminars.changed')
      .map(({ personId }) => personId)
      .sort(),
  ).toEqual([...concerned].sort());
  expect(new Set(told.map(({ personId }) => personId)).size).toBe(told.length);
}

async function placesHold({ company, seriesId }: World): Promise<void> {
  const answers = await answersOf();
  for (const date of await ahead({ company, seriesId, done: new Map() })) {
    const count = (state: string) => answers.filter((answer) => answer.dateId === date.id && answer.state === state).length;
    if (date.capacity === null) expect(count('waiting')).toBe(0);
    else {
      expect(count('going')).toBeLessThanOrEqual(date.capacity);
      if (count('waiting') > 0) expect(count('going')).toBe(date.capacity);
    }
  }
}

/** What a calendar that is subscribed to shows, against what is planned. */
async function calendarsHold({ company, seriesId }: World): Promise<void> {
  const { bot } = company;
  const answers = await answersOf();
  const dates = await theDates(bot, seriesId);
  for (const person of peopleOf(company)) {
    const events = readCalendar(await personCalendar(await contextOf(bot), person.id, { locale: 'en', zone: 'Europe/Riga' })).events;
    const mine = dates.filter(
      ({ id, hostId }) =>
        hostId === person.id || answers.some((each) => each.dateId === id && each.personId === person.id && each.state !== 'cant'),
    );
    const line = (uid: string, sequence: number, start: string, end: string, cancelled: boolean) =>
      `${uid} ${sequence} ${start} ${end} ${cancelled}`;
    expect(events.map(({ uid, sequence, start, end, status }) => line(uid, sequence, start, end, status === 'CANCELLED')).sort()).toEqual(
      mine
        .map(({ id, sequence, startsAt, endsAt, state }) =>
          line(uidOf(id), sequence, startsAt.toISOString(), endsAt.toISOString(), state === 'cancelled'),
        )
        .sort(),
    );
  }
}

it(`whatever happens to ${RUNS} series, people and calendars know it, once (SEED=${seed})`, async () => {
  const done = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(beginning, async ({ zone, weekly, capacity, scenes }) => {
      await database.reset();
      const company = await seminarCompany(database);
      const rhythm = weekly
        ? { kind: 'weekly' as const, every: 1 }
        : { kind: 'month_weekday' as const, every: 1, nth: 2 as const, weekday: 2 as const };
      const { id: seriesId } = await aSeries(company.bot, {
        hostId: company.host.id,
        capacity,
        plan: { zone, rhythm, ending: { count: 7 } },
      });
      const world: World = { company, seriesId, done };
      for (const { answers, act: first, also } of scenes) {
        const dates = await ahead(world);
        for (const { by, of, wanted } of answers) {
          const [who, date] = [pick(peopleOf(company), by), pick(dates, of % 3)];
          if (who && date) await company.bot.as(who).press({ id: `seminars.${wanted}`, payload: { dateId: date.id } });
        }
        await play(world, also && first.kind !== 'pass' ? [first, also] : [first]);
        await placesHold(world);
      }
      await calendarsHold(world);
    }),
    { seed, numRuns: RUNS, endOnFailure: true },
  );
  // A run in which nothing of a kind ever happens proves nothing of it.
  const summary = [...done.keys()].sort().join(', ');
  for (const kind of ['change', 'follow']) expect(summary).toContain(`${kind} done`);
}, 600_000);
