import { z } from 'zod';
import { oneLine, paragraph } from '../../../core/inputs.js';
import { key, type Text } from '../../../core/text.js';
import { typedIn, type WebRequest } from '../../../core/web.js';
import { type Contact, type Kind, MOST, type Question, type Rating, type SaidWords, SCALE } from '../model.js';
import type { Survey } from './store-survey.js';

/** Names of the page's fields; answers to questions stand under `fieldOf`. */
export const FIELDS = {
  /** In answer to no question: asked where there is none left. */
  words: 'words',
  kind: 'kind',
  servedBy: 'served-by',
  name: 'contact-name',
  email: 'contact-email',
  phone: 'contact-phone',
  consent: 'consent',
  /** Hidden: the consent's wording that was shown. */
  consentId: 'consent-id',
} as const;

/** Where a question is answered. Keys stay the same when managers put questions in another order meanwhile. */
export const fieldOf = ({ key: name }: Pick<Question, 'key'>): string => `q-${name}`;

/** What a customer may call it. */
export const CHOSEN_KINDS = ['praise', 'suggestion', 'complaint'] as const satisfies readonly Kind[];

export interface Answers {
  readonly ratings: readonly Rating[];
  readonly words: readonly SaidWords[];
  readonly kind?: Kind;
  readonly servedBy: string;
  /** Agreed to. */
  readonly contact?: Contact;
}

/** What was typed, by field: shown again when something has to be mended. */
export type Typed = Readonly<Record<string, string>>;

export interface Mending {
  readonly typed: Typed;
  /** By field. */
  readonly errors: Readonly<Record<string, Text>>;
  /** Of the form as a whole. */
  readonly error?: Text;
}

const Email = z.email();

/**
 * Reads what came from a page: all answers that there are, or everything that has to be mended, at its field. Nothing is cut, and
 * nothing that was answered is left out.
 */
export function readAnswers(
  request: Pick<WebRequest, 'form'>,
  survey: Survey,
): { readonly answers: Answers } | { readonly mending: Mending } {
  const typed: Record<string, string> = {};
  const errors: Record<string, Text> = {};
  const take = (name: string, clean: (text: string) => string): string => {
    const text = clean(typedIn(request, name) ?? '');
    if (text !== '') typed[name] = text;
    return text;
  };
  const line = (name: string, most: number): string => {
    const text = take(name, oneLine);
    if (text.length > most) errors[name] = tooLong(most, text);
    return text;
  };

  const ratings: Rating[] = [];
  const words: SaidWords[] = [];
  const takeWords = (name: string, questionId: string | null): void => {
    const text = take(name, paragraph);
    if (text.length > MOST.words) errors[name] = tooLong(MOST.words, text);
    else if (text !== '') words.push({ questionId, words: text });
  };
  takeWords(FIELDS.words, null);
  for (const question of survey.questions) {
    const name = fieldOf(question);
    if (question.kind === 'open') {
      takeWords(name, question.id);
      continue;
    }
    const chosen = take(name, oneLine);
    if (chosen === '') continue;
    const { from, to } = SCALE[question.kind];
    const value = /^\d{1,2}$/.test(chosen) ? Number(chosen) : Number.NaN;
    if (value >= from && value <= to) ratings.push({ questionId: question.id, value });
    else errors[name] = key('feedback.survey.error_choose');
  }

  const chosenKind = take(FIELDS.kind, oneLine);
  const kind = CHOSEN_KINDS.find((known) => known === chosenKind);
  if (chosenKind !== '' && kind === undefined) errors[FIELDS.kind] = key('feedback.survey.error_choose');
  const servedBy = line(FIELDS.servedBy, MOST.servedBy);

  const [name, email, phone] = [line(FIELDS.name, MOST.contactName), line(FIELDS.email, MOST.email), line(FIELDS.phone, MOST.phone)];
  if (email !== '' && !errors[FIELDS.email] && !Email.safeParse(email).success) errors[FIELDS.email] = key('feedback.survey.error_email');
  if (phone !== '' && !errors[FIELDS.phone] && phone.replace(/\D/g, '').length < 5)
    errors[FIELDS.phone] = key('feedback.survey.error_phone');
  const contact: Contact = { ...(name && { name }), ...(email && { email }), ...(phone && { phone }) };
  const hasContact = Object.keys(contact).length > 0;
  const agreed = take(FIELDS.consent, oneLine) === 'yes';
  const seen = typedIn(request, FIELDS.consentId);
  if (hasContact && !agreed) errors[FIELDS.consent] = key('feedback.survey.error_consent');
  else if (hasContact && seen !== survey.consent?.id) {
    errors[FIELDS.consent] = key('feedback.survey.error_consent_changed');
    // Nobody has agreed to the new words yet.
    delete typed[FIELDS.consent];
  }

  if (Object.keys(errors).length > 0) return { mending: { typed, errors } };
  if (ratings.length === 0 && words.length === 0) return { mending: { typed, errors, error: key('feedback.survey.error_nothing') } };
  return { answers: { ratings, words, servedBy, ...(kind && { kind }), ...(hasContact && { contact }) } };
}

const tooLong = (most: number, text: string): Text => key('feedback.survey.error_long', { most, count: text.length });
