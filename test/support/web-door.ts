import { featureRoutes } from '../../adapters/web/routes.js';
import { type Clock, systemClock } from '../../src/core/clock.js';
import { doorOf, type WebRoute } from '../../src/core/web.js';
import { createApp } from '../../src/runtime/app.js';
import { createLocaliser } from '../../src/runtime/localise.js';
import { createLog } from '../../src/runtime/log.js';
import { type Listening, listen } from '../../src/runtime/server.js';
import { testVault } from './builders.js';

export interface WebDoor extends Listening {
  /** The log's lines. */
  readonly lines: string[];
  /** What was counted for the figures. */
  readonly counted: object[];
}

export interface WebDoorOptions {
  readonly routes: readonly WebRoute<string>[];
  readonly clock?: Clock;
  readonly trustProxy?: number;
  readonly publicUrl?: string;
}

/** The door of the web, alone: real requests reach the routes, whose context is "the organisation". */
export async function openWebDoor({ routes, clock = systemClock, trustProxy = 0, publicUrl }: WebDoorOptions): Promise<WebDoor> {
  const lines: string[] = [];
  const counted: object[] = [];
  const log = createLog({ level: 'trace', destination: { write: (line: string) => void lines.push(line) } });
  const app = createApp({
    log,
    metrics: { httpRequest: (labels) => counted.push(labels) },
    doors: routes.map(({ path }) => doorOf(path)),
    trustProxy: trustProxy || false,
    mount: (express) =>
      express.use(
        featureRoutes({
          routes,
          context: async () => 'the organisation',
          localise: createLocaliser(),
          vault: testVault,
          clock,
          log,
          publicUrl,
        }),
      ),
  });
  return { ...(await listen(app, '127.0.0.1', 0)), lines, counted };
}
