import { type ButtonAction, button, CARD_LIMITS } from './card.js';
import type { Ref } from './ref.js';
import { key, type Text } from './text.js';

/** Rows of a card before it gets a next page (VOICE, "Cards"). */
export const ROWS = CARD_LIMITS.rows;

/**
 * Buttons to the rows after and before those that are shown.
 * @param offset the first row shown, from 0
 * @param to the action that shows the rows from an offset on
 */
export function turnRows(offset: number, total: number, to: (offset: number) => Ref): ButtonAction[] {
  const more = offset + ROWS < total ? [button(key('core.rows.more'), to(offset + ROWS))] : [];
  const before = offset > 0 ? [button(key('core.rows.before'), to(Math.max(0, offset - ROWS)))] : [];
  return [...more, ...before];
}

/**
 * "8–14 of 31": which rows are shown; nothing when one page holds them all.
 * @param more whether there are more than `total`, which nobody has counted
 */
export function shownOf(offset: number, shown: number, total: number, more = false): Text | undefined {
  if (total <= ROWS || shown === 0) return undefined;
  if (more) return key('core.rows.shown_of_more', { from: offset + 1, to: offset + shown, total });
  return shown === 1
    ? key('core.rows.shown_one', { row: offset + 1, total })
    : key('core.rows.shown_of', { from: offset + 1, to: offset + shown, total });
}

/** The same as a card's quiet last line. */
export function shownFooter(offset: number, shown: number, total: number, more = false): { readonly footer?: Text } {
  const footer = shownOf(offset, shown, total, more);
  return footer ? { footer } : {};
}
