import { parse } from 'csv-parse/sync';
import { BellhopError } from '../../core/errors.js';
import { foldName } from '../../people/names.js';

/** What a file of people may say of somebody. */
export const COLUMNS = ['name', 'email', 'role', 'line_manager', 'team', 'location'] as const;
export type Column = (typeof COLUMNS)[number];

/** A line as it stood in the file; absent columns are absent here. */
export interface FileLine {
  /** As an editor counts: the heading is on line 1. */
  readonly line: number;
  readonly values: Readonly<Partial<Record<Column, string>>>;
}

/** Headings as people write them, folded (people/names); those of Latvian files included. */
const HEADINGS: Readonly<Record<string, Column>> = {
  name: 'name',
  'full name': 'name',
  vards: 'name',
  'vards uzvards': 'name',
  email: 'email',
  'e mail': 'email',
  mail: 'email',
  'e pasts': 'email',
  epasts: 'email',
  role: 'role',
  loma: 'role',
  'line manager': 'line_manager',
  manager: 'line_manager',
  'tiesais vaditajs': 'line_manager',
  vaditajs: 'line_manager',
  team: 'team',
  komanda: 'team',
  location: 'location',
  atrasanas: 'location',
  vieta: 'location',
};

/** Encodings that Excel writes where it doesn't write UTF-8, by language; the West's for all others. */
const LEGACY: Readonly<Record<string, string>> = {
  lv: 'windows-1257',
  lt: 'windows-1257',
  et: 'windows-1257',
  pl: 'windows-1250',
  hr: 'windows-1250',
  cs: 'windows-1250',
};

const MOST_LINES = 20_000;

/**
 * Reads a file of people as spreadsheets save them: separated by commas, semicolons or tabs, with or without a byte order
 * mark, in UTF-8, UTF-16 or the encoding that is usual where the reader's language is spoken.
 * @throws BellhopError `bellhop.csv_empty`, `bellhop.csv_unreadable`, `bellhop.csv_no_columns`, `bellhop.csv_too_long`
 */
export function readPeopleFile(bytes: Uint8Array, locale: string): FileLine[] {
  const text = decode(bytes, locale).replace(/^\ufeff/, '');
  // Excel's own way of telling the separator: a first line `sep=;`.
  const told = /^sep=(.)\r?\n/i.exec(text);
  const content = told ? text.slice(told[0].length) : text;
  const firstLine = told ? 2 : 1;
  if (content.trim() === '') throw new BellhopError('bellhop.csv_empty');
  const records = parseRecords(content, told?.[1] ?? delimiterOf(content));
  const [heading, ...rest] = records;
  if (!heading) throw new BellhopError('bellhop.csv_empty');
  const columns = heading.record.map((cell) => HEADINGS[foldName(cell)]);
  if (!columns.includes('name') && !columns.includes('email')) throw new BellhopError('bellhop.csv_no_columns');
  if (rest.length === 0) throw new BellhopError('bellhop.csv_empty');
  if (rest.length > MOST_LINES) throw new BellhopError('bellhop.csv_too_long', { limit: MOST_LINES });
  return rest.map(({ record, line }) => {
    const values: Partial<Record<Column, string>> = {};
    for (const [index, column] of columns.entries()) {
      const cell = record[index];
      if (column && cell !== undefined) values[column] ??= unescapeFormula(cell.trim());
    }
    return { line: line + firstLine - 1, values };
  });
}

function parseRecords(content: string, delimiter: string): { record: string[]; line: number }[] {
  try {
    // The types don't know that "info" wraps each record.
    const parsed = parse(content, {
      delimiter,
      info: true,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
    }) as unknown as { record: string[]; info: { lines: number } }[];
    return parsed.map(({ record, info }) => ({ record, line: info.lines }));
  } catch (error) {
    throw new BellhopError('bellhop.csv_unreadable', {}, { cause: error });
  }
}

function decode(bytes: Uint8Array, locale: string): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder(LEGACY[locale.slice(0, 2).toLowerCase()] ?? 'windows-1252').decode(bytes);
  }
}

/** The separator that the heading uses most, outside quotes. */
function delimiterOf(content: string): string {
  const heading = (content.split(/\r?\n/).find((line) => line.trim() !== '') ?? '').replace(/"[^"]*"/g, '');
  const counts = [',', ';', '\t'].map((delimiter) => ({ delimiter, count: heading.split(delimiter).length }));
  return counts.reduce((best, next) => (next.count > best.count ? next : best)).delimiter;
}

/** What our own files put before a cell that a spreadsheet would take for a formula. */
function unescapeFormula(cell: string): string {
  return /^'[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell;
}
