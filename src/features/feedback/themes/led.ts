import { button, type Card, type Row } from '../../../core/card.js';
import { ROWS, shownFooter, turnRows } from '../../../core/paging.js';
import { ref } from '../../../core/ref.js';
import { hasRole } from '../../../core/roles.js';
import { instant, join, key, type Text, words } from '../../../core/text.js';
import type { HandlerContext } from '../../../people/handlers.js';
import { type ClauseChangedFor, clausesChangedFor } from '../../handbook/index.js';
import { type DateAbout, datesAbout } from '../../seminars/index.js';
import { sightOf } from '../cases/store-sight.js';
import { saidFooter, saidLine, shortWords } from '../posting/said-parts.js';
import { to } from '../refs.js';
import { findManyFeedback } from '../store-feedback.js';
import { AGENDA_NAME, themeKey } from './agenda-keys.js';
import { namer } from './lines.js';
import { within } from './refs.js';
import { listAbout } from './store-counts.js';
import type { Theme } from './store-themes.js';

/** What followed from a theme: seminars that talked about it and clauses of the handbook that were changed for it. */
export interface Led {
  readonly dates: readonly DateAbout[];
  readonly clauses: readonly ClauseChangedFor[];
  /** Of both. */
  readonly total: number;
}

interface Rows {
  readonly offset: number;
  readonly limit: number;
}

/** A page of what followed from a theme: the clauses behind the seminars, each the latest first. */
async function whereItLed({ db, organisation }: HandlerContext, themeId: string, { offset, limit }: Rows): Promise<Led> {
  const [source, of] = [AGENDA_NAME, themeKey(themeId)];
  const dates = await datesAbout(db, organisation.id, source, of, { offset, limit });
  const paging = { offset: Math.max(0, offset - dates.total), limit: limit - dates.rows.length };
  const clauses = await clausesChangedFor(db, organisation.id, source, of, paging);
  return { dates: dates.rows, clauses: clauses.rows, total: dates.total + clauses.total };
}

/** The latest seminars and the latest clauses, so many of each. */
export async function lastLed({ db, organisation }: HandlerContext, themeId: string, limit: number): Promise<Led> {
  const [source, of, paging] = [AGENDA_NAME, themeKey(themeId), { offset: 0, limit }];
  const [dates, clauses] = await Promise.all([
    datesAbout(db, organisation.id, source, of, paging),
    clausesChangedFor(db, organisation.id, source, of, paging),
  ]);
  return { dates: dates.rows, clauses: clauses.rows, total: dates.total + clauses.total };
}

/** Each with the button that opens it. */
export function ledRows({ role, clock }: HandlerContext, { dates, clauses }: Pick<Led, 'dates' | 'clauses'>): readonly Row[] {
  const now = clock.now();
  const opens = hasRole(role, 'manager');
  return [
    ...dates.map(
      (date): Row => ({
        text: key('feedback.themes.led_date', { seminar: words(date.title), when: instant(date.startsAt, date.zone) }),
        detail: dateText(date, now),
        action: button(key('core.ui.open'), ref('seminars.date', { dateId: date.dateId })),
      }),
    ),
    ...clauses.map((clause): Row => {
      const { asked, signed, version, versionId } = clause;
      return {
        text: key('feedback.themes.led_clause', { clause: clauseName(clause), document: words(clause.title), version }),
        detail: key('feedback.themes.led_signed', { when: instant(clause.publishedAt), signed, asked }),
        ...(opens && { action: button(key('core.ui.open'), ref('handbook.status', { versionId })) }),
      };
    }),
  ];
}

function dateText({ state, startsAt, attended }: DateAbout, now: Date): Text {
  if (state === 'cancelled') return key('feedback.themes.led_cancelled');
  return startsAt > now ? key('feedback.themes.led_coming') : key('feedback.themes.led_attended', { count: attended });
}

const clauseName = ({ number, heading }: ClauseChangedFor): Text => words([number, heading].filter((part) => part !== '').join(' ') || '—');

/** Everything that followed from a theme, a page of it. */
export async function ledCard(context: HandlerContext, theme: Theme, offset: number): Promise<Card> {
  const led = await whereItLed(context, theme.id, { offset, limit: ROWS });
  const rows = ledRows(context, led);
  const lead = key('feedback.themes.led_lead', { theme: nameOf(context, theme), count: led.total });
  return {
    summary: lead,
    title: key('feedback.themes.led_title'),
    lead,
    rows,
    actions: [
      ...turnRows(offset, led.total, (next) => within.led(theme.id, next)),
      button(key('feedback.themes.to_theme'), to.theme(theme.id)),
    ],
    ...shownFooter(offset, rows.length, led.total),
  };
}

/** Pieces of feedback as rows, in the order of their ids. */
export async function saidRows({ db, organisation }: HandlerContext, ids: readonly string[]): Promise<readonly Row[]> {
  const found = await findManyFeedback(db, organisation.id, ids);
  return ids.flatMap((id): Row[] => {
    const said = found.get(id);
    if (!said) return [];
    return [
      {
        text: shortWords(said) ?? saidLine(said),
        detail: join([saidLine(said), saidFooter(said)], ' · '),
        action: button(key('core.ui.open'), to.entry(id)),
      },
    ];
  });
}

/** What customers said about a theme, as far as the reader may read it, a page of it. */
export async function saidAboutCard(context: HandlerContext, theme: Theme, offset: number): Promise<Card> {
  const { db, organisation } = context;
  const { ids, total, more } = await listAbout(db, organisation.id, theme.id, await sightOf(context), { offset, limit: ROWS });
  const said = { theme: nameOf(context, theme), count: total };
  const lead = more ? key('feedback.themes.said_lead_more', said) : key('feedback.themes.said_lead', said);
  return {
    summary: lead,
    title: key('feedback.themes.said_title'),
    lead,
    rows: await saidRows(context, ids),
    actions: [
      ...turnRows(offset, total, (next) => within.said(theme.id, next)),
      button(key('feedback.themes.to_theme'), to.theme(theme.id)),
    ],
    ...shownFooter(offset, ids.length, total, more),
  };
}

const nameOf = ({ reader, organisation }: HandlerContext, theme: Theme): Text => namer(reader.locale, organisation.locale)(theme);
