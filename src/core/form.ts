import type { Ref } from './ref.js';
import type { Block } from './rich.js';
import type { Text } from './text.js';

/** Questions to the actor: a modal on Slack, a card in the 1:1 chat or a dialog on Teams. */
export interface Form {
  /** The form's id in the registry and the payload that it was opened with. */
  readonly ref: Ref;
  /** At most 24 characters in every language (Slack's limit for a modal's title). */
  readonly title: Text;
  /** At most 24 characters. */
  readonly submit: Text;
  readonly intro?: readonly Block[];
  readonly fields: readonly Field[];
}

interface FieldBase {
  /** The name that the input schema and the errors use. */
  readonly name: string;
  readonly label: Text;
  readonly hint?: Text;
  readonly optional?: boolean;
}

/** A closed union, as for blocks. `initial` is what stands in the field at first. */
export type Field =
  | (FieldBase & {
      readonly kind: 'text';
      readonly multiline?: boolean;
      readonly maxLength?: number;
      readonly placeholder?: Text;
      readonly initial?: string;
    })
  /** `YYYY-MM-DD`. */
  | (FieldBase & { readonly kind: 'date'; readonly initial?: string })
  /** `HH:MM`. */
  | (FieldBase & { readonly kind: 'time'; readonly initial?: string })
  | (FieldBase & {
      readonly kind: 'choice';
      readonly options: readonly Option[];
      readonly style?: 'menu' | 'radio';
      readonly initial?: string;
    })
  | (FieldBase & { readonly kind: 'choices'; readonly options: readonly Option[]; readonly initial?: readonly string[] })
  /** A box to tick: `true` or `false`. */
  | (FieldBase & { readonly kind: 'check'; readonly text: Text; readonly initial?: boolean })
  /** A native picker on Slack; names or e-mail addresses, separated by commas, on Teams. */
  | (FieldBase & { readonly kind: 'people'; readonly multiple?: boolean; readonly initial?: readonly string[] })
  /** A native picker on Slack; a list of the channels that Bellhop is in on Teams. */
  | (FieldBase & { readonly kind: 'channel'; readonly initial?: string })
  /** Where a platform's forms take no files (Teams) the field is left out, and its hint tells the other way. */
  | (FieldBase & { readonly kind: 'file'; readonly extensions: readonly string[]; readonly elsewhere: Text });

export interface Option {
  readonly value: string;
  readonly label: Text;
}

/**
 * What an adapter makes of a filled-in form, by field name:
 * text, date, time, choice -> string (absent when empty); choices -> string[]; check -> boolean;
 * people -> PersonHint[]; channel -> string (the channel's id in Bellhop, or the platform's); file -> FileHandle[].
 */
export type FormValues = Readonly<Record<string, FormValue | undefined>>;
export type FormValue = string | boolean | readonly string[] | readonly PersonHint[] | readonly FileHandle[];

/** How a person was named: by a platform's id (a mention or a picker) or by typed name or e-mail address. */
export type PersonHint = { readonly by: 'account'; readonly externalId: string } | { readonly by: 'typed'; readonly typed: string };

/** A file that a person sent; read only when a handler asks for it. */
export interface FileHandle {
  readonly name: string;
  /** Bytes, as the platform tells; undefined where it doesn't. */
  readonly size?: number;
  /** Reads at most `limit` bytes. Throws a BellhopError `core.file_too_large` beyond it, `core.file_unreadable` when it can't be had. */
  read(limit: number): Promise<Uint8Array>;
}

/** Messages at the fields that a person has to mend; `form` stands for the form as a whole. */
export type FormErrors = Readonly<Record<string, Text>>;

/** The longest text that a field takes on every platform (Slack: 3,000 characters in a modal's input). */
export const MAX_FIELD_CHARACTERS = 3000;
