import type { Log } from '../../src/people/ports.js';

export interface Logged {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly fields: object;
  readonly message: string;
}

/** A log that keeps what it is told, and shows nothing. */
export function memoryLog(lines: Logged[] = []): Log & { readonly lines: readonly Logged[] } {
  const keep = (level: Logged['level']) => (fields: object, message: string) => void lines.push({ level, fields, message });
  return { lines, debug: keep('debug'), info: keep('info'), warn: keep('warn'), error: keep('error'), child: () => memoryLog(lines) };
}
