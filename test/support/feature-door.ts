import { featureRoutes } from '../../adapters/web/routes.js';
import { doorOf } from '../../src/core/web.js';
import { createFeatures } from '../../src/features/index.js';
import { loadOrganisation } from '../../src/people/organisation.js';
import { createApp } from '../../src/runtime/app.js';
import { createLocaliser } from '../../src/runtime/localise.js';
import { createLog } from '../../src/runtime/log.js';
import { type Listening, listen } from '../../src/runtime/server.js';
import { testVault } from './builders.js';
import type { TestBot } from './test-bot.js';

/** Where a bot in a test says that it is reached; `FeatureDoor.fetch` knows better. */
export const PUBLIC_URL = 'https://bellhop.example';

export interface FeatureDoor extends Listening {
  /** The log's lines. */
  readonly lines: string[];
  /** As `fetch`, for a path of the door or an address of PUBLIC_URL. */
  fetch(address: string, init?: RequestInit): Promise<Response>;
}

/** The web door of every feature, with a bot's organisation and clock behind it: real requests, real forms. */
export async function openFeatureDoor(bot: TestBot): Promise<FeatureDoor> {
  const lines: string[] = [];
  const log = createLog({ level: 'debug', destination: { write: (line: string) => void lines.push(line) } });
  const routes = createFeatures({ directories: new Map() }).flatMap((feature) => feature.routes ?? []);
  const app = createApp({
    log,
    metrics: { httpRequest: () => {} },
    doors: routes.map(({ path }) => doorOf(path)),
    trustProxy: false,
    mount: (express) =>
      express.use(
        featureRoutes({
          routes,
          context: async () => ({ ...bot.work, organisation: await loadOrganisation(bot.work.db, bot.organisation.id) }),
          localise: createLocaliser(),
          vault: testVault,
          clock: bot.clock,
          log,
          publicUrl: PUBLIC_URL,
        }),
      ),
  });
  const door = await listen(app, '127.0.0.1', 0);
  const here = (address: string) => (address.startsWith('/') ? `${door.address}${address}` : address.replace(PUBLIC_URL, door.address));
  return { ...door, lines, fetch: async (address, init) => await fetch(here(address), { redirect: 'manual', ...init }) };
}
