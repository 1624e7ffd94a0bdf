import type { Ref } from './ref.js';
import type { Block } from './rich.js';
import type { Text } from './text.js';

/**
 * A message as a person sees it: title, one line, up to six facts, body, rows, actions, a quiet last line.
 * Renderers show every part, in this order, and shorten visibly where a platform's limit is met.
 */
export interface Card {
  /** What a notification shows: the first line, understandable by itself. Written, not generated. */
  readonly summary: Text;
  readonly title?: Text;
  /** What happened, or what is wanted: one line. */
  readonly lead?: Text;
  /** At most six. */
  readonly facts?: readonly Fact[];
  readonly body?: readonly Block[];
  /** A list with an action to each entry; at most seven, then a page of its own. */
  readonly rows?: readonly Row[];
  /** The first `primary` one leads; from the fourth on they go into a menu. */
  readonly actions?: readonly Action[];
  /** Who, when, number: a quiet last line. */
  readonly footer?: Text;
}

export interface Fact {
  readonly label: Text;
  readonly value: Text;
}

export interface Row {
  readonly text: Text;
  readonly detail?: Text;
  readonly action?: ButtonAction;
}

export type Action = ButtonAction | LinkAction;

export interface ButtonAction {
  readonly kind: 'button';
  readonly label: Text;
  readonly ref: Ref;
  readonly style?: 'primary' | 'danger';
  /** Asked once before what can't be undone, saying what will happen. */
  readonly confirm?: { readonly title: Text; readonly text: Text; readonly yes: Text; readonly no: Text };
}

export interface LinkAction {
  readonly kind: 'link';
  readonly label: Text;
  /** http(s) only. */
  readonly url: string;
}

/** Most rows, facts and visible actions that a card of Bellhop has (its voice, not a platform's limit). */
export const CARD_LIMITS = { facts: 6, rows: 7, visibleActions: 3 } as const;

/** A button that leads to a handler of the registry. */
export function button(label: Text, ref: Ref, options: Pick<ButtonAction, 'style' | 'confirm'> = {}): ButtonAction {
  return { kind: 'button', label, ref, ...options };
}

/** A card that is one line of text. */
export function notice(text: Text): Card {
  return { summary: text, lead: text };
}
