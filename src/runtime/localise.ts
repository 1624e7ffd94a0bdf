import { IntlMessageFormat } from 'intl-messageformat';
import { type Clock, systemClock } from '../core/clock.js';
import type { KeyText, Localise, NumberText, Param, Reader, Span, Text } from '../core/text.js';
import type { Log } from '../people/ports.js';
import { type Catalogues, loadCatalogues } from './catalogues.js';
import { createFormats, type Formats, formatDay, formatInstant } from './formats.js';

export { loadCatalogues } from './catalogues.js';

export interface LocaliserOptions {
  readonly catalogues?: Catalogues;
  /** Tells which year need not be named. */
  readonly clock?: Clock;
  /** Where a missing text is reported. Without it a missing text throws, so that tests and the desk see it. */
  readonly log?: Pick<Log, 'error'>;
}

/** The language of last resort: complete by `npm run check:catalogue`. */
const FALLBACK = 'en';
/** Without a country, English is written the international way: "Tuesday 2 March, 10:00". */
const PLAIN_ENGLISH = 'en-GB';

interface Language {
  /** The catalogue's locale. */
  readonly name: string;
  /** Whose dates, numbers and lists are used. */
  readonly formatsAs: string;
}

/**
 * Makes the function that turns Text into the reader's language and zone. A person's own words pass
 * through it untouched and stay marked as typed: what renders them must escape them.
 */
export function createLocaliser(options: LocaliserOptions = {}): Localise {
  const catalogues = options.catalogues ?? loadCatalogues();
  const clock = options.clock ?? systemClock;
  const formats = createFormats();
  const languages = new Map<string, Language>();
  const compiled = new Map<string, IntlMessageFormat>();

  const languageOf = (locale: string): Language => {
    const known = languages.get(locale);
    if (known) return known;
    const found = pickLanguage(catalogues, locale);
    // Locales come from outside: what makes no sense is not remembered for ever.
    if (languages.size < 1000) languages.set(locale, found);
    return found;
  };

  const compile = (language: Language, name: string): IntlMessageFormat | undefined => {
    const id = `${language.formatsAs} ${name}`;
    const known = compiled.get(id);
    if (known) return known;
    const message = catalogues.get(language.name)?.get(name);
    if (message === undefined) return undefined;
    const made = compileMessage(message, language.formatsAs, formats);
    compiled.set(id, made);
    return made;
  };

  const keySpans = (text: KeyText, reader: Reader, language: Language): readonly Span[] => {
    const english: Language = { name: FALLBACK, formatsAs: PLAIN_ENGLISH };
    for (const attempt of language.name === FALLBACK ? [language] : [language, english]) {
      try {
        const message = compile(attempt, text.key);
        if (!message) throw new Error(`There is no text "${text.key}" in the catalogue "${attempt.name}".`);
        return flatten(message.formatToParts(valuesOf(text, (param) => spansOf(param, reader, attempt), attempt)));
      } catch (error) {
        if (!options.log) throw error;
        options.log.error({ key: text.key, locale: attempt.name, err: error }, 'A text could not be shown in this language');
      }
    }
    return [{ text: text.key }];
  };

  const valuesOf = (text: KeyText, show: (param: Text) => readonly Span[], language: Language): Record<string, Value> => {
    const values: Record<string, Value> = { ...STYLES };
    for (const [name, param] of Object.entries(text.params ?? {})) {
      values[name] = bare(param);
      values[`${name}${SHOWN}`] = { spans: shown(param, show, language, formats) };
    }
    return values;
  };

  const spansOf = (text: Text, reader: Reader, language: Language): readonly Span[] => {
    switch (text.kind) {
      case 'key':
        return keySpans(text, reader, language);
      case 'words':
        return [{ text: text.words, typed: true }];
      case 'person':
        return [{ text: text.name, typed: true }];
      case 'number':
        return [{ text: formats.number(language.formatsAs, numberOptions(text)).format(text.value) }];
      case 'date':
        return [{ text: formatDay(formats, language.formatsAs, text.date, clock.now().getUTCFullYear()) }];
      case 'instant':
        return [
          { text: formatInstant(formats, language.formatsAs, new Date(text.at), text.zone ?? reader.zone, reader.zone, clock.now()) },
        ];
      case 'list':
        return listSpans(
          text.items.map((item) => spansOf(item, reader, language)),
          formats.list(language.formatsAs),
        );
      case 'join':
        return text.items.flatMap((item, position) => {
          const spans = spansOf(item, reader, language);
          return position > 0 && text.separator ? [{ text: text.separator }, ...spans] : spans;
        });
    }
  };

  return (text, reader) => spansOf(text, reader, languageOf(reader.locale));
}

