import { whisper } from '../../../core/reply.js';
import { key } from '../../../core/text.js';
import { action } from '../../../people/handlers.js';
import { shown } from '../cases/show.js';
import type { Part } from '../part.js';
import { Offset } from '../schema.js';
import { aboutActions } from './about.js';
import { applyJob } from './apply.js';
import { demandTheme, themeForm } from './editing.js';
import { keepingActions } from './keeping.js';
import { ledCard, saidAboutCard } from './led.js';
import { themesCard } from './list-card.js';
import { ThemeRef, ThemeRows } from './schema.js';
import { themeCard } from './theme-card.js';
import { tryAction, tryForm } from './trying.js';

const list = action({
  id: 'feedback.themes',
  role: 'employee',
  payload: Offset,
  run: async (context, { offset }) => shown(context, await themesCard(context, offset)),
});

const theme = action({
  id: 'feedback.theme',
  role: 'employee',
  payload: ThemeRef,
  run: async (context, { themeId }) => shown(context, await themeCard(context, await demandTheme(context, themeId))),
});

const led = action({
  id: 'feedback.theme_led',
  role: 'employee',
  payload: ThemeRows,
  run: async (context, { themeId, offset }) => shown(context, await ledCard(context, await demandTheme(context, themeId), offset)),
});

const said = action({
  id: 'feedback.theme_said',
  role: 'employee',
  payload: ThemeRows,
  run: async (context, { themeId, offset }) => shown(context, await saidAboutCard(context, await demandTheme(context, themeId), offset)),
});

/** What feedback is about: the list, the words that suggest, corrections, and what followed from it. */
export const themesPart: Part = {
  verbs: [
    {
      name: 'themes',
      role: 'employee',
      describe: key('feedback.verb.themes'),
      run: async (context) => whisper(await themesCard(context, 0)),
    },
  ],
  actions: [list, theme, led, said, tryAction, ...keepingActions, ...aboutActions],
  forms: [themeForm, tryForm],
  jobs: [applyJob],
};
