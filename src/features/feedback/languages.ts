/** Languages that Bellhop's own words to customers are written in, and that managers' forms have fields for. */
export const WRITTEN = ['en', 'lv'] as const;
export type Written = (typeof WRITTEN)[number];

const LABELS: Readonly<Record<Written, string>> = { en: 'English', lv: 'Latviešu' };

/** The same with their own names, as pages offer them. */
export const LANGUAGES: readonly { readonly locale: string; readonly label: string }[] = WRITTEN.map((locale) => ({
  locale,
  label: LABELS[locale],
}));
