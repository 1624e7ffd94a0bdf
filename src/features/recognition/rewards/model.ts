import type { Audience } from '../../../people/model.js';

/** What points can be spent on. Prices are in points, money in the smallest unit of its currency. */
export interface Reward {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly emoji: string;
  readonly pictureId: string | null;
  readonly price: number;
  /** Null: as many as are asked for. */
  readonly stock: number | null;
  readonly perPersonLimit: number | null;
  readonly audience: Audience;
  readonly moneyMinor: number | null;
  readonly currency: string;
  readonly fulfillerId: string;
  readonly needsApproval: boolean;
  readonly archivedAt: Date | null;
}

/** A reward as its form fills it in. */
export type RewardDraft = Omit<Reward, 'id' | 'archivedAt' | 'pictureId'>;

export type RedemptionState = 'requested' | 'approved' | 'fulfilled' | 'rejected' | 'cancelled';

/** Somebody's redemption, with what its cards show. Its code is read apart, for its receiver alone. */
export interface Redemption {
  readonly id: string;
  readonly rewardId: string;
  readonly personId: string;
  readonly personName: string;
  /** Whether the person is still here. */
  readonly personActive: boolean;
  /** The line manager, when there is one who is still here. */
  readonly lineManagerId: string | null;
  readonly state: RedemptionState;
  readonly rewardName: string;
  readonly emoji: string;
  readonly price: number;
  readonly moneyMinor: number | null;
  readonly currency: string;
  readonly fulfillerId: string;
  readonly fulfillerName: string;
  readonly fulfillerActive: boolean;
  readonly requestedAt: Date;
  readonly decidedAt: Date | null;
  readonly decidedByName: string | null;
  readonly closedAt: Date | null;
  readonly closedById: string | null;
  readonly closedByName: string | null;
  /** Why it was rejected or cancelled, or what came with the reward. */
  readonly words: string | null;
  readonly hasCode: boolean;
  readonly askedIds: readonly string[];
}

/** What a voucher's code is sealed for. */
export const CODE_PURPOSE = 'redemption code';

/** What a reward may cost and hold, so that sums stay whole numbers of the database. */
export const REWARD_LIMITS = {
  name: 60,
  description: 500,
  price: 1_000_000,
  stock: 1_000_000,
  perPerson: 1_000,
  moneyMinor: 1_000_000_000,
} as const;

/** The longest note and code that a reward is handed over with, in characters. */
export const HAND_OVER_CHARACTERS = { note: 500, code: 200 } as const;

/** Stands where nobody chose an emoji. */
export const DEFAULT_EMOJI = '🎁';

/** Whether nothing can happen to it any more. */
export const isClosed = (state: RedemptionState): boolean => state === 'fulfilled' || state === 'rejected' || state === 'cancelled';
