import type { Field, Option } from '../../../core/form.js';
import { MAX_FIELD_CHARACTERS } from '../../../core/form.js';
import { primaryLanguage } from '../../../core/language.js';
import { key, type Text, words } from '../../../core/text.js';
import type { HandlerContext } from '../../../people/handlers.js';
import { kindLabel, questionLabel, sourceLabel, starsText } from '../labels.js';
import { KINDS, MOST, type Question, SCALE, type Source } from '../model.js';
import { allLocations } from '../rules/store-names.js';
import type { LogRef } from './log-draft.js';
import { findScales } from './store-log.js';

/** How staff hear of feedback: the doors that aren't machines. */
export const LOGGED = ['phone', 'card', 'email', 'in_person', 'mystery_shopper'] as const satisfies readonly Source[];

/** The stars tell of which kind it is. */
export const BY_STARS = 'by_stars';

/** No location. */
export const NOWHERE = 'none';

/** Languages that are told apart here; `und` for any other. */
export const LANGUAGES = ['en', 'lv', 'und'] as const;

/** The name of a scale's field. */
export const scaleField = (questionId: string): string => `rate_${questionId}`;

const LANGUAGE_NAMES: Readonly<Record<(typeof LANGUAGES)[number], Text>> = {
  en: key('feedback.log.language.en'),
  lv: key('feedback.log.language.lv'),
  und: key('feedback.log.language.other'),
};

/** The questions of the form, in the order of a talk with a customer. */
export async function logFields(context: HandlerContext, draft: LogRef): Promise<readonly Field[]> {
  const { db, organisation, reader } = context;
  const scales = await findScales(db, organisation.id);
  return [
    {
      kind: 'choice',
      name: 'source',
      label: key('feedback.log.source'),
      options: LOGGED.map((source) => ({ value: source, label: sourceLabel(source) })),
      initial: 'in_person',
    },
    {
      kind: 'text',
      name: 'words',
      label: key('feedback.log.words'),
      hint: draft.cut ? key('feedback.log.words_cut') : key('feedback.log.words_hint'),
      multiline: true,
      optional: true,
      maxLength: Math.min(MAX_FIELD_CHARACTERS, MOST.words),
      ...(draft.words !== undefined && { initial: draft.words }),
    },
    {
      kind: 'choice',
      name: 'kind',
      label: key('feedback.log.kind'),
      options: [
        { value: BY_STARS, label: key('feedback.log.kind_by_stars') },
        ...KINDS.map((kind) => ({ value: kind, label: kindLabel(kind) })),
      ],
      initial: BY_STARS,
    },
    ...scales.map(
      (question): Field => ({
        kind: 'choice',
        name: scaleField(question.id),
        label: questionLabel(question, reader.locale, organisation.locale),
        optional: true,
        style: 'menu',
        options: stepsOf(question),
      }),
    ),
    await locationField(context),
    {
      kind: 'people',
      name: 'people',
      label: key('feedback.log.people'),
      hint: key('feedback.log.people_hint'),
      multiple: true,
      optional: true,
    },
    { kind: 'date', name: 'happened', label: key('feedback.log.happened'), hint: key('feedback.log.happened_hint'), optional: true },
    {
      kind: 'choice',
      name: 'language',
      label: key('feedback.log.language'),
      options: LANGUAGES.map((language) => ({ value: language, label: LANGUAGE_NAMES[language] })),
      initial: LANGUAGES.find((language) => language === primaryLanguage(reader.locale)) ?? 'und',
    },
    { kind: 'text', name: 'name', label: key('feedback.log.name'), optional: true, maxLength: MOST.contactName },
    { kind: 'text', name: 'email', label: key('feedback.log.email'), optional: true, maxLength: MOST.email },
    { kind: 'text', name: 'phone', label: key('feedback.log.phone'), optional: true, maxLength: MOST.phone },
    {
      kind: 'check',
      name: 'agreed',
      label: key('feedback.log.agreed'),
      text: key('feedback.log.agreed_text'),
      optional: true,
      initial: false,
    },
  ];
}

/** The steps of a scale, the best first. */
function stepsOf({ kind }: Pick<Question, 'kind'>): readonly Option[] {
  const { from, to } = SCALE[kind === 'nps' ? 'nps' : 'five'];
  const steps = Array.from({ length: to - from + 1 }, (_, step) => to - step);
  return steps.map((value) => ({ value: String(value), label: kind === 'nps' ? words(String(value)) : starsText(value) }));
}

async function locationField({ db, organisation, person }: HandlerContext): Promise<Field> {
  const locations = await allLocations(db, organisation.id);
  return {
    kind: 'choice',
    name: 'location',
    label: key('feedback.log.location'),
    options: [
      { value: NOWHERE, label: key('feedback.log.no_location') },
      ...locations.map(({ id, name }) => ({ value: id, label: words(name) })),
    ],
    initial: locations.find(({ id }) => id === person.locationId)?.id ?? NOWHERE,
  };
}
