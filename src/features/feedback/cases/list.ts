import { type Action, button, type Card, type Row } from '../../../core/card.js';
import { ROWS, shownOf, turnRows } from '../../../core/paging.js';
import { instant, join, key, person, type Text, words } from '../../../core/text.js';
import type { HandlerContext } from '../../../people/handlers.js';
import { caseName, kindLabel } from '../labels.js';
import { shortWords } from '../posting/said-parts.js';
import { to } from '../refs.js';
import { openListRef } from './refs.js';
import { isOverdue } from './rules.js';
import type { Filter } from './schema.js';
import { COUNTED, countOpen, type Listed, type Listing, listOpen } from './store-list.js';
import { sightOf } from './store-sight.js';

/** "Case 123 · 1 of 5 · Riga". */
const rowText = (it: Listed): Text =>
  join(
    [
      caseName(it),
      it.stars === null ? kindLabel(it.kind) : key('feedback.stars', { stars: it.stars }),
      ...(it.locationName === null ? [] : [words(it.locationName)]),
    ],
    ' · ',
  );

function whenText(it: Listed, now: Date): Text {
  if (it.state === 'resolved') return key('feedback.list.closable');
  if (it.pausedUntil !== null) return key('feedback.case.rests_until', { until: instant(it.pausedUntil) });
  return isOverdue(it, now)
    ? key('feedback.case.overdue_since', { due: instant(it.dueAt) })
    : key('feedback.list.due', { due: instant(it.dueAt) });
}

/** How much of what the customer said stands in a list, in characters. */
const BEGINNING = 90;

/** A case in a list: what, where, how its customer's words begin, until when, whose. */
function row(it: Listed, now: Date, own: boolean): Row {
  const owner = it.ownerName === null ? key('feedback.list.nobody') : person(it.ownerName);
  const begins = shortWords(it, BEGINNING);
  return {
    text: rowText(it),
    detail: join([...(begins ? [begins] : []), join([whenText(it, now), ...(own ? [] : [owner])], ' · ')], '\n'),
    action: button(key('core.ui.open'), to.case(it.id)),
  };
}

/** "1–7 of 31", or where there are too many to be counted "1–7 of more than 107". */
function footer(offset: number, { rows, total, more }: Listing): { readonly footer?: Text } {
  if (rows.length === 0) return {};
  const text = more
    ? key('feedback.list.shown_of_more', { from: offset + 1, to: offset + rows.length, total })
    : shownOf(offset, rows.length, total);
  return text ? { footer: text } : {};
}

/** `more` ones are turned to although nobody has counted them. */
const turned = (filter: Filter, offset: number, { total, more }: Listing) =>
  turnRows(offset, more ? total + 1 : total, (next) => (filter === 'mine' ? to.mine(next) : openListRef(filter, next)));

const TITLES: Readonly<Record<Filter, Text>> = {
  all: key('feedback.list.title.all'),
  unowned: key('feedback.list.title.unowned'),
  overdue: key('feedback.list.title.overdue'),
  mine: key('feedback.list.title.mine'),
  closable: key('feedback.list.title.closable'),
};
const NONE: Readonly<Record<Filter, Text>> = {
  all: key('feedback.list.none.all'),
  unowned: key('feedback.list.none.unowned'),
  overdue: key('feedback.list.none.overdue'),
  mine: key('feedback.list.none.mine'),
  closable: key('feedback.list.none.closable'),
};
const BUTTONS: Readonly<Record<Filter, Text>> = {
  all: key('feedback.list.button.all'),
  unowned: key('feedback.list.button.unowned'),
  overdue: key('feedback.list.button.overdue'),
  mine: key('feedback.list.button.mine'),
  closable: key('feedback.list.button.closable'),
};
/** Besides the lists that lead to one another. */
const LISTS: readonly Filter[] = ['unowned', 'overdue', 'mine', 'closable', 'all'];

const counted = ({ total, more }: Pick<Listing, 'total' | 'more'>): Text =>
  more ? key('feedback.list.count_more', { total }) : key('feedback.list.count', { total });

