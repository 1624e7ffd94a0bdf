import type { Tx } from '../../../people/db.js';

/** Notes what somebody added to a kudos: anew where it had been taken back. Its kudos is locked. */
export async function putJoin(
  tx: Tx,
  join: {
    readonly organisationId: string;
    readonly kudosId: string;
    readonly personId: string;
    readonly points: number;
    readonly createdAt: Date;
  },
): Promise<void> {
  const { organisationId, kudosId, personId, points, createdAt } = join;
  await tx.kudosJoin.upsert({
    where: { organisationId_kudosId_personId: { organisationId, kudosId, personId } },
    create: join,
    update: { points, createdAt, takenBackAt: null },
  });
}

/** Notes that one person's points, or everybody's, were taken back. */
export async function takeJoinBack(tx: Tx, organisationId: string, kudosId: string, personId: string | undefined, at: Date): Promise<void> {
  await tx.kudosJoin.updateMany({
    where: { organisationId, kudosId, takenBackAt: null, ...(personId !== undefined && { personId }) },
    data: { takenBackAt: at },
  });
}
