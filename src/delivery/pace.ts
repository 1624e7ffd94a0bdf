import type { Db } from '../people/db.js';
import type { Chat, PaceRule } from './port.js';

/** A scope that has no slot now, when to try again, and how many milliseconds there are from one slot to the next (0: it is paused). */
export interface Denial {
  readonly scope: string;
  readonly opensAt: Date;
  readonly everyMs: number;
}

/** What a try at the pace gave: a slot in every scope, or none. */
export type PaceVerdict = { readonly granted: true } | ({ readonly granted: false } & Denial);

/**
 * Takes one slot in every scope of the rules, or none: one round trip, the same pace for all processes.
 * The clocks of machines that share a database have to agree (NTP): by how much they differ, so much the pace may be missed.
 */
export async function takePace(db: Db, rules: readonly PaceRule[], now: Date): Promise<PaceVerdict> {
  if (rules.length === 0) return { granted: true };
  const [blocked] = await db.$queryRaw<{ blocked_scope: string; opens_at_ms: number }[]>`
    SELECT * FROM delivery_take_pace(
      ${rules.map((rule) => rule.scope)}::text[], ${rules.map(intervalMs)}::float8[], ${rules.map(toleranceMs)}::float8[], ${now}::timestamptz)`;
  if (!blocked) return { granted: true };
  const rule = rules.find(({ scope }) => scope === blocked.blocked_scope);
  return { granted: false, scope: blocked.blocked_scope, opensAt: new Date(blocked.opens_at_ms), everyMs: rule ? intervalMs(rule) : 0 };
}

/** How many slots all of the rules have free now (at most `most`), and when there is one again. Takes none. */
export async function peekPace(
  db: Db,
  rules: readonly PaceRule[],
  most: number,
  now: Date,
): Promise<{ readonly free: number; readonly opensAt: Date }> {
  // Rounded up to the milliseconds of a Date, so that nobody comes too early.
  const rows = await db.$queryRaw<{ scope: string; nextMs: number; pausedMs: number | null }[]>`
    SELECT scope, ceil(extract(epoch FROM "nextAt") * 1000)::float8 AS "nextMs", ceil(extract(epoch FROM "pausedUntil") * 1000)::float8 AS "pausedMs"
    FROM pace WHERE scope = ANY (${rules.map((rule) => rule.scope)})`;
  const byScope = new Map(rows.map((row) => [row.scope, row]));
  const at = now.getTime();
  let free = most;
  let opensAt = at;
  for (const rule of rules) {
    const row = byScope.get(rule.scope);
    const [interval, tolerance] = [intervalMs(rule), toleranceMs(rule)];
    opensAt = Math.max(opensAt, row?.pausedMs ?? 0);
    if (interval === 0) continue;
    const opens = Math.max(row?.nextMs ?? at, at) - tolerance;
    opensAt = Math.max(opensAt, opens);
    free = Math.min(free, Math.floor((at - opens) / interval) + 1);
  }
  return { free: opensAt > at ? 0 : Math.max(free, 1), opensAt: new Date(Math.ceil(opensAt)) };
}

/** Stops these scopes until then, for every process: a platform's Retry-After. A longer stop stays. */
export async function pausePace(db: Db, scopes: readonly string[], until: Date, now: Date): Promise<void> {
  if (scopes.length === 0) return;
  await db.$executeRaw`
    INSERT INTO pace (scope, "nextAt", "pausedUntil")
    SELECT s, ${now}::timestamptz, ${until}::timestamptz FROM unnest(${[...scopes]}::text[]) AS s ORDER BY s
    ON CONFLICT (scope) DO UPDATE SET "pausedUntil" = GREATEST(pace."pausedUntil", EXCLUDED."pausedUntil")`;
}

/** The engine's own scope of a workspace: it has no pace, but can be paused as a whole. */
export function workspaceRule(workspaceId: string): PaceRule {
  return { scope: `workspace:${workspaceId}`, count: 0, perMs: 0 };
}

/**
 * The rules that all conversations of a workspace have in common: what two invented persons and a channel share.
 * While one of them is exhausted, no message of the workspace has to be looked at.
 */
export function commonRules(chat: Chat, workspace: { readonly externalId: string }, read: 'paces' | 'updatePaces'): PaceRule[] {
  const of = (kind: 'direct' | 'channel', externalId: string) =>
    chat[read]({ workspaceExternalId: workspace.externalId, kind, externalId, conversationId: externalId });
  const others = [of('direct', 'bellhop-b'), of('channel', 'bellhop-c')].map((rules) => new Set(rules.map((rule) => rule.scope)));
  return of('direct', 'bellhop-a').filter((rule) => others.every((scopes) => scopes.has(rule.scope)));
}

/** Milliseconds from one slot to the next; 0 for a scope without a pace. */
function intervalMs(rule: PaceRule): number {
  return rule.count > 0 ? rule.perMs / rule.count : 0;
}

/** By how much a burst may run ahead of the pace. */
function toleranceMs(rule: PaceRule): number {
  return ((rule.burst ?? 1) - 1) * intervalMs(rule);
}
