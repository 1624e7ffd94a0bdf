import { z } from 'zod';
import { BellhopError } from '../../../core/errors.js';
import type { FormErrors } from '../../../core/form.js';
import { paragraph, peopleInput } from '../../../core/inputs.js';
import { primaryLanguage } from '../../../core/language.js';
import { formErrors, say } from '../../../core/reply.js';
import { key, words } from '../../../core/text.js';
import { readPeople } from '../../../people/audience-form.js';
import { recordEvent } from '../../../people/audit.js';
import { readChannel } from '../../../people/channel-form.js';
import { inTransaction } from '../../../people/db.js';
import { form, type HandlerContext } from '../../../people/handlers.js';
import { KINDS, MOST, MOST_RULES, SOURCES } from '../model.js';
import { readPhrase, readPhrases } from '../themes/phrases.js';
import { ruleCard } from './cards.js';
import { ANY, MOST_PHRASES, ruleFields } from './edit-form.js';
import type { Conditions } from './match.js';
import { RuleOrNone } from './refs.js';
import { allLocations, allThemeNames } from './store-names.js';
import { addRule, changeRule, type KeptRule, loadRules, lockRules, type RuleTarget } from './store-rules.js';
import { loadRulesView } from './view.js';

const Stars = z
  .enum([ANY, '1', '2', '3', '4', '5'], 'feedback.errors.rule_test_choose')
  .default(ANY)
  .transform((value) => (value === ANY ? null : Number(value)));

const Several = z.array(z.string()).default([]);

const RuleInput = z.object({
  from: Stars,
  to: Stars,
  kinds: Several.transform((chosen) => KINDS.filter((kind) => chosen.includes(kind))),
  sources: Several.transform((chosen) => SOURCES.filter((source) => chosen.includes(source))),
  locations: Several,
  themes: Several,
  languages: Several,
  phrases: z.string().default('').transform(paragraph),
  target: z.enum(['channel', 'person', 'managers'], 'feedback.errors.rule_target_missing'),
  channel: z.string().optional(),
  person: peopleInput,
});
type RuleInput = z.output<typeof RuleInput>;

async function readConditions(
  { db, organisation }: HandlerContext,
  input: RuleInput,
): Promise<{ readonly conditions: Conditions } | { readonly errors: FormErrors }> {
  const { from, to } = input;
  if (from !== null && to !== null && from > to) return { errors: { to: key('feedback.errors.rule_stars_order', { from }) } };
  const phrases = readPhrases(input.phrases);
  const long = phrases.find((phrase) => phrase.length > MOST.phrase);
  if (long)
    return { errors: { phrases: key('feedback.errors.rule_phrase_long', { phrase: words(long.slice(0, 40)), most: MOST.phrase }) } };
  if (phrases.length > MOST_PHRASES) return { errors: { phrases: key('feedback.errors.rule_phrases_many', { most: MOST_PHRASES }) } };
  // Typed, and no word in it: without any, the rule would take everything.
  if (phrases.length === 0 && input.phrases !== '') return { errors: { phrases: key('feedback.errors.rule_phrases_empty') } };
  if (phrases.length > 0 && phrases.every((phrase) => readPhrase(phrase).except)) {
    return { errors: { phrases: key('feedback.errors.rule_phrases_none') } };
  }
  const [locations, themes] = await Promise.all([allLocations(db, organisation.id), allThemeNames(db, organisation.id)]);
  const known = (all: readonly { readonly id: string }[], ids: readonly string[]) =>
    all.map(({ id }) => id).filter((id) => ids.includes(id));
  return {
    conditions: {
      minStars: from,
      maxStars: to,
      kinds: input.kinds,
      sources: input.sources,
      locationIds: known(locations, input.locations),
      themeIds: known(themes, input.themes),
      languages: [...new Set(input.languages.map(primaryLanguage))].filter((tag) => /^[a-z]{2,3}$/.test(tag)),
      phrases,
    },
  };
}

