import { key, plain } from '../../core/text.js';
import { inTransaction } from '../../people/db.js';
import type { WorkContext } from '../../people/handlers.js';
import { WRITTEN } from './languages.js';
import type { QuestionKind } from './model.js';
import { addDefaults, hasDefaults } from './store-defaults.js';
import { DEFAULT_DUE, DEFAULT_LADDER } from './store-settings.js';
import { STANDARD_THEMES } from './themes/standard.js';

export { STANDARD_THEMES } from './themes/standard.js';

export const STANDARD_QUESTIONS: readonly { readonly key: string; readonly kind: QuestionKind }[] = [
  { key: 'courtesy', kind: 'five' },
  { key: 'helpfulness', kind: 'five' },
  { key: 'waiting', kind: 'five' },
  { key: 'overall', kind: 'five' },
  { key: 'recommend', kind: 'nps' },
  { key: 'went_well', kind: 'open' },
  { key: 'do_better', kind: 'open' },
];

/**
 * Makes what feedback begins with, once for an organisation: settings, questions, themes, the text that customers agree to, and a
 * survey page. Managers change all of it. Safe to repeat, and cheap.
 */
export async function ensureDefaults(context: WorkContext): Promise<void> {
  const { db, organisation, clock, localise } = context;
  if (await hasDefaults(db, organisation.id)) return;
  const now = clock.now();
  const consent = Object.fromEntries(
    WRITTEN.map((locale) => [locale, plain(localise(key('feedback.consent.text'), { locale, zone: organisation.zone }))]),
  );
  const settings = { dueMinutes: DEFAULT_DUE, ladder: DEFAULT_LADDER };
  await inTransaction(db, async (tx) => {
    await addDefaults(tx, organisation, { settings, questions: STANDARD_QUESTIONS, themes: STANDARD_THEMES, consent }, now);
  });
}
