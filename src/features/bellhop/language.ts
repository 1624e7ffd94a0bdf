import type { Card } from '../../core/card.js';
import { notice } from '../../core/card.js';
import { BellhopError } from '../../core/errors.js';
import { formErrors, type Reply, whisper } from '../../core/reply.js';
import { key, list, plain, words } from '../../core/text.js';
import { recordEvent } from '../../people/audit.js';
import { inTransaction } from '../../people/db.js';
import { form, type HandlerContext } from '../../people/handlers.js';
import { foldName } from '../../people/names.js';
import { LANGUAGE_INPUT, NOTHING } from './schema.js';
import * as store from './store.js';
import { languageName } from './texts.js';

/** The choice that goes back to what the platform tells. */
const AS_PLATFORM = 'auto';

/** The language that somebody typed: by code, or by its name in itself, in English or in the reader's language. */
function readLanguage(typed: string, locales: readonly string[], reader: string): string | undefined {
  const wanted = foldName(typed);
  if (wanted === foldName(AS_PLATFORM)) return AS_PLATFORM;
  return locales.find((locale) => {
    const names = [locale, locale, 'en', reader].map((where, index) =>
      index === 0 ? locale : new Intl.DisplayNames([where], { type: 'language' }).of(locale),
    );
    return names.some((name) => name !== undefined && foldName(name) === wanted);
  });
}

async function save(context: HandlerContext, locale: string | null): Promise<Card> {
  const now = context.clock.now();
  await inTransaction(context.db, async (tx) => {
    await store.setLanguage(tx, context.organisation.id, context.person.id, locale);
    const subject = { organisationId: context.organisation.id, actorId: context.person.id, subjectId: context.person.id };
    await recordEvent(tx, { ...subject, verb: 'person.language_changed', data: { to: locale } }, now);
  });
  if (!locale) return notice(key('bellhop.language.saved_auto'));
  // In the language that was just chosen: the reader of this answer is still the one before.
  const saved = key('bellhop.language.saved', { language: words(languageName(locale)) });
  return notice(words(plain(context.localise(saved, { ...context.reader, locale }))));
}

/** `/bellhop language lv`. Throws `bellhop.language_unknown`, which names those there are. */
export async function chooseLanguage(context: HandlerContext, typed: string, locales: readonly string[]): Promise<Reply> {
  const chosen = readLanguage(typed, locales, context.reader.locale);
  if (!chosen) {
    throw new BellhopError('bellhop.language_unknown', {
      typed: words(typed),
      languages: list(locales.map((locale) => words(`${languageName(locale)} (${locale})`))),
    });
  }
  return whisper(await save(context, chosen === AS_PLATFORM ? null : chosen));
}

export function createLanguageForm(locales: readonly string[]) {
  return form({
    id: 'bellhop.language',
    role: 'employee',
    payload: NOTHING,
    input: LANGUAGE_INPUT,
    build: async (context) => {
      const language = new Intl.Locale(context.person.locale).language;
      const current = locales.includes(context.person.locale) ? context.person.locale : language;
      return {
        title: key('bellhop.language.title'),
        submit: key('bellhop.ui.save'),
        fields: [
          {
            kind: 'choice',
            name: 'language',
            label: key('bellhop.language.label'),
            style: locales.length > 5 ? 'menu' : 'radio',
            options: [
              ...locales.map((locale) => ({ value: locale, label: words(languageName(locale)) })),
              { value: AS_PLATFORM, label: key('bellhop.language.auto') },
            ],
            initial: locales.includes(current) ? current : AS_PLATFORM,
          },
        ],
      };
    },
    submit: async (context, { input }) => {
      if (input.language !== AS_PLATFORM && !locales.includes(input.language)) {
        return formErrors({ language: key('bellhop.errors.language_missing') });
      }
      return whisper(await save(context, input.language === AS_PLATFORM ? null : input.language));
    },
  });
}
