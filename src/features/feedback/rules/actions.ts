import { button, type Card } from '../../../core/card.js';
import { BellhopError } from '../../../core/errors.js';
import { ref } from '../../../core/ref.js';
import { open, type Reply, update, whisper } from '../../../core/reply.js';
import { key, words } from '../../../core/text.js';
import { recordEvent } from '../../../people/audit.js';
import { findChannel } from '../../../people/channels.js';
import { inTransaction } from '../../../people/db.js';
import { action, type HandlerContext } from '../../../people/handlers.js';
import { to } from '../refs.js';
import { loadSettings } from '../store-settings.js';
import { ruleCard, rulesCard } from './cards.js';
import { RuleMove, RuleOrNone, RuleRef, RulesPage } from './refs.js';
import { canPostTo } from './store-route.js';
import { loadRules, lockRules, orderRules, retireRule } from './store-rules.js';
import { loadRulesView } from './view.js';

export async function listCard(context: HandlerContext, offset: number): Promise<Card> {
  return rulesCard(await loadRulesView(context, context.db), offset);
}

const rulesAction = action({
  id: 'feedback.rules',
  role: 'manager',
  payload: RulesPage,
  run: async (context, { offset, turn }): Promise<Reply> => {
    const card = await listCard(context, offset);
    return turn ? update(card) : whisper(card);
  },
});

const ruleAction = action({
  id: 'feedback.rule',
  role: 'manager',
  payload: RuleRef,
  run: async (context, { ruleId }) => update(ruleCard(await loadRulesView(context, context.db), ruleId)),
});

const editAction = action({
  id: 'feedback.rule_edit_open',
  role: 'manager',
  payload: RuleOrNone,
  run: async (_context, { ruleId }) => open(ref('feedback.rule_edit', { ruleId })),
});

const testAction = action({
  id: 'feedback.rule_test_open',
  role: 'manager',
  payload: RuleOrNone,
  run: async (_context, { ruleId }) => open(ref('feedback.rule_test', { ruleId })),
});

/** One place up or down. At the end of the list already: nothing moves, and the card shows it. */
const moveAction = action({
  id: 'feedback.rule_move',
  role: 'manager',
  payload: RuleMove,
  run: async (context, { ruleId, by }) => {
    const { db, clock, organisation, person } = context;
    await inTransaction(db, async (tx) => {
      await lockRules(tx, organisation.id);
      const ids = (await loadRules(tx, organisation.id)).map(({ id }) => id);
      const from = ids.indexOf(ruleId);
      if (from < 0) throw new BellhopError('feedback.rule_gone');
      const other = ids[from + by];
      if (other === undefined) return;
      ids[from + by] = ruleId;
      ids[from] = other;
      await orderRules(tx, organisation.id, ids);
      const act = { organisationId: organisation.id, actorId: person.id, verb: 'feedback.rule_moved', subjectId: ruleId };
      await recordEvent(tx, { ...act, data: { position: from + by } }, clock.now());
    });
    return update(ruleCard(await loadRulesView(context, db), ruleId, key('feedback.rules.moved')));
  },
});

const removeAction = action({
  id: 'feedback.rule_remove',
  role: 'manager',
  payload: RuleRef,
  run: async (context, { ruleId }) => {
    const { db, clock, organisation, person } = context;
    await inTransaction(db, async (tx) => {
      const now = clock.now();
      await lockRules(tx, organisation.id);
      if (!(await retireRule(tx, organisation.id, ruleId, now))) throw new BellhopError('feedback.rule_gone');
      await orderRules(
        tx,
        organisation.id,
        (await loadRules(tx, organisation.id)).map(({ id }) => id),
      );
      await recordEvent(tx, { organisationId: organisation.id, actorId: person.id, verb: 'feedback.rule_removed', subjectId: ruleId }, now);
    });
    return update(rulesCard(await loadRulesView(context, db), 0, key('feedback.rules.removed')));
  },
});

/** A line for managers where the channel for everything can't be posted to any more: what comes goes to somebody in person. */
export async function lostCard({ db, organisation }: HandlerContext): Promise<Card | undefined> {
  const { channelId } = await loadSettings(db, organisation);
  if (channelId === null || (await canPostTo(db, organisation.id, [channelId])).has(channelId)) return undefined;
  const channel = await findChannel(db, organisation.id, { value: channelId });
  const text = key('feedback.rules.channel_lost', { channel: words(`#${channel?.name ?? ''}`) });
  return { summary: text, lead: text, actions: [button(key('feedback.settings.where'), to.settings())] };
}

/** A line for managers where a rule sends nothing any more. */
export async function brokenCard(context: HandlerContext): Promise<Card | undefined> {
  const broken = (await loadRules(context.db, context.organisation.id)).filter((rule) => rule.broken !== null).length;
  if (broken === 0) return undefined;
  const text = key('feedback.rules.some_broken', { count: broken });
  return { summary: text, lead: text, actions: [button(key('feedback.rules.action.all'), ref('feedback.rules', { offset: 0 }))] };
}

export const ruleActions = [rulesAction, ruleAction, editAction, testAction, moveAction, removeAction];
