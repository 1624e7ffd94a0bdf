import { type ButtonAction, button, type Card, type Fact } from '../../../core/card.js';
import { ROWS, shownOf, turnRows } from '../../../core/paging.js';
import type { Block } from '../../../core/rich.js';
import { instant, key, person, select, type Text, words } from '../../../core/text.js';
import { moneyFact, pointsText } from './messages.js';
import type { Redemption, RedemptionState } from './model.js';
import { isClosed } from './model.js';
import { to } from './refs.js';

const titleOf = (redemption: Redemption): Text => words(`${redemption.emoji} ${redemption.rewardName}`);

/** "Waits for approval", "handed over". */
const stateText = (redemption: Redemption): Text => key('recognition.redemption.state', { state: select(redemption.state) });

const OWN_LEADS: Readonly<Record<RedemptionState, string>> = {
  requested: 'recognition.redemption.own_requested',
  approved: 'recognition.redemption.own_approved',
  fulfilled: 'recognition.redemption.own_fulfilled',
  rejected: 'recognition.redemption.own_rejected',
  cancelled: 'recognition.redemption.own_cancelled',
};

function wordsOf(redemption: Redemption): Block[] {
  if (!redemption.words) return [];
  const by = redemption.closedByName === null ? undefined : person(redemption.closedByName);
  return [{ kind: 'quote', text: words(redemption.words), ...(by && { by }) }];
}

/** A redemption as its own person sees it. The code is behind a button. */
export function ownCard(redemption: Redemption): Card {
  const { id, price, state } = redemption;
  const lead = key(OWN_LEADS[state], { reward: words(redemption.rewardName), price, person: person(redemption.fulfillerName) });
  return {
    summary: lead,
    title: titleOf(redemption),
    lead,
    facts: [
      { label: key('recognition.reward.price'), value: pointsText(price) },
      { label: key('recognition.redemption.requested_at'), value: instant(redemption.requestedAt) },
    ],
    body: wordsOf(redemption),
    actions: [
      ...(redemption.hasCode ? [button(key('recognition.redemption.show_code'), to.code(id), { style: 'primary' })] : []),
      ...(isClosed(state)
        ? []
        : [
            button(key('recognition.redemption.cancel'), to.cancel(id), {
              confirm: {
                title: key('recognition.redemption.cancel_title'),
                text: key('recognition.redemption.cancel_text', { price }),
                yes: key('recognition.redemption.cancel'),
                no: key('recognition.redemption.keep'),
              },
            }),
          ]),
      button(key('recognition.rewards.mine'), to.mine(0)),
    ],
  };
}

/** The code of a reward, for its receiver alone. */
export function codeCard(redemption: Redemption, code: string): Card {
  const lead = key('recognition.redemption.code_lead', { reward: words(redemption.rewardName) });
  return {
    summary: lead,
    title: titleOf(redemption),
    lead,
    body: [{ kind: 'rich', blocks: [{ kind: 'preformatted', text: code }] }],
    footer: key('recognition.redemption.code_footer'),
  };
}

/** What a person has redeemed, the newest first. */
export function mineCard(rows: readonly Redemption[], offset: number, total: number): Card {
  const lead = key('recognition.redemption.mine_lead', { count: total });
  const footer = shownOf(offset, rows.length, total);
  return {
    summary: lead,
    title: key('recognition.rewards.mine'),
    lead,
    rows: rows.map((redemption) => ({
      text: titleOf(redemption),
      detail: key('recognition.redemption.mine_row', {
        price: redemption.price,
        state: stateText(redemption),
        at: instant(redemption.requestedAt),
      }),
      action: button(key('core.ui.open'), to.own(redemption.id)),
    })),
    actions: [...turnRows(offset, total, to.mine), button(key('recognition.reward.back'), to.catalogue(0))],
    ...(footer && { footer }),
  };
}

/** What the one who looks may do. */
export interface May {
  readonly decide: boolean;
  readonly handOver: boolean;
}

