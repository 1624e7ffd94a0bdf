import { randomUUID } from 'node:crypto';
import type { Request } from 'express';

/** The id that the request has in the logs: pino-http's, where it stands before. */
export function idOf(request: Request): string {
  const given = 'id' in request && (typeof request.id === 'string' || typeof request.id === 'number') ? String(request.id) : undefined;
  if (given) return given;
  const made = randomUUID();
  Object.defineProperty(request, 'id', { value: made, configurable: true, writable: true });
  return made;
}

/** A claim of a token that has not been checked yet. */
export function claimOf(header: string, claim: string): string | undefined {
  try {
    const [scheme, token = ''] = header.split(' ');
    if (scheme !== 'Bearer') return undefined;
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    const value = typeof claims === 'object' && claims !== null ? Object.entries(claims).find(([name]) => name === claim)?.[1] : undefined;
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the key server, and not the token, is at fault. */
export function isOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error.name === 'FetchError' || error.name === 'AbortError' || ('statusCode' in error && error.statusCode === 500);
}
