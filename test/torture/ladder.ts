import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { toRRule } from '../../src/features/seminars/calendar/rhythm.js';
import { subject } from '../../src/features/seminars/model.js';
import type { Db } from '../../src/people/db.js';
import { newId } from '../../src/people/ids.js';
import type { EmbeddedPostgres } from '../../src/runtime/embedded-postgres.js';
import { type BotProcess, startBot } from '../support/bot-process.js';
import { doubledPosts } from '../support/redeeming.js';
import { buttonsOf, MANAGER, type SlackCompany, slackCompany } from '../support/slack-company.js';
import { until } from '../support/until.js';
import { answerDelay, chance, noFigures, SCALE } from './places.js';
import { databaseOf } from './redeem.js';

const PEOPLE = 2_000;
const KILLS = 8;
/** How many can't come: nothing is said to them. */
const AWAY = 200;
/** How many have not answered: they are asked. */
const SILENT = 600;
const PATIENCE_MS = 120_000;
const HOUR_MS = 3_600_000;
const ONCE = toRRule({ kind: 'once' }, {}, '');

/**
 * The day before a seminar for 2,000 people: those who come are reminded, the silent are asked, while the bot is killed with
 * SIGKILL at random moments and started again, the first time in the middle of the handing out. Requests and answers get lost.
 * @returns what was violated
 */
export async function killedReminding(server: EmbeddedPostgres, random: () => number): Promise<readonly string[]> {
  const began = performance.now();
  const company = await slackCompany(PEOPLE - 1, SCALE);
  const { slack } = company;
  const { environment, open } = await databaseOf(server, 'torture_ladder');
  const start = async (): Promise<BotProcess> => {
    const bot = await startBot({ ...company.environment, ...environment });
    slack.botUrl = bot.address;
    return bot;
  };
  let bot = await start();
  const database = open();
  const db = database.prisma;
  await until(async () => (await db.person.count()) === PEOPLE, 'Everybody known', PATIENCE_MS);
  const { dateId, organisationId } = await plan(db);
  const figures = noFigures();
  const isPost = (method: string) => method === 'chat.postMessage';
  slack.fate = (method) => (isPost(method) ? chance(random, figures, 'cut', 'cut_after') : undefined);
  slack.latency = (method) => (isPost(method) ? answerDelay(random) : 0);
  slack.onCall = ({ method, answer }) => {
    if (method === 'conversations.history' && answer.ok === true) figures.lookedUp += 1;
    if (isPost(method) && answer.ok === true) figures.posts += 1;
  };
  await db.seminarDate.update({
    where: { organisationId_id: { organisationId, id: dateId } },
    data: { nextStage: 1_440, nextStageAt: new Date() },
  });

  const lines: string[] = [];
  const kill = async (when: string) => {
    await bot.kill();
    const [enqueued, sending] = await Promise.all([
      db.delivery.count({ where: { message: { in: ['seminars.reminder', 'seminars.nudge'] }, state: { not: 'skipped' } } }),
      db.delivery.count({ where: { state: 'sending', attemptedAt: { not: null } } }),
    ]);
    lines.push(`  kill ${when}: ${enqueued} of ${PEOPLE - AWAY} enqueued, ${figures.posts} posts, ${sending} messages on their way`);
    bot = await start();
  };
  await until(async () => (await db.job.count({ where: { kind: 'seminars.remind' } })) > 0, 'The tick', PATIENCE_MS);
  await kill('as the handing out begins');
  const moments = Array.from({ length: KILLS - 1 }, () => 1 + Math.floor(random() * (PEOPLE - AWAY) * 0.95)).sort((a, b) => a - b);
  for (const moment of moments) {
    const delay = random() * 25;
    await until(() => figures.posts >= moment, `${moment} posts`, PATIENCE_MS).catch(() => undefined);
    await sleep(delay);
    await kill(`after ${moment} posts`);
  }
  const isSettled = async () =>
    (await db.job.count({ where: { kind: 'seminars.remind', state: { not: 'done' } } })) === 0 &&
    (await db.delivery.count({ where: { message: { in: ['seminars.reminder', 'seminars.nudge'] }, state: 'sent' } })) === PEOPLE - AWAY;
  const settled = await until(isSettled, 'Everybody told', PATIENCE_MS).catch(() => false);
  const exitCode = await bot.stop();
  const told = await toldOf(db, company, dateId);
  const doubled = doubledPosts(company);
  await database.close();
  await company.stop();
  console.log(
    `\nladder: ${told.once} of ${PEOPLE - AWAY} told once, ${told.never} never, ${told.more} more than once, ${told.wrongly} wrongly, ${KILLS} kills, in ${((performance.now() - began) / 1_000).toFixed(1)} s`,
  );
  console.log(`  ${figures.lostRequests} requests and ${figures.lostAnswers} answers lost, ${figures.lookedUp} looked up in the history`);
  for (const line of lines) console.log(line);
  return [
    ...(settled ? [] : ['not everything came to an end']),
    ...(told.never === 0 ? [] : [`${told.never} people were forgotten`]),
    ...(told.more === 0 ? [] : [`${told.more} people were told more than once`]),
    ...(told.wrongly === 0 ? [] : [`${told.wrongly} people were told what was not for them`]),
    ...(doubled === 0 ? [] : [`${doubled} messages were posted twice`]),
    ...(figures.lookedUp > 0 ? [] : ['nothing was looked up in the history']),
    ...bot.errors().map((line) => `logged: ${JSON.stringify(line)}`),
    ...(exitCode === 0 ? [] : [`the last process ended with ${exitCode}`]),
  ].map((problem) => `ladder: ${problem}`);
}

