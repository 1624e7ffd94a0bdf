import { newSalt } from '../../src/features/handbook/chain.js';
import { verifyChain } from '../../src/features/handbook/index.js';
import { sign as keepSignature } from '../../src/features/handbook/store-reading.js';
import type { Db } from '../../src/people/db.js';
import { openDatabase } from '../../src/runtime/database.js';
import { startEmbeddedPostgres } from '../../src/runtime/embedded-postgres.js';
import { silentLog } from '../support/builders.js';
import type { Json } from '../support/fake-slack/directory-answers.js';
import { type Bot, withDatabase, withDataDir } from './bot.js';
import { employ, inParallel, openForms, publishToAll, requestsOf, signature } from './company.js';
import { type Desk, nameOf, openDesk, until } from './desk.js';
import { type Figure, percentile } from './figures.js';
import { post, prepare } from './sender.js';

const PEOPLE = 1_000;
const WARM_UP = 100;
/** As the bot's own. */
const POOL_SIZE = 10;

/** 1,000 people sign at the same moment: by signed forms over HTTP, and another document at the store alone. */
export async function sign(): Promise<Figure[]> {
  const desk = await openDesk(WARM_UP + PEOPLE);
  try {
    return await withDataDir(async (dataDir) => {
      const overHttp = await signInChat(desk, dataDir);
      return [...overHttp, ...(await signInStore(dataDir))];
    });
  } finally {
    await desk.stop();
  }
}

async function signInChat(desk: Desk, dataDir: string): Promise<Figure[]> {
  const bot = await employ(desk, dataDir);
  try {
    await publishToAll(desk, dataDir);
    const views = await openForms(desk, await requestsOf(desk, dataDir));
    const figures = await withDatabase(dataDir, (db) => crowd(desk, bot, db, views));
    // For the store alone: a second document, which nobody signs here.
    await publishToAll(desk, dataDir);
    return figures;
  } finally {
    await bot.stop();
  }
}

async function crowd(desk: Desk, bot: Bot, db: Db, views: readonly Json[]): Promise<Figure[]> {
  const forms = desk.employees.map((employee, index) => {
    const view = views[index] ?? {};
    return prepare(desk.slack, desk.slack.submission(employee, view, signature(view, nameOf(index))));
  });
  await inParallel(forms.slice(0, WARM_UP), 5, (form) => post(desk.slack, form));
  const began = performance.now();
  const answers = Promise.all(
    forms.slice(WARM_UP).map(async (form) => {
      const { status, body } = await post(desk.slack, form);
      // Whoever would wait longer than Slack does sees "one moment" meanwhile, and then the receipt in the same window.
      const atOnce = body === '{"response_action":"clear"}';
      const accepted = status === 200 && (atOnce || body.startsWith('{"response_action":"update"'));
      return { accepted, atOnce, at: (performance.now() - began) / 1_000 };
    }),
  );
  const counted = until(async () => (await db.acknowledgement.count()) >= WARM_UP + PEOPLE, 'the signatures', 100).then(
    () => (performance.now() - began) / 1_000,
  );
  const [signed, all] = await Promise.all([counted, answers]);
  const at = all.map((answer) => answer.at);
  return [
    { name: '1,000 sign at once over HTTP: all signed', unit: 's', measured: signed, atMost: 3 },
    { name: '1,000 sign at once over HTTP: the last answer', unit: 's', measured: Math.max(...at), atMost: 3 },
    { name: '1,000 sign at once over HTTP: median answer', unit: 's', measured: percentile(at, 0.5) },
    { name: 'answered at once, not with "one moment"', unit: 'count', measured: all.filter(({ atOnce }) => atOnce).length },
    { name: 'accepted', unit: 'count', measured: all.filter(({ accepted }) => accepted).length, exactly: PEOPLE },
    {
      name: 'one unbroken chain, those of the warm-up included',
      unit: 'count',
      measured: await chainLength(db),
      exactly: WARM_UP + PEOPLE,
    },
    { name: 'resident after it', unit: 'MB', measured: await bot.residentMb() },
  ];
}

async function signInStore(dataDir: string): Promise<Figure[]> {
  const server = await startEmbeddedPostgres({ dataDir, log: silentLog });
  const database = openDatabase({ connection: { ...server.connection() }, poolSize: POOL_SIZE, log: silentLog });
  const db = database.prisma;
  try {
    const version = await db.documentVersion.findFirstOrThrow({ orderBy: { publishedAt: 'desc' } });
    const read = { pagesOpened: [1], firstViewedAt: new Date(), lastViewedAt: new Date() };
    await db.assignment.updateMany({ where: { versionId: version.id, state: 'open' }, data: read });
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
      { name: 'one unbroken chain of all', unit: 'count', measured: await chainLength(db), exactly: WARM_UP + 2 * PEOPLE },
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
