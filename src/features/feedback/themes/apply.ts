import { job } from '../../../people/handlers.js';
import { ApplyCursor, ApplyJob } from './schema.js';
import { type AppliedTo, applyTheme, nextWordy } from './store-about.js';
import { findTheme } from './store-themes.js';
import { suggestThemes } from './suggest.js';

export const APPLY = 'feedback.theme_apply';

/** A theme's words are applied to what came within so many days. */
const APPLY_DAYS = 90;
const BATCH = 300;

/**
 * Applies the words of a theme to what came lately: what they suggest is added, what they suggested before and no longer do is taken
 * back. What a person has set stays as it is. Cards in channels are left alone: hundreds would be shown anew for what nobody did today.
 */
export const applyJob = job({
  kind: APPLY,
  payload: ApplyJob,
  run: async ({ tx, organisation }, { themeId, until }, cursor) => {
    const theme = await findTheme(tx, organisation.id, themeId);
    if (!theme || theme.retired) return { done: true };
    const end = new Date(until);
    const after: AppliedTo | undefined = ApplyCursor.parse(cursor);
    const entries = await nextWordy(tx, organisation.id, {
      since: new Date(end.getTime() - APPLY_DAYS * 86_400_000),
      until: end,
      limit: BATCH,
      ...(after && { after }),
    });
    const suggested = entries.map(({ id, words }) => ({ id, on: suggestThemes([theme], words).length > 0 }));
    const idsOf = (on: boolean) => suggested.filter((entry) => entry.on === on).map(({ id }) => id);
    await applyTheme(tx, organisation.id, themeId, { on: idsOf(true), off: idsOf(false) });
    const last = entries.at(-1);
    return last && entries.length === BATCH ? { next: { at: last.receivedAt.toISOString(), id: last.id } } : { done: true };
  },
});
