import { afterAll, beforeAll, expect, it } from 'vitest';
import { number, words } from '../../src/core/text.js';
import { type BotProcess, startBot, urlOf } from '../support/bot-process.js';
import { useDatabase } from '../support/database.js';
import { english } from '../support/english.js';
import { cardText } from '../support/fake-teams/card-check.js';
import { type TeamsCompany, type TeamsPlace, teamsCompany, wordsOf } from '../support/teams-company.js';
import { until } from '../support/until.js';

// Kudos through the program itself: by text command, from a message, from the message box, by a reaction.

const KUDOS = 'recognition.give_kudos';
const REASON = 'for calming an upset guest';

const database = useDatabase();
let company: TeamsCompany;
let bot: BotProcess;
let place: TeamsPlace;

beforeAll(async () => {
  company = await teamsCompany(3);
  bot = await startBot({ ...company.environment, DATABASE_URL: urlOf(database.connection) });
  company.botUrl = bot.address;
  const { connector, manager, employees } = company;
  const team = connector.addTeam('Store', [manager, ...employees], ['kudos']);
  place = { teamId: team.id, channelId: team.channels[1]?.id ?? '' };
  await company.at(manager).install();
  await company.at(manager).installInTeam(team);
  await company.at(employees[0] ?? manager).install();
  await until(async () => (await database.db.person.count()) === 4, 'Everybody known');
  const shown = await company.at(manager).say('kudos settings');
  await company.at(manager).act(shown, 'recognition.settings_open');
  const channel = await database.db.channel.findFirstOrThrow({ where: { externalId: place.channelId } });
  await company.at(manager).submit(shown, { 'channel.channel': channel.id });
});
afterAll(async () => {
  await bot?.stop();
  expect(company.connector.problems).toEqual([]);
  await company?.stop();
});

/** The cards in the channel, as they stand. */
const inChannel = () => company.connector.messages.filter(({ conversationId }) => conversationId === place.channelId);
const kudosOf = async (count: number) =>
  await until(() => inChannel().length === count && inChannel().at(-1), `${count} kudos in the channel`);
const points = (count: number) => english('recognition.points', { points: count });

it('by a line of text, in the own chat and with mentions in a channel', async () => {
  const [ana, ben, cy] = company.employees;
  if (!ana || !ben || !cy) throw new Error('Three people are needed.');
  const answer = await company.at(ana).say(`kudos ${ben.name} ${REASON}\n#ownership +10`);
  expect(wordsOf(answer)).toContain(english('recognition.given.lead', { people: words(ben.name) }));
  const card = wordsOf(await kudosOf(1));
  for (const shown of [ben.name, REASON.slice(4), points(10), english('recognition.values.ownership')]) expect(card).toContain(shown);

  const mentioned = await company.at(ana).sayIn(place, `kudos @${ben.name} @${cy.name} ${REASON}, twice`, [ben, cy]);
  expect(wordsOf(mentioned)).toContain(ben.name);
  expect(wordsOf(mentioned)).toContain(cy.name);
  expect(wordsOf(await kudosOf(2))).toContain(cy.name);
});

it('from a message, by somebody who has not installed the app: the dialog alone', async () => {
  const [, ben, cy] = company.employees;
  if (!ben || !cy) throw new Error('Three people are needed.');
  cy.installed = false;
  const hands = company.at(cy);
  const dialog = await hands.extension(KUDOS, { ...place, id: '1700000000555', text: 'I stayed with the guest &amp; helped', author: ben });
  expect(JSON.stringify(dialog.card)).toContain('I stayed with the guest & helped');
  expect(JSON.stringify(dialog.card)).toContain(ben.name);
  const wrong = await hands.inDialog(dialog, { 'text.reason': 'short', 'text.points': '1.5' });
  expect(JSON.stringify(wrong.card)).toContain('"value":"short"');
  expect(cardText(wrong.card)).toContain(english('recognition.errors.points_invalid', { most: number(1000) }));
  const done = await hands.inDialog(wrong, { 'text.reason': REASON, 'text.points': '7' });
  expect(cardText(done.card)).toContain(english('recognition.given.lead', { people: words(ben.name) }));
  const again = await hands.inDialog(wrong, { 'text.reason': REASON, 'text.points': '7' });
  expect(again.message).toBe(english('recognition.given.lead', { people: words(ben.name) }));
  expect(wordsOf(await kudosOf(3))).toContain(points(7));
});

it('from the message box, in a chat without the bot', async () => {
  const [ana, , cy] = company.employees;
  if (!ana || !cy) throw new Error('Three people are needed.');
  const dialog = await company.at(ana).extension(KUDOS);
  const done = await company.at(ana).inDialog(dialog, { 'people.people': cy.email, 'text.reason': REASON, 'check.public': 'false' });
  expect(done).toMatchObject({ card: undefined, message: english('recognition.given.lead', { people: words(cy.name) }) });
  // What can still be done about it lies in the own chat.
  expect(wordsOf(await company.at(ana).find('recognition.mend_open'))).toContain(cy.name);
  expect(inChannel()).toHaveLength(3);
});

it('by a reaction at the card, until it is taken away', async () => {
  const [ana] = company.employees;
  const card = inChannel().at(-1);
  if (!ana || !card) throw new Error('There is no card.');
  await company.at(ana).react(card, 'heart');
  await until(() => wordsOf(card).includes(points(12)), 'The points of who joined');
  expect(wordsOf(card)).toContain(ana.name);
  await company.at(ana).react(card, 'heart', false);
  await until(() => !wordsOf(card).includes(ana.name), 'The points taken back');
  await company.at(ana).react(card, 'surprised');
  expect(await database.db.kudosJoin.count({ where: { takenBackAt: null } })).toBe(0);
});
