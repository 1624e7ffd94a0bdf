import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { toRRule } from '../../src/features/seminars/calendar/rhythm.js';
import type { Db } from '../../src/people/db.js';
import { newId } from '../../src/people/ids.js';
import type { FakeMessage } from '../support/fake-slack/fake-slack.js';
import { textOf } from '../support/slack-company.js';
import { withDatabase, withDataDir } from './bot.js';
import { answerAt, employ } from './company.js';
import { buttonIn, clickOn, type Desk, openDesk, until } from './desk.js';
import { type Figure, percentile } from './figures.js';
import { type Prepared, post, prepare } from './sender.js';

const WARM_UP = 200;
const ANSWERS = 10_000;
const PER_SECOND = 50;
/** Of the second date, where answers wait for one another: so many people answer it, and so many find a place. */
const FEWER = 2_000;
const CAPACITY = 500;
const AT_MOST = 100;
/** The shortest time between two updates of a post, in ms; 50 are given for the ways of two requests. */
const REFRESH_MS = 3_000;
const SLACK_MS = 50;
const DAY_MS = 86_400_000;
const ONCE = toRRule({ kind: 'once' }, {}, '');

interface Timed {
  readonly acknowledged: number;
  readonly answered: number;
}

/** 10,000 people press a button of one post: signed clicks over HTTP, at a steady pace, first without a capacity and then with one. */
export async function answers(): Promise<Figure[]> {
  const desk = await openDesk(WARM_UP + ANSWERS);
  try {
    return await withDataDir(async (dataDir) => {
      const bot = await employ(desk, dataDir);
      try {
        return await withDatabase(dataDir, async (db) => [
          ...(await measure(desk, db, null, ANSWERS)),
          ...(await measure(desk, db, CAPACITY, FEWER)),
        ]);
      } finally {
        await bot.stop();
      }
    });
  } finally {
    await desk.stop();
  }
}

async function measure(desk: Desk, db: Db, capacity: number | null, many: number): Promise<Figure[]> {
  const dateId = await announce(db, capacity);
  const posted = () => desk.slack.messages.find((message) => JSON.stringify(message.blocks).includes(dateId));
  // The bot looks once a minute.
  const card = await until(posted, 'the post', 100).catch(() => until(posted, 'the post', 100));
  const updates = updatesOf(desk);
  const pressed = ['seminars.going', 'seminars.going', 'seminars.cant', 'seminars.maybe'];
  const act = (index: number) => pressed[index % pressed.length] ?? '';
  for (const [index, employee] of desk.employees.slice(0, WARM_UP).entries()) {
    await click(desk, { ...clickReady(desk, card, employee, act(index)), due: performance.now() });
  }
  const timed = await steadily(desk, card, desk.employees.slice(WARM_UP, WARM_UP + many), act);
  const expected = (wanted: string) =>
    Array.from({ length: WARM_UP + many }, (_, index) => act(index)).filter((one) => one === wanted).length;
  const goers = expected('seminars.going');
  const going = capacity === null ? goers : Math.min(goers, capacity);
  const wanted = `Going ${going.toLocaleString('en')} · Can’t ${expected('seminars.cant').toLocaleString('en')} · Maybe ${expected('seminars.maybe').toLocaleString('en')}`;
  const exact = await until(() => textOf(card).includes(wanted), 'the last figures on the post').catch(() => false);
  const rows = await db.seminarAnswer.count({ where: { dateId, state: 'going' } });
  const gaps = updates.slice(1).map((at, index) => at - (updates[index] ?? 0));
  const name = capacity === null ? '10,000 answers to one post' : `${FEWER.toLocaleString('en')} answers to one with ${CAPACITY} places`;
  const of = (what: keyof Timed, share: number) =>
    percentile(
      timed.map((one) => one[what]),
      share,
    );
  return [
    { name: `${name}: acknowledged, p99`, unit: 'ms', measured: of('acknowledged', 0.99), atMost: AT_MOST },
    { name: `${name}: written and answered, p99`, unit: 'ms', measured: of('answered', 0.99), atMost: AT_MOST },
    { name: `${name}: written and answered, median`, unit: 'ms', measured: of('answered', 0.5) },
    { name: `${name}: updates of the post`, unit: 'count', measured: updates.length },
    { name: `${name}: updates too early`, unit: 'count', measured: gaps.filter((gap) => gap < REFRESH_MS - SLACK_MS).length, exactly: 0 },
    { name: `${name}: going`, unit: 'count', measured: rows, exactly: going },
    { name: `${name}: the post shows exactly that`, unit: 'count', measured: exact ? 1 : 0, exactly: 1 },
  ];
}

