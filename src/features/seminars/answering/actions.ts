import type { Card } from '../../../core/card.js';
import { BellhopError } from '../../../core/errors.js';
import { type Reply, update, whisper } from '../../../core/reply.js';
import { inTransaction, retryOnConflict } from '../../../people/db.js';
import { action, type HandlerContext } from '../../../people/handlers.js';
import { isHere } from '../attending/store-attendance.js';
import { DateRef } from '../schema.js';
import { findDate } from '../store-dates.js';
import { type Act, type Answered, settleAnswer } from './answer.js';
import { ownCard } from './own-card.js';
import { refreshSoon } from './post.js';
import { writeAnswer } from './store-answers.js';

/**
 * Somebody answers, on whatever card: the channel's, a reminder, one that is long out of date. What the date has become
 * meanwhile is what the answer counts for, and what the reply shows.
 */
async function answer(context: HandlerContext, dateId: string, wanted: Act['wanted']): Promise<Reply> {
  const { db, organisation, person, clock, place } = context;
  const now = clock.now();
  const act: Act = { dateId, personId: person.id, wanted, source: 'self' };
  const answered = await settle(context, act, now);
  // A card in the person's own chat is replaced by the reply; elsewhere, those in the own chat have to follow.
  const follow = place.kind === 'direct' ? answered.moved : [person.id, ...answered.moved];
  const [date] = await Promise.all([
    findDate(db, organisation.id, dateId),
    answered.outcome === 'ok' ? refreshSoon(context, dateId, follow, now) : undefined,
  ]);
  if (!date) throw new BellhopError('seminars.date_gone');
  const here = answered.outcome === 'begun' && (await isHere(db, organisation.id, dateId, person.id));
  const own = { answer: answered.answer, ahead: answered.ahead, hosts: date.hostId === person.id, here };
  return shown(context, ownCard(date, own, 'answered', now));
}

/**
 * Whoever comes takes a place and gives none up, so there is nobody to be told in the same transaction: where no e-mail is sent
 * either, it is one statement, and those who want the same date's places wait for one another as short as can be.
 */
async function settle(context: HandlerContext, act: Act, now: Date): Promise<Answered> {
  const { db, organisation, sendsMail } = context;
  if (act.wanted === 'going' && !sendsMail) return await retryOnConflict(() => writeAnswer(db, organisation.id, act, now));
  return await inTransaction(db, (tx) => settleAnswer(context, tx, act, now));
}

/** In the own chat the card that was pressed shows it; a card that others see too stays theirs. */
function shown({ place }: HandlerContext, card: Card): Reply {
  return place.kind === 'direct' ? update(card) : whisper(card);
}

const going = action({
  id: 'seminars.going',
  role: 'employee',
  payload: DateRef,
  run: async (context, { dateId }) => await answer(context, dateId, 'going'),
});

const maybe = action({
  id: 'seminars.maybe',
  role: 'employee',
  payload: DateRef,
  run: async (context, { dateId }) => await answer(context, dateId, 'maybe'),
});

const cant = action({
  id: 'seminars.cant',
  role: 'employee',
  payload: DateRef,
  run: async (context, { dateId }) => await answer(context, dateId, 'cant'),
});

export const answerActions = [going, maybe, cant];
