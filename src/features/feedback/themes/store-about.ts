import type { Db, Tx } from '../../../people/db.js';
import { SaidWordsColumn } from '../schema.js';

/** Who said that an entry is about a theme; `byId` null: its words did. */
export interface About {
  readonly themeId: string;
  readonly byId: string | null;
  readonly byName: string | null;
}

/** Which themes an entry is about, and who said so. */
export async function listThemesOf(db: Db | Tx, organisationId: string, feedbackId: string): Promise<readonly About[]> {
  return await db.$queryRaw<About[]>`
    SELECT a."themeId", a."byId", p.name AS "byName" FROM feedback_about a
    LEFT JOIN person p ON p."organisationId" = a."organisationId" AND p.id = a."byId"
    WHERE a."organisationId" = ${organisationId}::uuid AND a."feedbackId" = ${feedbackId}::uuid`;
}

/** Writes a person's word on whether an entry is about a theme. From then on its words alone decide nothing about it. */
export async function setAbout(
  tx: Tx,
  organisationId: string,
  { feedbackId, themeId, on, byId }: { readonly feedbackId: string; readonly themeId: string; readonly on: boolean; readonly byId: string },
): Promise<void> {
  await tx.feedback.update({ where: { organisationId_id: { organisationId, id: feedbackId } }, data: { themesById: byId } });
  if (!on) {
    await tx.feedbackAbout.deleteMany({ where: { organisationId, feedbackId, themeId } });
    return;
  }
  await tx.$executeRaw`
    INSERT INTO feedback_about ("organisationId", "feedbackId", "themeId", "byId", "receivedAt")
    SELECT f."organisationId", f.id, ${themeId}::uuid, ${byId}::uuid, f."receivedAt"
    FROM feedback f WHERE f."organisationId" = ${organisationId}::uuid AND f.id = ${feedbackId}::uuid
    ON CONFLICT ("organisationId", "feedbackId", "themeId") DO UPDATE SET "byId" = EXCLUDED."byId"`;
}

/** Where a batch ended. */
export interface AppliedTo {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly id: string;
}

export interface Wordy {
  readonly id: string;
  readonly receivedAt: Date;
  readonly words: readonly string[];
}

/**
 * The next entries whose words decide which themes they are about: sorted, not corrected by a person, their words still there.
 * @param after the last one of the batch before
 */
export async function nextWordy(
  tx: Tx,
  organisationId: string,
  { since, until, after, limit }: { readonly since: Date; readonly until: Date; readonly after?: AppliedTo; readonly limit: number },
): Promise<readonly Wordy[]> {
  const from = after ? new Date(after.at) : since;
  const fromId = after?.id ?? '00000000-0000-0000-0000-000000000000';
  const rows = await tx.$queryRaw<{ id: string; receivedAt: Date; words: unknown }[]>`
    SELECT f.id, f."receivedAt", f.words FROM feedback f
    WHERE f."organisationId" = ${organisationId}::uuid AND f."receivedAt" >= ${from}::timestamptz AND f."receivedAt" <= ${until}::timestamptz
      AND (f."receivedAt", f.id) > (${from}::timestamptz, ${fromId}::uuid)
      AND f.state <> 'fresh' AND f."strippedAt" IS NULL AND f."themesById" IS NULL
    ORDER BY f."receivedAt", f.id LIMIT ${limit}
    FOR NO KEY UPDATE`;
  return rows.map(({ id, receivedAt, words }) => ({
    id,
    receivedAt,
    words: SaidWordsColumn.parse(words).map((said) => said.words),
  }));
}

/** Writes which of these entries a theme's words suggest it for: of the others what words suggested before is taken back. */
export async function applyTheme(
  tx: Tx,
  organisationId: string,
  themeId: string,
  { on, off }: { readonly on: readonly string[]; readonly off: readonly string[] },
): Promise<void> {
  if (on.length > 0) {
    await tx.$executeRaw`
      INSERT INTO feedback_about ("organisationId", "feedbackId", "themeId", "receivedAt")
      SELECT f."organisationId", f.id, ${themeId}::uuid, f."receivedAt" FROM feedback f
      WHERE f."organisationId" = ${organisationId}::uuid AND f.id = ANY (${[...on]}::uuid[])
      ON CONFLICT DO NOTHING`;
  }
  await tx.feedbackAbout.deleteMany({ where: { organisationId, themeId, byId: null, feedbackId: { in: [...off] } } });
}
