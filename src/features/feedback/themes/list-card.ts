import { button, type Card, type Row } from '../../../core/card.js';
import { ROWS, shownFooter, turnRows } from '../../../core/paging.js';
import { hasRole } from '../../../core/roles.js';
import { join, key } from '../../../core/text.js';
import type { HandlerContext } from '../../../people/handlers.js';
import { to } from '../refs.js';
import { NO_TREND, namer, trendText } from './lines.js';
import { within } from './refs.js';
import { countTrends } from './store-counts.js';
import { loadAllThemes } from './store-themes.js';

/** What customers talk about: every theme with its counts; managers find the retired ones behind the others. */
export async function themesCard(context: HandlerContext, offset: number): Promise<Card> {
  const { db, organisation, reader, role, clock } = context;
  const manages = hasRole(role, 'manager');
  const [all, trends] = await Promise.all([loadAllThemes(db, organisation.id), countTrends(db, organisation.id, clock.now())]);
  const themes = all.filter(({ retired }) => manages || !retired);
  const name = namer(reader.locale, organisation.locale);
  const shown = themes.slice(offset, offset + ROWS);
  const used = all.filter(({ retired }) => !retired).length;
  const lead = used === 0 ? key('feedback.themes.none') : key('feedback.themes.lead', { count: used });
  return {
    summary: join([key('feedback.themes.title'), lead], ': '),
    title: key('feedback.themes.title'),
    lead,
    rows: shown.map((theme): Row => {
      const trend = trendText(trends.get(theme.id) ?? NO_TREND);
      return {
        text: name(theme),
        detail: theme.retired ? join([key('feedback.themes.retired'), trend], ' · ') : trend,
        action: button(key('core.ui.open'), to.theme(theme.id)),
      };
    }),
    actions: [
      ...turnRows(offset, themes.length, to.themes),
      ...(manages ? [button(key('feedback.themes.add'), within.add())] : []),
      button(key('feedback.themes.try'), within.try()),
    ],
    ...shownFooter(offset, shown.length, themes.length),
  };
}
