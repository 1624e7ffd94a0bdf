import { readdirSync, readFileSync } from 'node:fs';

const FOLDER = new URL('./starter/', import.meta.url);

/** Languages in which there is a starter handbook: a file of the folder each. */
export const STARTER_LANGUAGES: readonly string[] = readdirSync(FOLDER)
  .filter((name) => /^[a-z]{2,3}(-[A-Za-z]+)?\.md$/.test(name))
  .map((name) => name.slice(0, -'.md'.length))
  .sort();

/** The starter handbook as Markdown; undefined when there is none in this language. */
export function starterHandbook(language: string): string | undefined {
  return STARTER_LANGUAGES.includes(language) ? readFileSync(new URL(`${language}.md`, FOLDER), 'utf8') : undefined;
}
