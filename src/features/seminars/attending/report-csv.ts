import { notice } from '../../../core/card.js';
import { BellhopError } from '../../../core/errors.js';
import { file } from '../../../core/reply.js';
import { key, plain, select, type Text } from '../../../core/text.js';
import { csvWriter } from '../../../people/csv.js';
import { action } from '../../../people/handlers.js';
import { localDay } from '../../../people/hours.js';
import { findSeries } from '../store-dates.js';
import { scopeOf } from './report.js';
import { CsvRef } from './schema.js';
import { standingOf } from './store-attendance.js';
import { type AttendanceLine, countLines, reportLines } from './store-report.js';

/** Lines that are read at once. */
const PAGE = 5_000;
/** The most lines of a file: 40 MB that a spreadsheet still opens. */
const MOST_LINES = 250_000;

/** Instants are in UTC, ISO 8601. */
const COLUMNS = [
  'seminars.csv.starts',
  'seminars.csv.seminar',
  'seminars.csv.host',
  'seminars.csv.person',
  'seminars.csv.team',
  'seminars.csv.location',
  'seminars.csv.answer',
  'seminars.csv.attendance',
  'seminars.csv.recorded',
  'seminars.csv.at',
  'seminars.csv.catch_up',
] as const;

function lineOf(row: AttendanceLine, say: (text: Text) => string): string[] {
  return [
    row.startsAt.toISOString(),
    row.title,
    row.host ?? '',
    row.person,
    row.team ?? '',
    row.location ?? '',
    row.answer === null ? '' : say(key('seminars.people.answer', { answer: select(row.answer) })),
    say(key('seminars.people.standing', { standing: select(standingOf(row)) })),
    say(key('seminars.csv.via', { via: select(row.via ?? 'none') })),
    row.at.toISOString(),
    row.catchUp === null ? '' : say(key('seminars.record.catch_up', { state: select(row.catchUp) })),
  ];
}

const csv = action({
  id: 'seminars.report_csv',
  role: 'manager',
  payload: CsvRef,
  run: async (context, { seriesId }) => {
    const { db, organisation, clock, localise, reader } = context;
    if (seriesId !== undefined && !(await findSeries(db, organisation, seriesId))) throw new BellhopError('seminars.report_gone');
    const scope = scopeOf(context, seriesId);
    if ((await countLines(db, scope)) > MOST_LINES) throw new BellhopError('seminars.report_large', { most: MOST_LINES });
    const said = new Map<string, string>();
    // Few texts stand in many lines: each is put into words once.
    const say = (text: Text): string => {
      const name = JSON.stringify(text);
      const known = said.get(name) ?? plain(localise(text, reader));
      said.set(name, known);
      return known;
    };
    const writer = csvWriter(reader.locale);
    writer.add([COLUMNS.map((column) => say(key(column)))]);
    let rows = 0;
    for (let page = await reportLines(db, scope, undefined, PAGE); page.length > 0; ) {
      writer.add(page.map((row) => lineOf(row, say)));
      rows += page.length;
      page = page.length < PAGE ? [] : await reportLines(db, scope, page.at(-1), PAGE);
    }
    return file(
      { name: `seminars-${localDay(clock.now(), organisation.zone)}.csv`, mime: 'text/csv; charset=utf-8', content: writer.content() },
      notice(key('seminars.csv.ready', { rows })),
    );
  },
});

export const csvActions = [csv];
