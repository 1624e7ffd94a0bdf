import { Agent, request } from 'node:http';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { KEY_PURPOSE } from '../../src/features/feedback/hooks/receive.js';
import { newSecret } from '../../src/features/feedback/hooks/signature.js';
import type { Db } from '../../src/people/db.js';
import { newId } from '../../src/people/ids.js';
import { createVault, keptKey } from '../../src/runtime/vault.js';
import { HOOK_PATH, signedHook } from '../support/signed-hook.js';
import { type Bot, withDatabase, withDataDir } from './bot.js';
import { employ } from './company.js';
import { openDesk, until } from './desk.js';
import { type Figure, percentile } from './figures.js';

const WARM_UP = 300;
/** Requests that are measured, and how many a second. */
const PAGES = { many: 2_000, perSecond: 100 };
const FORMS = { many: 2_000, perSecond: 100 };
const HOOKS = { many: 4_000, perSecond: 200 };
const AT_MOST = 50;
const POSTED_WITHIN = 2_000;
const POSTS = 15;

const agent = new Agent({ keepAlive: true, maxSockets: 256 });

interface Ready {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** The public doors, over HTTP, at a steady pace: the survey page, its form, the web hook; and how soon the channel hears of it. */
export async function doors(): Promise<Figure[]> {
  const desk = await openDesk(2);
  try {
    return await withDataDir(async (dataDir) => {
      // Every visitor has an address of their own, as behind a proxy: from one alone so many would be refused.
      const bot = await employ(desk, dataDir, { PUBLIC_URL: 'https://bench.example', TRUST_PROXY: '1' });
      try {
        return await withDatabase(dataDir, async (db) => {
          const { slug, secret } = await until(async () => await prepare(db, dataDir), 'the first survey page', 500);
          const posted = await soon(bot, secret, () => desk.slack.messages.length);
          return [...posted, ...(await pages(bot, slug)), ...(await forms(bot, db, slug)), ...(await hooks(bot, db, secret))];
        });
      } finally {
        await bot.stop();
      }
    });
  } finally {
    await desk.stop();
  }
}

/** The organisation's first page, a key for another system, and the channel where feedback goes. */
async function prepare(db: Db, dataDir: string): Promise<{ readonly slug: string; readonly secret: string } | undefined> {
  const page = await db.feedbackPage.findFirst();
  const channel = await db.channel.findFirst({ where: { botIsMember: true } });
  if (!page || !channel) return undefined;
  const { organisationId } = page;
  const now = new Date();
  await db.feedbackSettings.update({ where: { organisationId }, data: { channelId: channel.id } });
  const secret = newSecret();
  const sealed = createVault([keptKey(dataDir).key]).seal(secret, KEY_PURPOSE);
  const { id: createdById } = await db.person.findFirstOrThrow();
  const integration = await db.feedbackIntegration.create({
    data: { organisationId, id: newId(now), name: 'Bench', createdAt: now, createdById },
  });
  await db.feedbackKey.create({
    data: { organisationId, id: newId(now), integrationId: integration.id, sealed, hint: secret.slice(-4), createdAt: now, createdById },
  });
  return { slug: page.slug, secret };
}

async function pages(bot: Bot, slug: string): Promise<Figure[]> {
  const ready = Array.from(
    { length: WARM_UP + PAGES.many },
    (_, index): Ready => ({ method: 'GET', path: `/f/${slug}`, headers: from(index) }),
  );
  return await measured(bot, 'the survey page', ready, PAGES.perSecond, 200);
}

async function forms(bot: Bot, db: Db, slug: string): Promise<Figure[]> {
  const page = await (await fetch(`${bot.address}/f/${slug}`)).text();
  const scales = [
    ...new Set(
      [...page.matchAll(/type="radio"[^>]* name="([^"]+)"|name="([^"]+)"[^>]* type="radio"/g)].map(([, one, other]) => one ?? other ?? ''),
    ),
  ];
  const text = /<textarea[^>]* name="([^"]+)"/.exec(page)?.[1] ?? '';
  const ready: Ready[] = [];
  for (let index = 0; index < WARM_UP + FORMS.many; index++) {
    // A page of its own for each visitor: its ticket is what a form is known by.
    const own = index === 0 ? page : (await send(bot, { method: 'GET', path: `/f/${slug}`, headers: from(index) })).body;
    const ticket = /name="form-ticket" value="([^"]+)"|value="([^"]+)" name="form-ticket"/.exec(own);
    const body = new URLSearchParams({
      'form-ticket': ticket?.[1] ?? ticket?.[2] ?? '',
      ...Object.fromEntries(scales.filter((name) => name !== 'kind').map((name) => [name, '4'])),
      [text]: `Visitor ${index} says that the coffee was good.`,
    }).toString();
    const headers = { ...from(index), 'content-type': 'application/x-www-form-urlencoded' };
    ready.push({
      method: 'POST',
      path: /<form[^>]* action="([^"]+)"/.exec(own)?.[1]?.replaceAll('&amp;', '&') ?? `/f/${slug}`,
      headers,
      body,
    });
  }
  const before = await db.feedback.count();
  const figures = await measured(bot, 'a survey form', ready, FORMS.perSecond);
  return [
    ...figures,
    { name: 'survey forms stored', unit: 'count', measured: (await db.feedback.count()) - before, exactly: ready.length },
  ];
}

