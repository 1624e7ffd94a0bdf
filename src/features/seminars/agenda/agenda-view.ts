import type { Card } from '../../../core/card.js';
import { BellhopError } from '../../../core/errors.js';
import { hasRole } from '../../../core/roles.js';
import type { HandlerContext } from '../../../people/handlers.js';
import type { SeminarDate } from '../model.js';
import { demandOwnDate, mayRun } from '../rights.js';
import { agendaCard, itemCard } from './agenda-card.js';
import { forEverybody, shownItems } from './lines.js';
import type { AgendaItem } from './model.js';
import { findItem, listItems } from './store-items.js';
import { prepareAgenda } from './take-in.js';

/** Topics are proposed until the start. */
export const takesTopics = (date: SeminarDate, now: Date): boolean => date.state === 'planned' && date.startsAt > now;

/** The agenda is changed until the end. */
export const isOpen = (date: SeminarDate, now: Date): boolean => date.state === 'planned' && date.endsAt > now;

/** Whether the actor decides about somebody's words: managers do, and no other hosts. */
const ticks = ({ role }: HandlerContext): boolean => hasRole(role, 'manager');

/** @throws BellhopError `seminars.quote_manager` for whoever isn't a manager, when the item is somebody's words from another feature */
export async function demandTicking(context: HandlerContext, item: AgendaItem): Promise<void> {
  if (ticks(context) || item.source === null) return;
  const [shown] = await shownItems(context, item.dateId, [item]);
  if (shown?.quote) throw new BellhopError('seminars.quote_manager');
}

/** The agenda as the actor may see it. Whoever runs the date finds on it what other features suggest by now. */
export async function showAgenda(context: HandlerContext, date: SeminarDate, offset: number): Promise<Card> {
  const { db, organisation, person, clock } = context;
  const now = clock.now();
  const runs = mayRun(context, date);
  if (runs && takesTopics(date, now)) await prepareAgenda(context, date.id);
  const items = await shownItems(context, date.id, await listItems(db, organisation.id, date.id));
  const looking = { personId: person.id, runs, open: runs ? isOpen(date, now) : takesTopics(date, now), ticks: ticks(context) };
  return agendaCard(date, items, offset, looking);
}

/** One item of a date, as it is now. */
export async function showItem(context: HandlerContext, date: SeminarDate, itemId: string, here: boolean): Promise<Card> {
  const { db, organisation, clock } = context;
  const items = await shownItems(context, date.id, await listItems(db, organisation.id, date.id));
  const first = items.find(forEverybody)?.id === itemId;
  return itemCard(
    date,
    items.find((item) => item.id === itemId),
    { here, open: isOpen(date, clock.now()), first, ticks: ticks(context) },
  );
}

/**
 * An item whose date the actor may run.
 * @throws BellhopError `seminars.item_gone`, `seminars.not_host`
 */
export async function demandItem(
  context: HandlerContext,
  itemId: string,
): Promise<{ readonly item: AgendaItem; readonly date: SeminarDate }> {
  const item = await findItem(context.db, context.organisation.id, itemId);
  if (!item) throw new BellhopError('seminars.item_gone');
  return { item, date: await demandOwnDate(context, item.dateId) };
}
