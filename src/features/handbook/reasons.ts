import type { Text } from '../../core/text.js';
import type { AgendaSuggestion } from '../../people/agenda.js';
import type { WorkContext } from '../../people/handlers.js';
import { handbookAgenda, tellsOfVersion } from './agenda.js';
import { listReasons, type NamedClause, type ReasonKey } from './store-reasons.js';

/** So far back features are asked for what came up. */
const LOOK_BACK_MS = 365 * 86_400_000;
/** One version is for so many reasons at most: a card shows them all. */
export const MOST_REASONS = 7;

/** What clauses of a version were changed for, as its feature tells it now. */
export interface Reason extends ReasonKey {
  readonly text: Text;
  readonly clauses: readonly NamedClause[];
}

/** What a version's clauses were changed for. What its feature no longer tells is left out. */
export async function reasonsOf(context: WorkContext, versionId: string): Promise<readonly Reason[]> {
  const stored = await listReasons(context.db, context.organisation.id, versionId);
  const told = await tell(context, stored);
  return stored.flatMap((reason) => {
    const text = told.get(nameOf(reason))?.text;
    return text ? [{ ...reason, text }] : [];
  });
}

/** What there is behind a key now; undefined when its feature no longer tells it, or it is no reason for a change. */
export async function findReason(context: WorkContext, reason: ReasonKey): Promise<AgendaSuggestion | undefined> {
  return (await tell(context, [reason])).get(nameOf(reason));
}

/** What features have brought up in the last twelve months, and this version isn't for yet. */
export async function suggestReasons(
  context: WorkContext,
  had: readonly ReasonKey[],
): Promise<readonly (ReasonKey & Pick<AgendaSuggestion, 'text'>)[]> {
  const to = context.clock.now();
  const from = new Date(to.getTime() - LOOK_BACK_MS);
  const known = new Set(had.map(nameOf));
  const suggested = await Promise.all(
    context.agenda.map(async ({ name, suggest }) =>
      (await suggest(context, { from, to })).map((suggestion) => ({ ...suggestion, source: name })),
    ),
  );
  return suggested.flat().filter((reason) => isReason(reason.source, reason) && !known.has(nameOf(reason)));
}

/** A reason in one word, for menus and maps. No feature's name has a blank. */
export const nameOf = ({ source, key }: ReasonKey): string => `${source} ${key}`;

/** The reason of a name; undefined when there can be none. */
export function reasonOfName(name: string): ReasonKey | undefined {
  const [source = '', ...rest] = name.split(' ');
  return source === '' || rest.length === 0 ? undefined : { source, key: rest.join(' ') };
}

/** Somebody's own words are no reason to be named here, whoever ticked them; nor is it that a version was published. */
const isReason = (source: string, { key, quote }: AgendaSuggestion): boolean =>
  !quote && !(source === handbookAgenda.name && tellsOfVersion(key));

async function tell(context: WorkContext, reasons: readonly ReasonKey[]): Promise<ReadonlyMap<string, AgendaSuggestion>> {
  const told = new Map<string, AgendaSuggestion>();
  for (const source of context.agenda) {
    const keys = reasons.filter((reason) => reason.source === source.name).map(({ key }) => key);
    if (keys.length === 0) continue;
    for (const [key, suggestion] of await source.find(context, keys)) {
      if (isReason(source.name, suggestion)) told.set(nameOf({ source: source.name, key }), suggestion);
    }
  }
  return told;
}
