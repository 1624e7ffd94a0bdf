import type { Tx } from '../../../people/db.js';

/** The logo's picture, its row locked until the transaction ends: of two uploads at once none stays behind. */
export async function lockLogo(tx: Tx, organisationId: string): Promise<string | null> {
  const [row] = await tx.$queryRaw<{ logoPictureId: string | null }[]>`
    SELECT "logoPictureId" FROM feedback_settings WHERE "organisationId" = ${organisationId}::uuid FOR NO KEY UPDATE`;
  return row?.logoPictureId ?? null;
}

export async function setLogo(tx: Tx, organisationId: string, logoPictureId: string | null): Promise<void> {
  await tx.feedbackSettings.update({ where: { organisationId }, data: { logoPictureId } });
}

/** @param colour `#rrggbb`; null: Bellhop's */
export async function setColour(tx: Tx, organisationId: string, colour: string | null): Promise<void> {
  await tx.feedbackSettings.update({ where: { organisationId }, data: { colour } });
}
