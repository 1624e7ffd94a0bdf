import { button, type Card, type Fact, type LinkAction } from '../../../core/card.js';
import type { Block } from '../../../core/rich.js';
import { instant, join, key, list, person, type Text, words } from '../../../core/text.js';
import { message, type WorkContext } from '../../../people/handlers.js';
import { findPeople, findPerson } from '../../../people/people.js';
import { findAnswer } from '../answering/store-answers.js';
import { answerActions } from '../looking/date-actions.js';
import { isSameClock } from '../looking/texts.js';
import type { AnswerState } from '../model.js';
import { to } from '../refs.js';
import { findDates, findSeries } from '../store-dates.js';
import { ChangedRef } from './schema.js';
import { type Change, type Changed, differences, findChange, type Look, type LookPart } from './store-changes.js';
import { datesConcerning } from './store-concerned.js';

/** Dates of a change that are told one by one. */
const MOST_TOLD = 5;

type Names = ReadonlyMap<string, { readonly name: string }>;

/** Everything that somebody concerned hears of one change, in one message. */
const changed = message({
  id: 'seminars.changed',
  payload: ChangedRef,
  guard: async (context, { changeId, personId }) => {
    const change = await findChange(context.db, context.organisation.id, changeId);
    if (!change) return 'gone';
    // Nothing to say about what is over by now.
    const latest = (await mine(context, change, personId)).some(
      ({ before, after }) => lastEnd(before, after) > context.clock.now().toISOString(),
    );
    return latest ? null : 'over';
  },
  card: async (context, { changeId, personId }) => {
    const { db, organisation } = context;
    const change = await findChange(db, organisation.id, changeId);
    if (!change) throw new Error(`There is no change ${changeId}.`);
    const dates = await mine(context, change, personId);
    const [series, people] = await Promise.all([
      findSeries(db, organisation, change.seriesId),
      findPeople(db, organisation.id, [
        change.byId,
        ...dates.flatMap(({ before, after }) => [before, after].flatMap((look) => look?.hostId ?? [])),
      ]),
    ]);
    const [only] = dates;
    const title = only && dates.length === 1 ? (only.after ?? only.before)?.title : series?.title;
    const card =
      only && dates.length === 1 ? await oneCard(context, change, only, people, personId) : manyCard(change, dates, people, personId);
    const quote: Block[] = change.words === '' ? [] : [{ kind: 'quote', text: words(change.words), by: nameOf(people, change.byId) }];
    return {
      ...card,
      title: words(title ?? ''),
      body: [...(card.body ?? []), ...quote],
      // The reason is signed by its author already.
      ...(quote.length === 0 && { footer: key('seminars.changed.by', { person: nameOf(people, change.byId) }) }),
    };
  },
});

/** Which of the dates concern this person: only those are told. A host who was replaced had them before. */
async function mine({ db, organisation }: WorkContext, change: Change, personId: string): Promise<readonly Changed[]> {
  const ids = change.dates.map(({ dateId }) => dateId);
  const concerning = await datesConcerning(db, organisation.id, ids, personId);
  return change.dates.filter(({ dateId, before }) => concerning.has(dateId) || before?.hostId === personId);
}

function lastEnd(before: Look | null, after: Look | null): string {
  return [before?.endsAt ?? '', after?.endsAt ?? ''].sort().at(-1) ?? '';
}

const nameOf = (people: Names, id: string): Text => {
  const found = people.get(id);
  return found ? person(found.name) : key('seminars.host_gone');
};

async function oneCard(
  { db, organisation, clock }: WorkContext,
  change: Change,
  { dateId, zone, before, after, movedUp }: Changed,
  people: Names,
  personId: string,
): Promise<Card> {
  const lead = leadOf(change, before, after, personId);
  const [[date], reader] = await Promise.all([findDates(db, organisation.id, [dateId]), findPerson(db, organisation.id, personId)]);
  const zones = { there: zone, own: reader?.zone ?? zone };
  const link: LinkAction[] = after && after.link !== '' ? [{ kind: 'link', label: key('seminars.changed.join'), url: after.link }] : [];
  const asks = after !== null && date?.state === 'planned' && date.startsAt > clock.now() && after.hostId !== personId;
  const answer = asks ? await findAnswer(db, organisation.id, dateId, personId) : undefined;
  return {
    summary: lead,
    lead,
    facts:
      before && after
        ? differences(before, after).flatMap((part) => factOf(part, before, after, zones, people))
        : factsOf(after, zones, people),
    body: answer ? [{ kind: 'paragraph', text: movedUp?.includes(personId) ? key('seminars.moved_up.lead') : stillText(answer) }] : [],
    actions: [
      ...(asks ? answerActions({ id: dateId }, { answer: answer?.state ?? null }, answer === undefined) : []),
      ...link,
      button(key('seminars.action.details'), to.date(dateId)),
    ],
  };
}

/** How the person's answer stands after the change: nobody has to wonder whether it still counts. */
function stillText({ state, ahead }: { readonly state: AnswerState; readonly ahead: number }): Text {
  switch (state) {
    case 'going':
      return key('seminars.changed.still_going');
    case 'waiting':
      return key('seminars.changed.still_waiting', { place: ahead + 1 });
    case 'maybe':
      return key('seminars.changed.still_maybe');
    case 'cant':
      return key('seminars.changed.still_cant');
  }
}

