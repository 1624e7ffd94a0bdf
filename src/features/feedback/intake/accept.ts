import { type Db, retryOnConflict, type Tx } from '../../../people/db.js';
import { gather, gatherings } from '../../../people/gather.js';
import type { WorkContext } from '../../../people/handlers.js';
import { bring, digestOfBody, type Incoming } from './incoming.js';
import type { Basis } from './rules.js';
import { addChosen, loadBasis, type Stored, storeEntries } from './store-accept.js';
import { sortingJob } from './wake-sorting.js';

export interface Accepted {
  readonly id: string;
  /** 8 characters; `showReference` writes it for people. */
  readonly reference: string;
  readonly isNew: boolean;
  /** The repeat's body is the first one's. */
  readonly same: boolean;
}

interface Coming {
  readonly context: WorkContext;
  readonly incoming: Incoming;
  readonly basis: Basis;
  readonly now: Date;
}

/** What comes in while others are being stored is stored together after them, with one commit. */
const storing = gatherings((db: Db, organisationId) =>
  gather(
    async (coming: readonly Coming[]) =>
      await retryOnConflict(() => {
        const brought = coming.map(({ context, incoming, basis, now }) => bring(context, incoming, basis, now));
        const latest = new Date(Math.max(...coming.map(({ context }) => context.clock.now().getTime())));
        return storeEntries(db, brought, sortingJob(organisationId, latest), latest);
      }),
    { most: 50, atOnce: 2 },
  ),
);

/**
 * Takes one piece of feedback at a door at which nothing else is to be written: by itself, or in one statement with others that come
 * in at the same moment. It is stored, and committed, when this returns.
 * @param now when it came, of the Clock
 * @throws as `retryOnConflict`
 */
export async function acceptAlone(
  context: WorkContext,
  incoming: Omit<Incoming, 'concernIds' | 'quiet'>,
  basis: Basis,
  now: Date,
): Promise<Accepted> {
  const stored = await storing(context.db, context.organisation.id)({ context, incoming, basis, now });
  return toAccepted(incoming, stored);
}

/**
 * Takes one piece of feedback, once for its key, and has it sorted soon. Everything is stored when the caller's transaction commits.
 * References are random: should one be there already, the transaction fails as of any lost race, and `inTransaction` begins anew.
 * @param now the present instant, of the Clock
 * @returns what is there under the key now: this one, or the one that came first
 */
export async function accept(context: WorkContext, tx: Tx, incoming: Incoming, now: Date): Promise<Accepted> {
  const { organisation } = context;
  const [accepted] = await acceptMany(context, tx, [incoming], await loadBasis(tx, organisation.id), now);
  if (!accepted) throw new Error('Feedback was not taken.');
  const { concernIds = [] } = incoming;
  if (accepted.isNew && concernIds.length > 0) await addChosen(tx, organisation.id, accepted.id, concernIds, now);
  return accepted;
}

/**
 * The same in one statement for many that come together, of which nobody has said whom they are about.
 * @param many all quiet or none of them, and of one import if of any
 * @returns what is there under each one's key now, in the order given
 */
export async function acceptMany(
  context: WorkContext,
  tx: Tx,
  many: readonly Incoming[],
  basis: Basis,
  now: Date,
): Promise<readonly Accepted[]> {
  const [first] = many;
  if (!first) return [];
  // Nobody waits for history: it is sorted when its import is through.
  const job = first.quiet ? undefined : sortingJob(context.organisation.id, now, first.importId);
  const brought = many.map((incoming) => bring(context, incoming, basis, now));
  const stored = await storeEntries(tx, brought, job, now);
  return many.flatMap((incoming, index) => {
    const one = stored[index];
    return one ? [toAccepted(incoming, one)] : [];
  });
}

function toAccepted({ body }: Pick<Incoming, 'body'>, { id, reference, isNew, bodyDigest }: Stored): Accepted {
  return { id, reference, isNew, same: isNew || bodyDigest === digestOfBody(body) };
}
