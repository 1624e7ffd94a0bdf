import { primaryLanguage } from '../../core/language.js';
import { own } from '../../core/own.js';
import { join, key, type Text, words } from '../../core/text.js';
import type { ByLanguage, Case, Kind, Priority, Question, Source, ThemeName } from './model.js';

/**
 * Words by language as a reader gets them: in their language, else in the organisation's, else in English, else in any; and in which
 * language those are. Undefined where there are none.
 */
export function spokenIn(by: ByLanguage, locale: string, fallback: string): { readonly locale: string; readonly text: string } | undefined {
  for (const wish of [primaryLanguage(locale), primaryLanguage(fallback), 'en', ...Object.keys(by)]) {
    const text = by[wish];
    if (text !== undefined && text !== '') return { locale: wish, text };
  }
  return undefined;
}

/** The same, the words alone. */
export const inLanguage = (by: ByLanguage, locale: string, fallback: string): string | undefined => spokenIn(by, locale, fallback)?.text;

const SOURCES: Readonly<Record<Source, Text>> = {
  page: key('feedback.source.page'),
  card: key('feedback.source.card'),
  phone: key('feedback.source.phone'),
  email: key('feedback.source.email'),
  in_person: key('feedback.source.in_person'),
  mystery_shopper: key('feedback.source.mystery_shopper'),
  api: key('feedback.source.api'),
  csv: key('feedback.source.csv'),
};
export const sourceLabel = (source: Source): Text => SOURCES[source];

const KINDS: Readonly<Record<Kind, Text>> = {
  praise: key('feedback.kind.praise'),
  complaint: key('feedback.kind.complaint'),
  suggestion: key('feedback.kind.suggestion'),
  comment: key('feedback.kind.comment'),
};
export const kindLabel = (kind: Kind): Text => KINDS[kind];

const PRIORITIES: Readonly<Record<Priority, Text>> = {
  low: key('feedback.priority.low'),
  normal: key('feedback.priority.normal'),
  high: key('feedback.priority.high'),
  urgent: key('feedback.priority.urgent'),
};
export const priorityLabel = (priority: Priority): Text => PRIORITIES[priority];

/** What a case is called wherever it is named: "Case 123". */
export const caseName = ({ number }: Pick<Case, 'number'>): Text => key('feedback.case.name', { number: words(String(number)) });

/** The questions that every organisation begins with; the page asks those of `asked`. */
const QUESTIONS: Readonly<Record<string, Text>> = {
  courtesy: key('feedback.question.courtesy'),
  helpfulness: key('feedback.question.helpfulness'),
  waiting: key('feedback.question.waiting'),
  overall: key('feedback.question.overall'),
  recommend: key('feedback.question.recommend'),
  went_well: key('feedback.question.went_well'),
  do_better: key('feedback.question.do_better'),
};

/** A question as somebody reads it. `locale`: the reader's; `fallback`: the organisation's. */
export function questionLabel(question: Pick<Question, 'key' | 'labels'>, locale: string, fallback: string): Text {
  return labelOf(question.labels, own(QUESTIONS, question.key), locale, fallback) ?? words(question.key);
}

/** Short names of the standard scales, for facts and figures. */
const SCALES: Readonly<Record<string, Text>> = {
  courtesy: key('feedback.scale.courtesy'),
  helpfulness: key('feedback.scale.helpfulness'),
  waiting: key('feedback.scale.waiting'),
  overall: key('feedback.scale.overall'),
  recommend: key('feedback.scale.recommend'),
};

/** What a question rates, to stand before a figure: "Courtesy"; of a question that somebody wrote its words, without the question mark. */
export function scaleName(question: Pick<Question, 'key' | 'labels'>, locale: string, fallback: string): Text {
  const name = labelOf(question.labels, own(SCALES, question.key), locale, fallback) ?? words(question.key);
  return name.kind === 'words' ? words(name.words.replace(/\s*[?？؟]+\s*$/u, '')) : name;
}

/** In which language something was said, by the language's own name: "in Deutsch". @param language a primary language of BCP 47 */
export function inLanguageName(language: string): Text {
  return key('feedback.in_language', { language: words(languageName(language)) });
}

/** A language by its own name: "latviešu". @param language a primary language of BCP 47 */
export function languageName(language: string): string {
  try {
    return new Intl.DisplayNames([language], { type: 'language', fallback: 'code' }).of(language) ?? language;
  } catch {
    // What isn't written as a language is shown as it came.
    return language;
  }
}

/** The themes that every organisation begins with. */
const THEMES: Readonly<Record<string, Text>> = {
  waiting: key('feedback.theme.waiting'),
  attitude: key('feedback.theme.attitude'),
  knowledge: key('feedback.theme.knowledge'),
  price: key('feedback.theme.price'),
  product: key('feedback.theme.product'),
  cleanliness: key('feedback.theme.cleanliness'),
  delivery: key('feedback.theme.delivery'),
  billing: key('feedback.theme.billing'),
};

/** A theme as somebody reads it. */
export function themeLabel(theme: Pick<ThemeName, 'key' | 'names'>, locale: string, fallback: string): Text {
  return labelOf(theme.names, theme.key === null ? undefined : own(THEMES, theme.key), locale, fallback) ?? words('—');
}

/** What somebody wrote for just this language, else the standard words, else what was written for others. */
function labelOf(by: ByLanguage, standard: Text | undefined, locale: string, fallback: string): Text | undefined {
  const written = by[primaryLanguage(locale)];
  if (written !== undefined) return words(written);
  const other = inLanguage(by, locale, fallback);
  return standard ?? (other === undefined ? undefined : words(other));
}

const FULL = '★';
const EMPTY = '☆';

/** Stars with the figure beside them, for those who don't see them: "★★☆☆☆ 2 of 5". */
export function starsText(stars: number): Text {
  return join([words(FULL.repeat(stars) + EMPTY.repeat(5 - stars)), key('feedback.stars', { stars })], ' ');
}
