import { IntlMessageFormat } from 'intl-messageformat';

/** A catalogue file as it was read, its keys in the file's order. */
export interface CatalogueFile {
  readonly path: string;
  /** The folder that it belongs to: its keys begin with it. */
  readonly folder: string;
  readonly locale: string;
  readonly messages: Readonly<Record<string, string>>;
}

export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

const KEY = /^[a-z]+(\.[a-z0-9_]+)+$/;
const TAGS = new Set(['b', 'i', 'code']);

/**
 * Everything that is wrong with the catalogues, a line each: missing, unused, unsorted, misplaced or
 * broken texts, and translations that differ from English in their parameters.
 */
export function catalogueProblems(files: readonly CatalogueFile[], sources: readonly SourceFile[]): readonly string[] {
  const english = new Map(files.filter((file) => file.locale === 'en').flatMap((file) => Object.entries(file.messages)));
  return [
    ...files.flatMap((file) => fileProblems(file)),
    ...translationProblems(files, english),
    ...usageProblems(files, sources, english),
  ];
}

function fileProblems(file: CatalogueFile): string[] {
  const keys = Object.keys(file.messages);
  const problems: string[] = [];
  const unsorted = keys.find((key, position) => position > 0 && key < (keys[position - 1] ?? ''));
  if (unsorted) problems.push(`${file.path}: "${unsorted}" is out of order; keys are sorted.`);
  for (const key of keys) {
    if (!key.startsWith(`${file.folder}.`)) problems.push(`${file.path}: "${key}" must begin with "${file.folder}.".`);
    else if (!KEY.test(key)) problems.push(`${file.path}: "${key}" is no key: lower-case words with dots between.`);
    const parsed = anatomy(file.messages[key] ?? '', file.locale);
    if ('broken' in parsed) problems.push(`${file.path}: "${key}" is no ICU message: ${parsed.broken}`);
    else {
      for (const tag of parsed.tags)
        if (!TAGS.has(tag)) problems.push(`${file.path}: "${key}" has the tag <${tag}>; there are <b>, <i> and <code>.`);
      for (const form of parsed.missingForms) problems.push(`${file.path}: "${key}" lacks the plural form "${form}" of ${file.locale}.`);
    }
  }
  return problems;
}

function translationProblems(files: readonly CatalogueFile[], english: ReadonlyMap<string, string>): string[] {
  const locales = [...new Set(files.map((file) => file.locale))].filter((locale) => locale !== 'en');
  const problems: string[] = [];
  for (const locale of locales) {
    const translated = new Map(files.filter((file) => file.locale === locale).flatMap((file) => Object.entries(file.messages)));
    for (const [key, message] of english) {
      const other = translated.get(key);
      if (other === undefined) {
        problems.push(`${locale}: "${key}" is missing.`);
        continue;
      }
      const [mine, theirs] = [anatomy(message, 'en'), anatomy(other, locale)];
      if ('broken' in mine || 'broken' in theirs) continue;
      const differing = difference(mine, theirs);
      if (differing) problems.push(`${locale}: "${key}" differs from English in ${differing}.`);
    }
    for (const key of translated.keys()) if (!english.has(key)) problems.push(`${locale}: "${key}" is not in English.`);
  }
  return problems;
}

function usageProblems(files: readonly CatalogueFile[], sources: readonly SourceFile[], english: ReadonlyMap<string, string>): string[] {
  const folders = new Set(files.map((file) => file.folder));
  const used = new Set<string>();
  const problems: string[] = [];
  for (const source of sources) {
    for (const literal of literalsOf(source.text)) {
      if (literal.pattern) {
        for (const key of english.keys()) if (literal.pattern.test(key)) used.add(key);
        continue;
      }
      if (!KEY.test(literal.text) || !folders.has(literal.text.split('.', 1)[0] ?? '')) continue;
      const asError = errorKey(literal.text);
      used.add(literal.text).add(asError);
      const wanted = literal.position === 'error' ? asError : literal.text;
      const mustExist = literal.position !== 'other' || /^[a-z]+\.errors\./.test(literal.text);
      if (mustExist && !english.has(wanted)) problems.push(`${source.path}:${literal.line}: "${wanted}" is in no English catalogue.`);
    }
  }
  for (const key of english.keys()) if (!used.has(key)) problems.push(`en: "${key}" is used nowhere.`);
  return problems;
}

