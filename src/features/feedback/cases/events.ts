import type { Tx } from '../../../people/db.js';
import { createEvents } from './store-events.js';

/**
 * What can happen to a case. `data` of each, ids and figures alone:
 * `assigned` {personId}; `given_back` {personId: whose it was}; `left` {personId: whose it was}; `priority` {from, to};
 * `paused` {until: ISO 8601}; `resumed` {minutes: working time of the pause}; `closed` {}; `confirmed` {satisfaction?};
 * `unhappy` {satisfaction?}: the customer isn't content, and it was reopened before; `reopened` {priority, satisfaction?};
 * `merged` {caseId, number: where it goes on}; `merged_in` {caseId, number: what came in}; `replied`, `answered` {messageId};
 * `mail_failed` {messageId?}; `escalated` {step, to: of model.ts, ESCALATE_TO, told: ids}; `opened` {priority}; the others none.
 * What the customer of a case says that went into this one has {from: the id of that case, messageId} as well and no
 * words, and {right: 'yes'} where it is put right.
 * Words: of `noted` the note, of `paused` the reason, of `resolved` root cause and action taken, of `reopened` and `unhappy` what the customer wrote.
 */
export const EVENT_KINDS = [
  'opened',
  'claimed',
  'given_back',
  'assigned',
  'left',
  'noted',
  'priority',
  'paused',
  'resumed',
  'merged',
  'merged_in',
  'replied',
  'answered',
  'mail_failed',
  'resolved',
  'asked',
  'confirmed',
  'unhappy',
  'reopened',
  'closed',
  'escalated',
  'made_private',
  'opened_up',
] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

/** Ids, codes and figures. */
export type EventData = Readonly<Record<string, string | number | readonly string[]>>;

export interface NewEvent {
  readonly organisationId: string;
  readonly caseId: string;
  /** Null: Bellhop itself, or the customer (`kind` tells). */
  readonly actorId: string | null;
  readonly kind: EventKind;
  readonly data?: EventData;
  readonly words?: string;
}

/**
 * Writes down what happened to a case, in the transaction of what happened.
 * @returns the event's id
 */
export async function note(tx: Tx, event: NewEvent, now: Date): Promise<string> {
  const [id] = await createEvents(tx, [event], now);
  if (id === undefined) throw new Error('An event was not written.');
  return id;
}

/** The same of several cases, one event each. */
export async function noteOfEach(tx: Tx, events: readonly NewEvent[], now: Date): Promise<void> {
  await createEvents(tx, events, now);
}
