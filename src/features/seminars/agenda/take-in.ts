import type { Sweep } from '../../../core/feature.js';
import type { AgendaSuggestion } from '../../../people/agenda.js';
import { inTransaction } from '../../../people/db.js';
import type { WorkContext } from '../../../people/handlers.js';
import { refreshPost } from '../answering/post.js';
import { shownItems } from './lines.js';
import { AGENDA } from './model.js';
import { addSuggestions, listItems, listTicked, lockAgenda, type NewSuggestion, nextPosition, withdrawItems } from './store-items.js';
import { type AgendaDue, datesToPrepare, startBefore } from './store-periods.js';

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

/** What all features suggest for the time from an instant until now; nothing for a time that is still to come. */
async function suggestedSince(context: WorkContext, from: Date, now: Date): Promise<readonly Suggested[]> {
  if (from >= now) return [];
  const suggested = await Promise.all(
    context.agenda.map(async (source) => ({ source: source.name, suggestions: await source.suggest(context, { from, to: now }) })),
  );
  return suggested.filter(({ suggestions }) => suggestions.length > 0);
}

/** Looks back to the series' date before, else a month. */
const beginning = (before: Date | null, now: Date): Date => before ?? new Date(now.getTime() - AGENDA.lookBack * 86_400_000);

/**
 * Takes what features suggest onto a date's agenda. Of a feature that had nothing there yet, news is taken up at once
 * and quotes wait to be ticked; what it brings later waits too, so that an agenda that somebody has looked through stays
 * as it is.
 */
async function takeIn(context: WorkContext, dateId: string, suggested: readonly Suggested[], now: Date): Promise<void> {
  if (suggested.length === 0) return;
  const { db, organisation } = context;
  await inTransaction(db, async (tx) => {
    await lockAgenda(tx, dateId);
    const items = await listItems(tx, organisation.id, dateId);
    const first = await nextPosition(tx, organisation.id, dateId);
    const fresh = suggested.flatMap(({ source, suggestions }): Omit<NewSuggestion, 'position'>[] => {
      const had = items.filter((item) => item.source === source);
      const known = new Set(had.map((item) => item.sourceKey));
      return suggestions
        .filter((suggestion) => !known.has(suggestion.key))
        .slice(0, Math.max(0, AGENDA.perSource - had.length))
        .map(({ key, quote }) => ({ source, key, state: quote || had.length > 0 ? 'proposed' : 'accepted' }));
    });
    if (fresh.length === 0) return;
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
  const before = await startBefore(context.db, context.organisation.id, dateId);
  await takeIn(context, dateId, await suggestedSince(context, beginning(before, now), now), now);
}

/** Makes the agendas of dates that people are about to hear of, and takes off them what was withdrawn. */
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
  const asked = new Map<number, Promise<readonly Suggested[]>>();
  const suggestedFor = ({ before }: AgendaDue) => {
    const from = beginning(before, now);
    const known = asked.get(from.getTime()) ?? suggestedSince(context, from, now);
    asked.set(from.getTime(), known);
    return known;
  };
  let after: string | undefined;
  for (let batch = 0; batch < MOST_BATCHES; batch++) {
    const due = await datesToPrepare(db, organisation.id, new Date(now.getTime() + AHEAD_MS), after, BATCH);
    for (const date of due) await takeIn(context, date.id, await suggestedFor(date), now);
    after = due.at(-1)?.id;
    if (due.length < BATCH) return;
  }
}

/** A quote that its feature no longer tells must not stay in the channel either. */
async function withdraw(context: WorkContext): Promise<void> {
  const { db, organisation, clock } = context;
  const now = clock.now();
  const ticked = await listTicked(db, organisation.id, new Date(now.getTime() - AGENDA.lookBack * 86_400_000));
  if (ticked.length === 0) return;
  const told = new Set((await shownItems(context, ticked)).map((item) => item.id));
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
