import { button, type Card, type Row } from '../../../core/card.js';
import { BellhopError } from '../../../core/errors.js';
import { ROWS, shownOf, turnRows } from '../../../core/paging.js';
import { join, key, type Text } from '../../../core/text.js';
import { MOST_RULES } from '../model.js';
import { brokenText, conditionTexts, placeText, ruleLine, targetText } from './lines.js';
import { ruleTo } from './refs.js';
import type { KeptRule } from './store-rules.js';
import type { RulesView } from './view.js';

/** The rules in their order; what none of them takes stands in the last line. @param lead what has just happened */
export function rulesCard(view: RulesView, offset: number, lead?: Text): Card {
  const { rules, names, otherwise } = view;
  const first = rules.length === 0 ? 0 : Math.min(offset, Math.floor((rules.length - 1) / ROWS) * ROWS);
  const shown = rules.slice(first, first + ROWS);
  const rest = key('feedback.rules.otherwise', { place: placeText(otherwise, names) });
  const page = shownOf(first, shown.length, rules.length);
  const broken = rules.filter((rule) => rule.broken !== null).length;
  return {
    summary: key('feedback.rules.title'),
    title: key('feedback.rules.title'),
    lead: lead ?? (rules.length === 0 ? key('feedback.rules.none') : key('feedback.rules.lead')),
    ...(broken > 0 && { body: [{ kind: 'paragraph', text: key('feedback.rules.some_broken', { count: broken }) }] }),
    rows: shown.map((rule, index) => rowOf(rule, first + index + 1, view)),
    actions: [
      ...(rules.length < MOST_RULES ? [button(key('feedback.rules.action.add'), ruleTo.edit(null), { style: 'primary' })] : []),
      ...(rules.length > 0 ? [button(key('feedback.rules.action.test_all'), ruleTo.test(null))] : []),
      ...turnRows(first, rules.length, ruleTo.page),
    ],
    footer: page ? join([rest, page], ' · ') : rest,
  };
}

function rowOf(rule: KeptRule, number: number, { names }: RulesView): Row {
  const line = key('feedback.rules.numbered', { number, rule: ruleLine(rule, names) });
  return {
    text: rule.broken === null ? line : join([line, key('feedback.rules.passed_over')], '\n'),
    action: button(key('feedback.rules.action.open'), ruleTo.rule(rule.id)),
  };
}

/** One rule with what can be done about it. @throws BellhopError `feedback.rule_gone` */
export function ruleCard(view: RulesView, ruleId: string, lead?: Text): Card {
  const { rules, names } = view;
  const index = rules.findIndex(({ id }) => id === ruleId);
  const rule = rules[index];
  if (!rule) throw new BellhopError('feedback.rule_gone');
  const number = index + 1;
  return {
    summary: key('feedback.rules.numbered', { number, rule: ruleLine(rule, names) }),
    title: key('feedback.rules.rule_title', { number }),
    ...(lead && { lead }),
    facts: [
      { label: key('feedback.rules.fact.to'), value: targetText(rule) },
      { label: key('feedback.rules.fact.place'), value: key('feedback.rules.place_of', { number, total: rules.length }) },
    ],
    body: [
      ...(rule.broken === null ? [] : [{ kind: 'paragraph' as const, text: brokenText(rule.broken) }]),
      { kind: 'paragraph', text: join([key('feedback.rules.takes'), ...conditionTexts(rule, names)], '\n') },
    ],
    actions: [
      button(key('feedback.rules.action.change'), ruleTo.edit(ruleId), { style: 'primary' }),
      button(key('feedback.rules.action.test'), ruleTo.test(ruleId)),
      ...(index > 0 ? [button(key('feedback.rules.action.up'), ruleTo.move(ruleId, -1))] : []),
      ...(number < rules.length ? [button(key('feedback.rules.action.down'), ruleTo.move(ruleId, 1))] : []),
      button(key('feedback.rules.action.remove'), ruleTo.remove(ruleId), {
        style: 'danger',
        confirm: {
          title: key('feedback.rules.remove.title'),
          text: key('feedback.rules.remove.text'),
          yes: key('feedback.rules.action.remove'),
          no: key('core.ui.cancel'),
        },
      }),
      button(key('feedback.rules.action.all'), ruleTo.page(Math.floor(index / ROWS) * ROWS)),
    ],
  };
}
