import { BellhopError } from '../../../core/errors.js';
import { open } from '../../../core/reply.js';
import { key } from '../../../core/text.js';
import { enqueueJob } from '../../../delivery/jobs.js';
import { recordEvent } from '../../../people/audit.js';
import { inTransaction, type Tx } from '../../../people/db.js';
import { action, type HandlerContext } from '../../../people/handlers.js';
import { shown } from '../cases/show.js';
import { MOST_THEMES } from '../model.js';
import { APPLY } from './apply.js';
import { demandTheme } from './editing.js';
import { themesCard } from './list-card.js';
import { within } from './refs.js';
import { ThemeOrNone, ThemeRef } from './schema.js';
import { findTheme, loadAllThemes, lockThemes, orderThemes, retireTheme } from './store-themes.js';
import { themeCard } from './theme-card.js';

const edit = action({
  id: 'feedback.theme_edit',
  role: 'manager',
  payload: ThemeOrNone,
  run: async (context, { themeId }) => {
    if (themeId !== undefined) await demandTheme(context, themeId);
    return open(themeId === undefined ? within.add() : within.edit(themeId));
  },
});

/** Does something about a theme in the list's lock, and notes who did. */
async function keep(context: HandlerContext, themeId: string, verb: string, act: (tx: Tx) => Promise<void>): Promise<void> {
  const { db, organisation, person, clock } = context;
  await inTransaction(db, async (tx) => {
    await lockThemes(tx, organisation.id);
    if (!(await findTheme(tx, organisation.id, themeId))) throw new BellhopError('feedback.theme_gone');
    await act(tx);
    await recordEvent(tx, { organisationId: organisation.id, actorId: person.id, verb, subjectId: themeId }, clock.now());
  });
}

const retire = action({
  id: 'feedback.theme_retire',
  role: 'manager',
  payload: ThemeRef,
  run: async (context, { themeId }) => {
    const { organisation, clock } = context;
    await keep(context, themeId, 'feedback.theme_retired', async (tx) => await retireTheme(tx, organisation.id, themeId, clock.now()));
    return shown(context, await themeCard(context, await demandTheme(context, themeId)));
  },
});

const restore = action({
  id: 'feedback.theme_restore',
  role: 'manager',
  payload: ThemeRef,
  run: async (context, { themeId }) => {
    const { organisation } = context;
    await keep(context, themeId, 'feedback.theme_restored', async (tx) => {
      const used = (await loadAllThemes(tx, organisation.id)).filter(({ id, retired }) => !retired && id !== themeId);
      if (used.length >= MOST_THEMES) throw new BellhopError('feedback.themes_full', { most: MOST_THEMES });
      await retireTheme(tx, organisation.id, themeId, null);
    });
    return shown(context, await themeCard(context, await demandTheme(context, themeId), key('feedback.themes.restored')));
  },
});

const up = action({
  id: 'feedback.theme_up',
  role: 'manager',
  payload: ThemeRef,
  run: async (context, { themeId }) => {
    const { organisation } = context;
    await keep(context, themeId, 'feedback.theme_moved', async (tx) => {
      const ids = (await loadAllThemes(tx, organisation.id)).map(({ id }) => id);
      const at = ids.indexOf(themeId);
      if (at <= 0) return;
      await orderThemes(tx, organisation.id, ids.toSpliced(at - 1, 2, themeId, ids[at - 1] ?? themeId));
    });
    return shown(context, await themesCard(context, 0));
  },
});

const apply = action({
  id: 'feedback.theme_apply',
  role: 'manager',
  payload: ThemeRef,
  run: async (context, { themeId }) => {
    const { db, organisation, clock } = context;
    const theme = await demandTheme(context, themeId);
    if (theme.retired) throw new BellhopError('feedback.theme_gone');
    const now = clock.now();
    const job = { organisationId: organisation.id, kind: APPLY, payload: { themeId, until: now.toISOString() }, dueAt: now };
    await inTransaction(db, async (tx) => await enqueueJob(tx, { ...job, subjectKey: `${APPLY}:${themeId}:${now.getTime()}` }, now));
    return shown(context, await themeCard(context, theme, key('feedback.themes.applying')));
  },
});

export const keepingActions = [edit, retire, restore, up, apply];
