import { BellhopError } from '../../core/errors.js';
import { openCsv } from '../../people/csv-read.js';
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

const MOST_LINES = 20_000;

/**
 * Reads a file of people, as `openCsv` reads files.
 * @throws BellhopError `bellhop.csv_empty`, `people.csv_unreadable`, `bellhop.csv_no_columns`, `bellhop.csv_too_long`
 */
export function readPeopleFile(bytes: Uint8Array, locale: string): FileLine[] {
  const file = openCsv(bytes, locale);
  if (!file) throw new BellhopError('bellhop.csv_empty');
  const columns = file.heading.map((cell) => HEADINGS[foldName(cell)]);
  if (!columns.includes('name') && !columns.includes('email')) throw new BellhopError('bellhop.csv_no_columns');
  const records = file.records();
  if (records.length === 0) throw new BellhopError('bellhop.csv_empty');
  if (records.length > MOST_LINES) throw new BellhopError('bellhop.csv_too_long', { limit: MOST_LINES });
  return records.map(({ line, cells }) => {
    const values: Partial<Record<Column, string>> = {};
    for (const [index, column] of columns.entries()) {
      const cell = cells[index];
      if (column && cell !== undefined) values[column] ??= cell;
    }
    return { line, values };
  });
}
