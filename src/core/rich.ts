import type { Text } from './text.js';

/**
 * Formatted prose of a document, platform-neutral. It is a tree and not a markup string, so nothing
 * that a person typed can be read as markup by a platform.
 */
export type RichBlock =
  | { readonly kind: 'paragraph'; readonly content: readonly RichInline[] }
  | { readonly kind: 'heading'; readonly content: readonly RichInline[] }
  | { readonly kind: 'list'; readonly ordered: boolean; readonly start?: number; readonly items: readonly RichItem[] }
  | { readonly kind: 'quote'; readonly content: readonly RichInline[] }
  | { readonly kind: 'preformatted'; readonly text: string };

/** A list item with its depth (0 = outermost): both platforms show nested lists flat and indented. */
export interface RichItem {
  readonly depth: number;
  /** The item's own number or bullet when it is nested in a list of the other sort. */
  readonly marker?: string;
  readonly content: readonly RichInline[];
}

export interface RichInline {
  readonly text: string;
  readonly bold?: boolean;
  readonly italic?: boolean;
  readonly strike?: boolean;
  readonly code?: boolean;
  /** An http(s) or mailto address that the author of the document linked. */
  readonly link?: string;
}

/** The characters of a rich block without formatting. */
export function richPlain(block: RichBlock): string {
  switch (block.kind) {
    case 'paragraph':
    case 'heading':
    case 'quote':
      return block.content.map((run) => run.text).join('');
    case 'list':
      return block.items.map((item) => item.content.map((run) => run.text).join('')).join('\n');
    case 'preformatted':
      return block.text;
  }
}

/** A block of a card's body. A closed union: a block that a platform cannot show does not compile. */
export type Block =
  | { readonly kind: 'paragraph'; readonly text: Text }
  | { readonly kind: 'heading'; readonly text: Text }
  | { readonly kind: 'rich'; readonly blocks: readonly RichBlock[] }
  /** Somebody's words, marked as theirs. */
  | { readonly kind: 'quote'; readonly text: Text; readonly by?: Text }
  /** A bar of ten steps with the figures beside it. */
  | { readonly kind: 'progress'; readonly done: number; readonly total: number; readonly label: Text }
  | { readonly kind: 'divider' }
  /** A picture that delivery/pictures keeps, with everything that it tells in words. */
  | { readonly kind: 'picture'; readonly id: string; readonly alt: Text }
  /** People beside one another: their own picture, or their initials. At most eight are shown. */
  | { readonly kind: 'faces'; readonly people: readonly Face[] };

export interface Face {
  readonly name: string;
  /** The https address of the platform's own picture of this person. */
  readonly pictureUrl?: string;
}
