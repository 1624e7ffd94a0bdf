import { z } from 'zod';
import type { SlackApi } from './api.js';
import { memberProfile, SlackUser } from './directory.js';

/** A form must open within three seconds: names that take longer stay ids. */
const PATIENCE_MS = 600;
/** Whoever mentions more people at once has written a list, not a sentence. */
const MOST_AT_ONCE = 8;
const MOST_KNOWN = 2000;

const Info = z.object({ user: SlackUser });

/** Looks up what people are called, for texts in which Slack tells only their ids. Never throws: who isn't found is left out. */
export type NamesOf = (ids: readonly string[]) => Promise<ReadonlyMap<string, string>>;

export function createNames(api: SlackApi): NamesOf {
  const known = new Map<string, string>();
  const ask = async (id: string): Promise<void> => {
    try {
      const answer = Info.safeParse(await api.call('users.info', true, (client) => client.users.info({ user: id })));
      if (answer.success) known.set(id, memberProfile(answer.data.user, '').name);
    } catch {
      // The id stands in the text as it came.
    }
  };
  return async (ids) => {
    const asked = ids.slice(0, MOST_AT_ONCE);
    if (known.size > MOST_KNOWN) known.clear();
    const missing = asked.filter((id) => !known.has(id));
    if (missing.length > 0) {
      const late = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS).unref());
      await Promise.race([Promise.all(missing.map(ask)), late]);
    }
    return new Map(
      asked.flatMap((id) => [[id, known.get(id)] as const]).filter((entry): entry is [string, string] => entry[1] !== undefined),
    );
  };
}
