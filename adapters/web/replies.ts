import { createHash } from 'node:crypto';
import type { Request, Response } from 'express';
import type { WebContent, WebJson } from '../../src/core/web.js';
import { disposition, GUARDED } from './answer.js';
import { ourPath } from './pages/links.js';

/** An address is a capability: no proxy may keep what is there, and its reader asks whether it has changed. */
const KEPT_BY_ONE = 'private, no-cache';

export function giveContent(
  request: Request,
  response: Response,
  { mime, content, fileName, disposition: kind, cacheSeconds, etag }: WebContent,
): void {
  const body = typeof content === 'string' ? Buffer.from(content) : Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  response.set({ ...GUARDED, 'Content-Type': mime });
  if (fileName !== undefined) response.set('Content-Disposition', disposition(kind ?? 'attachment', fileName));
  if (cacheSeconds === undefined && etag === undefined) response.set('Cache-Control', 'no-store');
  else {
    response.set('Cache-Control', cacheSeconds === undefined ? KEPT_BY_ONE : `private, max-age=${cacheSeconds}`);
    const tag = etag ?? createHash('sha256').update(body).digest('base64url').slice(0, 27);
    response.set('ETag', quoted(tag));
    // Express would send it again to whoever says `no-cache`, as some clients do with every question for news (RFC 9110, 13.1.2).
    if (tagsOf(request).includes(quoted(tag))) return void response.status(304).end();
  }
  response.send(body);
}

export function answerUnchanged(response: Response, etag: string): void {
  response
    .set({ ...GUARDED, ETag: quoted(etag), 'Cache-Control': KEPT_BY_ONE })
    .status(304)
    .end();
}

export function giveJson(response: Response, { status, json, headers }: WebJson): void {
  response
    .set({ ...GUARDED, 'Cache-Control': 'no-store', ...headers })
    .status(status)
    .json(json);
}

/** @throws Error when it would lead elsewhere */
export function redirect(response: Response, location: string): void {
  const path = ourPath(location);
  if (path === undefined) throw new Error('A page may lead to a path of ours only.');
  response
    .set({ ...GUARDED, 'Cache-Control': 'no-store', Location: path })
    .status(303)
    .end();
}

const quoted = (etag: string): string => `"${etag.replace(/[^\x21\x23-\x7e]/g, '')}"`;

/** What the reader has already, each in its quotation marks; weak ones are as good. */
export const tagsOf = (request: Request): readonly string[] => request.get('If-None-Match')?.match(/"[^"]*"/g) ?? [];
