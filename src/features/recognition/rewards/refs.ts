import { ref } from '../../../core/ref.js';

/** The refs that several cards lead to. */
export const to = {
  catalogue: (offset: number) => ref('recognition.rewards', { offset }),
  reward: (rewardId: string) => ref('recognition.reward', { rewardId }),
  redeem: (rewardId: string, price: number, nonce: string) => ref('recognition.redeem', { rewardId, price, nonce }),
  mine: (offset: number) => ref('recognition.redemptions_mine', { offset }),
  own: (redemptionId: string) => ref('recognition.redemption_mine', { redemptionId }),
  cancel: (redemptionId: string) => ref('recognition.redemption_cancel', { redemptionId }),
  code: (redemptionId: string) => ref('recognition.redemption_code', { redemptionId }),
  open: (offset: number) => ref('recognition.redemptions_open', { offset }),
  handle: (redemptionId: string) => ref('recognition.redemption_handle', { redemptionId }),
  approve: (redemptionId: string) => ref('recognition.redemption_approve', { redemptionId }),
  refuse: (redemptionId: string, from: 'requested' | 'approved') => ref('recognition.redemption_refuse', { redemptionId, from }),
  handOver: (redemptionId: string) => ref('recognition.redemption_hand_over', { redemptionId }),
  manage: (offset: number) => ref('recognition.rewards_manage', { offset }),
  managed: (rewardId: string) => ref('recognition.reward_manage', { rewardId }),
  add: () => ref('recognition.reward_edit', {}),
  edit: (rewardId: string, stock: number | null) => ref('recognition.reward_edit', { rewardId, stock: stock ?? -1 }),
  archive: (rewardId: string, archive: boolean) => ref('recognition.reward_archive', { rewardId, archive }),
  away: () => ref('recognition.away'),
  back: () => ref('recognition.away_end'),
} as const;
