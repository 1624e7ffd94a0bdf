import type { RichBlock, RichInline } from '../../src/core/rich.js';
import type { Element, TextRun } from './adaptive.js';
import { cut, inert, type Pen, shortenedMark } from './render-text.js';

/** A document's blocks. Lists are shown flat and indented; links open only http(s) and mailto addresses. */
export function richElements(blocks: readonly RichBlock[], pen: Pen): Element[] {
  let left = pen.room.body;
  const made: Element[] = [];
  for (const block of blocks) {
    if (left <= 0) {
      made.push({ type: 'RichTextBlock', inlines: [{ type: 'TextRun', text: shortenedMark(pen).trim(), italic: true }] });
      break;
    }
    const { element, used } = richElement(block, left, pen);
    left -= used;
    made.push(...element);
  }
  return made;
}

function richElement(block: RichBlock, most: number, pen: Pen): { element: Element[]; used: number } {
  switch (block.kind) {
    case 'paragraph':
      return text(block.content, most, pen, {});
    case 'heading':
      return text(block.content, most, pen, { weight: 'bolder', size: 'medium' });
    case 'quote': {
      const inner = text(block.content, most, pen, {});
      return {
        element: inner.element.length > 0 ? [{ type: 'Container', style: 'emphasis', items: inner.element }] : [],
        used: inner.used,
      };
    }
    case 'preformatted':
      return text([{ text: block.text }], most, pen, { fontType: 'monospace' });
    case 'list': {
      const marks = markers(block);
      if (pen.room.hanging) return hangingList(block, marks, most, pen);
      const content = block.items.flatMap((item, index): RichInline[] => {
        return [
          { text: `${index > 0 ? '\n' : ''}${'\u2003'.repeat(item.depth + (item.depth > 0 ? 1 : 0))}${marks[index]}\u2002` },
          ...item.content,
        ];
      });
      return text(content, most, pen, {});
    }
  }
}

type List = Extract<RichBlock, { kind: 'list' }>;

/** What stands before each item. */
function markers(block: List): string[] {
  const counters: number[] = [];
  return block.items.map((item) => {
    counters.length = item.depth + 1;
    const number = (counters[item.depth] ?? (item.depth === 0 ? (block.start ?? 1) : 1) - 1) + 1;
    counters[item.depth] = number;
    return item.marker ?? (block.ordered ? `${number}.` : '•');
  });
}

/** Pixels of a mark, and of each level that it stands further in. */
const MARK = { bullet: 16, number: 28, level: 20 } as const;

/** A list whose lines begin under one another, not under their marks. */
function hangingList(block: List, marks: readonly string[], most: number, pen: Pen): { element: Element[]; used: number } {
  const element: Element[] = [];
  let used = 0;
  for (const [index, item] of block.items.entries()) {
    if (used >= most) break;
    const inner = text(item.content, most - used, pen, {});
    used += inner.used;
    const mark = marks[index] ?? '•';
    element.push({
      type: 'ColumnSet',
      ...(index > 0 && { spacing: 'small' as const }),
      columns: [
        {
          type: 'Column',
          width: `${(mark === '•' ? MARK.bullet : MARK.number) + item.depth * MARK.level}px`,
          items: [{ type: 'RichTextBlock', inlines: [{ type: 'TextRun', text: mark }], horizontalAlignment: 'right' }],
        },
        { type: 'Column', width: 'stretch', spacing: 'small', items: inner.element },
      ],
    });
  }
  return { element, used };
}

function text(content: readonly RichInline[], most: number, pen: Pen, style: Partial<TextRun>): { element: Element[]; used: number } {
  const inlines: TextRun[] = [];
  let used = 0;
  let before = '';
  for (const inline of content) {
    if (inline.text === '') continue;
    if (used >= most) break;
    const shown = cut(inline.text, most - used);
    used += inline.text.length;
    const link = inline.link && /^(https?:\/\/|mailto:)/i.test(inline.link) && URL.canParse(inline.link) ? inline.link : undefined;
    inlines.push({
      type: 'TextRun',
      text: `${before.endsWith('{') && shown.startsWith('{') ? '\u2060' : ''}${inert(shown)}`,
      ...style,
      ...(inline.bold && { weight: 'bolder' as const }),
      ...(inline.italic && { italic: true as const }),
      ...(inline.strike && { strikethrough: true as const }),
      ...(inline.code && { fontType: 'monospace' as const }),
      // The address stands in the tooltip: nobody is sent anywhere without being able to see where.
      ...(link && { color: 'accent' as const, selectAction: { type: 'Action.OpenUrl' as const, url: link, tooltip: cut(link, 200) } }),
    });
    before = shown;
  }
  const whole = content.reduce((sum, inline) => sum + inline.text.length, 0);
  if (whole > most) inlines.push({ type: 'TextRun', text: shortenedMark(pen), italic: true });
  return { element: inlines.length === 0 ? [] : [{ type: 'RichTextBlock', inlines }], used };
}
