import type { Page, PageBlock, PageField, PageTheme } from '../../../core/page.js';
import { key, type Text, words } from '../../../core/text.js';
import type { WebRequest } from '../../../core/web.js';
import type { WorkContext } from '../../../people/handlers.js';
import { showReference } from '../intake/reference.js';
import { kindLabel, questionLabel, spokenIn } from '../labels.js';
import { MOST, type Question, SCALE } from '../model.js';
import { type Coming, SURVEY_DOOR, surveyPath, type Thanked, thanksToken } from './addresses.js';
import { CHOSEN_KINDS, FIELDS, fieldOf, type Mending } from './answers.js';
import type { Survey } from './store-survey.js';
import { offeredLanguages, visitorLocale } from './tongue.js';

/** A page as one visitor came to it. */
export interface Visit {
  readonly survey: Survey;
  /** BCP 47: one of the languages that the page is offered in. */
  readonly locale: string;
  readonly byCard: boolean;
}

/** How a visitor came, and in which language the page is for them. */
export function visitOf(
  { organisation }: Pick<WorkContext, 'organisation'>,
  request: Pick<WebRequest, 'query' | 'acceptsLanguages'>,
  survey: Survey,
): Visit {
  const offered = offeredLanguages(survey.intro, survey.thanks).map(({ locale }) => locale);
  return {
    survey,
    locale: visitorLocale(request.query.lang, request.acceptsLanguages, offered, organisation.locale),
    byCard: request.query.via === 'card',
  };
}

type Frame = Pick<WorkContext, 'organisation'>;

/** Whose page it is, and in which language, for every page of the survey. `below`: what follows the slug in its path. */
function framed({ organisation }: Frame, { survey, locale, byCard }: Visit, title: Text, blocks: readonly PageBlock[], below = ''): Page {
  return {
    title,
    locale,
    zone: organisation.zone,
    theme: themeOf(organisation.name, survey),
    languages: offeredLanguages(survey.intro, survey.thanks).map((language) => ({
      ...language,
      href: surveyPath(survey.slug, { lang: language.locale, byCard }, below),
    })),
    blocks,
  };
}

function themeOf(organisation: string, { name, slug, colour, logoPictureId }: Survey): PageTheme {
  // A page that is called as the organisation, or by its name and more, tells both.
  const brand = name.includes(organisation) ? name : `${organisation} · ${name}`;
  return {
    name: brand,
    ...(colour !== null && { colour }),
    ...(logoPictureId !== null && { logo: { url: `${SURVEY_DOOR}/${slug}/logo/${logoPictureId}`, alt: brand } }),
  };
}

/** The questions. @param mending what was typed, when it has to be mended */
export function askingPage(context: Frame, visit: Visit, mending?: Mending): Page {
  const { organisation } = context;
  const { survey, locale, byCard } = visit;
  const intro = spokenIn(survey.intro, locale, organisation.locale);
  const coming: Coming = { lang: locale, byCard };
  return framed(context, visit, key('feedback.survey.title'), [
    ...(intro ? [{ kind: 'text', text: words(intro.text) } as const] : []),
    { kind: 'text', text: key('feedback.survey.how') },
    {
      kind: 'form',
      form: {
        action: surveyPath(survey.slug, coming),
        submit: key('feedback.survey.send'),
        ...(survey.consent && { hidden: { [FIELDS.consentId]: survey.consent.id } }),
        fields: fieldsOf(context, visit, mending).map((field) => mended(field, mending)),
        ...(mending?.error && { error: mending.error }),
      },
    },
    { kind: 'text', quiet: true, text: key('feedback.survey.whom', { organisation: words(organisation.name) }) },
  ]);
}

/** A field with what was typed in it, and what is wrong with that. */
function mended(field: PageField, mending: Mending | undefined): PageField {
  if (!mending) return field;
  const error = mending.errors[field.name];
  const typed = mending.typed[field.name];
  const withError = { ...field, ...(error && { error }) };
  if (withError.kind === 'check') return { ...withError, initial: typed === 'yes' };
  return typed === undefined ? withError : { ...withError, initial: typed };
}

function fieldsOf({ organisation }: Frame, { survey, locale }: Visit, mending: Mending | undefined): readonly PageField[] {
  // What a page that lay open had asked, and was answered, stays to be mended.
  const answered = survey.questions.filter(
    (question) => mending?.typed[fieldOf(question)] !== undefined && !survey.asked.includes(question),
  );
  const asked = [...survey.asked, ...answered].map((question) => questionField(question, locale, organisation.locale));
  const kind: PageField = {
    kind: 'choice',
    style: 'radio',
    name: FIELDS.kind,
    label: key('feedback.survey.kind'),
    optional: 'untold',
    options: CHOSEN_KINDS.map((value) => ({ value, label: kindLabel(value) })),
  };
  const isTyped = (...names: string[]) => names.some((name) => mending?.typed[name] !== undefined);
  const asksContact = survey.asksContact || isTyped(FIELDS.name, FIELDS.email, FIELDS.phone);
  return [
    ...asked,
    ...(asked.length === 0 || isTyped(FIELDS.words) ? [wordsField()] : []),
    kind,
    ...(survey.asksServedBy || isTyped(FIELDS.servedBy) ? [servedField()] : []),
    ...(asksContact ? contactFields(survey, locale, organisation.locale) : []),
  ];
}

