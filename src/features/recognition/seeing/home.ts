import type { HomeSection } from '../../../core/feature.js';
import { key, person } from '../../../core/text.js';
import type { HandlerContext } from '../../../people/handlers.js';
import { localDay } from '../../../people/hours.js';
import { findPerson } from '../../../people/people.js';
import { listReceived } from '../giving/store-kudos.js';
import { monthOf } from '../periods.js';
import { homeCard } from './messages-me.js';
import { standingOf } from './store-me.js';

/** Recognition's part of App Home and of the welcome: points, what is left to give, the last thanks. */
export async function home(context: HandlerContext): Promise<readonly HomeSection[]> {
  const { db, organisation } = context;
  const [standing, [last]] = await Promise.all([
    standingOf(db, organisation, context.person.id, monthOf(context.clock.now(), organisation.zone)),
    listReceived(db, organisation.id, context.person.id, { offset: 0, limit: 1 }),
  ]);
  if (!last) return [{ slot: 'here', card: homeCard(standing, undefined) }];
  const giver = last.source === 'customer' ? undefined : await findPerson(db, organisation.id, last.giverId);
  const from = last.source === 'customer' ? key('recognition.a_customer') : person(giver?.name ?? '');
  const day = localDay(last.createdAt, context.reader.zone);
  return [{ slot: 'here', card: homeCard(standing, { from, words: last.words, day }) }];
}
