import type { Browser, BrowserContext, Page as Tab } from 'playwright-core';
import { key, type Text } from '../../src/core/text.js';

/** A customer with a phone. */
export interface Phone {
  /** Opens an address in a window of its own. */
  open(address: string): Promise<OpenPage>;
  /** What a page asked others for, or its console complained about, in all windows. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

/** A public page on the phone's screen. */
export interface OpenPage {
  readonly tab: Tab;
  /** Chooses a step of a scale. */
  rate(question: Text, step: number, of?: number): Promise<void>;
  write(field: Text, words: string): Promise<void>;
  tick(field: Text): Promise<void>;
  choose(option: Text): Promise<void>;
  /** Sends the form; waits until this heading or notice stands there. */
  send(button: Text, says: Text): Promise<void>;
  /** All that can be read on it. */
  text(): Promise<string>;
  close(): Promise<void>;
}

/** What an ordinary phone shows: 390 × 844 points. */
const SCREEN = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true, locale: 'en-GB' } as const;

/** @param shows as an English customer reads it */
export async function openPhone(browser: Browser, shows: (text: Text) => string): Promise<Phone> {
  const context: BrowserContext = await browser.newContext(SCREEN);
  const complaints: string[] = [];
  context.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())));
  context.on('weberror', (error) => void complaints.push(error.error().message));
  return {
    complaints,
    close: () => context.close(),
    open: async (address) => {
      const tab = await context.newPage();
      tab.setDefaultTimeout(20_000);
      const { origin } = new URL(address);
      tab.on('request', (request) => {
        if (!request.url().startsWith(origin) && !/^(data|blob):/.test(request.url())) complaints.push(`asked for ${request.url()}`);
      });
      await tab.goto(address);
      return onTab(tab, shows);
    },
  };
}

function onTab(tab: Tab, shows: (text: Text) => string): OpenPage {
  return {
    tab,
    rate: async (question, step, most = 5) => {
      const scale = tab.getByRole('group', { name: shows(question) });
      await scale.getByRole('radio', { name: shows(key('core.page.scale_of', { step, most })) }).check({ force: true });
    },
    write: async (field, words) => await tab.getByLabel(shows(field)).fill(words),
    tick: async (field) => await tab.getByRole('checkbox', { name: shows(field) }).check({ force: true }),
    choose: async (option) => await tab.getByRole('radio', { name: shows(option), exact: true }).check({ force: true }),
    send: async (button, says) => {
      await tab.getByRole('button', { name: shows(button), exact: true }).click();
      await tab.getByText(shows(says)).first().waitFor();
    },
    text: async () => await tab.locator('main').innerText(),
    close: () => tab.close(),
  };
}
