import type { RichBlock, RichInline, RichItem } from '../../core/rich.js';
import type { ClauseText } from './markdown.js';

/** A clause, or a part of one, on a page. */
export interface PagePart {
  /** Which clause of the version (from 0). */
  readonly ordinal: number;
  readonly number: string;
  readonly heading: string;
  /** The clause began on a page before. */
  readonly continued: boolean;
  readonly blocks: readonly RichBlock[];
}

export type PageParts = readonly PagePart[];

/**
 * What fits any platform's message: Slack takes 12,000 characters and 50 blocks, a card on Teams 28 KB of JSON.
 * Every run, item and address costs markup besides its characters, so that a page of a thousand one-letter links fits too.
 */
export const PAGE = { characters: 2800, blocks: 25 } as const;
const COST = { run: 20, item: 12, block: 20, heading: 30 } as const;
/** A clause longer than a page begins on the present one when at least so much of it is free. */
const WORTH_BEGINNING = 700;

/** Packs clauses into pages. A clause that fits a page stands on one; a longer one is split at paragraphs, sentences, words. */
export function paginate(clauses: readonly ClauseText[]): PageParts[] {
  const pages: PagePart[][] = [];
  let page: PagePart[] = [];
  let room = { characters: PAGE.characters, blocks: PAGE.blocks } as Room;
  const turn = () => {
    if (page.length > 0) pages.push(page);
    page = [];
    room = { characters: PAGE.characters, blocks: PAGE.blocks };
  };
  for (const group of together(clauses)) {
    const size = group.reduce((sum, { clause }) => add(sum, sizeOf(clause)), { characters: 0, blocks: 0 });
    if (!fits(size, room)) {
      const long = !fits(size, PAGE);
      if (!long || room.characters < WORTH_BEGINNING || room.blocks < 5) turn();
    }
    for (const { clause, ordinal } of group) {
      let rest: readonly RichBlock[] = clause.body;
      let continued = false;
      for (;;) {
        room = { characters: room.characters - headingCost(clause), blocks: room.blocks - 1 };
        const taken = take(rest, room, page.length === 0);
        if (taken.now.length > 0 || rest.length === 0) {
          page.push({ ordinal, number: clause.number, heading: clause.heading, continued, blocks: taken.now });
          continued = true;
        }
        rest = taken.later;
        room = taken.room;
        if (rest.length === 0) break;
        turn();
      }
    }
  }
  turn();
  return pages;
}

/** The first and the last page (from 1) of each clause, by its ordinal. */
export function pagesOfClauses(pages: readonly PageParts[]): ReadonlyMap<number, { readonly first: number; readonly last: number }> {
  const spans = new Map<number, { first: number; last: number }>();
  for (const [index, parts] of pages.entries()) {
    for (const part of parts) spans.set(part.ordinal, { first: spans.get(part.ordinal)?.first ?? index + 1, last: index + 1 });
  }
  return spans;
}

interface Room {
  readonly characters: number;
  readonly blocks: number;
}
interface Numbered {
  readonly clause: ClauseText;
  readonly ordinal: number;
}

/** A heading without text of its own goes with the clause after it: it mustn't stand alone at the end of a page. */
function together(clauses: readonly ClauseText[]): Numbered[][] {
  const groups: Numbered[][] = [];
  let open: Numbered[] = [];
  for (const [ordinal, clause] of clauses.entries()) {
    open.push({ clause, ordinal });
    if (clause.body.length === 0 && open.length < 4) continue;
    groups.push(open);
    open = [];
  }
  if (open.length > 0) groups.push(open);
  return groups;
}

const add = (one: Room, other: Room): Room => ({ characters: one.characters + other.characters, blocks: one.blocks + other.blocks });
const fits = (size: Room, room: Room) => size.characters <= room.characters && size.blocks <= room.blocks;
const headingCost = (clause: ClauseText) => clause.number.length + clause.heading.length + COST.heading;

function sizeOf(clause: ClauseText): Room {
  return { characters: headingCost(clause) + clause.body.reduce((sum, block) => sum + costOf(block), 0), blocks: 1 + clause.body.length };
}

function costOf(block: RichBlock): number {
  switch (block.kind) {
    case 'list':
      return COST.block + block.items.reduce((sum, item) => sum + itemCost(item), 0);
    case 'preformatted':
      return COST.block + block.text.length;
    default:
      return COST.block + runsCost(block.content);
  }
}

const itemCost = (item: RichItem) => COST.item + runsCost(item.content);
const runsCost = (runs: readonly RichInline[]) => runs.reduce((sum, run) => sum + run.text.length + COST.run + (run.link?.length ?? 0), 0);

