import { featureRoutes } from '../../adapters/web/routes.js';
import { answerRoute, linkRoute } from '../../src/features/feedback/replying/routes.js';
import type { WorkContext } from '../../src/people/handlers.js';
import { createApp } from '../../src/runtime/app.js';
import { createLocaliser } from '../../src/runtime/localise.js';
import { createLog } from '../../src/runtime/log.js';
import { type Listening, listen } from '../../src/runtime/server.js';
import { silentLog, testVault } from './builders.js';
import { contextOf } from './customer-company.js';
import type { TestBot } from './test-bot.js';

/** Where the bot of these tests can be reached. */
export const PUBLIC_URL = 'https://bellhop.example';

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
export interface CustomersDoor extends Listening {
  /** @param address of an e-mail, or a path */
  open(address: string, languages?: string): Promise<SeenPage>;
  /** Fills in the form of a page and sends it; the page that comes then. */
  send(page: SeenPage, fields: Readonly<Record<string, string>>): Promise<SeenPage>;
}

/** @param bot the one whose pages they are: asked anew for each request */
export async function openCustomersDoor(bot: () => TestBot): Promise<CustomersDoor> {
  const app = createApp({
    log: createLog({ level: 'silent', destination: { write: () => {} } }),
    metrics: { httpRequest: () => {} },
    doors: ['c'],
    mount: (express) =>
      express.use((request, response, next) =>
        featureRoutes<WorkContext>({
          routes: [linkRoute, answerRoute],
          context: async () => await contextOf(bot()),
          localise: createLocaliser(),
          vault: testVault,
          clock: bot().clock,
          log: silentLog,
        })(request, response, next),
      ),
  });
  const door = await listen(app, '127.0.0.1', 0);
  const see = async (answer: Response, path: string): Promise<SeenPage> => {
    const html = await answer.text();
    return { status: answer.status, headers: answer.headers, path, html, words: wordsOf(html) };
  };
  const open = async (address: string, languages = 'en'): Promise<SeenPage> => {
    const path = address.replace(PUBLIC_URL, '');
    return await see(await fetch(`${door.address}${path}`, { headers: { 'Accept-Language': languages, Accept: 'text/html' } }), path);
  };
  return {
    ...door,
    open,
    send: async ({ html }, fields) => {
      const form = /<form[^>]*action="([^"]+)"[\s\S]*?<\/form>/.exec(html);
      if (!form?.[1]) throw new Error(`There is no form: ${html}`);
      const hidden = [...form[0].matchAll(/<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?/g)].map(([, name = '', value = '']) => [
        name,
        value,
      ]);
      const path = form[1].replaceAll('&amp;', '&');
      const answer = await fetch(`${door.address}${path}`, {
        method: 'POST',
        body: new URLSearchParams({ ...Object.fromEntries(hidden), ...fields }),
        redirect: 'manual',
        headers: { Accept: 'text/html' },
      });
      const location = answer.headers.get('location');
      return answer.status === 303 && location ? await open(location) : await see(answer, path);
    },
  };
}

function wordsOf(html: string): string {
  const shown = /<main>[\s\S]*<\/main>/.exec(html)?.[0] ?? html;
  return shown
    .replaceAll(/<[a-z/!][^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
}

/** The links of an e-mail to private pages. */
export function linkIn(mail: { readonly text: string } | undefined): string {
  const found = /https:\/\/bellhop\.example\/c\/[0-9a-f.-]+/.exec(mail?.text ?? '')?.[0];
  if (!found) throw new Error(`There is no link: ${mail?.text}`);
  return found;
}
