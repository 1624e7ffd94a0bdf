/** The name under which feedback brings things to agendas; seminars and the handbook keep it with the keys. */
export const AGENDA_NAME = 'feedback';

/** Sorts of keys. */
export const THEME = 'theme';
export const QUOTE = 'quote';

export const themeKey = (themeId: string): string => `${THEME}:${themeId}`;
export const quoteKey = (feedbackId: string): string => `${QUOTE}:${feedbackId}`;
