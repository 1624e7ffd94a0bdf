import type { Audience } from '../../people/model.js';
import type { Plan } from './calendar/dates.js';

/** Bounds of what is typed, in characters. */
export const MOST = {
  title: 120,
  purpose: 1_000,
  place: 200,
  link: 500,
  preReading: 1_000,
  topic: 200,
  words: 1_000,
  notes: 3_000,
} as const;

/** The check-in opens so long before the start, and closes so long after it; in ms. */
export const CHECK_IN = { before: 15 * 60_000, after: 30 * 60_000 } as const;

/** Who is "new": joined at most so many days before the date. */
export const NEW_DAYS = 90;

/** Dates are made so many days ahead. */
export const PLANNED_DAYS = 400;

export type Requirement = 'voluntary' | 'every' | 'once';
export type Track = 'none' | 'new_employees' | 'front_line' | 'managers';

/** A series as it stands. */
export interface Series {
  readonly id: string;
  readonly title: string;
  readonly purpose: string;
  readonly hostId: string;
  readonly audience: Audience;
  readonly requirement: Requirement;
  readonly track: Track;
  readonly place: string;
  /** http(s); empty: none. */
  readonly link: string;
  /** Words or an http(s) address; empty: none. */
  readonly preReading: string;
  readonly capacity: number | null;
  /** Without the working days, which are the organisation's. */
  readonly plan: Omit<Plan, 'workDays'>;
  /** Where its dates are announced; null: the settings' channel. */
  readonly channelId: string | null;
  readonly plannedTo: string;
  readonly endedAt: Date | null;
  readonly createdById: string;
}

/** One date of a series. What it has not changed is as the series has it. */
export interface SeminarDate {
  readonly id: string;
  readonly series: Series;
  readonly ruleDay: string | null;
  readonly startsAt: Date;
  readonly endsAt: Date;
  /** The date's own, else the series'. */
  readonly title: string;
  /** Whether it has a title of its own. */
  readonly ownTitle: boolean;
  readonly place: string;
  readonly link: string;
  readonly hostId: string;
  readonly hostName: string;
  readonly capacity: number | null;
  readonly state: 'planned' | 'cancelled';
  readonly cancelWords: string;
  readonly sequence: number;
  readonly phase: 'ahead' | 'open' | 'over';
  readonly notes: string;
  readonly recap: string;
  readonly createdAt: Date;
  readonly changedAt: Date;
}

export type AnswerState = 'going' | 'maybe' | 'cant' | 'waiting';

/** How many answered what. */
export type Counts = Readonly<Record<AnswerState, number>>;

export interface Settings {
  /** Where dates are announced; null: nowhere is set. */
  readonly channelId: string | null;
  /** Reminders, in minutes before the start, the earliest first. */
  readonly ladder: readonly number[];
  /** Days before the start at which a date is announced. */
  readonly postDays: number;
  /** 0: none. */
  readonly attendPoints: number;
  readonly hostPoints: number;
}

/** Subject keys of deliveries and e-mails: what, whom, stage. */
export const subject = {
  /** The card in the channel. */
  post: (dateId: string) => `seminars.post:${dateId}`,
  /** What all direct messages to a person about a date have in common: they are found by it (delivery's `progressOf`). */
  direct: (dateId: string, personId: string) => `seminars.direct:${dateId}:${personId}`,
  /** A step of the ladder, in minutes before the start as it was planned with this sequence: a moved date reminds anew. */
  reminder: (dateId: string, sequence: number, stage: number, personId: string) =>
    `seminars.reminder:${dateId}:${sequence}:${stage}:${personId}`,
  /** Asked once, ever. */
  nudge: (dateId: string, personId: string) => `seminars.nudge:${dateId}:${personId}`,
  movedUp: (dateId: string, personId: string, at: Date) => `seminars.moved_up:${dateId}:${personId}:${at.getTime()}`,
  putOn: (dateId: string, personId: string) => `seminars.put_on:${dateId}:${personId}`,
  change: (changeId: string, personId: string) => `seminars.change:${changeId}:${personId}`,
  checkIn: (dateId: string, personId: string) => `seminars.check_in:${dateId}:${personId}`,
  opinion: (dateId: string, personId: string) => `seminars.opinion:${dateId}:${personId}`,
  catchUp: (dateId: string, personId: string) => `seminars.catch_up:${dateId}:${personId}`,
  task: (taskId: string, count: number) => `seminars.task:${taskId}:${count}`,
  topic: (itemId: string) => `seminars.topic:${itemId}`,
  summary: (dateId: string) => `seminars.summary:${dateId}`,
  /** The person's n-th e-mail for the calendar about this date, from 0; `invitations` is what such keys begin with. */
  invitation: (dateId: string, personId: string, nth: number) => `seminars.invitation:${dateId}:${personId}:${nth}`,
  invitations: (dateId: string) => `seminars.invitation:${dateId}:`,
} as const;
