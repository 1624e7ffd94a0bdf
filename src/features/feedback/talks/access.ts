import { BellhopError } from '../../../core/errors.js';
import type { Role } from '../../../core/roles.js';
import type { Db, Tx } from '../../../people/db.js';
import type { HandlerContext } from '../../../people/handlers.js';
import { isInLineOf } from '../../../people/line.js';
import type { Organisation } from '../../../people/model.js';
import { findTalk, listConcernIds, type Talk } from './store-talks.js';

/** Who asks about a talk. */
export interface Asker {
  readonly db: Db | Tx;
  readonly organisation: Pick<Organisation, 'id'>;
  readonly person: { readonly id: string };
  readonly role: Role;
}

/**
 * Whether somebody may hold a talk, and read all of it: they stand above the person at this moment, or own the organisation, and it
 * isn't about them.
 */
export async function mayHold({ db, organisation, person, role }: Asker, talk: Talk): Promise<boolean> {
  if (talk.personId === person.id) return false;
  if ((await listConcernIds(db, organisation.id, talk.feedbackId)).includes(person.id)) return false;
  return role === 'owner' || (await isInLineOf(db, organisation.id, person.id, talk.personId));
}

/** How somebody stands to a talk: who may hold it; whom it was about, once it was held; nobody else learns that there is one. */
async function standingTo(asker: Asker, talk: Talk): Promise<'line' | 'person' | undefined> {
  if (talk.personId === asker.person.id) return talk.state === 'talked' ? 'person' : undefined;
  return (await mayHold(asker, talk)) ? 'line' : undefined;
}

/**
 * A talk that the actor may know of.
 * @throws BellhopError `feedback.talk_gone`, also for one that isn't theirs to see
 */
export async function demandTalk(
  context: HandlerContext,
  talkId: string,
): Promise<{ readonly talk: Talk; readonly standing: 'line' | 'person' }> {
  const talk = await findTalk(context.db, context.organisation.id, talkId);
  const standing = talk && (await standingTo(context, talk));
  if (!talk || !standing) throw new BellhopError('feedback.talk_gone');
  return { talk, standing };
}

/**
 * Likewise, one that is still to be held, by whoever may hold it.
 * @throws BellhopError `feedback.talk_gone`, `feedback.talk_over`
 */
export async function demandOpen(asker: Asker, talk: Talk | undefined): Promise<Talk> {
  if (!talk || !(await mayHold(asker, talk))) throw new BellhopError('feedback.talk_gone');
  if (talk.state !== 'open') throw new BellhopError('feedback.talk_over');
  return talk;
}
