import { button, type Card, type Row } from '../../../core/card.js';
import { BellhopError } from '../../../core/errors.js';
import type { Verb } from '../../../core/feature.js';
import { ROWS, shownOf, turnRows } from '../../../core/paging.js';
import { update, whisper } from '../../../core/reply.js';
import type { Block } from '../../../core/rich.js';
import { key, list, percent, type Text, words } from '../../../core/text.js';
import { keepPicture } from '../../../delivery/pictures.js';
import { inTransaction } from '../../../people/db.js';
import { action, type HandlerContext } from '../../../people/handlers.js';
import { addDays, atLocalTime, localDay } from '../../../people/hours.js';
import type { Series } from '../model.js';
import { findSeries } from '../store-dates.js';
import { type ReportView, within } from './refs.js';
import { altOf, chartOf, findingOf, LEAST_PEOPLE, totalsOf } from './report-chart.js';
import { ReportRef, SeriesChoice } from './schema.js';
import { type GroupRow, type MonthRow, reportGroups, reportMonths, reportSeries, type Scope } from './store-report.js';
import { daysAfter } from './times.js';

/** How far back a report goes: this month and the eleven before it. */
const MONTHS = 12;
/** How long a chart is kept; its card says the same in words. */
const KEEP_DAYS = 90;
const MOST_NAMES = 7;

/** The dates of a report that is asked for now. */
export function scopeOf({ organisation, clock }: Pick<HandlerContext, 'organisation' | 'clock'>, seriesId: string | undefined): Scope {
  const now = clock.now();
  const today = localDay(now, organisation.zone);
  const [year, month] = [Number(today.slice(0, 4)), Number(today.slice(5, 7))];
  const first = year * 12 + month - MONTHS;
  const from = `${Math.floor(first / 12)}-${String((first % 12) + 1).padStart(2, '0')}-01`;
  const to = atLocalTime(addDays(today, 1), 0, organisation.zone);
  return { organisationId: organisation.id, from: atLocalTime(from, 0, organisation.zone), to, seriesId };
}

async function reportCard(context: HandlerContext, { seriesId, by = 'team', offset = 0 }: ReportView): Promise<Card> {
  const { db, organisation } = context;
  const series = seriesId === undefined ? undefined : await findSeries(db, organisation, seriesId);
  if (seriesId !== undefined && !series) throw new BellhopError('seminars.report_gone');
  const scope = scopeOf(context, seriesId);
  const [months, groups] = await Promise.all([reportMonths(db, scope, organisation.zone), reportGroups(db, scope, by)]);
  if (months.length === 0) return emptyCard(series);
  const shown = groups.slice(offset, offset + ROWS);
  const page = shownOf(offset, shown.length, groups.length);
  const finding = findingOf(months);
  return {
    summary: finding,
    title: titleOf(series),
    lead: offset === 0 ? finding : groupsText(by),
    ...(offset === 0 ? { facts: factsOf(months), body: [...(await picture(context, months)), ...headingOf(shown, by)] } : {}),
    rows: shown.map((row) => rowOf(row, by)),
    actions: [
      ...turnRows(offset, groups.length, (next) => within.report({ seriesId, by, offset: next })),
      by === 'team'
        ? button(key('seminars.action.by_location'), within.report({ seriesId, by: 'location' }))
        : button(key('seminars.action.by_team'), within.report({ seriesId, by: 'team' })),
      button(key('seminars.action.choose_series'), within.reportSeries(0)),
      ...(series ? [button(key('seminars.action.all_series'), within.report({ by }))] : []),
      button(key('seminars.action.csv'), within.reportCsv(seriesId)),
    ],
    footer: page ?? key('seminars.report.footer'),
  };
}

const titleOf = (series: Series | undefined): Text => (series ? words(series.title) : key('seminars.report.title'));

const groupsText = (by: 'team' | 'location'): Text => (by === 'team' ? key('seminars.report.by_team') : key('seminars.report.by_location'));

/** Nothing stands under a heading where nobody was expected. */
const headingOf = (rows: readonly unknown[], by: 'team' | 'location'): readonly Block[] =>
  rows.length > 0 ? [{ kind: 'heading', text: groupsText(by) }] : [];