/** Open cases that the actor may read. An offset beyond the end shows the last ones. */
export async function openCard(context: HandlerContext, filter: Filter, offset: number): Promise<Card> {
  const { db, organisation, clock } = context;
  const now = clock.now();
  const sight = await sightOf(context);
  const ask = async (from: number) => await listOpen(db, organisation.id, sight, { filter, offset: from, limit: ROWS, now });
  const asked = await ask(offset);
  const from = asked.rows.length === 0 && offset > 0 ? lastPage(asked.total) : offset;
  const listing = from === offset ? asked : await ask(from);
  const empty = listing.rows.length === 0;
  const lead = empty ? NONE[filter] : counted(listing);
  const filters = LISTS.filter((one) => one !== filter).map((one) => button(BUTTONS[one], one === 'mine' ? to.mine() : openListRef(one)));
  return {
    summary: join([TITLES[filter], lead], ': '),
    title: TITLES[filter],
    lead,
    rows: listing.rows.map((it) => row(it, now, false)),
    actions: [...turned(filter, from, listing), ...filters],
    ...footer(from, listing),
  };
}

const lastPage = (total: number): number => Math.max(0, Math.floor((total - 1) / ROWS) * ROWS);

/** The actor's own cases by their due time, and what else waits for somebody like them. */
export async function mineCard(context: HandlerContext, offset: number): Promise<Card> {
  const { db, organisation, clock } = context;
  const now = clock.now();
  const sight = await sightOf(context);
  const waits = async (filter: Filter) => await countOpen(db, organisation.id, sight, { filter, now, most: COUNTED });
  const ask = async (from: number) => await listOpen(db, organisation.id, sight, { filter: 'mine', offset: from, limit: ROWS, now });
  const [asked, unowned, closable] = await Promise.all([ask(offset), waits('unowned'), waits('closable')]);
  const from = asked.rows.length === 0 && offset > 0 ? lastPage(asked.total) : offset;
  const listing = from === offset ? asked : await ask(from);
  const lead = listing.rows.length === 0 ? NONE.mine : counted(listing);
  const others: Text[] = [
    ...(unowned.total > 0
      ? [key(unowned.more ? 'feedback.list.waits.unowned_more' : 'feedback.list.waits.unowned', { total: unowned.total })]
      : []),
    ...(closable.total > 0
      ? [key(closable.more ? 'feedback.list.waits.closable_more' : 'feedback.list.waits.closable', { total: closable.total })]
      : []),
  ];
  const actions: Action[] = [
    ...turned('mine', from, listing),
    ...(unowned.total > 0 ? [button(BUTTONS.unowned, openListRef('unowned'))] : []),
    ...(closable.total > 0 ? [button(BUTTONS.closable, openListRef('closable'))] : []),
    button(BUTTONS.all, to.open()),
    button(key('feedback.list.log'), to.log()),
  ];
  return {
    summary: join([TITLES.mine, lead], ': '),
    title: TITLES.mine,
    lead,
    ...(others.length > 0 && { body: [{ kind: 'paragraph', text: join(others, '\n') }] }),
    rows: listing.rows.map((it) => row(it, now, true)),
    actions,
    ...footer(from, listing),
  };
}

/** What is overdue or due within so many hours. */
const SOON_MS = 24 * 3_600_000;

/** The actor's own cases that are due soon, for App Home; undefined when none is. */
export async function dueCard(context: HandlerContext): Promise<Card | undefined> {
  const { db, organisation, clock } = context;
  const now = clock.now();
  const sight = await sightOf(context);
  const { rows } = await listOpen(db, organisation.id, sight, { filter: 'mine', offset: 0, limit: ROWS, now });
  const due = rows.filter((it) => it.pausedUntil === null && it.dueAt.getTime() <= now.getTime() + SOON_MS);
  if (due.length === 0) return undefined;
  const lead = key('feedback.list.home_due', { total: due.length });
  return { summary: lead, title: TITLES.mine, lead, rows: due.map((it) => row(it, now, true)), actions: [button(BUTTONS.mine, to.mine())] };
}
