import type { Card } from '../../../core/card.js';
import { BellhopError } from '../../../core/errors.js';
import { type Reply, update, whisper } from '../../../core/reply.js';
import { key, type Text } from '../../../core/text.js';
import type { HandlerContext } from '../../../people/handlers.js';
import { demandCase } from '../rights.js';
import { caseCard, readerHere } from './case-card.js';
import type { Standing } from './changing.js';

/** On a card that the actor alone sees the same card shows it; a card that others see too stays theirs, and is refreshed by itself. */
export const shown = ({ place }: Pick<HandlerContext, 'place'>, card: Card): Reply =>
  place.kind === 'direct' || place.alone ? update(card) : whisper(card);

/** The whole case as the actor sees it. */
export async function showCase(context: HandlerContext, standing: Standing, lead?: Text): Promise<Reply> {
  return shown(context, await caseCard(context, standing, readerHere(context), lead));
}

/** What another act has made of a case meanwhile: told above the case as it stands, instead of the refusal alone. */
const OVERTAKEN: ReadonlySet<string> = new Set([
  'feedback.case_claimed',
  'feedback.case_moved',
  'feedback.case_freed',
  'feedback.case_reprioritised',
  'feedback.case_closed',
  'feedback.case_resolved',
  'feedback.case_not_resolved',
  'feedback.case_close_later',
  'feedback.case_close_other',
  'feedback.case_not_yours',
  'feedback.case_claim_first',
]);

/** Does something about a case; what somebody else has done in between is shown with the case itself. */
export async function orAsItStands(context: HandlerContext, caseId: string, act: () => Promise<Reply>): Promise<Reply> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof BellhopError) || !OVERTAKEN.has(error.code)) throw error;
    return await showCase(context, await demandCase(context, caseId), key(error.key, error.params));
  }
}
