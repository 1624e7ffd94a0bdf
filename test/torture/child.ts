import { z } from 'zod';
import { notice } from '../../src/core/card.js';
import { systemClock } from '../../src/core/clock.js';
import type { Platform } from '../../src/core/interaction.js';
import { createRegistry } from '../../src/core/registry.js';
import { words } from '../../src/core/text.js';
import { enqueueMany } from '../../src/delivery/enqueue.js';
import { createJobRunner } from '../../src/delivery/jobs.js';
import { createDeliveryWorker } from '../../src/delivery/worker.js';
import { feature, job, message } from '../../src/people/handlers.js';
import { openDatabase } from '../../src/runtime/database.js';
import type { Connection } from '../../src/runtime/embedded-postgres.js';
import { aWork, silentLog } from '../support/builders.js';
import { createHttpChat } from './http-chat.js';

/** What the parent tells: where the database and the platform are. */
export interface ChildSettings {
  readonly connection: Connection;
  readonly platform: Platform;
  readonly platformUrl: string;
  readonly leaseMs: number;
}

const PEOPLE_IN_A_BATCH = 100;

/** Asks everyone of the organisation, a hundred people in a batch. */
const torture = feature({
  name: 'torture',
  messages: [
    message({
      id: 'torture.ask',
      payload: z.object({ personId: z.string() }),
      card: async () => notice(words('Please read and sign.')),
      line: async () => ({ text: words('Please read and sign.') }),
    }),
  ],
  jobs: [
    job({
      kind: 'torture.publish',
      payload: z.object({}),
      run: async ({ tx, organisation, clock }, _, cursor) => {
        const people = await tx.person.findMany({
          where: { organisationId: organisation.id, ...(typeof cursor === 'string' && { id: { gt: cursor } }) },
          orderBy: { id: 'asc' },
          take: PEOPLE_IN_A_BATCH,
        });
        const now = clock.now();
        const asks = people.map(({ id }) => ({
          organisationId: organisation.id,
          subjectKey: `torture.ask:${id}`,
          message: 'torture.ask',
          payload: { personId: id },
          to: { personId: id },
          priority: 'bulk' as const,
          capped: true,
          dueAt: now,
        }));
        await enqueueMany(tx, asks, now);
        const last = people.at(-1);
        return last ? { next: last.id } : { done: true };
      },
    }),
  ],
});

const settings = JSON.parse(process.env.BELLHOP_TORTURE ?? '{}') as ChildSettings;
const { prisma } = openDatabase({ connection: { ...settings.connection }, poolSize: 10, log: silentLog });
const work = aWork(prisma, { clock: systemClock });
const registry = createRegistry([torture]);
const processId = `torture-${process.pid}`;
const chats = new Map([[settings.platform, createHttpChat(settings.platform, settings.platformUrl)]]);

createJobRunner({ work, registry, processId }).start();
createDeliveryWorker({ work, registry, chats, processId, leaseMs: settings.leaseMs, concurrency: 20 }).start();
process.send?.('ready');
