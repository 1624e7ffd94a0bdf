import { z } from 'zod';
import { type Card, notice } from '../../../core/card.js';
import type { HomeSection } from '../../../core/feature.js';
import { hasRole } from '../../../core/roles.js';
import { key, type Text } from '../../../core/text.js';
import { enqueueMany, type NewDelivery } from '../../../delivery/enqueue.js';
import type { Tx } from '../../../people/db.js';
import { type HandlerContext, message, type WorkContext } from '../../../people/handlers.js';
import { addDays, localDay, weekday } from '../../../people/hours.js';
import { findPerson } from '../../../people/people.js';
import { subject } from '../model.js';
import { countUnheard, managersApartFrom } from './store-unheard.js';

/** The message's id. */
const UNHEARD = 'feedback.unheard';

/** A complaint that nobody may read is looked at again after so long: another owner may be there by then. */
export const LOOK_AGAIN_MS = 5 * 60_000;

/**
 * Tells the managers whom it isn't about that a complaint waits which is about everybody who may read it, and that another owner is
 * needed. Neither what it says nor whom it is about: rights are for the line and owners, and a manager isn't the line of an owner. Once
 * a week for all that waits so.
 * @param concerned whom it is about
 */
export async function tellUnheard(
  { organisation, log }: WorkContext,
  tx: Tx,
  talkId: string,
  concerned: readonly string[],
  now: Date,
): Promise<void> {
  const today = localDay(now, organisation.zone);
  const week = addDays(today, 1 - weekday(today));
  const managers = await managersApartFrom(tx, organisation, concerned);
  const added = await enqueueMany(
    tx,
    managers.map(
      (personId): NewDelivery => ({
        organisationId: organisation.id,
        subjectKey: subject.unheard(week, personId),
        message: UNHEARD,
        payload: { personId },
        to: { personId },
        priority: 'answer',
        capped: true,
        dueAt: now,
      }),
    ),
    now,
  );
  if (added > 0 || managers.length === 0) {
    log.warn({ organisationId: organisation.id, talkId }, 'A complaint waits that nobody may read: the organisation needs another owner.');
  }
}

/** How much of what nobody may read a manager is told of; 0 for whoever is none. */
async function countFor({ db, organisation }: WorkContext, personId: string): Promise<number> {
  const person = await findPerson(db, organisation.id, personId);
  return person?.active && person.role === 'manager' ? await countUnheard(db, organisation, personId) : 0;
}

const leadOf = (count: number): Text => (count > 0 ? key('feedback.talks.unheard', { count }) : key('feedback.talks.unheard_none'));

function unheardCard(count: number): Card {
  if (count === 0) return notice(leadOf(count));
  return {
    summary: leadOf(count),
    title: key('feedback.talks.unheard_title'),
    lead: leadOf(count),
    body: [{ kind: 'paragraph', text: key('feedback.talks.unheard_how') }],
    footer: key('feedback.talks.unheard_private'),
  };
}

/** To a manager: a complaint waits that nobody may read. */
const unheard = message({
  id: UNHEARD,
  payload: z.object({ personId: z.uuid() }),
  guard: async (context, { personId }) => ((await countFor(context, personId)) === 0 ? 'heard' : null),
  card: async (context, { personId }) => unheardCard(await countFor(context, personId)),
  line: async (context, { personId }) => {
    const count = await countFor(context, personId);
    return { text: count > 0 ? key('feedback.talks.unheard_line', { count }) : leadOf(count) };
  },
});

export const unheardMessages = [unheard];

/** Under "managers": what nobody may read. */
export async function unheardHome(context: HandlerContext): Promise<readonly HomeSection[]> {
  if (!hasRole(context.role, 'manager')) return [];
  const count = await countFor(context, context.person.id);
  return count > 0 ? [{ slot: 'managers', card: unheardCard(count) }] : [];
}
