import type { FeatureDoor } from './feature-door.js';

/** A page's form as a browser without JavaScript would send it. */
export interface OpenPage {
  readonly status: number;
  readonly html: string;
  /** Values of the form's hidden fields, its ticket among them. */
  readonly hidden: Readonly<Record<string, string>>;
  /** The form's own path. */
  readonly action: string;
  /** Names of everything that can be filled in. */
  readonly names: readonly string[];
}

/** Reads a page's only form. */
export function readPage(status: number, html: string): OpenPage {
  const [, action = '', form = ''] = /<form[^>]* action="([^"]*)"[^>]*>([\s\S]*?)<\/form>/.exec(html) ?? [];
  const tags = [...form.matchAll(/<(?:input|textarea|select)\b[^>]*>/g)].map(([tag]) => tag);
  const of = (tag: string, name: string) => unescaped(new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1] ?? '');
  const hidden = tags.filter((tag) => of(tag, 'type') === 'hidden').map((tag) => [of(tag, 'name'), of(tag, 'value')] as const);
  const names = tags.filter((tag) => of(tag, 'type') !== 'hidden').map((tag) => of(tag, 'name'));
  return { status, html, hidden: Object.fromEntries(hidden), action: unescaped(action), names: [...new Set(names)] };
}

const unescaped = (html: string): string =>
  html.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&#39;', "'").replaceAll('&amp;', '&');

/** What is read on a page. */
export function htmlWords(html: string): string {
  const shown = /<main>[\s\S]*<\/main>/.exec(html)?.[0] ?? html;
  return unescaped(shown.replaceAll(/<[a-z/!][^>]*>/g, ''));
}

export async function openPage(door: FeatureDoor, path: string, language = 'en'): Promise<OpenPage> {
  const response = await door.fetch(path, { headers: { 'Accept-Language': language, Accept: 'text/html' } });
  return readPage(response.status, await response.text());
}

/** What came of sending a form: the page that followed it. */
export interface Sent extends OpenPage {
  /** Where thanks were shown, when it was taken. */
  readonly location: string | undefined;
}

/** Sends a page's form, and follows to the thanks. */
export async function sendPage(door: FeatureDoor, page: OpenPage, values: Readonly<Record<string, string>>): Promise<Sent> {
  const response = await door.fetch(page.action, {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded', Accept: 'text/html' },
    body: new URLSearchParams({ ...page.hidden, ...values }),
  });
  const location = response.headers.get('Location') ?? undefined;
  const shown = location === undefined ? response : await door.fetch(location, { headers: { Accept: 'text/html' } });
  return { ...readPage(response.status, await shown.text()), location };
}
