import type { Db, Tx } from '../../../people/db.js';

/** Keeps what an owner wrote about a correction, beside the ledger. */
export async function addNote(
  tx: Tx,
  organisationId: string,
  note: { readonly movementId: string; readonly personId: string; readonly words: string },
): Promise<void> {
  await tx.ledgerNote.create({ data: { organisationId, ...note } });
}

/** What was written about a correction; undefined after an erasure. */
export async function findNote(db: Db | Tx, organisationId: string, movementId: string): Promise<string | undefined> {
  const row = await db.ledgerNote.findUnique({ where: { organisationId_movementId: { organisationId, movementId } } });
  return row?.words;
}

/** Takes away what was written about corrections of a person's points. The ledger stays as it is. */
export async function eraseNotes(tx: Tx, organisationId: string, personId: string): Promise<void> {
  await tx.ledgerNote.deleteMany({ where: { organisationId, personId } });
}

/** Who made a movement; undefined for Bellhop itself, and for none. */
export async function findMovementActor(db: Db | Tx, organisationId: string, movementId: string): Promise<string | undefined> {
  const row = await db.ledgerMovement.findUnique({
    where: { organisationId_id: { organisationId, id: movementId } },
    select: { actorId: true },
  });
  return row?.actorId ?? undefined;
}
