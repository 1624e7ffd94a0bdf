import type { Tx } from '../../people/db.js';

/** Where a piece of feedback is shown: its bundle, the people who have it as a message of their own, the talks about it. */
export async function findShownBy(
  tx: Tx,
  organisationId: string,
  feedbackId: string,
): Promise<{ readonly bundleId: string | null; readonly personIds: readonly string[]; readonly talkIds: readonly string[] }> {
  const row = await tx.feedback.findUnique({
    where: { organisationId_id: { organisationId, id: feedbackId } },
    select: { bundleId: true, personId: true },
  });
  const talks = await tx.feedbackTalk.findMany({ where: { organisationId, feedbackId }, select: { id: true, lineId: true } });
  const people = [row?.personId ?? null, ...talks.map(({ lineId }) => lineId)].filter((id): id is string => id !== null);
  return { bundleId: row?.bundleId ?? null, personIds: [...new Set(people)], talkIds: talks.map(({ id }) => id) };
}
