import type { Nodes, Root, RootContent } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { toString as plainText } from 'mdast-util-to-string';
import { BellhopError } from '../../core/errors.js';
import { type RichBlock, richPlain } from '../../core/rich.js';
import { cleanText, MAX_SOURCE_BYTES } from './canonical.js';
import { isParsable } from './complexity.js';
import { type Converter, createConverter, type Degraded } from './rich-from-mdast.js';

/** A piece of the document that can be asked about: a numbered heading with what stands under it. */
export interface ClauseText {
  /** "2.1"; empty for the introduction, which stands before the first heading. */
  readonly number: string;
  readonly heading: string;
  readonly body: readonly RichBlock[];
}

export interface ParsedDocument {
  /** What the document's own first heading says, when it serves as the title. */
  readonly title: string | undefined;
  readonly clauses: readonly ClauseText[];
  /** What chat can't show as it was written, and how often: shown in another way instead. */
  readonly degraded: Degraded;
}

/** Most clauses of a document; more is a sign that something else was sent. */
export const MAX_CLAUSES = 1000;
/** The longest heading that is shown as one; what is longer is shown whole in the clause's text. */
const MAX_HEADING = 110;

/**
 * Reads Markdown (CommonMark). Headings become numbered clauses, by their depth; a lone first-level heading
 * at the beginning is the document's title.
 * @param source as it was typed or sent
 * @param title as the author gave it apart from the text, if so: a first heading that says something else is kept as text
 * @throws BellhopError `handbook.document_empty`, `handbook.document_too_large`, `handbook.document_too_complex`,
 *   `handbook.document_without_text`, `handbook.too_many_clauses`
 */
export function parseDocument(source: string, title?: string): ParsedDocument {
  if (Buffer.byteLength(source, 'utf8') > MAX_SOURCE_BYTES) throw new BellhopError('handbook.document_too_large');
  const clean = cleanText(source);
  if (clean === '') throw new BellhopError('handbook.document_empty');
  if (!isParsable(clean)) throw new BellhopError('handbook.document_too_complex');
  const root = fromMarkdown(clean);
  const convert = createConverter(root, clean);
  const lone = loneTitle(root);
  const found = lone === undefined ? undefined : plainText(lone).replace(/\s+/g, ' ').trim() || undefined;
  const isTitle = found !== undefined && (title === undefined || sameWords(found, title));
  const clauses = collect(root, convert, isTitle ? lone : undefined, isTitle ? undefined : lone);
  if (clauses.length > MAX_CLAUSES) throw new BellhopError('handbook.too_many_clauses', { most: MAX_CLAUSES });
  if (!clauses.some((clause) => clause.body.some((block) => /[\p{L}\p{N}]/u.test(richPlain(block))))) {
    throw new BellhopError('handbook.document_without_text');
  }
  return { title: isTitle ? found : undefined, clauses, degraded: convert.degraded };
}

const sameWords = (one: string, other: string) => fold(one) === fold(other);
const fold = (text: string) =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

/** The only first-level heading of the document, when it stands before every other heading. */
function loneTitle(root: Root): RootContent | undefined {
  const headings = root.children.filter((node) => node.type === 'heading');
  const first = headings[0];
  return first?.depth === 1 && headings.filter((node) => node.depth === 1).length === 1 ? first : undefined;
}

/**
 * @param title a heading that is left out
 * @param kept a heading that is shown as text, but not numbered
 */
function collect(root: Root, convert: Converter, title: RootContent | undefined, kept: RootContent | undefined): ClauseText[] {
  const number = numbering();
  const clauses: { number: string; heading: string; body: RichBlock[] }[] = [{ number: '', heading: '', body: [] }];
  const current = () => clauses[clauses.length - 1] as { body: RichBlock[] };
  for (const node of root.children) {
    if (node === title) continue;
    if (node.type !== 'heading') {
      current().body.push(...convert.blocks(node));
    } else if (node === kept) {
      current().body.push({ kind: 'heading', content: convert.inline(node.children) });
    } else {
      const heading = plainOf(convert, node);
      const long = heading.length > MAX_HEADING;
      const body: RichBlock[] = long ? [{ kind: 'heading', content: convert.inline(node.children) }] : [];
      clauses.push({ number: number(node.depth), heading: long ? shortened(heading) : heading, body });
    }
  }
  const introduction = clauses[0];
  return introduction && introduction.body.length === 0 ? clauses.slice(1) : clauses;
}

/** A heading's characters as they are shown, pictures and raw HTML included. */
function plainOf(convert: Converter, node: Extract<Nodes, { type: 'heading' }>): string {
  return convert
    .inline(node.children)
    .map((run) => run.text)
    .join('')
    .replace(/\s+/g, ' ')
    .trim();
}

function shortened(heading: string): string {
  const cut = heading.slice(0, MAX_HEADING - 1);
  const atWord = cut.slice(0, cut.lastIndexOf(' ') > 40 ? cut.lastIndexOf(' ') : cut.length);
  return `${atWord.replace(/[\ud800-\udbff]$/, '')}…`;
}

/** Numbers headings by their depth: "1", "1.1", "2". A depth that was left out is not counted. */
function numbering(): (depth: number) => string {
  const levels: { depth: number; count: number }[] = [];
  return (depth) => {
    let popped: { depth: number; count: number } | undefined;
    while ((levels.at(-1)?.depth ?? 0) > depth) popped = levels.pop();
    const top = levels.at(-1);
    if (top?.depth === depth) top.count += 1;
    // A heading between two depths continues the numbers of the deeper one: they stand under the same clause.
    else levels.push({ depth, count: (popped?.count ?? 0) + 1 });
    return levels.map((level) => level.count).join('.');
  };
}
