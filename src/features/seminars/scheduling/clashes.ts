import { instant, key, type Text, words } from '../../../core/text.js';
import type { HandlerContext } from '../../../people/handlers.js';
import type { SeriesFields } from './fields.js';
import { hostName } from './series-facts.js';
import { type Besides, findClashes } from './store-preview.js';

/** So many clashes are told one by one. */
const SHOWN = 3;

/** What dates overlap with: other seminars of the same host, or of the same people; nothing where all is well. */
export async function clashNotes(
  { db, organisation }: Pick<HandlerContext, 'db' | 'organisation'>,
  fields: Pick<SeriesFields, 'plan' | 'hostId' | 'audience' | 'track'>,
  dates: readonly { readonly startsAt: Date; readonly endsAt: Date }[],
  besides: Besides,
): Promise<Text[]> {
  const clashes = await findClashes(db, organisation, fields, dates, besides);
  if (clashes.length === 0) return [];
  const host = await hostName(db, organisation, fields.hostId);
  const shown = clashes.slice(0, SHOWN).map((clash) => {
    const params = { at: instant(clash.at, fields.plan.zone), title: words(clash.title), other: instant(clash.startsAt, clash.zone), host };
    if (!clash.sameHost) return key('seminars.draft.clash_people', params);
    return clash.samePeople ? key('seminars.draft.clash_both', params) : key('seminars.draft.clash_host', params);
  });
  const more = clashes.length - SHOWN;
  return [...shown, ...(more > 0 ? [key('seminars.draft.more_clashes', { count: more })] : [])];
}
