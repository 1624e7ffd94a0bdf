import { z } from 'zod';
import { notice } from '../../src/core/card.js';
import { createRegistry } from '../../src/core/registry.js';
import { key, words } from '../../src/core/text.js';
import { enqueueMany, type NewDelivery } from '../../src/delivery/enqueue.js';
import type { Chat } from '../../src/delivery/port.js';
import { createDeliveryWorker, type DeliveryWorkerOptions } from '../../src/delivery/worker.js';
import { type BellhopFeature, feature, type JobContext, job, message, type Work } from '../../src/people/handlers.js';
import type { Organisation } from '../../src/people/model.js';
import { aWork } from '../support/builders.js';
import type { TestDatabase } from '../support/database.js';
import { type FakeChat, type FakeChatOptions, fakeChat } from '../support/fake-chat.js';
import { type TestClock, testClock } from '../support/test-clock.js';

/** Monday, 10:00 in Riga: within working hours. */
export const MONDAY = '2027-03-01T08:00:00Z';

/** What the messages of the test's feature read when they are composed. */
export interface Scene {
  /** What each card says now, by its payload's `id`. */
  readonly says: Map<string, string>;
  /** Payload ids that their guard refuses. */
  readonly unwanted: Set<string>;
  /** Payload ids whose card can't be composed. */
  readonly broken: Set<string>;
  /** Called while a card is composed. */
  composing: (id: string) => Promise<void>;
  /** What the job `test.count` does in a batch. */
  batch: (context: JobContext, cursor: number) => Promise<{ next: number; waitMs?: number } | { done: true }>;
}

/** A house with one invented feature, a real database and a clock that stands. */
export interface House {
  readonly clock: TestClock;
  readonly work: Work;
  readonly scene: Scene;
  readonly slack: FakeChat;
  readonly teams: FakeChat;
  readonly registry: ReturnType<typeof createRegistry<never, never, never>>;
  worker(options?: Partial<DeliveryWorkerOptions>): ReturnType<typeof createDeliveryWorker>;
  send(...deliveries: readonly Wanted[]): Promise<number>;
  state(id: string): Promise<Awaited<ReturnType<TestDatabase['db']['delivery']['findFirstOrThrow']>>>;
}

export interface Wanted extends Partial<Omit<NewDelivery, 'to'>> {
  /** Payload id, and the subject key. */
  readonly id: string;
  readonly to: { readonly id: string } | { readonly channelId: string };
}

export function house(
  database: TestDatabase,
  organisation: Organisation,
  options: { now?: string; work?: Partial<Work>; slack?: Partial<FakeChatOptions>; teams?: Partial<FakeChatOptions> } = {},
): House {
  const clock = testClock(options.now ?? MONDAY);
  const work = aWork(database.db, { clock, ...options.work });
  const scene: Scene = {
    says: new Map(),
    unwanted: new Set(),
    broken: new Set(),
    composing: async () => {},
    batch: async () => ({ done: true }),
  };
  const registry = createRegistry([testFeature(scene)]);
  const slack = fakeChat({ platform: 'slack', clock, ...options.slack });
  const teams = fakeChat({ platform: 'teams', clock, canFind: false, ...options.teams });
  const chats = new Map<'slack' | 'teams', Chat>([
    ['slack', slack],
    ['teams', teams],
  ]);
  return {
    clock,
    work,
    scene,
    slack,
    teams,
    registry: registry as never,
    worker: (over) => createDeliveryWorker({ work, registry, chats, processId: 'test', random: () => 0, ...over }),
    send: async (...wanted) =>
      await enqueueMany(
        database.db,
        wanted.map(({ id, to, ...rest }) => ({
          organisationId: organisation.id,
          subjectKey: id,
          message: 'test.note',
          payload: { id },
          to: 'id' in to ? { personId: to.id } : to,
          priority: 'bulk',
          dueAt: clock.now(),
          ...rest,
        })),
        clock.now(),
      ),
    state: async (id) => await database.db.delivery.findFirstOrThrow({ where: { organisationId: organisation.id, subjectKey: id } }),
  };
}

function testFeature(scene: Scene): BellhopFeature {
  const payload = z.object({ id: z.string() });
  const text = (id: string) => key('test.note', { words: words(scene.says.get(id) ?? id) });
  const card = async (_: unknown, { id }: { id: string }) => {
    await scene.composing(id);
    if (scene.broken.has(id)) throw new TypeError('broken');
    return notice(text(id));
  };
  const guard = async (_: unknown, { id }: { id: string }) => (scene.unwanted.has(id) ? 'test.unwanted' : null);
  return feature({
    name: 'test',
    messages: [
      message({ id: 'test.note', payload, guard, card, line: async (_, { id }) => ({ text: text(id) }) }),
      message({ id: 'test.lineless', payload, guard, card }),
    ],
    jobs: [
      job({
        kind: 'test.count',
        payload: z.object({ release: z.literal(1).optional() }),
        run: async (context, _, cursor) => await scene.batch(context, Number(cursor ?? 0)),
      }),
    ],
  });
}

/** What a message of the fake shows, newest version: the words of the test's note, or the lines of a merged one. */
export function shownBy(message: { readonly shown: readonly import('../../src/core/card.js').Card[] }): string[] {
  const card = message.shown.at(-1);
  const texts = card?.rows ? card.rows.map((row) => row.text) : card ? [card.summary] : [];
  return texts.map((text) => {
    const param = text.kind === 'key' ? text.params?.words : undefined;
    return typeof param === 'object' && param.kind === 'words' ? param.words : JSON.stringify(text);
  });
}
