import type pg from 'pg';
import { words } from '../../src/core/text.js';
import { auditLedger } from '../../src/features/recognition/ledger/store-ledger.js';
import type { Db } from '../../src/people/db.js';
import { newId } from '../../src/people/ids.js';
import { english } from './english.js';
import type { FakeMessage } from './fake-slack/fake-slack.js';
import { buttonsOf, type SlackCompany, type SlackHands, textOf } from './slack-company.js';
import { until } from './until.js';

/** A reward that people of an organisation want. */
export interface Offer {
  readonly organisationId: string;
  readonly rewardId: string;
  readonly name: string;
  /** In points. */
  readonly price: number;
  readonly stock: number;
}

/** Puts a reward into the catalogue and points on everybody's balance, in the database. @param fulfillerExternalId who hands it over */
export async function offerTo(
  db: Db,
  pool: pg.Pool,
  wanted: Pick<Offer, 'name' | 'price' | 'stock'> & {
    readonly needsApproval: boolean;
    readonly fulfillerExternalId: string;
    readonly points: number;
  },
): Promise<Offer> {
  const { name, price, stock, needsApproval, fulfillerExternalId, points } = wanted;
  const { organisationId, personId } = await db.account.findFirstOrThrow({ where: { externalId: fulfillerExternalId } });
  const rewardId = newId(new Date());
  const common = { organisationId, id: rewardId, description: '', emoji: '🎁', currency: 'EUR', audienceKind: 'everyone' as const };
  await db.reward.create({
    data: { ...common, name, price, stock, needsApproval, fulfillerId: personId, createdAt: new Date(), createdById: personId },
  });
  await pool.query(
    `SELECT ledger_post("organisationId", gen_random_uuid(), 'award', now(), NULL, NULL, NULL, 'test', jsonb_build_array(
       jsonb_build_object('kind', 'issued', 'owner', "organisationId", 'amount', -$2::int),
       jsonb_build_object('kind', 'balance', 'owner', id, 'amount', $2::int)))
     FROM person WHERE "organisationId" = $1`,
    [organisationId, points],
  );
  return { organisationId, rewardId, name, price, stock };
}

/** Opens the reward's card by real clicks. @returns the message that shows it, with the button to redeem */
export async function rewardCard(hands: SlackHands): Promise<FakeMessage> {
  const catalogue = await hands.shown(() => hands.command('kudos rewards'));
  await hands.turn(catalogue, 'recognition.reward');
  return catalogue;
}

/** What became of a crowd that redeems the same reward at the same moment. */
export interface Rush {
  readonly redeemed: number;
  readonly soldOut: number;
  /** Who was told neither. */
  readonly unanswered: number;
  /** How long it took until everybody was answered, in ms. */
  readonly ms: number;
}

/** Everybody presses "redeem" at the same moment, each on a card of their own. */
export async function rush({ slack, at }: SlackCompany, people: readonly string[], offer: Offer): Promise<Rush> {
  const [first = ''] = people;
  const shown = await rewardCard(at(first));
  const button = buttonsOf(shown).find(({ action }) => action === 'recognition.redeem');
  if (!button) throw new Error(`There is nothing to redeem: ${textOf(shown)}`);
  const { blocks } = shown;
  const began = performance.now();
  const cards = people.map((id) => ({
    id,
    card: { channel: `D${id.slice(1)}`, ts: slack.stamp(), text: '', blocks, metadata: undefined },
  }));
  await Promise.all(cards.map(({ id, card }) => slack.press(id, card, button.pressed)));
  const sold = english('recognition.errors.reward_sold_out', { reward: words(offer.name) });
  const isRedeemed = (card: FakeMessage) => card.blocks !== blocks;
  const isSoldOut = (id: string) => slack.whispers.some((message) => message.seenBy === id && textOf(message).includes(sold));
  const answered = () => cards.filter(({ id, card }) => isRedeemed(card) || isSoldOut(id)).length;
  await until(() => answered() === people.length, 'Everybody answered', 30_000).catch(() => undefined);
  return {
    redeemed: cards.filter(({ card }) => isRedeemed(card)).length,
    soldOut: cards.filter(({ id, card }) => !isRedeemed(card) && isSoldOut(id)).length,
    unanswered: people.length - answered(),
    ms: Math.round(performance.now() - began),
  };
}

/** What is wrong with an organisation's redemptions of one reward; empty when nothing was lost or doubled. */
export async function redemptionProblems(db: Db, offer: Offer): Promise<readonly string[]> {
  const { organisationId, rewardId, price, stock } = offer;
  const rows = await db.redemption.findMany({ where: { organisationId, rewardId } });
  const kept = rows.filter(({ state }) => state !== 'rejected' && state !== 'cancelled');
  const open = kept.filter(({ state }) => state !== 'fulfilled').length;
  const reward = await db.reward.findUniqueOrThrow({ where: { organisationId_id: { organisationId, id: rewardId } } });
  const movements = await db.ledgerMovement.groupBy({ by: ['kind'], where: { organisationId, redemptionId: { not: null } }, _count: true });
  const moved = (kind: string) => movements.find((row) => row.kind === kind)?._count ?? 0;
  const accounts = await db.ledgerAccount.groupBy({
    by: ['kind'],
    where: { organisationId, kind: { in: ['balance', 'reserved'] } },
    _sum: { balance: true },
    _min: { balance: true },
  });
  const reserved = accounts.find(({ kind }) => kind === 'reserved')?._sum.balance ?? 0;
  const people = new Set(rows.map(({ personId }) => personId));
  const expected: readonly (readonly [string, unknown, unknown])[] = [
    ['people with more than one', people.size, rows.length],
    ['stock', reward.stock, stock - kept.length],
    ['movements redeem', moved('redeem'), rows.length],
    ['movements fulfil', moved('fulfil'), kept.length - open],
    ['movements refund', moved('refund'), rows.length - kept.length],
    ['points put aside', reserved, open * price],
  ];
  return [
    ...(await auditLedger(db, organisationId)),
    ...accounts.filter(({ _min }) => (_min.balance ?? 0) < 0).map(({ kind }) => `somebody’s ${kind} is below zero`),
    ...expected.filter(([, is, should]) => is !== should).map(([what, is, should]) => `${what}: ${is} instead of ${should}`),
  ];
}

/** Messages that Slack has twice of one delivery. */
export function doubledPosts({ slack }: SlackCompany): number {
  const ids = slack.messages.map(({ metadata }) => (metadata as { event_payload?: { id?: string } } | undefined)?.event_payload?.id);
  const known = ids.filter((id) => id !== undefined);
  return known.length - new Set(known).size;
}
