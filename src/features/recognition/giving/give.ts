import { BellhopError } from '../../../core/errors.js';
import { list, person } from '../../../core/text.js';
import { enqueue, enqueueMany } from '../../../delivery/enqueue.js';
import { inTransaction, type Tx } from '../../../people/db.js';
import type { WorkContext } from '../../../people/handlers.js';
import { newId } from '../../../people/ids.js';
import { findPeople } from '../../../people/people.js';
import { type Entry, post } from '../ledger/store-ledger.js';
import { type KudosSource, MOST_POINTS, MOST_RECEIVERS, type Settings, subject } from '../model.js';
import { monthOf } from '../periods.js';
import { listValues, loadSettings } from '../store-settings.js';
import { isCounted } from './counting.js';
import { checkSpending } from './spend.js';
import { findGiver, findPostable, findPresent } from './store-giving.js';
import { findByOrigin, insertKudos } from './store-kudos.js';
import { type Member, tally } from './store-tally.js';

/** Kudos as somebody wants to give them. */
export interface Gift {
  readonly giverId: string;
  readonly receiverIds: readonly string[];
  readonly valueId: string | null;
  /** Empty for a reaction only; its length is checked where it is typed. */
  readonly words: string;
  /** For each receiver: whole, 0 to MOST_POINTS. A customer's praise takes them from nobody. */
  readonly points: number;
  readonly public: boolean;
  readonly source: KudosSource;
  /** The same act never gives twice. */
  readonly originKey?: string;
  /** A Bellhop channel instead of the organisation's; null: none. */
  readonly channelId?: string | null;
}

/**
 * Gives kudos: points, sums and messages commit together.
 * @returns the id of the kudos; of the first one where the origin has given before
 * @throws BellhopError `recognition.self`, `recognition.nobody`, `recognition.too_many_people`, `recognition.receiver_gone`,
 *   `recognition.points_invalid`, `recognition.too_few_points`, `recognition.pair_cap`, `recognition.value_gone`
 */
export async function give(context: WorkContext, gift: Gift): Promise<string> {
  return await inTransaction(context.db, async (tx) => await giveWithin(context, tx, gift));
}

/** The same within a transaction of the caller's; see `give`. */
export async function giveWithin(context: WorkContext, tx: Tx, gift: Gift): Promise<string> {
  const { organisation } = context;
  const now = context.clock.now();
  const receiverIds = [...new Set(gift.receiverIds)].sort();
  check(gift, receiverIds);
  const before = gift.originKey === undefined ? undefined : await findByOrigin(tx, organisation.id, gift.originKey);
  if (before) return before;
  const [settings, giver] = [await loadSettings(tx, organisation), await findGiver(tx, organisation.id, gift.giverId)];
  if (!giver) throw new BellhopError('people.person_gone');
  const receivers = await presentOrThrow(context, tx, receiverIds);
  await checkValue(tx, organisation.id, gift.valueId);
  const month = monthOf(now, organisation.zone);
  if (gift.source !== 'customer') await checkSpending(context, tx, settings, { giver, receiverIds, points: gift.points, month });

  const id = newId(now);
  const channelId = await channelOf(context, tx, gift, settings);
  await insertKudos(tx, {
    organisationId: organisation.id,
    id,
    source: gift.source,
    giverId: gift.giverId,
    receiverIds,
    valueId: gift.valueId,
    words: gift.words,
    public: gift.public,
    points: gift.points,
    createdAt: now,
    originKey: gift.originKey ?? null,
    channelId,
  });
  if (gift.points > 0) await movePoints(context, tx, gift, { id, receiverIds, month });
  await count(context, tx, gift, { giver, receivers, month });
  await tell(context, tx, gift, { id, receiverIds, channelId });
  return id;
}

function check(gift: Gift, receiverIds: readonly string[]): void {
  if (receiverIds.includes(gift.giverId)) throw new BellhopError('recognition.self');
  if (receiverIds.length === 0) throw new BellhopError('recognition.nobody');
  if (receiverIds.length > MOST_RECEIVERS) throw new BellhopError('recognition.too_many_people', { most: MOST_RECEIVERS });
  if (!Number.isInteger(gift.points) || gift.points < 0 || gift.points > MOST_POINTS) {
    throw new BellhopError('recognition.points_invalid', { most: MOST_POINTS });
  }
}

