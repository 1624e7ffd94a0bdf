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

/**
 * The web door of every feature, with a bot's organisation and clock behind it: real requests, real forms.
 * @param of a bot; or whose it is at the moment, for a door that stays open over many tests
 */
export async function openFeatureDoor(of: TestBot | (() => TestBot)): Promise<FeatureDoor> {
  const bot = typeof of === 'function' ? of : () => of;
  const lines: string[] = [];
  const log = createLog({ level: 'debug', destination: { write: (line: string) => void lines.push(line) } });
  const routes = createFeatures({ directories: new Map() }).flatMap((feature) => feature.routes ?? []);
  const serveFor = ({ work, organisation, clock }: TestBot) =>
    featureRoutes({
      routes,
      context: async () => ({ ...work, organisation: await loadOrganisation(work.db, organisation.id) }),
      localise: createLocaliser(),
      vault: testVault,
      clock,
      log,
      publicUrl: PUBLIC_URL,
    });
  const served = new WeakMap<TestBot, ReturnType<typeof serveFor>>();
  const app = createApp({
    log,
    metrics: { httpRequest: () => {} },
    doors: routes.map(({ path }) => doorOf(path)),
    trustProxy: false,
    mount: (express) =>
      express.use((request, response, next) => {
        // How much an address has sent is counted for each bot of its own.
        const serve = served.get(bot()) ?? serveFor(bot());
        served.set(bot(), serve);
        serve(request, response, next);
      }),
  });
  const door = await listen(app, '127.0.0.1', 0);
  const here = (address: string) => (address.startsWith('/') ? `${door.address}${address}` : address.replace(PUBLIC_URL, door.address));
  return { ...door, lines, fetch: async (address, init) => await fetch(here(address), { redirect: 'manual', ...init }) };
}
