import { type Action, button, type Card, type Fact, type Row } from '../../../core/card.js';
import { ref } from '../../../core/ref.js';
import type { Block } from '../../../core/rich.js';
import { join, key, percent, type Text } from '../../../core/text.js';
import { priorityLabel } from '../labels.js';
import { PRIORITIES, type Settings } from '../model.js';
import type { Tongue } from '../posting/said-parts.js';
import { to } from '../refs.js';
import type { LocationRow, Report, ThemeCount } from './figures.js';
import { addMonths, type Compared } from './months.js';
import { barsAlt, columnsAlt } from './report-chart.js';
import {
  averageText,
  beforeText,
  casesText,
  findingOf,
  lengthText,
  locationName,
  npsText,
  scalesText,
  scoreText,
  shareText,
  sourcesText,
  themesText,
  timingText,
  whenText,
  withBefore,
} from './texts.js';

/** Pictures by their ids; where one could not be drawn the card tells the same in words. */
export interface ReportPictures {
  readonly columns: string | null;
  readonly bars: string | null;
}

/** Where the reader looks on from. */
export type Shown = 'channel' | 'manager';

/** A month as one card: for the channel, or for a manager who asked. */
export function reportCard(report: Report, pictures: ReportPictures, settings: Settings, tongue: Tongue, shown: Shown): Card {
  const { when } = report;
  if (report.total === 0) return quietCard(report, shown);
  return {
    summary: key('feedback.report.summary', { month: whenText(report), total: report.total }),
    title: key('feedback.report.title', { month: whenText(report) }),
    lead: findingOf(report),
    facts: factsOf(report),
    body: bodyOf(report, pictures, tongue),
    rows: report.locations.map(rowOf),
    actions:
      shown === 'channel'
        ? [button(key('feedback.report.action.open'), to.open())]
        : [
            ...toEarlier(when),
            button(key('feedback.report.action.export'), ref('feedback.export', { month: when.month })),
            button(key('feedback.report.action.open'), to.open()),
            button(key('feedback.report.action.themes'), to.themes()),
            ...toLater(when),
          ],
    footer: join([key('feedback.report.compared', { before: beforeText(report) }), targetsText(settings)], ' '),
  };
}

/** Nobody said anything. */
function quietCard(report: Report, shown: Shown): Card {
  const { when, totalBefore } = report;
  const lead = key('feedback.report.quiet', { month: whenText(report), before: beforeText(report), total: totalBefore });
  return {
    summary: lead,
    title: key('feedback.report.title', { month: whenText(report) }),
    lead,
    actions: shown === 'channel' ? [] : [...toEarlier(when), ...toLater(when)],
  };
}

const toMonth = (month: string) => ref('feedback.report', { month, turn: true });

const toEarlier = ({ before }: Compared): readonly Action[] => [
  button(key('feedback.report.action.earlier'), toMonth(before)),
  button(key('feedback.report.action.choose'), ref('feedback.report_month_open', {})),
];

const toLater = ({ month, running }: Compared): readonly Action[] =>
  running ? [] : [button(key('feedback.report.action.later'), toMonth(addMonths(month, 1)))];

function factsOf(report: Report): readonly Fact[] {
  const { total, totalBefore, nps, npsBefore, csat, csatBefore, cases } = report;
  return [
    { label: key('feedback.report.entries'), value: key('feedback.report.entries_value', { total, before: totalBefore }) },
    {
      label: key('feedback.report.csat'),
      value: withBefore(shareText(csat), csat, csatBefore, (share) => percent(Math.round(share * 100) / 100)),
    },
    { label: key('feedback.report.nps'), value: withBefore(npsText(nps), nps, npsBefore, scoreText) },
    {
      label: key('feedback.report.cases'),
      value: casesText(cases),
    },
    { label: key('feedback.report.response'), value: timingText(cases.response) },
    { label: key('feedback.report.resolution'), value: timingText(cases.resolution) },
  ];
}

function bodyOf(report: Report, pictures: ReportPictures, tongue: Tongue): readonly Block[] {
  const line = (label: Text, text: Text): Block => ({ kind: 'paragraph', text: key('feedback.report.line', { label, text }) });
  const moved = (label: Text, themes: readonly ThemeCount[]) => (themes.length > 0 ? [line(label, themesText(themes, tongue))] : []);
  return [
    pictured(pictures.columns, columnsAlt(report)),
    ...moved(key('feedback.report.rising'), report.rising),
    ...moved(key('feedback.report.falling'), report.falling),
    pictured(pictures.bars, barsAlt(report, tongue)),
    ...(report.scales.length > 0 ? [line(key('feedback.report.by_scale'), scalesText(report, tongue))] : []),
    line(key('feedback.report.by_source'), sourcesText(report)),
    ...(report.locations.length > 0 ? [{ kind: 'heading', text: key('feedback.report.by_location') } as const] : []),
  ];
}

const pictured = (id: string | null, alt: Text): Block => (id === null ? { kind: 'paragraph', text: alt } : { kind: 'picture', id, alt });

function rowOf(row: LocationRow): Row {
  return {
    text: locationName(row),
    detail: key('feedback.report.location_value', { total: row.entries, overall: averageText(row.overall) }),
  };
}

/** What is measured against: due times in working time, by priority. */
function targetsText({ dueMinutes }: Settings): Text {
  const target = (priority: (typeof PRIORITIES)[number]) =>
    key('feedback.report.target', { priority: priorityLabel(priority), length: workText(dueMinutes[priority]) });
  return key('feedback.report.targets', { targets: join(PRIORITIES.toReversed().map(target), ', ') });
}

/** Working minutes; a working day is counted as eight hours. */
const workText = (minutes: number): Text =>
  minutes >= 480 && minutes % 480 === 0 ? key('feedback.report.working_days', { count: minutes / 480 }) : lengthText(minutes * 60);
