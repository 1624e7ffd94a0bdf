import { type ErrorRequestHandler, type Request, type RequestHandler, type Response, Router } from 'express';
import type { Clock } from '../../src/core/clock.js';
import type { Localise } from '../../src/core/text.js';
import { doorOf, MAX_BODY_BYTES, type WebReply, type WebRequest, type WebRoute } from '../../src/core/web.js';
import { isDatabaseAway } from '../../src/people/db.js';
import type { Log, Vault } from '../../src/people/ports.js';
import { answersOf, BodyRefused, discardRest, formsOnly, parseForm, readBody } from './bodies.js';
import { createGuard, type Guard, pathOf } from './guard.js';
import { addressDigest, createWindows, limited, type Windows } from './limits.js';
import { pageAssets } from './page-assets.js';
import type { FormTicket } from './pages/form.js';
import {
  answerProblem,
  badForm,
  gone,
  type Manner,
  type Problem,
  sendPage,
  tooLarge,
  tooMany,
  tryAgain,
  unexpected,
  wrongMethod,
  wrongType,
} from './problems.js';
import { answerUnchanged, giveContent, giveJson, redirect, tagsOf } from './replies.js';

export interface FeatureRoutesOptions<W> {
  readonly routes: readonly WebRoute<W>[];
  /** Of the organisation that this installation serves, as it is now. */
  readonly context: () => Promise<W>;
  readonly localise: Localise;
  /** Signs the tickets of forms, and stands between an address and whoever counts it. */
  readonly vault: Vault;
  readonly clock: Clock;
  readonly log: Log;
  /** Where the bot is reached from outside, without a slash at the end. */
  readonly publicUrl?: string | undefined;
}

/**
 * The pages, forms, feeds and doors for machines of the features, as the registry has them. HEAD is answered as GET is. Whatever
 * isn't there is told in the same words, an address that can't be read too, so that nobody learns which ones were right once.
 */
export function featureRoutes<W>(options: FeatureRoutesOptions<W>): Router {
  const { routes, localise } = options;
  const router = Router();
  router.use(pageAssets());
  const guard = createGuard(options);
  const windows = createWindows();
  for (const route of routes) router[route.method === 'POST' ? 'post' : 'get'](route.path, ...handlersOf(route, options, guard, windows));
  const taking = routes.filter(({ method }) => method === 'POST');
  for (const path of new Set(taking.map((route) => route.path))) router.all(path, otherMethod(path, options));
  const answerGone: RequestHandler = (request, response) => answerProblem(request, response, gone, localise);
  for (const door of new Set(routes.map(({ path }) => doorOf(path)))) router.use(`/${door}`, answerGone);
  // Whoever looks for a page at an address of nobody's is told as kindly; machines are answered further on.
  router.use((request, response, next) => (request.accepts(['json', 'html']) === 'html' ? answerGone(request, response, next) : next()));
  const unreadable: ErrorRequestHandler = (error: unknown, request, response, next) =>
    error instanceof URIError ? answerGone(request, response, next) : next(error);
  router.use(unreadable);
  return router;
}

/**
 * A door that takes something is asked in another way than it knows. Every address of its path is told the same: nobody learns which
 * ones are right.
 */
function otherMethod<W>(path: string, { routes, localise }: FeatureRoutesOptions<W>): RequestHandler {
  const own = routes.filter((route) => route.path === path);
  const allowed = [...new Set(own.flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method])))].join(', ');
  const manner: Manner = own.some(({ takes }) => takes === 'raw') ? 'json' : 'text';
  return (request, response) => {
    response.set('Allow', allowed);
    answerProblem(request, response, wrongMethod(allowed), localise, manner);
    discardRest(request);
  };
}

