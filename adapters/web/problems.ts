import { randomBytes } from 'node:crypto';
import type { Request, Response } from 'express';
import type { Page } from '../../src/core/page.js';
import { key, type Localise, plain, type Text, words } from '../../src/core/text.js';
import { GUARDED } from './answer.js';
import { PROOF_SCRIPT } from './page-assets.js';
import { renderPage } from './pages/document.js';
import { sendZipped } from './zipped.js';

/** What went wrong, for people and for machines. */
export interface Problem {
  readonly status: number;
  /** For machines: `too_large`. */
  readonly code: string;
  readonly title: Text;
  readonly text: Text;
}

export const gone: Problem = { status: 404, code: 'not_found', title: key('core.web.gone_title'), text: key('core.web.gone') };

export const badForm: Problem = {
  status: 400,
  code: 'bad_request',
  title: key('core.web.bad_form.title'),
  text: key('core.web.bad_form.text'),
};

export const tooLarge: Problem = {
  status: 413,
  code: 'too_large',
  title: key('core.web.too_large.title'),
  text: key('core.web.too_large.text'),
};

/** @param allowed methods, as the header Allow has them */
export const wrongMethod = (allowed: string): Problem => ({
  status: 405,
  code: 'method_not_allowed',
  title: key('core.web.wrong_method.title'),
  text: key('core.web.wrong_method.text', { allowed: words(allowed) }),
});

export const wrongType: Problem = {
  status: 415,
  code: 'unsupported_media_type',
  title: key('core.web.wrong_type.title'),
  text: key('core.web.wrong_type.text'),
};

export const tooMany = (seconds: number): Problem => ({
  status: 429,
  code: 'too_many_requests',
  title: key('core.web.too_many.title'),
  text: key('core.web.too_many.text', { seconds }),
});

export const tryAgain: Problem = {
  status: 503,
  code: 'try_again',
  title: key('core.web.try_again.title'),
  text: key('core.web.try_again.text'),
};

export const unexpected = (requestId: string): Problem => ({
  status: 500,
  code: 'internal_error',
  title: key('core.web.unexpected.title'),
  text: key('core.web.unexpected.text', { request: words(requestId) }),
});

/** How a problem is told: as a page to browsers, else as JSON or as plain text. */
export type Manner = 'json' | 'text';

/**
 * Tells a problem in the language of whoever asks.
 * @param manner for those who don't say what they would like: programs of a door for machines read JSON
 */
export function answerProblem(request: Request, response: Response, problem: Problem, localise: Localise, manner: Manner = 'text'): void {
  const locale = localeOf(request, localise);
  const said = (text: Text) => plain(localise(text, { locale, zone: 'UTC' }));
  const kinds = manner === 'json' ? ['json', 'text', 'html'] : ['text', 'html', 'json'];
  response.set({ ...GUARDED, 'Cache-Control': 'no-store', Vary: 'Accept, Accept-Language' }).status(problem.status);
  switch (request.accepts(kinds)) {
    case 'html':
      sendPage(response, problemPage(problem, locale), { localise });
      return;
    case 'json':
      response.json({ error: { code: problem.code, message: said(problem.text) } });
      return;
    default:
      response.type('text/plain').send(said(problem.text));
  }
}

function problemPage({ title, text }: Problem, locale: string): Page {
  return { title, locale, zone: 'UTC', theme: { name: 'Bellhop' }, blocks: [{ kind: 'text', text }] };
}

/** The first language of the reader's that there are words in. */
function localeOf(request: Request, localise: Localise): string {
  const spoken = (locale: string) => plain(localise(key('core.web.language'), { locale, zone: 'UTC' }));
  const wanted = request.acceptsLanguages().find((locale) => locale.split('-')[0]?.toLowerCase() === spoken(locale));
  return wanted ?? 'en';
}

interface Sending {
  readonly localise: Localise;
  readonly publicUrl?: string | undefined;
  /** Of the page's forms. */
  readonly guard?: Parameters<typeof renderPage>[1]['guard'];
}

/** A page, under rules that let nothing run in it but its own script. Its status is set by whoever calls. */
export function sendPage(response: Response, page: Page, { localise, publicUrl, guard = noForms }: Sending): void {
  const nonce = randomBytes(16).toString('base64');
  const html = renderPage(page, { localise, nonce, script: PROOF_SCRIPT, guard, publicUrl });
  response.set({ ...GUARDED, 'Cache-Control': 'no-store', 'Content-Security-Policy': policy(nonce) }).type('text/html');
  sendZipped(response, Buffer.from(html));
}

function noForms(): never {
  throw new Error('A page that tells a problem has no forms.');
}

/** Nothing but what is ours: the style and the script by their nonce, pictures, the worker of the proof, forms to ourselves. */
const policy = (nonce: string): string =>
  [
    "default-src 'none'",
    `style-src 'nonce-${nonce}'`,
    `script-src 'nonce-${nonce}'`,
    "worker-src 'self'",
    "img-src 'self' data:",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ');
