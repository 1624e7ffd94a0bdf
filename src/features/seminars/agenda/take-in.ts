import type { Sweep } from '../../../core/feature.js';
import type { AgendaPeriod, AgendaSuggestion } from '../../../people/agenda.js';
import { inTransaction } from '../../../people/db.js';
import type { WorkContext } from '../../../people/handlers.js';
import { refreshPost } from '../answering/post.js';
import { stillTold } from './lines.js';
import { AGENDA, type AgendaItem } from './model.js';
import { periodOf } from './period.js';
import { addSuggestions, listItems, listTicked, lockAgenda, type NewSuggestion, nextPosition, withdrawItems } from './store-items.js';
import { type AgendaDue, datesToPrepare, findDue } from './store-periods.js';

/** So long before a date is announced or reminded of, its agenda is made: two ticks. */
const AHEAD_MS = 2 * 60_000;
const BATCH = 500;
/** Batches of one tick: what is left goes on at the next. */
const MOST_BATCHES = 20;

/** What one feature suggests. */
interface Suggested {
  readonly source: string;
  readonly suggestions: readonly AgendaSuggestion[];
}

/** What all features suggest for a period. */
async function suggestedIn(context: WorkContext, period: AgendaPeriod): Promise<readonly Suggested[]> {
  const suggested = await Promise.all(
    context.agenda.map(async (source) => ({ source: source.name, suggestions: await source.suggest(context, period) })),
  );
  return suggested.filter(({ suggestions }) => suggestions.length > 0);
}

/**
 * What of it isn't on an agenda yet. News is taken up at once, quotes wait to be ticked. Where somebody has decided about something of
 * that feature's, news waits too: an agenda that was looked through stays as it is.
 */
function freshAmong(suggested: readonly Suggested[], items: readonly AgendaItem[]): readonly Omit<NewSuggestion, 'position'>[] {
  return suggested.flatMap(({ source, suggestions }) => {
    const had = items.filter((item) => item.source === source);
    const known = new Set(had.map((item) => item.sourceKey));
    const waits = had.some(({ decidedById }) => decidedById !== null);
    return suggestions
      .filter((suggestion) => !known.has(suggestion.key))
      .slice(0, Math.max(0, AGENDA.perSource - had.length))
      .map(({ key, quote }) => ({ source, key, state: quote || waits ? ('proposed' as const) : ('accepted' as const) }));
  });
}

/** Takes what features suggest onto a date's agenda. */
async function takeIn(context: WorkContext, dateId: string, suggested: readonly Suggested[], now: Date): Promise<void> {
  const { db, organisation } = context;
  // Mostly nothing is new: then nobody has to wait for the lock.
  if (suggested.length === 0 || freshAmong(suggested, await listItems(db, organisation.id, dateId)).length === 0) return;
  await inTransaction(db, async (tx) => {
    await lockAgenda(tx, dateId);
    const fresh = freshAmong(suggested, await listItems(tx, organisation.id, dateId));
    if (fresh.length === 0) return;
    const first = await nextPosition(tx, organisation.id, dateId);
    await addSuggestions(
      tx,
      organisation.id,
      dateId,
      fresh.map((suggestion, index) => ({ ...suggestion, position: first + index })),
      now,
    );
    if (fresh.some(({ state }) => state === 'accepted')) await refreshPost(tx, organisation.id, dateId, now, false);
  });
}

/** Brings one date's agenda up to what features suggest now. Harmless when it was done before. */
export async function prepareAgenda(context: WorkContext, dateId: string): Promise<void> {
  const now = context.clock.now();
  const due = await findDue(context.db, context.organisation.id, dateId, now);
  if (due?.isNext) await takeIn(context, dateId, await suggestedIn(context, periodOf(due, now)), now);
}

/** Makes the agendas of dates that people are about to hear of, brings them up to date before each reminder, and takes off them what was withdrawn. */
export const preparing: Sweep<WorkContext> = {
  id: 'seminars.agenda',
  run: async (context) => {
    await prepareAll(context);
    await withdraw(context);
  },
};

async function prepareAll(context: WorkContext): Promise<void> {
  const { db, organisation, clock } = context;
  const now = clock.now();
  // Many dates look back to the same instant: each time is asked about once.
  const asked = new Map<string, Promise<readonly Suggested[]>>();
  const suggestedFor = (date: AgendaDue) => {
    const period = periodOf(date, now);
    const times = `${period.from.getTime()} ${period.to.getTime()}`;
    const known = asked.get(times) ?? suggestedIn(context, period);
    asked.set(times, known);
    return known;
  };
  let after: string | undefined;
  for (let batch = 0; batch < MOST_BATCHES; batch++) {
    const due = await datesToPrepare(db, organisation.id, { now, by: new Date(now.getTime() + AHEAD_MS), after, limit: BATCH });
    for (const date of due) if (date.isNext) await takeIn(context, date.id, await suggestedFor(date), now);
    after = due.at(-1)?.id;
    if (due.length < BATCH) return;
  }
}

/** A quote that its feature no longer tells must not stay in the channel either. */
async function withdraw(context: WorkContext): Promise<void> {
  const { db, organisation, clock } = context;
  const now = clock.now();
  const ticked = await listTicked(db, organisation.id, new Date(now.getTime() - AGENDA.withdraw * 86_400_000));
  if (ticked.length === 0) return;
  const told = await stillTold(context, ticked);
  const gone = ticked.filter((item) => !told.has(item.id));
  if (gone.length === 0) return;
  await inTransaction(db, async (tx) => {
    await withdrawItems(
      tx,
      organisation.id,
      gone.map((item) => item.id),
    );
    for (const dateId of new Set(gone.map((item) => item.dateId))) await refreshPost(tx, organisation.id, dateId, now, false);
  });
}
