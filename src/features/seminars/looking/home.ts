import { type Action, button, type Card } from '../../../core/card.js';
import type { HomeSection } from '../../../core/feature.js';
import { ROWS } from '../../../core/paging.js';
import { hasRole } from '../../../core/roles.js';
import { commandWords, instant, join, key, words } from '../../../core/text.js';
import type { HandlerContext } from '../../../people/handlers.js';
import { feedRef } from '../inviting/refs.js';
import type { SeminarDate } from '../model.js';
import { to } from '../refs.js';
import { loadSettings } from '../store-settings.js';
import { answerActions } from './date-actions.js';
import { hostlessRow } from './host-missing.js';
import { dateRow } from './list.js';
import { countUnannounced, listHostless } from './store-hosts.js';
import { listComing } from './store-looking.js';
import { type Standing, standingsOf } from './store-standing.js';
import { placeText, whenText } from './texts.js';

/** Dates that App Home shows. */
const SHOWN = 3;
const DAY_MS = 86_400_000;

/** What is coming for the reader, and for managers what is not in order. */
export async function home(context: HandlerContext): Promise<readonly HomeSection[]> {
  const manages = hasRole(context.role, 'manager');
  const [coming, managers] = await Promise.all([comingCards(context), manages ? managersCard(context) : undefined]);
  return [
    ...coming.map((card) => ({ slot: 'coming' as const, card })),
    ...(managers ? [{ slot: 'managers' as const, card: managers }] : []),
    { slot: 'here', card: hereCard(manages) },
  ];
}

/** The next dates: what is settled in one card, what the reader has not answered in a card each, with the answers. */
async function comingCards(context: HandlerContext): Promise<readonly Card[]> {
  const { db, organisation, person, clock, reader } = context;
  const now = clock.now();
  const { postDays } = await loadSettings(db, organisation);
  // Of what is further ahead than its announcement nobody has to decide yet.
  const until = new Date(now.getTime() + postDays * DAY_MS);
  const dates = await listComing(db, organisation, person.id, { now, until, limit: SHOWN });
  const standings = await standingsOf(
    db,
    organisation,
    person.id,
    dates.map((date) => date.id),
  );
  const isAsked = (date: SeminarDate) => standings(date.id).answer === null && date.hostId !== person.id && date.startsAt > now;
  const asked = dates.filter(isAsked);
  const settled = dates.filter((date) => !isAsked(date));
  return [
    ...(settled.length > 0 ? [settledCard(settled, standings, person.id)] : []),
    ...asked.map((date) => askedCard(date, standings(date.id), reader.zone)),
  ];
}

function settledCard(dates: readonly SeminarDate[], standings: (dateId: string) => Standing, readerId: string): Card {
  const title = key('seminars.home.coming');
  return {
    summary: title,
    title,
    rows: dates.map((date) => ({
      ...dateRow(date, standings(date.id), readerId),
      action: button(key('seminars.action.open'), to.date(date.id)),
    })),
  };
}

function askedCard(date: SeminarDate, standing: Standing, zone: string): Card {
  const lead = standing.required ? key('seminars.home.asked_required') : key('seminars.home.asked');
  return {
    summary: key('seminars.date.summary', { title: words(date.title), when: instant(date.startsAt) }),
    title: words(date.title),
    lead: join([whenText(date, zone), placeText(date)], ' · '),
    body: [{ kind: 'paragraph', text: lead }],
    actions: [...answerActions(date, standing), button(key('seminars.action.details'), to.date(date.id))],
  };
}

async function managersCard({ db, organisation, clock, actor }: HandlerContext): Promise<Card | undefined> {
  const now = clock.now();
  const [hostless, settings] = await Promise.all([listHostless(db, organisation.id, { now, limit: ROWS }), loadSettings(db, organisation)]);
  const unannounced = settings.channelId === null ? await countUnannounced(db, organisation.id, now) : 0;
  if (hostless.length === 0 && unannounced === 0) return undefined;
  const title = key('seminars.home.managers');
  return {
    summary: title,
    title,
    ...(unannounced > 0 && {
      lead: key('seminars.home.unannounced', { count: unannounced, command: commandWords(actor.platform, 'seminar', 'settings') }),
    }),
    ...(hostless.length > 0 && { rows: hostless.map(hostlessRow) }),
  };
}

function hereCard(manages: boolean): Card {
  const lead = key('seminars.home.here');
  const actions: readonly Action[] = [
    button(key('seminars.action.list'), to.list()),
    button(key('seminars.action.mine'), to.mine()),
    ...(manages ? [button(key('seminars.action.schedule'), to.schedule())] : [button(key('seminars.action.feed'), feedRef())]),
  ];
  return { summary: lead, title: key('seminars.home.title'), lead, actions };
}
