import type { Tx } from './db.js';

/** What stands in place of an erased name: no word, so that it needs no language. */
export const ERASED_NAME = '—';

/**
 * Takes away who a person was: name, addresses, the platforms' ids. Only who has left can be erased. The row and its id
 * stay, since records refer to it. Features take away their own part by `Feature.erase`.
 * @returns whether it was done: false for somebody who is here, unknown or erased already
 */
export async function erasePerson(tx: Tx, organisationId: string, personId: string, now: Date): Promise<boolean> {
  const { count } = await tx.person.updateMany({
    where: { organisationId, id: personId, status: 'left', erasedAt: null },
    data: {
      name: ERASED_NAME,
      emailHash: null,
      emailCipher: null,
      locale: null,
      lineManagerId: null,
      teamId: null,
      locationId: null,
      erasedAt: now,
    },
  });
  if (count === 0) return false;
  await tx.channelMember.deleteMany({ where: { organisationId, account: { personId } } });
  const accounts = await tx.account.findMany({ where: { organisationId, personId }, select: { id: true } });
  for (const { id } of accounts) {
    await tx.account.update({
      where: { organisationId_id: { organisationId, id } },
      data: {
        // Should the same account come back, it is somebody new.
        externalId: `erased:${id}`,
        name: ERASED_NAME,
        emailHash: null,
        locale: null,
        zone: null,
        pictureUrl: null,
        directConversationId: null,
        serviceUrl: null,
        userExternalId: null,
      },
    });
  }
  return true;
}
