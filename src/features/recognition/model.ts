/** A reason says at least so much, and at most. */
export const REASON_CHARACTERS = { least: 15, most: 500 } as const;

/** Points that one person can get by one kudos, and people that it can name. */
export const MOST_POINTS = 1_000;
export const MOST_RECEIVERS = 20;

/** How long the giver may mend the words or take the kudos back, in ms. */
export const MEND_MS = 60 * 60_000;

/** How long taking a reaction away takes its points back, in ms. */
export const UNREACT_MS = 5 * 60_000;

/** The values that a new organisation begins with; their names are catalogue keys `recognition.values.<code>`. */
export const DEFAULT_VALUES = [
  { code: 'courtesy', emoji: '🤝' },
  { code: 'helpfulness', emoji: '🙌' },
  { code: 'ownership', emoji: '🎯' },
  { code: 'teamwork', emoji: '🧩' },
  { code: 'speed', emoji: '⚡' },
] as const;

export type ValueCode = (typeof DEFAULT_VALUES)[number]['code'];

/** How an organisation recognises. Points are whole. */
export interface Settings {
  /** What a person may give in a month; line managers and managers the second. */
  readonly allowance: number;
  readonly leadAllowance: number;
  /** What one person may give another in a month. */
  readonly pairCap: number;
  /** What "add yours" gives to each receiver. */
  readonly joinPoints: number;
  /** Slack's name of the emoji that gives `reactionPoints`; empty: none. */
  readonly reactionEmoji: string;
  readonly reactionPoints: number;
  /** Where public kudos are shown (a Bellhop channel); null: nowhere is set. */
  readonly channelId: string | null;
  /** ISO 4217. */
  readonly currency: string;
}

/** A service value. `name` is null while the catalogue's name of `code` is shown. */
export interface Value {
  readonly id: string;
  readonly code: ValueCode | null;
  readonly name: string | null;
  readonly emoji: string;
}

export type KudosSource = 'peer' | 'reaction' | 'customer';
export type KudosState = 'given' | 'taken_back' | 'removed';

/** A kudos as its card shows it. */
export interface Kudos {
  readonly id: string;
  readonly source: KudosSource;
  readonly state: KudosState;
  readonly giverId: string;
  readonly value: Value | null;
  readonly words: string;
  readonly public: boolean;
  /** Each receiver got so many from the giver. */
  readonly points: number;
  readonly createdAt: Date;
  readonly editedAt: Date | null;
  readonly channelId: string | null;
  /** The act that gave it: a reaction's message and giver, a praise; null for what was typed. */
  readonly originKey: string | null;
  readonly receiverIds: readonly string[];
  /** Who added own points and has not taken them back, the earliest first. */
  readonly joins: readonly Join[];
}

export interface Join {
  readonly personId: string;
  /** Each receiver got so many. */
  readonly points: number;
  readonly at: Date;
}

/** Subject keys of deliveries: what, whom, stage. */
export const subject = {
  /** The card in the channel. */
  card: (kudosId: string) => `recognition.card:${kudosId}`,
  /** What a receiver hears. */
  received: (kudosId: string, personId: string) => `recognition.received:${kudosId}:${personId}`,
  /** What the author of a message hears of the reactions at it. */
  reacted: (messageKey: string, personId: string) => `recognition.reacted:${messageKey}:${personId}`,
  reportOpened: (reportId: string, managerId: string) => `recognition.report:${reportId}:${managerId}`,
  reportDecided: (reportId: string) => `recognition.report_decided:${reportId}`,
  removed: (kudosId: string, personId: string) => `recognition.removed:${kudosId}:${personId}`,
  flag: (flagId: string, managerId: string) => `recognition.flag:${flagId}:${managerId}`,
  praise: (proposalId: string, managerId: string) => `recognition.praise:${proposalId}:${managerId}`,
  approval: (redemptionId: string, managerId: string) => `recognition.approval:${redemptionId}:${managerId}`,
  fulfilment: (redemptionId: string, personId: string) => `recognition.fulfilment:${redemptionId}:${personId}`,
  redemption: (redemptionId: string, state: string) => `recognition.redemption:${redemptionId}:${state}`,
  digest: (managerId: string, week: string) => `recognition.digest:${managerId}:${week}`,
  recap: (month: string) => `recognition.recap:${month}`,
  fairness: (month: string, managerId: string) => `recognition.fairness:${month}:${managerId}`,
} as const;
