import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Log } from '../people/ports.js';

export interface Listener {
  stop(): Promise<void>;
}

/**
 * Listens to PostgreSQL's notifications, so that what one process enqueues another takes at once. A lost connection
 * is made again; until then, workers find what is due by looking themselves.
 * @param heard what to do, by the channel's name; called after every (re)connection too, since something may have been missed
 */
export function listenTo(connection: () => pg.ClientConfig, heard: Readonly<Record<string, () => void>>, log: Log): Listener {
  const ending = new AbortController();
  let client: pg.Client | undefined;

  const once = async () => {
    const current = new pg.Client({
      ...connection(),
      application_name: 'bellhop listener',
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
    });
    client = current;
    const gone = new Promise<false>((resolve) => {
      current.on('error', () => resolve(false));
      current.on('end', () => resolve(false));
    });
    current.on('notification', ({ channel }) => heard[channel]?.());
    try {
      // An end in the middle of connecting leaves `connect` open for ever.
      const connected = await Promise.race([current.connect().then(() => true), gone]);
      if (!connected) return;
      for (const channel of Object.keys(heard)) await current.query(`LISTEN ${pg.escapeIdentifier(channel)}`);
      for (const act of Object.values(heard)) act();
      await gone;
    } finally {
      await current.end().catch(() => undefined);
    }
  };

  const running = (async () => {
    while (!ending.signal.aborted) {
      await once().catch((error: unknown) => {
        if (!ending.signal.aborted) log.warn({ err: error }, 'Notifications of the database can’t be heard; trying again.');
      });
      await sleep(1_000, undefined, { signal: ending.signal }).catch(() => undefined);
    }
  })();

  return {
    stop: async () => {
      ending.abort();
      await client?.end().catch(() => undefined);
      await running;
    },
  };
}