function questionField(question: Question, locale: string, fallback: string): PageField {
  const common = { name: fieldOf(question), label: questionLabel(question, locale, fallback), optional: 'untold' } as const;
  switch (question.kind) {
    case 'open':
      return { ...common, kind: 'text', multiline: true, maxLength: MOST.words };
    case 'nps':
      return {
        ...common,
        ...SCALE.nps,
        kind: 'scale',
        style: 'numbers',
        low: key('feedback.survey.nps_low'),
        high: key('feedback.survey.nps_high'),
      };
    case 'five':
    case 'smileys': {
      const style = question.kind === 'five' ? 'stars' : 'smileys';
      return {
        ...common,
        ...SCALE.five,
        kind: 'scale',
        style,
        low: key('feedback.survey.five_low'),
        high: key('feedback.survey.five_high'),
      };
    }
  }
}

/** All questions may have been retired: a page that can't be answered would be none. */
const wordsField = (): PageField => ({
  kind: 'text',
  multiline: true,
  name: FIELDS.words,
  label: key('feedback.survey.words'),
  maxLength: MOST.words,
  optional: 'untold',
});

const servedField = (): PageField => ({
  kind: 'text',
  name: FIELDS.servedBy,
  label: key('feedback.survey.served_by'),
  hint: key('feedback.survey.served_by_hint'),
  maxLength: MOST.servedBy,
  optional: 'untold',
});

function contactFields(survey: Survey, locale: string, fallback: string): readonly PageField[] {
  const consent = survey.consent && spokenIn(survey.consent.texts, locale, fallback);
  // Nobody can agree to nothing.
  if (!consent) return [];
  const common = { kind: 'text', optional: 'untold' } as const;
  return [
    {
      ...common,
      name: FIELDS.name,
      label: key('feedback.survey.name'),
      hint: key('feedback.survey.contact_hint'),
      maxLength: MOST.contactName,
      autocomplete: 'name',
    },
    { ...common, name: FIELDS.email, type: 'email', label: key('feedback.survey.email'), maxLength: MOST.email, autocomplete: 'email' },
    { ...common, name: FIELDS.phone, type: 'tel', label: key('feedback.survey.phone'), maxLength: MOST.phone, autocomplete: 'tel' },
    {
      kind: 'check',
      name: FIELDS.consent,
      // The words that are agreed to are long: where something has to be mended, the field is called by its short name.
      label: key('feedback.survey.consent'),
      hint: words(consent.text),
      optional: 'untold',
    },
  ];
}

/** After it was sent: it can be read again, sends nothing, and tells the number. */
export function thanksPage(context: Frame & Pick<WorkContext, 'vault'>, visit: Visit, thanked: Thanked): Page {
  const { survey, locale } = visit;
  const own = spokenIn(survey.thanks, locale, context.organisation.locale);
  return framed(
    context,
    visit,
    key('feedback.survey.thanks_title'),
    [
      { kind: 'notice', tone: 'thanks', title: key('feedback.survey.thanks'), ...(own && { text: words(own.text) }) },
      { kind: 'facts', facts: [referenceFact(thanked.reference)] },
      { kind: 'text', text: key('feedback.survey.keep') },
      { kind: 'text', text: key(thanked.reachable ? 'feedback.survey.next_contact' : 'feedback.survey.next_none') },
      { kind: 'link', label: key('feedback.survey.again'), href: surveyPath(survey.slug, { lang: locale, byCard: visit.byCard }) },
    ],
    `/thanks/${thanksToken(context.vault, thanked)}`,
  );
}

/** Somebody went back and changed what they had sent: the first counts, and there is a way to say more. */
export function sentAlreadyPage(context: Frame, visit: Visit, reference: string): Page {
  const { survey, locale, byCard } = visit;
  return framed(context, visit, key('feedback.survey.sent_title'), [
    { kind: 'notice', tone: 'info', title: key('feedback.survey.sent'), text: key('feedback.survey.sent_more') },
    { kind: 'facts', facts: [referenceFact(reference)] },
    { kind: 'link', style: 'button', label: key('feedback.survey.sent_again'), href: surveyPath(survey.slug, { lang: locale, byCard }) },
  ]);
}

/** It was here, and takes nothing any more. */
export function closedPage(context: Frame, visit: Visit): Page {
  return framed(context, visit, key('feedback.survey.closed_title'), [{ kind: 'text', text: key('feedback.survey.closed') }]);
}

const referenceFact = (reference: string) => ({ label: key('feedback.survey.reference'), value: words(showReference(reference)) });
