import type { Tx } from '../../../people/db.js';
import type { WorkContext } from '../../../people/handlers.js';
import { invite, uninvite } from '../inviting/invite.js';
import { findDate } from '../store-dates.js';
import { tellMoved } from './moved.js';
import { refreshAnswers } from './post.js';
import { type Act, type Answered, findAnswer, writeAnswer } from './store-answers.js';

export type { Act, Answered } from './store-answers.js';

/**
 * Somebody answers, or is answered for: those who move up hear of it, calendars are told, and the post follows.
 * @returns what became of it; nothing was changed unless its outcome is `ok`
 */
export async function answerDate(context: WorkContext, tx: Tx, act: Act, now: Date): Promise<Answered> {
  const answered = await settleAnswer(context, tx, act, now);
  if (answered.outcome === 'ok') await refreshAnswers(tx, context.organisation.id, act.dateId, [act.personId, ...answered.moved], now);
  return answered;
}

/**
 * The same without the cards: where people answer by the thousand they are refreshed after the commit (refreshSoon),
 * so that no answer waits for another one's.
 */
export async function settleAnswer(context: WorkContext, tx: Tx, act: Act, now: Date): Promise<Answered> {
  const { organisation, sendsMail } = context;
  const before = sendsMail ? await findAnswer(tx, organisation.id, act.dateId, act.personId) : undefined;
  const answered = await writeAnswer(tx, organisation.id, act, now);
  if (answered.outcome !== 'ok' || (answered.moved.length === 0 && !sendsMail)) return answered;
  const date = await findDate(tx, organisation.id, act.dateId);
  if (!date) return answered;
  if (answered.answer === 'going') await invite(context, tx, date, [act.personId], now);
  else if (before?.state === 'going') await uninvite(context, tx, date, [act.personId], now);
  await tellMoved(context, tx, date, answered.moved, now);
  return answered;
}
