import { stringify } from 'csv-stringify/sync';

/** A CSV file that is written piece by piece, so that its rows needn't be there all at once. */
export interface CsvWriter {
  add(rows: readonly (readonly string[])[]): void;
  /** The whole file. */
  content(): Uint8Array;
}

/**
 * A file for spreadsheets: UTF-8 with a byte order mark, separated as the reader's Excel expects it, and no cell is run as a
 * formula (https://owasp.org/www-community/attacks/CSV_Injection).
 */
export function csvWriter(locale: string): CsvWriter {
  const decimal = new Intl.NumberFormat(locale).formatToParts(1.5).find((part) => part.type === 'decimal')?.value;
  const delimiter = decimal === ',' ? ';' : ',';
  const pieces: Buffer[] = [];
  return {
    add: (rows) => {
      const text = stringify(
        rows.map((row) => [...row]),
        { delimiter, bom: pieces.length === 0, escape_formulas: true, record_delimiter: 'windows' },
      );
      pieces.push(Buffer.from(text, 'utf8'));
    },
    content: () => Buffer.concat(pieces),
  };
}

/** The same in one go. */
export function writeCsv(rows: readonly (readonly string[])[], locale: string): Uint8Array {
  const writer = csvWriter(locale);
  writer.add(rows);
  return writer.content();
}
