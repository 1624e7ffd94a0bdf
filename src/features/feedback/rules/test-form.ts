import { z } from 'zod';
import { button, CARD_LIMITS, type Card, type Fact } from '../../../core/card.js';
import type { Field } from '../../../core/form.js';
import { paragraph } from '../../../core/inputs.js';
import { say } from '../../../core/reply.js';
import type { Block } from '../../../core/rich.js';
import { join, key, list, type Text, words } from '../../../core/text.js';
import { isUuid } from '../../../people/channels.js';
import { form, type HandlerContext } from '../../../people/handlers.js';
import { kindLabel, sourceLabel, starsText, themeLabel } from '../labels.js';
import { KINDS, MOST, SOURCES } from '../model.js';
import { findManyFeedback } from '../store-feedback.js';
import { loadThemes } from '../themes/store-themes.js';
import { suggestThemes } from '../themes/suggest.js';
import { ANY, languageOptions } from './edit-form.js';
import { brokenText, conditionLabel, placeText, ruleLine } from './lines.js';
import { missed, type RuleFacts } from './match.js';
import { RuleOrNone, ruleTo } from './refs.js';
import { factsOf, route } from './route.js';
import { allLocations, lastPassed } from './store-names.js';
import { loadRulesView, type RulesView } from './view.js';

/** How many of the newest entries the rules are tried on. */
const TRIED = 50;

const TestInput = z.object({
  stars: z.enum([ANY, '1', '2', '3', '4', '5'], 'feedback.errors.rule_test_choose').default(ANY),
  kind: z.enum(KINDS, 'feedback.errors.rule_test_choose'),
  source: z.enum(SOURCES, 'feedback.errors.rule_test_choose'),
  location: z.string().default(ANY),
  language: z.string().default('und'),
  words: z.string().default('').transform(paragraph),
});

async function testFields({ db, organisation }: HandlerContext): Promise<readonly Field[]> {
  const locations = await allLocations(db, organisation.id);
  const none = { value: ANY, label: key('feedback.rules.test.none') };
  return [
    {
      kind: 'choice',
      name: 'stars',
      label: key('feedback.rules.test.stars'),
      options: [none, ...[1, 2, 3, 4, 5].map((stars) => ({ value: String(stars), label: starsText(stars) }))],
      initial: '1',
    },
    {
      kind: 'choice',
      name: 'kind',
      label: key('feedback.rules.test.kind'),
      options: KINDS.map((kind) => ({ value: kind, label: kindLabel(kind) })),
      initial: 'complaint',
    },
    {
      kind: 'choice',
      name: 'source',
      label: key('feedback.rules.test.source'),
      options: SOURCES.map((source) => ({ value: source, label: sourceLabel(source) })),
      initial: 'page',
    },
    {
      kind: 'choice',
      name: 'location',
      label: key('feedback.rules.test.location'),
      options: [none, ...locations.map(({ id, name }) => ({ value: id, label: words(name) }))],
      initial: ANY,
    },
    {
      kind: 'choice',
      name: 'language',
      label: key('feedback.rules.test.language'),
      options: [{ value: 'und', label: key('feedback.rules.test.none') }, ...languageOptions(organisation.locale, [])],
      initial: 'und',
    },
    {
      kind: 'text',
      name: 'words',
      label: key('feedback.rules.test.words'),
      hint: key('feedback.rules.test.words_hint'),
      multiline: true,
      optional: true,
      maxLength: Math.min(MOST.words, 3_000),
    },
  ];
}

/** Tries the rules on something made up: which one takes it, where it goes; and on what really came. */
export const testForm = form({
  id: 'feedback.rule_test',
  role: 'manager',
  payload: RuleOrNone,
  input: TestInput,
  build: async (context) => ({
    title: key('feedback.rules.test.form_title'),
    submit: key('feedback.rules.test.submit'),
    intro: [{ kind: 'paragraph', text: key('feedback.rules.test.intro') }],
    fields: await testFields(context),
  }),
  submit: async (context, { payload: { ruleId }, input }) => {
    const { db, organisation } = context;
    const themes = await loadThemes(db, organisation.id);
    const facts: RuleFacts = {
      stars: input.stars === ANY ? null : Number(input.stars),
      kind: input.kind,
      source: input.source,
      locationId: isUuid(input.location) ? input.location : null,
      language: input.language,
      themeIds: suggestThemes(themes, [input.words]),
      words: [input.words],
    };
    return say(await resultCard(context, facts, ruleId));
  },
});

