import type { Card, Fact } from '../../../core/card.js';
import type { Block } from '../../../core/rich.js';
import { hasRole } from '../../../core/roles.js';
import { instant, key, type Text, words } from '../../../core/text.js';
import type { HandlerContext } from '../../../people/handlers.js';
import { agendaBlocks } from '../agenda/lines.js';
import { describeRule } from '../calendar/rhythm.js';
import { CHECK_IN, type SeminarDate } from '../model.js';
import { hostText, mayRun } from '../rights.js';
import { countAnswers } from '../store-dates.js';
import { dateActions, readingLink, type Stage, stageOf } from './date-actions.js';
import { countMaterials } from './store-looking.js';
import { type Standing, standingsOf } from './store-standing.js';
import { answerText, countsText, placeText, whenText } from './texts.js';

/** One date, for whoever asks: everything that is known of it, and everything that this person can do about it. */
export async function dateCard(context: HandlerContext, date: SeminarDate): Promise<Card> {
  const { db, organisation, person, reader, clock } = context;
  const now = clock.now();
  const [counts, standings, agenda, materials] = await Promise.all([
    countAnswers(db, organisation.id, date.id),
    standingsOf(db, organisation, person.id, [date.id]),
    agendaBlocks(context, date),
    countMaterials(db, organisation.id, date.id),
  ]);
  const standing = standings(date.id);
  const stage = stageOf(date, now);
  const runs = mayRun(context, date);
  const hosts = date.hostId === person.id;
  const facts: readonly Fact[] = [
    { label: key('seminars.fact.when'), value: whenText(date, reader.zone) },
    ...(stage === 'cancelled' ? [] : [{ label: key('seminars.fact.place'), value: placeText(date) }]),
    { label: key('seminars.fact.host'), value: hostText(date) },
    ...(stage === 'cancelled' ? [] : [{ label: key('seminars.date.answers'), value: countsText(counts, date.capacity) }]),
    ...(hosts ? [] : forWhom(date, standing, stage)),
  ];
  return {
    summary: key('seminars.date.summary', { title: words(date.title), when: instant(date.startsAt) }),
    title: words(date.title),
    lead: leadText(date, { standing, stage, hosts }, now),
    facts,
    body: bodyOf(date, agenda, stage, materials),
    actions: dateActions(date, { stage, standing, runs, manages: hasRole(context.role, 'manager'), hosts, now }),
    footer: footerText(date),
  };
}

function leadText(
  date: SeminarDate,
  { standing, stage, hosts }: { readonly standing: Standing; readonly stage: Stage; readonly hosts: boolean },
  now: Date,
): Text {
  if (stage === 'cancelled') return key('seminars.date.cancelled');
  if (standing.attended === true) return stage === 'over' ? key('seminars.date.attended') : key('seminars.date.checked_in');
  if (stage === 'over') return standing.attended === false ? key('seminars.date.missed') : key('seminars.date.over');
  if (stage === 'open') {
    const until = instant(new Date(date.startsAt.getTime() + CHECK_IN.after));
    return key('seminars.date.check_in_open', { until });
  }
  if (date.startsAt <= now) return key('seminars.date.running');
  if (hosts) return key('seminars.date.hosting');
  const answered = answerText(standing);
  if (answered) return answered;
  return standing.invited ? key('seminars.date.will_you') : key('seminars.date.not_for_you');
}

function forWhom(date: SeminarDate, { required, invited }: Standing, stage: Stage): readonly Fact[] {
  if (stage === 'cancelled' || stage === 'over') return [];
  const label = key('seminars.date.for_you');
  if (required) {
    return [{ label, value: date.series.requirement === 'once' ? key('seminars.date.required_once') : key('seminars.date.is_required') }];
  }
  return invited ? [{ label, value: key('seminars.date.voluntary') }] : [];
}

function bodyOf(date: SeminarDate, agenda: readonly Block[], stage: Stage, materials: number): readonly Block[] {
  if (stage === 'cancelled') return date.cancelWords === '' ? [] : [{ kind: 'quote', text: words(date.cancelWords) }];
  const { purpose, preReading } = date.series;
  const isRead = preReading !== '' && readingLink(date) === undefined && stage !== 'over';
  return [
    ...(purpose === '' ? [] : [{ kind: 'paragraph' as const, text: words(purpose) }]),
    ...(isRead ? [{ kind: 'paragraph' as const, text: key('seminars.date.read_before', { words: words(preReading) }) }] : []),
    ...agenda,
    ...hint(date, materials),
  ];
}

/** That there is something to read afterwards. */
function hint({ notes, recap }: SeminarDate, materials: number): readonly Block[] {
  const hasMinutes = notes !== '' || recap !== '';
  if (!hasMinutes && materials === 0) return [];
  return [
    { kind: 'paragraph', text: hasMinutes ? key('seminars.date.minutes', { materials }) : key('seminars.date.materials', { materials }) },
  ];
}

/** Which series the date belongs to, and how often it comes. */
function footerText({ series, ownTitle }: SeminarDate): Text {
  const rule = describeRule(series.plan.rhythm, series.plan.ending, series.plan.firstDay);
  return ownTitle ? key('seminars.date.series_of', { title: words(series.title), rule }) : key('seminars.date.series', { rule });
}
