import type { types } from '@slack/bolt';
import { CARD_LIMITS, type Card, type Row } from '../../src/core/card.js';
import { type Localise, plain, type Reader } from '../../src/core/text.js';
import { LIMITS, SHARES, shorten } from './limits.js';
import { actionIds, type NextActionId, renderAction, renderActions } from './render-actions.js';
import { FACES_ONLY, type Pictured } from './render-pictures.js';
import { bodyPieces, layPieces, type Piece, shortenedNote } from './render-rich.js';
import { countCharacters, escapeText, plainText, type RichInlineElement, run, type Wording, wordingFor } from './render-text.js';

/** A message as Slack takes it: blocks, and the text of notifications and screen readers. */
export interface RenderedMessage {
  readonly text: string;
  readonly blocks: types.KnownBlock[];
}

interface Room {
  readonly blocks: number;
  readonly characters: number;
}

const MESSAGE: Room = { blocks: LIMITS.message.blocks, characters: LIMITS.message.blockCharacters - 100 };
/** A view has no limit of characters but its size; this much is more than anybody reads, and far below it. */
const HOME: Room = { blocks: LIMITS.view.blocks, characters: 40_000 };
/** Before escaping, which makes a text at most five times as long. */
const FALLBACK = 700;

/** A card as a Slack message. Pure: what Slack refuses is shortened with a visible mark. */
export function renderCard(card: Card, reader: Reader, localise: Localise, pictured?: Pictured): RenderedMessage {
  return renderCards([card], reader, localise, pictured);
}

/** Several cards as one message, one under the other. */
export function renderCards(cards: readonly Card[], reader: Reader, localise: Localise, pictured?: Pictured): RenderedMessage {
  const first = cards[0]?.summary ?? { kind: 'key', key: 'core.home.nothing_waits' };
  const summary = shorten(plain(localise(first, reader)), FALLBACK);
  return { text: escapeText(summary) || '–', blocks: stack(cards, wordingFor(reader, localise), MESSAGE, pictured) };
}

/** The cards as the App Home of one person. */
export function renderHome(cards: readonly Card[], reader: Reader, localise: Localise, pictured?: Pictured): types.HomeView {
  return { type: 'home', blocks: stack(cards, wordingFor(reader, localise), HOME, pictured) };
}

/** Cards between dividers; each gets its share of what the ones before it left. */
function stack(cards: readonly Card[], wording: Wording, room: Room, pictured: Pictured = FACES_ONLY): types.KnownBlock[] {
  const next = actionIds();
  const blocks: types.KnownBlock[] = [];
  let characters = 0;
  for (const [index, card] of cards.entries()) {
    const left = cards.length - index;
    const fair: Room = {
      blocks: Math.floor((room.blocks - blocks.length - 1) / left) - (index > 0 ? 1 : 0),
      characters: Math.floor((room.characters - characters) / left),
    };
    const rendered = cardBlocks(card, wording, fair, next, pictured);
    const size = countCharacters(rendered);
    if (blocks.length + rendered.length + 2 > room.blocks || characters + size > room.characters) {
      blocks.push(shortenedNote(wording));
      break;
    }
    if (index > 0) blocks.push({ type: 'divider' });
    blocks.push(...rendered);
    characters += size;
  }
  return blocks.length > 0 ? blocks : [shortenedNote(wording)];
}

function cardBlocks(card: Card, wording: Wording, room: Room, next: NextActionId, pictured: Pictured): types.KnownBlock[] {
  const head: types.KnownBlock[] = [];
  if (card.title) head.push({ type: 'header', text: wording.object(card.title, LIMITS.header.text) });
  if (card.lead) head.push(...lay([{ kind: 'rich', elements: [line(wording.runs(card.lead))] }], SHARES.lead, wording));
  if (card.facts && card.facts.length > 0) head.push(...factBlocks(card, wording));
  const tail: types.KnownBlock[] = [];
  if (card.rows) tail.push(...rowBlocks(card.rows, wording, next));
  if (card.actions) tail.push(...renderActions(card.actions, wording, next));
  if (card.footer) tail.push({ type: 'context', elements: [wording.object(card.footer, SHARES.footer)] });
  const said = card.title || card.lead || (card.body?.length ?? 0) > 0;
  const pieces = bodyPieces(said ? (card.body ?? []) : [{ kind: 'paragraph', text: card.summary }], wording, pictured);
  const body = layPieces(
    pieces,
    { blocks: room.blocks - head.length - tail.length, characters: room.characters - countCharacters(head) - countCharacters(tail) },
    wording,
  );
  return [...head, ...body, ...tail];
}

function factBlocks(card: Card, wording: Wording): types.KnownBlock[] {
  const facts = (card.facts ?? []).slice(0, CARD_LIMITS.facts);
  const share = Math.floor(SHARES.facts / facts.length);
  const elements = facts.flatMap((fact, index): RichInlineElement[] => {
    const label = wording.plain(fact.label, Math.floor(share / 3));
    const value = cutTo(wording.runs(fact.value), share - label.length - 3);
    return [...(index > 0 ? run('\n') : []), ...run(`${label}: `, { bold: true }), ...(value.length > 0 ? value : run('–'))];
  });
  const more = (card.facts?.length ?? 0) > facts.length ? [shortenedNote(wording)] : [];
  return [{ type: 'rich_text', elements: [line(elements)] }, ...more];
}

function rowBlocks(rows: readonly Row[], wording: Wording, next: NextActionId): types.KnownBlock[] {
  const shown = rows.slice(0, CARD_LIMITS.rows);
  if (shown.length === 0) return [];
  const share = Math.floor(SHARES.rows / shown.length);
  const blocks = shown.map((row): types.KnownBlock => {
    const accessory = row.action ? renderAction(row.action, wording, next, Math.floor(share / 3)) : undefined;
    const left = share - countCharacters(accessory);
    const text = wording.plain(row.text, Math.max(20, row.detail ? Math.floor(left / 2) : left));
    const detail = row.detail ? `\n${wording.plain(row.detail, Math.max(20, left - text.length - 1))}` : '';
    return { type: 'section', text: plainText(text + detail), ...(accessory ? { accessory } : {}) };
  });
  return rows.length > shown.length ? [...blocks, shortenedNote(wording)] : blocks;
}

/** A few runs in at most `max` characters, with an ellipsis where something was cut. */
function cutTo(runs: RichInlineElement[], max: number): RichInlineElement[] {
  const out: RichInlineElement[] = [];
  let left = max;
  for (const item of runs) {
    if (!('text' in item) || typeof item.text !== 'string') continue;
    const text = shorten(item.text, Math.max(1, left));
    out.push({ ...item, text });
    left -= text.length;
    if (text !== item.text || left < 1) break;
  }
  return out;
}

const line = (elements: RichInlineElement[]): types.RichTextSection => ({ type: 'rich_text_section', elements });

function lay(pieces: readonly Piece[], characters: number, wording: Wording): types.KnownBlock[] {
  return layPieces(
    pieces.filter((piece) => countCharacters(piece) > 0),
    { blocks: 1, characters },
    wording,
  );
}
