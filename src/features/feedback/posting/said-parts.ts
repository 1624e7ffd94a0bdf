import type { Fact } from '../../../core/card.js';
import { primaryLanguage } from '../../../core/language.js';
import type { Block } from '../../../core/rich.js';
import { instant, join, key, list, person as personText, type Text, words } from '../../../core/text.js';
import { showReference } from '../intake/reference.js';
import { inLanguageName, kindLabel, questionLabel, scaleName, sourceLabel, starsText, themeLabel } from '../labels.js';
import type { Kind, Question, Said } from '../model.js';

/** Whose languages a card is written for. */
export interface Tongue {
  /** The reader's: BCP 47. */
  readonly locale: string;
  /** The organisation's. */
  readonly fallback: string;
}

/** How much of what a customer said a card shows, in characters: in a channel, and where it was opened to be read. */
export const EXCERPT = 600;
export const WHOLE = 6_000;
/** In a list, in the first line of a notification. */
export const LINE = 160;

const TITLES: Readonly<Record<Kind, Text>> = {
  praise: key('feedback.posting.title.praise'),
  complaint: key('feedback.posting.title.complaint'),
  suggestion: key('feedback.posting.title.suggestion'),
  comment: key('feedback.posting.title.comment'),
};
export const saidTitle = (said: Pick<Said, 'kind'>): Text => TITLES[said.kind];

/** "Complaint · ★★☆☆☆ 2 of 5 · Riga". */
export function saidLine(said: Said): Text {
  const place = placeOf(said);
  return join([kindLabel(said.kind), ...(said.stars === null ? [] : [starsText(said.stars)]), ...(place ? [place] : [])], ' · ');
}

/** What a notification shows: the same with how the customer's words begin. */
export function saidSummary(said: Said): Text {
  const begins = shortWords(said);
  return begins === undefined ? saidLine(said) : join([saidLine(said), begins], ': ');
}

/** The beginning of what the customer said, as one line; undefined where there are no words. */
export function shortWords(said: Pick<Said, 'words'>, most = LINE): Text | undefined {
  const line = said.words
    .map((one) => shownWords(one.words))
    .join(' · ')
    .replace(/\s+/gu, ' ')
    .trim();
  return line === '' ? undefined : words(shortened(line, most));
}

/** Stars, where, how, and in which language where it isn't the organisation's. */
export function saidLead(said: Said, { fallback }: Pick<Tongue, 'fallback'>): Text {
  const place = placeOf(said);
  const language = primaryLanguage(said.language);
  const isOther = language !== 'und' && language !== primaryLanguage(fallback);
  const items = [
    ...(said.stars === null ? [] : [starsText(said.stars)]),
    ...(place ? [place] : []),
    sourceLabel(said.source),
    ...(isOther ? [inLanguageName(language)] : []),
  ];
  return join(items, ' · ');
}

/** The location, with the page's name where that tells more. */
function placeOf({ locationName, pageName }: Said): Text | undefined {
  const names = [locationName, pageName].filter((name): name is string => name !== null && name !== '');
  const [first, second] = names;
  if (first === undefined) return undefined;
  return words(second === undefined || second === first ? first : `${first}, ${second}`);
}

/**
 * What the customer said, quoted; above each answer what was asked, where there are several.
 * @param most characters of all answers together: each is cut at its share
 */
export function saidQuotes(
  said: Said,
  questions: ReadonlyMap<string, Question>,
  { locale, fallback }: Tongue,
  most: number,
): readonly Block[] {
  if (said.strippedAt !== null && said.words.length === 0) return [{ kind: 'paragraph', text: key('feedback.posting.stripped') }];
  const shares = fairShares(
    said.words.map((one) => one.words.length),
    most,
  );
  return said.words.flatMap(({ questionId, words: typed }, index): readonly Block[] => {
    const question = questionId === null ? undefined : questions.get(questionId);
    const asked: Block[] = said.words.length > 1 && question ? [{ kind: 'heading', text: questionLabel(question, locale, fallback) }] : [];
    return [...asked, { kind: 'quote', text: words(shortened(shownWords(typed), shares[index] ?? 0)) }];
  });
}

