import type { types } from '@slack/bolt';
import { type Localise, plain, type Reader, type Text } from '../../src/core/text.js';
import { shorten } from './limits.js';

export type RichInlineElement = types.RichTextElement;
export type RichElement = types.RichTextBlock['elements'][number];

/** Text in one reader's language, in the forms that Slack takes. */
export interface Wording {
  /** Characters alone, shortened to `max`. Never empty: Slack refuses empty texts. */
  plain(text: Text, max: number): string;
  /** A plain_text object: Slack parses nothing in it; with `emoji: false` not even `:smile:`. */
  object(text: Text, max: number): types.PlainTextElement;
  /** Runs of a rich_text block: Slack parses nothing in them, styles are given beside the characters. */
  runs(text: Text, style?: types.RichTextStyleable['style']): RichInlineElement[];
  /** What stands where something was left out. */
  readonly shortened: string;
}

/** Words for one reader. */
export function wordingFor(reader: Reader, localise: Localise): Wording {
  const characters = (text: Text) => plain(localise(text, reader));
  const say = (text: Text, max: number) => shorten(characters(text), max) || '–';
  return {
    plain: say,
    object: (text, max) => plainText(say(text, max)),
    runs: (text, style) =>
      localise(text, reader).flatMap((span) =>
        run(span.text, {
          ...style,
          ...(span.bold ? { bold: true } : {}),
          ...(span.italic ? { italic: true } : {}),
          ...(span.code ? { code: true } : {}),
        }),
      ),
    shortened: characters({ kind: 'key', key: 'core.ui.shortened' }),
  };
}

export function plainText(text: string): types.PlainTextElement {
  return { type: 'plain_text', text, emoji: false };
}

/** One run, or none: Slack refuses a run without characters. */
export function run(text: string, style: types.RichTextStyleable['style'] = {}): RichInlineElement[] {
  if (text === '') return [];
  return [{ type: 'text', text, ...(Object.keys(style).length > 0 ? { style } : {}) }];
}

/**
 * For every place where Slack parses text (mrkdwn, the fallback `text` of a message).
 * Source: https://docs.slack.dev/messaging/formatting-message-text#escaping
 */
export function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** The characters that Slack counts to a message's limit: every `text` in the blocks, however deep. */
export function countCharacters(node: unknown): number {
  if (Array.isArray(node)) return node.reduce<number>((sum, item) => sum + countCharacters(item), 0);
  if (node === null || typeof node !== 'object') return 0;
  const own = 'text' in node && typeof node.text === 'string' ? node.text.length : 0;
  return Object.values(node).reduce<number>((sum, value) => sum + countCharacters(value), own);
}
