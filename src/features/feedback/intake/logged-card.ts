import { button, type Card } from '../../../core/card.js';
import { BellhopError } from '../../../core/errors.js';
import { ref } from '../../../core/ref.js';
import { key, type Text, words } from '../../../core/text.js';
import type { HandlerContext } from '../../../people/handlers.js';
import type { FeedbackState, Said } from '../model.js';
import { saidBlocks, saidCard } from '../posting/said-card.js';
import { saidFooter, saidLead, saidSummary, saidTitle } from '../posting/said-parts.js';
import { to } from '../refs.js';
import { mayRead } from '../rights.js';
import { findCase } from '../store-cases.js';
import { findFeedback } from '../store-feedback.js';
import type { Accepted } from './accept.js';
import { showReference } from './reference.js';

/** What whoever logged feedback sees: its reference, and what happens next. */
export function loggedCard({ id, reference, isNew, same }: Accepted): Card {
  const shown = { reference: words(showReference(reference)) };
  const lead = isNew || same ? key('feedback.logged.lead', shown) : key('feedback.logged.before', shown);
  return {
    summary: lead,
    title: key('feedback.logged.title'),
    lead,
    body: [{ kind: 'paragraph', text: key('feedback.logged.next') }],
    actions: [
      button(key('feedback.logged.action.entry'), ref('feedback.logged', { feedbackId: id }), { style: 'primary' }),
      button(key('feedback.logged.action.another'), to.log()),
    ],
  };
}

const STATES: Readonly<Record<FeedbackState, Text>> = {
  fresh: key('feedback.logged.state.fresh'),
  doubtful: key('feedback.logged.state.doubtful'),
  spam: key('feedback.logged.state.spam'),
  held: key('feedback.logged.state.held'),
  private: key('feedback.logged.state.private'),
  passed: key('feedback.logged.state.passed'),
};

/**
 * What somebody logged, as it stands: with everything that can be done for those who may read it; to others what they wrote, and
 * where it is.
 * @throws BellhopError `feedback.gone` for what somebody else logged, and for a complaint about whoever logged it
 */
export async function entryCard(context: HandlerContext, feedbackId: string): Promise<Card> {
  const { db, organisation, person } = context;
  const said = await findFeedback(db, organisation.id, feedbackId);
  // Whom a complaint turned out to be about learns nothing of it here either.
  const isAboutThem = said?.state === 'private' && said.concerns.some(({ personId }) => personId === person.id);
  if (!said || said.loggedById !== person.id || isAboutThem) throw new BellhopError('feedback.gone');
  const followed = said.caseId === null ? undefined : await findCase(db, organisation.id, said.caseId);
  return said.state === 'passed' && (await mayRead(context, said, followed))
    ? await saidCard(context, said, context)
    : await ownCard(context, said);
}

async function ownCard(context: HandlerContext, said: Said): Promise<Card> {
  return {
    summary: saidSummary(said),
    title: saidTitle(said),
    lead: saidLead(said, { fallback: context.organisation.locale }),
    body: [{ kind: 'paragraph', text: STATES[said.state] }, ...(await saidBlocks(context, said, context))],
    footer: saidFooter(said),
  };
}
