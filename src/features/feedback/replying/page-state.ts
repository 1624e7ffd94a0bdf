import type { WorkContext } from '../../../people/handlers.js';
import type { Case, Said } from '../model.js';
import { findCase } from '../store-cases.js';
import { findFeedback } from '../store-feedback.js';
import { isAsked } from './customers.js';
import { caseIdIn, isLinkOf } from './link.js';

/** A link leads nowhere so many days after its case was closed. */
const LINK_DAYS = 60;

const DAY_MS = 86_400_000;

/** Whether the customer's page of a case is over: closed long ago. */
export function isOver(of: Pick<Case, 'state' | 'closedAt'>, now: Date): boolean {
  return of.state === 'closed' && of.closedAt !== null && now.getTime() - of.closedAt.getTime() > LINK_DAYS * DAY_MS;
}

/** What stands behind a link. */
export type Linked =
  /** Nothing, or another link by now. */
  | { readonly kind: 'unknown' }
  /** It was here, and is over. */
  | { readonly kind: 'closed' | 'stripped' }
  /** `goesOnIn`: the case that it was merged into; else the case itself. `asked`: whether it is put right. */
  | { readonly kind: 'open'; readonly case: Case; readonly goesOnIn: Case; readonly feedback: Said; readonly asked: boolean };

/** @param token as whoever asks typed it */
export async function behindLink({ db, organisation, vault, clock }: WorkContext, token: string): Promise<Linked> {
  const caseId = caseIdIn(token);
  const of = caseId === undefined ? undefined : await findCase(db, organisation.id, caseId);
  if (!of || !isLinkOf(vault, token, of)) return { kind: 'unknown' };
  const feedback = await findFeedback(db, organisation.id, of.feedbackId);
  if (!feedback) return { kind: 'unknown' };
  if (feedback.strippedAt !== null) return { kind: 'stripped' };
  const goesOnIn = (of.mergedIntoId === null ? undefined : await findCase(db, organisation.id, of.mergedIntoId)) ?? of;
  if (isOver(goesOnIn, clock.now())) return { kind: 'closed' };
  const asked = await isAsked(db, organisation.id, { caseId: of.id, feedback, goesOnIn });
  return { kind: 'open', case: of, goesOnIn, feedback, asked };
}
