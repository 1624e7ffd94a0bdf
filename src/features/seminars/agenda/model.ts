import type { Text } from '../../../core/text.js';

/** Bounds of the agenda. Characters for what is typed, otherwise counts. */
export const AGENDA = {
  topic: 200,
  why: 500,
  answer: 500,
  /** Items in the post; the rest is on the agenda itself. */
  shown: 12,
  /** Characters of an item in the post. */
  line: 140,
  /** Proposals of one person that wait at once, for one date. */
  waiting: 5,
  items: 60,
  /** What one feature contributes to one date at most. */
  perSource: 8,
  /** Days that an agenda looks back on where the series has no date before. */
  lookBack: 31,
} as const;

export type ItemState = 'proposed' | 'accepted' | 'declined';

/** Something to talk about: typed by a person, or contributed by a feature. */
export interface AgendaItem {
  readonly id: string;
  readonly dateId: string;
  readonly position: number;
  /** The feature that contributed it, and what it is about there; null: a person did. */
  readonly source: string | null;
  readonly sourceKey: string | null;
  /** Empty where a feature gives the text, and once its author was erased. */
  readonly topic: string;
  readonly why: string;
  /** What whoever decided about it said. */
  readonly answer: string;
  readonly proposedById: string | null;
  /** Empty once its author was erased, and where there is none. */
  readonly proposedByName: string;
  readonly state: ItemState;
  /** Null: nobody has ticked it. */
  readonly decidedById: string | null;
}

/** An item as it reads now. */
export interface ShownItem extends AgendaItem {
  readonly text: Text;
  readonly detail?: Text;
  /** Somebody's words from another feature: shown to everybody only once a host has ticked them. */
  readonly quote: boolean;
}

/** Subject keys of messages about topics. */
export const topicSubject = {
  /** To whoever proposed it. */
  decided: (itemId: string) => `seminars.topic_decided:${itemId}`,
} as const;