const STAFF_LEADS: Readonly<Record<RedemptionState, string>> = {
  requested: 'recognition.redemption.staff_requested',
  approved: 'recognition.redemption.staff_approved',
  fulfilled: 'recognition.redemption.staff_fulfilled',
  rejected: 'recognition.redemption.staff_rejected',
  cancelled: 'recognition.redemption.staff_cancelled',
};

function staffButtons({ id, state }: Redemption, may: May): ButtonAction[] {
  if (state === 'requested' && may.decide) {
    return [
      button(key('recognition.redemption.approve'), to.approve(id), { style: 'primary' }),
      button(key('recognition.redemption.reject'), to.refuse(id, state)),
      button(key('recognition.away.open'), to.away()),
    ];
  }
  if (state !== 'approved') return [];
  return [
    ...(may.handOver ? [button(key('recognition.redemption.hand_over'), to.handOver(id), { style: 'primary' })] : []),
    ...(may.handOver || may.decide ? [button(key('recognition.redemption.cancel'), to.refuse(id, state))] : []),
  ];
}

/** A redemption as those see it who decide about it and hand it over. It never shows a code. */
export function staffCard(redemption: Redemption, may: May): Card {
  const lead = key(STAFF_LEADS[redemption.state], {
    person: person(redemption.personName),
    reward: words(redemption.rewardName),
    price: redemption.price,
    fulfiller: person(redemption.fulfillerName),
    by: person(redemption.closedByName ?? redemption.decidedByName ?? ''),
    known: select(redemption.closedByName || redemption.decidedByName ? 'yes' : 'no'),
  });
  const facts: Fact[] = [
    { label: key('recognition.redemption.who'), value: person(redemption.personName) },
    { label: key('recognition.reward.price'), value: pointsText(redemption.price) },
    ...(redemption.moneyMinor === null ? [] : [moneyFact(redemption.moneyMinor, redemption.currency)]),
    { label: key('recognition.redemption.requested_at'), value: instant(redemption.requestedAt) },
    ...(redemption.decidedAt && redemption.decidedByName !== null && redemption.state !== 'requested'
      ? [{ label: key('recognition.redemption.decided_by'), value: person(redemption.decidedByName) }]
      : []),
  ];
  return {
    summary: lead,
    title: titleOf(redemption),
    lead,
    facts,
    // What came with a reward is between the one who hands it over and the one who gets it.
    body: redemption.state === 'fulfilled' ? [] : wordsOf(redemption),
    actions: staffButtons(redemption, may),
  };
}

const staffRow = (redemption: Redemption) => ({
  text: key('recognition.redemption.open_row', { person: person(redemption.personName), reward: titleOf(redemption) }),
  detail: key('recognition.redemption.mine_row', {
    price: redemption.price,
    state: stateText(redemption),
    at: instant(redemption.requestedAt),
  }),
  action: button(key('core.ui.open'), to.handle(redemption.id)),
});

/** What waits for a decision or to be handed over, the oldest first. */
export function openCard(rows: readonly Redemption[], offset: number, total: number): Card {
  const lead = key('recognition.redemption.open_lead', { count: total });
  const footer = shownOf(offset, rows.length, total);
  return {
    summary: lead,
    title: key('recognition.redemption.open_title'),
    lead,
    rows: rows.map(staffRow),
    actions: [...turnRows(offset, total, to.open), button(key('recognition.away.open'), to.away())],
    ...(footer && { footer }),
  };
}

/** What waits for one person, on App Home. */
export function waitingCard(waiting: readonly Redemption[]): Card {
  const lead = key('recognition.redemption.waiting_lead', { count: waiting.length });
  return {
    summary: lead,
    title: key('core.home.waiting'),
    lead,
    rows: waiting.slice(0, ROWS).map(staffRow),
    actions: waiting.length > ROWS ? [button(key('recognition.redemption.see_open'), to.open(0))] : [],
  };
}
