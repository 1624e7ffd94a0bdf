import { request as httpRequest } from 'node:http';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createStore, createWindows, MAX_CLIENTS } from '../../adapters/web/limits.js';
import { typedIn, type WebReply, type WebRequest, type WebRoute } from '../../src/core/web.js';
import { surveyPage } from '../support/survey.js';
import { testClock } from '../support/test-clock.js';
import { openWebDoor, type WebDoor } from '../support/web-door.js';

// The public doors: bodies of every sort, how often, how much, and what is told of it.

const clock = testClock('2027-03-02T08:00:00Z');
let asked: WebRequest[];
let reply: WebReply | Error;
const run = async (_context: string, request: WebRequest): Promise<WebReply> => {
  asked.push(request);
  if (reply instanceof Error) throw reply;
  return reply;
};
const routes: readonly WebRoute<string>[] = [
  { method: 'GET', path: '/f/:slug', run },
  { method: 'POST', path: '/f/:slug', takes: 'form', guarded: true, maxBytes: 20_000, run },
  { method: 'POST', path: '/hook/v1/things', takes: 'raw', maxBytes: 1000, run },
  { method: 'POST', path: '/few/:slug', takes: 'form', limit: { perMinute: 3 }, run },
];

let door: WebDoor;
beforeAll(async () => {
  door = await openWebDoor({ routes, clock, trustProxy: 1 });
});
afterAll(async () => await door.close(100));
beforeEach(() => {
  asked = [];
  reply = { status: 202, json: { taken: true } };
  door.lines.length = 0;
});

const FORM = 'application/x-www-form-urlencoded';
const post = async (path: string, body: BodyInit | undefined, headers: Record<string, string> = {}) =>
  await fetch(`${door.address}${path}`, {
    method: 'POST',
    headers: { 'Content-Type': FORM, ...headers },
    redirect: 'manual',
    ...(body !== undefined && { body, duplex: 'half' }),
  } as RequestInit);

