import { button, type Card } from '../../../core/card.js';
import { shownOf, turnRows } from '../../../core/paging.js';
import { date, join, key, list, person, words } from '../../../core/text.js';
import { addDays } from '../../../people/hours.js';
import { valueName } from '../store-settings.js';
import { footer, to } from './parts.js';
import type { DigestQuote, DigestRow, DigestTotals } from './store-digest.js';

/** A week's kudos of a line manager's people: who got how many, for which values, and a few of the public words. */
export function digestCard(
  week: string,
  totals: DigestTotals,
  rows: readonly DigestRow[],
  quotes: readonly DigestQuote[],
  offset: number,
): Card {
  return {
    summary: digestSummary(totals),
    title: key('recognition.digest.title', { day: date(addDays(week, -7)) }),
    lead: digestLead(totals),
    body: quotes.map(({ words: typed, giver, receiver }) => ({
      kind: 'quote',
      text: words(typed),
      by: key('recognition.digest.by', {
        giver: giver === null ? key('recognition.a_customer') : person(giver),
        receiver: person(receiver),
      }),
    })),
    rows: rows.map((row) => ({
      text: person(row.name),
      detail: join(
        [key('recognition.digest.kudos', { count: row.kudos }), ...(row.values.length > 0 ? [list(row.values.map(valueName))] : [])],
        ' · ',
      ),
    })),
    actions:
      totals.kudos === 0
        ? []
        : [
            ...turnRows(offset, totals.people, (next) => to.digest(week, next)),
            button(key('recognition.seeing.give'), to.give()),
            button(key('recognition.seeing.top'), to.top({ anew: true })),
          ],
    ...footer(shownOf(offset, rows.length, totals.people)),
  };
}

const digestLead = ({ people, kudos }: DigestTotals) =>
  kudos === 0 ? key('recognition.digest.none') : key('recognition.digest.lead', { people, kudos });

/** The digest in one line, in the week after. */
export const digestSummary = ({ people, kudos }: DigestTotals) => key('recognition.digest.summary', { people, kudos });
