import { oneLine, paragraph } from '../../../core/inputs.js';
import { cleanLocale } from '../../../people/names.js';
import { type Contact, type Kind, MOST, type Question, type QuestionKind, type Rating, type SaidWords } from '../model.js';

/** What ratings mean depends on the question. */
export type Scale = Pick<Question, 'id' | 'key' | 'kind'>;

/** What stars and kind are made of. */
export interface Basis {
  readonly questions: readonly Scale[];
  /** So many stars or fewer are a complaint. */
  readonly lowStars: number;
}

const OVERALL = 'overall';
const DO_BETTER = 'do_better';

/** A rating in fives: 0 to 10 becomes 1 to 5. */
function inFives(kind: QuestionKind, value: number): number {
  return kind === 'nps' ? 1 + (value * 4) / 10 : value;
}

/**
 * How many stars ratings come to: the one of the question "overall", else the mean of all.
 * @returns 1 to 5; null without ratings
 */
export function starsOf(ratings: readonly Rating[], questions: readonly Scale[]): number | null {
  const rated = ratings.flatMap(({ questionId, value }) => {
    const question = questions.find(({ id }) => id === questionId);
    return question && question.kind !== 'open' ? [{ key: question.key, fives: inFives(question.kind, value) }] : [];
  });
  if (rated.length === 0) return null;
  const overall = rated.find(({ key }) => key === OVERALL);
  const stars = overall?.fives ?? rated.reduce((sum, { fives }) => sum + fives, 0) / rated.length;
  return Math.min(5, Math.max(1, Math.round(stars)));
}

/**
 * Of which kind feedback is whose giver didn't say: few stars are a complaint; five with words are praise, whatever was asked (most
 * write into the first box that they see); four as well, unless the only words tell what to do better.
 */
export function kindOf(stars: number | null, words: readonly SaidWords[], { questions, lowStars }: Basis): Kind {
  if (stars === null) return 'comment';
  if (stars <= lowStars) return 'complaint';
  const asksBetter = new Set(questions.filter(({ key }) => key === DO_BETTER).map(({ id }) => id));
  const praises = words.some(({ questionId }) => questionId === null || !asksBetter.has(questionId));
  return (stars === 5 && words.length > 0) || (stars === 4 && praises) ? 'praise' : 'comment';
}

/** Words as they are kept: nothing in them that can't be stored or shown, answers without words left out. */
export function cleanWords(words: readonly SaidWords[]): readonly SaidWords[] {
  return words
    .map(({ questionId, words: typed }) => ({ questionId, words: shorten(paragraph(typed), MOST.words) }))
    .filter(({ words: typed }) => typed !== '');
}

export function cleanContact(contact: Contact): Contact {
  const name = shorten(oneLine(contact.name ?? ''), MOST.contactName);
  const email = oneLine(contact.email ?? '').slice(0, MOST.email);
  const phone = shorten(oneLine(contact.phone ?? ''), MOST.phone);
  return { ...(name && { name }), ...(email && { email }), ...(phone && { phone }) };
}

/** One line of at most so many characters. */
export const cleanLine = (typed: string, most: number): string => shorten(oneLine(typed), most);

/** BCP 47; `und` for what is no language. */
export const cleanLanguage = (tag: string | undefined): string => cleanLocale(tag) ?? 'und';

/** The same words, however they are written: compared letter by letter. Without letters, as they stand. */
export function foldedForRepeats(words: readonly SaidWords[]): string {
  const said = words.map(({ words: typed }) => typed).join(' ');
  const folded = said
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '');
  return folded || said.replace(/\s+/gu, '');
}

/** Doors refuse what is longer; what a door let through is cut with a mark, not lost. */
function shorten(typed: string, most: number): string {
  if (typed.length <= most) return typed;
  const cut = [...typed].slice(0, most - 1);
  // Characters of two UTF-16 units count as two, as they do in a form.
  while (cut.join('').length > most - 1) cut.pop();
  return `${cut.join('')}…`;
}
