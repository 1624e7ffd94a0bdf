import type { Card } from '../../../core/card.js';
import { ROWS } from '../../../core/paging.js';
import { update, whisper } from '../../../core/reply.js';
import { action, type HandlerContext } from '../../../people/handlers.js';
import { atLocalTime, localDay } from '../../../people/hours.js';
import { findPeople } from '../../../people/people.js';
import { listGiven } from '../giving/store-kudos.js';
import { monthOf } from '../periods.js';
import { givenCard, meCard } from './messages-me.js';
import { show } from './parts.js';
import { LeaderboardChoice, MeRef } from './schema.js';
import { chooseLeaderboards, countGiven, historyOf, isOffLeaderboards, standingOf, totalsOf } from './store-me.js';

/** What a person has, received and gave, and a page of the movements behind it. */
export async function myCard(context: HandlerContext, offset: number): Promise<Card> {
  const { db, organisation, person, reader } = context;
  const month = monthOf(context.clock.now(), organisation.zone);
  const [standing, totals, history, off] = await Promise.all([
    standingOf(db, organisation, person.id, month),
    totalsOf(db, organisation.id, person.id, atLocalTime(`${month}-01`, 0, organisation.zone)),
    historyOf(db, organisation.id, person.id, { offset, limit: ROWS }),
    isOffLeaderboards(db, organisation.id, person.id),
  ]);
  return meCard({ standing, totals, off }, history.rows, history.total, offset, (at) => localDay(at, reader.zone));
}

async function myGiven(context: HandlerContext, offset: number): Promise<Card> {
  const { db, organisation, person, reader } = context;
  const [given, total, standing] = await Promise.all([
    listGiven(db, organisation.id, person.id, { offset, limit: ROWS }),
    countGiven(db, organisation.id, person.id),
    standingOf(db, organisation, person.id, monthOf(context.clock.now(), organisation.zone)),
  ]);
  const people = await findPeople(db, organisation.id, [...new Set(given.flatMap((kudos) => kudos.receiverIds))]);
  return givenCard(
    given,
    total,
    offset,
    (id) => people.get(id)?.name ?? '',
    (at) => localDay(at, reader.zone),
    standing.left,
  );
}

export const meVerb = async (context: HandlerContext) => whisper(await myCard(context, 0));

export const meActions = [
  action({
    id: 'recognition.me',
    role: 'employee',
    payload: MeRef,
    run: async (context, { view, offset, anew }) =>
      show(view === 'given' ? await myGiven(context, offset) : await myCard(context, offset), anew),
  }),
  action({
    id: 'recognition.leaderboards',
    role: 'employee',
    payload: LeaderboardChoice,
    run: async (context, { off }) => {
      await chooseLeaderboards(context.db, context.organisation.id, context.person.id, off);
      return update(await myCard(context, 0));
    },
  }),
];