/** `handbook.title_missing` -> `handbook.errors.title_missing`, as BellhopError has it. */
function errorKey(code: string): string {
  return code.replace('.', '.errors.');
}

interface Literal {
  readonly text: string;
  readonly line: number;
  /** What it was given to: `key(...)`, `new BellhopError(...)`, anything else. */
  readonly position: 'key' | 'error' | 'other';
  /** Of a template in `key(...)`: what its placeholders may stand for. */
  readonly pattern?: RegExp;
}

const LITERAL =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|(\b(?:key|BellhopError)\(\s*)?(?:'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`)/g;

/** The strings of a TypeScript source, comments left out. */
function literalsOf(source: string): Literal[] {
  const found: Literal[] = [];
  for (const match of source.matchAll(LITERAL)) {
    const [, before, single, double, template] = match;
    const text = single ?? double ?? template;
    if (text === undefined) continue;
    const line = source.slice(0, match.index).split('\n').length;
    const position = before?.startsWith('key') ? 'key' : before ? 'error' : 'other';
    if (template?.includes('${')) {
      if (position !== 'key') continue;
      const pattern = new RegExp(
        `^${template
          .split(/\$\{[^}]*\}/)
          .map((part) => part.replaceAll('.', '\\.'))
          .join('[a-z0-9_]+')}$`,
      );
      found.push({ text, line, position, pattern });
    } else found.push({ text, line, position });
  }
  return found;
}

interface Anatomy {
  readonly parameters: ReadonlySet<string>;
  readonly selects: ReadonlySet<string>;
  readonly tags: ReadonlySet<string>;
  readonly missingForms: readonly string[];
}

type Element = ReturnType<IntlMessageFormat['getAst']>[number];

function anatomy(message: string, locale: string): Anatomy | { readonly broken: string } {
  let ast: readonly Element[];
  try {
    ast = new IntlMessageFormat(message, locale).getAst();
  } catch (error) {
    return { broken: error instanceof Error ? error.message : String(error) };
  }
  const parameters = new Set<string>();
  const selects = new Set<string>();
  const tags = new Set<string>();
  const missingForms = new Set<string>();
  const walk = (elements: readonly Element[]): void => {
    for (const element of elements) {
      if ('children' in element) tags.add(element.value);
      else if ('value' in element && element.type !== LITERAL_TYPE) parameters.add(element.value);
      if ('children' in element) walk(element.children);
      if (!('options' in element) || !element.options) continue;
      if ('pluralType' in element) {
        const { pluralCategories } = new Intl.PluralRules(locale, { type: element.pluralType }).resolvedOptions();
        for (const form of pluralCategories) if (!(form in element.options)) missingForms.add(form);
      } else selects.add(`${element.value}: ${Object.keys(element.options).sort().join(', ')}`);
      for (const branch of Object.values(element.options)) walk(branch.value);
    }
  };
  walk(ast);
  return { parameters, selects, tags, missingForms: [...missingForms] };
}

/** The parser's type of plain characters (icu-messageformat-parser, `TYPE.literal`). */
const LITERAL_TYPE = 0;

function difference(english: Anatomy, other: Anatomy): string | undefined {
  const parts: readonly (readonly [string, ReadonlySet<string>, ReadonlySet<string>])[] = [
    ['its parameters', english.parameters, other.parameters],
    ['the branches of a select', english.selects, other.selects],
    ['its tags', english.tags, other.tags],
  ];
  for (const [what, mine, theirs] of parts) {
    const only = [...mine].filter((item) => !theirs.has(item)).concat([...theirs].filter((item) => !mine.has(item)));
    if (only.length > 0) return `${what} (${only.join('; ')})`;
  }
  return undefined;
}
