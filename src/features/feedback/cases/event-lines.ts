import { instant, join, key, number, person, type Text, words } from '../../../core/text.js';
import { caseName, priorityLabel } from '../labels.js';
import { type Case, ESCALATE_TO, type EscalateTo, PRIORITIES, type Priority } from '../model.js';
import { shortened } from '../posting/said-parts.js';
import type { EventData, EventKind } from './events.js';
import type { CaseEvent } from './store-events.js';

/** Characters. */
const EXCERPT = 120;

type Told = Pick<CaseEvent, 'kind' | 'data' | 'actorName' | 'actorId' | 'otherName'>;

const SOMEBODY = key('feedback.case.somebody');
const named = (name: string | null): Text => (name === null ? SOMEBODY : person(name));

const ESCALATED: Readonly<Record<EscalateTo, Text>> = {
  owner: key('feedback.event.escalated.owner'),
  lead: key('feedback.event.escalated.lead'),
  manager: key('feedback.event.escalated.manager'),
  organisation: key('feedback.event.escalated.organisation'),
};

const priorityIn = (data: EventData, name: string): Text =>
  priorityLabel(PRIORITIES.find((one): one is Priority => one === data[name]) ?? 'normal');
const numbered = (data: EventData): Text => caseName({ number: Number(data.number ?? 0) });
const rated = (data: EventData): Text | undefined =>
  typeof data.satisfaction === 'number' ? key('feedback.case.of_five', { value: number(data.satisfaction) }) : undefined;

/** With the customer's rating behind it, where there is one. */
function withRating(text: Text, data: EventData): Text {
  const value = rated(data);
  return value ? join([text, value], ' · ') : text;
}

/** With who said it behind it, where that was the customer of a merged case. */
const byWhom = (text: Text, { from }: EventData): Text =>
  typeof from === 'string' ? join([text, key('feedback.reply.other_customer')], ' · ') : text;

/** What happened, in one line: "Ana took it." */
export function eventText({ kind, data, actorId, actorName, otherName }: Told): Text {
  const actor = named(actorName);
  const other = named(otherName);
  const lines: Readonly<Record<EventKind, () => Text>> = {
    opened: () => (actorId === null ? key('feedback.event.opened') : key('feedback.event.opened_by', { person: actor })),
    claimed: () => key('feedback.event.claimed', { person: actor }),
    given_back: () => key('feedback.event.given_back', { person: actor }),
    assigned: () => key('feedback.event.assigned', { person: actor, other }),
    left: () => key('feedback.event.left', { other }),
    noted: () => key('feedback.event.noted', { person: actor }),
    priority: () => key('feedback.event.priority', { person: actor, from: priorityIn(data, 'from'), to: priorityIn(data, 'to') }),
    paused: () => key('feedback.event.paused', { person: actor, until: instant(new Date(String(data.until))) }),
    resumed: () => (actorId === null ? key('feedback.event.resumed') : key('feedback.event.resumed_by', { person: actor })),
    merged: () => key('feedback.event.merged', { person: actor, case: numbered(data) }),
    merged_in: () => key('feedback.event.merged_in', { person: actor, case: numbered(data) }),
    replied: () => key('feedback.event.replied', { person: actor }),
    answered: () => byWhom(key(data.right === 'yes' ? 'feedback.event.confirmed' : 'feedback.event.answered'), data),
    mail_failed: () => key('feedback.event.mail_failed'),
    resolved: () => key('feedback.event.resolved', { person: actor }),
    asked: () => key('feedback.event.asked'),
    confirmed: () => byWhom(withRating(key('feedback.event.confirmed'), data), data),
    unhappy: () => byWhom(withRating(key('feedback.event.unhappy'), data), data),
    reopened: () => byWhom(withRating(key('feedback.event.reopened', { priority: priorityIn(data, 'priority') }), data), data),
    closed: () => key('feedback.event.closed', { person: actor }),
    made_private: () => key('feedback.event.made_private', { person: actor }),
    opened_up: () => key('feedback.event.opened_up', { person: actor }),
    escalated: () => ESCALATED[ESCALATE_TO.find((one) => one === data.to) ?? 'owner'],
  };
  return lines[kind]();
}

/** The same with when it was: "Monday 2 March, 14:05 · Ana took it." */
export const eventLine = (event: CaseEvent): Text => join([instant(event.at), eventText(event)], ' · ');

/** The same for a card that tells of other things too: with the beginning of what was written. */
export function shortLine(event: CaseEvent): Text {
  const written = event.words.replace(/\s+/gu, ' ').trim();
  // What was found and done stands on the card itself.
  return written === '' || event.kind === 'resolved'
    ? eventLine(event)
    : join([eventLine(event), words(shortened(written, EXCERPT))], ': ');
}

/** What the history keeps of what was found and done: both as one text, and where the first one ends. */
export const foundWords = (cause: string, done: string) => ({ data: { cause: cause.length }, words: `${cause}\n${done}` });

/** What was written with an event, to be quoted; what was found and done by name. */
export function writtenWith({ kind, data, words: written }: Pick<CaseEvent, 'kind' | 'data' | 'words'>): readonly Text[] {
  if (written === '') return [];
  const end = data.cause;
  if (kind !== 'resolved' || typeof end !== 'number') return [words(written)];
  return [
    join([key('feedback.case.root_cause'), words(written.slice(0, end))], ': '),
    join([key('feedback.case.action_taken'), words(written.slice(end + 1))], ': '),
  ];
}

/** What a message tells whoever gets a case because of an event; undefined for one that nobody is told of. */
export function newsText(it: Case, { kind, data, actorName }: Pick<CaseEvent, 'kind' | 'data' | 'actorName'>): Text | undefined {
  const params = { case: caseName(it), person: named(actorName) };
  switch (kind) {
    case 'assigned':
      return key('feedback.news.assigned', params);
    case 'reopened':
      return key('feedback.news.reopened', params);
    case 'unhappy':
      return key('feedback.news.unhappy', params);
    case 'confirmed':
      return key('feedback.news.confirmed', params);
    case 'answered':
      return key('feedback.news.answered', params);
    case 'mail_failed':
      return key('feedback.news.mail_failed', params);
    case 'merged_in':
      return key('feedback.news.merged_in', { ...params, other: numbered(data) });
    case 'resumed':
      return key('feedback.news.resumed', params);
    default:
      return undefined;
  }
}
