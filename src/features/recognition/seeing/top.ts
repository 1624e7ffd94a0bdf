import type { Card } from '../../../core/card.js';
import { BellhopError } from '../../../core/errors.js';
import type { CommandInput } from '../../../core/feature.js';
import { ROWS } from '../../../core/paging.js';
import { whisper } from '../../../core/reply.js';
import { list, words } from '../../../core/text.js';
import { action, type HandlerContext } from '../../../people/handlers.js';
import { findValueByTag } from '../giving/find-value.js';
import { monthOf } from '../periods.js';
import { findValue, listValues, valueName } from '../store-settings.js';
import { topCard, topValuesCard } from './messages-top.js';
import { show } from './parts.js';
import { DEEPEST, periodOf, type Span } from './rules.js';
import { TopRef } from './schema.js';
import { isOffLeaderboards } from './store-me.js';
import { placeOf, topPeople, topTeams } from './store-top.js';

/** A page of a leaderboard. A value that is no longer there shows all values together. */
export async function topOf(context: HandlerContext, board: TopRef): Promise<Card> {
  const { db, organisation, person } = context;
  const month = monthOf(context.clock.now(), organisation.zone);
  const value = board.value === undefined ? undefined : await findValue(db, organisation.id, board.value);
  const { teams = false } = board;
  const offset = Math.min(board.offset, DEEPEST - ROWS);
  const shown = { period: board.period ?? month, month, value, teams, offset };
  const asked = { organisationId: organisation.id, period: shown.period, valueId: value?.id ?? null };
  // One more than the page: whether there is another one.
  const limit = Math.min(offset + ROWS + 1, DEEPEST);
  if (teams) return topCard(shown, await topTeams(db, asked, limit), undefined);
  const [people, off] = await Promise.all([topPeople(db, asked, limit), isOffLeaderboards(db, organisation.id, person.id)]);
  return topCard(shown, people, off ? undefined : await placeOf(db, asked, person.id));
}

const SPANS: ReadonlyMap<string, Span> = new Map([
  ['month', 'month'],
  ['quarter', 'quarter'],
  ['year', 'year'],
]);

/**
 * `/kudos top year #ownership teams`, in any order.
 * @throws BellhopError `recognition.top_unknown` with the values that there are
 */
export async function topVerb(context: HandlerContext, input: CommandInput) {
  const { db, organisation } = context;
  let span: Span = 'month';
  let teams = false;
  const rest: string[] = [];
  for (const token of input.tokens) {
    const word = token.kind === 'word' ? token.text.toLowerCase() : '';
    const named = SPANS.get(word);
    if (named) span = named;
    else if (word === 'teams' || word === 'team') teams = true;
    else if (word !== '' && word !== 'people') rest.push(word);
  }
  const typed = rest.join(' ');
  const values = typed === '' ? [] : await listValues(db, organisation.id);
  const value = findValueByTag(context, values, typed.replace(/^#/, ''));
  const period = periodOf(span, monthOf(context.clock.now(), organisation.zone));
  if (typed !== '' && !value)
    throw new BellhopError('recognition.top_unknown', { typed: words(typed), values: list(values.map(valueName)) });
  return whisper(await topOf(context, { period, teams, offset: 0, ...(value && { value: value.id }) }));
}

export const topActions = [
  action({
    id: 'recognition.top',
    role: 'employee',
    payload: TopRef,
    run: async (context, board) => show(await topOf(context, board), board.anew),
  }),
  action({
    id: 'recognition.top_values',
    role: 'employee',
    payload: TopRef,
    run: async (context, { period, teams = false, offset, anew }) => {
      const values = await listValues(context.db, context.organisation.id);
      const month = monthOf(context.clock.now(), context.organisation.zone);
      return show(topValuesCard(values, period ?? month, teams, offset), anew);
    },
  }),
];