async function hooks(bot: Bot, db: Db, secret: string): Promise<Figure[]> {
  const ready = Array.from({ length: WARM_UP + HOOKS.many }, (_, index) =>
    hook(secret, `bench_${index}`, { words: `Number ${index}: the coffee was good.`, ratings: { overall: 4 } }),
  );
  const before = await db.feedback.count();
  const figures = await measured(bot, 'the web hook', ready, HOOKS.perSecond, 201);
  const stored = (await db.feedback.count()) - before;
  return [...figures, { name: 'web hooks stored', unit: 'count', measured: stored, exactly: ready.length }];
}

/** From a web hook's answer to the message in the channel, when nothing else waits. */
async function soon(bot: Bot, secret: string, messages: () => number): Promise<Figure[]> {
  const took: number[] = [];
  for (let index = 0; index < POSTS; index++) {
    const before = messages();
    await send(
      bot,
      hook(secret, `soon_${index}`, { words: `First words of customer ${index}.`, ratings: { overall: index % 2 === 0 ? 1 : 5 } }),
    );
    const accepted = performance.now();
    await until(() => messages() > before, 'the message', 5);
    took.push(performance.now() - accepted);
    await sleep(1_500);
  }
  return [
    { name: 'accepted to posted: longest', unit: 'ms', measured: Math.max(...took), atMost: POSTED_WITHIN },
    { name: 'accepted to posted: median', unit: 'ms', measured: percentile(took, 0.5) },
  ];
}

const hook = (secret: string, id: string, said: object): Ready => ({
  ...signedHook(said, { secret, id, at: new Date() }),
  path: HOOK_PATH,
});

/** Whose address a request seems to have. */
const from = (index: number) => ({ 'x-forwarded-for': `10.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}` });

/** Time runs from when a request was due, so that a bot that stands still is charged for all of it. */
async function measured(bot: Bot, name: string, ready: readonly Ready[], perSecond: number, status?: number): Promise<Figure[]> {
  for (const one of ready.slice(0, WARM_UP)) await expected(bot, one, status);
  const began = performance.now();
  const took = await Promise.all(
    ready.slice(WARM_UP).map(async (one, index) => {
      const due = began + (index * 1_000) / perSecond;
      await sleep(due - performance.now());
      await expected(bot, one, status);
      return performance.now() - due;
    }),
  );
  return [
    { name: `${name} at ${perSecond} a second: p99`, unit: 'ms', measured: percentile(took, 0.99), atMost: AT_MOST },
    { name: 'the same: median', unit: 'ms', measured: percentile(took, 0.5) },
  ];
}

async function expected(bot: Bot, one: Ready, status: number | undefined): Promise<void> {
  const answer = await send(bot, one);
  const right = status === undefined ? answer.status === 200 || answer.status === 303 : answer.status === status;
  if (!right) throw new Error(`${one.method} ${one.path} was answered with ${answer.status}: ${answer.body.slice(0, 300)}`);
}

function send(bot: Bot, { method, path, headers = {}, body = '' }: Ready): Promise<{ readonly status: number; readonly body: string }> {
  return new Promise((resolve, reject) => {
    const sending = request(
      `${bot.address}${path}`,
      { method, agent, headers: { ...headers, ...(method === 'POST' && { 'content-length': String(Buffer.byteLength(body)) }) } },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }));
        response.on('error', reject);
      },
    );
    sending.on('error', reject);
    sending.end(body);
  });
}
