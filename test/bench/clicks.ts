import { setTimeout as sleep } from 'node:timers/promises';
import { withDatabase, withDataDir } from './bot.js';
import { answerAt, employ, inParallel, publishToAll, type Requests, read, requestOf, requestsOf } from './company.js';
import { clickOn, type Desk, openDesk } from './desk.js';
import { type Figure, percentile } from './figures.js';
import { post, prepare } from './sender.js';

const WARM_UP = 100;
const CLICKS = 1_000;
const PER_SECOND = 50;

interface Timed {
  /** Milliseconds from when the click was due until the HTTP answer, and until the card was replaced. */
  readonly acknowledged: number;
  readonly answered: number;
}

/** Signed clicks on "read" at a steady pace, whoever is slow: each notes the opening of a page and shows it. */
export async function clicks(): Promise<Figure[]> {
  const desk = await openDesk(WARM_UP + CLICKS);
  try {
    return await withDataDir(async (dataDir) => {
      const bot = await employ(desk, dataDir);
      try {
        await publishToAll(desk, dataDir);
        const requests = await requestsOf(desk, dataDir);
        await inParallel(desk.employees.slice(0, WARM_UP), 5, (employee) => read(desk, employee, requestOf(requests, employee)));
        const timed = await steadily(desk, desk.employees.slice(WARM_UP), requests);
        const opened = await withDatabase(dataDir, (db) => db.assignment.count({ where: { firstViewedAt: { not: null } } }));
        return [
          {
            name: `click at ${PER_SECOND} a second, HTTP acknowledgement, p99`,
            unit: 'ms',
            measured: p99(timed, 'acknowledged'),
            atMost: 100,
          },
          {
            name: 'the same until its database work was done and answered, p99',
            unit: 'ms',
            measured: p99(timed, 'answered'),
            atMost: 100,
          },
          {
            name: 'the same, median',
            unit: 'ms',
            measured: percentile(
              timed.map(({ answered }) => answered),
              0.5,
            ),
          },
          { name: 'openings noted', unit: 'count', measured: opened, exactly: WARM_UP + CLICKS },
        ];
      } finally {
        await bot.stop();
      }
    });
  } finally {
    await desk.stop();
  }
}

/** A click every 20 ms. Time runs from when it was due, so that a bot that stands still is charged for all of it. */
async function steadily(desk: Desk, employees: readonly string[], requests: Requests): Promise<Timed[]> {
  const prepared = employees.map((employee) => {
    const { payload, responseUrl } = clickOn(desk.slack, employee, requestOf(requests, employee), 'handbook.read');
    return { click: prepare(desk.slack, payload), responseUrl };
  });
  const began = performance.now();
  return await Promise.all(
    prepared.map(async ({ click, responseUrl }, index) => {
      const due = began + (index * 1_000) / PER_SECOND;
      await sleep(due - performance.now());
      const answered = answerAt(desk, new URL(responseUrl).pathname).then(() => performance.now() - due);
      const { status } = await post(desk.slack, click);
      if (status !== 200) throw new Error(`A click was answered with ${status}.`);
      return { acknowledged: performance.now() - due, answered: await answered };
    }),
  );
}

const p99 = (timed: readonly Timed[], what: keyof Timed) =>
  percentile(
    timed.map((one) => one[what]),
    0.99,
  );