function emptyCard(series: Series | undefined): Card {
  const lead = key('seminars.report.none');
  return {
    summary: lead,
    title: titleOf(series),
    lead,
    actions: series ? [button(key('seminars.action.all_series'), within.report({}))] : [],
  };
}

function factsOf(months: readonly MonthRow[]): NonNullable<Card['facts']> {
  const { dates, came, missed } = totalsOf(months);
  return [
    { label: key('seminars.report.held'), value: key('seminars.report.dates', { count: dates }) },
    { label: key('seminars.people.came'), value: key('seminars.report.times', { count: came }) },
    { label: key('seminars.people.missed'), value: key('seminars.report.times', { count: missed }) },
    ...(came + missed >= LEAST_PEOPLE ? [{ label: key('seminars.report.share'), value: percent(came / (came + missed)) }] : []),
  ];
}

/** The chart; where it can't be drawn, what it would have shown. */
async function picture(context: HandlerContext, months: readonly MonthRow[]): Promise<readonly Block[]> {
  const { db, organisation, charts, localise, reader, clock, log } = context;
  const alt = altOf(months);
  try {
    const content = await charts.columns(chartOf(months, localise, reader));
    const now = clock.now();
    const kept = { organisationId: organisation.id, mime: 'image/png' as const, content, expiresAt: daysAfter(now, KEEP_DAYS) };
    return [{ kind: 'picture', id: await inTransaction(db, async (tx) => await keepPicture(tx, kept, now)), alt }];
  } catch (error) {
    log.warn({ err: error }, 'The chart of attendance could not be drawn; its card tells the figures in words.');
    return [{ kind: 'paragraph', text: alt }];
  }
}

function rowOf({ name, people, came, missed }: GroupRow, by: 'team' | 'location'): Row {
  const none = by === 'team' ? key('seminars.report.no_team') : key('seminars.report.no_location');
  const expected = came + missed;
  return {
    text: name === null ? none : words(name),
    detail:
      people < LEAST_PEOPLE || expected === 0
        ? key('seminars.report.too_few', { people })
        : key('seminars.report.group', { came, expected, share: percent(came / expected), people }),
  };
}

const report = action({
  id: 'seminars.report',
  role: 'manager',
  payload: ReportRef,
  run: async (context, { turn, ...view }) => {
    const card = await reportCard(context, view);
    return turn ? update(card) : whisper(card);
  },
});

const chooseSeries = action({
  id: 'seminars.report_series',
  role: 'manager',
  payload: SeriesChoice,
  run: async ({ db, organisation }, { offset }) => {
    const all = await reportSeries(db, organisation.id);
    const shown = all.slice(offset, offset + ROWS);
    const page = shownOf(offset, shown.length, all.length);
    const lead = key('seminars.report.choose', { count: all.length });
    return update({
      summary: lead,
      title: key('seminars.report.title'),
      lead,
      rows: shown.map(({ id, title }) => ({ text: words(title), action: button(key('core.ui.open'), within.report({ seriesId: id })) })),
      actions: [
        ...turnRows(offset, all.length, (next) => within.reportSeries(next)),
        button(key('seminars.action.all_series'), within.report({})),
      ],
      ...(page ? { footer: page } : {}),
    });
  },
});

/** `/seminar report [title]`. */
const verb: Verb<HandlerContext> = {
  name: 'report',
  role: 'manager',
  describe: key('seminars.verb.report'),
  usage: '[SEMINAR]',
  run: async (context, { text }) => {
    const typed = text.trim();
    if (typed === '') return whisper(await reportCard(context, {}));
    const found = await reportSeries(context.db, context.organisation.id, typed);
    const [only] = found;
    if (!only) throw new BellhopError('seminars.report_unknown', { typed: words(typed.slice(0, 80)) });
    if (found.length > 1) {
      throw new BellhopError('seminars.report_unsure', {
        typed: words(typed.slice(0, 80)),
        titles: list(found.slice(0, MOST_NAMES).map(({ title }) => words(title))),
      });
    }
    return whisper(await reportCard(context, { seriesId: only.id }));
  },
};

export const reportActions = [report, chooseSeries];
export const reportVerbs = [verb];
