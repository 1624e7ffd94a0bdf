import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDispatch } from '../../src/core/dispatch.js';
import { createRegistry } from '../../src/core/registry.js';
import type { Answer } from '../../src/core/reply.js';
import { createOnce } from '../../src/delivery/handled.js';
import { createFeatures } from '../../src/features/index.js';
import { answerDate } from '../../src/features/seminars/answering/answer.js';
import { countAnswers } from '../../src/features/seminars/store-dates.js';
import { type Db, inTransaction } from '../../src/people/db.js';
import { createResolve } from '../../src/people/resolve.js';
import { type Database, openDatabase } from '../../src/runtime/database.js';
import { aWork, type BuiltPerson, manyPeople, silentLog } from '../support/builders.js';
import { useDatabase } from '../support/database.js';
import { aSeries, contextOf, type SeminarCompany, seminarCompany, theFirstDate } from '../support/seminar-company.js';

const CROWD = 500;
const PLACES = 50;

const database = useDatabase();
let other: Database;
let company: SeminarCompany;
let crowd: BuiltPerson[];
let dateId: string;

beforeAll(async () => {
  company = await seminarCompany(database);
  other = openDatabase({ connection: { ...database.connection }, poolSize: 10, log: silentLog });
  crowd = await manyPeople(database.db, company.bot.organisation, CROWD);
  const series = await aSeries(company.bot, { hostId: company.host.id, capacity: PLACES });
  dateId = (await theFirstDate(company.bot, series.id)).id;
  await company.bot.runDue();
}, 60_000);
afterAll(() => other.close());

/** One of two processes, each with connections of its own. */
function aProcess(db: Db, processId: string) {
  const { clock } = company.bot;
  const registry = createRegistry(createFeatures({ directories: new Map() }));
  const work = aWork(db, { clock });
  return createDispatch(registry, {
    resolve: createResolve(work, registry),
    once: createOnce({ db, clock, processId }),
    failed: (error) => {
      throw error;
    },
  });
}

let acts = 0;

/** Everybody presses the same button in the channel, all at once, half of them at each process. */
async function pressAll(people: readonly BuiltPerson[], id: string): Promise<readonly Answer[]> {
  const { externalId } = await database.db.workspace.findFirstOrThrow();
  const processes = [aProcess(database.db, 'one'), aProcess(other.prisma, 'two')];
  return await Promise.all(
    people.map(async (person, index) => {
      acts += 1;
      const dispatch = processes[index % 2];
      if (!dispatch) throw new Error('There is no such process.');
      const { answer } = await dispatch({
        kind: 'action',
        ref: { id, payload: { dateId } },
        actor: { platform: 'slack', workspaceExternalId: externalId, externalId: person.externalId },
        place: { kind: 'channel', externalId: company.channel.externalId },
        onceKey: `crowd-${acts}`,
        requestId: `crowd-${acts}`,
      });
      return answer;
    }),
  );
}

/** The place on the waiting list that an answer tells of. */
function placeOf(answer: Answer | undefined): number | undefined {
  const told = /"seminars\.own\.waiting","params":\{"place":(\d+)\}/.exec(JSON.stringify(answer));
  return told ? Number(told[1]) : undefined;
}

const states = async () =>
  await database.db.seminarAnswer.findMany({
    where: { dateId },
    orderBy: [{ queueNo: 'asc' }, { personId: 'asc' }],
    select: { personId: true, state: true, queueNo: true },
  });

const shownCounts = () => {
  const shown = JSON.stringify(company.bot.messagesIn(company.channel)[0]?.card);
  return [/"going":(\d+)/.exec(shown)?.[1], /"waiting":(\d+)/.exec(shown)?.[1]].map(Number);
};

it('gives 500 who answer at once, at two processes, exactly 50 places; the rest wait in order', async () => {
  const answers = await pressAll(crowd, 'seminars.going');
  expect(await countAnswers(database.db, company.bot.organisation.id, dateId)).toEqual({
    going: PLACES,
    maybe: 0,
    cant: 0,
    waiting: CROWD - PLACES,
  });
  const waiting = (await states()).filter(({ state }) => state === 'waiting');
  expect(waiting.map(({ queueNo }) => queueNo)).toEqual(Array.from({ length: CROWD - PLACES }, (_, index) => index + 1));
  // Each was told the very place that was given: nobody was passed over between the answer and its words.
  for (const { personId, queueNo } of waiting) expect(placeOf(answers[crowd.findIndex((person) => person.id === personId)])).toBe(queueNo);
  await company.bot.runDue();
  expect(shownCounts()).toEqual([PLACES, CROWD - PLACES]);
}, 120_000);

it('moves the first of them up as 25 leave at once, and tells each once', async () => {
  const before = await states();
  const leaving = crowd.filter(({ id }) => before.some(({ personId, state }) => personId === id && state === 'going')).slice(0, PLACES / 2);
  const first = before.filter(({ state }) => state === 'waiting').slice(0, PLACES / 2);
  company.bot.clock.forward({ minutes: 1 });
  await pressAll(leaving, 'seminars.cant');
  const after = await states();
  const stateOf = (personId: string) => after.find((row) => row.personId === personId)?.state;
  expect(first.map(({ personId }) => stateOf(personId))).toEqual(first.map(() => 'going'));
  const left = after.filter(({ state }) => state === 'waiting').map(({ queueNo }) => queueNo);
  expect(left).toEqual(Array.from({ length: CROWD - PLACES - PLACES / 2 }, (_, index) => index + 1 + PLACES / 2));
  const told = await database.db.delivery.findMany({ where: { message: 'seminars.moved_up' }, select: { personId: true } });
  expect(told.map(({ personId }) => personId).sort()).toEqual(first.map(({ personId }) => personId).sort());
  await company.bot.runDue();
  expect(shownCounts()).toEqual([PLACES, CROWD - PLACES - PLACES / 2]);
}, 120_000);

it('keeps places and order while people come, go and are put on at the same moment', async () => {
  const context = await contextOf(company.bot);
  const now = company.bot.clock.now();
  const wanted = ['going', 'cant', 'maybe'] as const;
  await Promise.all(
    crowd.slice(0, 300).map((person, index) => {
      const db = index % 2 ? database.db : other.prisma;
      const act = {
        dateId,
        personId: person.id,
        wanted: wanted[index % 3] ?? 'going',
        source: index % 5 ? ('self' as const) : ('put_on' as const),
      };
      return inTransaction(db, (tx) => answerDate({ ...context, db }, tx, act, now));
    }),
  );
  const counts = await countAnswers(database.db, company.bot.organisation.id, dateId);
  expect(counts.going).toBe(PLACES);
  expect(counts.going + counts.maybe + counts.cant + counts.waiting).toBe(CROWD);
  const numbers = (await states()).filter(({ state }) => state === 'waiting').map(({ queueNo }) => queueNo);
  expect(new Set(numbers).size).toBe(counts.waiting);
}, 120_000);
