import { stringify } from 'csv-stringify/sync';

/**
 * A table as a CSV file that spreadsheets open as it is: UTF-8 with a byte order mark, CRLF. A cell that a
 * spreadsheet would run as a formula gets an apostrophe in front (OWASP, "CSV Injection").
 */
export function csvFile(header: readonly string[], rows: readonly (readonly string[])[]): Uint8Array {
  return Buffer.from(stringify([header, ...rows] as string[][], { bom: true, record_delimiter: 'windows', escape_formulas: true }), 'utf8');
}
