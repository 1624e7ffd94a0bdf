import { type Action, button, type Card, type Row } from '../../../core/card.js';
import { ROWS, shownOf, turnRows } from '../../../core/paging.js';
import { date, join, key, list, person, type Text, words } from '../../../core/text.js';
import type { Kudos } from '../model.js';
import { valueName } from '../store-settings.js';
import { footer, to } from './parts.js';
import type { Counts, HistoryRow, Standing, Totals } from './store-me.js';

/** What every page of "my kudos" needs: the day that an instant falls on for the reader. */
export type DayOf = (at: Date) => string;

export interface MyNumbers {
  readonly standing: Standing;
  readonly totals: Totals;
  readonly off: boolean;
}

/** Balance, what is left to give, what was received and given, and the movements behind it; later pages have only these. */
export function meCard(numbers: MyNumbers, history: readonly HistoryRow[], total: number, offset: number, dayOf: DayOf): Card {
  const lead = leadOf(numbers.standing);
  return {
    summary: lead,
    title: key('recognition.me.title'),
    lead,
    ...(offset === 0 ? { facts: factsOf(numbers) } : {}),
    rows: history.map((row) => historyRow(row, dayOf)),
    actions: [
      ...turnRows(offset, total, (next) => to.me('points', next)),
      button(key('recognition.seeing.give'), to.give(), { style: 'primary' }),
      button(key('recognition.seeing.rewards'), to.rewards()),
      button(key('recognition.me.see_given'), to.me('given', 0)),
      button(key('recognition.seeing.top'), to.top({ anew: true })),
      choiceButton(numbers.off),
    ],
    ...footer(shownOf(offset, history.length, total) ?? (numbers.off ? key('recognition.me.off') : undefined)),
  };
}

function leadOf({ balance, left, reserved }: Standing): Text {
  return reserved > 0 ? key('recognition.me.lead_reserved', { balance, left, reserved }) : key('recognition.me.lead', { balance, left });
}

function factsOf({ totals }: MyNumbers): Card['facts'] {
  const counts = ({ kudos, points }: Counts) => key('recognition.me.counts', { kudos, points });
  return [
    { label: key('recognition.me.received'), value: counts(totals.received) },
    { label: key('recognition.me.given'), value: counts(totals.given) },
    { label: key('recognition.me.received_in_all'), value: counts(totals.receivedInAll) },
    { label: key('recognition.me.given_in_all'), value: counts(totals.givenInAll) },
  ];
}

function choiceButton(off: boolean): Action {
  if (off) return button(key('recognition.me.return'), to.leaderboards(false));
  return button(key('recognition.me.leave'), to.leaderboards(true));
}

function historyRow(row: HistoryRow, dayOf: DayOf): Row {
  return {
    text: movementText(row),
    detail: detailOf(row.state === 'given' || row.state === null ? row.words : null, row.value, date(dayOf(row.at))),
  };
}

/** Somebody's words, the value, the day: what there is of it. What was taken back or taken down is not repeated. */
function detailOf(typed: string | null, value: HistoryRow['value'], day: Text): Text {
  return join([...(typed ? [words(typed)] : []), ...(value ? [valueName(value)] : []), day], ' · ');
}

function movementText({ kind, code, amount, actor, source, state, reward }: HistoryRow): Text {
  const points = Math.abs(amount);
  const who = person(actor ?? '');
  switch (kind) {
    case null:
      return source === 'customer'
        ? key('recognition.me.row_customer', { points })
        : key('recognition.me.row_give', { points, person: who });
    case 'give':
      return key('recognition.me.row_give', { points, person: who });
    case 'join':
      return key('recognition.me.row_join', { points, person: who });
    case 'award':
      return source === 'customer' ? key('recognition.me.row_customer', { points }) : awardText(code, points);
    case 'take_back':
      if (code === 'award_taken_back') return key('recognition.me.row_award_back', { points });
      return state === 'removed'
        ? key('recognition.me.row_removed', { points })
        : key('recognition.me.row_taken_back', { points, person: who });
    case 'redeem':
      return key('recognition.me.row_redeemed', { points, reward: words(reward ?? '') });
    case 'refund':
      return key('recognition.me.row_refunded', { points, reward: words(reward ?? '') });
    case 'correction':
      return amount < 0
        ? key('recognition.me.row_corrected_down', { points, person: who })
        : key('recognition.me.row_corrected_up', { points, person: who });
  }
}

/** Points that Bellhop gave, by the ledger's code of what they are for. */
function awardText(code: string | null, points: number): Text {
  switch (code) {
    case 'seminar_attended':
      return key('recognition.me.row_attended', { points });
    case 'seminar_hosted':
      return key('recognition.me.row_hosted', { points });
    default:
      return key('recognition.me.row_award', { points });
  }
}

/** What a person gave, the newest first. */
export function givenCard(
  given: readonly Kudos[],
  total: number,
  offset: number,
  nameOf: (id: string) => string,
  dayOf: DayOf,
  left: number,
): Card {
  const lead = total === 0 ? key('recognition.me.given_none', { left }) : key('recognition.me.given_lead', { count: total, left });
  return {
    summary: lead,
    title: key('recognition.me.given_title'),
    lead,
    rows: given.slice(0, ROWS).map((kudos) => ({
      text: givenText(kudos, namesOf(kudos.receiverIds.map(nameOf))),
      detail: detailOf(kudos.words, kudos.value, date(dayOf(kudos.createdAt))),
      // The card that was answered with may be gone from the chat: from here it is mended, or taken back.
      ...(kudos.source === 'peer' && { action: button(key('core.ui.open'), to.given(kudos.id)) }),
    })),
    actions: [
      ...turnRows(offset, total, (next) => to.me('given', next)),
      button(key('recognition.seeing.give'), to.give(), { style: 'primary' }),
      button(key('recognition.seeing.mine'), to.me('points', 0)),
    ],
    ...footer(shownOf(offset, given.length, total)),
  };
}

/** Two are named; of more the first one: the row of a card is short. */
function namesOf(unsorted: readonly string[]): Text {
  const names = [...unsorted].sort((a, b) => a.localeCompare(b));
  const shown = names.length > 2 ? names.slice(0, 1) : names;
  const more = names.length - shown.length;
  return list([...shown.map(person), ...(more > 0 ? [key('recognition.more', { more })] : [])]);
}

function givenText(kudos: Kudos, people: Text): Text {
  if (kudos.source === 'customer') return key('recognition.me.row_given_customer', { people });
  const { points, receiverIds } = kudos;
  return key('recognition.me.row_given', { people, points, receivers: receiverIds.length });
}

/** The part of App Home: short, with one line of the last thanks. */
export function homeCard(
  standing: Standing,
  last: { readonly from: Text; readonly words: string; readonly day: string } | undefined,
): Card {
  const lead = leadOf(standing);
  return {
    summary: lead,
    title: key('recognition.home.title'),
    lead,
    ...(last
      ? {
          facts: [
            {
              label: key('recognition.home.last'),
              value: join([last.from, ...(last.words ? [words(last.words)] : []), date(last.day)], ' · '),
            },
          ],
        }
      : {}),
    actions: [
      button(key('recognition.seeing.give'), to.give(), { style: 'primary' }),
      button(key('recognition.seeing.mine'), to.me('points', 0, true)),
      button(key('recognition.seeing.rewards'), to.rewards()),
    ],
  };
}
