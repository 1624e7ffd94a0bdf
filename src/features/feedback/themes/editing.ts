import { BellhopError } from '../../../core/errors.js';
import type { FormErrors } from '../../../core/form.js';
import { formErrors, say } from '../../../core/reply.js';
import { key, plain, words } from '../../../core/text.js';
import { recordEvent } from '../../../people/audit.js';
import { inTransaction, type Tx } from '../../../people/db.js';
import { form, type HandlerContext } from '../../../people/handlers.js';
import { themeLabel } from '../labels.js';
import { WRITTEN, type Written } from '../languages.js';
import { type ByLanguage, MOST, MOST_THEMES } from '../model.js';
import { foldWords } from './fold.js';
import { readPhrase, readPhrases } from './phrases.js';
import { ThemeInput, ThemeOrNone } from './schema.js';
import { changeTheme, createTheme, findTheme, loadAllThemes, lockThemes, type Theme, type ThemeFields } from './store-themes.js';
import { themeCard } from './theme-card.js';

/** Words and phrases of a theme in one language. */
const MOST_PHRASES = 150;
/** A shorter beginning of a word would be in half of all words. */
const FEWEST_LETTERS = 3;

/** @throws BellhopError `feedback.theme_gone` */
export async function demandTheme({ db, organisation }: HandlerContext, themeId: string): Promise<Theme> {
  const theme = await findTheme(db, organisation.id, themeId);
  if (!theme) throw new BellhopError('feedback.theme_gone');
  return theme;
}

/** A standard theme's name as the catalogue has it. */
function standardName({ localise, organisation }: HandlerContext, themeKey: string | null, language: Written): string | undefined {
  if (themeKey === null) return undefined;
  const label = themeLabel({ key: themeKey, names: {} }, language, language);
  return plain(localise(label, { locale: language, zone: organisation.zone }));
}

function phrasesWrong(phrases: readonly string[]): FormErrors[string] | undefined {
  const long = phrases.find((phrase) => phrase.length > MOST.phrase);
  if (long) return key('feedback.errors.theme_phrase_long', { phrase: words(`${long.slice(0, 40)}…`), most: MOST.phrase });
  const short = phrases.map(readPhrase).find(({ wanted, whole }) => !whole && [...wanted].length < FEWEST_LETTERS);
  if (short) return key('feedback.errors.theme_phrase_short', { phrase: words(short.typed), fewest: FEWEST_LETTERS });
  if (phrases.length > MOST_PHRASES) return key('feedback.errors.theme_phrases_many', { most: MOST_PHRASES });
  return undefined;
}

interface Read extends ThemeFields {
  readonly errors: FormErrors;
}

/** @param current the theme that is changed */
function read(context: HandlerContext, input: ThemeInput, current: Theme | undefined): Read {
  const typed = { en: input.nameEn, lv: input.nameLv };
  const phrases = { en: readPhrases(input.wordsEn), lv: readPhrases(input.wordsLv) };
  // What reads as the catalogue has it is kept there, so that it stays right in every language.
  const own = WRITTEN.filter(
    (language) => typed[language] !== '' && typed[language] !== standardName(context, current?.key ?? null, language),
  );
  // Names in further languages stay as they are.
  const kept = Object.entries(current?.names ?? {}).filter(([language]) => !WRITTEN.some((known) => known === language));
  const names: ByLanguage = Object.fromEntries([...kept, ...own.map((language) => [language, typed[language]])]);
  const errors: Record<string, FormErrors[string]> = {};
  const long = key('feedback.errors.theme_name_long', { most: MOST.themeName });
  if (typed.en.length > MOST.themeName) errors.nameEn = long;
  if (typed.lv.length > MOST.themeName) errors.nameLv = long;
  if (typed.en === '' && typed.lv === '' && !current?.key) errors.nameEn = key('feedback.errors.theme_name_missing');
  const [wrongEn, wrongLv] = [phrasesWrong(phrases.en), phrasesWrong(phrases.lv)];
  if (wrongEn) errors.wordsEn = wrongEn;
  if (wrongLv) errors.wordsLv = wrongLv;
  return { names, patterns: { ...current?.patterns, ...phrases }, errors };
}

