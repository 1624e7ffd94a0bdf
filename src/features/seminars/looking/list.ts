import { type Action, button, type Card, type Row } from '../../../core/card.js';
import { ROWS, shownOf, turnRows } from '../../../core/paging.js';
import { hasRole } from '../../../core/roles.js';
import { instant, join, key, type Text, words } from '../../../core/text.js';
import type { HandlerContext } from '../../../people/handlers.js';
import type { SeminarDate } from '../model.js';
import { to } from '../refs.js';
import { hostText } from '../rights.js';
import { turn } from './pages.js';
import { listPlanned } from './store-looking.js';
import { type Standing, standingsOf } from './store-standing.js';
import { answerText, placeText } from './texts.js';

/** What is planned, a page of it. */
export async function listCard(context: HandlerContext, wanted: number): Promise<Card> {
  const { db, organisation, person, role, clock } = context;
  const manages = hasRole(role, 'manager');
  const reader = { personId: person.id, all: manages };
  const page = async (offset: number) => await listPlanned(db, organisation, reader, { now: clock.now(), offset, limit: ROWS });
  const found = await page(wanted);
  // What stood on this page is over, or was cancelled.
  const offset = found.rows.length === 0 && wanted > 0 ? 0 : wanted;
  const { rows, total } = offset === wanted ? found : await page(offset);
  const standings = await standingsOf(
    db,
    organisation,
    person.id,
    rows.map((date) => date.id),
  );
  const shown = shownOf(offset, rows.length, total);
  const lead =
    total > 0 ? key('seminars.list.lead', { count: total }) : manages ? key('seminars.list.none_manager') : key('seminars.list.none');
  return {
    summary: lead,
    title: key('seminars.list.title'),
    lead,
    rows: rows.map((date) => ({
      ...dateRow(date, standings(date.id), person.id),
      action: button(key('seminars.action.open'), turn.dateOfList(date.id, offset)),
    })),
    actions: [...turnRows(offset, total, turn.list), ...listActions(manages)],
    ...(shown && { footer: shown }),
  };
}

function listActions(manages: boolean): readonly Action[] {
  return [
    ...(manages ? [button(key('seminars.action.schedule'), to.schedule(), { style: 'primary' })] : []),
    button(key('seminars.action.mine'), to.mine()),
    ...(manages ? [button(key('seminars.action.report'), to.report())] : []),
  ];
}

/** One date as a line: what, when; under it where, who, and how the reader stands to it. */
export function dateRow(date: SeminarDate, standing: Standing, readerId: string): Row {
  const hosts = date.hostId === readerId;
  const open = standing.answer === null || standing.answer === 'maybe';
  return {
    text: join([words(date.title), instant(date.startsAt)], ' · '),
    // What matters most stands first: a long place is cut where a row ends.
    detail: join(
      [
        ...(hosts ? [key('seminars.mine.hosting')] : [standingText(standing)]),
        ...(standing.required && open && !hosts ? [key('seminars.date.required')] : []),
        ...(hosts ? [] : [key('seminars.list.host', { host: hostText(date) })]),
        placeText(date),
      ],
      ' · ',
    ),
  };
}

const standingText = (standing: Standing): Text =>
  answerText(standing) ?? (standing.invited ? key('seminars.list.unanswered') : key('seminars.list.not_invited'));
