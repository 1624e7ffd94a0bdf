import { bestLocale } from '../../../core/web.js';
import { languageName } from '../labels.js';
import type { ByLanguage } from '../model.js';
import { LANGUAGES } from '../replying/tongue.js';

const primary = (tag: string): string => tag.split(/[-_]/)[0]?.toLowerCase() ?? '';

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

/** Words by language as a reader gets them, and in which language those are; undefined where there are none. */
export function spokenIn(by: ByLanguage, locale: string, fallback: string): { readonly locale: string; readonly text: string } | undefined {
  for (const wish of [primary(locale), primary(fallback), 'en', ...Object.keys(by)]) {
    const text = by[wish];
    if (text !== undefined && text !== '') return { locale: wish, text };
  }
  return undefined;
}
