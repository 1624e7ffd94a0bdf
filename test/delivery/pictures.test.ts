import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { pictureRoutes } from '../../adapters/web/pictures.js';
import { createRegistry } from '../../src/core/registry.js';
import { createPictures, keepPicture, MAX_PICTURE_BYTES, pictureMime } from '../../src/delivery/pictures.js';
import type { Pictures } from '../../src/delivery/pictures-port.js';
import { createSweeper } from '../../src/delivery/sweeps.js';
import { inTransaction } from '../../src/people/db.js';
import type { Organisation } from '../../src/people/model.js';
import { createApp } from '../../src/runtime/app.js';
import { createLog } from '../../src/runtime/log.js';
import { type Listening, listen } from '../../src/runtime/server.js';
import { createVault } from '../../src/runtime/vault.js';
import { anOrganisation, aWork, ONE_PIXEL } from '../support/builders.js';
import { useDatabase } from '../support/database.js';
import { testClock } from '../support/test-clock.js';

const database = useDatabase();
const jpeg = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46]);
const NOW = new Date('2027-03-01T08:00:00Z');

let door: Listening;
let pictures: Pictures;
let organisation: Organisation;

beforeAll(async () => {
  const vault = createVault([randomBytes(32)]);
  const app = createApp({
    log: createLog({ level: 'silent' }),
    metrics: { httpRequest: () => {} },
    mount: (express) => express.use((...args) => pictureRoutes(pictures)(...args)),
  });
  door = await listen(app, '127.0.0.1', 0);
  pictures = createPictures({ db: database.db, vault, publicUrl: door.address });
});
afterAll(async () => await door.close(100));
beforeEach(async () => {
  await database.reset();
  organisation = await anOrganisation(database.db);
});

type Kind = 'image/png' | 'image/jpeg';
const keep = async (content: Uint8Array = ONE_PIXEL, mime: Kind = 'image/png', expiresAt?: Date) =>
  await inTransaction(database.db, (tx) =>
    keepPicture(tx, { organisationId: organisation.id, mime, content, ...(expiresAt && { expiresAt }) }, NOW),
  );
const urlOf = (id: string) => pictures.url(id) ?? '';

describe('a picture that is kept', () => {
  it('is read as it was, under an id that tells nothing of when or where it was made', async () => {
    const id = await keep();
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    const kept = await pictures.read(id);
    expect(kept?.mime).toBe('image/png');
    expect(ONE_PIXEL.equals(kept?.content ?? new Uint8Array())).toBe(true);
    expect(await pictures.read('11111111-1111-4111-8111-111111111111')).toBeUndefined();
  });

  it('is found in whichever organisation it lies', async () => {
    organisation = await anOrganisation(database.db);
    const id = await keep(jpeg, 'image/jpeg');
    expect(await pictures.read(id)).toMatchObject({ mime: 'image/jpeg' });
  });

  it('remembers its copy in each workspace, and the newer one of two', async () => {
    const id = await keep();
    expect(await pictures.copy(id, 'T1')).toBeUndefined();
    await pictures.noteCopy(id, 'T1', 'F1');
    await pictures.noteCopy(id, 'T2', 'F2');
    await pictures.noteCopy(id, 'T1', 'F3');
    expect([await pictures.copy(id, 'T1'), await pictures.copy(id, 'T2')]).toEqual(['F3', 'F2']);
    // Gone meanwhile: nothing to note, and nothing fails.
    await pictures.noteCopy('11111111-1111-4111-8111-111111111111', 'T1', 'F4');
    expect(await database.db.pictureCopy.count()).toBe(2);
  });

  it('goes with its copies once it has expired; what has no end stays', async () => {
    const work = aWork(database.db, { clock: testClock('2027-03-02T08:00:00Z') });
    const sweeper = createSweeper({ work, registry: createRegistry([]) });
    const [gone, later, always] = [
      await keep(ONE_PIXEL, 'image/png', new Date('2027-03-02T08:00:00Z')),
      await keep(ONE_PIXEL, 'image/png', new Date('2027-03-02T08:00:01Z')),
      await keep(),
    ];
    await pictures.noteCopy(gone, 'T1', 'F1');
    await sweeper.runAll();
    expect((await database.db.picture.findMany()).map((row) => row.id).sort()).toEqual([later, always].sort());
    expect(await database.db.pictureCopy.count()).toBe(0);
  });

  it.each<[string, Uint8Array, Kind, string]>([
    ['over 1 MB', Buffer.concat([ONE_PIXEL, Buffer.alloc(MAX_PICTURE_BYTES)]), 'image/png', 'core.file_too_large'],
    ['a JPEG that is called a PNG', jpeg, 'image/png', 'delivery.picture_unreadable'],
    [
      'a web page',
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
      'image/png',
      'delivery.picture_unreadable',
    ],
    ['a PNG’s first bytes alone', ONE_PIXEL.subarray(0, 8), 'image/png', 'delivery.picture_unreadable'],
    ['nothing', new Uint8Array(), 'image/jpeg', 'delivery.picture_unreadable'],
  ])('is refused: %s', async (_, content, mime, code) => {
    await expect(keep(content, mime)).rejects.toMatchObject({ code });
    expect(await database.db.picture.count()).toBe(0);
  });

  it('is known by its bytes', () => {
    expect([ONE_PIXEL, jpeg, Buffer.from('GIF89a')].map(pictureMime)).toEqual(['image/png', 'image/jpeg', undefined]);
  });
});

describe('its address', () => {
  it('shows it, to be kept by whoever fetches it', async () => {
    const answer = await fetch(urlOf(await keep()));
    expect(answer.status).toBe(200);
    expect(ONE_PIXEL.equals(Buffer.from(await answer.arrayBuffer()))).toBe(true);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'image/png',
      'cache-control': 'public, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
    });
    expect((await fetch(urlOf(await keep(jpeg, 'image/jpeg')))).headers.get('content-type')).toBe('image/jpeg');
  });

  it('can be made by the bot alone, and tells nothing of what is there', async () => {
    const [id, other] = [await keep(), await keep()];
    const right = urlOf(id);
    expect(new URL(right).pathname).toMatch(/^\/pictures\/[0-9a-f-]{36}\.[0-9a-f]{32}\.png$/);
    const macOf = (url: string) => url.split('.').at(-2) ?? '';
    const wrong = [
      right.replace(macOf(right), macOf(urlOf(other))),
      right.replace(/\.png$/, ''),
      right.replace(/\.png$/, '.jpg'),
      `${door.address}/pictures/${id}`,
      `${door.address}/pictures/${id}..png`,
      `${door.address}/pictures/${'x'.repeat(5000)}`,
      `${door.address}/pictures/%00'%3B.png`,
      urlOf('11111111-1111-4111-8111-111111111111'),
      createPictures({ db: database.db, vault: createVault([randomBytes(32)]), publicUrl: door.address }).url(id) ?? '',
    ];
    const answers = await Promise.all(wrong.map((url) => fetch(url)));
    expect(answers.map((answer) => answer.status)).toEqual(wrong.map(() => 404));
    expect(new Set(await Promise.all(answers.map((answer) => answer.text()))).size).toBe(1);
    expect(answers[0]?.headers.get('cache-control')).toBe('no-store');
  });

  it('is none where the bot has no door of its own', async () => {
    const homeless = createPictures({ db: database.db, vault: createVault([randomBytes(32)]), publicUrl: undefined });
    expect(homeless.url(await keep())).toBeUndefined();
  });
});
