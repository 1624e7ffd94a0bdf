import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Locale (the file's name, BCP 47) -> key -> ICU message. */
export type Catalogues = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** Where `src` lies, in the sources and in the build alike. */
const SRC = fileURLToPath(new URL('..', import.meta.url));

/**
 * The folders that have texts: `src/<folder>/locales` and `src/features/<feature>/locales`.
 * They are found and not listed, so that a further language means files only.
 */
export function catalogueFolders(src: string = SRC): readonly { readonly name: string; readonly path: string }[] {
  const under = (parent: string) =>
    readdirSync(parent, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && existsSync(join(parent, entry.name, 'locales')))
      .map((entry) => ({ name: entry.name, path: join(parent, entry.name, 'locales') }));
  const features = join(src, 'features');
  return [...under(src), ...(existsSync(features) ? under(features) : [])];
}

/**
 * Reads every catalogue.
 * @throws Error naming the file, when one can't be read as flat JSON or a key stands in two folders
 */
export function loadCatalogues(src: string = SRC): Catalogues {
  const catalogues = new Map<string, Map<string, string>>();
  for (const folder of catalogueFolders(src)) {
    for (const file of readdirSync(folder.path)) {
      if (!file.endsWith('.json')) continue;
      const locale = file.slice(0, -'.json'.length);
      const messages = catalogues.get(locale) ?? new Map<string, string>();
      catalogues.set(locale, messages);
      for (const [key, message] of Object.entries(readFlat(join(folder.path, file)))) {
        if (messages.has(key)) throw new Error(`${join(folder.path, file)}: the key "${key}" stands in another catalogue too.`);
        messages.set(key, message);
      }
    }
  }
  return catalogues;
}

function readFlat(path: string): Record<string, string> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new Error(`${path} is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw new Error(`${path} must be an object of texts.`);
  const flat: Record<string, string> = {};
  for (const [key, value] of Object.entries(parsed)) {
    if (typeof value !== 'string') throw new Error(`${path}: "${key}" must be a text.`);
    flat[key] = value;
  }
  return flat;
}

/** The locales that there are catalogues for, English first. */
export function languagesOf(catalogues: Catalogues): readonly string[] {
  return [...catalogues.keys()].sort((a, b) => Number(b === 'en') - Number(a === 'en') || a.localeCompare(b));
}
