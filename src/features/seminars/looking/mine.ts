import { type Action, button, type Card, type Row } from '../../../core/card.js';
import { ROWS, shownOf, turnRows } from '../../../core/paging.js';
import { ref } from '../../../core/ref.js';
import { instant, key, words } from '../../../core/text.js';
import type { HandlerContext } from '../../../people/handlers.js';
import { within } from '../attending/refs.js';
import { feedRef } from '../inviting/refs.js';
import { to } from '../refs.js';
import { dateRow } from './list.js';
import { turn } from './pages.js';
import { listMine, listMissed, type Missed } from './store-looking.js';
import { standingsOf } from './store-standing.js';

/** A person's own dates: what is to be caught up on first, then what is coming. */
export async function mineCard(context: HandlerContext, wanted: number): Promise<Card> {
  const { db, organisation, person, clock } = context;
  const now = clock.now();
  const missed = await listMissed(db, organisation.id, person.id);
  // Both are rows of one list: pages are cut through it.
  const page = async (offset: number) => {
    const behind = missed.slice(offset, offset + ROWS);
    const window = { now, offset: Math.max(0, offset - missed.length), limit: ROWS - behind.length };
    const coming = await listMine(db, organisation.id, person.id, window);
    return { behind, coming: coming.rows, total: missed.length + coming.total };
  };
  const found = await page(wanted);
  const offset = found.behind.length + found.coming.length === 0 && wanted > 0 ? 0 : wanted;
  const { behind, coming, total } = offset === wanted ? found : await page(offset);
  const standings = await standingsOf(
    db,
    organisation,
    person.id,
    coming.map((date) => date.id),
  );
  const rows: readonly Row[] = [
    ...behind.map((each) => missedRow(each, offset)),
    ...coming.map((date) => {
      const row = dateRow(date, standings(date.id), person.id);
      return { ...row, action: button(key('seminars.action.open'), turn.dateOfMine(date.id, offset)) };
    }),
  ];
  const lead = total > 0 ? key('seminars.mine.lead', { coming: total - missed.length, missed: missed.length }) : key('seminars.mine.none');
  const shown = shownOf(offset, rows.length, total);
  return {
    summary: lead,
    title: key('seminars.mine.title'),
    lead,
    rows,
    actions: [...turnRows(offset, total, turn.mine), ...mineActions(person.id)],
    footer: shown ?? key('seminars.mine.past'),
  };
}

function missedRow({ date, state, dueAt }: Missed, offset: number): Row {
  return {
    text: key('seminars.mine.missed', { title: words(date.title), at: instant(date.startsAt) }),
    detail: state === 'open' ? key('seminars.mine.read_until', { until: instant(dueAt) }) : key('seminars.mine.recap_follows'),
    action:
      state === 'open'
        ? button(key('seminars.action.recap'), within.recap(date.id))
        : button(key('seminars.action.open'), turn.dateOfMine(date.id, offset)),
  };
}

function mineActions(personId: string): readonly Action[] {
  return [
    button(key('seminars.action.feed'), feedRef()),
    button(key('seminars.action.list'), to.list()),
    button(key('seminars.action.record'), ref('bellhop.record', { personId })),
  ];
}
