import { expect } from 'vitest';
import { person, words } from '../../src/core/text.js';
import { auditLedger } from '../../src/features/recognition/ledger/store-ledger.js';
import type { TestDatabase } from '../support/database.js';
import { english } from '../support/english.js';
import { until } from '../support/until.js';

/** A message as somebody sees it; it may change. */
export interface Shown {
  text(): string;
  /** Where its buttons lead to. */
  actions(): readonly string[];
}

/** What is written into a form, by field. */
export type Typed = Readonly<Record<string, { readonly text: string } | { readonly people: readonly Colleague[] }>>;

/** A form that is open. */
export interface Opened {
  /** What stands in a field of text. */
  standing(field: string): string;
  /** Sends it. @returns the message that it leads to */
  send(typed: Typed): Promise<Shown>;
}

/** Somebody in a real chat window, whatever the platform is. */
export interface Colleague {
  readonly name: string;
  readonly personId: string;
  /** `/kudos` with these words; a colleague among them is mentioned. @returns the answer */
  kudos(...said: readonly (string | Colleague)[]): Promise<Shown>;
  /** `/kudos` alone. */
  kudosForm(): Promise<Opened>;
  /** Presses a button, whose answer takes the message's place. */
  turn(shown: Shown, action: string): Promise<void>;
  /** Presses a button that is answered elsewhere. @returns the answer */
  press(shown: Shown, action: string): Promise<Shown>;
  /** Presses a button that opens a form. */
  open(shown: Shown, action: string): Promise<Opened>;
  /** "Give kudos" at a message that a colleague wrote. */
  giveAtMessage(author: Colleague, words: string): Promise<Opened>;
  /** The newest message with a button that leads there, or with these words. */
  find(what: { readonly action: string } | { readonly words: string }): Promise<Shown>;
}

export interface Office {
  readonly manager: Colleague;
  readonly ana: Colleague;
  readonly ben: Colleague;
  readonly cy: Colleague;
  /** The newest card in the channel for kudos. */
  channelCard(words: string): Promise<Shown>;
  /** Somebody sets a reaction that gives points, or takes it away again. */
  react(added: boolean): Promise<void>;
  /** Whom that reaction gives points to, and how many. */
  readonly reacted: { readonly to: Colleague; readonly points: number };
}

const POINTS = 5;

/** Kudos by text, form, message and reaction, added to and taken back; a reward redeemed, approved and handed over; the figures. */
export async function recognitionStory(office: Office, database: TestDatabase): Promise<void> {
  const { manager, ana, ben, cy, reacted } = office;
  const { db } = database;
  const organisation = await db.organisation.findFirstOrThrow();
  const balance = async (colleague: Colleague) => {
    const row = await db.ledgerAccount.findFirst({ where: { ownerId: colleague.personId, kind: 'balance' } });
    return row?.balance ?? 0;
  };
  const becomes = (colleague: Colleague, points: number, what: string) =>
    until(async () => (await balance(colleague)) === points, `${what}: ${colleague.name} with ${points} points`, 15_000);
  const begin = await balance(ben);

  // By text, with a mention, a value and points.
  const given = await ana.kudos(ben, 'for calming an upset guest #ownership +10');
  expect(given.text()).toContain(english('recognition.given.lead', { people: person(ben.name) }));
  await becomes(ben, begin + 10, 'By text');
  const heard = await ben.find({ words: 'calming an upset guest' });
  expect(heard.text()).toContain(english('recognition.received.title'));

  // A colleague adds theirs at the card in the channel.
  const card = await office.channelCard('calming an upset guest');
  expect(card.text()).toContain(english('recognition.card.title', { people: person(ben.name) }));
  const joined = await cy.press(card, 'recognition.join');
  expect(joined.text()).toContain(english('recognition.join.done', { people: person(ben.name), count: 1, points: POINTS, left: 95 }));
  await becomes(ben, begin + 15, 'Added');
  await until(
    () => card.text().includes(english('recognition.card.joined', { count: 1, people: person(cy.name) })),
    'The card tells who added',
  );

  // By the form, and taken back.
  const form = await ana.kudosForm();
  const second = await form.send({ people: { people: [cy] }, points: { text: '7' }, reason: { text: 'stayed late for a lost parcel' } });
  expect(second.text()).toContain(english('recognition.given.lead', { people: person(cy.name) }));
  await becomes(cy, begin + 7, 'By the form');
  const shownTwo = await office.channelCard('stayed late for a lost parcel');
  await ana.turn(second, 'recognition.take_back');
  expect(second.text()).toContain(english('recognition.given.taken_back', { people: person(cy.name), left: 90 }));
  await becomes(cy, begin, 'Taken back');
  await until(() => shownTwo.text().includes(english('recognition.card.taken_back', { people: person(cy.name) })), 'The channel knows');

  // At a message: its author is thanked, its words are quoted.
  const quoted = await ben.giveAtMessage(ana, 'I have put the order right myself');
  expect(quoted.standing('reason')).toContain('I have put the order right myself');
  await quoted.send({ points: { text: '3' }, reason: { text: 'took the blame for a wrong order' } });
  await becomes(ana, begin + 3, 'At a message');

  // A reaction gives, and takes back.
  const before = await balance(reacted.to);
  await office.react(true);
  await becomes(reacted.to, before + reacted.points, 'By a reaction');
  await office.react(false);
  await becomes(reacted.to, before, 'The reaction taken away');

  // A reward: redeemed, approved, handed over with a code that only its receiver sees.
  const catalogue = await ben.kudos('rewards');
  await ben.turn(catalogue, 'recognition.reward');
  const points = await balance(ben);
  await ben.turn(catalogue, 'recognition.redeem');
  await becomes(ben, points - 40, 'Put aside');
  const asked = await manager.find({ action: 'recognition.redemption_approve' });
  expect(asked.text()).toContain(ben.name);
  await manager.turn(asked, 'recognition.redemption_approve');
  const due = await manager.find({ action: 'recognition.redemption_hand_over' });
  const handing = await manager.open(due, 'recognition.redemption_hand_over');
  await handing.send({ note: { text: 'Enjoy it' }, code: { text: 'SPA-2026-XYZ' } });
  // The card that was redeemed from may offer the code before the news have come: those are waited for.
  const onTheirWay = async () =>
    await db.delivery.count({
      where: { message: 'recognition.redemption', personId: ben.personId, state: { in: ['pending', 'sending'] } },
    });
  await until(async () => (await onTheirWay()) === 0, 'The news of the reward', 15_000);
  const news = await ben.find({ action: 'recognition.redemption_code' });
  expect(news.text()).not.toContain('SPA-2026-XYZ');
  const code = await ben.press(news, 'recognition.redemption_code');
  expect(code.text()).toContain(english('recognition.redemption.code_lead', { reward: words('Spa day') }));
  expect(code.text()).toContain('SPA-2026-XYZ');
  expect(due.text()).not.toContain('SPA-2026-XYZ');

  // The figures.
  const top = await ana.kudos('top');
  expect(top.text()).toContain(ben.name);
  const me = await ben.kudos('me');
  expect(me.text()).toContain(english('recognition.me.title'));
  expect(me.text()).toContain(english('recognition.me.lead', { balance: await balance(ben), left: 97 }));

  expect(await auditLedger(db, organisation.id)).toEqual([]);
  await until(
    async () => (await db.delivery.count({ where: { state: { notIn: ['sent', 'merged', 'dropped'] } } })) === 0,
    'Everything sent',
  );
}
