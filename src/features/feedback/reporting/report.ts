import { z } from 'zod';
import type { Card } from '../../../core/card.js';
import { BellhopError } from '../../../core/errors.js';
import type { Verb } from '../../../core/feature.js';
import { ref } from '../../../core/ref.js';
import { open, type Reply, update, whisper } from '../../../core/reply.js';
import { commandWords, key, type Reader } from '../../../core/text.js';
import { keepPicture } from '../../../delivery/pictures.js';
import { inTransaction } from '../../../people/db.js';
import { action, form, type HandlerContext, type WorkContext } from '../../../people/handlers.js';
import type { Tongue } from '../posting/said-parts.js';
import { Nothing } from '../schema.js';
import { loadSettings } from '../store-settings.js';
import { type Report, reportOf } from './figures.js';
import { addMonths, comparedMonths, isMonth, monthOf, monthsUpTo, monthText, readMonth } from './months.js';
import { type ReportPictures, reportCard } from './report-card.js';
import { barsOf, columnsOf } from './report-chart.js';
import { countMonth } from './store-report.js';

/** How long the pictures of a report are kept; its card tells the same in words. */
const KEEP_MS = 90 * 86_400_000;
/** Months that are offered to choose among. */
const MONTHS = 24;

export const Month = z.string().refine(isMonth);

/** What a month comes to, as far as it has come. */
export async function loadReport({ db, organisation, clock }: WorkContext, month: string): Promise<Report> {
  const when = comparedMonths(month, clock.now(), organisation.zone);
  return reportOf(when, await countMonth(db, organisation, when));
}

/** In whose words questions and themes are named. */
export const tongueOf = ({ organisation }: WorkContext, locale: string): Tongue => ({ locale, fallback: organisation.locale });

export interface DrawnPictures {
  readonly columns: Uint8Array;
  readonly bars: Uint8Array;
}

/** @throws when they can't be drawn */
export async function drawReport(context: WorkContext, report: Report, reader: Reader): Promise<DrawnPictures> {
  const { charts, localise } = context;
  return {
    columns: await charts.columns(columnsOf(report, localise, reader)),
    bars: await charts.bars(barsOf(report, tongueOf(context, reader.locale), localise, reader)),
  };
}

const NO_PICTURES: ReportPictures = { columns: null, bars: null };

/** The pictures of a report that somebody asked for; none where they can't be drawn. */
async function pictures(context: HandlerContext, report: Report): Promise<ReportPictures> {
  const { db, organisation, reader, clock, log } = context;
  if (report.total === 0) return NO_PICTURES;
  try {
    const drawn = await drawReport(context, report, reader);
    const now = clock.now();
    const kept = { organisationId: organisation.id, mime: 'image/png' as const, expiresAt: new Date(now.getTime() + KEEP_MS) };
    return await inTransaction(db, async (tx) => ({
      columns: await keepPicture(tx, { ...kept, content: drawn.columns }, now),
      bars: await keepPicture(tx, { ...kept, content: drawn.bars }, now),
    }));
  } catch (error) {
    log.warn({ err: error, month: report.when.month }, 'The pictures of a report could not be drawn; its card tells the figures in words.');
    return NO_PICTURES;
  }
}

async function cardOf(context: HandlerContext, asked: string | undefined): Promise<Card> {
  const { db, organisation, clock, reader } = context;
  const present = monthOf(clock.now(), organisation.zone);
  if (asked !== undefined && asked > present) throw new BellhopError('feedback.report_later', { month: monthText(asked) });
  let report = await loadReport(context, asked ?? present);
  // On the first days of a month there may be nothing to tell of it yet.
  if (asked === undefined && report.total === 0) report = await loadReport(context, addMonths(present, -1));
  const settings = await loadSettings(db, organisation);
  return reportCard(report, await pictures(context, report), settings, tongueOf(context, reader.locale), 'manager');
}

/** `turn`: it replaces the card before it. */
const ReportRef = z.object({ month: Month.optional(), turn: z.literal(true).optional() });

const show = action({
  id: 'feedback.report',
  role: 'manager',
  payload: ReportRef,
  run: async (context, { month, turn }): Promise<Reply> => {
    const card = await cardOf(context, month);
    return turn ? update(card) : whisper(card);
  },
});

/** `/customer report [2027-02]`. */
const verb: Verb<HandlerContext> = {
  name: 'report',
  role: 'manager',
  describe: key('feedback.report.describe'),
  usage: '[2027-02]',
  run: async (context, { text }) => {
    const typed = text.trim();
    const month = typed === '' ? undefined : readMonth(typed);
    if (typed !== '' && month === undefined) {
      throw new BellhopError('feedback.report_month', {
        command: commandWords(context.actor.platform, 'customer', `report ${monthOf(context.clock.now(), context.organisation.zone)}`),
      });
    }
    return whisper(await cardOf(context, month));
  },
};

const choose = form({
  id: 'feedback.report_month',
  role: 'manager',
  payload: Nothing,
  input: z.object({ month: z.string({ error: 'feedback.errors.report_choose' }).refine(isMonth, 'feedback.errors.report_choose') }),
  build: async ({ clock, organisation }) => {
    const months = monthsUpTo(monthOf(clock.now(), organisation.zone), MONTHS);
    return {
      title: key('feedback.report.choose_title'),
      submit: key('feedback.report.choose_submit'),
      fields: [
        {
          kind: 'choice',
          name: 'month',
          label: key('feedback.report.choose_month'),
          options: months.map((month) => ({ value: month, label: monthText(month) })),
        },
      ],
    };
  },
  submit: async (context, { input }) => whisper(await cardOf(context, input.month)),
});

const chooseOpen = action({
  id: 'feedback.report_month_open',
  role: 'manager',
  payload: Nothing,
  run: async () => open(ref('feedback.report_month')),
});

export const reportActions = [show, chooseOpen];
export const reportForms = [choose];
export const reportVerbs = [verb];
