import { createHash } from 'node:crypto';
import { BellhopError } from '../../core/errors.js';

/** The largest document: one megabyte of UTF-8. */
export const MAX_SOURCE_BYTES = 1024 * 1024;

/** Words a minute of somebody who reads with attention, in a language of one's own. */
const WORDS_A_MINUTE = 200;

/** Separates the parts of the canonical text. Control characters are taken out of everything typed, so it stands in none of them. */
const SEPARATOR = '\n\u001e\n';

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\ufeff]/g;

/**
 * Text as it is kept: NFC, LF line ends, no control characters, no half characters, no white space at the ends of lines.
 * Two spaces at the end of a line stay: in Markdown they are a line break.
 */
export function cleanText(typed: string): string {
  // A lone surrogate can be neither stored nor hashed as UTF-8.
  const wellFormed = Buffer.from(typed, 'utf8').toString('utf8');
  return wellFormed
    .replace(/\r\n?|[\u0085\u2028\u2029]/g, '\n')
    .replace(CONTROL, '')
    .normalize('NFC')
    .split('\n')
    .map((line) => {
      const text = line.trimEnd();
      return text !== '' && line.endsWith('  ') ? `${text}  ` : text;
    })
    .join('\n')
    .replace(/^\n+|[\n ]+$/g, '');
}

/** One line, without white space around or doubled in it: a title, a name. */
export function cleanLine(typed: string): string {
  return cleanText(typed).replace(/\s+/g, ' ').trim();
}

/** The text that a version's hash is made of: title, statement of intent and source, each cleaned. */
export function canonicalText(version: { readonly title: string; readonly statement: string; readonly source: string }): string {
  return [cleanLine(version.title), cleanText(version.statement), cleanText(version.source)].join(SEPARATOR);
}

/** SHA-256 of the UTF-8 bytes, in lower-case hexadecimal. */
export function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/**
 * The text of a file.
 * @throws BellhopError `handbook.document_too_large`, `handbook.file_not_text` when it isn't UTF-8 text
 */
export function decodeDocument(bytes: Uint8Array): string {
  if (bytes.byteLength > MAX_SOURCE_BYTES) throw new BellhopError('handbook.document_too_large');
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new BellhopError('handbook.file_not_text', {}, { cause });
  }
  if (text.includes('\u0000')) throw new BellhopError('handbook.file_not_text');
  return text;
}

/** Minutes that reading takes, at least one. */
export function readingMinutes(text: string): number {
  const count = text.split(/\s+/u).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
  return Math.max(1, Math.ceil(count / WORDS_A_MINUTE));
}
