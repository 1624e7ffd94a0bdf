import { z } from 'zod';
import type { Card } from '../../../core/card.js';
import type { Sweep } from '../../../core/feature.js';
import { enqueue } from '../../../delivery/enqueue.js';
import { keepPicture } from '../../../delivery/pictures.js';
import { inTransaction } from '../../../people/db.js';
import { message, type WorkContext } from '../../../people/handlers.js';
import { holidayTest } from '../../../people/holidays.js';
import { addDays, atLocalTime, localDay, localMinutes } from '../../../people/hours.js';
import type { Organisation } from '../../../people/model.js';
import { organisationReader } from '../../../people/people.js';
import { isWorkday } from '../../../people/working-time.js';
import { subject } from '../model.js';
import { loadSettings } from '../store-settings.js';
import type { Report } from './figures.js';
import { addMonths, monthOf, monthSpan, startOf } from './months.js';
import { type DrawnPictures, drawReport, loadReport, Month, tongueOf } from './report.js';
import { reportCard } from './report-card.js';
import { arePicturesKept, hasEntries, isOnItsWay } from './store-report.js';

/** Minutes after midnight, where the organisation is: 9:00. */
const AT_MINUTES = 9 * 60;
/** A report that comes late (the bot stood still) isn't posted into an evening. */
const LATEST_MINUTES = 18 * 60;
/** Pictures that can't be drawn are tried again for so long; then the report goes without them. */
const DRAWING_PATIENCE_MS = 60 * 60_000;

/** The report that is due: of which month, and since when. */
export interface DueReport {
  readonly month: string;
  readonly since: Date;
  /** The next one tells of a later month: this one is old then. */
  readonly until: Date;
}

/**
 * The report that is due now: of the month that is over, from 9:00 of the first working day on (the organisation's days, without its
 * public holidays). One that couldn't go out then goes out at the same hours of a later working day, as long as it is of the latest month.
 */
export async function dueReport(now: Date, organisation: Pick<Organisation, 'zone' | 'hours' | 'country'>): Promise<DueReport | undefined> {
  const { zone, hours, country } = organisation;
  const today = localDay(now, zone);
  const minutes = localMinutes(now, zone);
  if (minutes < AT_MINUTES || minutes >= LATEST_MINUTES) return undefined;
  const isHoliday = await holidayTest(country);
  const works = (day: string) => isWorkday(day, hours, isHoliday);
  if (!works(today)) return undefined;
  const present = monthOf(now, zone);
  let first = `${present}-01`;
  while (!works(first)) first = addDays(first, 1);
  return { month: addMonths(present, -1), since: atLocalTime(first, AT_MINUTES, zone), until: startOf(addMonths(present, 1), zone) };
}

const ReportDelivery = z.object({ month: Month, columnsId: z.uuid().nullable(), barsId: z.uuid().nullable() });

const report = message({
  id: 'feedback.report',
  payload: ReportDelivery,
  card: async (context, { month, columnsId, barsId }): Promise<Card> => {
    const { db, organisation } = context;
    const found = await loadReport(context, month);
    const kept = await arePicturesKept(db, organisation.id, [columnsId, barsId]);
    const pictures = { columns: kept ? columnsId : null, bars: kept ? barsId : null };
    return reportCard(found, pictures, await loadSettings(db, organisation), tongueOf(context, organisation.locale), 'channel');
  },
});

/** On the first working day of a month: what customers said in the month before, in the channel for feedback. */
const monthly: Sweep<WorkContext> = {
  id: 'feedback.report',
  run: async (context) => {
    const { db, clock, organisation } = context;
    // What is quickly seen comes first: the holidays, which the day depends on, fill memory once they are read.
    const month = addMonths(monthOf(clock.now(), organisation.zone), -1);
    if (await isOnItsWay(db, organisation.id, subject.report(month))) return;
    const { channelId } = await loadSettings(db, organisation);
    if (channelId === null) return;
    const { from } = monthSpan(addMonths(month, -1), organisation.zone);
    // Where nothing came for two months there is nothing to tell, and nobody who begins with Bellhop gets an empty report.
    if (!(await hasEntries(db, organisation.id, { from, to: monthSpan(month, organisation.zone).to }))) return;
    const due = await dueReport(clock.now(), organisation);
    if (!due) return;
    const found = await loadReport(context, due.month);
    const drawn = found.total > 0 ? await draw(context, found, due) : undefined;
    if (drawn === 'later') return;
    await inTransaction(db, async (tx) => {
      const now = clock.now();
      const keep = async (content: Uint8Array | undefined) =>
        content ? await keepPicture(tx, { organisationId: organisation.id, mime: 'image/png', content }, now) : null;
      await enqueue(
        tx,
        {
          organisationId: organisation.id,
          subjectKey: subject.report(due.month),
          message: 'feedback.report',
          payload: { month: due.month, columnsId: await keep(drawn?.columns), barsId: await keep(drawn?.bars) },
          to: { channelId },
          priority: 'bulk',
          dueAt: now,
          expiresAt: due.until,
        },
        now,
      );
    });
  },
};

/** @returns `later` when they could not be drawn: the next tick tries again; undefined when that has gone on for an hour */
async function draw(context: WorkContext, found: Report, due: DueReport): Promise<DrawnPictures | 'later' | undefined> {
  const { clock, log, organisation } = context;
  try {
    return await drawReport(context, found, organisationReader(organisation));
  } catch (error) {
    const isOver = clock.now().getTime() - due.since.getTime() >= DRAWING_PATIENCE_MS;
    log.error(
      { err: error, month: due.month, isOver },
      'The pictures of a monthly report could not be drawn; after an hour it goes without them.',
    );
    return isOver ? undefined : 'later';
  }
}

export const reportMessages = [report];
export const reportSweeps = [monthly];