/** `lv-LV` -> the catalogue `lv`, with Latvian formats; a language without a catalogue reads English throughout. */
function pickLanguage(catalogues: Catalogues, locale: string): Language {
  const english: Language = { name: FALLBACK, formatsAs: PLAIN_ENGLISH };
  let parts: string[];
  try {
    parts = (Intl.getCanonicalLocales(locale.replaceAll('_', '-'))[0] ?? FALLBACK).split('-');
  } catch {
    return english;
  }
  const wanted = parts.join('-');
  for (; parts.length > 0; parts.pop()) {
    const name = parts.join('-');
    if (!catalogues.has(name)) continue;
    if (wanted === FALLBACK) return english;
    return { name, formatsAs: Intl.DateTimeFormat.supportedLocalesOf(wanted)[0] ?? name };
  }
  return english;
}

/** What stands for a shown parameter beside the bare one that plurals and selects read. */
const SHOWN = '§';

type Shown = { readonly spans: readonly Span[] };
type Value = string | number | Shown | ((chunks: readonly (string | Shown)[]) => Shown);

/** The tags that a catalogue may use. */
const STYLES: Readonly<Record<string, Value>> = {
  b: (chunks) => ({ spans: toSpans(chunks).map((span) => ({ ...span, bold: true })) }),
  i: (chunks) => ({ spans: toSpans(chunks).map((span) => ({ ...span, italic: true })) }),
  code: (chunks) => ({ spans: toSpans(chunks).map((span) => ({ ...span, code: true })) }),
};

function toSpans(chunks: readonly (string | Shown)[]): readonly Span[] {
  return chunks.flatMap((chunk) => (typeof chunk === 'string' ? [{ text: chunk }] : chunk.spans));
}

/** A parameter as plurals and selects take it. */
function bare(param: Param): string | number {
  if (typeof param === 'number') return param;
  if (param.kind === 'select') return param.value;
  return param.kind === 'number' ? param.value : 'other';
}

function shown(param: Param, show: (text: Text) => readonly Span[], language: Language, formats: Formats): readonly Span[] {
  if (typeof param === 'number') return [{ text: formats.number(language.formatsAs).format(param) }];
  return param.kind === 'select' ? [{ text: param.value }] : show(param);
}

function numberOptions({ style, currency }: NumberText): Intl.NumberFormatOptions | undefined {
  if (style === 'currency' && currency) return { style, currency };
  if (style === 'percent') return { style: 'percent', maximumFractionDigits: 0 };
  return style === 'integer' ? { maximumFractionDigits: 0 } : undefined;
}

type Element = ReturnType<IntlMessageFormat['getAst']>[number];
/** The parser's element types (icu-messageformat-parser, `TYPE`): `{name}`, a select or plural, a tag. */
const ARGUMENT = 1;

/**
 * A message whose plain placeholders read the shown form of a parameter, so that one parameter may both
 * choose a plural and be shown with the reader's digits.
 */
function compileMessage(message: string, locale: string, formats: Formats): IntlMessageFormat {
  const parsed = new IntlMessageFormat(message, locale).getAst();
  return new IntlMessageFormat(parsed.map(showArguments), locale, undefined, {
    formatters: {
      getNumberFormat: (locales, options) => formats.number(String(locales ?? locale), options as Intl.NumberFormatOptions | undefined),
      getDateTimeFormat: (locales, options) => formats.dateTime(String(locales ?? locale), options),
      getPluralRules: (locales, options) => formats.plural(String(locales ?? locale), options),
    },
  });
}

function showArguments(element: Element): Element {
  if (element.type === ARGUMENT) return { ...element, value: `${element.value}${SHOWN}` } as Element;
  if ('options' in element && element.options) {
    const options = Object.fromEntries(
      Object.entries(element.options).map(([name, branch]) => [name, { ...branch, value: branch.value.map(showArguments) }]),
    );
    return { ...element, options } as Element;
  }
  return 'children' in element ? ({ ...element, children: element.children.map(showArguments) } as Element) : element;
}

function flatten(parts: readonly { readonly value: unknown }[]): readonly Span[] {
  return parts.flatMap((part) => (typeof part.value === 'string' ? [{ text: part.value }] : (part.value as Shown).spans));
}

function listSpans(items: readonly (readonly Span[])[], format: Intl.ListFormat): readonly Span[] {
  // The format sees positions in place of the items, so that what was typed is never searched.
  return format
    .formatToParts(items.map((_, position) => String(position)))
    .flatMap((part) => (part.type === 'element' ? (items[Number(part.value)] ?? []) : [{ text: part.value }]));
}
