import { type Card, notice } from '../../../core/card.js';
import { key } from '../../../core/text.js';
import { enqueueMany } from '../../../delivery/enqueue.js';
import type { Tx } from '../../../people/db.js';
import { message, type WorkContext } from '../../../people/handlers.js';
import type { Person } from '../../../people/model.js';
import { findPerson } from '../../../people/people.js';
import { subject } from '../model.js';
import { mayReadCase } from '../rights.js';
import { findCase } from '../store-cases.js';
import { findFeedback } from '../store-feedback.js';
import { caseCard } from './case-card.js';
import type { Standing } from './changing.js';
import { newsText } from './event-lines.js';
import { NewsRef } from './schema.js';
import { findEvent } from './store-events.js';

export interface News {
  readonly organisationId: string;
  readonly caseId: string;
  readonly eventId: string;
  readonly personIds: readonly string[];
}

/** Sends people a case with an event above it: it was given to them, its customer isn't content. At once. */
export async function tellNews(tx: Tx, { organisationId, caseId, eventId, personIds }: News, now: Date): Promise<void> {
  await enqueueMany(
    tx,
    personIds.map((personId) => ({
      organisationId,
      subjectKey: subject.news(eventId, personId),
      message: 'feedback.case_news',
      payload: { caseId, eventId, personId },
      to: { personId },
      priority: 'alert' as const,
      dueAt: now,
    })),
    now,
  );
}

/** The case as its receiver may see it; undefined when they may not, any more. */
async function load(
  { db, organisation }: WorkContext,
  caseId: string,
  personId: string,
): Promise<(Standing & { reader: Person }) | undefined> {
  const [it, reader] = [await findCase(db, organisation.id, caseId), await findPerson(db, organisation.id, personId)];
  const led = it?.mergedIntoId ? await findCase(db, organisation.id, it.mergedIntoId) : it;
  const feedback = led && (await findFeedback(db, organisation.id, led.feedbackId));
  if (!led || !feedback || !reader?.active) return undefined;
  const reads = await mayReadCase({ db, organisation, person: reader, role: reader.role }, feedback, led);
  return reads ? { case: led, feedback, reader } : undefined;
}

export const caseNews = message({
  id: 'feedback.case_news',
  payload: NewsRef,
  guard: async (context, { caseId, personId }) => ((await load(context, caseId, personId)) ? null : 'not_theirs'),
  card: async (context, { caseId, eventId, personId }): Promise<Card> => {
    const found = await load(context, caseId, personId);
    if (!found) return notice(key('feedback.errors.case_gone'));
    const event = await findEvent(context.db, context.organisation.id, eventId);
    const { reader } = found;
    return await caseCard(
      context,
      found,
      { person: reader, role: reader.role, locale: reader.locale },
      event && newsText(found.case, event),
      event?.words,
    );
  },
});
