import type { Card } from '../../../core/card.js';
import { BellhopError } from '../../../core/errors.js';
import type { FileHandle } from '../../../core/form.js';
import { key, type Text, words } from '../../../core/text.js';
import { keepPicture, removePicture } from '../../../delivery/pictures.js';
import { describeAudience } from '../../../people/audience.js';
import { recordEvent } from '../../../people/audit.js';
import { inTransaction, type Tx } from '../../../people/db.js';
import type { HandlerContext } from '../../../people/handlers.js';
import { findPerson } from '../../../people/people.js';
import { managedCard } from './messages.js';
import type { Reward, RewardDraft } from './model.js';
import { checkPicture, type Picture } from './reward-input.js';
import { changeReward, createReward, findRewardsByName, getReward, lockReward, setArchived, setPicture } from './store-rewards.js';

/** A reward as managers keep it, with what has just happened to it. */
export async function showManaged(context: HandlerContext, rewardId: string, lead?: Text): Promise<Card> {
  const { db, organisation } = context;
  const reward = await getReward(db, organisation.id, rewardId);
  const fulfiller = await findPerson(db, organisation.id, reward.fulfillerId);
  return managedCard(reward, {
    audience: await describeAudience(db, organisation.id, reward.audience),
    fulfiller: fulfiller?.name ?? '',
    ...(lead && { lead }),
  });
}

/** Adds a reward. @returns its id */
export async function addReward(context: HandlerContext, draft: RewardDraft, picture: Picture | undefined): Promise<string> {
  const { organisation, person } = context;
  return await inTransaction(context.db, async (tx) => {
    const now = context.clock.now();
    const id = await createReward(tx, organisation.id, person.id, draft, now);
    if (picture) await replacePicture(context, tx, id, null, picture);
    await note(context, tx, 'reward.added', id, draft);
    return id;
  });
}

/**
 * Changes a reward. What was redeemed while the form lay open is not put back: the stock moves by as much as it was changed.
 * @param seenStock the stock that the form began with; null: unlimited
 */
export async function saveReward(
  context: HandlerContext,
  rewardId: string,
  draft: RewardDraft,
  picture: Picture | undefined,
  seenStock: number | null,
): Promise<void> {
  const { organisation } = context;
  await inTransaction(context.db, async (tx) => {
    const before = await lockReward(tx, organisation.id, rewardId);
    const stock = stockAfter(before.stock, seenStock, draft.stock);
    await changeReward(tx, organisation.id, rewardId, { ...draft, stock });
    if (picture) await replacePicture(context, tx, rewardId, before.pictureId, picture);
    await note(context, tx, 'reward.changed', rewardId, { ...draft, stock });
  });
}

/** The stock after somebody changed it from `seen` to `typed` while it really went on to `now`. */
export function stockAfter(now: number | null, seen: number | null, typed: number | null): number | null {
  if (now === null || seen === null || typed === null) return typed;
  return Math.max(0, now + typed - seen);
}

/** Takes a reward out of the catalogue, or puts it back. What was redeemed stays. */
export async function archiveReward(context: HandlerContext, rewardId: string, archive: boolean): Promise<void> {
  const { organisation } = context;
  await inTransaction(context.db, async (tx) => {
    const reward = await lockReward(tx, organisation.id, rewardId);
    if ((reward.archivedAt !== null) === archive) return;
    await setArchived(tx, organisation.id, rewardId, archive ? context.clock.now() : null);
    await note(context, tx, archive ? 'reward.archived' : 'reward.restored', rewardId, reward);
  });
}

/**
 * Gives a reward the picture that came with a command, where forms take no files.
 * @throws BellhopError `recognition.picture_which`, `recognition.picture_missing`, `recognition.reward_unknown`,
 *   `recognition.reward_ambiguous`, and what is wrong with the file
 */
export async function pictureByCommand(context: HandlerContext, name: string, file: FileHandle | undefined): Promise<string> {
  if (name === '') throw new BellhopError('recognition.picture_which');
  const found = await findRewardsByName(context.db, context.organisation.id, name);
  const offered = found.filter((reward) => reward.archivedAt === null);
  const [reward, other] = offered.length > 0 ? offered : found;
  if (!reward) throw new BellhopError('recognition.reward_unknown', { reward: words(name) });
  if (other) throw new BellhopError('recognition.reward_ambiguous', { reward: words(name) });
  if (!file) throw new BellhopError('recognition.picture_missing', { reward: words(reward.name) });
  const picture = await checkPicture(file);
  if ('error' in picture) throw new BellhopError('recognition.picture_refused', { reason: picture.error });
  await inTransaction(context.db, async (tx) => {
    const { pictureId } = await lockReward(tx, context.organisation.id, reward.id);
    await replacePicture(context, tx, reward.id, pictureId, picture);
  });
  return reward.id;
}

async function replacePicture(context: HandlerContext, tx: Tx, rewardId: string, before: string | null, picture: Picture): Promise<void> {
  const organisationId = context.organisation.id;
  const pictureId = await keepPicture(tx, { organisationId, ...picture }, context.clock.now());
  await setPicture(tx, organisationId, rewardId, pictureId);
  if (before) await removePicture(tx, organisationId, before);
}

type Noted = Pick<Reward, 'price' | 'stock' | 'perPersonLimit' | 'moneyMinor' | 'currency' | 'needsApproval' | 'fulfillerId'>;

async function note(context: HandlerContext, tx: Tx, verb: string, rewardId: string, reward: Noted): Promise<void> {
  const { price, stock, perPersonLimit, moneyMinor, currency, needsApproval, fulfillerId } = reward;
  await recordEvent(
    tx,
    {
      organisationId: context.organisation.id,
      actorId: context.person.id,
      verb,
      subjectId: rewardId,
      data: { price, stock, perPersonLimit, moneyMinor, currency, needsApproval, fulfillerId },
    },
    context.clock.now(),
  );
}

export const savedText = (isNew: boolean): Text => key(isNew ? 'recognition.manage.added' : 'recognition.manage.saved');
