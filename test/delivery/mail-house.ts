import { z } from 'zod';
import { renderMail } from '../../adapters/email/render.js';
import { createSmtp, type Smtp, type SmtpOptions } from '../../adapters/email/smtp.js';
import { notice } from '../../src/core/card.js';
import type { MailContent } from '../../src/core/mail.js';
import { createRegistry } from '../../src/core/registry.js';
import { key, words } from '../../src/core/text.js';
import { enqueueMails, type NewMail, sealAddress } from '../../src/delivery/mail-outbox.js';
import { createMailWorker, type MailWorker, type MailWorkerOptions } from '../../src/delivery/mail-worker.js';
import { feature, mail, type Work } from '../../src/people/handlers.js';
import type { Organisation } from '../../src/people/model.js';
import { aWork, testVault } from '../support/builders.js';
import type { TestDatabase } from '../support/database.js';
import type { FakeSmtp } from '../support/fake-smtp.js';
import { type TestClock, testClock } from '../support/test-clock.js';

/** Monday, 10:00 in Riga. */
const MONDAY = '2027-03-01T08:00:00Z';

/** What the mails of the test's feature read when they are composed. */
export interface MailScene {
  readonly unwanted: Set<string>;
  readonly broken: Set<string>;
  /** Instead of a short note. */
  readonly says: Map<string, MailContent>;
}

/** A house with one invented feature that sends mails to a real mail server. */
export interface MailHouse {
  readonly clock: TestClock;
  readonly work: Work;
  readonly scene: MailScene;
  worker(options?: Partial<MailWorkerOptions>): MailWorker;
  /** Enqueues the mail `test.note` with its id as the subject key. @returns how many were new */
  post(...wanted: readonly (Partial<NewMail> & { readonly id: string; readonly to: NewMail['to'] })[]): Promise<number>;
  row(id: string): Promise<Awaited<ReturnType<TestDatabase['db']['mail']['findFirstOrThrow']>>>;
}

/** How a server's address becomes the adapter's options. */
export function smtpOf(server: Pick<FakeSmtp, 'url' | 'port'>, overrides: Partial<SmtpOptions> = {}): Smtp {
  const { protocol, username, password } = new URL(server.url);
  return createSmtp({
    host: '127.0.0.1',
    port: server.port,
    secure: protocol === 'smtps:',
    user: decodeURIComponent(username) || undefined,
    password: decodeURIComponent(password) || undefined,
    from: { name: 'Bellhop', address: 'bellhop@rieksts.example' },
    local: true,
    ...overrides,
  });
}

export function mailHouse(database: TestDatabase, organisation: Organisation, smtp: () => Smtp, work: Partial<Work> = {}): MailHouse {
  const clock = testClock(MONDAY);
  const built = aWork(database.db, { clock, sendsMail: true, ...work });
  const scene: MailScene = { unwanted: new Set(), broken: new Set(), says: new Map() };
  const note = mail({
    id: 'test.note',
    payload: z.object({ id: z.string() }),
    guard: async (_, { id }) => (scene.unwanted.has(id) ? 'test.unwanted' : null),
    compose: async (_, { id }, reader) => {
      if (scene.broken.has(id)) throw new TypeError('broken');
      const short = { subject: key('test.subject', { id: words(id) }), card: notice(key('test.note', { zone: words(reader.zone) })) };
      return scene.says.get(id) ?? short;
    },
  });
  const registry = createRegistry([feature({ name: 'test', mails: [note] })]);
  return {
    clock,
    work: built,
    scene,
    worker: (options) =>
      createMailWorker({
        work: built,
        registry,
        transport: smtp(),
        render: renderMail,
        processId: 'test',
        random: () => 0,
        paceFactor: 100,
        ...options,
      }),
    post: async (...wanted) =>
      await enqueueMails(
        database.db,
        wanted.map(({ id, ...rest }) => ({
          organisationId: organisation.id,
          subjectKey: id,
          spec: 'test.note',
          payload: { id },
          dueAt: clock.now(),
          ...rest,
        })),
        clock.now(),
      ),
    row: async (id) => await database.db.mail.findFirstOrThrow({ where: { organisationId: organisation.id, subjectKey: id } }),
  };
}

/** So many mails, each to somebody else: a person's own go one after another. */
export const crowd = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    id: `m${index}`,
    to: { sealedTo: sealAddress(testVault, `guest${index}@hotel.example`) },
  }));
