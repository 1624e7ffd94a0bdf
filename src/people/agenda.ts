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
  /** Its items stand under it, as a section of their own; without one they stand among the others. */
  readonly heading?: Text;
  /** What the period would bring up, the most telling first; a handful. */
  readonly suggest: (context: WorkContext, period: AgendaPeriod) => Promise<readonly AgendaSuggestion[]>;
  /** What stands behind keys that were suggested before, as it is now; what is no longer there is left out, and so are the keys of others. */
  readonly find: (context: WorkContext, keys: readonly string[]) => Promise<ReadonlyMap<string, AgendaSuggestion>>;
}

export interface AgendaPeriod {
  readonly from: Date;
  /** Not included. */
  readonly to: Date;
}

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
