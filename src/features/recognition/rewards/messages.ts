import { button, type Card, type Fact } from '../../../core/card.js';
import { ROWS, shownOf, turnRows } from '../../../core/paging.js';
import type { Block } from '../../../core/rich.js';
import { join, key, money, number, person, select, type Text, words } from '../../../core/text.js';
import type { Reward } from './model.js';
import { to } from './refs.js';

export const pointsText = (points: number): Text => key('recognition.rewards.points', { points });

/** "☕ Coffee for two" */
export const rewardText = (reward: { readonly emoji: string; readonly name: string }): Text => words(`${reward.emoji} ${reward.name}`);

/** "100 points · 3 left" */
function offerText(reward: Reward): Text {
  const stock = reward.stock === null ? 'unlimited' : reward.stock === 0 ? 'out' : 'limited';
  return key('recognition.rewards.offer', { price: reward.price, left: reward.stock ?? 0, stock: select(stock) });
}

/** The rewards that a person can have. */
export function catalogueCard(rewards: readonly Reward[], offset: number, balance: number, manages: boolean): Card {
  const from = offset < rewards.length ? offset : 0;
  const shown = rewards.slice(from, from + ROWS);
  const lead =
    rewards.length === 0
      ? key('recognition.rewards.none', { balance, manages: select(manages ? 'yes' : 'no') })
      : key('recognition.rewards.lead', { balance });
  const footer = shownOf(from, shown.length, rewards.length);
  return {
    summary: lead,
    title: key('recognition.rewards.title'),
    lead,
    rows: shown.map((reward) => ({
      text: rewardText(reward),
      detail: offerText(reward),
      action:
        reward.stock !== 0 && reward.price <= balance
          ? button(key('recognition.rewards.redeem'), to.reward(reward.id), { style: 'primary' })
          : button(key('recognition.rewards.look'), to.reward(reward.id)),
    })),
    actions: [
      ...turnRows(from, rewards.length, to.catalogue),
      button(key('recognition.rewards.mine'), to.mine(0)),
      ...(manages ? [button(key('recognition.rewards.manage'), to.manage(0))] : []),
    ],
    ...(footer && { footer }),
  };
}

function pictureOf(reward: Reward): Block[] {
  return reward.pictureId
    ? [{ kind: 'picture', id: reward.pictureId, alt: key('recognition.reward.picture_alt', { reward: words(reward.name) }) }]
    : [];
}

const description = (reward: Reward): Block[] =>
  reward.description === '' ? [] : [{ kind: 'paragraph', text: words(reward.description) }];

export const moneyFact = (minor: number, currency: string): Fact => ({
  label: key('recognition.reward.money'),
  value: money(minor, currency),
});

/** Why a person can't have a reward now; undefined when nothing is in the way. */
export type Obstacle = { readonly text: Text } | undefined;

/**
 * One reward, before it is redeemed: what it costs, and what remains.
 * @param nonce the card's own: its button redeems once, however often it is pressed
 */
export function rewardCard(
  reward: Reward,
  standing: { readonly balance: number; readonly nonce: string; readonly obstacle: Obstacle; readonly priceChanged: boolean },
): Card {
  const { balance, nonce, obstacle, priceChanged } = standing;
  const asked = obstacle
    ? obstacle.text
    : key(priceChanged ? 'recognition.reward.price_changed' : 'recognition.reward.ask', {
        reward: words(reward.name),
        price: reward.price,
      });
  return {
    summary: asked,
    title: rewardText(reward),
    lead: asked,
    facts: [
      { label: key('recognition.reward.price'), value: pointsText(reward.price) },
      { label: key('recognition.reward.balance'), value: pointsText(balance) },
      ...(obstacle ? [] : [{ label: key('recognition.reward.remains'), value: pointsText(balance - reward.price) }]),
      ...(reward.stock === null ? [] : [{ label: key('recognition.reward.stock_left'), value: number(reward.stock) }]),
      ...(reward.perPersonLimit === null ? [] : [{ label: key('recognition.reward.limit'), value: number(reward.perPersonLimit) }]),
    ],
    body: [...pictureOf(reward), ...description(reward)],
    actions: [
      ...(obstacle
        ? []
        : [
            button(key('recognition.reward.redeem_for', { price: reward.price }), to.redeem(reward.id, reward.price, nonce), {
              style: 'primary',
            }),
          ]),
      button(key('recognition.reward.back'), to.catalogue(0)),
    ],
    ...(reward.needsApproval && { footer: key('recognition.reward.needs_approval') }),
  };
}

/** All rewards, for managers. */
export function manageCard(rewards: readonly Reward[], offset: number, open: number): Card {
  const from = offset < rewards.length ? offset : 0;
  const shown = rewards.slice(from, from + ROWS);
  const used = rewards.filter((reward) => reward.archivedAt === null).length;
  const lead = key('recognition.manage.lead', { used, archived: rewards.length - used });
  const footer = shownOf(from, shown.length, rewards.length);
  return {
    summary: lead,
    title: key('recognition.manage.title'),
    lead,
    rows: shown.map((reward) => ({
      text: rewardText(reward),
      detail: reward.archivedAt ? key('recognition.manage.archived') : offerText(reward),
      action: button(key('recognition.manage.change'), to.managed(reward.id)),
    })),
    actions: [
      button(key('recognition.manage.add'), to.add(), { style: 'primary' }),
      ...turnRows(from, rewards.length, to.manage),
      ...(open > 0 ? [button(key('recognition.manage.open', { count: open }), to.open(0))] : []),
      button(key('recognition.reward.back'), to.catalogue(0)),
    ],
    ...(footer && { footer }),
  };
}

/** One reward as managers keep it. @param lead what has just happened to it */
export function managedCard(reward: Reward, shown: { readonly audience: Text; readonly fulfiller: string; readonly lead?: Text }): Card {
  const lead = shown.lead ?? (reward.archivedAt ? key('recognition.manage.is_archived') : key('recognition.manage.is_offered'));
  return {
    summary: lead,
    title: rewardText(reward),
    lead,
    facts: [
      { label: key('recognition.reward.price'), value: pointsText(reward.price) },
      {
        label: key('recognition.reward.stock_left'),
        value: reward.stock === null ? key('recognition.reward.unlimited') : number(reward.stock),
      },
      {
        label: key('recognition.reward.limit'),
        value: reward.perPersonLimit === null ? key('recognition.reward.no_limit') : number(reward.perPersonLimit),
      },
      { label: key('recognition.reward.audience'), value: shown.audience },
      {
        label: key('recognition.reward.fulfiller'),
        value: reward.needsApproval
          ? join([person(shown.fulfiller), key('recognition.reward.after_approval')], ', ')
          : person(shown.fulfiller),
      },
      ...(reward.moneyMinor === null ? [] : [moneyFact(reward.moneyMinor, reward.currency)]),
    ],
    body: [...pictureOf(reward), ...description(reward)],
    actions: [
      button(key('recognition.manage.edit'), to.edit(reward.id, reward.stock), { style: 'primary' }),
      reward.archivedAt
        ? button(key('recognition.manage.restore'), to.archive(reward.id, false))
        : button(key('recognition.manage.archive'), to.archive(reward.id, true), {
            confirm: {
              title: key('recognition.manage.archive_title'),
              text: key('recognition.manage.archive_text', { reward: words(reward.name) }),
              yes: key('recognition.manage.archive'),
              no: key('core.ui.cancel'),
            },
          }),
      button(key('recognition.manage.all'), to.manage(0)),
    ],
  };
}
