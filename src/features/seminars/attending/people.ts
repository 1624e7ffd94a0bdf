import { button, type Card, type Fact, type Row } from '../../../core/card.js';
import { ROWS, shownOf, turnRows } from '../../../core/paging.js';
import { update, whisper } from '../../../core/reply.js';
import { instant, join, key, person, select, type Text, words } from '../../../core/text.js';
import { action, type HandlerContext } from '../../../people/handlers.js';
import type { SeminarDate } from '../model.js';
import { to } from '../refs.js';
import { demandOwnDate } from '../rights.js';
import { countAnswers } from '../store-dates.js';
import { within } from './refs.js';
import { PeopleRows } from './schema.js';
import { standingOf } from './store-attendance.js';
import { listPeople, type PersonRow } from './store-people.js';
import { type DateFigures, figuresOf } from './store-settle.js';
import { windowOf } from './times.js';

/** Who comes and who was there, with a correction for each from the moment on when the check-in opens. */
export async function peopleCard(context: HandlerContext, date: SeminarDate, offset: number, done?: Text): Promise<Card> {
  const { db, organisation, clock } = context;
  const [{ rows, total }, figures, answers] = await Promise.all([
    listPeople(db, organisation.id, date, { offset, limit: ROWS }),
    figuresOf(db, organisation, date),
    countAnswers(db, organisation.id, date.id),
  ]);
  const corrects = date.state === 'planned' && clock.now() >= windowOf(date).opens;
  const lead = done ?? leadOf(date, total, corrects);
  return {
    summary: key('seminars.people.summary', { title: words(date.title), came: figures.came, going: figures.going }),
    title: words(date.title),
    lead,
    facts: factsOf(date, figures, answers.waiting),
    rows: rows.map((row) => rowOf(date, row, corrects)),
    actions: [
      ...turnRows(offset, total, (next) => within.people(date.id, next)),
      ...(corrects ? [button(key('seminars.action.add_person'), within.correct(date.id))] : []),
      button(key('seminars.action.details'), to.date(date.id)),
    ],
    footer: shownOf(offset, rows.length, total) ?? instant(date.startsAt),
  };
}

function leadOf(date: SeminarDate, total: number, corrects: boolean): Text {
  if (total === 0) return key('seminars.people.none');
  return corrects ? key('seminars.people.lead') : key('seminars.people.lead_ahead', { opens: instant(windowOf(date).opens) });
}

function factsOf({ capacity }: SeminarDate, figures: DateFigures, waiting: number): readonly Fact[] {
  const count = (label: Text, value: number): Fact[] =>
    value > 0 ? [{ label, value: key('seminars.people.count', { count: value }) }] : [];
  const going =
    capacity === null
      ? key('seminars.people.count', { count: figures.going })
      : key('seminars.people.count_of', { count: figures.going, capacity });
  const came =
    capacity !== null && figures.came > capacity
      ? key('seminars.people.count_over', { count: figures.came, capacity })
      : key('seminars.people.count', { count: figures.came });
  return [
    { label: key('seminars.people.going'), value: going },
    ...count(key('seminars.people.waiting'), waiting),
    { label: key('seminars.people.came'), value: came },
    ...count(key('seminars.people.walk_ins'), figures.walkIns),
    ...count(key('seminars.people.missed'), figures.missed),
    ...count(key('seminars.people.excused'), figures.excused),
  ];
}

function rowOf(date: SeminarDate, row: PersonRow, corrects: boolean): Row {
  return {
    text: person(row.name),
    detail: row.personId === date.hostId ? hostDetail(row) : detailOf(row),
    ...(corrects ? { action: button(key('seminars.action.correct'), within.correct(date.id, row.personId)) } : {}),
  };
}

/** The host is there by hosting, without an answer of the own. */
function hostDetail({ attended, late, leftEarly, excused }: PersonRow): Text {
  const host = key('seminars.people.host');
  if (attended === null) return host;
  return join([host, key('seminars.people.standing', { standing: select(standingOf({ attended, late, leftEarly, excused })) })], ' · ');
}

function detailOf({ answer, putOn, attended, late, leftEarly, excused, via, at, recordedBy }: PersonRow): Text {
  const answered = key('seminars.people.answer', { answer: select(putOn && answer === 'going' ? 'put_on' : (answer ?? 'none')) });
  if (attended === null) return answered;
  const standing = key('seminars.people.standing', { standing: select(standingOf({ attended, late, leftEarly, excused })) });
  const by = recordedBy === null ? [] : [key('seminars.people.by', { person: person(recordedBy) })];
  if (!attended) return join([standing, ...(answer === null ? [] : [answered]), ...by], ' · ');
  const since = (via === 'button' || via === 'code') && at !== null ? [instant(at)] : [];
  const walkIn = answer === 'going' ? [] : [key('seminars.people.walk_in')];
  return join([standing, ...since, ...walkIn, ...by], ' · ');
}

const people = action({
  id: 'seminars.people',
  role: 'employee',
  payload: PeopleRows,
  run: async (context, { dateId, offset, turn }) => {
    const card = await peopleCard(context, await demandOwnDate(context, dateId), offset);
    return turn ? update(card) : whisper(card);
  },
});

export const peopleActions = [people];
