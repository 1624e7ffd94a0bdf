import type { Field, Option } from '../../../core/form.js';
import { primaryLanguage } from '../../../core/language.js';
import { key, type Text, words } from '../../../core/text.js';
import { initialPerson } from '../../../people/audience-form.js';
import { channelField } from '../../../people/channel-form.js';
import type { HandlerContext } from '../../../people/handlers.js';
import { kindLabel, languageName, sourceLabel, starsText, themeLabel } from '../labels.js';
import { KINDS, MOST, SOURCES } from '../model.js';
import { allLocations, allThemeNames } from './store-names.js';
import type { KeptRule } from './store-rules.js';

/** What stands for "no matter" in a menu. */
export const ANY = 'any';

/** Languages that customers here may well write in; those of the organisation and of the rule come with them. */
const LANGUAGES = ['en', 'lv', 'et', 'lt', 'ru', 'uk', 'pl', 'de', 'fi', 'sv', 'no', 'da', 'fr', 'es', 'it', 'nl', 'pt'];

/** Most words and phrases of a rule. */
export const MOST_PHRASES = 20;

/** The fields of a rule; empty ones take everything. @param rule the one that is changed */
export async function ruleFields(context: HandlerContext, rule: KeptRule | undefined): Promise<readonly Field[]> {
  const { db, organisation, reader } = context;
  const [locations, themes] = await Promise.all([allLocations(db, organisation.id), allThemeNames(db, organisation.id)]);
  const target = rule?.target;
  const offered = themes.filter(({ id, retired }) => !retired || rule?.themeIds.includes(id));
  const many = (name: string, label: Text, options: readonly Option[], initial: readonly string[] | undefined): Field => ({
    kind: 'choices',
    name,
    label,
    options,
    optional: true,
    ...(initial && initial.length > 0 && { initial }),
  });
  return [
    starsField('from', key('feedback.rules.form.from'), rule?.minStars ?? null),
    starsField('to', key('feedback.rules.form.to'), rule?.maxStars ?? null),
    many(
      'kinds',
      key('feedback.rules.form.kinds'),
      KINDS.map((kind) => ({ value: kind, label: kindLabel(kind) })),
      rule?.kinds,
    ),
    many(
      'sources',
      key('feedback.rules.form.sources'),
      SOURCES.map((source) => ({ value: source, label: sourceLabel(source) })),
      rule?.sources,
    ),
    many(
      'locations',
      key('feedback.rules.form.locations'),
      locations.map(({ id, name }) => ({ value: id, label: words(name) })),
      rule?.locationIds,
    ),
    many(
      'themes',
      key('feedback.rules.form.themes'),
      offered.map((theme) => ({ value: theme.id, label: themeLabel(theme, reader.locale, organisation.locale) })),
      rule?.themeIds,
    ),
    many('languages', key('feedback.rules.form.languages'), languageOptions(organisation.locale, rule?.languages ?? []), rule?.languages),
    {
      kind: 'text',
      name: 'phrases',
      label: key('feedback.rules.form.phrases'),
      hint: key('feedback.rules.form.phrases_hint', { most: MOST_PHRASES }),
      optional: true,
      multiline: true,
      maxLength: MOST_PHRASES * (MOST.phrase + 2),
      ...(rule && rule.phrases.length > 0 && { initial: rule.phrases.join('\n') }),
    },
    {
      kind: 'choice',
      name: 'target',
      label: key('feedback.rules.form.target'),
      style: 'radio',
      options: [
        { value: 'channel', label: key('feedback.rules.form.target_channel') },
        { value: 'person', label: key('feedback.rules.form.target_person') },
        { value: 'managers', label: key('feedback.rules.form.target_managers') },
      ],
      initial: target?.kind ?? 'channel',
    },
    await channelField(context, {
      name: 'channel',
      label: key('feedback.rules.form.channel'),
      hint: key('feedback.rules.form.channel_hint'),
      current: target?.kind === 'channel' ? target.channelId : null,
    }),
    {
      kind: 'people',
      name: 'person',
      label: key('feedback.rules.form.person'),
      optional: true,
      ...initialOf(await initialPerson(context, target?.kind === 'person' ? { id: target.personId } : undefined)),
    },
  ];
}

const initialOf = (accounts: readonly string[]) => (accounts.length > 0 ? { initial: accounts } : {});

function starsField(name: string, label: Text, initial: number | null): Field {
  return {
    kind: 'choice',
    name,
    label,
    options: [
      { value: ANY, label: key('feedback.rules.form.any') },
      ...[1, 2, 3, 4, 5].map((stars) => ({ value: String(stars), label: starsText(stars) })),
    ],
    initial: initial === null ? ANY : String(initial),
  };
}

/** Languages to choose from, by their own names. */
export function languageOptions(ofOrganisation: string, chosen: readonly string[]): readonly Option[] {
  const tags = [...new Set([primaryLanguage(ofOrganisation), ...chosen, ...LANGUAGES])];
  return tags.map((tag) => ({ value: tag, label: words(languageName(tag)) }));
}
