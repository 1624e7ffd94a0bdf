import { presentAmong } from '../../../people/audience.js';
import type { Tx } from '../../../people/db.js';
import type { WorkContext } from '../../../people/handlers.js';
import { proposePraise } from '../../recognition/index.js';
import { shortened } from '../posting/said-parts.js';
import { findFeedback } from '../store-feedback.js';
import { findConcernedPeople } from './store-talks.js';

/** The most characters of a quote that kudos carry. */
const MOST_QUOTE = 1_000;
/** The most people that one praise is for. */
const MOST_PRAISED = 20;

/**
 * Brings a customer's praise of named colleagues to the managers, who make kudos of it with one click. Once for a piece of feedback;
 * nothing where nobody named is here any more, or where there are no words to quote.
 */
export async function celebrate(context: WorkContext, tx: Tx, feedbackId: string, now: Date): Promise<void> {
  const { organisation } = context;
  const praised = await presentAmong(tx, organisation, await findConcernedPeople(tx, organisation.id, feedbackId));
  const said = await findFeedback(tx, organisation.id, feedbackId);
  // As proposePraise counts them: without characters that no column takes.
  const quote = said?.words
    .map(({ words }) => words.replaceAll('\u0000', ''))
    .join('\n')
    .trim();
  if (!said || !quote || praised.length === 0) return;
  await proposePraise(
    tx,
    context,
    // Without who logged it: recognition tells all managers but the one who brings praise, and whoever logs it sees no card of it.
    {
      sourceKey: `feedback:${feedbackId}`,
      quote: shortened(quote, MOST_QUOTE),
      personIds: praised.slice(0, MOST_PRAISED),
    },
    now,
  );
}
