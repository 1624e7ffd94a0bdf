import { type ButtonAction, button, type Card, type Row } from '../../../core/card.js';
import { ROWS, turnRows } from '../../../core/paging.js';
import { key, person, type Text, words } from '../../../core/text.js';
import type { Value } from '../model.js';
import { valueName } from '../store-settings.js';
import { footer, periodText, to } from './parts.js';
import { DEEPEST, periodBefore, periodOf, ranked, type Span } from './rules.js';
import type { Leader, OwnPlace } from './store-top.js';

/** What a leaderboard shows. */
export interface Shown {
  readonly period: string;
  /** The present month, `2026-11`. */
  readonly month: string;
  /** Undefined: all values together. */
  readonly value: Value | undefined;
  readonly teams: boolean;
  readonly offset: number;
}

/**
 * A page of a leaderboard, with the reader's own place as a quiet last line. It tells of what everybody may know, since
 * its sums hold nothing else: public kudos and reactions. Private kudos are in nobody's place, neither points nor words.
 * @param rows everybody up to this page and one more, in order
 */
export function topCard(shown: Shown, rows: readonly Leader[], own: OwnPlace | undefined): Card {
  const { period, value, teams, offset } = shown;
  const page = [...ranked(rows).slice(offset, offset + ROWS)].sort((a, b) => a.rank - b.rank || a.name.localeCompare(b.name));
  const title = titleOf(shown);
  const lead = rows.length === 0 ? key('recognition.top.nobody') : key('recognition.top.lead');
  return {
    summary: title,
    title,
    ...(rows.length === 0 || offset === 0 ? { lead: teams && rows.length > 0 ? key('recognition.top.lead_teams') : lead } : {}),
    rows: page.map((row) => rowOf(row, teams)),
    actions: [
      ...turnRows(offset, Math.min(rows.length, DEEPEST), (next) => to.top(boardOf(shown), next)),
      ...spanButtons(shown),
      button(
        teams ? key('recognition.top.people') : key('recognition.top.teams'),
        to.top({ period, ...(value && { value: value.id }), teams: !teams }),
      ),
      button(key('recognition.top.by_value'), to.topValues({ period, teams })),
      button(key('recognition.top.earlier'), to.top({ ...boardOf(shown), period: periodBefore(period) })),
      ...(value ? [button(key('recognition.top.all_values'), to.top({ period, teams }))] : []),
    ],
    ...footer(own ? ownText(own) : undefined),
  };
}

const boardOf = ({ period, value, teams }: Shown) => ({ period, ...(value && { value: value.id }), teams });

function titleOf({ period, value, teams }: Shown): Text {
  const params = { period: periodText(period) };
  if (value) {
    const named = { ...params, value: valueName(value) };
    return teams ? key('recognition.top.title_teams_value', named) : key('recognition.top.title_value', named);
  }
  return teams ? key('recognition.top.title_teams', params) : key('recognition.top.title', params);
}

function rowOf({ rank, name, kudos, points }: Leader & { readonly rank: number }, teams: boolean): Row {
  return {
    text: key('recognition.top.row', { rank, name: teams ? words(name) : person(name) }),
    detail: key('recognition.me.counts', { kudos, points }),
  };
}

function ownText({ points, rank }: OwnPlace): Text {
  return rank === null ? key('recognition.top.own_points', { points }) : key('recognition.top.own', { rank, points });
}

const SPANS: Readonly<Record<Span, string>> = {
  month: 'recognition.top.month',
  quarter: 'recognition.top.quarter',
  year: 'recognition.top.year',
};

/** To the present month, quarter and year, but for the one that is shown. */
function spanButtons(shown: Shown): ButtonAction[] {
  return (['month', 'quarter', 'year'] as const)
    .filter((span) => periodOf(span, shown.month) !== shown.period)
    .map((span) => button(key(SPANS[span]), to.top({ ...boardOf(shown), period: periodOf(span, shown.month) })));
}

/** Which value? Each leads to its own leaderboard. */
export function topValuesCard(values: readonly Value[], period: string, teams: boolean, offset: number): Card {
  const title = key('recognition.top.values_title', { period: periodText(period) });
  return {
    summary: title,
    title,
    rows: values.slice(offset, offset + ROWS).map((value) => ({
      text: valueName(value),
      action: button(key('core.ui.open'), to.top({ period, value: value.id, teams })),
    })),
    actions: [
      ...turnRows(offset, values.length, (next) => to.topValues({ period, teams }, next)),
      button(key('recognition.top.all_values'), to.top({ period, teams })),
    ],
  };
}
