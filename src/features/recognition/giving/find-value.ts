import { readdirSync } from 'node:fs';
import { plain } from '../../../core/text.js';
import type { WorkContext } from '../../../people/handlers.js';
import { foldName } from '../../../people/names.js';
import type { Value } from '../model.js';
import { valueName } from '../store-settings.js';

/** The languages in which the catalogue names the values. */
const LANGUAGES: readonly string[] = readdirSync(new URL('../locales/', import.meta.url))
  .filter((name) => name.endsWith('.json'))
  .map((name) => name.slice(0, -'.json'.length));

/**
 * The value that a tag means: by its name in any language or its code, whatever its case and diacritics, or by the
 * beginning of one of them where only one value begins so. Undefined when none does, or several.
 * @param tag what stands behind the `#`
 */
export function findValueByTag({ localise }: Pick<WorkContext, 'localise'>, values: readonly Value[], tag: string): Value | undefined {
  const wanted = squashed(tag);
  if (wanted === '') return undefined;
  const named = values.map((value) => ({ value, names: namesOf(localise, value) }));
  const whole = named.filter(({ names }) => names.includes(wanted));
  if (whole.length > 0) return whole[0]?.value;
  const begun = named.filter(({ names }) => names.some((name) => name.startsWith(wanted)));
  return begun.length === 1 ? begun[0]?.value : undefined;
}

function namesOf(localise: WorkContext['localise'], value: Value): readonly string[] {
  const names = LANGUAGES.map((locale) => plain(localise(valueName(value), { locale, zone: 'UTC' })));
  return [...names, ...(value.code ? [value.code] : [])].map(squashed);
}

/** Nobody types a blank into a tag: `#customer-first` and `#CustomerFirst` are the value "Customer first". */
const squashed = (name: string): string => foldName(name).replaceAll(' ', '');
