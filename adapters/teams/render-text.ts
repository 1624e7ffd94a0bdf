import { type Localise, plain, type Reader, type Span, type Text } from '../../src/core/text.js';
import type { Element, TextRun } from './adaptive.js';

/** How much room texts get. Cards that are too large are rendered again with less. */
export interface Room {
  /** Characters of one text of the body. */
  readonly body: number;
  /** Characters of every other text. */
  readonly line: number;
  /** Entries of a list that can be cut at the end (rows, body blocks, options). */
  readonly entries: number;
  /** Lists with their marks in a column of their own: takes more bytes than marks within the text. */
  readonly hanging?: true;
}

/** What every part of a renderer needs. */
export interface Pen {
  readonly reader: Reader;
  readonly localise: Localise;
  readonly room: Room;
  /** For a dialog, whose buttons are of another sort than those of messages. */
  readonly dialog?: true;
  /** The address of a picture that Teams can show; undefined where there is none. */
  readonly pictureUrl?: PictureUrl;
}

/** Where a picture that the bot keeps is fetched by the reader's client; undefined where it can't be. */
export type PictureUrl = (id: string) => string | undefined;

const SHORTENED: Text = { kind: 'key', key: 'core.ui.shortened' };

/** The mark of a text that was cut, with the space before it. */
export function shortenedMark(pen: Pen): string {
  return ` ${plain(pen.localise(SHORTENED, pen.reader))}`;
}

/**
 * Teams fills in `{{DATE(...)}}` and `{{TIME(...)}}` wherever text stands, typed or not. An invisible word
 * joiner between the braces keeps them as typed.
 */
export function inert(text: string): string {
  return text.replace(/\{(?=\{\s*(?:DATE|TIME)\s*\()/gi, '{\u2060');
}

/** Whether Teams' Markdown would change this text: only such elements as TextBlock and FactSet read it. */
export function readsAsMarkdown(text: string): boolean {
  return /[*_~`[\]<>\\&|]|^\s*(?:[-+]|#+|\d+[.)])\s|https?:|www\.|\n|\{\{/im.test(text);
}

/** Cuts between whole characters, so that no half of an emoji is left. */
export function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  const end = /[\uD800-\uDBFF]/.test(text.charAt(length - 1)) ? length - 1 : length;
  return text.slice(0, Math.max(0, end));
}

/** The characters of a text, shortened with the mark, for places without formatting. */
export function line(text: Text, pen: Pen, most = pen.room.line): string {
  const all = plain(pen.localise(text, pen.reader));
  return inert(all.length <= most ? all : cut(all, most) + shortenedMark(pen));
}

/** Spans, shortened with the mark. */
export function clip(spans: readonly Span[], most: number, pen: Pen): readonly Span[] {
  if (spans.reduce((sum, span) => sum + span.text.length, 0) <= most) return spans;
  const kept: Span[] = [];
  let left = most;
  for (const span of spans) {
    if (left <= 0) break;
    kept.push({ ...span, text: cut(span.text, left) });
    left -= span.text.length;
  }
  return [...kept, { text: shortenedMark(pen), italic: true }];
}

/** Spans as runs, which no client parses for Markdown. Braces are made inert across runs. */
export function runs(spans: readonly Span[], style: Omit<TextRun, 'type' | 'text' | 'selectAction'> = {}): TextRun[] {
  const made: TextRun[] = [];
  let before = '';
  for (const span of spans) {
    if (span.text === '') continue;
    const text = before.endsWith('{') && span.text.startsWith('{') ? `\u2060${inert(span.text)}` : inert(span.text);
    before = span.text;
    made.push({
      type: 'TextRun',
      text,
      ...style,
      ...(span.bold && { weight: 'bolder' as const }),
      ...(span.italic && { italic: true as const }),
      ...(span.code && { fontType: 'monospace' as const }),
    });
  }
  return made;
}

/** A paragraph of runs; undefined when there is nothing to show. */
export function paragraph(
  text: Text,
  pen: Pen,
  style: Omit<TextRun, 'type' | 'text' | 'selectAction'> = {},
  options: { readonly most?: number; readonly spacing?: 'none' | 'small' | 'medium' } = {},
): Element[] {
  const inlines = runs(clip(pen.localise(text, pen.reader), options.most ?? pen.room.body, pen), style);
  return inlines.length === 0 ? [] : [{ type: 'RichTextBlock', inlines, ...(options.spacing && { spacing: options.spacing }) }];
}

/** A heading. TextBlock alone tells screen readers that it is one, but reads Markdown: so only where there is none. */
export function heading(text: Text, pen: Pen, size: 'medium' | 'large'): Element[] {
  const words = line(text, pen);
  if (words === '') return [];
  if (!readsAsMarkdown(words)) return [{ type: 'TextBlock', text: words, wrap: true, style: 'heading', size, weight: 'bolder' }];
  return paragraph(text, pen, { size, weight: 'bolder' }, { most: pen.room.line });
}
