import { openFeatureDoor, PUBLIC_URL } from './feature-door.js';
import type { TestBot } from './test-bot.js';
import { htmlWords, readPage } from './visitor.js';

/** A page that a customer's browser shows. */
export interface SeenPage {
  readonly status: number;
  readonly html: string;
  /** What is read on it. */
  readonly words: string;
  readonly headers: Headers;
  /** Its address, without ours. */
  readonly path: string;
}

/** Customers with browsers, at the bot's private pages. */
export interface CustomersDoor {
  /** @param address of an e-mail, or a path */
  open(address: string, languages?: string): Promise<SeenPage>;
  /** Fills in the form of a page and sends it; the page that comes then. */
  send(page: SeenPage, fields: Readonly<Record<string, string>>): Promise<SeenPage>;
  /** As `fetch`, for what no page would send. */
  fetch(address: string, init?: RequestInit): Promise<Response>;
  close(graceMs: number): Promise<void>;
}

/** @param bot the one whose pages they are: asked anew for each request */
export async function openCustomersDoor(bot: () => TestBot): Promise<CustomersDoor> {
  const door = await openFeatureDoor(bot);
  const see = async (answer: Response, address: string): Promise<SeenPage> => {
    const html = await answer.text();
    return { status: answer.status, headers: answer.headers, path: address.replace(PUBLIC_URL, ''), html, words: htmlWords(html) };
  };
  const open = async (address: string, languages = 'en'): Promise<SeenPage> =>
    await see(await door.fetch(address, { headers: { 'Accept-Language': languages, Accept: 'text/html' } }), address);
  return {
    open,
    fetch: door.fetch,
    close: door.close,
    send: async ({ status, html }, fields) => {
      const { action, hidden } = readPage(status, html);
      if (action === '') throw new Error(`There is no form: ${html}`);
      const body = new URLSearchParams({ ...hidden, ...fields });
      const answer = await door.fetch(action, { method: 'POST', body, headers: { Accept: 'text/html' } });
      const location = answer.headers.get('location');
      return answer.status === 303 && location ? await open(location) : await see(answer, action);
    },
  };
}

/** The links of an e-mail to private pages. */
export function linkIn(mail: { readonly text: string } | undefined): string {
  const found = /https:\/\/bellhop\.example\/c\/[0-9a-f.-]+/.exec(mail?.text ?? '')?.[0];
  if (!found) throw new Error(`There is no link: ${mail?.text}`);
  return found;
}
