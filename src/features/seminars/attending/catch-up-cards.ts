import { button, CARD_LIMITS, type Card } from '../../../core/card.js';
import type { HomeSection } from '../../../core/feature.js';
import { instant, key, list, type Text, words } from '../../../core/text.js';
import type { SeminarDate } from '../model.js';
import { to } from '../refs.js';
import { within } from './refs.js';
import type { CatchUp } from './store-catch-up.js';

const titled = (date: SeminarDate) => ({ title: words(date.title), start: instant(date.startsAt) });

const details = (date: SeminarDate) => button(key('seminars.action.details'), to.date(date.id));

/** The recap for somebody who missed the date, to be confirmed. */
export function recapCard(date: SeminarDate, { dueAt }: Pick<CatchUp, 'dueAt'>, materials: readonly string[], reminder: boolean): Card {
  const lead = reminder
    ? key('seminars.catch_up.reminder', { ...titled(date), due: instant(dueAt) })
    : key('seminars.catch_up.lead', { ...titled(date), due: instant(dueAt) });
  return {
    summary: lead,
    title: words(date.title),
    lead,
    body: [
      { kind: 'heading', text: key('seminars.catch_up.recap') },
      { kind: 'paragraph', text: words(date.recap) },
      ...(materials.length > 0
        ? [
            {
              kind: 'paragraph' as const,
              text: key('seminars.catch_up.materials', { titles: list(materials.map((title) => words(title))) }),
            },
          ]
        : []),
    ],
    actions: [
      button(key('seminars.action.read_recap'), within.readRecap(date.id), { style: 'primary' }),
      ...(materials.length > 0 ? [button(key('seminars.action.afterwards'), to.afterwards(date.id))] : []),
      details(date),
    ],
    footer: key('seminars.catch_up.else'),
  };
}

/** How it ended, or why there is nothing to read. @param next the date that the person was put on */
export function settledCard(date: SeminarDate, catchUp: Pick<CatchUp, 'state' | 'settledAt'>, next: SeminarDate | undefined): Card {
  const lead = settledText(date, catchUp, next);
  return {
    summary: lead,
    title: words(date.title),
    lead,
    ...(date.recap !== '' && catchUp.state !== 'closed' ? { body: [{ kind: 'paragraph' as const, text: words(date.recap) }] } : {}),
    actions: [details(next ?? date)],
  };
}

function settledText(date: SeminarDate, { state, settledAt }: Pick<CatchUp, 'state' | 'settledAt'>, next: SeminarDate | undefined): Text {
  if (state === 'read') return key('seminars.catch_up.read', { ...titled(date), at: instant(settledAt ?? date.endsAt) });
  if (state === 'put_on' && next) return key('seminars.catch_up.put_on', { ...titled(date), next: instant(next.startsAt) });
  // Open without a recap: its host has taken it back, and writes another one.
  if (state === 'waiting' || state === 'open') return key('seminars.catch_up.waiting', titled(date));
  return key('seminars.catch_up.closed', titled(date));
}

/** What is to be read, in App Home and in the welcome. */
export function waitingSection(dates: readonly SeminarDate[], total: number): HomeSection {
  const lead = key('seminars.catch_up.home', { count: total });
  return {
    slot: 'waiting',
    card: {
      summary: lead,
      title: key('seminars.catch_up.home_title'),
      lead,
      rows: dates.slice(0, CARD_LIMITS.rows).map((date) => ({
        text: words(date.title),
        detail: instant(date.startsAt),
        action: button(key('seminars.action.recap'), within.recap(date.id)),
      })),
    },
  };
}
