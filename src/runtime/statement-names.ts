import { createHash } from 'node:crypto';

/** A text gets a name when it is sent so often within so many milliseconds. */
const OFTEN = 10;
const WITHIN_MS = 10_000;
/** Each is kept by every connection, at the server too. */
const MOST_NAMES = 300;
/** Texts that are counted at a time; lists of parameters make ever new ones. */
const MOST_TEXTS = 1_000;

/**
 * What comes as "all columns" changes with a migration, and PostgreSQL refuses a prepared statement whose columns have
 * changed ("cached plan must not change result type"): a process of the release before would stumble over it.
 */
const ALL_COLUMNS = /[\w"]\.\*|\bSELECT\s+\*/i;

/**
 * Makes the function that names statements. PostgreSQL parses and plans a named one once for each connection and not at
 * every use, which was two thirds of what an interaction cost the server. Only what is sent again and again gets a name,
 * as by a crowd: the plan of a sweep is better made anew each time, since tables may have grown meanwhile.
 * @param elapsed milliseconds that have passed since some instant
 * @returns "" for what gets no name
 */
export function createStatementNames(
  elapsed: () => number = () => performance.now(),
): (query: { readonly sql: string; readonly args: readonly unknown[] }) => string {
  const names = new Map<string, string>();
  const counted = new Map<string, { times: number; since: number }>();
  return ({ sql, args }) => {
    // Without parameters it goes out in one simple message anyway.
    if (args.length === 0) return '';
    const name = names.get(sql);
    if (name !== undefined || names.size >= MOST_NAMES) return name ?? '';
    const now = elapsed();
    const before = counted.get(sql);
    if (!before || now - before.since > WITHIN_MS) {
      if (counted.size >= MOST_TEXTS) counted.clear();
      counted.set(sql, { times: 1, since: now });
      return '';
    }
    before.times += 1;
    if (before.times < OFTEN || ALL_COLUMNS.test(sql)) return '';
    counted.delete(sql);
    const given = createHash('sha256').update(sql).digest('base64url').slice(0, 22);
    names.set(sql, given);
    return given;
  };
}
