import { createCanvas } from '@napi-rs/canvas';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { readColour } from '../../src/features/feedback/asking/look.js';
import { createPapers } from '../../src/runtime/papers.js';
import { type CustomerCompany, customerCompany } from '../support/customer-company.js';
import { useDatabase } from '../support/database.js';
import { openFeatureDoor, PUBLIC_URL } from '../support/feature-door.js';
import { buttonsOf, cardsOf, fileOf, keysIn } from '../support/test-bot.js';
import { openPage } from '../support/visitor.js';

// Logo and colour of survey pages, set in chat, seen on the page.

const database = useDatabase();
const papers = createPapers();
let company: CustomerCompany;

beforeEach(async () => {
  await database.reset();
  company = await customerCompany(database, undefined, { setup: { publicUrl: PUBLIC_URL } });
  Object.assign(company.bot.work, { papers });
});
afterAll(async () => await papers.stop());

const hands = () => company.bot.as(company.boss);
const settings = async () => await database.db.feedbackSettings.findFirstOrThrow();
const openForm = async () => await hands().press({ id: 'feedback.look_open', payload: {} });

function drawing(colour: string): Uint8Array {
  const canvas = createCanvas(800, 200);
  const context = canvas.getContext('2d');
  context.fillStyle = colour;
  context.fillRect(0, 0, 800, 200);
  return canvas.toBuffer('image/png');
}

describe('Logo and colour', () => {
  it('are set by a form, and the page shows them', async () => {
    const saved = await hands().submit(await openForm(), { colour: '8C1D40', logo: [fileOf('logo.png', drawing('#8c1d40'))] });
    expect(keysIn(saved)).toContain('feedback.look.saved');
    const { colour, logoPictureId } = await settings();
    expect(colour).toBe('#8c1d40');
    expect(JSON.stringify(saved)).toContain(`"picture","id":"${logoPictureId}"`);

    const door = await openFeatureDoor(company.bot);
    const { slug } = await database.db.feedbackPage.findFirstOrThrow();
    const { html } = await openPage(door, `/f/${slug}`);
    expect(html).toContain('--accent:#8c1d40');
    const [, address = ''] = /<img src="([^"]+)"/.exec(html) ?? [];
    const picture = await door.fetch(address);
    expect(picture.headers.get('Content-Type')).toBe('image/png');
    expect(picture.headers.get('Cache-Control')).toContain('max-age=31536000');
    expect((await picture.arrayBuffer()).byteLength).toBeLessThan(12_000);

    // Another logo has another address, and the old one leads nowhere.
    await hands().submit(await openForm(), { colour: '', logo: [fileOf('new.png', drawing('#00ff00'))] });
    expect((await door.fetch(address)).status).toBe(404);
    expect(await settings()).toMatchObject({ colour: null });
    expect(await database.db.picture.count()).toBe(1);
    await door.close(100);
    const verbs = (await database.db.auditEvent.findMany()).map(({ verb }) => verb).filter((verb) => /logo|colour/.test(verb));
    expect(verbs.sort()).toEqual(['feedback.colour_set', 'feedback.colour_set', 'feedback.logo_set', 'feedback.logo_set']);
  });

  it('come with a command where forms take no files', async () => {
    const set = await hands().command('customer logo', { files: [fileOf('logo.png', drawing('#123456'))] });
    expect(keysIn(set)).toContain('feedback.look.saved');
    expect((await settings()).logoPictureId).not.toBeNull();
    const shown = await hands().command('customer logo');
    expect(
      cardsOf(shown)
        .flatMap(buttonsOf)
        .map(({ id }) => id),
    ).toContain('feedback.logo_remove');
    expect(keysIn(await hands().click('feedback.logo_remove', shown))).toContain('feedback.look.removed');
    // Pressed once more on the old card: nothing is left to remove.
    await hands().click('feedback.logo_remove', shown);
    expect(await settings()).toMatchObject({ logoPictureId: null });
    expect(await database.db.picture.count()).toBe(0);
  });

  it('are refused for what is none, and everything else stays', async () => {
    const wrong = await hands().submit(await openForm(), { colour: 'blue', logo: [fileOf('logo.png', 'no picture')] });
    expect(keysIn(wrong)).toEqual(expect.arrayContaining(['feedback.errors.colour', 'feedback.errors.logo_unreadable']));
    const huge = await hands().submit(await openForm(), { logo: [fileOf('logo.png', Buffer.alloc(3_000_000))] });
    expect(huge.kind).toBe('errors');
    const sent = await hands().command('customer logo', { files: [fileOf('a.gif', 'GIF89a')] });
    expect(keysIn(sent)).toContain('feedback.errors.logo_refused');
    expect(await settings()).toMatchObject({ colour: null, logoPictureId: null });
    expect(keysIn(await company.bot.as(company.ana).command('customer logo'))).toContain('core.errors.role_needed');
  });

  it('of two managers at once leave one picture, and the last colour', async () => {
    const [one, other] = [await openForm(), await openForm()];
    const owner = company.bot.as(company.owner);
    await Promise.all([
      hands().submit(one, { logo: [fileOf('a.png', drawing('#111111'))] }),
      owner.submit(other, { logo: [fileOf('b.png', drawing('#222222'))] }),
    ]);
    expect(await database.db.picture.count()).toBe(1);
    await hands().submit(one, { colour: '#111111' });
    expect(keysIn(await owner.submit(other, { colour: '#222222' }))).toContain('feedback.look.saved_over');
    expect(await settings()).toMatchObject({ colour: '#222222' });
  });

  it('colours are read as people write them', () => {
    const typed: [string, string | null | undefined][] = [
      ['', null],
      ['#1F4B99', '#1f4b99'],
      ['1f4b99', '#1f4b99'],
      ['#fa0', '#ffaa00'],
      ['red', undefined],
      ['#12345', undefined],
      ['#1f4b99;}', undefined],
    ];
    for (const [text, colour] of typed) expect(readColour(text), text).toBe(colour);
  });
});
