import type { Db, Tx } from '../../../people/db.js';

/** A kept picture; undefined when it is gone. */
export async function findPicture(
  db: Db | Tx,
  organisationId: string,
  pictureId: string,
): Promise<{ readonly mime: string; readonly content: Uint8Array } | undefined> {
  const row = await db.picture.findUnique({
    where: { organisationId_id: { organisationId, id: pictureId } },
    select: { mime: true, content: true },
  });
  return row ?? undefined;
}