describe('a form', () => {
  it('arrives by its fields, decoded, without the guard’s own ones', async () => {
    const answer = await post(
      '/f/lobby?x=1',
      'a=1&a=2&words=%C4%80na+%26+%F0%9F%8E%89%0D%0Anext&empty=&form-ticket=x&form-proof=y&website=z&__proto__=p',
    );
    expect([answer.status, await answer.json()]).toEqual([202, { taken: true }]);
    expect({ ...asked[0]?.form }).toEqual({ a: ['1', '2'], words: ['Āna & 🎉\nnext'], empty: [''], ['__proto__']: ['p'] });
    expect(asked[0]).toMatchObject({ params: { slug: 'lobby' }, query: { x: '1' } });
    expect(asked[0]?.submission).toMatchObject({ seconds: undefined, honeypot: true, proof: 'wrong' });
    expect(typedIn(asked[0] as WebRequest, 'empty')).toBeUndefined();
    expect(typedIn(asked[0] as WebRequest, 'constructor')).toBeUndefined();
  });

  it('without a body is an empty one', async () => {
    expect((await fetch(`${door.address}/f/lobby`, { method: 'POST' })).status).toBe(202);
    expect({ ...asked[0]?.form }).toEqual({});
  });

  it.each([
    ['multipart/form-data; boundary=x', 'a=1', 415],
    ['application/json', '{}', 415],
    ['text/plain', 'a=1', 415],
    [`${FORM}; charset=iso-8859-13`, 'a=1', 415],
    [FORM, 'a=%zz', 400],
    [FORM, 'a=%ff%fe', 400],
    [FORM, Buffer.from([0x61, 0x3d, 0xff]), 400],
    [FORM, 'a=%00', 400],
    [FORM, '&a=b'.repeat(201), 400],
    [FORM, `a=${'x'.repeat(20_000)}`, 413],
  ])('of %s that can’t be read is told so: %#', async (type, body, status) => {
    const answer = await post('/f/lobby', body, { 'Content-Type': type });
    expect([answer.status, asked]).toEqual([status, []]);
    expect(await answer.text()).toMatch(/\S+ \S+/);
    const browsers = await post('/f/lobby', body, {
      'Content-Type': type,
      Accept: 'text/html,*/*;q=0.8',
      'Accept-Language': 'xx, lv;q=0.8',
    });
    expect(browsers.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await browsers.text()).toContain('<html lang="lv" dir="ltr">');
  });

  it.each([
    ['PUT', '/f/lobby', 'GET, HEAD, POST'],
    ['OPTIONS', '/f/lobby', 'GET, HEAD, POST'],
    ['GET', '/hook/v1/things', 'POST'],
    ['HEAD', '/hook/v1/things', 'POST'],
    ['GET', '/few/lobby', 'POST'],
  ])('in another way (%s %s) is told which ways there are', async (method, path, allowed) => {
    const answer = await fetch(`${door.address}${path}`, { method });
    expect([answer.status, answer.headers.get('allow'), asked]).toEqual([405, allowed, []]);
    if (method !== 'HEAD') expect(await answer.text()).toContain(allowed);
  });

  it('compressed is not taken', async () => {
    expect((await post('/f/lobby', 'x', { 'Content-Encoding': 'gzip' })).status).toBe(415);
  });

  it('of whatever bytes gets a clear answer, and never a 500', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
          fc.webQueryParameters(),
          fc.string({ unit: 'binary', maxLength: 200 }),
        ),
        fc.constantFrom(FORM, `${FORM};charset="UTF-8"`, `${FORM};;`, 'x', ';'),
        async (body, type) => {
          const answer = await post('/f/lobby', body, { 'Content-Type': type });
          expect([202, 400, 415]).toContain(answer.status);
          await answer.arrayBuffer();
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('a body that is too long', () => {
  /** Sends so many bytes in pieces, as fast as they are taken. @returns the status, and how much was sent until it came */
  const pour = async (bytes: number, headers: Record<string, string | number>): Promise<{ status: number; sent: number }> =>
    await new Promise((resolve, reject) => {
      let sent = 0;
      const piece = Buffer.alloc(65_536, 'x');
      const sending = httpRequest(
        `${door.address}/f/lobby`,
        { method: 'POST', headers: { 'Content-Type': FORM, ...headers } },
        (response) => {
          response.resume();
          resolve({ status: response.statusCode ?? 0, sent });
        },
      );
      sending.on('error', reject);
      const more = () => {
        while (sent < bytes) {
          sent += piece.length;
          if (!sending.write(piece)) return void sending.once('drain', more);
        }
        sending.end();
      };
      more();
    });

  it('is refused when that is known, long before its end', async () => {
    const MUCH = 48 * 1_048_576;
    for (const [name, value] of [
      ['Content-Length', MUCH],
      ['Transfer-Encoding', 'chunked'],
    ] as const) {
      const { status, sent } = await pour(MUCH, { [name]: value });
      expect(status).toBe(413);
      // What lies in the buffers of two sockets.
      expect(sent).toBeLessThan(MUCH / 3);
    }
    expect(asked).toEqual([]);
    expect((await post('/f/lobby', 'a=1')).status).toBe(202);
  });

  it('for machines is told as JSON', async () => {
    const answer = await post('/hook/v1/things', 'x'.repeat(1001), { 'Content-Type': 'application/json' });
    expect([answer.status, await answer.json()]).toEqual([413, { error: { code: 'too_large', message: expect.any(String) } }]);
    expect((await post('/hook/v1/things', 'x'.repeat(1000), { 'Content-Type': 'what/ever' })).status).toBe(202);
  });
});

describe('a door for machines', () => {
  it('gets the bytes as they came, and the headers', async () => {
    const bytes = new Uint8Array([0, 255, 13, 10, 34]);
    await post('/hook/v1/things', bytes, { 'Content-Type': 'application/json', 'Webhook-Id': 'MSG_1' });
    expect(new Uint8Array(asked[0]?.body ?? [])).toEqual(bytes);
    expect(asked[0]?.headers).toMatchObject({ 'webhook-id': 'MSG_1', 'content-type': 'application/json' });
    expect(asked[0]).not.toHaveProperty('form');
    expect(asked[0]).not.toHaveProperty('submission');
  });

  it('that fails, or whose database is away, says so', async () => {
    reply = new Error('a secret');
    const failed = await post('/hook/v1/things', '{}');
    expect([failed.status, await failed.json()]).toMatchObject([500, { error: { code: 'internal_error' } }]);
    reply = Object.assign(new Error('Can’t reach database server'), { code: 'P1001' });
    const away = await post('/hook/v1/things', '{}');
    expect([away.status, away.headers.get('retry-after'), await away.json()]).toMatchObject([503, '30', { error: { code: 'try_again' } }]);
  });
});

describe('what a route replies', () => {
  it('as JSON has its headers and is never kept', async () => {
    reply = { status: 409, json: { error: 'taken' }, headers: { 'X-Which': 'first' } };
    const answer = await post('/f/lobby', '');
    expect([answer.status, answer.headers.get('x-which'), answer.headers.get('cache-control')]).toEqual([409, 'first', 'no-store']);
  });

  it('leads to a path of ours only, whatever stands in it', async () => {
    for (const [location, expected] of [
      ['/f/thanks?n=1', '/f/thanks?n=1'],
      ['/f/ķ\r\nSet-Cookie: a=b', '/f/%C4%B7Set-Cookie:%20a=b'],
    ] as const) {
      reply = { status: 303, location };
      const answer = await post('/f/lobby', '');
      expect([answer.status, answer.headers.get('location'), answer.headers.get('set-cookie')]).toEqual([303, expected, null]);
    }
    for (const location of [
      '//evil.example',
      '/\\evil.example',
      'https://evil.example',
      'evil',
      '',
      '/\t/evil.example',
      '/.//evil.example',
    ]) {
      reply = { status: 303, location };
      expect((await post('/f/lobby', '')).status, location).toBe(500);
    }
  });

  it('as a page answers HEAD as GET, and nothing runs in it but its own', async () => {
    reply = { status: 200, page: surveyPage() };
    const [head, get] = [await fetch(`${door.address}/f/lobby`, { method: 'HEAD' }), await fetch(`${door.address}/f/lobby`)];
    expect([head.status, head.headers.get('content-type'), await head.text()]).toEqual([200, 'text/html; charset=utf-8', '']);
    const html = await get.text();
    const nonce = /<style nonce="([^"]+)"/.exec(html)?.[1] ?? 'none';
    expect(get.headers.get('content-security-policy')).toBe(
      `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; worker-src 'self'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
    );
    expect(get.headers.get('set-cookie')).toBeNull();
    expect(get.headers.get('cache-control')).toBe('no-store');
    expect(html.match(/\s(style|on\w+)="/g)).toBeNull();
    expect(await (await fetch(`${door.address}/f/lobby`)).text()).not.toContain(nonce);
  });

  it('has nothing of the NUL that addresses may carry', async () => {
    expect((await fetch(`${door.address}/f/%00`)).status).toBe(404);
    await fetch(`${door.address}/f/lobby?x=a%00b`);
    expect(asked.map(({ query }) => query)).toEqual([{ x: 'ab' }]);
  });
});

describe('a guarded form', () => {
  const ticketIn = async (answer: Response) => /name="form-ticket" value="([^"]+)"/.exec(await answer.text())?.[1] ?? '';

  it('that has to be mended stays the same sending, one that was taken is followed by a new one', async () => {
    reply = { status: 200, page: surveyPage() };
    const ticket = await ticketIn(await fetch(`${door.address}/f/lobby`));
    const send = async (path = '/f/lobby') => await ticketIn(await post(path, new URLSearchParams({ 'form-ticket': ticket }).toString()));
    const taken = await send();
    expect([taken === ticket, taken.length]).toEqual([false, ticket.length]);
    for (const status of [400, 422, 503] as const) {
      reply = { status, page: surveyPage() };
      expect(await send()).toBe(ticket);
    }
    expect(await send('/f/kitchen')).not.toBe(ticket);
    expect(asked.slice(1).map(({ submission }) => submission?.id === ticket.split('.')[0])).toEqual([true, true, true, true, false]);
  });
});

describe('a limit', () => {
  const from = async (address: string) => await post('/few/lobby', 'a=1', { 'X-Forwarded-For': address, Accept: 'text/html' });

  it('is each network’s own, tells when, and ends after a minute', async () => {
    for (let time = 0; time < 3; time++) expect((await from('203.0.113.7')).status).toBe(202);
    clock.forward({ seconds: 20.5 });
    const refused = await from('203.0.113.7');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '40']);
    expect(await refused.text()).toContain('in 40 seconds');
    expect((await from('203.0.113.8')).status).toBe(202);
    clock.forward({ seconds: 39.5 });
    expect((await from('203.0.113.7')).status).toBe(202);
    const digests = asked.map(({ addressDigest }) => addressDigest);
    expect(new Set(digests).size).toBe(2);
    expect([...digests, ...door.lines].join()).not.toContain('203.0.113');
  });

  it('counts a household of IPv6 as one, and IPv4 in IPv6 as what it is', async () => {
    for (const end of ['01::1', 'fe::2:3', 'aa:ff::9']) expect((await from(`2001:db8:0:1${end}`)).status).toBe(202);
    expect((await from('2001:db8:0:1ff::1')).status).toBe(429);
    expect((await from('2001:db8:0:200::1')).status).toBe(202);
    for (let time = 0; time < 3; time++) await from('::ffff:198.51.100.4');
    expect((await from('198.51.100.4')).status).toBe(429);
    expect((await from(`no address ${'x'.repeat(5000)}`)).status).toBe(202);
  });

  it('takes nobody’s word for an address unless a proxy is trusted', async () => {
    const open = await openWebDoor({ routes, clock });
    const status = async (address: string) =>
      (await fetch(`${open.address}/few/lobby`, { method: 'POST', headers: { 'X-Forwarded-For': address } })).status;
    expect([await status('192.0.2.1'), await status('192.0.2.2'), await status('192.0.2.3'), await status('192.0.2.4')]).toEqual([
      202, 202, 202, 429,
    ]);
    await open.close(100);
  });

  it('keeps its memory bounded, whatever comes', () => {
    const windows = createWindows();
    const store = createStore(windows, clock, 'POST /few');
    for (let client = 0; client < 100_000; client++) store.increment(`client ${client}`);
    expect(windows.size).toBe(MAX_CLIENTS);
    expect(store.increment('client 99999')).toMatchObject({ totalHits: 2 });
    expect(store.increment('client 0')).toMatchObject({ totalHits: 1 });
  });
});

describe('the log', () => {
  it('has no address, no part of a path that may be a secret, and nothing that was typed', async () => {
    await post('/f/secret-slug?q=secret-query', 'words=secret-words', { 'X-Forwarded-For': '192.0.2.55' });
    await post('/f/secret-slug', 'words=secret-words%zz', { 'X-Forwarded-For': '192.0.2.55' });
    await post('/f/secret-slug', 'secret-words'.repeat(3000), { 'X-Forwarded-For': '192.0.2.55' });
    expect(door.lines.length).toBeGreaterThanOrEqual(3);
    expect(door.lines.join()).not.toMatch(/secret|192\.0\.2|127\.0\.0\.1/);
  });
});
