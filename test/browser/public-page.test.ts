import { createRequire } from 'node:module';
import type { Browser, BrowserContextOptions, Page as Tab } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { WebReply, WebRequest, WebRoute } from '../../src/core/web.js';
import { startBrowser } from '../support/browser.js';
import { conversationPage, surveyPage, thanksPage, wrongPage } from '../support/survey.js';
import { openWebDoor, type WebDoor } from '../support/web-door.js';

// Public pages in a real browser of a phone's size: with and without JavaScript, by the keyboard alone, looked over by axe.

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const PHONE: BrowserContextOptions = { viewport: { width: 360, height: 740 }, locale: 'en-GB' };

let sent: WebRequest[];
const pages: Readonly<Record<string, WebReply>> = {
  lobby: { status: 200, page: surveyPage() },
  filled: { status: 200, page: surveyPage({ typed: { overall: '4', courtesy: '2', recommend: '9', consent: 'yes' } }) },
  wrong: { status: 400, page: wrongPage() },
  thanks: { status: 200, page: thanksPage },
  conversation: { status: 200, page: conversationPage },
};
const routes: readonly WebRoute<string>[] = [
  { method: 'GET', path: '/f/:slug', run: async (_context, { params }) => pages[params.slug ?? ''] ?? { status: 404 } },
  {
    method: 'POST',
    path: '/f/:slug',
    takes: 'form',
    guarded: true,
    limit: { perMinute: 1000 },
    run: async (_context, request) => {
      sent.push(request);
      const { overall, answer, words } = request.form ?? {};
      return {
        ...(overall && answer ? { status: 200, page: thanksPage } : { status: 400, page: wrongPage({ words: words?.[0] }) }),
      } as WebReply;
    },
  },
];

let door: WebDoor;
let browser: Browser;
let closeBrowser: (() => Promise<void>) | undefined;
beforeAll(async () => {
  [door, { browser, close: closeBrowser }] = await Promise.all([openWebDoor({ routes }), startBrowser()]);
}, 120_000);
afterAll(async () => {
  await closeBrowser?.();
  await door?.close(100);
});
beforeEach(() => {
  sent = [];
});

/** A window, and what its page complained about; closed after `act`. */
async function inTab(options: BrowserContextOptions, act: (tab: Tab) => Promise<void>): Promise<void> {
  const context = await browser.newContext({ ...PHONE, ...options });
  const complaints: string[] = [];
  const tab = await context.newPage();
  tab.on('pageerror', (error) => complaints.push(error.message));
  tab.on('console', (message) => {
    // The browser tells of every answer that isn't 200.
    if (message.type() === 'error' && !message.text().includes('the server responded with a status')) complaints.push(message.text());
  });
  const elsewhere: string[] = [];
  tab.on('request', (request) => {
    if (!request.url().startsWith(door.address) && !request.url().startsWith('data:')) elsewhere.push(request.url());
  });
  try {
    await act(tab);
    expect(complaints).toEqual([]);
    expect(elsewhere).toEqual([]);
    expect(await context.cookies()).toEqual([]);
  } finally {
    await context.close();
  }
}

const open = async (tab: Tab, slug: string) => void (await tab.goto(`${door.address}/f/${slug}`));
const submission = () => sent.at(-1)?.submission;

describe('axe finds nothing', { timeout: 60_000 }, () => {
  it.each(['light', 'dark'] as const)('in %s', async (colorScheme) => {
    await inTab({ colorScheme, bypassCSP: true }, async (tab) => {
      const found: Record<string, unknown> = {};
      for (const slug of [...Object.keys(pages), 'nowhere']) {
        await open(tab, slug);
        await tab.addScriptTag({ path: AXE });
        const { violations, passes } = await tab.evaluate(async () => {
          const { axe } = globalThis as unknown as {
            axe: { run(options: object): Promise<{ violations: Violation[]; passes: unknown[] }> };
          };
          return await axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] });
        });
        expect(passes.length).toBeGreaterThan(10);
        if (violations.length > 0) found[slug] = violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
      }
      console.log(`axe (${colorScheme}): ${Object.keys(pages).length + 1} pages, violations: ${JSON.stringify(found)}`);
      expect(found).toEqual({});
    });
  });
});

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string }[];
}

describe('a phone', () => {
  it('needs to scroll down only, and every target is 44 px high at least', async () => {
    for (const width of [320, 360, 1200])
      await inTab({ viewport: { width, height: 700 } }, async (tab) => {
        for (const slug of Object.keys(pages)) {
          await open(tab, slug);
          expect(await tab.evaluate(() => document.documentElement.scrollWidth), `${slug} ${width}`).toBeLessThanOrEqual(width);
          const low = await tab.$$eval(
            'a, button, select, textarea, .step, .tick, input:not([type=radio],[type=checkbox],[type=hidden],[tabindex])',
            (targets) =>
              targets
                .map((target) => ({ html: target.outerHTML.slice(0, 80), ...target.getBoundingClientRect().toJSON() }))
                .filter(({ width: wide, height }) => height > 0 && (height < 43.9 || wide < 43.9)),
          );
          expect(low, slug).toEqual([]);
        }
      });
  });

  it('shows the honeypot to nobody', async () => {
    await inTab({}, async (tab) => {
      await open(tab, 'lobby');
      expect(await tab.locator('input[name=website]').isVisible()).toBe(false);
      expect(await tab.getByRole('textbox').count()).toBe(2);
    });
  });
});

