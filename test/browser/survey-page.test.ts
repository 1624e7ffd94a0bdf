import { createRequire } from 'node:module';
import { createCanvas } from '@napi-rs/canvas';
import type { Browser, BrowserContextOptions, Page as Tab } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { keepPicture } from '../../src/delivery/pictures.js';
import { inTransaction } from '../../src/people/db.js';
import { createLocaliser } from '../../src/runtime/localise.js';
import { startBrowser } from '../support/browser.js';
import { type CustomerCompany, customerCompany } from '../support/customer-company.js';
import { useDatabase } from '../support/database.js';
import { type FeatureDoor, openFeatureDoor, PUBLIC_URL } from '../support/feature-door.js';

// The survey page on a phone: looked over by axe, weighed, filled in with the keyboard alone and without JavaScript.

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const PHONE: BrowserContextOptions = { viewport: { width: 390, height: 844 }, locale: 'en-GB' };
/** 12 KB, the largest that papers make, of noise that nothing makes smaller. */
const LOGO = { width: 320, height: 96 };

const database = useDatabase();
let browser: Browser;
let closeBrowser: (() => Promise<void>) | undefined;
let company: CustomerCompany;
let door: FeatureDoor;

beforeAll(async () => {
  ({ browser, close: closeBrowser } = await startBrowser());
}, 120_000);
afterAll(async () => {
  await closeBrowser?.();
  await door?.close(100);
});
beforeEach(async () => {
  await door?.close(100);
  await database.reset();
  company = await customerCompany(database, undefined, { setup: { publicUrl: PUBLIC_URL, localise: createLocaliser() } });
  door = await openFeatureDoor(company.bot);
  const { db } = database;
  const organisationId = company.bot.organisation.id;
  const now = company.bot.clock.now();
  const logoPictureId = await inTransaction(db, (tx) => keepPicture(tx, { organisationId, mime: 'image/png', content: noisyLogo() }, now));
  await db.feedbackSettings.updateMany({ data: { colour: '#ffd23f', logoPictureId } });
  const questions = await db.feedbackQuestion.findMany();
  // Every kind of question that there is, and all that a page may ask.
  await db.feedbackQuestion.updateMany({ where: { key: 'waiting' }, data: { kind: 'smileys' } });
  const words = { en: 'You were at our bakery. How was it?', lv: 'Jūs bijāt mūsu maiznīcā. Kā bija?' };
  await db.feedbackPage.updateMany({
    data: {
      slug: 'old-town',
      name: 'Old Town',
      asksServedBy: true,
      questionIds: questions.map(({ id }) => id),
      intro: words,
      thanks: words,
    },
  });
});

function noisyLogo(): Uint8Array {
  const canvas = createCanvas(LOGO.width, LOGO.height);
  const context = canvas.getContext('2d');
  const pixels = context.createImageData(84, 96);
  for (let index = 0; index < pixels.data.length; index++) pixels.data[index] = (index * 2_654_435_761) >>> 24;
  context.putImageData(pixels, 0, 0);
  return canvas.toBuffer('image/png');
}

async function inTab<T>(options: BrowserContextOptions, act: (tab: Tab) => Promise<T>): Promise<T> {
  const context = await browser.newContext({ ...PHONE, ...options });
  const tab = await context.newPage();
  const complaints: string[] = [];
  tab.on('pageerror', (error) => complaints.push(error.message));
  try {
    const done = await act(tab);
    expect(complaints).toEqual([]);
    expect(await context.cookies()).toEqual([]);
    return done;
  } finally {
    await context.close();
  }
}

const path = '/f/old-town';
const entries = async () => await database.db.feedback.findMany({ include: { ratings: true } });
const send = async (tab: Tab) => await tab.locator('form button').click();

async function violations(tab: Tab): Promise<readonly unknown[]> {
  await tab.addScriptTag({ path: AXE });
  const found = await tab.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(options: object): Promise<{ violations: Violation[]; passes: unknown[] }> } };
    return await axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] });
  });
  expect(found.passes.length).toBeGreaterThan(10);
  return found.violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
}

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string }[];
}

