import type { Db, Tx } from '../../../people/db.js';
import type { Case, Said } from '../model.js';
import { findFeedback, findManyFeedback } from '../store-feedback.js';
import { hasSaidRight, listMergedInto } from './store-customers.js';

/** Who speaks about a case by a private link, and where that case goes on. */
export interface Speaking {
  /** The case of the link. */
  readonly caseId: string;
  /** What that one follows. */
  readonly feedback: Pick<Said, 'contactHash'>;
  /** Where it goes on, when it was merged; else the case itself. */
  readonly goesOnIn: Case;
}

/**
 * Whether somebody is the case's own customer, who alone says that it is put right for good. Whoever wrote twice is one customer,
 * whichever link they open.
 */
export async function isOwnCustomer(db: Db | Tx, organisationId: string, { caseId, feedback, goesOnIn }: Speaking): Promise<boolean> {
  if (caseId === goesOnIn.id) return true;
  if (feedback.contactHash === null) return false;
  return (await findFeedback(db, organisationId, goesOnIn.feedbackId))?.contactHash === feedback.contactHash;
}

/**
 * Whether the customer is asked if it is put right: it is resolved, or was closed without their word. Of a merged case also where the
 * other one's own customer was content: each may say no.
 */
export async function isAsked(db: Db | Tx, organisationId: string, speaking: Speaking): Promise<boolean> {
  const { caseId, goesOnIn } = speaking;
  const { id, state, outcome, resolvedAt } = goesOnIn;
  if (state !== 'resolved' && (state !== 'closed' || outcome === 'merged')) return false;
  if (await isOwnCustomer(db, organisationId, speaking)) return outcome !== 'confirmed';
  return resolvedAt === null || !(await hasSaidRight(db, organisationId, id, { fromId: caseId, since: resolvedAt }));
}

/** A customer who can be asked about a case. */
export interface Customer {
  /** Their own case: the one itself, or one that went into it. */
  readonly caseId: string;
  readonly feedback: Pick<Said, 'contactSealed' | 'contactHash'>;
}

/** The customers of a case and of all that went into it, its own first; whoever wrote more than once stands there once. */
export async function customersOf(db: Db | Tx, organisationId: string, own: Customer): Promise<readonly Customer[]> {
  const merged = await listMergedInto(db, organisationId, own.caseId);
  const said = await findManyFeedback(
    db,
    organisationId,
    merged.map(({ feedbackId }) => feedbackId),
  );
  const others = merged.flatMap(({ id, feedbackId }): Customer[] => {
    const feedback = said.get(feedbackId);
    return feedback ? [{ caseId: id, feedback }] : [];
  });
  const known = new Set<string>();
  return [own, ...others].filter(({ feedback: { contactHash } }) => {
    if (contactHash === null || known.has(contactHash)) return false;
    known.add(contactHash);
    return true;
  });
}
