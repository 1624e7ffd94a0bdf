import type { Db, Tx } from '../../../people/db.js';
import { newId } from '../../../people/ids.js';

/** The feedback that a customer calls by its reference. */
export async function findByReference(db: Db | Tx, organisationId: string, reference: string): Promise<string | undefined> {
  const found = await db.feedback.findUnique({
    where: { organisationId_reference: { organisationId, reference } },
    select: { id: true },
  });
  return found?.id;
}

export async function findChannelName(db: Db | Tx, organisationId: string, channelId: string): Promise<string | undefined> {
  const found = await db.channel.findUnique({ where: { organisationId_id: { organisationId, id: channelId } }, select: { name: true } });
  return found?.name;
}

/** A look at a customer's contact. */
export interface ContactView {
  /** Null: somebody who isn't there any more. */
  readonly name: string | null;
  readonly at: Date;
  /** Empty once its writer was erased. */
  readonly reason: string;
}

/** Who looked at a contact, the newest first. */
export async function findViews(db: Db | Tx, organisationId: string, feedbackId: string, most: number): Promise<readonly ContactView[]> {
  return await db.$queryRaw<ContactView[]>`
    SELECT p.name, v.at, v.reason FROM feedback_contact_view v
    LEFT JOIN person p ON p."organisationId" = v."organisationId" AND p.id = v."personId"
    WHERE v."organisationId" = ${organisationId}::uuid AND v."feedbackId" = ${feedbackId}::uuid
    ORDER BY v.at DESC, v.id DESC LIMIT ${most}`;
}

export async function countViews(db: Db | Tx, organisationId: string, feedbackId: string): Promise<number> {
  return await db.feedbackContactView.count({ where: { organisationId, feedbackId } });
}

export async function addView(
  tx: Tx,
  view: { readonly organisationId: string; readonly feedbackId: string; readonly personId: string; readonly reason: string },
  at: Date,
): Promise<void> {
  await tx.feedbackContactView.create({ data: { ...view, id: newId(at), at } });
}

/** Empties the reasons that somebody wrote: that they looked stays known. */
export async function emptyReasons(tx: Tx, organisationId: string, personId: string): Promise<void> {
  await tx.feedbackContactView.updateMany({ where: { organisationId, personId, NOT: { reason: '' } }, data: { reason: '' } });
}