describe('without JavaScript', () => {
  it('a form is filled in, mended with what was typed, and sent', async () => {
    await inTab({ javaScriptEnabled: false }, async (tab) => {
      await open(tab, 'lobby');
      await tab.getByLabel('What happened?').fill('Cold <b>room</b>\nall night 🥶');
      await tab.getByRole('button', { name: 'Send' }).click();
      await tab.getByRole('link', { name: 'Overall: Please fill this in.' }).waitFor();
      expect(await tab.getByLabel('What happened?').inputValue()).toBe('Cold <b>room</b>\nall night 🥶');
      const first = submission();
      expect(first).toMatchObject({ honeypot: false, proof: 'none', seconds: expect.any(Number) });

      await tab.getByRole('group', { name: 'Overall' }).getByRole('radio', { name: '2 of 5' }).check();
      await tab.getByRole('radio', { name: 'No, thank you' }).check();
      await tab.getByRole('group', { name: 'Courtesy' }).getByRole('radio', { name: '5 of 5' }).check();
      await tab.getByRole('group', { name: 'Courtesy' }).getByRole('radio', { name: 'No answer' }).check();
      await tab.getByRole('button', { name: 'Send' }).click();
      await tab.getByRole('heading', { name: 'Thank you' }).waitFor();
      expect({ ...sent[1]?.form }).toMatchObject({
        overall: ['2'],
        answer: ['no'],
        courtesy: [''],
        words: ['Cold <b>room</b>\nall night 🥶'],
        version: ['3'],
      });
      // The same sending, though it took two.
      expect(submission()).toMatchObject({ id: first?.id });
    });
  });
});

describe('with JavaScript', () => {
  it('a form carries its proof of work, without anybody waiting for it', async () => {
    await inTab({}, async (tab) => {
      await open(tab, 'lobby');
      const began = Date.now();
      await tab.waitForFunction(() => (document.querySelector('input[name=form-proof]') as HTMLInputElement).value !== '');
      console.log(`The proof of work took ${Date.now() - began} ms here.`);
      await fillIn(tab);
      await tab.getByRole('button', { name: 'Send' }).click();
      await tab.getByRole('heading', { name: 'Thank you' }).waitFor();
      expect(submission()).toMatchObject({ honeypot: false, proof: 'solved' });
      expect(sent).toHaveLength(1);
    });
  });

  it('that is sent at once waits for its proof a moment, and goes once however often it is pressed', async () => {
    await inTab({}, async (tab) => {
      await open(tab, 'lobby');
      await fillIn(tab);
      await tab.getByRole('button').evaluate((button) => {
        for (let time = 0; time < 3; time++) (button as HTMLButtonElement).click();
      });
      await tab.getByRole('heading', { name: 'Thank you' }).waitFor();
      expect(submission()).toMatchObject({ proof: 'solved' });
      expect(sent).toHaveLength(1);
    });
  });

  it('goes without a proof where none can be made', async () => {
    await inTab({}, async (tab) => {
      await tab.route('**/proof-worker.js', (route) => route.abort());
      await open(tab, 'lobby').catch(() => {});
      await fillIn(tab);
      await tab.getByRole('button', { name: 'Send' }).click();
      await tab.getByRole('heading', { name: 'Thank you' }).waitFor();
      expect(submission()).toMatchObject({ proof: 'none' });
    });
  });
});

async function fillIn(tab: Tab): Promise<void> {
  await tab.getByRole('group', { name: 'Overall' }).getByRole('radio', { name: '4 of 5' }).check();
  await tab.getByRole('radio', { name: 'Yes, by e-mail' }).check();
}

describe('the keyboard alone', () => {
  it('reaches everything in order, shows where it is, and sends', async () => {
    await inTab({}, async (tab) => {
      await open(tab, 'lobby');
      const seen: string[] = [];
      const press = async (name: string) => {
        await tab.keyboard.press(name);
        const now = await tab.evaluate(() => {
          const active = document.activeElement as HTMLInputElement;
          const shown = active.matches('.step input') ? (active.nextElementSibling as Element) : active;
          return { name: active.name || active.textContent?.trim() || '', outline: getComputedStyle(shown).outlineStyle };
        });
        expect(now.outline, now.name).toBe('solid');
        seen.push(now.name);
      };
      await press('Tab');
      await press('Tab');
      await press('Tab');
      for (let time = 0; time < 3; time++) await press('ArrowRight');
      for (let time = 0; time < 5; time++) await press('Tab');
      await press('Space');
      for (let time = 0; time < 3; time++) await press('Tab');
      expect(seen).toEqual([
        'English',
        'Latviešu',
        ...['overall', 'overall', 'overall', 'overall'],
        ...['courtesy', 'recommend', 'words', 'served', 'answer', 'answer', 'email', 'consent', 'Send'],
      ]);
      await tab.keyboard.press('Enter');
      await tab.getByRole('heading', { name: 'Thank you' }).waitFor();
      expect({ ...sent[0]?.form }).toMatchObject({ overall: ['4'], answer: ['yes'] });
    });
  });

  it('is led to what has to be mended', async () => {
    await inTab({}, async (tab) => {
      await open(tab, 'wrong');
      expect(await tab.evaluate(() => document.activeElement?.id)).toBe('problems');
      await tab.getByRole('link', { name: 'E-mail: This is no e-mail address.' }).focus();
      await tab.keyboard.press('Enter');
      await tab.waitForFunction(() => document.activeElement?.id === 'f0-email');
    });
  });
});
