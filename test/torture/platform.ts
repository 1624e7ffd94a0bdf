import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { performance } from 'node:perf_hooks';
import type { Platform } from '../../src/core/interaction.js';
import type { PaceRule } from '../../src/delivery/port.js';

/** So many times faster than the documented limits. */
export const SCALE = 20;

/**
 * The documented limits, scaled, as the platform enforces them over sliding windows; what a client keeps to is one
 * step less. Slack: https://docs.slack.dev/apis/web-api/rate-limits, Teams: bots/how-to/rate-limit.
 */
export const LIMITS: Readonly<Record<Platform, { readonly conversation: Window; readonly workspace: Window; readonly find: Window }>> = {
  slack: {
    conversation: { count: 4, perMs: 4_000 / SCALE },
    workspace: { count: 300, perMs: 60_000 / SCALE },
    find: { count: 50, perMs: 60_000 / SCALE },
  },
  teams: {
    conversation: { count: 7, perMs: 1_000 / SCALE },
    workspace: { count: 30, perMs: 1_000 / SCALE },
    find: { count: 50, perMs: 60_000 / SCALE },
  },
};

interface Window {
  readonly count: number;
  readonly perMs: number;
}

/** What a client may do so that no window is ever over-full: pace and burst together stay under its count. */
export function ruleFor(scope: string, window: Window): PaceRule {
  const burst = Math.max(1, Math.floor(window.count / 5));
  return { scope, count: Math.max(1, window.count - 2 * burst), perMs: window.perMs, burst };
}

export interface Post {
  readonly to: string;
  readonly deliveryId: string;
  readonly id: string;
}

export interface FakePlatform {
  readonly url: string;
  readonly posts: readonly Post[];
  /** Called at every post, before it is answered. */
  onPost: () => void;
  readonly figures: { refused: number; lostAnswers: number; lostRequests: number; finds: number };
  stop(): Promise<void>;
}

/**
 * A platform over real HTTP: takes posts, refuses what comes too fast with a Retry-After, loses some requests and some
 * answers, and (Slack only) tells what has become of a delivery.
 * @param random a number from 0 to 1
 */
export async function startPlatform(platform: Platform, random: () => number): Promise<FakePlatform> {
  const posts: Post[] = [];
  const figures = { refused: 0, lostAnswers: 0, lostRequests: 0, finds: 0 };
  const calls = new Map<string, number[]>();
  const limits = LIMITS[platform];

  /** Milliseconds to wait, 0 when the call may go on. */
  const wait = (scopes: readonly (readonly [string, Window])[]): number => {
    const now = performance.now();
    const recent = scopes.map(([scope, window]) => (calls.get(scope) ?? []).filter((at) => at > now - window.perMs));
    for (const [index, [, window]] of scopes.entries()) {
      const list = recent[index] ?? [];
      if (list.length >= window.count) return Math.ceil((list[0] ?? now) + window.perMs - now);
    }
    for (const [index, [scope]] of scopes.entries()) calls.set(scope, [...(recent[index] ?? []), now]);
    return 0;
  };

  const refuse = (response: ServerResponse, ms: number): void => {
    figures.refused += 1;
    response.writeHead(429, { 'retry-after-ms': String(ms) }).end();
  };

  const fake: FakePlatform & { url: string } = {
    url: '',
    posts,
    figures,
    onPost: () => {},
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };

  const post = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { to, deliveryId } = JSON.parse(await bodyOf(request)) as { to: string; deliveryId: string };
    const luck = random();
    if (luck < 0.005) {
      figures.lostRequests += 1;
      request.socket.destroy();
      return;
    }
    const ms = wait([
      [to, limits.conversation],
      ['workspace', limits.workspace],
    ]);
    if (ms > 0) {
      refuse(response, ms);
      return;
    }
    const made = { to, deliveryId, id: `${posts.length + 1}` };
    posts.push(made);
    fake.onPost();
    // A kill falls before, in or after this pause: the client knows nothing of the message yet.
    await new Promise((resolve) => setTimeout(resolve, 10 + random() * 50));
    if (luck < 0.01) {
      figures.lostAnswers += 1;
      request.socket.destroy();
      return;
    }
    response.setHeader('content-type', 'application/json').end(JSON.stringify(made));
  };

  const find = (url: URL, response: ServerResponse): void => {
    const ms = wait([['find', limits.find]]);
    if (ms > 0) {
      refuse(response, ms);
      return;
    }
    figures.finds += 1;
    const found = posts.find((candidate) => candidate.deliveryId === url.searchParams.get('deliveryId'));
    response.setHeader('content-type', 'application/json').end(JSON.stringify(found ?? null));
  };

  const server: Server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://platform');
    if (url.pathname === '/post') void post(request, response).catch(() => response.destroy());
    else find(url, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  fake.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return fake;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return body;
}
