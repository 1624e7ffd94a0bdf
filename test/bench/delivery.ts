import { performance } from 'node:perf_hooks';
import { z } from 'zod';
import { notice } from '../../src/core/card.js';
import { systemClock } from '../../src/core/clock.js';
import { createRegistry } from '../../src/core/registry.js';
import { words } from '../../src/core/text.js';
import { deliveryCounts } from '../../src/delivery/counts.js';
import { enqueueMany } from '../../src/delivery/enqueue.js';
import { createOnce } from '../../src/delivery/handled.js';
import type { Chat } from '../../src/delivery/port.js';
import { createDeliveryWorker } from '../../src/delivery/worker.js';
import type { Db } from '../../src/people/db.js';
import { feature, message } from '../../src/people/handlers.js';
import { newId } from '../../src/people/ids.js';
import { anOrganisation, aWork, aWorkspace, BUILT_AT } from '../support/builders.js';
import type { Figure } from './figures.js';
import { withDatabase } from './own-database.js';

/** What the delivery engine itself costs, against a platform that takes everything at once. */
const PEOPLE = 10_000;

/** The engine alone in this process; told, not judged: the targets are about the whole program. */
export async function delivery(): Promise<Figure[]> {
  return await withDatabase(measure);
}

async function measure(db: Db): Promise<Figure[]> {
  const figures: Figure[] = [];
  const timed = async (name: string, act: () => Promise<unknown>): Promise<number> => {
    const began = performance.now();
    await act();
    const took = performance.now() - began;
    figures.push({ name: `engine: ${name}`, unit: 'ms', measured: took });
    return took;
  };
  const organisation = await anOrganisation(db);
  const workspace = await aWorkspace(db, organisation);
  const people = Array.from({ length: PEOPLE }, (_, index) => ({ id: newId(BUILT_AT), externalId: `U${index + 1}` }));
  const of = { organisationId: organisation.id };
  await db.person.createMany({ data: people.map(({ id, externalId }) => ({ ...of, id, name: externalId, joinedAt: BUILT_AT })) });
  await db.account.createMany({
    data: people.map(({ id, externalId }) => ({
      ...of,
      id: newId(BUILT_AT),
      workspaceId: workspace.id,
      personId: id,
      externalId,
      name: externalId,
      seenAt: BUILT_AT,
    })),
  });

  const now = new Date();
  const asks = people.map(({ id }) => ({
    ...of,
    subjectKey: `ask:${id}`,
    message: 'bench.ask',
    payload: { personId: id },
    to: { personId: id },
    priority: 'bulk' as const,
    dueAt: now,
    progressOf: 'card',
  }));
  await timed('enqueue 10,000 deliveries', () => db.$transaction((tx) => enqueueMany(tx, asks, now), { timeout: 30_000 }));
  await timed('enqueue them again', () => db.$transaction((tx) => enqueueMany(tx, asks, now), { timeout: 30_000 }));

  let sent = 0;
  const chat: Chat = {
    platform: 'slack',
    paces: (to) => [{ scope: `bench:${to.workspaceExternalId}`, count: 1_000_000, perMs: 1_000, burst: 1_000_000 }],
    updatePaces: () => [],
    send: async (to) => ({ conversationId: `D-${to.externalId}`, externalId: String(++sent) }),
    update: async () => {},
    find: async () => 'absent',
  };
  const ask = message({ id: 'bench.ask', payload: z.object({ personId: z.string() }), card: async () => notice(words('Please read.')) });
  const work = aWork(db, { clock: systemClock });
  const registry = createRegistry([feature({ name: 'bench', messages: [ask] })]);
  const worker = createDeliveryWorker({ work, registry, chats: new Map([['slack', chat]]), processId: 'bench', concurrency: 20 });
  const took = await timed('send 10,000', () => worker.runDue());
  figures.push({ name: 'engine: sent', unit: 'a second', measured: sent / (took / 1_000) });
  await timed('count how far they have come', () => deliveryCounts(db, organisation.id, 'card'));
  await timed('a pass with nothing due', () => worker.runDue());

  const once = createOnce({ db, clock: systemClock, processId: 'bench' });
  const keys = Array.from({ length: 1_000 }, (_, index) => `bench:${index}`);
  const handle = (key: string) =>
    once(
      key,
      () => true,
      async () => ({ kind: 'nothing' }),
    );
  await timed('handle 1,000 clicks once, one after another', async () => {
    for (const key of keys) await handle(key);
  });
  await timed('their repeats, all at the same time', () => Promise.all(keys.map(handle)));
  return figures;
}