/** @throws BellhopError `recognition.value_gone` when it is none of those in use */
export async function checkValue(tx: Tx, organisationId: string, valueId: string | null): Promise<void> {
  if (valueId === null) return;
  const values = await listValues(tx, organisationId);
  if (!values.some((value) => value.id === valueId)) throw new BellhopError('recognition.value_gone');
}

/** @throws BellhopError `recognition.receiver_gone` with the names of those who can't receive */
async function presentOrThrow(context: WorkContext, tx: Tx, receiverIds: readonly string[]): Promise<readonly Member[]> {
  const present = await findPresent(tx, context.organisation, receiverIds);
  if (present.length === receiverIds.length) return present;
  const here = new Set(present.map((member) => member.id));
  const names = await findPeople(tx, context.organisation.id, receiverIds);
  const gone = receiverIds.filter((id) => !here.has(id));
  throw new BellhopError('recognition.receiver_gone', {
    count: gone.length,
    people: list(gone.map((id) => person(names.get(id)?.name ?? '—'))),
  });
}

/** Where its card goes: nowhere for what is private, or where nothing can be posted. */
async function channelOf(context: WorkContext, tx: Tx, gift: Gift, settings: Settings): Promise<string | null> {
  const wanted = gift.channelId === undefined ? settings.channelId : gift.channelId;
  if (!gift.public || wanted === null) return null;
  return (await findPostable(tx, context.organisation.id, wanted)) ?? null;
}

interface Given {
  readonly id: string;
  readonly receiverIds: readonly string[];
  readonly month: string;
}

async function movePoints(context: WorkContext, tx: Tx, gift: Gift, { id, receiverIds, month }: Given): Promise<void> {
  const { organisation } = context;
  const total = gift.points * receiverIds.length;
  const source: Entry =
    gift.source === 'customer'
      ? { kind: 'issued', owner: organisation.id, amount: -total }
      : { kind: 'allowance', owner: gift.giverId, period: month, amount: -total };
  const movement = {
    organisationId: organisation.id,
    kind: gift.source === 'customer' ? ('award' as const) : ('give' as const),
    actorId: gift.giverId,
    kudosId: id,
    reason: gift.source,
    entries: [source, ...receiverIds.map((owner): Entry => ({ kind: 'balance', owner, amount: gift.points }))],
  };
  await post(tx, movement, context.clock.now());
}

async function count(
  context: WorkContext,
  tx: Tx,
  gift: Gift,
  { giver, receivers, month }: { readonly giver: Member; readonly receivers: readonly Member[]; readonly month: string },
): Promise<void> {
  if (!isCounted(gift)) return;
  const { valueId, points } = gift;
  await tally(tx, { organisationId: context.organisation.id, month, valueId, giver, receivers, points, kudos: 1, sign: 1 });
}

async function tell(
  context: WorkContext,
  tx: Tx,
  gift: Gift,
  { id, receiverIds, channelId }: { readonly id: string; readonly receiverIds: readonly string[]; readonly channelId: string | null },
): Promise<void> {
  const { organisation } = context;
  const now = context.clock.now();
  const base = { organisationId: organisation.id, priority: 'answer' as const, dueAt: now };
  // What reactions give is told by giving/react.ts: several at one message make one card.
  if (gift.source !== 'reaction') {
    const received = receiverIds.map((personId) => ({
      ...base,
      subjectKey: subject.received(id, personId),
      message: 'recognition.received',
      payload: { kudosId: id, personId },
      to: { personId },
    }));
    await enqueueMany(tx, received, now);
  }
  if (channelId === null) return;
  const card = { ...base, subjectKey: subject.card(id), message: 'recognition.card', payload: { kudosId: id }, to: { channelId } };
  await enqueue(tx, card, now);
}
