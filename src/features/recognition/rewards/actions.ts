import { BellhopError } from '../../../core/errors.js';
import { type Ref, ref } from '../../../core/ref.js';
import { open as openForm, type Reply, update, whisperSecret } from '../../../core/reply.js';
import { key } from '../../../core/text.js';
import { action, type HandlerContext } from '../../../people/handlers.js';
import { archiveReward, showManaged } from './keeping.js';
import { catalogue, managed, mine, open, rewardView, staffView } from './looking.js';
import { codeCard, ownCard } from './messages-redemption.js';
import { CODE_PURPOSE, type Redemption } from './model.js';
import { redeem as redeemReward } from './redeem.js';
import { RedeemRef, RedemptionRef, RefuseRef, RewardArchive, RewardForm, RewardRef, Rows } from './schema.js';
import { approve as approveRequest, cancelOwn } from './settle.js';
import { findRedemption, getRedemption, sealedCodeOf } from './store-redemptions.js';
import { getReward } from './store-rewards.js';

const rewards = action({
  id: 'recognition.rewards',
  role: 'employee',
  payload: Rows,
  run: async (context, { offset }) => update(await catalogue(context, offset)),
});

const reward = action({
  id: 'recognition.reward',
  role: 'employee',
  payload: RewardRef,
  run: async (context, { rewardId }) => update(await rewardView(context, await getReward(context.db, context.organisation.id, rewardId))),
});

const redeem = action({
  id: 'recognition.redeem',
  role: 'employee',
  payload: RedeemRef,
  run: async (context, { rewardId, price, nonce }) => {
    const { person } = context;
    const redeemed = await redeemReward(context, { personId: person.id, rewardId, price, requestKey: `${person.id}:${nonce}` });
    return update('priceChanged' in redeemed ? await rewardView(context, redeemed.priceChanged, true) : ownCard(redeemed.redemption));
  },
});

const redemptionsMine = action({
  id: 'recognition.redemptions_mine',
  role: 'employee',
  payload: Rows,
  run: async (context, { offset }) => update(await mine(context, offset)),
});

/** The actor's own redemption. Throws BellhopError `recognition.redemption_gone` for anybody else's. */
async function ownRedemption({ db, organisation, person }: HandlerContext, redemptionId: string): Promise<Redemption> {
  const found = await findRedemption(db, organisation.id, redemptionId);
  if (found?.personId !== person.id) throw new BellhopError('recognition.redemption_gone');
  return found;
}

const redemptionMine = action({
  id: 'recognition.redemption_mine',
  role: 'employee',
  payload: RedemptionRef,
  run: async (context, { redemptionId }) => update(ownCard(await ownRedemption(context, redemptionId))),
});

const cancel = action({
  id: 'recognition.redemption_cancel',
  role: 'employee',
  payload: RedemptionRef,
  run: async (context, { redemptionId }) => update(ownCard((await cancelOwn(context, redemptionId, context.person.id)).redemption)),
});

const code = action({
  id: 'recognition.redemption_code',
  role: 'employee',
  payload: RedemptionRef,
  run: async (context, { redemptionId }) => {
    const redemption = await ownRedemption(context, redemptionId);
    const sealed = await sealedCodeOf(context.db, context.organisation.id, redemptionId, context.person.id);
    if (sealed === undefined) throw new BellhopError('recognition.no_code');
    return whisperSecret(codeCard(redemption, context.vault.open(sealed, CODE_PURPOSE)));
  },
});

const redemptionsOpen = action({
  id: 'recognition.redemptions_open',
  role: 'employee',
  payload: Rows,
  run: async (context, { offset }) => update(await open(context, offset)),
});

const handle = action({
  id: 'recognition.redemption_handle',
  role: 'employee',
  payload: RedemptionRef,
  run: async (context, { redemptionId }) =>
    update(await staffView(context, await getRedemption(context.db, context.organisation.id, redemptionId))),
});

const approve = action({
  id: 'recognition.redemption_approve',
  role: 'employee',
  payload: RedemptionRef,
  run: async (context, { redemptionId }) =>
    update(await staffView(context, (await approveRequest(context, redemptionId, context.person)).redemption)),
});

/** Opens a form about a redemption, unless it was decided meanwhile: then that is shown. */
async function openUnlessDecided(context: HandlerContext, form: Ref & { payload: { redemptionId: string } }, from: string): Promise<Reply> {
  const redemption = await getRedemption(context.db, context.organisation.id, form.payload.redemptionId);
  const view = await staffView(context, redemption);
  return redemption.state === from ? openForm(form) : update(view);
}

const refuse = action({
  id: 'recognition.redemption_refuse',
  role: 'employee',
  payload: RefuseRef,
  run: async (context, payload) => await openUnlessDecided(context, { id: 'recognition.redemption_refuse', payload }, payload.from),
});

const handOver = action({
  id: 'recognition.redemption_hand_over',
  role: 'employee',
  payload: RedemptionRef,
  run: async (context, payload) => await openUnlessDecided(context, { id: 'recognition.redemption_hand_over', payload }, 'approved'),
});

const rewardsManage = action({
  id: 'recognition.rewards_manage',
  role: 'manager',
  payload: Rows,
  run: async (context, { offset }) => update(await managed(context, offset)),
});

const rewardManage = action({
  id: 'recognition.reward_manage',
  role: 'manager',
  payload: RewardRef,
  run: async (context, { rewardId }) => update(await showManaged(context, rewardId)),
});

const rewardEdit = action({
  id: 'recognition.reward_edit',
  role: 'manager',
  payload: RewardForm,
  run: async (context, { rewardId }) => {
    if (!rewardId) return openForm(ref('recognition.reward_edit'));
    // The card may be old: the form begins with what is left now.
    const { stock } = await getReward(context.db, context.organisation.id, rewardId);
    return openForm(ref('recognition.reward_edit', { rewardId, stock: stock ?? -1 }));
  },
});

const rewardArchive = action({
  id: 'recognition.reward_archive',
  role: 'manager',
  payload: RewardArchive,
  run: async (context, { rewardId, archive }) => {
    await archiveReward(context, rewardId, archive);
    return update(await showManaged(context, rewardId, key(archive ? 'recognition.manage.is_archived' : 'recognition.manage.is_offered')));
  },
});

export const rewardActions = [
  rewards,
  reward,
  redeem,
  redemptionsMine,
  redemptionMine,
  cancel,
  code,
  redemptionsOpen,
  handle,
  approve,
  refuse,
  handOver,
  rewardsManage,
  rewardManage,
  rewardEdit,
  rewardArchive,
];
