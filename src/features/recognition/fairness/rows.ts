import { type ButtonAction, button, CARD_LIMITS } from '../../../core/card.js';
import type { Ref } from '../../../core/ref.js';
import { key, list, person, type Text, words } from '../../../core/text.js';
import type { Faces } from '../giving/store-names.js';

/** Rows of a card before it gets a next page. */
export const ROWS = CARD_LIMITS.rows;

/** Buttons to the rows after and before, seven at a time. */
export function turnRows(offset: number, total: number, to: (offset: number) => Ref): readonly ButtonAction[] {
  return [
    ...(offset + ROWS < total ? [button(key('recognition.fair.show_more'), to(offset + ROWS))] : []),
    ...(offset > 0 ? [button(key('recognition.fair.show_before'), to(Math.max(0, offset - ROWS)))] : []),
  ];
}

/** "8 to 14 of 31", a quiet last line; nothing when one page holds them all. */
export function shownOf(offset: number, shown: number, total: number): { readonly footer?: Text } {
  return total > ROWS && shown > 0 ? { footer: key('recognition.fair.shown_of', { from: offset + 1, to: offset + shown, total }) } : {};
}

/** Characters of somebody's words in a row: the whole of them stands on the card behind it. */
const ROW_CHARACTERS = 150;

/** The beginning of what somebody wrote, with a visible mark where it is cut; never within a character. */
export function beginningOf(text: string): Text {
  if (text.length <= ROW_CHARACTERS) return words(text);
  let kept = '';
  for (const { segment } of new Intl.Segmenter('und').segment(text)) {
    if (kept.length + segment.length > ROW_CHARACTERS) break;
    kept += segment;
  }
  return words(`${kept.trimEnd()}…`);
}

/** Who it is about, as short as a row has to be: "Ana and 2 more". */
export function firstOf(personIds: readonly string[], faces: Faces): Text {
  const [first = '', ...others] = personIds;
  const name = person(faces(first).name);
  return others.length === 0 ? name : list([name, key('recognition.more', { more: others.length })]);
}
