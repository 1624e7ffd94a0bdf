import { z } from 'zod';
import { button, type Card } from '../../../core/card.js';
import { key } from '../../../core/text.js';
import { message, type WorkContext } from '../../../people/handlers.js';
import { findPerson } from '../../../people/people.js';
import type { Said } from '../model.js';
import { to } from '../refs.js';
import { mayRead } from '../rights.js';
import { findCase } from '../store-cases.js';
import { findFeedback } from '../store-feedback.js';
import { bundleCard, isBundleOver } from './bundle-card.js';
import { viewedCard } from './said-card.js';
import { saidSummary } from './said-parts.js';
import { findBundle } from './store-posting.js';

/** To a channel; with `personId` to that person. */
const PostRef = z.object({ feedbackId: z.uuid(), personId: z.uuid().optional() });
type PostRef = z.output<typeof PostRef>;
export const BundleRef = z.object({ bundleId: z.uuid() });

/** Why something isn't to be seen where it was sent to; null when it is. */
type Refusal = 'feedback_gone' | 'feedback_withdrawn' | 'feedback_private' | 'person_gone';

/**
 * What came to light after it was passed on holds for what lies in chats too: spam, a colleague named, a complaint about one. A
 * channel shows only what was passed on; a person what they may read at this moment.
 */
async function refusal(context: WorkContext, said: Said | undefined, personId: string | undefined): Promise<Refusal | null> {
  const { db, organisation } = context;
  if (!said) return 'feedback_gone';
  if (personId === undefined) {
    if (said.state === 'passed') return null;
    return said.state === 'private' ? 'feedback_private' : 'feedback_withdrawn';
  }
  const person = await findPerson(db, organisation.id, personId);
  if (!person?.active) return 'person_gone';
  const followed = said.caseId === null ? undefined : await findCase(db, organisation.id, said.caseId);
  return (await mayRead({ db, organisation, person, role: person.role }, said, followed)) ? null : 'feedback_withdrawn';
}

async function find({ db, organisation }: WorkContext, { feedbackId }: PostRef): Promise<Said | undefined> {
  return await findFeedback(db, organisation.id, feedbackId);
}

/** What stands where feedback was that isn't shown there any more: nothing of what was said. */
const withdrawn: Card = { summary: key('feedback.posting.withdrawn'), lead: key('feedback.posting.withdrawn') };

const post = message({
  id: 'feedback.post',
  payload: PostRef,
  guard: async (context, payload) => {
    const said = await find(context, payload);
    // What was said is gone before anybody could read it.
    if (said && said.strippedAt !== null) return 'feedback_stripped';
    return await refusal(context, said, payload.personId);
  },
  card: async (context, payload) => {
    const said = await find(context, payload);
    if (!said || (await refusal(context, said, payload.personId)) !== null) return withdrawn;
    const person = payload.personId === undefined ? undefined : await findPerson(context.db, context.organisation.id, payload.personId);
    return await viewedCard(context, said, { ...(person && { locale: person.locale }) });
  },
  line: async (context, payload) => {
    const said = await find(context, payload);
    if (!said || (await refusal(context, said, payload.personId)) !== null) return { text: key('feedback.posting.withdrawn') };
    return { text: saidSummary(said), action: button(key('feedback.posting.action.open'), to.entry(said.id)) };
  },
});

const bundle = message({
  id: 'feedback.bundle',
  payload: BundleRef,
  guard: async (context, { bundleId }) => {
    const found = await findBundle(context.db, context.organisation.id, bundleId);
    if (!found) return 'feedback_gone';
    return (await isBundleOver(context, found)) ? 'feedback_withdrawn' : null;
  },
  card: async (context, { bundleId }) => await bundleCard(context, bundleId),
});

export const postingMessages = [post, bundle];
