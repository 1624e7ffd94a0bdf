import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import express, { type ErrorRequestHandler, type Express } from 'express';
import { pinoHttp } from 'pino-http';
import type { TrustedProxies } from './config-proxy.js';
import { type Logger, requestFields } from './log.js';
import type { Metrics } from './metrics.js';

/** The paths that are told apart in the figures; everything else is "other". */
const ROUTES = ['/slack/events', '/api/messages', '/healthz', '/readyz', '/metrics', '/files', '/pictures'];
/** Asked every few seconds by machines: in the log only when something is wrong. */
const QUIET = new Set(['/healthz', '/readyz', '/metrics']);

export interface AppOptions {
  readonly log: Logger;
  readonly metrics: Pick<Metrics, 'httpRequest'>;
  /** First parts of further paths (`calendar`) that are told apart in the figures. */
  readonly doors?: readonly string[];
  /** Which proxies' word is taken for where a request comes from; none of them when it is left out. */
  readonly trustProxy?: TrustedProxies;
  /** Puts the doors of the platforms and the web on the app. Each parses its own bodies, after its check of who sent them. */
  readonly mount: (app: Express) => void;
}

/** The one Express app: request ids, the log, the figures, the doors, and what answers when no door fits. */
export function createApp({ log, metrics, doors = [], trustProxy = false, mount }: AppOptions): Express {
  const routes = [...ROUTES, ...doors.map((door) => `/${door}`)];
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('trust proxy', trustProxy);
  app.use(
    pinoHttp({
      logger: log,
      genReqId: requestId,
      quietReqLogger: true,
      customAttributeKeys: { reqId: 'requestId', responseTime: 'ms' },
      wrapSerializers: false,
      serializers: { req: requestFields, res: (response: ServerResponse) => ({ status: response.statusCode }) },
      customSuccessMessage: () => 'Request answered',
      customErrorMessage: () => 'Request failed',
      customLogLevel: (request, response, error) => {
        if (error || response.statusCode >= 500) return 'error';
        if (response.statusCode >= 400) return 'warn';
        return QUIET.has(pathOf(request)) ? 'trace' : 'info';
      },
    }),
  );
  app.use((request, response, next) => {
    const started = process.hrtime.bigint();
    response.on('finish', () => {
      const seconds = Number(process.hrtime.bigint() - started) / 1e9;
      metrics.httpRequest({ method: methodOf(request), route: routeOf(request, routes), status: response.statusCode }, seconds);
    });
    next();
  });
  mount(app);
  app.use((request, response) => {
    response.status(404).json({ error: 'not_found', requestId: request.id });
  });
  app.use(answerError);
  return app;
}

/** Refusals of the body parsers and of Express carry their status; everything else is a defect, told to the log alone. */
const answerError: ErrorRequestHandler = (error: unknown, request, response, next) => {
  if (response.headersSent) {
    next(error);
    return;
  }
  const status = statusOf(error);
  if (status >= 500) request.log.error({ err: error }, 'A request failed');
  else request.log.warn({ err: error }, 'A request was refused');
  response.status(status).json({ error: WORDS[status] ?? (status < 500 ? 'bad_request' : 'internal_error'), requestId: request.id });
};

const WORDS: Readonly<Record<number, string>> = { 401: 'unauthorised', 404: 'not_found', 413: 'too_large', 415: 'unsupported_media_type' };

function statusOf(error: unknown): number {
  if (typeof error !== 'object' || error === null) return 500;
  const { status, statusCode } = error as { status?: unknown; statusCode?: unknown };
  const claimed = typeof status === 'number' ? status : statusCode;
  return typeof claimed === 'number' && claimed >= 400 && claimed < 500 ? claimed : 500;
}

/** A proxy's id when it looks like one, so that its log and ours can be joined; one of our own otherwise. */
function requestId(request: IncomingMessage, response: ServerResponse): string {
  const given = request.headers['x-request-id'];
  const id = typeof given === 'string' && /^[\w.-]{8,64}$/.test(given) ? given : randomUUID();
  response.setHeader('X-Request-Id', id);
  return id;
}

/** Express cuts `url` down while a router is at work; `originalUrl` stays. */
function pathOf(request: IncomingMessage): string {
  const { originalUrl, url } = request as { originalUrl?: string; url?: string };
  return (originalUrl ?? url ?? '').split('?', 1)[0] ?? '';
}

function routeOf(request: IncomingMessage, routes: readonly string[]): string {
  const path = pathOf(request);
  return routes.find((route) => path === route || path.startsWith(`${route}/`)) ?? 'other';
}

/** Anything can be sent as a method; the figures keep few. */
function methodOf(request: IncomingMessage): string {
  const method = request.method ?? '';
  return ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS'].includes(method) ? method : 'other';
}