/** A seminar in twenty hours, answered by most; the organisation works around the clock, whatever the hour of this run. */
async function plan(db: Db): Promise<{ readonly dateId: string; readonly organisationId: string }> {
  const now = new Date();
  const { id: organisationId } = await db.organisation.findFirstOrThrow();
  await db.organisation.update({ where: { id: organisationId }, data: { workStart: 0, workEnd: 1_440, workDays: [1, 2, 3, 4, 5, 6, 7] } });
  const people = await db.person.findMany({ select: { id: true, accounts: { select: { externalId: true } } }, orderBy: { id: 'asc' } });
  const host = people.find(({ accounts }) => accounts.some(({ externalId }) => externalId === MANAGER));
  if (!host) throw new Error('The manager is not known.');
  const [seriesId, dateId] = [newId(now), newId(now)];
  const startsAt = new Date(now.getTime() + 20 * HOUR_MS);
  const at = { createdAt: now, changedAt: now };
  await db.seminarSeries.create({
    data: {
      ...{ organisationId, id: seriesId, title: 'Calm at the counter', hostId: host.id, audienceKind: 'everyone', zone: 'Europe/Riga' },
      ...{ firstDay: startsAt, startMinutes: 600, lengthMinutes: 60, rule: ONCE, plannedTo: startsAt, createdById: host.id, ...at },
    },
  });
  await db.seminarDate.create({
    data: {
      ...{ organisationId, id: dateId, seriesId, startsAt, endsAt: new Date(startsAt.getTime() + HOUR_MS), hostId: host.id, ...at },
      phaseAt: new Date(startsAt.getTime() - HOUR_MS / 4),
    },
  });
  const answering = people.filter(({ id }) => id !== host.id).slice(SILENT);
  await db.seminarAnswer.createMany({
    data: answering.map(({ id: personId }, index) => ({
      ...{ organisationId, dateId, personId, answeredAt: now },
      state: index < AWAY ? ('cant' as const) : index % 4 === 0 ? ('maybe' as const) : ('going' as const),
    })),
  });
  return { dateId, organisationId };
}

interface Told {
  once: number;
  never: number;
  more: number;
  wrongly: number;
}

/** What lies in each person's chat, held against what was to be there. */
async function toldOf(db: Db, { slack, employees }: SlackCompany, dateId: string): Promise<Told> {
  const messages = new Map<string, number>();
  for (const message of slack.messages) {
    if (message.metadata === undefined || !buttonsOf(message).some(({ payload }) => payload.dateId === dateId)) continue;
    messages.set(message.channel, (messages.get(message.channel) ?? 0) + 1);
  }
  const cant = await db.seminarAnswer.findMany({ where: { dateId, state: 'cant' }, select: { personId: true } });
  const accounts = await db.account.findMany({
    where: { personId: { in: cant.map(({ personId }) => personId) } },
    select: { externalId: true },
  });
  const away = new Set(accounts.map(({ externalId }) => externalId));
  const told: Told = { once: 0, never: 0, more: 0, wrongly: 0 };
  for (const id of [MANAGER, ...employees]) {
    const count = messages.get(`D${id.slice(1)}`) ?? 0;
    if (away.has(id)) told.wrongly += count;
    else if (count === 0) told.never += 1;
    else if (count === 1) told.once += 1;
    else told.more += 1;
  }
  const posted = await db.delivery.count({ where: { subjectKey: subject.post(dateId) } });
  if (posted > 0) told.wrongly += posted;
  return told;
}