/** As many blocks as there is room for; the one that doesn't fit is split where that fills the page sensibly. */
function take(
  blocks: readonly RichBlock[],
  given: Room,
  emptyPage: boolean,
): { now: RichBlock[]; later: readonly RichBlock[]; room: Room } {
  const now: RichBlock[] = [];
  let room = given;
  for (const [index, block] of blocks.entries()) {
    const cost = costOf(block);
    if (room.blocks >= 1 && cost <= room.characters) {
      now.push(block);
      room = { characters: room.characters - cost, blocks: room.blocks - 1 };
      continue;
    }
    const mustSplit = (emptyPage && now.length === 0) || (cost > PAGE.characters / 2 && room.characters > 400);
    const parts = mustSplit && room.blocks >= 1 ? split(block, room.characters - COST.block) : undefined;
    if (!parts) return { now, later: blocks.slice(index), room };
    return { now: [...now, parts[0]], later: [parts[1], ...blocks.slice(index + 1)], room: { characters: 0, blocks: 0 } };
  }
  return { now, later: [], room };
}

/** Two blocks of one. Undefined when nothing of it fits. */
function split(block: RichBlock, room: number): [RichBlock, RichBlock] | undefined {
  switch (block.kind) {
    case 'list':
      return splitList(block, room);
    case 'preformatted': {
      const at = cutAt(block.text, room);
      return at === 0
        ? undefined
        : [
            { ...block, text: block.text.slice(0, at).replace(/\n$/, '') },
            { ...block, text: block.text.slice(at) },
          ];
    }
    default: {
      const parts = splitRuns(block.content, room);
      return (
        parts && [
          { ...block, content: parts[0] },
          { ...block, content: parts[1] },
        ]
      );
    }
  }
}

function splitList(block: Extract<RichBlock, { kind: 'list' }>, room: number): [RichBlock, RichBlock] | undefined {
  let left = room;
  let count = 0;
  for (const item of block.items) {
    if (itemCost(item) > left) break;
    left -= itemCost(item);
    count += 1;
  }
  const rest = (items: readonly RichItem[], outermost: number): RichBlock => ({
    kind: 'list',
    ordered: block.ordered,
    ...(block.ordered ? { start: (block.start ?? 1) + outermost } : {}),
    items,
  });
  const outermost = (items: readonly RichItem[]) => items.filter((item) => item.depth === 0).length;
  const item = block.items[count];
  if (!item) return undefined;
  if (count > 0) {
    const before = block.items.slice(0, count);
    return [{ ...block, items: before }, rest(block.items.slice(count), outermost(before))];
  }
  // One item longer than the page: it goes on as an item marked "…".
  const parts = splitRuns(item.content, left - COST.item);
  if (!parts) return undefined;
  return [
    { ...block, items: [{ ...item, content: parts[0] }] },
    rest([{ ...item, marker: '…', content: parts[1] }, ...block.items.slice(1)], 0),
  ];
}

/** Splits runs so that the first part costs at most `room`. */
function splitRuns(runs: readonly RichInline[], room: number): [RichInline[], RichInline[]] | undefined {
  let left = room;
  const first: RichInline[] = [];
  for (const [index, run] of runs.entries()) {
    const cost = run.text.length + COST.run + (run.link?.length ?? 0);
    if (cost <= left) {
      first.push(run);
      left -= cost;
      continue;
    }
    const at = cutAt(run.text, left - COST.run - (run.link?.length ?? 0));
    const rest = runs.slice(index + 1);
    if (at > 0)
      return [
        [...first, { ...run, text: run.text.slice(0, at).trimEnd() }],
        [{ ...run, text: run.text.slice(at).trimStart() }, ...rest],
      ];
    return first.length > 0 ? [first, [run, ...rest]] : undefined;
  }
  return undefined;
}

/** Where to cut a text of which `room` characters fit: after a line, a sentence or a word; else between two characters as one sees them. */
function cutAt(text: string, room: number): number {
  if (room < 20) return 0;
  const part = text.slice(0, room);
  const line = part.lastIndexOf('\n') + 1;
  if (line > room / 2) return line;
  let sentence = 0;
  for (const match of part.matchAll(/[.!?…।]["”’)»]*\s/gu)) sentence = match.index + match[0].length;
  if (sentence > room / 3) return sentence;
  const word = Math.max(part.lastIndexOf(' '), part.lastIndexOf('\n')) + 1;
  if (word > room / 3) return word;
  let last = 0;
  for (const { index } of new Intl.Segmenter('und', { granularity: 'grapheme' }).segment(text.slice(0, room + 20))) {
    if (index > room) break;
    last = index;
  }
  // One "character" of hundreds of code points: cut it, rather than never come to an end.
  return last > 0 ? last : text.charCodeAt(room) >> 10 === 0x37 ? room - 1 : room;
}
