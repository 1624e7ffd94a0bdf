import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createFileLinks, type FileLinks, LINK_MINUTES, MAX_FILE_BYTES } from '../../adapters/web/files.js';
import { createApp } from '../../src/runtime/app.js';
import { createLocaliser } from '../../src/runtime/localise.js';
import { createLog } from '../../src/runtime/log.js';
import { type Listening, listen } from '../../src/runtime/server.js';
import { createVault } from '../../src/runtime/vault.js';
import { useDatabase } from '../support/database.js';
import { memoryLog } from '../support/log.js';

const database = useDatabase();
const ana = { workspaceExternalId: 'tenant', externalId: 'ana' };
const csv = { name: 'Parakstītāji “maijs”.csv', mime: 'text/csv; charset=utf-8', content: Buffer.from('Vārds\nĀna\n') };

let now = new Date('2027-03-02T08:00:00Z');
let door: Listening;
let files: FileLinks;
const log = memoryLog();

beforeAll(async () => {
  const vault = createVault([randomBytes(32)]);
  const app = createApp({
    log: createLog({ level: 'silent' }),
    metrics: { httpRequest: () => {} },
    mount: (express) => express.use((...args) => files.routes(...args)),
  });
  door = await listen(app, '127.0.0.1', 0);
  files = createFileLinks({ publicUrl: door.address, db: database.db, vault, clock: { now: () => now }, localise: createLocaliser(), log });
});
afterAll(async () => await door.close(100));
beforeEach(async () => {
  now = new Date('2027-03-02T08:00:00Z');
  await database.reset();
});

describe('a file behind a link', () => {
  it('is given as it was, to be saved and not shown', async () => {
    const answer = await fetch(await files.create(csv, ana));
    expect(answer.status).toBe(200);
    expect(Buffer.from(await answer.arrayBuffer()).equals(csv.content)).toBe(true);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="Parakst_t_ji_maijs_.csv"; filename*=UTF-8''${encodeURIComponent(csv.name)}`,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
    });
  });

  it('is gone after 15 minutes, told in the language of the browser', async () => {
    const link = await files.create(csv, ana);
    now = new Date(now.getTime() + LINK_MINUTES * 60_000 - 1);
    expect((await fetch(link)).status).toBe(200);
    now = new Date(now.getTime() + 1);
    const gone = await fetch(link, { headers: { 'Accept-Language': 'lv-LV,lv;q=0.9' } });
    expect(gone.status).toBe(404);
    expect(await gone.text()).toBe(
      new TextDecoder().decode(Buffer.from('Šīs saites termiņš ir beidzies. Palūdziet Bellhop failu vēlreiz.')),
    );
  });

  it("can't be guessed, and nothing tells whether one was near", async () => {
    const link = await files.create(csv, ana);
    expect(new URL(link).pathname).toMatch(/^\/files\/[\w-]{43}$/);
    expect((await fetch(`${link.slice(0, -1)}${link.endsWith('A') ? 'B' : 'A'}`)).status).toBe(404);
    expect((await fetch(`${door.address}/files/${'x'.repeat(5000)}`)).status).toBe(404);
  });

  it('lies in the database without its link, words or name', async () => {
    const link = await files.create(csv, ana);
    const rows = JSON.stringify(await database.db.linkedFile.findMany());
    expect(rows).not.toContain(link.slice(-43));
    expect(rows).not.toContain(csv.content.toString('base64'));
    expect(rows).not.toContain('maijs');
  });

  it('is removed once it has expired', async () => {
    await files.create(csv, ana);
    now = new Date(now.getTime() + LINK_MINUTES * 60_000);
    await files.create(csv, ana);
    await files.sweep();
    expect(await database.db.linkedFile.count()).toBe(1);
  });

  it('is refused over 5 MB, and where the bot has no address', async () => {
    await expect(files.create({ ...csv, content: new Uint8Array(MAX_FILE_BYTES + 1) }, ana)).rejects.toMatchObject({
      code: 'core.file_too_large',
    });
    const homeless = createFileLinks({
      publicUrl: undefined,
      db: database.db,
      vault: createVault([randomBytes(32)]),
      clock: { now: () => now },
      localise: createLocaliser(),
      log,
    });
    await expect(homeless.create(csv, ana)).rejects.toMatchObject({ code: 'core.no_public_url' });
  });
});
