import type { Text } from './text.js';

/**
 * A public page as a person sees it in a browser. A value like a card: the web adapter puts it into the page's
 * language, escapes what people typed, and guards its forms. It works without JavaScript and keeps no cookies.
 */
export interface Page {
  /** The page's own heading, and what the browser's tab shows. */
  readonly title: Text;
  /** BCP 47: the language that the page is in. */
  readonly locale: string;
  /** IANA zone of the times on it. */
  readonly zone: string;
  readonly theme: PageTheme;
  readonly blocks: readonly PageBlock[];
  /** The same page in other languages, shown as a switch; the one of `locale` among them. */
  readonly languages?: readonly PageLanguage[];
}

/** Whose page it is. */
export interface PageTheme {
  /** The organisation's or the place's name. */
  readonly name: string;
  /** `#rrggbb`; the renderer darkens or lightens it as far as text and links need it to be read (WCAG 2.2, 1.4.3). */
  readonly colour?: string;
  /** `url` is a path of ours or a `data:image/…` address: a page asks nobody else for anything, so others' addresses are left out. */
  readonly logo?: { readonly url: string; readonly alt: string };
}

export interface PageLanguage {
  /** BCP 47. */
  readonly locale: string;
  /** The language's own name: „Latviešu”. */
  readonly label: string;
  /** A path of ours. */
  readonly href: string;
}

/** A closed union: a block that the renderer can't show does not compile. */
export type PageBlock =
  | { readonly kind: 'heading'; readonly text: Text }
  /** A paragraph; line breaks in people's words are kept. */
  | { readonly kind: 'text'; readonly text: Text; readonly quiet?: boolean }
  | { readonly kind: 'notice'; readonly tone: PageTone; readonly title: Text; readonly text?: Text }
  | { readonly kind: 'facts'; readonly facts: readonly PageFact[] }
  /** Who wrote what, the oldest first. */
  | { readonly kind: 'conversation'; readonly messages: readonly PageMessage[] }
  | { readonly kind: 'form'; readonly form: PageForm }
  /** `href`: a path of ours, or an http(s), mailto or tel address; anything else is shown as words alone. */
  | { readonly kind: 'link'; readonly label: Text; readonly href: string; readonly style?: 'plain' | 'button' };

export type PageTone = 'thanks' | 'problem' | 'info';

export interface PageFact {
  readonly label: Text;
  readonly value: Text;
}

export interface PageMessage {
  readonly by: Text;
  readonly at: Text;
  /** As typed. */
  readonly words: string;
  /** Written by the organisation, not by the visitor. */
  readonly ours: boolean;
}

/**
 * Sent as `application/x-www-form-urlencoded` by POST. The adapter adds what `guarded` routes look at (a signed ticket, a field
 * that only machines fill in, and proof of work where JavaScript runs). A form that is shown again by a POST of its own path keeps its
 * ticket with the statuses 400, 422, 429 and 503; with any other it gets a new one.
 */
export interface PageForm {
  /** A path of ours, with its query where it has one: that of a POST route. */
  readonly action: string;
  readonly submit: Text;
  readonly fields: readonly PageField[];
  /** Sent along as it stands. */
  readonly hidden?: Readonly<Record<string, string>>;
  /** What is wrong with the form as a whole; errors at fields are theirs. Both are listed at the top of the page. */
  readonly error?: Text;
  /** `quiet` for a second form on the page: its button doesn't lead. */
  readonly style?: 'primary' | 'quiet';
}

interface PageFieldBase {
  /** Under which the answer arrives in `form`: letters, digits, `-` and `_`, beginning with a letter. See RESERVED_FIELDS. */
  readonly name: string;
  readonly label: Text;
  readonly hint?: Text;
  /**
   * Told beside the label; whoever fills in nothing sends no value, or an empty one. Every other one is shown as required.
   * `untold` where the page's words say so of all its fields at once.
   */
  readonly optional?: boolean | 'untold';
  /** What has to be mended: set when the page is shown again with what was typed as `initial`. */
  readonly error?: Text;
}

/** A closed union. Values arrive as strings; `initial` is what stands in the field at first, or what was typed before. */
export type PageField =
  /** One of the whole numbers `from`…`to` (at most 11 of them): `'4'`. */
  | (PageFieldBase & {
      readonly kind: 'scale';
      readonly style: 'stars' | 'smileys' | 'numbers';
      readonly from: number;
      readonly to: number;
      /** What the ends mean: "not at all likely", "very likely". */
      readonly low?: Text;
      readonly high?: Text;
      readonly initial?: string;
    })
  | (PageFieldBase & {
      readonly kind: 'text';
      readonly multiline?: boolean;
      /** Characters (UTF-16). The browser keeps to it; whoever answers checks it. */
      readonly maxLength?: number;
      readonly type?: 'text' | 'email' | 'tel';
      /** HTML's own tokens: `name`, `email`, `tel`. */
      readonly autocomplete?: string;
      readonly initial?: string;
    })
  | (PageFieldBase & {
      readonly kind: 'choice';
      readonly style?: 'radio' | 'menu';
      readonly options: readonly PageOption[];
      readonly initial?: string;
    })
  /** A box to tick: `'yes'` when it is ticked, nothing otherwise. `label` stands beside it. */
  | (PageFieldBase & { readonly kind: 'check'; readonly initial?: boolean });

export interface PageOption {
  readonly value: string;
  readonly label: Text;
}

/** Names that the adapter's own fields have: no form may use them. */
export const RESERVED_FIELDS = { ticket: 'form-ticket', proof: 'form-proof', honeypot: 'website' } as const;
