import { BellhopError } from '../../../core/errors.js';
import { enqueueMany, type NewDelivery, refresh } from '../../../delivery/enqueue.js';
import { recordEvent } from '../../../people/audit.js';
import { inTransaction, type Tx } from '../../../people/db.js';
import type { HandlerContext, WorkContext } from '../../../people/handlers.js';
import { askedBefore, managersApartFrom } from '../fairness/store-managers.js';
import { giveWithin } from '../giving/give.js';
import { findPresent } from '../giving/store-giving.js';
import { MOST_RECEIVERS, subject } from '../model.js';
import { addPraise, decidePraise, findPraise, lockPraise, type Praise } from './store.js';

/** What each praised person gets from the organisation, unless a manager changes it: a kind word of a guest counts double a colleague's usual ten. */
export const PRAISE_POINTS = 20;

/** Characters of a customer's words. */
export const MOST_QUOTE = 1_000;

/** A customer's praise, as another feature or a manager brings it. */
export interface NewPraise {
  /** Where it comes from: `manager:<uuid>`, `feedback:<id>`. The same source proposes once. */
  readonly sourceKey: string;
  /** The customer's own words. */
  readonly quote: string;
  /** Who is praised: those who are here now are asked about. */
  readonly personIds: readonly string[];
  readonly proposedById?: string;
}

/**
 * Brings a customer's praise to the managers: one of them, who is not praised, makes kudos of it with one click.
 * @returns the id of the praise; of the first one where the source has proposed before
 * @throws BellhopError `recognition.praise_quote` (empty or too long), `recognition.praise_nobody`, `recognition.too_many_people`
 */
export async function proposePraise(tx: Tx, context: WorkContext, proposal: NewPraise, now: Date): Promise<string> {
  const { organisation } = context;
  const quote = proposal.quote.replaceAll('\u0000', '').trim();
  if (quote === '' || quote.length > MOST_QUOTE) throw new BellhopError('recognition.praise_quote', { most: MOST_QUOTE });
  const personIds = await presentOf(context, tx, proposal.personIds);
  if (personIds.length > MOST_RECEIVERS) throw new BellhopError('recognition.too_many_people', { most: MOST_RECEIVERS });
  const { sourceKey, proposedById = null } = proposal;
  const { id, isNew } = await addPraise(tx, organisation.id, { sourceKey, quote, personIds, proposedById }, now);
  if (!isNew) return id;
  const managers = await managersApartFrom(tx, organisation, personIds);
  // Whoever brings it has the card as the answer.
  const told = managers
    .filter((personId) => personId !== proposedById)
    .map(
      (personId): NewDelivery => ({
        organisationId: organisation.id,
        subjectKey: subject.praise(id, personId),
        message: 'recognition.praise',
        payload: { praiseId: id, personId },
        to: { personId },
        priority: 'answer',
        dueAt: now,
      }),
    );
  await enqueueMany(tx, told, now);
  return id;
}

/** Those who can get kudos now. Throws BellhopError `recognition.praise_nobody`. */
async function presentOf({ organisation }: WorkContext, tx: Tx, personIds: readonly string[]): Promise<readonly string[]> {
  const present = await findPresent(tx, organisation, [...new Set(personIds)]);
  if (present.length === 0) throw new BellhopError('recognition.praise_nobody');
  return present.map((member) => member.id);
}

/** Throws BellhopError `recognition.praise_gone`, and `recognition.praise_yours` for whoever is praised. */
export async function praiseFor({ db, organisation }: WorkContext, praiseId: string, managerId: string): Promise<Praise> {
  return checked(await findPraise(db, organisation.id, praiseId), managerId);
}

function checked(praise: Praise | undefined, managerId: string): Praise {
  if (!praise) throw new BellhopError('recognition.praise_gone');
  if (praise.personIds.includes(managerId)) throw new BellhopError('recognition.praise_yours');
  return praise;
}

/** How praise becomes kudos. */
export interface Award {
  /** For each: whole, from the organisation. */
  readonly points: number;
  readonly valueId: string | null;
  readonly public: boolean;
}

/**
 * Makes kudos of praise, once: the first decision counts.
 * @throws BellhopError `recognition.praise_yours`, `recognition.praise_gone`, `recognition.praise_nobody`, and what `give` throws
 */
export async function confirmPraise(context: HandlerContext, praiseId: string, award: Award): Promise<void> {
  await decide(context, praiseId, async (tx, praise) => {
    const kudosId = await giveWithin(context, tx, {
      giverId: context.person.id,
      receiverIds: await presentOf(context, tx, praise.personIds),
      words: praise.quote,
      source: 'customer',
      originKey: `praise:${praise.id}`,
      ...award,
    });
    return { state: 'confirmed', kudosId };
  });
}

/** Lets praise rest. Throws BellhopError `recognition.praise_yours`, `recognition.praise_gone`. */
export async function dismissPraise(context: HandlerContext, praiseId: string): Promise<void> {
  await decide(context, praiseId, async () => ({ state: 'dismissed', kudosId: null }));
}

type Outcome = { readonly state: 'confirmed' | 'dismissed'; readonly kudosId: string | null };

async function decide(context: HandlerContext, praiseId: string, act: (tx: Tx, praise: Praise) => Promise<Outcome>): Promise<void> {
  const { db, organisation, person } = context;
  await inTransaction(db, async (tx) => {
    const praise = checked(await lockPraise(tx, organisation.id, praiseId), person.id);
    if (praise.state !== 'proposed') return;
    const now = context.clock.now();
    const outcome = await act(tx, praise);
    await decidePraise(tx, organisation.id, praiseId, { ...outcome, decidedById: person.id }, now);
    const verb = outcome.state === 'confirmed' ? 'recognition.praise_confirmed' : 'recognition.praise_dismissed';
    const audited = { organisationId: organisation.id, actorId: person.id, verb, subjectId: praiseId, data: { kudosId: outcome.kudosId } };
    await recordEvent(tx, audited, now);
    const cards = await askedBefore(tx, organisation.id, [subject.praise(praiseId, '')]);
    await refresh(
      tx,
      organisation.id,
      cards.map((card) => card.subjectKey),
      now,
    );
  });
}
