import { primaryLanguage } from './language.js';
import type { Page } from './page.js';

/**
 * A page, feed or door for machines of a feature on the bot's own web door. Whoever has the address gets what is there:
 * what isn't for everybody has a part in its path that can't be guessed. `W` is the context of work in the organisation.
 * GET and POST of one path are two routes; HEAD is answered as GET is.
 */
export interface WebRoute<W> {
  readonly method: 'GET' | 'POST';
  /** `/calendar/:file`: it begins with a word of its own; parts with a colon arrive in `params`. */
  readonly path: string;
  /** POST alone. `form`: `application/x-www-form-urlencoded` in UTF-8, in `form`. `raw`: the bytes as they came, in `body`. */
  readonly takes?: 'form' | 'raw';
  /** The largest body, MAX_BODY_BYTES when it is left out. What is longer is told 413 and not read to its end. */
  readonly maxBytes?: number;
  /** Requests of one client in a minute; beyond it 429 with Retry-After. Without it there is no limit. */
  readonly limit?: { readonly perMinute: number };
  /** A public form: the request has its `submission`. Nothing is refused for it: that is for the feature to judge. */
  readonly guarded?: true;
  readonly run: (context: W, request: WebRequest) => Promise<WebReply>;
}

export interface WebRequest {
  /** Of the path, decoded: as whoever asks typed them, to be checked. */
  readonly params: Readonly<Record<string, string>>;
  /** Behind the question mark; of a name that comes more than once the first. */
  readonly query: Readonly<Record<string, string>>;
  /** BCP 47, what the reader likes most first; empty when nothing is told. */
  readonly acceptsLanguages: readonly string[];
  /** The `etag` of what the reader has already, as a reply gave it. Looked at by whoever answers, for a route that can save its work. */
  readonly ifNoneMatch?: string;
  /** By name in small letters; what came more than once is joined by commas. */
  readonly headers: Readonly<Record<string, string>>;
  /** Whose network it is (a /32 of IPv4, a /56 of IPv6), as a digest: the same for the same client, nobody's address. */
  readonly addressDigest: string;
  /** Of a route that takes `raw`. */
  readonly body?: Uint8Array;
  /** Of a route that takes `form`: values by name, in the order they came. Without the adapter's own fields. */
  readonly form?: Readonly<Record<string, readonly string[]>>;
  /** Of a guarded route. */
  readonly submission?: Submission;
}

/** What can be told of how a form was filled in. */
export interface Submission {
  /**
   * The ticket's id: the same for every sending of one page, so that the second one can be known as such.
   * A new one for a form whose ticket is missing or wrong: that can't be known again.
   */
  readonly id: string;
  /** Since the page was made; undefined when its ticket is missing, wrong, of another page or older than 24 hours. */
  readonly seconds: number | undefined;
  /** The field that only machines see was filled in. */
  readonly honeypot: boolean;
  /** Proof of work. `none`: no JavaScript, or it wasn't done. `wrong`: made up, of another ticket, or too old. */
  readonly proof: 'solved' | 'none' | 'wrong';
}

export type WebReply =
  | WebContent
  | WebPage
  | WebJson
  | WebRedirect
  /** The reader has it already. */
  | { readonly status: 304; readonly etag: string }
  /** Not here, no longer, or never was: the same words for all of them. */
  | { readonly status: 404 };

export interface WebContent {
  readonly status: 200;
  /** For instance `text/calendar; charset=utf-8`. */
  readonly mime: string;
  readonly content: string | Uint8Array;
  /** What it is called where it is saved. */
  readonly fileName?: string;
  /** `attachment` when it is left out and there is a file's name: nothing of ours opens by itself. */
  readonly disposition?: 'inline' | 'attachment';
  /** For so many seconds the reader may keep it without asking again; without it and `etag` nothing is kept. */
  readonly cacheSeconds?: number;
  /** Names this very content, without quotation marks: whoever has it is answered with 304. Made of the content for what may be kept. */
  readonly etag?: string;
}

/** Never kept by anybody. */
export interface WebPage {
  /** 400: the form has to be mended. 409: it doesn't fit what stands by now. 410: it was here, and is over. */
  readonly status: 200 | 400 | 404 | 409 | 410 | 413 | 422 | 429 | 503;
  readonly page: Page;
}

/** For machines. Never kept by anybody. */
export interface WebJson {
  readonly status: 200 | 201 | 202 | 400 | 401 | 403 | 404 | 409 | 410 | 413 | 415 | 422 | 429 | 503;
  readonly json: unknown;
  /** Further ones, such as Retry-After. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** "See the other page", after a form was taken: reading it again sends nothing twice. */
export interface WebRedirect {
  readonly status: 303;
  /** A path of ours, beginning with one slash. */
  readonly location: string;
}

export const notHere: WebReply = { status: 404 };

/** The largest body of a route that names no other, in bytes. */
export const MAX_BODY_BYTES = 65_536;

/** The first part of a route's path: `calendar`. */
export function doorOf(path: string): string {
  return path.split('/')[1] ?? '';
}

/** What was typed in a field of a form: the first value of that name, without spaces around it; undefined when there is nothing in it. */
export function typedIn(request: Pick<WebRequest, 'form'>, name: string): string | undefined {
  return request.form?.[name]?.[0]?.trim() || undefined;
}

/**
 * The language that suits a reader best.
 * @param wanted BCP 47, what the reader likes most first
 * @param offered BCP 47: `lv` also stands for a reader of `lv-LV`, `lv-LV` for one of `lv`
 * @returns one of `offered`; undefined when none of them is wanted
 */
export function bestLocale(wanted: readonly string[], offered: readonly string[]): string | undefined {
  for (const wish of wanted) {
    const exact = offered.find((locale) => locale.toLowerCase() === wish.toLowerCase());
    const found = exact ?? offered.find((locale) => primaryLanguage(locale) === primaryLanguage(wish));
    if (found !== undefined) return found;
  }
  return undefined;
}