/** A seminar in ten days that is to be announced now. @returns its id */
async function announce(db: Db, capacity: number | null): Promise<string> {
  const now = new Date();
  const channel = await until(async () => (await db.channel.findFirst({ where: { externalId: 'C0TEAM' } })) ?? undefined, 'the channel');
  const { organisationId } = channel;
  const { id: hostId } = await db.person.findFirstOrThrow({ where: { role: 'manager' } });
  const [seriesId, id] = [newId(now), newId(now)];
  const startsAt = new Date(now.getTime() + 10 * DAY_MS);
  const at = { createdAt: now, changedAt: now };
  const series = {
    organisationId,
    id: seriesId,
    title: 'Calm at the counter',
    hostId,
    audienceKind: 'everyone' as const,
    zone: 'Europe/Riga',
    capacity,
  };
  const plan = {
    firstDay: startsAt,
    startMinutes: 600,
    lengthMinutes: 60,
    rule: ONCE,
    plannedTo: startsAt,
    createdById: hostId,
    channelId: channel.id,
  };
  await db.seminarSeries.create({ data: { ...series, ...plan, ...at } });
  const when = { startsAt, endsAt: new Date(startsAt.getTime() + 3_600_000), phaseAt: startsAt, postAt: now };
  await db.seminarDate.create({ data: { organisationId, id, seriesId, hostId, capacity, place: 'Room 4', ...when, ...at } });
  return id;
}

/** When a message was updated, from now on: performance.now() of each. Nothing but the post is. */
function updatesOf(desk: Desk): number[] {
  const times: number[] = [];
  desk.slack.latency = (method) => {
    if (method === 'chat.update') times.push(performance.now());
    return 0;
  };
  return times;
}

interface Ready {
  readonly prepared: Prepared;
  readonly path: string;
}

function clickReady(desk: Desk, card: FakeMessage, employee: string, action: string): Ready {
  if (!buttonIn(card, action)) throw new Error(`The post has no ${action}.`);
  const { payload, responseUrl } = clickOn(desk.slack, employee, card, action);
  return { prepared: prepare(desk.slack, payload), path: new URL(responseUrl).pathname };
}

/** Time runs from when the click was due, so that a bot that stands still is charged for all of it. */
async function click(desk: Desk, { prepared, path, due }: Ready & { readonly due: number }): Promise<Timed> {
  const answered = answerAt(desk, path).then(() => performance.now() - due);
  const { status } = await post(desk.slack, prepared);
  if (status !== 200) throw new Error(`A click was answered with ${status}.`);
  return { acknowledged: performance.now() - due, answered: await answered };
}

/** A click every 20 ms, signed in batches: a signature is valid for five minutes. */
async function steadily(desk: Desk, card: FakeMessage, employees: readonly string[], act: (index: number) => string): Promise<Timed[]> {
  const ready = employees.map((employee, index) => clickReady(desk, card, employee, act(WARM_UP + index)));
  const began = performance.now();
  return await Promise.all(
    ready.map(async (one, index) => {
      const due = began + (index * 1_000) / PER_SECOND;
      await sleep(due - performance.now());
      return await click(desk, { ...one, due });
    }),
  );
}
