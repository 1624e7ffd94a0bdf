import { afterAll, beforeAll, expect, it } from 'vitest';
import { type BotProcess, startBot, urlOf } from '../support/bot-process.js';
import { useDatabase } from '../support/database.js';
import type { Json } from '../support/fake-slack/directory-answers.js';
import type { FakeMessage } from '../support/fake-slack/fake-slack.js';
import { offerTo } from '../support/redeeming.js';
import { buttonsOf, MANAGER, nameOf, type SlackCompany, slackCompany, textOf, untouched } from '../support/slack-company.js';
import { until } from '../support/until.js';
import { type Colleague, type Office, type Opened, recognitionStory, type Shown, type Typed } from './recognition-story.js';
import { everybodyKnown } from './slack-story.js';

const database = useDatabase();
let company: SlackCompany;
let bot: BotProcess;

beforeAll(async () => {
  company = await slackCompany(4);
  bot = await startBot({ ...company.environment, DATABASE_URL: urlOf(database.connection) });
  company.slack.botUrl = bot.address;
  await everybodyKnown(company, database);
});
afterAll(async () => {
  await bot?.stop();
  await company?.stop();
});

interface Seen extends Shown {
  readonly message: FakeMessage;
}
interface SlackColleague extends Colleague {
  readonly slackId: string;
}

const seen = (message: FakeMessage): Seen => ({
  message,
  text: () => textOf(message),
  actions: () => buttonsOf(message).map(({ action }) => action),
});
const messageOf = (shown: Shown): FakeMessage => (shown as Seen).message;
const idOf = (colleague: Colleague): string => (colleague as SlackColleague).slackId;

async function colleague(slackId: string, name: string): Promise<SlackColleague> {
  const { slack } = company;
  const hands = company.at(slackId);
  const { personId } = await database.db.account.findFirstOrThrow({ where: { externalId: slackId } });
  const opened = (view: Json): Opened => ({
    standing: (field) => String((untouched(view)[field] as { value?: string } | undefined)?.value ?? ''),
    send: async (typed) => {
      const before = new Map(hands.seen.map((message) => [message, message.blocks]));
      const { status, body } = await hands.submit(view, stateOf(typed));
      expect([status, JSON.stringify(body ?? '').includes('errors')]).toEqual([200, false]);
      return seen(await until(() => hands.seen.find((message) => before.get(message) !== message.blocks), `What ${name} sent`));
    },
  });
  // What is due comes into the own chat at any moment; an answer is whispered.
  const whispered = async (act: () => Promise<unknown>) => {
    const before = new Set(slack.whispers);
    await act();
    return seen(await until(() => slack.whispers.find((one) => one.seenBy === slackId && !before.has(one)), `An answer to ${name}`));
  };
  return {
    name,
    personId,
    slackId,
    kudos: async (...said) => {
      const text = said.map((part) => (typeof part === 'string' ? part : `<@${idOf(part)}|${part.name}>`)).join(' ');
      return await whispered(() => slack.command(slackId, '/kudos', text));
    },
    kudosForm: async () => opened(await hands.opened((more) => slack.command(slackId, '/kudos', '', more))),
    turn: async (shown, action) => await hands.turn(messageOf(shown), action),
    press: async (shown, action) => await whispered(() => hands.press(messageOf(shown), action)),
    open: async (shown, action) => opened(await hands.opened((more) => hands.press(messageOf(shown), action, undefined, more))),
    giveAtMessage: async (author, text) => {
      const message = { channel: 'C0TEAM', ts: slack.stamp(), text, user: idOf(author) };
      return opened(await hands.opened((more) => slack.messageShortcut(slackId, 'recognition.give_kudos', message, more)));
    },
    find: async (what) =>
      seen(
        'action' in what
          ? await hands.find(what.action)
          : await until(() => hands.seen.findLast((message) => textOf(message).includes(what.words)), `“${what.words}” for ${name}`),
      ),
  };
}

function stateOf(typed: Typed): Record<string, Json> {
  return Object.fromEntries(
    Object.entries(typed).map(([field, value]) => [
      field,
      'text' in value ? { value: value.text } : { selected_users: value.people.map(idOf) },
    ]),
  );
}

it('Slack over HTTP: kudos by text, form, message and reaction, a reward with a code, the figures', async () => {
  const { slack, employees } = company;
  const { db, pool } = database;
  const [ana, ben, cy] = await Promise.all(employees.slice(0, 3).map((id, index) => colleague(id, nameOf(index))));
  if (!ana || !ben || !cy) throw new Error('Three colleagues are needed.');
  const channel = await until(
    async () => (await db.channel.findFirst({ where: { externalId: 'C0TEAM' } })) ?? undefined,
    'The channel known',
  );
  await db.recognitionSettings.create({ data: { organisationId: channel.organisationId, channelId: channel.id } });
  await offerTo(db, pool, { name: 'Spa day', price: 40, stock: 3, points: 100, needsApproval: true, fulfillerExternalId: MANAGER });
  const written = { channel: 'C0TEAM', ts: slack.stamp() };
  const office: Office = {
    ...{ ana, ben, cy, manager: await colleague(MANAGER, 'Ann Ozola') },
    channelCard: async (text) =>
      seen(
        await until(() => slack.messages.find((one) => one.channel === 'C0TEAM' && textOf(one).includes(text)), `“${text}” in the channel`),
      ),
    react: async (added) => {
      await slack.react(cy.slackId, 'bellhop_bell', written.channel, written.ts, added, ben.slackId);
    },
    reacted: { to: ben, points: 5 },
  };
  await recognitionStory(office, database);
  const refused = slack.calls.filter(({ answer }) => answer.ok !== true && answer.error !== undefined);
  expect(refused.map(({ method, answer }) => [method, answer])).toEqual([]);
  expect(bot.errors()).toEqual([]);
}, 120_000);
