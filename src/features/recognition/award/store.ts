import type { Tx } from '../../../people/db.js';

/** What points are given for, besides kudos. A code of the ledger, never people's words. */
export type AwardReason = 'seminar_attended' | 'seminar_hosted';

export interface NewAwards {
  readonly organisationId: string;
  readonly originKey: string;
  readonly personIds: readonly string[];
  readonly reason: AwardReason;
  readonly points: number;
}

/**
 * Notes who is awarded for an act, in the order of their ids, and locks those rows until the commit.
 * @returns those who weren't before, or whose award was taken back; whoever left the organisation is not among them
 */
export async function noteAwards(tx: Tx, { organisationId, originKey, personIds, reason, points }: NewAwards, at: Date): Promise<string[]> {
  const rows = await tx.$queryRaw<{ personId: string }[]>`
    INSERT INTO award AS a ("organisationId", "originKey", "personId", reason, points, "awardedAt")
    SELECT p."organisationId", ${originKey}, p.id, ${reason}, ${points}::int, ${at}::timestamptz
    FROM person p
    WHERE p."organisationId" = ${organisationId}::uuid AND p.id = ANY (${[...personIds]}::uuid[]) AND p.status = 'active'
    ORDER BY p.id
    ON CONFLICT ("organisationId", "originKey", "personId") DO UPDATE
      SET reason = EXCLUDED.reason, points = EXCLUDED.points, "awardedAt" = EXCLUDED."awardedAt", "takenBackAt" = NULL
      WHERE a."takenBackAt" IS NOT NULL
    RETURNING "personId"`;
  return rows.map((row) => row.personId);
}

/** Notes that an award is taken back. @returns its points; undefined when there is none, or it was taken back before */
export async function noteTakenBack(
  tx: Tx,
  organisationId: string,
  award: { readonly originKey: string; readonly personId: string },
  at: Date,
): Promise<number | undefined> {
  const [row] = await tx.award.updateManyAndReturn({
    where: { organisationId, ...award, takenBackAt: null },
    data: { takenBackAt: at },
    select: { points: true },
  });
  return row?.points;
}