/** @param current the rule that is changed */
async function readTarget(
  context: HandlerContext,
  input: RuleInput,
  current: RuleTarget | undefined,
): Promise<{ readonly target: RuleTarget } | { readonly errors: FormErrors }> {
  switch (input.target) {
    case 'managers':
      return context.organisation.managersChannelId === null
        ? { errors: { target: key('feedback.errors.rule_no_managers') } }
        : { target: { kind: 'managers' } };
    case 'channel': {
      const kept = current?.kind === 'channel' ? current.channelId : null;
      const read = await readChannel(context, input.channel, kept);
      if ('error' in read) return { errors: { channel: read.error } };
      return read.id === null
        ? { errors: { channel: key('feedback.errors.rule_channel_missing') } }
        : { target: { kind: 'channel', channelId: read.id } };
    }
    case 'person': {
      if (input.person.length > 1) return { errors: { person: key('feedback.errors.rule_one_person') } };
      const read = await readPeople(context, input.person);
      if ('error' in read) return { errors: { person: read.error } };
      const [person] = read.people;
      return person ? { target: { kind: 'person', personId: person.id } } : { errors: { person: key('feedback.errors.rule_one_person') } };
    }
  }
}

async function findRule(context: HandlerContext, ruleId: string | null): Promise<KeptRule | undefined> {
  if (ruleId === null) return undefined;
  const rule = (await loadRules(context.db, context.organisation.id)).find(({ id }) => id === ruleId);
  if (!rule) throw new BellhopError('feedback.rule_gone');
  return rule;
}

/** A rule: what it takes, and where that goes. New ones stand behind the others. */
export const ruleForm = form({
  id: 'feedback.rule_edit',
  role: 'manager',
  payload: RuleOrNone,
  input: RuleInput,
  build: async (context, { ruleId }) => {
    const rule = await findRule(context, ruleId);
    return {
      title: rule ? key('feedback.rules.form.change_title') : key('feedback.rules.form.add_title'),
      submit: key('feedback.rules.form.save'),
      intro: [{ kind: 'paragraph', text: key('feedback.rules.form.intro') }],
      fields: await ruleFields(context, rule),
    };
  },
  submit: async (context, { payload: { ruleId }, input }) => {
    const rule = await findRule(context, ruleId);
    const read = await readConditions(context, input);
    if ('errors' in read) return formErrors(read.errors);
    const aim = await readTarget(context, input, rule?.target);
    if ('errors' in aim) return formErrors(aim.errors);
    const id = await saveRule(context, ruleId, read.conditions, aim.target);
    const lead = ruleId === null ? key('feedback.rules.added') : key('feedback.rules.changed');
    return say(ruleCard(await loadRulesView(context, context.db), id, lead));
  },
});

/** @returns the rule's id @throws BellhopError `feedback.rules_full`, `feedback.rule_gone` */
async function saveRule(context: HandlerContext, ruleId: string | null, conditions: Conditions, target: RuleTarget): Promise<string> {
  const { db, clock, organisation, person } = context;
  return await inTransaction(db, async (tx) => {
    const now = clock.now();
    await lockRules(tx, organisation.id);
    const note = async (verb: string, id: string) => {
      const data = {
        target: target.kind,
        ...(target.kind === 'channel' && { channelId: target.channelId }),
        ...(target.kind === 'person' && { personId: target.personId }),
      };
      await recordEvent(tx, { organisationId: organisation.id, actorId: person.id, verb, subjectId: id, data }, now);
      return id;
    };
    if (ruleId !== null) {
      if (!(await changeRule(tx, organisation.id, ruleId, conditions, target))) throw new BellhopError('feedback.rule_gone');
      return await note('feedback.rule_changed', ruleId);
    }
    const rules = await loadRules(tx, organisation.id);
    if (rules.length >= MOST_RULES) throw new BellhopError('feedback.rules_full', { most: MOST_RULES });
    const place = { organisationId: organisation.id, position: rules.length, createdById: person.id };
    return await note('feedback.rule_added', await addRule(tx, place, conditions, target, now));
  });
}
