import type { types } from '@slack/bolt';
import type { Block, RichBlock, RichInline, RichItem } from '../../src/core/rich.js';
import { key, number, type Text } from '../../src/core/text.js';
import { LIMITS, shorten } from './limits.js';
import { FACES_ONLY, facesBlock, type Pictured, pictureBlock } from './render-pictures.js';
import { countCharacters, plainText, type RichElement, type RichInlineElement, run, type Wording } from './render-text.js';

type Section = types.RichTextSection;
/** `offset` is documented, yet not in the SDK's types: https://docs.slack.dev/reference/block-kit/blocks/rich-text-block */
type List = types.RichTextList & { offset?: number };

/** A piece of a body: what belongs together as one block when there is room for it. */
export type Piece =
  | { readonly kind: 'rich'; readonly elements: readonly RichElement[] }
  /** `instead`: what says the same where there is no room for a block of its own. */
  | { readonly kind: 'block'; readonly block: types.KnownBlock; readonly instead?: readonly RichElement[] };

const STEPS = 10;

/** The pieces of a card's body or a form's introduction, in order and unshortened. */
export function bodyPieces(body: readonly Block[], wording: Wording, pictured: Pictured = FACES_ONLY): Piece[] {
  return body.flatMap((block) => piecesOf(block, wording, pictured));
}

function piecesOf(block: Block, wording: Wording, pictured: Pictured): Piece[] {
  switch (block.kind) {
    case 'paragraph':
      return rich(section(wording.runs(block.text)));
    case 'heading': {
      const runs = wording.runs(block.text, { bold: true });
      const text = wording.plain(block.text, Number.MAX_SAFE_INTEGER);
      if (text.length > LIMITS.header.text) return rich(section(runs));
      return [{ kind: 'block', block: { type: 'header', text: plainText(text) } }];
    }
    case 'rich':
      return block.blocks.flatMap((item) => rich(...richElements(item)));
    case 'quote':
      return rich(
        { type: 'rich_text_quote', elements: wording.runs(block.text) },
        ...(block.by ? [section([...run('— '), ...wording.runs(block.by)])] : []),
      );
    case 'progress':
      return rich(
        section([...run(bar(block.done, block.total)), ...run('  '), ...progressLabel(block.label, block.done, block.total, wording)]),
      );
    case 'divider':
      return [{ kind: 'block', block: { type: 'divider' } }];
    case 'picture':
      return insteadOf(pictureBlock(block, pictured, wording), section(wording.runs(block.alt)));
    case 'faces':
      return insteadOf(facesBlock(block.people, pictured), section(run(block.people.map((face) => face.name).join(', '))));
  }
}

/** A block of its own, with the words that stand in its place; these alone where there is no such block. */
function insteadOf(block: types.KnownBlock | undefined, words: Section): Piece[] {
  return block ? [{ kind: 'block', block, instead: [words] }] : rich(words);
}

/** A bar of ten steps; the last one is full only when everything is done. */
export function bar(done: number, total: number): string {
  const share = total > 0 ? Math.min(1, Math.max(0, done / total)) : 0;
  const full = share === 1 ? STEPS : Math.floor(share * STEPS);
  return '▰'.repeat(full) + '▱'.repeat(STEPS - full);
}

/** The label, with the figures after it where it doesn't carry them itself. */
function progressLabel(label: Text, done: number, total: number, wording: Wording): RichInlineElement[] {
  const runs = wording.runs(label);
  if (/\d/.test(wording.plain(label, 1000))) return runs;
  return [...runs, ...run(' ('), ...wording.runs(number(done)), ...run(' / '), ...wording.runs(number(total)), ...run(')')];
}

/** A document's block as elements of a rich_text block. */
export function richElements(block: RichBlock): RichElement[] {
  switch (block.kind) {
    case 'paragraph':
      return [section(block.content.flatMap(inline))];
    case 'heading':
      return [section(block.content.flatMap((part) => inline({ ...part, bold: true })))];
    case 'quote':
      return [{ type: 'rich_text_quote', elements: block.content.flatMap(inline) }];
    case 'preformatted':
      return [{ type: 'rich_text_preformatted', elements: run(block.text) as types.RichTextPreformatted['elements'] }];
    case 'list':
      return lists(block.ordered, block.start ?? 1, block.items);
  }
}

function inline(part: RichInline): RichInlineElement[] {
  const style = {
    ...(part.bold ? { bold: true } : {}),
    ...(part.italic ? { italic: true } : {}),
    ...(part.strike ? { strike: true } : {}),
    ...(part.code ? { code: true } : {}),
  };
  if (part.link && isLink(part.link)) {
    return [
      { type: 'link', url: part.link, ...(part.text ? { text: part.text } : {}), ...(Object.keys(style).length > 0 ? { style } : {}) },
    ];
  }
  return run(part.text, style);
}

/** Whether an address may become a link: http(s) and mailto only. */
export function isLink(address: string): boolean {
  if (address.length > LIMITS.button.url) return false;
  try {
    return ['http:', 'https:', 'mailto:'].includes(new URL(address).protocol);
  } catch {
    return false;
  }
}

