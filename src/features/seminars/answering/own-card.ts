import { type Action, button, type Card, type Fact } from '../../../core/card.js';
import type { Block } from '../../../core/rich.js';
import { instant, join, key, type Text, words } from '../../../core/text.js';
import { answerActions, readingLink, stageOf } from '../looking/date-actions.js';
import { lengthText, placeText } from '../looking/texts.js';
import { type AnswerState, CHECK_IN, type SeminarDate } from '../model.js';
import { to } from '../refs.js';
import { hostText } from '../rights.js';

/** Why the card is shown. */
export type Occasion = 'answered' | 'reminder' | 'nudge' | 'moved_up' | 'put_on' | 'put_on_missed';

/** How the reader stands to the date. */
export interface Own {
  readonly answer: AnswerState | null;
  /** How many wait before the reader. */
  readonly ahead: number;
  readonly hosts: boolean;
  /** Has checked in. Asked only once it has begun. */
  readonly here?: boolean;
}

/** A date for one reader, with the own answer: what reminders show, and what is answered to an answer. */
export function ownCard(date: SeminarDate, own: Own, occasion: Occasion, now: Date): Card {
  const facts: readonly Fact[] = [
    { label: key('seminars.date.when'), value: join([instant(date.startsAt), lengthText(date)], ' · ') },
    { label: key('seminars.date.where'), value: placeText(date) },
    { label: key('seminars.date.host'), value: hostText(date) },
  ];
  const title = words(date.title);
  const params = { title, when: instant(date.startsAt) };
  if (date.state === 'cancelled') {
    return {
      summary: key('seminars.post.cancelled_summary', params),
      title,
      lead: key('seminars.own.cancelled'),
      facts: facts.slice(0, 1),
      body: date.cancelWords === '' ? [] : [{ kind: 'quote', text: words(date.cancelWords) }],
      actions: [button(key('seminars.action.details'), to.date(date.id)), button(key('seminars.action.list'), to.list())],
    };
  }
  if (date.startsAt <= now) return begunCard(date, own, facts, now);
  return {
    summary: summaryText(date, own, occasion),
    title,
    lead: leadText(date, own, occasion, now),
    facts,
    body: bodyOf(date, own, occasion),
    actions: actionsOf(date, own, occasion, now),
  };
}

/** A date that is under way, or over: no answer counts any more. */
function begunCard(date: SeminarDate, { here = false }: Own, facts: readonly Fact[], now: Date): Card {
  const stage = stageOf(date, now);
  const open = stage === 'open' && !here;
  const until = new Date(date.startsAt.getTime() + CHECK_IN.after);
  const begun = open
    ? key('seminars.own.begun_open', { when: instant(date.startsAt), until: instant(until) })
    : key('seminars.own.begun', { when: instant(date.startsAt) });
  const lead = here && stage !== 'over' ? join([begun, key('seminars.date.checked_in')], ' ') : begun;
  return {
    summary: join([words(date.title), lead], ': '),
    title: words(date.title),
    lead,
    facts: facts.slice(1),
    actions: [
      ...(open ? [button(key('seminars.action.here'), to.here(date.id), { style: 'primary' })] : []),
      ...(stage === 'over' ? [] : meetingOf(date)),
      button(key('seminars.action.details'), to.date(date.id)),
    ],
  };
}

function summaryText(date: SeminarDate, own: Own, occasion: Occasion): Text {
  const params = { title: words(date.title), when: instant(date.startsAt) };
  switch (occasion) {
    case 'reminder':
      return key('seminars.reminder.summary', params);
    case 'nudge':
      return own.answer === null ? key('seminars.nudge.summary', params) : key('seminars.reminder.summary', params);
    case 'moved_up':
      return own.answer === 'going' ? key('seminars.moved_up.summary', params) : plainSummary(date, own);
    case 'put_on':
    case 'put_on_missed':
      return own.answer === 'going' ? key('seminars.put_on.summary', params) : plainSummary(date, own);
    case 'answered':
      return plainSummary(date, own);
  }
}

const plainSummary = (date: SeminarDate, own: Own): Text => join([words(date.title), standingText(own)], ': ');

function leadText(date: SeminarDate, own: Own, occasion: Occasion, now: Date): Text {
  const stands = standingText(own);
  if (own.answer === 'going' && occasion === 'moved_up') return key('seminars.moved_up.lead');
  if (own.answer === 'going' && occasion === 'put_on') return key('seminars.put_on.required');
  if (own.answer === 'going' && occasion === 'put_on_missed') return key('seminars.put_on.missed');
  if (own.answer === null && !own.hosts) return occasion === 'nudge' ? key('seminars.nudge.lead') : stands;
  return occasion === 'reminder' && own.answer !== 'cant' ? join([stands, untilText(date, now)], ' ') : stands;
}

/** How the reader stands to the date, as a whole sentence. */
function standingText({ answer, ahead, hosts }: Own): Text {
  switch (answer) {
    case 'going':
      return hosts ? key('seminars.own.hosts') : key('seminars.own.going');
    case 'maybe':
      return key('seminars.own.maybe');
    case 'cant':
      return hosts ? key('seminars.own.cant_host') : key('seminars.own.cant');
    case 'waiting':
      return key('seminars.own.waiting', { place: ahead + 1 });
    case null:
      return hosts ? key('seminars.own.hosts') : key('seminars.own.open');
  }
}

const MINUTE_MS = 60_000;

/** How long it is until the date begins: relatively under 48 hours only; the time itself stands below. */
function untilText(date: SeminarDate, now: Date): Text {
  const minutes = Math.max(1, Math.round((date.startsAt.getTime() - now.getTime()) / MINUTE_MS));
  if (minutes <= 90) return key('seminars.reminder.in_minutes', { minutes });
  if (minutes < 48 * 60) return key('seminars.reminder.in_hours', { hours: Math.round(minutes / 60) });
  return key('seminars.reminder.on', { when: instant(date.startsAt) });
}

function bodyOf(date: SeminarDate, { answer }: Own, occasion: Occasion): readonly Block[] {
  const { preReading } = date.series;
  if (preReading === '' || readingLink(date) !== undefined || answer === 'cant' || occasion === 'answered') return [];
  return [{ kind: 'paragraph', text: key('seminars.date.read_before', { words: words(preReading) }) }];
}

function meetingOf({ link }: SeminarDate): readonly Action[] {
  return link === '' ? [] : [{ kind: 'link', label: key('seminars.action.join'), url: link }];
}

function actionsOf(date: SeminarDate, own: Own, occasion: Occasion, now: Date): readonly Action[] {
  const open = stageOf(date, now) === 'open' && own.answer !== 'cant';
  const comes = own.answer === 'going' || (own.hosts && own.answer === null);
  const reading = readingLink(date);
  return [
    ...(open ? [button(key('seminars.action.here'), to.here(date.id), { style: 'primary' })] : []),
    ...(comes && (open || occasion === 'reminder') ? meetingOf(date) : []),
    ...(comes ? [button(key('seminars.action.calendar'), to.calendar(date.id))] : []),
    ...answerActions(date, { answer: own.hosts ? (own.answer ?? 'going') : own.answer }, !open),
    ...(comes && !open && occasion !== 'reminder' ? meetingOf(date) : []),
    ...(reading && own.answer !== 'cant' ? [{ kind: 'link' as const, label: key('seminars.action.read'), url: reading }] : []),
    button(key('seminars.action.details'), to.date(date.id)),
  ];
}
