import { key, type Text, words } from '../../../core/text.js';
import { themeLabel } from '../labels.js';
import type { ThemeName } from '../model.js';
import type { Trend } from './store-counts.js';

/** Nobody mentioned it. */
export const NO_TREND: Trend = { recent: 0, before: 0 };

/** "▲ 7 in the last 30 days, 2 in the 30 before: more": the sign never alone. */
export function trendText({ recent, before }: Trend): Text {
  if (recent > before) return key('feedback.themes.trend.up', { recent, before });
  if (recent < before) return key('feedback.themes.trend.down', { recent, before });
  return recent === 0 ? key('feedback.themes.trend.none') : key('feedback.themes.trend.same', { recent, before });
}

/** A theme's name for whoever reads in a language. */
export type Namer = (theme: Pick<ThemeName, 'key' | 'names'>) => Text;

export const namer =
  (locale: string, fallback: string): Namer =>
  (theme) =>
    themeLabel(theme, locale, fallback);

/** "March 2027". @param month `YYYY-MM` */
export function monthText(month: string): Text {
  const [year = '', number = ''] = month.split('-');
  return key('feedback.themes.month', { month: { kind: 'select', value: number }, year: words(year) });
}

/** The months up to this one, the latest first, as `YYYY-MM`. @param day `YYYY-MM-DD` */
export function lastMonths(day: string, count: number): readonly string[] {
  const [year = 0, month = 1] = day.split('-').map(Number);
  return Array.from({ length: count }, (_, back) => {
    const index = year * 12 + (month - 1) - back;
    return `${String(Math.floor(index / 12)).padStart(4, '0')}-${String((index % 12) + 1).padStart(2, '0')}`;
  });
}
