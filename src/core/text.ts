import type { Platform } from './interaction.js';

/**
 * What a card says. Text stays a value until a renderer turns it into the recipient's language and
 * time zone; only there are a person's own words escaped for the platform.
 */
export type Text = KeyText | WordsText | DateText | InstantText | NumberText | PersonText | ListText | JoinText;

/** A catalogue key with ICU parameters. A plain number or a bare selector may be used for plurals and selects. */
export interface KeyText {
  readonly kind: 'key';
  readonly key: string;
  readonly params?: Readonly<Record<string, Param>>;
}

/** `number` feeds plurals, `{ select }` feeds ICU selects, everything else is shown. */
export type Param = Text | number | { readonly kind: 'select'; readonly value: string };

/** What a person typed. Shown exactly so: never parsed for mentions, links or formatting. */
export interface WordsText {
  readonly kind: 'words';
  readonly words: string;
}

/** A day without a time: `YYYY-MM-DD`. */
export interface DateText {
  readonly kind: 'date';
  readonly date: string;
}

/** An instant, ISO 8601 in UTC; shown in the reader's zone, or in `zone` with the zone named. */
export interface InstantText {
  readonly kind: 'instant';
  readonly at: string;
  readonly zone?: string;
}

export interface NumberText {
  readonly kind: 'number';
  readonly value: number;
  readonly style?: 'integer' | 'percent' | 'currency';
  /** ISO 4217, of the style `currency`. */
  readonly currency?: string;
}

/** A person named in a card; never pings. */
export interface PersonText {
  readonly kind: 'person';
  readonly name: string;
}

/** "a, b and c" in the reader's language. */
export interface ListText {
  readonly kind: 'list';
  readonly items: readonly Text[];
}

/** Pieces set one behind another, with a separator between them (none by default). */
export interface JoinText {
  readonly kind: 'join';
  readonly items: readonly Text[];
  readonly separator?: string;
}

/** A message of the catalogue. */
export function key(name: string, params?: Readonly<Record<string, Param>>): KeyText {
  return params ? { kind: 'key', key: name, params } : { kind: 'key', key: name };
}

/** A person's own words, shown as typed. */
export const words = (typed: string): WordsText => ({ kind: 'words', words: typed });

/** A calendar day, `YYYY-MM-DD`. */
export const date = (day: string): DateText => ({ kind: 'date', date: day });

/** An instant, shown with weekday, day and time in the reader's zone unless a zone is given. */
export function instant(at: Date, zone?: string): InstantText {
  return zone ? { kind: 'instant', at: at.toISOString(), zone } : { kind: 'instant', at: at.toISOString() };
}

export const number = (value: number): NumberText => ({ kind: 'number', value });

/** A share between 0 and 1, shown as a percentage. */
export const percent = (share: number): NumberText => ({ kind: 'number', value: share, style: 'percent' });

/**
 * An amount of money.
 * @param minor in the currency's smallest unit
 * @param currency ISO 4217
 */
export function money(minor: number, currency: string): NumberText {
  return { kind: 'number', value: minor / 10 ** currencyDigits(currency), style: 'currency', currency };
}

/** Digits after the point of an amount: 2 for the euro, 0 for the yen. */
export function currencyDigits(currency: string): number {
  return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
}

export const person = (name: string): PersonText => ({ kind: 'person', name });

export const list = (items: readonly Text[]): ListText => ({ kind: 'list', items });

export function join(items: readonly Text[], separator?: string): JoinText {
  return separator === undefined ? { kind: 'join', items } : { kind: 'join', items, separator };
}

/** What to type for a command: with a slash where commands have one. */
export function commandWords(platform: Platform, command: string, rest = ''): Text {
  const typed = [command, rest].filter(Boolean).join(' ');
  return words(platform === 'slack' ? `/${typed}` : typed);
}

/** The branch of an ICU `select`. */
export const select = (value: string) => ({ kind: 'select', value }) as const;

/** A run of localised characters. `typed` marks what people typed; styles come from the catalogue's tags or a document. */
export interface Span {
  readonly text: string;
  readonly typed?: boolean;
  readonly bold?: boolean;
  readonly italic?: boolean;
  readonly code?: boolean;
}

/** Who reads: decides language, zone and formats. */
export interface Reader {
  /** BCP 47, as the person chose it or the platform told it, for instance `lv-LV`. */
  readonly locale: string;
  /** IANA zone, for instance `Europe/Riga`. */
  readonly zone: string;
}

/** Turns Text into spans in the reader's language. Unknown locales fall back to English. */
export type Localise = (text: Text, reader: Reader) => readonly Span[];

/** The characters alone, for places without formatting (titles, buttons, notifications). */
export function plain(spans: readonly Span[]): string {
  return spans.map((span) => span.text).join('');
}
