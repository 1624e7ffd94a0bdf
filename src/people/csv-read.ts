import { parse } from 'csv-parse';
import { parse as parseAtOnce } from 'csv-parse/sync';
import { BellhopError } from '../core/errors.js';

/** A file as spreadsheets save them, before its lines are read. */
export interface CsvFile {
  readonly delimiter: string;
  /** The first line's cells. */
  readonly heading: readonly string[];
  /** Lines behind the heading, all at once. Throws BellhopError `people.csv_unreadable`. */
  records(): readonly CsvRecord[];
  /** The same, one after another, without holding up others for long. Throws likewise. */
  stream(): AsyncIterable<CsvRecord>;
}

export interface CsvRecord {
  /** As an editor counts: the heading is on line 1. Of a record of several lines the first. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** Encodings that Excel writes where it doesn't write UTF-8, by language; the West's for all others. */
const LEGACY: Readonly<Record<string, string>> = {
  lv: 'windows-1257',
  lt: 'windows-1257',
  et: 'windows-1257',
  pl: 'windows-1250',
  hr: 'windows-1250',
  cs: 'windows-1250',
};

const DELIMITERS = [',', ';', '\t', '|'];

const OPTIONS = {
  info: true,
  relax_column_count: true,
  relax_quotes: true,
  skip_empty_lines: true,
  skip_records_with_empty_values: true,
} as const;

/** What csv-parse makes of a record with `info`; its types don't know. */
interface Parsed {
  readonly record: string[];
  readonly info: { readonly lines: number };
}

/**
 * Reads a file as spreadsheets save them: separated by commas, semicolons, tabs or bars, with or without a byte order mark, in UTF-8,
 * UTF-16 or the encoding that is usual where the reader's language is spoken.
 * @returns undefined when there is nothing in it
 * @throws BellhopError `people.csv_unreadable` when not even its heading can be read
 */
export function openCsv(bytes: Uint8Array, locale: string): CsvFile | undefined {
  const text = decode(bytes, locale).replace(/^\ufeff/, '');
  // Excel's own way of telling the separator: a first line `sep=;`.
  const told = /^sep=(.)\r?\n/i.exec(text);
  const content = told ? text.slice(told[0].length) : text;
  if (content.trim() === '') return undefined;
  const delimiter = told?.[1] ?? delimiterOf(content);
  const before = told ? 1 : 0;
  const [first] = readable(() => parseAtOnce(content, { ...OPTIONS, delimiter, to: 1 }) as unknown as Parsed[]);
  if (!first) return undefined;
  return {
    delimiter,
    heading: first.record.map(unescapeFormula),
    records: () => {
      const all = readable(() => parseAtOnce(content, { ...OPTIONS, delimiter }) as unknown as Parsed[]);
      return all.slice(1).map((parsed) => toRecord(parsed, before));
    },
    stream: async function* () {
      let isHeading = true;
      try {
        for await (const parsed of parse(content, { ...OPTIONS, delimiter }) as AsyncIterable<Parsed>) {
          if (!isHeading) yield toRecord(parsed, before);
          isHeading = false;
        }
      } catch (error) {
        throw unreadable(error);
      }
    },
  };
}

function toRecord({ record, info }: Parsed, before: number): CsvRecord {
  const breaks = record.reduce((sum, cell) => sum + (cell.match(/\r\n?|\n/g)?.length ?? 0), 0);
  return { line: info.lines - breaks + before, cells: record.map((cell) => unescapeFormula(cell.trim())) };
}

function readable<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw unreadable(error);
  }
}

const unreadable = (cause: unknown): BellhopError => new BellhopError('people.csv_unreadable', {}, { cause });

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
  const counts = DELIMITERS.map((delimiter) => ({ delimiter, count: heading.split(delimiter).length }));
  return counts.reduce((best, next) => (next.count > best.count ? next : best)).delimiter;
}

/** What our own files put before a cell that a spreadsheet would take for a formula. */
function unescapeFormula(cell: string): string {
  return /^'[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell;
}
