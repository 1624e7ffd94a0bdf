import { button, type Card, type Row } from '../../../core/card.js';
import { ROWS } from '../../../core/paging.js';
import { formErrors, open, say } from '../../../core/reply.js';
import { key, words } from '../../../core/text.js';
import { action, form, type HandlerContext } from '../../../people/handlers.js';
import { shortened } from '../posting/said-parts.js';
import { to } from '../refs.js';
import { Nothing } from '../schema.js';
import { namer } from './lines.js';
import { within } from './refs.js';
import { TryInput } from './schema.js';
import { loadThemes } from './store-themes.js';
import { explainThemes } from './suggest.js';

/** A form's field holds no more on every platform. */
const MOST_TEXT = 3_000;
const MOST_SHOWN = 600;

export const tryAction = action({ id: 'feedback.theme_try', role: 'employee', payload: Nothing, run: async () => open(within.try()) });

/** "Try these words": which themes something would get, and because of which word. Nothing is kept. */
export const tryForm = form({
  id: 'feedback.theme_try',
  role: 'employee',
  payload: Nothing,
  input: TryInput,
  build: async () => ({
    title: key('feedback.themes.try'),
    submit: key('feedback.themes.try_submit'),
    intro: [{ kind: 'paragraph', text: key('feedback.themes.try_intro') }],
    fields: [{ kind: 'text', name: 'text', label: key('feedback.themes.try_label'), multiline: true, maxLength: MOST_TEXT }],
  }),
  submit: async (context, { input: { text } }) => {
    if (text === '') return formErrors({ text: key('feedback.errors.theme_try_empty') });
    if (text.length > MOST_TEXT) return formErrors({ text: key('feedback.errors.theme_try_long', { most: MOST_TEXT }) });
    return say(await triedCard(context, text));
  },
});

async function triedCard(context: HandlerContext, text: string): Promise<Card> {
  const { db, organisation, reader } = context;
  const themes = await loadThemes(db, organisation.id);
  const name = namer(reader.locale, organisation.locale);
  const found = explainThemes(themes, [text]);
  const lead = found.length === 0 ? key('feedback.themes.tried_none') : key('feedback.themes.tried', { count: found.length });
  const rows = found.flatMap(({ themeId, phrase }): Row[] => {
    const theme = themes.find(({ id }) => id === themeId);
    if (!theme) return [];
    const detail = key('feedback.themes.because', { phrase: words(phrase) });
    return [{ text: name(theme), detail, action: button(key('core.ui.open'), to.theme(themeId)) }];
  });
  return {
    summary: lead,
    title: key('feedback.themes.try'),
    lead,
    body: [{ kind: 'quote', text: words(shortened(text, MOST_SHOWN)) }],
    rows: rows.slice(0, ROWS),
    actions: [button(key('feedback.themes.try_again'), within.try()), button(key('feedback.themes.back'), to.themes())],
  };
}