describe('axe finds nothing', { timeout: 90_000 }, () => {
  it.each([
    ['light', 'en'],
    ['dark', 'lv'],
  ] as const)('in %s, %s', async (colorScheme, locale) => {
    await inTab({ colorScheme, locale, bypassCSP: true }, async (tab) => {
      const found: Record<string, readonly unknown[]> = {};
      const look = async (name: string) => {
        found[name] = await violations(tab);
        expect(await tab.evaluate(() => document.documentElement.scrollWidth), name).toBeLessThanOrEqual(390);
      };
      await tab.goto(`${door.address}${path}`);
      expect(await tab.locator('html').getAttribute('lang')).toBe(locale);
      await look('questions');
      await tab.locator('[name=contact-email]').fill('nobody');
      await send(tab);
      await tab.locator('#problems').waitFor();
      await look('errors');
      await tab.locator('[name=contact-email]').fill('ieva@example.com');
      await tab.locator('[name=consent]').check();
      await tab.locator('[name=q-do_better]').fill('Fewer queues.');
      const sentOnce = await tab.locator('[name=form-ticket]').inputValue();
      await send(tab);
      await tab.waitForURL(/\/thanks\//);
      await look('thanks');
      await tab.goto(`${door.address}${path}`);
      await tab.locator('[name=form-ticket]').evaluate((ticket, value) => {
        (ticket as HTMLInputElement).value = value;
      }, sentOnce);
      await tab.locator('[name=q-do_better]').fill('Something else.');
      await send(tab);
      await tab.locator('.notice').waitFor();
      await look('sent already');
      await database.db.feedbackPage.updateMany({ data: { closedAt: company.bot.clock.now() } });
      await tab.goto(`${door.address}${path}`);
      await look('closed');
      console.log(`axe (${colorScheme}, ${locale}): ${Object.keys(found).join(', ')}: ${JSON.stringify(Object.values(found).flat())}`);
      expect(Object.values(found).flat()).toEqual([]);
      expect(await entries()).toHaveLength(1);
    });
  });
});

describe('A phone', { timeout: 60_000 }, () => {
  it('loads less than 60 KB with logo and script, all of it from here', async () => {
    await inTab({}, async (tab) => {
      const weights: Record<string, number> = {};
      const elsewhere: string[] = [];
      tab.on('response', (response) => {
        const { pathname, origin } = new URL(response.url());
        if (origin === door.address) weights[pathname] = Number(response.headers()['content-length'] ?? Number.NaN);
        else if (origin !== 'null') elsewhere.push(origin);
      });
      await tab.goto(`${door.address}${path}?lang=lv`);
      await tab.waitForFunction(() => (document.querySelector('input[name=form-proof]') as HTMLInputElement).value !== '');
      expect(elsewhere).toEqual([]);
      const total = Object.values(weights).reduce((sum, bytes) => sum + bytes, 0);
      console.log(`The survey page weighs ${total} bytes on the way: ${JSON.stringify(weights)}`);
      expect(Object.keys(weights).some((name) => name.includes('/logo/'))).toBe(true);
      expect(total).toBeLessThan(60_000);
      // The logo is there, and looks like one.
      expect(await tab.locator('header img').evaluate((picture) => (picture as HTMLImageElement).naturalWidth)).toBe(LOGO.width);
    });
  });

  it('sends a complaint once, however often the button is pressed, and can be read again', async () => {
    await inTab({}, async (tab) => {
      await tab.goto(`${door.address}${path}?via=card`);
      await tab.locator('input[name=q-overall][value="1"]').check({ force: true });
      await tab.locator('[name=q-do_better]').fill('I waited for an hour.');
      await tab.getByRole('button', { name: 'Send' }).evaluate((button) => {
        for (let time = 0; time < 3; time++) (button as HTMLButtonElement).click();
      });
      await tab.waitForURL(/\/thanks\//);
      const reference = await tab.locator('dd').textContent();
      await tab.reload();
      expect(await tab.locator('dd').textContent()).toBe(reference);
      await tab.getByRole('link', { name: 'Latviešu' }).click();
      await tab.getByRole('heading', { name: 'Paldies!' }).waitFor();
      expect(await tab.locator('dd').textContent()).toBe(reference);
      // Back to the form, and sent again as it was.
      await tab.goto(`${door.address}${path}?via=card`);
      const [entry, ...others] = await entries();
      expect(others).toEqual([]);
      expect(entry).toMatchObject({ source: 'card', kind: 'complaint', stars: 1, doubts: [] });
      expect(reference?.replace('-', '')).toBe(entry?.reference);
    });
  });

  it('works without JavaScript', async () => {
    await inTab({ javaScriptEnabled: false }, async (tab) => {
      await tab.goto(`${door.address}${path}`);
      await tab.getByRole('button', { name: 'Send' }).click();
      await tab.getByText('There is nothing to send yet').first().waitFor();
      await tab
        .getByRole('group', { name: 'Was the waiting time all right?' })
        .getByRole('radio', { name: '2 of 5' })
        .check({ force: true });
      await tab.getByRole('group', { name: 'How likely' }).getByRole('radio', { name: '0 of 10', exact: true }).check({ force: true });
      await tab.getByRole('radio', { name: 'Complaint' }).check();
      await tab.getByLabel('Who served you?').fill('Anna');
      company.bot.clock.forward({ seconds: 30 });
      await tab.getByRole('button', { name: 'Send' }).click();
      await tab.getByRole('heading', { name: 'Thank you!' }).waitFor();
      const [entry] = await entries();
      expect(entry).toMatchObject({ kind: 'complaint', servedBy: 'Anna', doubts: [] });
      expect(entry?.ratings.map(({ value }) => value).sort()).toEqual([0, 2]);
    });
  });

  it('needs no finger: the keyboard alone fills it in and sends it', async () => {
    await inTab({}, async (tab) => {
      await tab.goto(`${door.address}${path}`);
      const tabTo = async (name: string) => {
        for (let presses = 0; presses < 40; presses++) {
          await tab.keyboard.press('Tab');
          const now = await tab.evaluate(() => {
            const active = document.activeElement as HTMLInputElement;
            const shown = active.matches('.step input') ? (active.nextElementSibling as Element) : active;
            return { name: active.name || active.textContent?.trim(), outline: getComputedStyle(shown).outlineStyle };
          });
          expect(now.outline, now.name).toBe('solid');
          if (now.name === name) return;
        }
        throw new Error(`The keyboard doesn’t reach ${name}.`);
      };
      await tabTo('q-overall');
      await tab.keyboard.press('Space');
      await tab.keyboard.press('ArrowRight');
      await tabTo('q-do_better');
      await tab.keyboard.type('Quieter music, please.');
      await tabTo('contact-email');
      await tab.keyboard.type('ieva@example.com');
      await tabTo('consent');
      await tab.keyboard.press('Space');
      await tabTo('Send');
      await tab.keyboard.press('Enter');
      await tab.waitForURL(/\/thanks\//);
      const [entry] = await entries();
      expect(entry).toMatchObject({
        stars: 2,
        contactHash: expect.any(String),
        consentLocale: 'en',
        words: [{ words: 'Quieter music, please.' }],
      });
    });
  });
});
