import { randomUUID } from 'node:crypto';
import { SocketModeReceiver } from '@slack/bolt';
import { ChatError } from '../../src/delivery/port.js';
import type { Log } from '../../src/people/ports.js';
import { sdkLogger } from './api.js';
import { toChatError } from './errors.js';

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;
const CLOSE_WAIT_MS = 3000;
/** A connection that ends sooner counts as a failure: the next one waits. Slack’s ordinary refreshes come hours apart. */
const SETTLED_MS = 2000;

/** A Socket Mode connection that comes back by itself. */
export interface SocketConnection {
  readonly receiver: SocketModeReceiver;
  /**
   * Connects. Throws ChatError `unauthorised` when Slack doesn't take the app-level token; when Slack can't be
   * reached it returns, and goes on trying.
   */
  start(): Promise<void>;
  stop(): Promise<void>;
  connected(): boolean;
}

/**
 * Bolt's receiver with a reconnection of our own: the SDK's gives up, with an unhandled rejection that ends the process,
 * when `apps.connections.open` can't be reached, and waits five seconds after each of Slack's ordinary refreshes.
 */
export function createSocketConnection(options: { appToken: string; apiUrl: string; log: Log }): SocketConnection {
  const { log } = options;
  const receiver = new SocketModeReceiver({
    appToken: options.appToken,
    autoReconnectEnabled: false,
    logger: sdkLogger(log),
    customPropertiesExtractor: () => ({ requestId: randomUUID().slice(0, 8) }),
    installerOptions: {
      clientOptions: { slackApiUrl: options.apiUrl, retryConfig: { retries: 0 }, rejectRateLimitedCalls: true, timeout: 10_000 },
    },
  });
  const { client } = receiver;
  let connected = false;
  let stopped = false;
  let wake: (() => void) | undefined;

  /** One connection, from its opening to its end: true when it had lasted. `opened` is told how the opening went. */
  const once = async (opened: (error?: ChatError) => void): Promise<boolean> => {
    const ended = new Promise<void>((resolve) => client.once('disconnected', () => resolve()));
    try {
      await client.start();
    } catch (error) {
      // A connection that closed before it was open rejects without a reason.
      const failure = error === undefined ? new ChatError('transient', 'closed') : toChatError(error, true);
      log.warn({ code: failure.code, reason: failure.reason }, 'Socket Mode could not connect.');
      opened(failure);
      return false;
    }
    if (stopped) {
      void client.disconnect();
      return true;
    }
    connected = true;
    const since = performance.now();
    log.info({}, 'Socket Mode is connected.');
    opened();
    await ended;
    connected = false;
    return performance.now() - since > SETTLED_MS;
  };

  const keep = async (opened: (error?: ChatError) => void): Promise<void> => {
    let failures = 0;
    while (!stopped) {
      failures = (await once(opened)) ? 0 : failures + 1;
      if (stopped || failures === 0) continue;
      const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(failures - 1, 10));
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, wait * (0.75 + Math.random() / 2));
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  };

  const stop = async (): Promise<void> => {
    stopped = true;
    wake?.();
    connected = false;
    const closed = client.disconnect();
    await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, CLOSE_WAIT_MS).unref())]);
  };

  return {
    receiver,
    start: async () => {
      const failure = await new Promise<ChatError | undefined>((resolve) => {
        keep(resolve).catch((error: unknown) => log.error({ err: error }, 'Socket Mode stopped working.'));
      });
      if (failure?.code !== 'unauthorised') return;
      await stop();
      throw failure;
    },
    stop,
    connected: () => connected,
  };
}
