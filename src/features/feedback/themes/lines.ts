import { key, type Text } from '../../../core/text.js';
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
