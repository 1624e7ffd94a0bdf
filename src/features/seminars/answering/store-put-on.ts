import type { Tx } from '../../../people/db.js';

/** Removes the place of somebody who was put on a date and has not answered since. The caller has locked the date. @returns whether there was one */
export async function removePutOn(tx: Tx, organisationId: string, dateId: string, personId: string): Promise<boolean> {
  const { count } = await tx.seminarAnswer.deleteMany({ where: { organisationId, dateId, personId, state: 'going', source: 'put_on' } });
  return count > 0;
}
