import type { Text } from '../../../core/text.js';
import { subject } from '../model.js';

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
  /** Days after a date in which what was withdrawn is still taken off its agenda. */
  withdraw: 31,
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
  /** Somebody's words from another feature: shown to everybody only once a manager has ticked them. */
  readonly quote: boolean;
  /** The section that it stands in; among the others without one. */
  readonly heading?: Text;
}

/** Subject keys of messages about topics. */
export const topicSubject = {
  /** To whoever proposed it. */
  decided: (itemId: string) => `seminars.topic_decided:${itemId}`,
} as const;

/** Bounds of what stays of a date. Characters for what is typed. */
export const STAYS = {
  title: 120,
  link: 500,
  text: 3_000,
  notes: 3_000,
  /** Bytes of a file. */
  file: 5 * 1024 * 1024,
  materials: 20,
  task: 300,
  tasks: 30,
  /** An action item is due within so many days. */
  days: 731,
} as const;

export interface Material {
  readonly id: string;
  readonly dateId: string;
  readonly kind: 'link' | 'text' | 'file';
  readonly title: string;
  /** The address or the text; empty for a file. */
  readonly content: string;
  readonly mime: string | null;
  readonly addedAt: Date;
}

/** An action item: somebody does something by a day. */
export interface Task {
  readonly id: string;
  readonly dateId: string;
  readonly words: string;
  readonly ownerId: string;
  /** Empty once the owner was erased. */
  readonly ownerName: string;
  readonly ownerActive: boolean;
  /** `YYYY-MM-DD`. */
  readonly dueOn: string;
  readonly state: 'open' | 'done' | 'dropped';
  readonly settledById: string | null;
  /** Empty where it isn't settled, or its person was erased. */
  readonly settledByName: string;
  readonly askedCount: number;
}

/** What a message about an action item is about: a new owner or day begins anew. */
export interface Charge {
  readonly taskId: string;
  readonly ownerId: string;
  readonly dueOn: string;
}

/** Subject keys of messages about action items. */
export const taskSubject = {
  given: ({ taskId, ownerId }: Charge) => `seminars.task_given:${taskId}:${ownerId}`,
  asked: ({ taskId, ownerId, dueOn }: Charge, count: number) => `${subject.task(taskId, count)}:${ownerId}:${dueOn}`,
  /** To the host: asked after more than once, and still open. */
  overdue: ({ taskId, ownerId, dueOn }: Charge) => `seminars.task_overdue:${taskId}:${ownerId}:${dueOn}`,
  /** To the host: whoever does it has left. */
  ownerless: ({ taskId, ownerId }: Charge) => `seminars.task_ownerless:${taskId}:${ownerId}`,
  /** To the host, once. */
  done: (taskId: string) => `seminars.task_done:${taskId}`,
} as const;

export const chargeOf = ({ id, ownerId, dueOn }: Pick<Task, 'id' | 'ownerId' | 'dueOn'>): Charge => ({ taskId: id, ownerId, dueOn });
