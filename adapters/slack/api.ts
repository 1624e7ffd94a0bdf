import { type Logger, LogLevel, webApi } from '@slack/bolt';
import { ChatError } from '../../src/delivery/port.js';
import type { Log } from '../../src/people/ports.js';
import { toChatError } from './errors.js';

export const SLACK_API_URL = 'https://slack.com/api/';
const CALL_TIMEOUT_MS = 15_000;
/** The waits before a call that may be repeated is tried again after Slack stumbled. */
const REPEAT_AFTER_MS = [300, 1_500] as const;

/** Slack's Web API with one token: one try per call, and silence for as long as Slack asked for it. */
export interface SlackApi {
  readonly client: webApi.WebClient;
  readonly apiUrl: string;
  /**
   * Makes one call. Throws ChatError; `rate_limited` without calling while an earlier Retry-After of this method runs.
   * @param repeatable see toChatError
   */
  call<T>(method: string, repeatable: boolean, run: (client: webApi.WebClient) => Promise<T>): Promise<T>;
  /**
   * As `call`, for answers to people: waits for a Retry-After, and repeats what may be repeated when Slack stumbles, at most
   * `patienceMs` altogether.
   */
  callPatiently<T>(method: string, repeatable: boolean, patienceMs: number, run: (client: webApi.WebClient) => Promise<T>): Promise<T>;
}

export function createSlackApi(options: { botToken: string; apiUrl?: string | undefined; log: Log }): SlackApi {
  const apiUrl = options.apiUrl ?? SLACK_API_URL;
  const client = new webApi.WebClient(options.botToken, {
    slackApiUrl: apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: CALL_TIMEOUT_MS,
    logger: sdkLogger(options.log),
  });
  // By the machine's own clock: this is about elapsed time, not about the date that the bot lives in.
  const closedUntil = new Map<string, number>();

  const call: SlackApi['call'] = async (method, repeatable, run) => {
    const wait = (closedUntil.get(method) ?? 0) - performance.now();
    if (wait > 0) throw new ChatError('rate_limited', 'ratelimited', { retryAfterMs: Math.ceil(wait) });
    try {
      return await run(client);
    } catch (error) {
      const mapped = toChatError(error, repeatable);
      if (mapped.code === 'rate_limited') {
        closedUntil.set(method, Math.max(closedUntil.get(method) ?? 0, performance.now() + (mapped.retryAfterMs ?? 1000)));
      }
      throw mapped;
    }
  };

  return {
    client,
    apiUrl,
    call,
    callPatiently: async (method, repeatable, patienceMs, run) => {
      const deadline = performance.now() + patienceMs;
      let stumbled = 0;
      const pause = (error: unknown): number | undefined => {
        if (!(error instanceof ChatError)) return undefined;
        if (error.code === 'rate_limited') return error.retryAfterMs ?? 1000;
        return error.code === 'transient' && repeatable ? REPEAT_AFTER_MS[stumbled++] : undefined;
      };
      for (;;) {
        try {
          return await call(method, repeatable, run);
        } catch (error) {
          const wait = pause(error);
          if (wait === undefined || performance.now() + wait > deadline) throw error;
          await new Promise((resolve) => setTimeout(resolve, wait));
        }
      }
    },
  };
}

/**
 * Bolt's and the SDK's log lines in ours. Their debug lines carry whole payloads, people's words included: they are dropped,
 * and so are the info lines, which say nothing that Bellhop doesn't say itself.
 */
export function sdkLogger(log: Log): Logger {
  const line = (parts: unknown[]) =>
    parts
      .map((part) => (part instanceof Error ? part.message : String(part)))
      .join(' ')
      .slice(0, 500);
  return {
    debug: () => {},
    info: () => {},
    warn: (...parts) => log.warn({ from: 'slack-sdk' }, line(parts)),
    error: (...parts) => log.error({ from: 'slack-sdk' }, line(parts)),
    setLevel: () => {},
    getLevel: () => LogLevel.WARN,
    setName: () => {},
  };
}
