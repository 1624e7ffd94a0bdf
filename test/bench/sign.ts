import { newSalt } from '../../src/features/handbook/chain.js';
import { verifyChain } from '../../src/features/handbook/index.js';
import { sign as keepSignature } from '../../src/features/handbook/store-reading.js';
import type { Db } from '../../src/people/db.js';
import { openDatabase } from '../../src/runtime/database.js';
import { startEmbeddedPostgres } from '../../src/runtime/embedded-postgres.js';
import { silentLog } from '../support/builders.js';
import { type Bot, withDatabase, withDataDir } from './bot.js';
import { employ, inParallel, openSigning, publishToAll, type Requests, read, signature } from './company.js';
import { type Desk, nameOf, openDesk, until } from './desk.js';
import { type Figure, percentile } from './figures.js';

const PEOPLE = 1_000;
/** As the bot's own. */
const POOL_SIZE = 10;

/** 1,000 people sign at the same moment: by signed forms over HTTP, and another document at the store alone. */
export async function sign(): Promise<Figure[]> {
  const desk = await openDesk(PEOPLE);
  try {
    return await withDataDir(async (dataDir) => {
      const bot = await employ(desk, dataDir);
      const overHttp = await signInChat(desk, dataDir, bot).finally(() => bot.stop());
      return [...overHttp, ...(await signInStore(dataDir))];
    });
  } finally {
    await desk.stop();
  }
}

async function signInChat(desk: Desk, dataDir: string, bot: Bot): Promise<Figure[]> {
  const views = await prepare(desk, await publishToAll(desk));
  return await withDatabase(dataDir, async (db) => {
    const forms = desk.employees.map((employee, index) => ({ employee, view: views[index] ?? {}, name: nameOf(index) }));
    const began = performance.now();
    const answers = Promise.all(
      forms.map(async ({ employee, view, name }) => {
        const acknowledged = await desk.slack.submit(employee, view, signature(view, name));
        return { ...acknowledged, at: performance.now() - began };
      }),
    );
    await until(async () => (await db.acknowledgement.count()) >= PEOPLE, 'the signatures');
    const signed = (performance.now() - began) / 1_000;
    const all = await answers;
    const accepted = all.filter(({ status, body }) => status === 200 && (body as { response_action?: string }).response_action === 'clear');
    // What follows by itself (cards replaced, App Home) is no part of the figure, but must come to its end too.
    await publishToAll(desk);
    await db.assignment.updateMany({
      where: { state: 'open' },
      data: { pagesOpened: [1], firstViewedAt: new Date(), lastViewedAt: new Date() },
    });
    return [
      { name: '1,000 sign at once over HTTP: all signed', unit: 's', measured: signed, atMost: 3 },
      {
        name: '1,000 sign at once over HTTP: the last answer',
        unit: 's',
        measured: Math.max(...all.map(({ at }) => at)) / 1_000,
        atMost: 3,
      },
      {
        name: '1,000 sign at once over HTTP: median answer',
        unit: 's',
        measured:
          percentile(
            all.map(({ at }) => at),
            0.5,
          ) / 1_000,
      },
      { name: 'accepted within the acknowledgement', unit: 'count', measured: accepted.length, exactly: PEOPLE },
      { name: 'resident after it', unit: 'MB', measured: await bot.residentMb() },
      { name: 'one unbroken chain', unit: 'count', measured: await chainLength(db), exactly: PEOPLE },
    ];
  });
}

/** Everybody reads the page and opens the form. */
async function prepare(desk: Desk, requests: Requests) {
  return await inParallel(desk.employees, 20, async (employee) => {
    const request = requests.get(employee);
    if (!request) throw new Error('Somebody was not asked.');
    return await openSigning(desk, employee, await read(desk, employee, request));
  });
}

async function signInStore(dataDir: string): Promise<Figure[]> {
  const server = await startEmbeddedPostgres({ dataDir, log: silentLog });
  const database = openDatabase({ connection: { ...server.connection() }, poolSize: POOL_SIZE, log: silentLog });
  const db = database.prisma;
  try {
    const version = await db.documentVersion.findFirstOrThrow({ orderBy: { publishedAt: 'desc' } });
    const open = await db.assignment.findMany({ where: { versionId: version.id, state: 'open' }, take: PEOPLE });
    const began = performance.now();
    const signatures = await Promise.all(
      open.map(({ organisationId, id, personId }) => {
        const now = new Date();
        return keepSignature(db, {
          organisationId,
          assignmentId: id,
          personId,
          platform: 'slack',
          consentedAt: now,
          signedAt: now,
          detail: {
            salt: newSalt(),
            typedName: 'Ann Ozola',
            profileName: 'Ann Ozola',
            workspaceExternalId: 'T0FAKE',
            accountExternalId: 'U0ANN',
            statement: version.statement,
            agreement: 'I agree.',
          },
        });
      }),
    );
    const took = (performance.now() - began) / 1_000;
    return [
      { name: '1,000 sign at once at the store', unit: 's', measured: took, atMost: 3 },
      { name: 'signed at the store', unit: 'count', measured: signatures.filter((one) => one !== undefined).length, exactly: PEOPLE },
      { name: 'one unbroken chain of both', unit: 'count', measured: await chainLength(db), exactly: 2 * PEOPLE },
    ];
  } finally {
    await database.close();
    await server.stop();
  }
}

/** How many records hold from the chain's beginning; NaN when one is broken. */
async function chainLength(db: Db): Promise<number> {
  const { id } = await db.organisation.findFirstOrThrow();
  const { count, firstBroken } = await verifyChain(db, id);
  return firstBroken ? Number.NaN : count;
}
