import { BellhopError } from '../../core/errors.js';
import type { FileHandle } from '../../core/form.js';
import { canonicalText, cleanLine, cleanText, decodeDocument, MAX_SOURCE_BYTES, readingMinutes, sha256 } from './canonical.js';
import { parseDocument } from './markdown.js';
import { paginate } from './pages.js';
import type { DraftText } from './store-versions.js';

/** Bounds of a title, in characters. */
const MAX_TITLE = 150;
/** Most pages of a document: more than anybody reads in a chat. */
const MAX_PAGES = 400;

/** What a draft is made of, besides its text. */
export type DraftSettings = Pick<DraftText, 'statement' | 'audience' | 'effectiveOn' | 'dueOn'>;

/**
 * A draft of a source, parsed and packed into pages.
 * @param title as given apart from the text; empty: the document's own first heading, else `fallbackTitle`
 * @throws BellhopError `handbook.title_missing`, `handbook.title_long`, `handbook.document_long`, and what parseDocument throws
 */
export function draftOf(source: string, title: string, settings: DraftSettings, fallbackTitle?: string): DraftText {
  const given = title === '' ? undefined : title;
  const parsed = parseDocument(source, given);
  const name = cleanLine(given ?? parsed.title ?? fallbackTitle ?? '');
  if (name === '') throw new BellhopError('handbook.title_missing');
  if (name.length > MAX_TITLE) throw new BellhopError('handbook.title_long', { most: MAX_TITLE });
  const pages = paginate(parsed.clauses);
  if (pages.length > MAX_PAGES) throw new BellhopError('handbook.document_long', { pages: pages.length, most: MAX_PAGES });
  const clean = cleanText(source);
  return {
    ...settings,
    title: name,
    source: clean,
    sha256: sha256(canonicalText({ title: name, statement: settings.statement, source: clean })),
    readingMinutes: readingMinutes(clean),
    clauses: parsed.clauses,
    pages,
    degraded: parsed.degraded,
  };
}

/**
 * The text of a file that somebody sent.
 * @throws BellhopError `handbook.document_too_large`, `handbook.file_kind`, `handbook.file_not_text`, and what reading it throws
 */
export async function readDocument(file: FileHandle): Promise<string> {
  if (!/\.(md|markdown|txt)$/i.test(file.name)) throw new BellhopError('handbook.file_kind');
  if (file.size !== undefined && file.size > MAX_SOURCE_BYTES) throw new BellhopError('handbook.document_too_large');
  try {
    return decodeDocument(await file.read(MAX_SOURCE_BYTES));
  } catch (error) {
    if (error instanceof BellhopError && error.code === 'core.file_too_large')
      throw new BellhopError('handbook.document_too_large', {}, { cause: error });
    throw error;
  }
}
