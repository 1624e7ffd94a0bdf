import { createHash } from 'node:crypto';

/** So often a text is sent before it gets a name: what is made for one occasion (a list of so many parameters) gets none. */
const SENT_BEFORE = 2;
/** Each is kept by every connection, at the server too. */
const MOST_NAMES = 300;
const MOST_TEXTS = 1_000;

/**
 * What comes as "all columns" changes with a migration, and PostgreSQL refuses a prepared statement whose columns have
 * changed ("cached plan must not change result type"): a process of the release before would stumble over it.
 */
const ALL_COLUMNS = /[\w"]\.\*|\bSELECT\s+\*/i;

/**
 * Makes the function that names statements, so that PostgreSQL parses them once for each connection and not at every use:
 * that was a third of what an interaction cost the server.
 * @returns "" for what is not worth it, which means no name
 */
export function createStatementNames(): (query: { readonly sql: string; readonly args: readonly unknown[] }) => string {
  const names = new Map<string, string>();
  let sent = new Map<string, number>();
  return ({ sql, args }) => {
    // Without parameters it goes out in one simple message anyway.
    if (args.length === 0) return '';
    const name = names.get(sql);
    if (name !== undefined || names.size >= MOST_NAMES) return name ?? '';
    const times = (sent.get(sql) ?? 0) + 1;
    if (times <= SENT_BEFORE || ALL_COLUMNS.test(sql)) {
      if (sent.size >= MOST_TEXTS) sent = new Map();
      sent.set(sql, times);
      return '';
    }
    sent.delete(sql);
    const given = createHash('sha256').update(sql).digest('base64url').slice(0, 22);
    names.set(sql, given);
    return given;
  };
}