/** The names that a theme goes by, folded, the standard ones among them. */
function namesOf(context: HandlerContext, { key: themeKey, names }: Pick<Theme, 'key' | 'names'>): readonly string[] {
  const standard = WRITTEN.flatMap((language) => (names[language] === undefined ? (standardName(context, themeKey, language) ?? []) : []));
  return [...Object.values(names), ...standard].map(foldWords);
}

/** Saves in the list's lock. @returns the theme's id, or what is wrong */
async function save(
  context: HandlerContext,
  tx: Tx,
  themeId: string | undefined,
  fields: ThemeFields,
): Promise<{ readonly id: string } | { readonly errors: FormErrors }> {
  const { organisation, person, clock } = context;
  const now = clock.now();
  await lockThemes(tx, organisation.id);
  const all = await loadAllThemes(tx, organisation.id);
  const current = all.find(({ id }) => id === themeId);
  if (themeId !== undefined && !current) throw new BellhopError('feedback.theme_gone');
  const used = all.filter(({ retired }) => !retired);
  const mine = namesOf(context, { key: current?.key ?? null, names: fields.names });
  const same = used.some((theme) => theme.id !== themeId && namesOf(context, theme).some((name) => mine.includes(name)));
  if (same) return { errors: { nameEn: key('feedback.errors.theme_same_name') } };
  if (!current && used.length >= MOST_THEMES) return { errors: { form: key('feedback.errors.themes_full', { most: MOST_THEMES }) } };
  const position = Math.max(-1, ...all.map((theme) => theme.position)) + 1;
  const id = current?.id ?? (await createTheme(tx, organisation.id, { ...fields, position }, now));
  if (current) await changeTheme(tx, organisation.id, id, fields);
  const event = { verb: 'feedback.theme_saved', organisationId: organisation.id, actorId: person.id, subjectId: id };
  await recordEvent(tx, event, now);
  return { id };
}

/** A theme: its names and the words that suggest it. */
export const themeForm = form({
  id: 'feedback.theme_edit',
  role: 'manager',
  payload: ThemeOrNone,
  input: ThemeInput,
  build: async (context, { themeId }) => {
    const theme = themeId === undefined ? undefined : await demandTheme(context, themeId);
    const name = (language: Written) => theme?.names[language] ?? standardName(context, theme?.key ?? null, language);
    const phrases = (language: Written) => theme?.patterns[language]?.join('\n');
    const initial = (text: string | undefined) => (text === undefined || text === '' ? {} : { initial: text });
    return {
      title: theme ? key('feedback.themes.form.change_title') : key('feedback.themes.form.add_title'),
      submit: key('feedback.themes.form.save'),
      intro: [{ kind: 'paragraph', text: key('feedback.themes.form.intro') }],
      fields: [
        {
          kind: 'text',
          name: 'nameEn',
          label: key('feedback.themes.form.name_en'),
          optional: true,
          maxLength: MOST.themeName,
          ...initial(name('en')),
        },
        {
          kind: 'text',
          name: 'nameLv',
          label: key('feedback.themes.form.name_lv'),
          optional: true,
          maxLength: MOST.themeName,
          ...initial(name('lv')),
        },
        {
          ...{ kind: 'text', name: 'wordsEn', label: key('feedback.themes.form.words_en'), optional: true, multiline: true },
          hint: key('feedback.themes.form.words_hint'),
          maxLength: 3_000,
          ...initial(phrases('en')),
        },
        {
          ...{ kind: 'text', name: 'wordsLv', label: key('feedback.themes.form.words_lv'), optional: true, multiline: true },
          hint: key('feedback.themes.form.words_hint_lv'),
          maxLength: 3_000,
          ...initial(phrases('lv')),
        },
      ],
    };
  },
  submit: async (context, { payload: { themeId }, input }) => {
    const current = themeId === undefined ? undefined : await demandTheme(context, themeId);
    const { errors, ...fields } = read(context, input, current);
    if (Object.keys(errors).length > 0) return formErrors(errors);
    const saved = await inTransaction(context.db, async (tx) => await save(context, tx, themeId, fields));
    if ('errors' in saved) return formErrors(saved.errors);
    return say(await themeCard(context, await demandTheme(context, saved.id), key('feedback.themes.saved')));
  },
});
