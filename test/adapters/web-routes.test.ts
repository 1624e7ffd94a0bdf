import { request } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createRegistry } from '../../src/core/registry.js';
import { notHere, type WebReply, type WebRequest, type WebRoute } from '../../src/core/web.js';
import { openWebDoor, type WebDoor } from '../support/web-door.js';

// The web door for features: what a route says, and what everybody else hears.

let reply: WebReply | Error;
let asked: WebRequest[];
const route: WebRoute<string> = {
  method: 'GET',
  path: '/calendar/:file',
  run: async (context, request) => {
    expect(context).toBe('the organisation');
    asked.push(request);
    if (reply instanceof Error) throw reply;
    return reply;
  },
};

let door: WebDoor;
const address = (path = '/calendar/secret.ics') => `${door.address}${path}`;

beforeAll(async () => {
  door = await openWebDoor({ routes: [route] });
});
afterAll(async () => await door.close(100));
beforeEach(() => {
  reply = { status: 200, mime: 'text/calendar; charset=utf-8', content: 'BEGIN:VCALENDAR', etag: 'v1' };
  asked = [];
  door.lines.length = 0;
  door.counted.length = 0;
});

describe('a route of a feature', () => {
  it('is answered with its content, guarded, and gets what was asked', async () => {
    const answer = await fetch(address('/calendar/se%20cret.ics?x=1&x=2&y='), { headers: { 'Accept-Language': 'lv-LV,lv;q=0.9' } });
    expect([answer.status, await answer.text()]).toEqual([200, 'BEGIN:VCALENDAR']);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'text/calendar; charset=utf-8',
      'cache-control': 'private, no-cache',
      etag: '"v1"',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'referrer-policy': 'no-referrer',
      'x-robots-tag': 'noindex',
    });
    expect(answer.headers.get('content-disposition')).toBeNull();
    expect(asked).toEqual([
      {
        params: { file: 'se cret.ics' },
        query: { x: '1', y: '' },
        acceptsLanguages: ['lv-LV', 'lv'],
        headers: expect.objectContaining({ 'accept-language': 'lv-LV,lv;q=0.9' }),
        addressDigest: expect.stringMatching(/^[0-9a-f]{32}$/),
      },
    ]);
  });

  it('is not sent again to whoever has it', async () => {
    const again = await fetch(address(), { headers: { 'If-None-Match': '"v1"' } });
    expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', '"v1"']);
    expect(asked[0]?.ifNoneMatch).toBe('v1');
    expect((await fetch(address(), { headers: { 'If-None-Match': '"v0"' } })).status).toBe(200);
    reply = { status: 304, etag: 'v1' };
    const saved = await fetch(address(), { headers: { 'If-None-Match': 'W/"v1"' } });
    expect([saved.status, saved.headers.get('etag')]).toEqual([304, '"v1"']);
    expect(asked.at(-1)?.ifNoneMatch).toBe('v1');
  });

  it('may be kept as long as it says, by its reader alone, and is kept nowhere when it says nothing', async () => {
    reply = {
      status: 200,
      mime: 'image/png',
      content: new Uint8Array([1, 2]),
      cacheSeconds: 600,
      fileName: 'Ķīna.png',
      disposition: 'inline',
    };
    const kept = await fetch(address());
    expect(kept.headers.get('cache-control')).toBe('private, max-age=600');
    expect(kept.headers.get('content-disposition')).toBe(`inline; filename="_na.png"; filename*=UTF-8''${encodeURIComponent('Ķīna.png')}`);
    expect(new Uint8Array(await kept.arrayBuffer())).toEqual(new Uint8Array([1, 2]));
    const etag = kept.headers.get('etag') ?? '';
    expect((await fetch(address(), { headers: { 'If-None-Match': etag } })).status).toBe(304);
    reply = { ...reply, content: new Uint8Array([1, 3]) };
    expect((await fetch(address(), { headers: { 'If-None-Match': etag } })).status).toBe(200);
    reply = { status: 200, mime: 'text/plain', content: 'once', fileName: 'once.txt' };
    const once = await fetch(address());
    expect([once.headers.get('cache-control'), once.headers.get('etag')]).toEqual(['no-store', null]);
    expect(once.headers.get('content-disposition')).toMatch(/^attachment;/);
  });

  it('answers HEAD as GET, without the content', async () => {
    const head = await fetch(address(), { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '15', '']);
  });

  it('says the same of everything that isn’t there, in the reader’s language', async () => {
    reply = notHere;
    const text = async (path: string, method = 'GET') => {
      const answer = await fetch(address(path), { method, headers: { 'Accept-Language': 'lv' } });
      expect(answer.headers.get('cache-control')).toBe('no-store');
      return [answer.status, await answer.text()];
    };
    const gone = await text('/calendar/gone.ics');
    expect(gone).toEqual([404, 'Te nekā nav vai vairs nav. Palūdziet jaunu saiti tam, kas Jums to iedeva.']);
    for (const path of ['/calendar', '/calendar/', '/calendar/a/b', '/calendar/%zz', '/calendar/%00'])
      expect(await text(path), path).toEqual(gone);
    expect(await text('/calendar/gone.ics', 'POST')).toEqual(gone);
    expect(await (await fetch(address('/calendar/x'))).text()).toContain('There is nothing here');
  });

  it('that nobody has is told to browsers in a page of the same words', async () => {
    const page = async (path: string) => {
      const answer = await fetch(address(path), {
        headers: { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8', 'Accept-Language': 'lv' },
      });
      return [answer.status, answer.headers.get('content-type'), (await answer.text()).replaceAll(/nonce="[^"]+"/g, '')];
    };
    reply = notHere;
    const gone = await page('/calendar/gone.ics');
    expect(gone).toEqual([404, 'text/html; charset=utf-8', expect.stringContaining('Te nekā nav vai vairs nav.')]);
    for (const path of ['/calendar', '/calendar/%zz', '/calender', '/', '/page-assets/x/proof.js'])
      expect(await page(path), path).toEqual(gone);
    expect((await fetch(address('/calender'))).headers.get('content-type')).toContain('application/json');
  });

  it('that fails tells a number and nothing else', async () => {
    reply = new Error('the secret of the database');
    const answer = await fetch(address());
    const told = await answer.text();
    expect([answer.status, told]).toEqual([500, expect.stringContaining(answer.headers.get('x-request-id') ?? 'no number')]);
    expect(told).not.toContain('secret');
    expect(door.lines.join()).toContain('the secret of the database');
  });

  it('is counted by its first word, and its secrets are not in the log', async () => {
    await fetch(address());
    await fetch(address('/calendar/secret/more'));
    await fetch(address('/calender/secret'));
    await fetch(address('//calendar/secret'));
    await new Promise((resolve) => {
      // An address as no browser would send it.
      request(address(), { path: '/calendar//secret?secret' }, (response) => response.resume().on('end', resolve)).end();
    });
    expect(door.counted).toEqual([
      { method: 'GET', route: '/calendar', status: 200 },
      { method: 'GET', route: '/calendar', status: 404 },
      { method: 'GET', route: 'other', status: 404 },
      { method: 'GET', route: 'other', status: 404 },
      { method: 'GET', route: '/calendar', status: expect.any(Number) },
    ]);
    expect(door.lines).toHaveLength(5);
    expect(door.lines.join()).not.toContain('secret');
    expect(door.lines[0]).toContain('/calendar/[link]');
  });
});

describe('the registry', () => {
  const withRoutes = (...paths: string[]) =>
    createRegistry(paths.map((path, index) => ({ name: `feature${index}`, routes: [{ ...route, path }] })));

  it('has the routes of all features', () => {
    expect(withRoutes('/calendar/:file', '/seminars').routes.map(({ path }) => path)).toEqual(['/calendar/:file', '/seminars']);
  });

  it('refuses two of one path, and paths that don’t begin with a word', () => {
    expect(() => withRoutes('/calendar/:file', '/calendar/:file')).toThrow('registered twice');
    for (const path of ['/:file', 'calendar', '/', '/Calendar/x']) expect(() => withRoutes(path), path).toThrow('word of its own');
  });
});
