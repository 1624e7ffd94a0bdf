import { z } from 'zod';
import type { Text } from '../core/text.js';
import type { WorkContext } from './handlers.js';

/**
 * What a feature can bring up where people meet. Each feature exports its own from its index.ts; whoever makes an
 * agenda asks all of them and keeps the keys alone, so that what was withdrawn or erased meanwhile is not shown.
 */
export interface AgendaSource {
  /** The feature's name. */
  readonly name: string;
  /** What its items stand under, as a section of their own, on an agenda of this period; without one they stand among the others. */
  readonly heading?: (period: AgendaPeriod) => Text;
  /** What the period would bring up, the most telling first; a handful. */
  readonly suggest: (context: WorkContext, period: AgendaPeriod) => Promise<readonly AgendaSuggestion[]>;
  /**
   * What stands behind keys that were suggested before, as it is now; what is no longer there is left out, and so are the keys of others.
   * @param period what the agenda on which they stand covers, for whatever is counted; without one: what came lately
   */
  readonly find: (context: WorkContext, keys: readonly string[], period?: AgendaPeriod) => Promise<ReadonlyMap<string, AgendaSuggestion>>;
}

/** What an agenda covers: from the meeting before until now, at most until this one. */
export interface AgendaPeriod {
  readonly from: Date;
  /** Not included. */
  readonly to: Date;
  /** The day of the meeting that it begins with, `YYYY-MM-DD` where that was held; undefined: there was none, it is `AGENDA_DAYS` long. */
  readonly since?: string;
}

/** Days that an agenda looks back on where nobody has met before. */
export const AGENDA_DAYS = 30;

/** What came in the days before an instant. */
export const agendaDaysBefore = (to: Date): AgendaPeriod => ({ from: new Date(to.getTime() - AGENDA_DAYS * 86_400_000), to });

export interface AgendaSuggestion {
  /** What it is about, by id: `version:<uuid>`, `clause:<uuid>`, `kudos:<uuid>`. */
  readonly key: string;
  readonly text: Text;
  readonly detail?: Text;
  /** Somebody's own words: shown only once a manager has ticked them. */
  readonly quote: boolean;
}

const Id = z.uuid();

/** The ids of those keys that are of a sort: `version` for `version:<uuid>`. */
export function idsOfKeys(keys: readonly string[], sort: string): readonly string[] {
  const start = `${sort}:`;
  return keys.filter((key) => key.startsWith(start) && Id.safeParse(key.slice(start.length)).success).map((key) => key.slice(start.length));
}
