/**
 * A page or feed of a feature on the bot's own web door. Whoever has the address gets what is there: what isn't
 * for everybody has a part in its path that can't be guessed. `W` is the context of work in the organisation.
 */
export interface WebRoute<W> {
  readonly method: 'GET';
  /** `/calendar/:file`: it begins with a word of its own; parts with a colon arrive in `params`. */
  readonly path: string;
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
}

export type WebReply =
  | WebContent
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

export const notHere: WebReply = { status: 404 };

/** The first part of a route's path: `calendar`. */
export function doorOf(path: string): string {
  return path.split('/')[1] ?? '';
}
