import type { Prisma } from '../../../generated/prisma/client.js';
import type { Db, Tx } from '../../../people/db.js';
import { newId } from '../../../people/ids.js';
import type { Broken, Conditions, Rule, Target } from './match.js';

/** Whom a rule names, as it is kept: it may be out of reach by now. */
export type RuleTarget =
  | { readonly kind: 'channel'; readonly channelId: string }
  | { readonly kind: 'person'; readonly personId: string }
  | { readonly kind: 'managers' };

/** A rule with everything that managers see of it. */
export interface KeptRule extends Rule {
  readonly target: RuleTarget;
  readonly broken: Broken | null;
  /** Of the channel (without #) or the person; null where there is none any more. */
  readonly targetName: string | null;
}

type Row = Prisma.FeedbackRuleGetPayload<object>;

/** The rules of an organisation, in their order. @param organisationId its managers' channel is read with them */
export async function loadRules(db: Db | Tx, organisationId: string): Promise<readonly KeptRule[]> {
  const rows = await db.feedbackRule.findMany({
    where: { organisationId, retiredAt: null },
    orderBy: [{ position: 'asc' }, { id: 'asc' }],
  });
  if (rows.length === 0) return [];
  const { channels, people, managersChannelId } = await reachable(db, organisationId, rows);
  return rows.map((row): KeptRule => {
    const target = targetOf(row);
    const aim = aimOf(target, managersChannelId);
    const found = aim && ('personId' in aim ? people.get(aim.personId) : channels.get(aim.channelId));
    const to = found?.open ? aim : null;
    return { ...conditionsOf(row), id: row.id, target, to, broken: to === null ? target.kind : null, targetName: found?.name ?? null };
  });
}

/** Whom a target means at this moment, whether they can be written to or not; null without a managers' channel. */
function aimOf(target: RuleTarget, managersChannelId: string | null): Target | null {
  if (target.kind === 'person') return { personId: target.personId };
  const channelId = target.kind === 'managers' ? managersChannelId : target.channelId;
  return channelId === null ? null : { channelId };
}

/** Those whom rules name, and whether they can be written to. */
async function reachable(db: Db | Tx, organisationId: string, rows: readonly Row[]) {
  const ids = (of: (row: Row) => string | null) => [...new Set(rows.map(of))].filter((id): id is string => id !== null);
  const organisation = rows.some(({ target }) => target === 'managers')
    ? await db.organisation.findUnique({ where: { id: organisationId }, select: { managersChannelId: true } })
    : null;
  const managersChannelId = organisation?.managersChannelId ?? null;
  const channelIds = [...ids((row) => row.channelId), ...(managersChannelId === null ? [] : [managersChannelId])];
  const personIds = ids((row) => row.personId);
  const channels =
    channelIds.length === 0
      ? []
      : await db.channel.findMany({
          where: { organisationId, id: { in: channelIds } },
          select: { id: true, name: true, botIsMember: true, archivedAt: true, workspace: { select: { removedAt: true } } },
        });
  const people =
    personIds.length === 0
      ? []
      : await db.person.findMany({
          where: { organisationId, id: { in: personIds } },
          select: { id: true, name: true, status: true },
        });
  return {
    managersChannelId,
    channels: new Map(
      channels.map(({ id, name, botIsMember, archivedAt, workspace }) => [
        id,
        { name, open: botIsMember && archivedAt === null && workspace.removedAt === null },
      ]),
    ),
    people: new Map(people.map(({ id, name, status }) => [id, { name, open: status === 'active' }])),
  };
}

function targetOf(row: Row): RuleTarget {
  switch (row.target) {
    case 'channel':
      return { kind: 'channel', channelId: row.channelId ?? '' };
    case 'person':
      return { kind: 'person', personId: row.personId ?? '' };
    case 'managers':
      return { kind: 'managers' };
  }
}

function conditionsOf(row: Row): Conditions {
  const { minStars, maxStars, kinds, sources, locationIds, themeIds, languages, phrases } = row;
  return { minStars, maxStars, kinds, sources, locationIds, themeIds, languages, phrases };
}

/** Locks the list of rules until the transaction ends, so that two changes of its order follow one another. */
export async function lockRules(tx: Tx, organisationId: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`feedback.rules:${organisationId}`}, 0))`;
}

/** Columns of a rule's conditions and target. */
function columns(conditions: Conditions, target: RuleTarget) {
  const { minStars, maxStars } = conditions;
  return {
    minStars,
    maxStars,
    kinds: [...conditions.kinds],
    sources: [...conditions.sources],
    locationIds: [...conditions.locationIds],
    themeIds: [...conditions.themeIds],
    languages: [...conditions.languages],
    phrases: [...conditions.phrases],
    target: target.kind,
    channelId: target.kind === 'channel' ? target.channelId : null,
    personId: target.kind === 'person' ? target.personId : null,
  };
}

/** Adds a rule behind the others. @returns its id */
export async function addRule(
  tx: Tx,
  of: { readonly organisationId: string; readonly position: number; readonly createdById: string },
  conditions: Conditions,
  target: RuleTarget,
  now: Date,
): Promise<string> {
  const id = newId(now);
  await tx.feedbackRule.create({ data: { ...of, id, createdAt: now, ...columns(conditions, target) } });
  return id;
}

/** @returns false when the rule is gone */
export async function changeRule(
  tx: Tx,
  organisationId: string,
  ruleId: string,
  conditions: Conditions,
  target: RuleTarget,
): Promise<boolean> {
  const { count } = await tx.feedbackRule.updateMany({
    where: { organisationId, id: ruleId, retiredAt: null },
    data: columns(conditions, target),
  });
  return count > 0;
}

/** Takes a rule out of the list; feedback that it sent on still names it. @returns false when it is gone already */
export async function retireRule(tx: Tx, organisationId: string, ruleId: string, now: Date): Promise<boolean> {
  const { count } = await tx.feedbackRule.updateMany({ where: { organisationId, id: ruleId, retiredAt: null }, data: { retiredAt: now } });
  return count > 0;
}

/** Writes the order of the rules: positions from 0. */
export async function orderRules(tx: Tx, organisationId: string, ruleIds: readonly string[]): Promise<void> {
  await tx.$executeRaw`
    UPDATE feedback_rule r SET position = (o.position - 1)::int
    FROM unnest(${[...ruleIds]}::uuid[]) WITH ORDINALITY AS o (id, position)
    WHERE r."organisationId" = ${organisationId}::uuid AND r.id = o.id`;
}
