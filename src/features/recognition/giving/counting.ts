import type { Tx } from '../../../people/db.js';
import type { WorkContext } from '../../../people/handlers.js';
import type { KudosSource } from '../model.js';
import { findMembers } from './store-giving.js';
import type { Member } from './store-tally.js';

/** Whether leaderboards may tell of it: what is public, and reactions, which stand at a message for all to see. */
export function isCounted(kudos: { readonly public: boolean; readonly source: KudosSource }): boolean {
  return kudos.public || kudos.source === 'reaction';
}

/** The people of a kudos as its sums know them; one who is gone altogether counts without a team. */
export async function membersOf(context: WorkContext, tx: Tx, ids: readonly string[]): Promise<(id: string) => Member> {
  const members = await findMembers(tx, context.organisation.id, ids);
  return (id) => members.get(id) ?? { id, teamId: null };
}