/** One after another: how often, what kind, how long, and then the feature itself. */
function handlersOf<W>(route: WebRoute<W>, options: FeatureRoutesOptions<W>, guard: Guard, windows: Windows): RequestHandler[] {
  const { localise, vault, clock, log } = options;
  const manner: Manner = route.takes === 'raw' ? 'json' : 'text';
  const refuse = (request: Request, response: Response, problem: Problem) => {
    answerProblem(request, response, problem, localise, manner);
    discardRest(request);
  };
  const limit = route.limit && {
    ...route.limit,
    windows,
    route: `${route.method} ${route.path}`,
    vault,
    clock,
    refuse: (request: Request, response: Response, seconds: number) => {
      response.set('Retry-After', String(seconds));
      refuse(request, response, tooMany(seconds));
    },
  };
  const run: RequestHandler = async (request, response) => {
    if (Object.values(request.params).some((part) => part.includes('\0'))) return refuse(request, response, gone);
    const fields = route.takes === 'form' ? parseForm(bodyOf(request)) : undefined;
    const path = pathOf(request.originalUrl);
    const submission = route.guarded && (await guard.judge(fields ?? {}, path));
    const asked: WebRequest = {
      ...read(request),
      addressDigest: addressDigest(request, vault),
      ...(route.takes === 'raw' && { body: bodyOf(request) ?? new Uint8Array() }),
      ...(fields && { form: answersOf(fields) }),
      ...(submission && { submission }),
    };
    const reply = await route.run(await options.context(), asked);
    await answer(reply, request, response, { options, guard, manner, kept: fields && { path, ticket: guard.ticketIn(fields, path) } });
  };
  const failed: ErrorRequestHandler = (error: unknown, request, response, next) => {
    if (response.headersSent) return next(error);
    if (error instanceof BodyRefused) return refuse(request, response, REFUSALS[error.status]);
    const requestId = response.get('X-Request-Id') ?? '';
    log.error({ err: error, requestId }, 'A web request failed');
    if (isDatabaseAway(error)) response.set('Retry-After', '30');
    refuse(request, response, isDatabaseAway(error) ? tryAgain : unexpected(requestId));
  };
  return [
    ...(limit ? [limited(limit)] : []),
    ...(route.takes === 'form' ? [formsOnly] : []),
    ...(route.takes ? [readBody(route.maxBytes ?? MAX_BODY_BYTES)] : []),
    run,
    // Express tells them by their four parameters.
    failed as unknown as RequestHandler,
  ];
}

const REFUSALS: Readonly<Record<BodyRefused['status'], Problem>> = { 400: badForm, 413: tooLarge, 415: wrongType };

interface Answering<W> {
  readonly options: FeatureRoutesOptions<W>;
  readonly guard: Guard;
  readonly manner: Manner;
  /** Of the form that was sent. */
  readonly kept: { readonly path: string; readonly ticket: string | undefined } | undefined;
}

/** With these the visitor is asked to send the same form again, so that it stays the same sending. */
const SAME_SENDING: ReadonlySet<number> = new Set([400, 422, 429, 503]);

async function answer<W>(reply: WebReply, request: Request, response: Response, tools: Answering<W>): Promise<void> {
  const { options, guard, manner, kept } = tools;
  if ('page' in reply) {
    const tickets = new Map<object, FormTicket>();
    for (const block of reply.page.blocks) {
      if (block.kind !== 'form') continue;
      const same = kept !== undefined && SAME_SENDING.has(reply.status) && pathOf(block.form.action) === kept.path;
      tickets.set(block.form, await guard.ticketFor(block.form, same ? kept.ticket : undefined));
    }
    const ticketOf = (form: object): FormTicket => {
      const ticket = tickets.get(form);
      if (!ticket) throw new Error('A form of the page has no ticket.');
      return ticket;
    };
    response.status(reply.status);
    return sendPage(response, reply.page, { ...options, guard: ticketOf });
  }
  if ('json' in reply) return giveJson(response, reply);
  switch (reply.status) {
    case 303:
      return redirect(response, reply.location);
    case 304:
      return answerUnchanged(response, reply.etag);
    case 404:
      return answerProblem(request, response, gone, options.localise, manner);
    case 200:
      return giveContent(request, response, reply);
  }
}

const bodyOf = (request: Request): Buffer | undefined => (Buffer.isBuffer(request.body) ? request.body : undefined);

function read(request: Request): Omit<WebRequest, 'addressDigest'> {
  const had = tagsOf(request)[0]?.slice(1, -1);
  return {
    params: strings(request.params),
    query: strings(request.query),
    acceptsLanguages: request.acceptsLanguages().filter((language) => language !== '*'),
    headers: Object.fromEntries(
      Object.entries(request.headers).flatMap(([name, value]): [string, string][] =>
        value === undefined ? [] : [[name, typeof value === 'string' ? value : value.join(', ')]],
      ),
    ),
    ...(had !== undefined && { ifNoneMatch: had }),
  };
}

/** Of what comes more than once the first. No text has the character NUL, and PostgreSQL takes it in none. */
function strings(given: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(given).flatMap(([name, value]): [string, string][] => {
      const first: unknown = Array.isArray(value) ? value[0] : value;
      return typeof first === 'string' ? [[name, first.replaceAll('\0', '')]] : [];
    }),
  );
}
