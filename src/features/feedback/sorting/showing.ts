import type { Card } from '../../../core/card.js';
import { BellhopError } from '../../../core/errors.js';
import type { Text } from '../../../core/text.js';
import type { HandlerContext } from '../../../people/handlers.js';
import type { Said } from '../model.js';
import { demandFeedback } from '../rights.js';
import type { Decided } from './deciding.js';
import { decisionCard } from './waiting-cards.js';

/**
 * A piece of feedback that the actor, a manager, may decide about: it doesn't concern them.
 * @throws BellhopError `feedback.gone`
 */
export async function demandDecidable(context: HandlerContext, feedbackId: string): Promise<Said> {
  const said = await demandFeedback(context, feedbackId);
  if (said.concerns.some(({ personId }) => personId === context.person.id)) throw new BellhopError('feedback.gone');
  return said;
}

/** How it stands after an act: what was done, or what somebody else has decided before. */
export async function decided(context: HandlerContext, said: Said, outcome: Decided, told: Text): Promise<Card> {
  return await decisionCard(context, said, outcome === 'done' ? told : undefined);
}