/** Slack has no nested lists: each stretch of one depth and sort becomes a list of its own, its numbers going on. */
function lists(ordered: boolean, start: number, items: readonly RichItem[]): RichElement[] {
  const out: List[] = [];
  const counts: number[] = [];
  for (const item of items) {
    const indent = Math.min(Math.max(0, item.depth), LIMITS.richList.indent);
    counts.length = indent + 1;
    const own = item.marker === undefined ? undefined : /^(\d+)/.exec(item.marker)?.[1];
    const numbered = item.marker === undefined ? ordered : own !== undefined;
    const position = own !== undefined ? Number(own) : (counts[indent] ?? (indent === 0 ? start - 1 : 0)) + 1;
    counts[indent] = position;
    const style = numbered ? 'ordered' : 'bullet';
    const runs = item.content.flatMap(inline);
    const line = section(runs.length > 0 ? runs : run('–'));
    const open = out.at(-1);
    if (
      open &&
      open.style === style &&
      (open.indent ?? 0) === indent &&
      (style === 'bullet' || (open.offset ?? 0) + open.elements.length + 1 === position)
    ) {
      open.elements.push(line);
    } else {
      out.push({
        type: 'rich_text_list',
        style,
        elements: [line],
        ...(indent > 0 ? { indent } : {}),
        ...(numbered && position > 1 ? { offset: position - 1 } : {}),
      });
    }
  }
  return out;
}

function section(elements: RichInlineElement[]): Section {
  return { type: 'rich_text_section', elements };
}

function rich(...elements: RichElement[]): Piece[] {
  const full = elements.filter((element) => element.elements.length > 0 && countCharacters(element) > 0);
  return full.length > 0 ? [{ kind: 'rich', elements: full }] : [];
}

/**
 * Lays pieces out as blocks within `room`: what has no room as a block of its own joins its neighbour, what has too
 * many characters is cut with the mark "(shortened)" at the cut.
 */
export function layPieces(pieces: readonly Piece[], room: { blocks: number; characters: number }, wording: Wording): types.KnownBlock[] {
  if (room.blocks < 1) return [];
  const fitted = cutPieces(pieces, Math.max(0, room.characters), wording.shortened);
  let blocks: types.KnownBlock[] = fitted.map((piece) =>
    piece.kind === 'block' ? piece.block : { type: 'rich_text', elements: [...piece.elements] },
  );
  if (blocks.length > room.blocks) blocks = joinAll(fitted);
  return blocks.slice(0, room.blocks);
}

/** One rich_text block out of many pieces, with an empty line between them. */
function joinAll(pieces: readonly Piece[]): types.KnownBlock[] {
  const elements = pieces.flatMap((piece): RichElement[] => {
    if (piece.kind === 'rich') return piece.elements.map(spaced);
    if (piece.instead) return piece.instead.map(spaced);
    if (piece.block.type === 'header') return [spaced(section(run(piece.block.text.text, { bold: true })))];
    return [];
  });
  return elements.length > 0 ? [{ type: 'rich_text', elements }] : [];
}

function spaced(element: RichElement): RichElement {
  return element.type === 'rich_text_section' ? section([...element.elements, ...run('\n')]) : element;
}

function cutPieces(pieces: readonly Piece[], budget: number, mark: string): Piece[] {
  const total = pieces.reduce((sum, piece) => sum + sizeOf(piece), 0);
  // Joining adds a line break to each element: counted beforehand, so that the sum still fits.
  const breaks = pieces.reduce((sum, piece) => sum + (piece.kind === 'rich' ? piece.elements.length : 1), 0);
  if (total + breaks <= budget) return [...pieces];
  const out: Piece[] = [];
  let left = budget - mark.length - 1;
  for (const piece of pieces) {
    const size = sizeOf(piece) + (piece.kind === 'rich' ? piece.elements.length : 1);
    if (size <= left) {
      out.push(piece);
      left -= size;
      continue;
    }
    if (piece.kind === 'rich') {
      const cut = cutElements(piece.elements, left);
      if (cut.length > 0) out.push({ kind: 'rich', elements: cut });
    }
    break;
  }
  if (budget > mark.length) out.push(...rich(section(run(mark, { italic: true }))));
  return out;
}

function sizeOf(piece: Piece): number {
  if (piece.kind === 'rich') return countCharacters(piece.elements);
  return Math.max(countCharacters(piece.block), countCharacters(piece.instead ?? []));
}

function cutElements(elements: readonly RichElement[], budget: number): RichElement[] {
  const out: RichElement[] = [];
  let left = budget;
  for (const element of elements) {
    left -= 1;
    const size = countCharacters(element);
    if (size <= left) {
      out.push(element);
      left -= size;
      continue;
    }
    if (element.type === 'rich_text_list') {
      const items: Section[] = [];
      for (const item of element.elements) {
        const length = countCharacters(item);
        if (length <= left) items.push(item as Section);
        else {
          const runs = cutRuns((item as Section).elements, left);
          if (runs.length > 0) items.push(section(runs));
          break;
        }
        left -= length;
      }
      if (items.length > 0) out.push({ ...element, elements: items });
    } else {
      const runs = cutRuns(element.elements as RichInlineElement[], left);
      if (runs.length > 0) out.push({ ...element, elements: runs } as RichElement);
    }
    break;
  }
  return out;
}

function cutRuns(runs: readonly RichInlineElement[], budget: number): RichInlineElement[] {
  const out: RichInlineElement[] = [];
  let left = budget;
  for (const item of runs) {
    if (left < 1) break;
    if (!('text' in item) || typeof item.text !== 'string') {
      out.push(item);
      continue;
    }
    const text = shorten(item.text, left, '');
    if (text !== '') out.push({ ...item, text });
    if (text.length < item.text.length) break;
    left -= text.length;
  }
  return out;
}

/** A line that stands where whole parts were left out. */
export function shortenedNote(wording: Wording): types.KnownBlock {
  return { type: 'context', elements: [plainText(wording.plain(key('core.ui.shortened'), LIMITS.context.text))] };
}
