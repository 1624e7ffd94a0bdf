import { type Action, button, type Card, type Fact } from '../../../core/card.js';
import type { Block } from '../../../core/rich.js';
import { instant, join, key, select, type Text, words } from '../../../core/text.js';
import { describeAudience } from '../../../people/audience.js';
import type { WorkContext } from '../../../people/handlers.js';
import { agendaBlocks } from '../agenda/lines.js';
import { answerActions, readingLink, type Stage, stageOf } from '../looking/date-actions.js';
import { lengthText } from '../looking/texts.js';
import { CHECK_IN, type Counts, type SeminarDate } from '../model.js';
import { to } from '../refs.js';
import { hostText } from '../rights.js';
import { countAnswers } from '../store-dates.js';
import { lastMove, shownAfterwards } from './store-shown.js';

/** The card of a date in the channel: what it is, who comes, and how things stand for whoever reads it later. */
export async function postCard(context: WorkContext, date: SeminarDate): Promise<Card> {
  const { db, organisation, clock } = context;
  const stage = stageOf(date, clock.now());
  const [counts, audience, agenda, move, after] = await Promise.all([
    countAnswers(db, organisation.id, date.id),
    describeAudience(db, organisation.id, date.series.audience),
    agendaBlocks(context, date),
    lastMove(db, organisation.id, date),
    shownAfterwards(db, organisation.id, date.id),
  ]);
  const when = { label: key('seminars.date.when'), value: whenThere(date) };
  const host = { label: key('seminars.date.host'), value: hostText(date) };
  if (stage === 'cancelled') return cancelledCard(date, [when, host]);
  return {
    summary: summaryText(date, stage),
    title: words(date.title),
    lead: leadText(date, stage, move?.from, after.came),
    facts: [
      when,
      ...whereFact(date),
      host,
      { label: key('seminars.post.for'), value: forText(date, audience) },
      ...placesFact(date, counts),
      { label: key('seminars.date.answers'), value: answersText(counts) },
    ],
    body: [...reason(stage === 'ahead' ? move?.words : undefined), ...bodyOf(date, stage, agenda), ...afterwards(date, after.materials)],
    actions: actionsOf(date, stage, clock.now()),
  };
}

/** In the series' own zone, which is named where it isn't the channel's: everybody reads the same card. */
function whenThere(date: SeminarDate): Text {
  return join([instant(date.startsAt, date.series.plan.zone), lengthText(date)], ' · ');
}

function cancelledCard(date: SeminarDate, facts: readonly Fact[]): Card {
  const params = { title: words(date.title), when: instant(date.startsAt, date.series.plan.zone) };
  return {
    summary: key('seminars.post.cancelled_summary', params),
    title: words(date.title),
    lead: key('seminars.post.cancelled'),
    facts,
    body: reason(date.cancelWords),
    actions: [button(key('seminars.action.details'), to.date(date.id))],
  };
}

function summaryText(date: SeminarDate, stage: Exclude<Stage, 'cancelled'>): Text {
  const params = { title: words(date.title), when: instant(date.startsAt, date.series.plan.zone) };
  switch (stage) {
    case 'ahead':
      return key('seminars.post.summary', params);
    case 'open':
      return key('seminars.post.open_summary', params);
    case 'closed':
    case 'over':
      return key('seminars.post.over_summary', params);
  }
}

function leadText(date: SeminarDate, stage: Exclude<Stage, 'cancelled'>, movedFrom: Date | undefined, came: number): Text {
  const { zone } = date.series.plan;
  switch (stage) {
    case 'open':
      return key('seminars.post.open', { until: instant(new Date(date.startsAt.getTime() + CHECK_IN.after), zone) });
    case 'closed':
      return key('seminars.post.running');
    case 'over':
      return key('seminars.post.over', { came });
    case 'ahead':
      if (movedFrom) return key('seminars.post.moved', { before: instant(movedFrom, zone) });
      return key('seminars.post.lead', { requirement: select(date.series.requirement) });
  }
}

function whereFact({ place, link }: SeminarDate): readonly Fact[] {
  const parts = [place, link].filter((part) => part !== '');
  return parts.length === 0 ? [] : [{ label: key('seminars.date.where'), value: join(parts.map(words), ' · ') }];
}

/** Whom it is for, and whether they have to come. */
function forText({ series }: SeminarDate, audience: Text): Text {
  return key('seminars.post.for_whom', { audience, track: select(series.track), requirement: select(series.requirement) });
}

/** "12 of 20 places taken, 3 waiting". */
function placesFact({ capacity }: SeminarDate, { going, waiting }: Counts): readonly Fact[] {
  if (capacity === null) return [];
  return [{ label: key('seminars.post.places'), value: key('seminars.post.taken', { going, capacity, waiting }) }];
}

function answersText({ going, maybe, cant }: Counts): Text {
  return key('seminars.post.answers', { going, maybe, cant });
}

function bodyOf(date: SeminarDate, stage: Stage, agenda: readonly Block[]): readonly Block[] {
  const { purpose, preReading } = date.series;
  const reads = preReading !== '' && readingLink(date) === undefined && stage === 'ahead';
  return [
    ...(purpose === '' ? [] : [{ kind: 'paragraph' as const, text: words(purpose) }]),
    ...(reads ? [{ kind: 'paragraph' as const, text: key('seminars.date.read_before', { words: words(preReading) }) }] : []),
    ...agenda,
  ];
}

/** That there is something to read afterwards, under Details. */
function afterwards({ notes, recap }: SeminarDate, materials: number): readonly Block[] {
  const minutes = notes !== '' || recap !== '';
  if (!minutes && materials === 0) return [];
  return [
    { kind: 'paragraph', text: minutes ? key('seminars.date.minutes', { materials }) : key('seminars.date.materials', { materials }) },
  ];
}

function reason(why: string | undefined): readonly Block[] {
  return why ? [{ kind: 'quote', text: words(why) }] : [];
}

function actionsOf(date: SeminarDate, stage: Stage, now: Date): readonly Action[] {
  const details = button(key('seminars.action.details'), to.date(date.id));
  if (stage === 'closed' || stage === 'over') return [details];
  const begun = date.startsAt <= now;
  const reading = readingLink(date);
  const here = stage === 'open' ? [button(key('seminars.action.here'), to.here(date.id), { style: 'primary' })] : [];
  const meeting = date.link === '' ? [] : [{ kind: 'link' as const, label: key('seminars.action.join'), url: date.link }];
  return [
    ...here,
    ...(stage === 'open' ? meeting : []),
    ...(begun ? [] : answerActions(date, { answer: null }, stage === 'ahead')),
    ...(stage === 'ahead' ? [button(key('seminars.action.topic'), to.topic(date.id))] : []),
    button(key('seminars.action.calendar'), to.calendar(date.id)),
    ...(stage === 'ahead' ? meeting : []),
    ...(reading && !begun ? [{ kind: 'link' as const, label: key('seminars.action.read'), url: reading }] : []),
    details,
  ];
}
