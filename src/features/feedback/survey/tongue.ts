import { bestLocale } from '../../../core/web.js';
import { languageName } from '../labels.js';
import { LANGUAGES } from '../languages.js';
import type { ByLanguage } from '../model.js';

/** Languages that a page can be read in: Bellhop's own, and those that its own words were written in. */
export function offeredLanguages(...written: readonly ByLanguage[]): readonly { readonly locale: string; readonly label: string }[] {
  const own = LANGUAGES.map(({ locale }) => locale);
  const others = [...new Set(written.flatMap((by) => Object.keys(by)))].filter((locale) => !own.includes(locale)).sort();
  return [...LANGUAGES, ...others.map((locale) => ({ locale, label: capitalised(languageName(locale), locale) }))];
}

function capitalised(name: string, locale: string): string {
  const [first = '', ...rest] = name;
  return first.toLocaleUpperCase(locale) + rest.join('');
}

/** The language for a visitor: the one that was switched to, the browser's, the organisation's, English. */
export function visitorLocale(
  switched: string | undefined,
  accepted: readonly string[],
  offered: readonly string[],
  fallback: string,
): string {
  const wishes = [switched ?? '', ...accepted, fallback].filter((wish) => wish !== '');
  return bestLocale(wishes, offered) ?? 'en';
}