/** What would become of feedback. @param ruleId the rule that is asked about; null: all of them */
async function resultCard(context: HandlerContext, facts: RuleFacts, ruleId: string | null): Promise<Card> {
  const { db } = context;
  const view = await loadRulesView(context, db);
  const { names, rules } = view;
  const taken = route(view, facts);
  const place = placeText(taken.to, names);
  const number = rules.findIndex(({ id }) => id === taken.ruleId) + 1;
  const lead =
    taken.ruleId === null ? key('feedback.rules.test.no_rule', { place }) : key('feedback.rules.test.rule_takes', { number, place });
  const themes = facts.themeIds.flatMap((id) => {
    const theme = names.themes.get(id);
    return theme ? [themeLabel(theme, names.locale, names.fallback)] : [];
  });
  const factsShown: Fact[] = themes.length > 0 ? [{ label: key('feedback.rules.test.themes'), value: list(themes) }] : [];
  return {
    summary: lead,
    title: key('feedback.rules.test.title'),
    lead,
    ...(factsShown.length > 0 && { facts: factsShown }),
    body: [...askedBlocks(view, facts, ruleId, taken.ruleId), ...(await triedBlocks(context, view))],
    actions: [
      button(key('feedback.rules.test.again'), ruleTo.test(ruleId), { style: 'primary' }),
      ...(ruleId !== null && rules.some(({ id }) => id === ruleId) ? [button(key('feedback.rules.action.open'), ruleTo.rule(ruleId))] : []),
      button(key('feedback.rules.action.all'), ruleTo.page(0)),
    ],
  };
}

/** Why the rule that was asked about doesn't take it. */
function askedBlocks({ rules }: RulesView, facts: RuleFacts, ruleId: string | null, takenBy: string | null): readonly Block[] {
  const index = rules.findIndex(({ id }) => id === ruleId);
  const rule = rules[index];
  if (!rule || rule.id === takenBy) return [];
  const number = index + 1;
  const misses = missed(rule, facts);
  const text =
    misses.length > 0
      ? key('feedback.rules.test.not_this', { number, conditions: list(misses.map(conditionLabel)) })
      : rule.broken !== null
        ? join([key('feedback.rules.test.this_broken', { number }), brokenText(rule.broken)], ' ')
        : key('feedback.rules.test.earlier', { number });
  return [{ kind: 'paragraph', text }];
}

/** Where the newest entries would go by the rules as they are now, the most of them first. */
async function triedBlocks({ db, organisation }: HandlerContext, view: RulesView): Promise<readonly Block[]> {
  const { rules, names } = view;
  const ids = await lastPassed(db, organisation.id, TRIED);
  if (ids.length === 0) return [];
  const counts = new Map<string | null, number>();
  for (const said of (await findManyFeedback(db, organisation.id, ids)).values()) {
    const { ruleId } = route(view, factsOf(said));
    counts.set(ruleId, (counts.get(ruleId) ?? 0) + 1);
  }
  const rows = [...counts].sort(([, one], [, other]) => other - one).slice(0, CARD_LIMITS.rows);
  const lines = rows.map(([ruleId, count]): Text => {
    const index = rules.findIndex(({ id }) => id === ruleId);
    const rule = rules[index];
    return rule
      ? key('feedback.rules.test.count', {
          count,
          rule: key('feedback.rules.numbered', { number: index + 1, rule: ruleLine(rule, names) }),
        })
      : key('feedback.rules.test.count', { count, rule: key('feedback.rules.otherwise', { place: placeText(view.otherwise, names) }) });
  });
  return [
    { kind: 'heading', text: key('feedback.rules.test.last', { count: ids.length }) },
    { kind: 'paragraph', text: join(lines, '\n') },
  ];
}
