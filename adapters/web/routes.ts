import { createHash } from 'node:crypto';
import { type ErrorRequestHandler, type Request, type RequestHandler, type Response, Router } from 'express';
import type { Localise } from '../../src/core/text.js';
import { doorOf, type WebContent, type WebRequest, type WebRoute } from '../../src/core/web.js';
import { answerGone, disposition, GUARDED } from './answer.js';

export interface FeatureRoutesOptions<W> {
  readonly routes: readonly WebRoute<W>[];
  /** Of the organisation that this installation serves, as it is now. */
  readonly context: () => Promise<W>;
  readonly localise: Localise;
}

/**
 * The pages and feeds of the features, as the registry has them. HEAD is answered as GET is. Whatever isn't there is told
 * in the same words, an address that can't be read too, so that nobody learns which ones were right once.
 */
export function featureRoutes<W>({ routes, context, localise }: FeatureRoutesOptions<W>): Router {
  const router = Router();
  const gone: RequestHandler = (request, response) => answerGone(request, response, 'core.web.gone', localise);
  for (const route of routes) {
    router.get(route.path, async (request, response, next): Promise<void> => {
      const reply = await route.run(await context(), read(request));
      if (reply.status === 404) return void gone(request, response, next);
      response.set(GUARDED);
      if (reply.status === 304)
        response
          .set({ ETag: quoted(reply.etag), 'Cache-Control': KEPT_BY_ONE })
          .status(304)
          .end();
      else give(request, response, reply);
    });
  }
  for (const door of new Set(routes.map(({ path }) => doorOf(path)))) router.use(`/${door}`, gone);
  const unreadable: ErrorRequestHandler = (error: unknown, request, response, next) =>
    error instanceof URIError ? gone(request, response, next) : next(error);
  router.use(unreadable);
  return router;
}

/** An address is a capability: no proxy may keep what is there, and its reader asks whether it has changed. */
const KEPT_BY_ONE = 'private, no-cache';

function give(request: Request, response: Response, { mime, content, fileName, disposition: kind, cacheSeconds, etag }: WebContent): void {
  const body = typeof content === 'string' ? Buffer.from(content) : Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  response.set('Content-Type', mime);
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

const quoted = (etag: string): string => `"${etag.replace(/[^\x21\x23-\x7e]/g, '')}"`;

/** What the reader has already, each in its quotation marks; weak ones are as good. */
const tagsOf = (request: Request): readonly string[] => request.get('If-None-Match')?.match(/"[^"]*"/g) ?? [];

function read(request: Request): WebRequest {
  const had = tagsOf(request)[0]?.slice(1, -1);
  return {
    params: strings(request.params),
    query: strings(request.query),
    acceptsLanguages: request.acceptsLanguages().filter((language) => language !== '*'),
    ...(had !== undefined && { ifNoneMatch: had }),
  };
}

/** Of what comes more than once the first. */
function strings(given: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(given).flatMap(([name, value]): [string, string][] => {
      const first: unknown = Array.isArray(value) ? value[0] : value;
      return typeof first === 'string' ? [[name, first]] : [];
    }),
  );
}
