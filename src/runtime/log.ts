import type { IncomingMessage } from 'node:http';
import { type DestinationStream, type Logger, pino, stdSerializers } from 'pino';
import type { LogLevel } from './config.js';

export type { Logger } from 'pino';

/** What no log line may show, wherever it stands. */
const SECRETS = [
  'token',
  'secret',
  'password',
  'authorization',
  'cookie',
  'email',
  'appPassword',
  'signingSecret',
  'botToken',
  'appToken',
  'databaseUrl',
];

/**
 * The structured log: a JSON line for each event, with ids, codes and counts.
 * @param destination standard output when it is left out
 */
export function createLog(options: { readonly level: LogLevel; readonly destination?: DestinationStream }): Logger {
  const settings = {
    level: options.level,
    base: undefined,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '[redacted]' },
    serializers: { err: errorFields },
  };
  return options.destination ? pino(settings, options.destination) : pino(settings);
}

/**
 * An error without whatever libraries hang on it: requests with tokens, rows with people's words.
 * Messages of the database's `detail` quote values, so only its codes are kept.
 */
function errorFields(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) };
  const { type, message, stack } = stdSerializers.err(error);
  const code = 'code' in error && (typeof error.code === 'string' || typeof error.code === 'number') ? { code: error.code } : {};
  return { type, message, stack, ...code };
}

/** A request in the log: the path alone, since queries and links can carry secrets. */
export function requestFields(request: IncomingMessage): object {
  // Express cuts `url` down while a router is at work.
  const { originalUrl } = request as { originalUrl?: string };
  return { method: request.method, path: safePath(originalUrl ?? request.url ?? '') };
}

/** What follows the first part of any other path may be a link that can't be guessed, mistyped or not. */
const PLAIN_PATHS: ReadonlySet<string> = new Set(['/slack/events', '/api/messages']);

function safePath(url: string): string {
  const path = url.split('?', 1)[0] ?? '';
  return PLAIN_PATHS.has(path) ? path : path.replace(/^(\/*[^/]*)\/.*/, '$1/[link]');
}
