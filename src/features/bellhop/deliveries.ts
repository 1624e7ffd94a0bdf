import { type Action, button, CARD_LIMITS, type Card } from '../../core/card.js';
import { ref } from '../../core/ref.js';
import { instant, join, key, person, type Text, words } from '../../core/text.js';
import { countDeadLetters, type DeadLetter, describeTrouble, listDeadLetters, sendAgain } from '../../delivery/dead-letters.js';
import { recordEvent } from '../../people/audit.js';
import { inTransaction } from '../../people/db.js';
import type { HandlerContext } from '../../people/handlers.js';
import * as store from './store.js';
import { isKnownTrouble, troubleTexts } from './texts.js';

/** At most so many are sent again by one press: what is left waits for the next. */
const MOST_AT_ONCE = 500;

/** What could not be delivered, with why and what to do. `lead` tells what has just happened. */
export async function deliveriesCard(context: HandlerContext, lead?: Text): Promise<Card> {
  const { db, organisation } = context;
  const total = await countDeadLetters(db, organisation.id);
  const letters = await listDeadLetters(db, organisation.id, { limit: CARD_LIMITS.rows });
  const unreachable = await store.countUnreachable(db, organisation);
  const standing = total === 0 ? key('bellhop.deliveries.none') : key('bellhop.deliveries.lead', { count: total });
  const actions: Action[] = [
    ...(total > 0
      ? [
          button(key('bellhop.deliveries.all'), ref('bellhop.send_all'), {
            style: 'primary',
            confirm: {
              title: key('bellhop.deliveries.all_title'),
              text: key('bellhop.deliveries.all_text', { count: Math.min(total, MOST_AT_ONCE) }),
              yes: key('bellhop.deliveries.all'),
              no: key('core.ui.cancel'),
            },
          }),
        ]
      : []),
    ...(unreachable > 0 ? [button(key('bellhop.unreachable.open', { count: unreachable }), ref('bellhop.unreachable', { page: 0 }))] : []),
  ];
  return {
    summary: lead ?? standing,
    title: key('bellhop.deliveries.title'),
    lead: lead ?? standing,
    rows: letters.map((letter) => ({
      text: key(letter.kind === 'mail' ? 'bellhop.deliveries.mail_to' : 'bellhop.deliveries.to', { to: recipient(letter) }),
      detail: join(trouble(letter), ' '),
      action: button(key('bellhop.deliveries.again'), ref('bellhop.send_again', { deliveryId: letter.id })),
    })),
    actions,
    ...(total > letters.length && { footer: key('bellhop.ui.page', { first: 1, last: letters.length, total }) }),
  };
}

function recipient(letter: DeadLetter): Text {
  if (letter.personName) return person(letter.personName);
  if (letter.channelName) return words(`#${letter.channelName}`);
  return key(letter.kind === 'mail' && letter.personId === null ? 'bellhop.deliveries.outsider' : 'bellhop.deliveries.somebody');
}

function trouble(letter: DeadLetter): Text[] {
  // The platform's own code often says more than the general words: what exactly to mend.
  const known = letter.detail && isKnownTrouble(letter.detail) ? troubleTexts(letter.detail) : undefined;
  const why = known ? [known.reason, known.remedy] : [describeTrouble(letter.code, letter.detail)];
  return [...why, ...(letter.diedAt ? [key('bellhop.deliveries.since', { at: instant(letter.diedAt) })] : [])];
}

/** Sends one again; somebody else may have been quicker. */
export async function again(context: HandlerContext, deliveryId: string): Promise<Card> {
  const sent = await reopen(context, [deliveryId]);
  return await deliveriesCard(context, sent > 0 ? key('bellhop.deliveries.sent', { count: sent }) : key('bellhop.deliveries.gone'));
}

export async function allAgain(context: HandlerContext): Promise<Card> {
  const letters = await listDeadLetters(context.db, context.organisation.id, { limit: MOST_AT_ONCE });
  const sent = await reopen(
    context,
    letters.map((letter) => letter.id),
  );
  return await deliveriesCard(context, sent > 0 ? key('bellhop.deliveries.sent', { count: sent }) : key('bellhop.deliveries.gone'));
}

async function reopen(context: HandlerContext, deliveryIds: readonly string[]): Promise<number> {
  const organisationId = context.organisation.id;
  return await inTransaction(context.db, async (tx) => {
    const now = context.clock.now();
    let sent = 0;
    for (const deliveryId of deliveryIds) {
      if (!(await sendAgain(tx, organisationId, deliveryId, now))) continue;
      await recordEvent(tx, { organisationId, actorId: context.person.id, verb: 'delivery.sent_again', subjectId: deliveryId }, now);
      sent += 1;
    }
    return sent;
  });
}
