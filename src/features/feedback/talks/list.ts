import { button, type Card } from '../../../core/card.js';
import type { HomeSection } from '../../../core/feature.js';
import { ROWS, shownFooter, turnRows } from '../../../core/paging.js';
import type { RecordOwner, RecordSection } from '../../../core/record.js';
import { date, join, key, type Text } from '../../../core/text.js';
import type { HandlerContext } from '../../../people/handlers.js';
import { localDay } from '../../../people/hours.js';
import { to } from '../refs.js';
import { talkLead, talkRow } from './cards.js';
import { type Looker, listTalks, listTalksAbout, listWaiting, type Talk } from './store-talks.js';

const lookerOf = ({ person, role }: HandlerContext): Looker => ({ personId: person.id, isOwner: role === 'owner' });

/** `/customer talks`: talks that the actor is to hold, and what was agreed with the actor. */
export async function talksCard(context: HandlerContext, offset: number): Promise<Card> {
  const { db, organisation, person } = context;
  const { talks, total, open } = await listTalks(db, organisation.id, lookerOf(context), { offset, limit: ROWS });
  const lead = total === 0 ? key('feedback.talks.none') : key('feedback.talks.list_lead', { open, own: total - open });
  return {
    summary: join([key('feedback.talks.list_title'), lead], ': '),
    title: key('feedback.talks.list_title'),
    lead,
    rows: talks.map((talk) => talkRow(context, talk, person.id)),
    actions: turnRows(offset, total, to.talks),
    ...shownFooter(offset, talks.length, total),
  };
}

/** Rows on App Home: the rest is in the list. */
const HOME_ROWS = 3;

/** What waits: talks that are to be held by the actor as the nearest in line, or by an owner where there is nobody. */
export async function home(context: HandlerContext): Promise<readonly HomeSection[]> {
  const { db, organisation, person } = context;
  const { talks, total } = await listWaiting(db, organisation.id, lookerOf(context), HOME_ROWS);
  if (total === 0) return [];
  const lead = key('feedback.talks.home_lead', { count: total });
  const rows = talks.map((talk) => talkRow(context, talk, person.id));
  const actions = total > HOME_ROWS ? [button(key('feedback.talks.all'), to.talks())] : [];
  return [{ slot: 'waiting', card: { summary: lead, title: key('feedback.talks.home_title'), lead, rows, actions } }];
}

const RECORD_ROWS = 3;

/** What a record says of talks: to the line and owners all, to the person themselves those that were held. */
export async function record(context: HandlerContext, owner: RecordOwner): Promise<RecordSection> {
  const { db, organisation, person } = context;
  const { talks, held, open } = await listTalksAbout(db, organisation.id, owner.id, lookerOf(context), RECORD_ROWS);
  const own = person.id === owner.id;
  return {
    heading: key('feedback.talks.record'),
    lead: recordLead(context, { held, open, latest: talks.find(({ state }) => state === 'talked') }),
    lines: talks.map((talk) => ({ text: own ? talkRow(context, talk, person.id).text : talkLead(context, talk) })),
    ...(talks.length > 0 && { action: button(key('feedback.talks.all'), to.talks()) }),
  };
}

interface Told {
  readonly held: number;
  readonly open: number;
  readonly latest: Talk | undefined;
}

function recordLead({ organisation }: HandlerContext, { held, open, latest }: Told): Text {
  if (held + open === 0) return key('feedback.talks.record_none');
  const on = latest?.talkedAt;
  const told = on ? key('feedback.talks.record_held', { count: held, on: date(localDay(on, organisation.zone)) }) : undefined;
  const waits = open > 0 ? key('feedback.talks.record_open', { count: open }) : undefined;
  return join(
    [told, waits].filter((text) => text !== undefined),
    ' · ',
  );
}
