import type { Request, RequestHandler } from 'express';
import { RESERVED_FIELDS } from '../../src/core/page.js';

/** More fields than any form of ours has. */
const MAX_FIELDS = 200;

/** A body that can't be taken: told to whoever sent it, and not to the log as a defect. */
export class BodyRefused extends Error {
  readonly status: 400 | 413 | 415;

  constructor(status: 400 | 413 | 415, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'BodyRefused';
    this.status = status;
  }
}

/** What is left of a refused body is thrown away as it comes, so that its sender gets to hear why; so many bytes and ms at most. */
const DISCARD = { bytes: 64_000_000, ms: 10_000 };

/**
 * Reads a body of `maxBytes` at most into `request.body` (a Buffer). A longer one is refused as soon as that is known: by its
 * announced length, or when so much has come (body-parser reads it to its end first). Compressed ones are not taken: they can be
 * anything inside.
 */
export function readBody(maxBytes: number): RequestHandler {
  return (request, _response, next) => {
    if ((request.get('Content-Encoding') ?? 'identity').toLowerCase() !== 'identity')
      return next(new BodyRefused(415, 'Compressed bodies are not taken.'));
    if (Number(request.get('Content-Length') ?? 0) > maxBytes) return next(new BodyRefused(413, 'The body is too long.'));
    const pieces: Buffer[] = [];
    let bytes = 0;
    const stop = (refused?: BodyRefused) => {
      request.off('data', take).off('end', end).off('error', broken).off('close', broken);
      next(refused);
    };
    const take = (piece: Buffer) => {
      bytes += piece.length;
      if (bytes > maxBytes) stop(new BodyRefused(413, 'The body is too long.'));
      else pieces.push(piece);
    };
    const end = () => {
      request.body = Buffer.concat(pieces);
      stop();
    };
    const broken = () => stop(new BodyRefused(400, 'The body ended before its end.'));
    request.on('data', take).on('end', end).on('error', broken).on('close', broken);
  };
}

/** Lets whoever is still sending come to an end, within bounds. */
export function discardRest(request: Request): void {
  if (request.complete || request.destroyed) return;
  let bytes = 0;
  const late = setTimeout(() => request.destroy(), DISCARD.ms);
  late.unref();
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > DISCARD.bytes) request.destroy();
  });
  request.once('close', () => clearTimeout(late));
  request.once('error', () => clearTimeout(late));
  request.resume();
}

/** Refuses what isn't a form in UTF-8 before it is read. */
export const formsOnly: RequestHandler = (request, _response, next) => {
  const given = request.get('Content-Type');
  const [type, ...parameters] = (given ?? '')
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  const charset = parameters
    .find((parameter) => parameter.startsWith('charset='))
    ?.slice('charset='.length)
    .replaceAll('"', '');
  const empty = given === undefined && (request.get('Content-Length') ?? '0') === '0' && request.get('Transfer-Encoding') === undefined;
  const right = type === 'application/x-www-form-urlencoded' && (charset === undefined || charset === 'utf-8' || charset === 'utf8');
  next(right || empty ? undefined : new BodyRefused(415, 'Only forms in UTF-8 are taken here.'));
};

/**
 * The fields of a form by their names, values in the order they came, line breaks as one character.
 * @throws BodyRefused for what is no such form: broken percent signs, other bytes than UTF-8, the character NUL, far too many fields
 */
export function parseForm(body: Buffer | undefined): Readonly<Record<string, readonly string[]>> {
  // No prototype: a field may be called "constructor".
  const fields: Record<string, string[]> = Object.create(null);
  if (!body || body.length === 0) return fields;
  const pairs = utf8(body).split('&', MAX_FIELDS + 1);
  if (pairs.length > MAX_FIELDS) throw new BodyRefused(400, 'The form has too many fields.');
  for (const pair of pairs) {
    if (pair === '') continue;
    const split = pair.indexOf('=');
    const name = decoded(split < 0 ? pair : pair.slice(0, split));
    const value = split < 0 ? '' : decoded(pair.slice(split + 1)).replaceAll(/\r\n?/g, '\n');
    fields[name] ??= [];
    fields[name].push(value);
  }
  return fields;
}

/** The form without the adapter's own fields. */
export function answersOf(fields: Readonly<Record<string, readonly string[]>>): Readonly<Record<string, readonly string[]>> {
  const own: ReadonlySet<string> = new Set(Object.values(RESERVED_FIELDS));
  return Object.assign(Object.create(null), Object.fromEntries(Object.entries(fields).filter(([name]) => !own.has(name))));
}

function utf8(body: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch (error) {
    throw new BodyRefused(400, 'The form is not in UTF-8.', { cause: error });
  }
}

function decoded(part: string): string {
  let text: string;
  try {
    text = decodeURIComponent(part.replaceAll('+', ' '));
  } catch (error) {
    throw new BodyRefused(400, 'The form can’t be read.', { cause: error });
  }
  // No keyboard has it, and PostgreSQL takes it in no text.
  if (text.includes('\0')) throw new BodyRefused(400, 'The form has a character that no text has.');
  return text;
}
