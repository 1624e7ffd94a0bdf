import type { Card } from '../../core/card.js';
import { ROWS } from '../../core/paging.js';
import { describeAudience } from '../../people/audience.js';
import type { WorkContext } from '../../people/handlers.js';
import { localDay } from '../../people/hours.js';
import { reasonLines } from './messages-reasons.js';
import { declinesCard, questionsCard, statusCard, statusListCard } from './messages-status.js';
import type { Version } from './model.js';
import { reasonsOf } from './reasons.js';
import { countDocuments, listDrafts, listPublished, listWithdrawn } from './store.js';
import { listQuestions } from './store-questions.js';
import { countVersion, listByState } from './store-status.js';

/**
 * How a version stands, with a page of who is outstanding.
 * @param justExtended the later due date reaches the single requests in the background: they are shown with it already
 */
export async function statusOf(context: WorkContext, version: Version, offset: number, justExtended = false): Promise<Card> {
  const { db, organisation } = context;
  const today = localDay(context.clock.now(), organisation.zone);
  const [counts, audience, outstanding, documents, reasons] = await Promise.all([
    countVersion(db, organisation.id, version.id, today),
    describeAudience(db, organisation.id, version.audience),
    listByState(db, organisation.id, version.id, 'open', { offset, limit: ROWS }),
    countDocuments(db, organisation.id),
    reasonsOf(context, version.id),
  ]);
  const shown = { audience, reasons: reasonLines(reasons), offset, today, alone: documents <= 1 };
  if (!justExtended) return statusCard(version, counts, outstanding, shown);
  const rows = outstanding.map((row) => (row.dueOn < version.dueOn ? { ...row, dueOn: version.dueOn } : row));
  return statusCard(version, { ...counts, overdue: 0 }, rows, shown);
}

/** The only published version's status, or all documents to choose from. */
export async function statusOverview(context: WorkContext): Promise<Card> {
  const published = await listPublished(context.db, context.organisation.id);
  const [only] = published;
  return only && published.length === 1 ? await statusOf(context, only, 0) : await documentList(context, 0);
}

/** Drafts, published and withdrawn documents, a page of them. */
export async function documentList(context: WorkContext, offset: number): Promise<Card> {
  const { db, organisation } = context;
  const [drafts, published, withdrawn] = await Promise.all([
    listDrafts(db, organisation.id, 20),
    listPublished(db, organisation.id),
    listWithdrawn(db, organisation.id, 20),
  ]);
  return statusListCard(drafts, published, withdrawn, offset);
}

export async function declinesOf(context: WorkContext, version: Version, offset: number): Promise<Card> {
  const { db, organisation } = context;
  const today = localDay(context.clock.now(), organisation.zone);
  const counts = await countVersion(db, organisation.id, version.id, today);
  const rows = await listByState(db, organisation.id, version.id, 'declined', { offset, limit: ROWS });
  return declinesCard(version, rows, counts.declined, offset);
}

export async function questionsOverview(context: WorkContext, offset: number): Promise<Card> {
  const { items, total, unanswered } = await listQuestions(context.db, context.organisation.id, { offset, limit: ROWS });
  return questionsCard(items, total, unanswered, offset);
}
