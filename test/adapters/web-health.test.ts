import express from 'express';
import { afterEach, describe, expect, it } from 'vitest';
import { type Check, healthRoutes } from '../../adapters/web/health.js';
import { createApp } from '../../src/runtime/app.js';
import { createLog } from '../../src/runtime/log.js';
import { type Listening, listen } from '../../src/runtime/server.js';

let door: Listening | undefined;
afterEach(async () => {
  await door?.close(100);
  door = undefined;
});

const lines: Record<string, unknown>[] = [];
const counted: object[] = [];

async function serve(checks: Record<string, Check> = {}): Promise<string> {
  lines.length = 0;
  counted.length = 0;
  const log = createLog({ level: 'trace', destination: { write: (line: string) => void lines.push(JSON.parse(line)) } });
  const app = createApp({
    log,
    metrics: { httpRequest: (labels) => counted.push(labels) },
    mount: (app) => {
      app.use(healthRoutes({ checks, metrics: async () => ({ contentType: 'text/plain; version=0.0.4', body: 'bellhop_up 1\n' }) }));
      app.post('/api/messages', express.json({ limit: '1kb' }), (_request, response) => void response.json({ ok: true }));
      app.get('/boom', () => {
        throw new Error('the secret xoxb-123');
      });
    },
  });
  door = await listen(app, '127.0.0.1', 0);
  return door.address;
}

describe('health', () => {
  it('lives', async () => {
    const answer = await fetch(`${await serve()}/healthz`);
    expect([answer.status, await answer.json()]).toEqual([200, { status: 'ok' }]);
  });

  it('is ready when every part is', async () => {
    const answer = await fetch(`${await serve({ database: async () => true, slack: () => true })}/readyz`);
    expect([answer.status, await answer.json()]).toEqual([200, { status: 'ready', parts: { database: 'ok', slack: 'ok' } }]);
  });

  it.each<[string, Check]>([
    ['fails', async () => Promise.reject(new Error('away'))],
    [
      'throws',
      () => {
        throw new Error('away');
      },
    ],
    ['says no', () => false],
    ['is silent', () => new Promise(() => {})],
  ])('names the part that %s, and recovers with it', async (_name, broken) => {
    let check = broken;
    const address = await serve({ database: () => check(), slack: () => true });
    const answer = await fetch(`${address}/readyz`);
    expect([answer.status, await answer.json()]).toEqual([503, { status: 'not_ready', parts: { database: 'failing', slack: 'ok' } }]);
    check = () => true;
    expect((await fetch(`${address}/readyz`)).status).toBe(200);
  });

  it('tells the figures as Prometheus wants them', async () => {
    const answer = await fetch(`${await serve()}/metrics`);
    expect(answer.headers.get('content-type')).toContain('version=0.0.4');
    expect(await answer.text()).toBe('bellhop_up 1\n');
  });
});

describe('every request', () => {
  it('carries an id, a sane one from outside or a new one', async () => {
    const address = await serve();
    const given = await fetch(`${address}/healthz`, { headers: { 'X-Request-Id': 'proxy-0001' } });
    expect(given.headers.get('x-request-id')).toBe('proxy-0001');
    for (const bad of ['x', 'a b c d e f g h', '<script>alert(1)</script>', 'a'.repeat(65)]) {
      const id = (await fetch(`${address}/healthz`, { headers: { 'X-Request-Id': bad } })).headers.get('x-request-id');
      expect(id).toMatch(/^[0-9a-f-]{36}$/);
    }
  });

  it('is counted under few names', async () => {
    const address = await serve();
    await fetch(`${address}/healthz?x=1`);
    await fetch(`${address}/wp-admin/${Math.random()}`);
    await fetch(`${address}/files/secret-token`);
    expect(counted).toEqual([
      { method: 'GET', route: '/healthz', status: 200 },
      { method: 'GET', route: 'other', status: 404 },
      { method: 'GET', route: '/files', status: 404 },
    ]);
  });

  it('is logged with its id, without the secrets of its address', async () => {
    const address = await serve();
    await fetch(`${address}/files/secret-token?code=hidden`, { headers: { 'X-Request-Id': 'proxy-0002', Authorization: 'Bearer hidden' } });
    expect(lines).toMatchObject([{ requestId: 'proxy-0002', req: { method: 'GET', path: '/files/[link]' }, res: { status: 404 } }]);
    expect(JSON.stringify(lines)).not.toMatch(/secret-token|hidden/);
  });
});

describe('what no door fits', () => {
  it.each<[string, RequestInit, number, string]>([
    ['/nowhere', {}, 404, 'not_found'],
    ['/files/%zz', {}, 404, 'not_found'],
    ['/api/messages', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{"a":' }, 400, 'bad_request'],
    [
      '/api/messages',
      { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify('x'.repeat(5000)) },
      413,
      'too_large',
    ],
    [
      '/api/messages',
      { method: 'POST', headers: { 'Content-Type': 'application/json; charset=x-bad' }, body: '{}' },
      415,
      'unsupported_media_type',
    ],
    ['/boom', {}, 500, 'internal_error'],
  ])('%s %j gets %d', async (path, init, status, error) => {
    const answer = await fetch(`${await serve()}${path}`, init);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toEqual({ error, requestId: answer.headers.get('x-request-id') });
    expect(answer.headers.get('x-powered-by')).toBeNull();
  });
});

describe('the door', () => {
  it('says which setting to change when its port is taken', async () => {
    const address = await serve();
    await expect(listen(express(), '127.0.0.1', Number(new URL(address).port))).rejects.toThrow('PORT');
    await expect(listen(express(), '203.0.113.1', 0)).rejects.toThrow('HOST');
  });

  it('finishes requests in flight when it closes, and takes no new ones', async () => {
    let finish = () => {};
    const app = express().get(
      '/slow',
      (_request, response) => void new Promise<void>((resolve) => (finish = resolve)).then(() => response.send('done')),
    );
    const slow = await listen(app, '127.0.0.1', 0);
    const answer = fetch(`${slow.address}/slow`);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const closed = slow.close(5000);
    await expect(fetch(`${slow.address}/slow`)).rejects.toThrow();
    finish();
    expect(await (await answer).text()).toBe('done');
    await closed;
  });
});
