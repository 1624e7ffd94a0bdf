import { button, type Card, type Row } from '../../../core/card.js';
import { BellhopError } from '../../../core/errors.js';
import { ROWS, shownOf, turnRows } from '../../../core/paging.js';
import { update } from '../../../core/reply.js';
import { hasRole } from '../../../core/roles.js';
import { instant, key, type Text, words } from '../../../core/text.js';
import { action, type HandlerContext } from '../../../people/handlers.js';
import type { SeminarDate, Series } from '../model.js';
import { to } from '../refs.js';
import { SeriesRows } from '../schema.js';
import { findSeries, listFollowing } from '../store-dates.js';
import { announcingOf, announcingText } from './announcing.js';
import { forWhomText, hostName, whenText, whereFact } from './series-facts.js';
import { countInvited } from './store-preview.js';

/** A series with its dates to come, for managers and whoever hosts it. */
export async function seriesCard(context: HandlerContext, series: Series, offset: number): Promise<Card> {
  const { db, organisation, clock } = context;
  const now = clock.now();
  const dates = await listFollowing(db, organisation.id, series.id, now);
  const [next] = dates;
  // A page that isn't there any more is the last one that is.
  const from = offset < dates.length ? offset : Math.max(0, Math.floor((dates.length - 1) / ROWS) * ROWS);
  const shown = dates.slice(from, from + ROWS);
  const invited = await countInvited(db, organisation, series, next?.startsAt ?? now);
  const lead = leadOf(series, dates.length);
  const footer = shownOf(from, shown.length, dates.length);
  return {
    summary: key('seminars.series.summary', { title: words(series.title) }),
    title: words(series.title),
    lead,
    facts: [
      { label: key('seminars.plan.label_when'), value: whenText(series) },
      { label: key('seminars.plan.label_who'), value: await forWhomText(db, organisation, series, invited) },
      { label: key('seminars.plan.label_host'), value: await hostName(db, organisation, series.hostId) },
      whereFact(series),
      { label: key('seminars.plan.label_announced'), value: announcingText(await announcingOf(db, organisation, series), undefined) },
    ],
    body: series.purpose === '' ? [] : [{ kind: 'paragraph', text: words(series.purpose) }],
    rows: shown.map((date) => rowOf(date)),
    actions: [
      ...(hasRole(context.role, 'manager') ? [button(key('seminars.series.add'), to.add(series.id))] : []),
      ...(next && hasRole(context.role, 'manager') ? [button(key('seminars.series.change'), to.changeFollowing(next.id))] : []),
      ...(next ? [button(key('seminars.series.cancel'), to.cancel(next.id))] : []),
      ...turnRows(from, dates.length, (at) => to.series(series.id, at)),
    ],
    ...(footer && { footer }),
  };
}

function leadOf({ endedAt }: Series, count: number): Text {
  if (count > 0) return key('seminars.series.lead', { count });
  return key(endedAt ? 'seminars.series.ended' : 'seminars.series.no_dates');
}

function rowOf(date: SeminarDate): Row {
  const { series, hostId, title, ownTitle, place } = date;
  const own: Text[] = [
    ...(ownTitle ? [words(title)] : []),
    ...(hostId !== series.hostId && date.hostName !== '' ? [key('seminars.series.row_host', { host: words(date.hostName) })] : []),
    ...(place !== series.place && place !== '' ? [words(place)] : []),
  ];
  return {
    text: instant(date.startsAt, series.plan.zone),
    ...(own.length > 0 && { detail: { kind: 'join' as const, items: own, separator: ' · ' } }),
    action: button(key('seminars.series.open_date'), to.date(date.id)),
  };
}

export const showSeries = action({
  id: 'seminars.series',
  role: 'employee',
  payload: SeriesRows,
  run: async (context, { seriesId, offset }) => {
    const series = await findSeries(context.db, context.organisation, seriesId);
    if (!series) throw new BellhopError('seminars.series_gone');
    if (series.hostId !== context.person.id && !hasRole(context.role, 'manager')) throw new BellhopError('seminars.series_not_yours');
    return update(await seriesCard(context, series, offset));
  },
});