/** Whether all answers together are longer than so many characters. */
export const isLonger = (said: Pick<Said, 'words'>, most: number): boolean =>
  said.words.reduce((sum, one) => sum + one.words.length, 0) > most;

/** How much of `most` each gets: short ones what they need, long ones what is left, in equal parts. */
export function fairShares(lengths: readonly number[], most: number): readonly number[] {
  const shares = lengths.map(() => 0);
  const order = lengths.map((length, index) => ({ length, index })).sort((one, other) => one.length - other.length);
  let left = most;
  for (const [done, { length, index }] of order.entries()) {
    const share = Math.min(length, Math.floor(left / (order.length - done)));
    shares[index] = share;
    left -= share;
  }
  return shares;
}

/** Invisible signs that turn around what is written after them: what reads one way would mean another. Right-to-left scripts need none. */
const TURNING = /[\u202a-\u202e\u2066-\u2069]/gu;

/** What somebody typed, as it may be shown. */
export const shownWords = (typed: string): string => typed.replace(TURNING, '');

const GRAPHEMES = new Intl.Segmenter('und');

/** At most so many UTF-16 units, cut between words if there is a blank near, never within a character, with a mark. */
export function shortened(typed: string, most: number): string {
  if (typed.length <= most) return typed;
  let end = 0;
  for (const { segment, index } of GRAPHEMES.segment(typed)) {
    if (index + segment.length > most - 1) break;
    end = index + segment.length;
  }
  const blank = typed.slice(0, end).search(/\s\S*$/u);
  return `${typed.slice(0, blank > end * 0.7 ? blank : end).trimEnd()}…`;
}

/** What was rated, scale by scale; the stars themselves are told elsewhere. */
export function ratingFacts(said: Said, questions: ReadonlyMap<string, Question>, { locale, fallback }: Tongue): readonly Fact[] {
  return said.ratings
    .flatMap(({ questionId, value }) => {
      const question = questions.get(questionId);
      return question ? [{ question, value }] : [];
    })
    .filter(({ question, value }) => !(question.key === 'overall' && value === said.stars))
    .sort((one, other) => one.question.position - other.question.position)
    .map(({ question, value }) => ({
      label: scaleName(question, locale, fallback),
      value: question.kind === 'nps' ? key('feedback.posting.of_ten', { value }) : starsText(value),
    }));
}

/** The same where it isn't among the facts: a scale a line. */
export const ratingsBlock = (ratings: readonly Fact[]): Block => ({
  kind: 'paragraph',
  text: join(
    ratings.map(({ label, value }) => join([label, value], ': ')),
    '\n',
  ),
});

/** What it is about, and whom: colleagues only where everyone who sees the card may know. */
export function aboutFacts(said: Said, { locale, fallback }: Tongue): readonly Fact[] {
  const facts: Fact[] = [];
  const isOpen = said.state === 'passed' && said.kind === 'complaint';
  if (said.concerns.length > 0 && !isOpen)
    facts.push({ label: key('feedback.posting.fact.concerns'), value: list(said.concerns.map(({ name }) => personText(name))) });
  if (said.themes.length > 0)
    facts.push({
      label: key('feedback.posting.fact.themes'),
      value: list(said.themes.map((theme) => themeLabel(theme, locale, fallback))),
    });
  return facts;
}

/** "7K3M-9QXZ · Sunday 22 November, 12:15 · logged by Ana". */
export function saidFooter(said: Said): Text {
  const logged = said.loggedByName === null ? [] : [key('feedback.posting.logged_by', { name: personText(said.loggedByName) })];
  return join([words(showReference(said.reference)), instant(said.receivedAt), ...logged], ' · ');
}
