import { z } from 'zod';
import { button, type Card, notice } from '../../../core/card.js';
import type { MergedLine } from '../../../core/feature.js';
import { instant, key, person, type Text } from '../../../core/text.js';
import { message, type WorkContext } from '../../../people/handlers.js';
import { findPerson } from '../../../people/people.js';
import { isFollowed } from '../cases/rules.js';
import { caseName } from '../labels.js';
import { type Case, ESCALATE_TO, type Said } from '../model.js';
import { to } from '../refs.js';
import { findCase } from '../store-cases.js';
import { findFeedback } from '../store-feedback.js';
import { openingOf } from './escalation.js';
import { caseLine } from './lines.js';
import { mayFollow } from './whom.js';

const Payload = z.object({ caseId: z.uuid(), openings: z.int().min(1), to: z.enum(ESCALATE_TO), personId: z.uuid() });
type Payload = z.infer<typeof Payload>;

/** Tells one person that a case is overdue. */
export const escalationMessage = message({
  id: 'feedback.escalation',
  payload: Payload,
  guard: async (context, payload) => {
    const { db, organisation, clock } = context;
    const found = await find(context, payload);
    if (!found) return 'gone';
    const { of, feedback } = found;
    if (!isFollowed(of) || openingOf(of) !== payload.openings) return 'not_open';
    // Its priority was lowered meanwhile.
    if (of.dueAt > clock.now()) return 'not_due';
    const reader = await findPerson(db, organisation.id, payload.personId);
    if (!reader?.active) return 'person_left';
    if (payload.to === 'owner' && of.ownerId !== null && of.ownerId !== payload.personId) return 'not_theirs';
    return (await mayFollow(context, reader, { case: of, feedback })) ? null : 'not_theirs';
  },
  line: async (context, payload): Promise<MergedLine> => {
    const found = await findFor(context, payload);
    if (!found) return { text: key('feedback.errors.case_gone') };
    const { of, feedback } = found;
    return {
      text: key('feedback.escalation.summary', { line: caseLine(of, feedback), due: instant(of.dueAt) }),
      action: button(key('feedback.following.open'), to.case(of.id)),
    };
  },
  card: async (context, payload): Promise<Card> => {
    const found = await findFor(context, payload);
    if (!found) return notice(key('feedback.errors.case_gone'));
    const { of, feedback } = found;
    const line = caseLine(of, feedback);
    const due = instant(of.dueAt);
    return {
      summary: key('feedback.escalation.summary', { line, due }),
      title: key('feedback.escalation.title', { case: caseName(of) }),
      lead: leadOf(of, payload.personId),
      facts: factsOf(of, feedback),
      actions: [button(key('feedback.following.open'), to.case(of.id), { style: 'primary' })],
      ...(of.ownerId !== payload.personId && { footer: key('feedback.escalation.why') }),
    };
  },
});

async function find({ db, organisation }: WorkContext, { caseId }: Payload): Promise<{ of: Case; feedback: Said } | undefined> {
  const of = await findCase(db, organisation.id, caseId);
  const feedback = of && (await findFeedback(db, organisation.id, of.feedbackId));
  return of && feedback ? { of, feedback } : undefined;
}

/** The same as its receiver may see it at this moment: a case may become private after they were told of it. */
async function findFor(context: WorkContext, payload: Payload): Promise<{ of: Case; feedback: Said } | undefined> {
  const found = await find(context, payload);
  const reader = found && (await findPerson(context.db, context.organisation.id, payload.personId));
  return reader && (await mayFollow(context, reader, { case: found.of, feedback: found.feedback })) ? found : undefined;
}

function leadOf(of: Case, readerId: string): Text {
  const due = instant(of.dueAt);
  if (of.state === 'resolved' || of.state === 'closed') return key('feedback.escalation.done');
  if (of.ownerId === readerId) return key('feedback.escalation.yours', { due });
  if (of.ownerName === null) return key('feedback.escalation.nobodys', { due });
  return key('feedback.escalation.theirs', { due, owner: person(of.ownerName) });
}

function factsOf(of: Case, feedback: Said) {
  return [{ label: key('feedback.following.about'), value: caseLine(of, feedback) }];
}
