import type { Card } from '../../core/card.js';
import { BellhopError } from '../../core/errors.js';
import { instant, list, number, words } from '../../core/text.js';
import type { HandlerContext } from '../../people/handlers.js';
import { pageCard, requestCard, standing } from './messages-reading.js';
import type { Assignment } from './model.js';
import { missingPages } from './rules.js';
import { findPage } from './store.js';
import { findAssignment, openPage } from './store-reading.js';

/** What opens an actor's own requests. */
export type ReadingContext = Pick<HandlerContext, 'db' | 'clock' | 'organisation' | 'person'>;

/**
 * The actor's own request.
 * @throws BellhopError `handbook.request_gone`, `handbook.not_yours` when somebody else was asked
 */
export async function ownAssignment(context: ReadingContext, assignmentId: string): Promise<Assignment> {
  const assignment = await findAssignment(context.db, context.organisation.id, assignmentId);
  if (!assignment) throw new BellhopError('handbook.request_gone');
  if (assignment.personId !== context.person.id) throw new BellhopError('handbook.not_yours');
  return assignment;
}

/** Opens a page of one's own request, and notes it. Where nothing is to be read any more, the card says why. */
export async function readPage(context: ReadingContext, assignmentId: string, wanted: number): Promise<Card> {
  const { db, organisation } = context;
  const before = await ownAssignment(context, assignmentId);
  const state = standing(before);
  if (state === 'superseded' || state === 'withdrawn' || state === 'left') return requestCard(before);
  const page = Math.min(wanted, before.version.pageCount);
  const parts = await findPage(db, organisation.id, before.version.id, page);
  if (!parts) throw new BellhopError('handbook.request_gone');
  const isNew = (state === 'open' || state === 'declined') && !before.pagesOpened.includes(page);
  if (isNew) await openPage(db, organisation.id, assignmentId, page, context.clock.now());
  return pageCard(isNew ? { ...before, pagesOpened: [...before.pagesOpened, page] } : before, page, parts);
}

/**
 * Whether one's own request may be signed now.
 * @throws BellhopError with the reason when it may not
 */
export function demandSignable(assignment: Assignment): void {
  const { version, signature } = assignment;
  const title = words(version.title);
  switch (standing(assignment)) {
    case 'signed':
      if (signature)
        throw new BellhopError('handbook.already_signed', { at: instant(signature.signedAt), number: words(String(signature.seq)) });
      throw new BellhopError('handbook.not_open', { title });
    case 'declined':
      throw new BellhopError('handbook.declined_before');
    case 'superseded':
      throw new BellhopError('handbook.superseded', { title });
    case 'withdrawn':
      throw new BellhopError('handbook.withdrawn', { title });
    case 'exempt':
    case 'left':
      throw new BellhopError('handbook.not_open', { title });
    case 'open': {
      const missing = missingPages(version.pageCount, assignment.pagesOpened);
      if (missing.length > 0)
        throw new BellhopError('handbook.pages_unopened', { count: missing.length, pages: list(missing.slice(0, 10).map(number)) });
    }
  }
}