function leadOf({ kind }: Change, before: Look | null, after: Look | null, personId: string): Text {
  if (after === null) {
    return before === null
      ? key('seminars.changed.other')
      : key('seminars.changed.cancelled', { title: words(before.title), at: startOf(before) });
  }
  const params = { title: words(after.title), at: startOf(after) };
  if (before === null || kind === 'added') return key('seminars.changed.added', params);
  if (before.hostId !== after.hostId && after.hostId === personId) return key('seminars.changed.you_host', params);
  if (before.hostId !== after.hostId && before.hostId === personId) return key('seminars.changed.you_host_no_more', params);
  return before.startsAt === after.startsAt ? key('seminars.changed.details', params) : key('seminars.changed.moved', params);
}

/** The series' zone, and the reader's. */
interface Zones {
  readonly there: string;
  readonly own: string;
}

/** In the reader's zone. */
const startOf = ({ startsAt }: Look): Text => instant(new Date(startsAt));

/** A time in the reader's zone; with the start in the series' zone where its clock shows another time. */
function withThere(text: Text, look: Look, { there, own }: Zones): Text {
  const at = new Date(look.startsAt);
  return isSameClock(at, there, own) ? text : join([text, instant(at, there)], ' · ');
}

function factsOf(look: Look | null, zones: Zones, people: Names): Fact[] {
  if (!look) return [];
  return [
    { label: key('seminars.fact.when'), value: withThere(startOf(look), look, zones) },
    ...(look.place === '' ? [] : [{ label: key('seminars.fact.place'), value: words(look.place) }]),
    { label: key('seminars.fact.host'), value: nameOf(people, look.hostId) },
  ];
}

/** "Tuesday 2 March, 10:00, instead of Monday 1 March, 10:00". */
function factOf(part: LookPart, before: Look, after: Look, zones: Zones, people: Names): Fact[] {
  const instead = (label: Text, old: Text | undefined, now: Text | undefined): Fact[] => [
    { label, value: old && now ? key('seminars.changed.instead', { now, old }) : (now ?? key('seminars.changed.none')) },
  ];
  const typed = (value: string) => (value === '' ? undefined : words(value));
  switch (part) {
    case 'startsAt':
      return instead(key('seminars.fact.when'), startOf(before), startOf(after)).map(({ label, value }) => ({
        label,
        value: withThere(value, after, zones),
      }));
    case 'endsAt':
      // An end that moved along with the start is no news.
      return minutesOf(before) === minutesOf(after) ? [] : instead(key('seminars.fact.length'), lengthText(before), lengthText(after));
    case 'place':
      return instead(key('seminars.fact.place'), typed(before.place), typed(after.place));
    case 'link':
      return instead(key('seminars.fact.link'), undefined, typed(after.link));
    case 'hostId':
      return instead(key('seminars.fact.host'), nameOf(people, before.hostId), nameOf(people, after.hostId));
    case 'title':
      return instead(key('seminars.fact.topic'), typed(before.title), typed(after.title));
  }
}

const minutesOf = ({ startsAt, endsAt }: Look) => Math.round((Date.parse(endsAt) - Date.parse(startsAt)) / 60_000);
const lengthText = (look: Look): Text => key('seminars.fact.minutes', { count: minutesOf(look) });

function manyCard({ kind }: Change, dates: readonly Changed[], people: Names, personId: string): Card {
  const count = dates.length;
  const lead = kind === 'cancelled' ? key('seminars.changed.many_cancelled', { count }) : key('seminars.changed.many', { count });
  const told = dates.slice(0, MOST_TOLD);
  const lines = told.map((one): Block => ({ kind: 'paragraph', text: withPlace(one, lineOf(one, people), personId) }));
  const more: Block[] =
    count > told.length ? [{ kind: 'paragraph', text: key('seminars.changed.more', { count: count - told.length }) }] : [];
  return {
    summary: lead,
    lead,
    body: [...lines, ...more],
    actions: [button(key('seminars.action.mine'), to.mine(), { style: 'primary' })],
  };
}

/** Whoever has got a place by the change hears it with it. */
const withPlace = ({ movedUp }: Changed, line: Text, personId: string): Text =>
  movedUp?.includes(personId) ? join([line, key('seminars.moved_up.lead')], ' · ') : line;

function lineOf({ zone, before, after }: Changed, people: Names): Text {
  if (!after) return key('seminars.changed.line_cancelled', { at: before ? startOf(before) : words('') });
  const now = startOf(after);
  if (!before || before.startsAt === after.startsAt) {
    const zones = { there: zone, own: zone };
    const what = before ? differences(before, after).flatMap((part) => factOf(part, before, after, zones, people)) : [];
    return what.length === 0 ? now : join([now, list(what.map(({ label, value }) => join([label, value], ': ')))], ' · ');
  }
  return key('seminars.changed.instead', { now, old: startOf(before) });
}

export const changeMessages = [changed];
