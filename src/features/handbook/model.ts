import type { Audience } from '../../people/model.js';
import type { AssignmentState } from './rules.js';

export type VersionState = 'draft' | 'published' | 'superseded' | 'withdrawn';

/** A version of a document, without its text. Days are `YYYY-MM-DD`. */
export interface Version {
  readonly id: string;
  readonly documentId: string;
  /** Null for a draft. */
  readonly number: number | null;
  readonly state: VersionState;
  readonly title: string;
  readonly sha256: string;
  readonly statement: string;
  readonly audience: Audience;
  readonly effectiveOn: string;
  readonly dueOn: string;
  readonly joinerDays: number;
  readonly pageCount: number;
  readonly readingMinutes: number;
  readonly createdById: string;
  readonly createdAt: Date;
  readonly publishedAt: Date | null;
  readonly publishedById: string | null;
  readonly closedAt: Date | null;
  readonly closedReason: string | null;
  /** Null until the fan-out has asked everyone. */
  readonly askedCount: number | null;
  readonly lastManualReminderOn: string | null;
}

/** A person's request to sign a version, with what its cards show. */
export interface Assignment {
  readonly id: string;
  readonly personId: string;
  readonly state: AssignmentState;
  readonly dueOn: string;
  readonly askedAt: Date;
  readonly pagesOpened: readonly number[];
  readonly lastViewedAt: Date | null;
  readonly closedAt: Date | null;
  readonly declineReason: string | null;
  readonly exemptReason: string | null;
  readonly nextStage: number | null;
  readonly version: AssignedVersion;
  readonly signature: Signature | null;
}

export interface AssignedVersion {
  readonly id: string;
  readonly number: number;
  readonly state: VersionState;
  readonly title: string;
  readonly sha256: string;
  readonly statement: string;
  readonly effectiveOn: string;
  readonly pageCount: number;
  readonly readingMinutes: number;
  readonly publishedById: string;
  readonly lastManualReminderOn: string | null;
}

/** A link of the chain, as cards show it. */
export interface Signature {
  /** The record's number in the organisation. */
  readonly seq: number;
  readonly hash: string;
  readonly signedAt: Date;
}

/** How a version stands. `waiting` are those who neither signed nor were let off; `overdue` of them are past their day. */
export interface Counts {
  readonly asked: number;
  readonly signed: number;
  readonly waiting: number;
  readonly overdue: number;
  readonly declined: number;
  readonly exempt: number;
}

/** A day as the database takes it. */
export const fromDay = (day: string): Date => new Date(`${day}T00:00:00Z`);
/** A day of the database, `YYYY-MM-DD`. */
export const toDay = (at: Date): string => at.toISOString().slice(0, 10);

/** Subject keys of deliveries: what, whom, stage. */
export const subject = {
  request: (assignmentId: string) => `handbook.request:${assignmentId}`,
  /** The due date belongs to it: after an extension the ladder begins again. */
  reminder: (assignmentId: string, dueOn: string, stage: number) => `handbook.reminder:${assignmentId}:${dueOn}:${stage}`,
  nudge: (assignmentId: string, day: string) => `handbook.nudge:${assignmentId}:${day}`,
  progress: (versionId: string) => `handbook.progress:${versionId}`,
  declined: (assignmentId: string, at: Date) => `${subject.declines(assignmentId)}${at.getTime()}`,
  /** What all refusals of a request begin with. */
  declines: (assignmentId: string) => `handbook.declined:${assignmentId}:`,
  question: (questionId: string, personId: string) => `handbook.question:${questionId}:${personId}`,
  answer: (questionId: string) => `handbook.answer:${questionId}`,
  overdue: (personId: string, day: string) => `handbook.overdue:${personId}:${day}`,
} as const;

/** Every card that may have been posted about a request: all of them show how it stands. */
export function cardsOf(assignment: {
  readonly id: string;
  readonly dueOn: string;
  readonly nextStage: number | null;
  readonly lastNudgeOn: string | null;
}): string[] {
  const last = assignment.nextStage === null ? 18 : assignment.nextStage - 1;
  const stages = Array.from({ length: last }, (_, index) => subject.reminder(assignment.id, assignment.dueOn, index + 1));
  const nudge = assignment.lastNudgeOn ? [subject.nudge(assignment.id, assignment.lastNudgeOn)] : [];
  return [subject.request(assignment.id), ...stages, ...nudge];
}
