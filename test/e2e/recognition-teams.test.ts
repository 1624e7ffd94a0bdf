import { afterAll, beforeAll, expect, it } from 'vitest';
import { type BotProcess, freePort, startBot, urlOf } from '../support/bot-process.js';
import { useDatabase } from '../support/database.js';
import { activities } from '../support/fake-teams/activities.js';
import { type CardInput, cardButtons, cardInputs, cardProblems } from '../support/fake-teams/card-check.js';
import { BOT_ID, type FakeMessage, type FakePerson } from '../support/fake-teams/connector.js';
import { offerTo } from '../support/redeeming.js';
import { cardOf, type TeamsCompany, teamsButtons, teamsCompany, wordsOf } from '../support/teams-company.js';
import { until } from '../support/until.js';
import { type Colleague, type Office, type Opened, recognitionStory, type Shown, type Typed } from './recognition-story.js';

const KUDOS = 'recognition.give_kudos';
const database = useDatabase();
let company: TeamsCompany;
let bot: BotProcess;
let make: ReturnType<typeof activities>;
/** Where an activity of the channel for kudos happens. */
let inChannel: object;

beforeAll(async () => {
  company = await teamsCompany(3);
  make = activities(company.connector);
  const port = String(await freePort());
  bot = await startBot({
    ...company.environment,
    PORT: port,
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    DATABASE_URL: urlOf(database.connection),
  });
  company.botUrl = bot.address;
  const everybody = [company.manager, ...company.employees];
  for (const person of everybody) await company.at(person).install();
  const team = company.connector.addTeam('Store', everybody, ['kudos']);
  await company.at(company.manager).installInTeam(team);
  const [, channel] = team.channels;
  inChannel = make.inChannel(team.id, channel?.id ?? '');
  await until(async () => (await database.db.channel.count({ where: { name: 'Store › kudos' } })) === 1, 'The channel known');
});
afterAll(async () => {
  await bot?.stop();
  await company?.stop();
});

interface Seen extends Shown {
  readonly message: FakeMessage;
}
interface TeamsColleague extends Colleague {
  readonly person: FakePerson;
}

const seen = (message: FakeMessage): Seen => ({
  message,
  text: () => wordsOf(message),
  actions: () => teamsButtons(cardOf(message)).map(({ ref }) => ref),
});
const messageOf = (shown: Shown): FakeMessage => (shown as Seen).message;
const personOf = (colleague: Colleague): FakePerson => (colleague as TeamsColleague).person;

/** The inputs of a card with these fields filled in: `people` -> `people.people`, `text.reason`, ... */
function filled(inputs: readonly CardInput[], typed: Typed): Record<string, string> {
  const idOf = (field: string) => inputs.find(({ id }) => id.endsWith(`.${field}`))?.id ?? field;
  return Object.fromEntries([
    ...inputs.map(({ id, value }) => [id, value ?? '']),
    ...Object.entries(typed).map(([field, value]) => [
      idOf(field),
      'text' in value ? value.text : value.people.map(({ name }) => name).join(', '),
    ]),
  ]);
}

const standingIn = (inputs: readonly CardInput[], field: string) => inputs.find(({ id }) => id.endsWith(`.${field}`))?.value ?? '';

async function colleague(person: FakePerson): Promise<TeamsColleague> {
  const { name } = person;
  const hands = company.at(person);
  const { personId } = await database.db.account.findFirstOrThrow({ where: { externalId: person.aadObjectId } });
  const isInChannel = (message: FakeMessage) => message.conversationId !== person.conversationId;
  const where = (message: FakeMessage) => (isInChannel(message) ? inChannel : {});
  const opened = (message: FakeMessage): Opened => ({
    standing: (field) => standingIn(cardInputs(cardOf(message)), field),
    send: async (typed) => {
      await hands.submit(message, filled(cardInputs(cardOf(message)), typed));
      return seen(message);
    },
  });
  const say = async (text: string, more: object = {}): Promise<FakeMessage> => {
    const before = new Set(hands.seen);
    await company.post({ ...make.message(person, text, more), locale: 'en-GB' });
    return await until(() => hands.seen.find((message) => !before.has(message)), `An answer to “${text}” of ${name}`);
  };
  return {
    name,
    personId,
    person,
    kudos: async (...said) => {
      const people = said.filter((part) => typeof part !== 'string');
      if (people.length === 0) return seen(await say(['kudos', ...said].join(' ')));
      // People can be mentioned in a channel only, and there the bot has to be too.
      const mentions = [{ id: BOT_ID, name: 'Bellhop' }, ...people.map(personOf)].map(make.mention);
      const words = said.map((part) => (typeof part === 'string' ? part : `<at>${part.name}</at>`));
      return seen(await say(`<at>Bellhop</at> kudos ${words.join(' ')}`, { ...inChannel, entities: mentions }));
    },
    kudosForm: async () => opened(await say('kudos')),
    turn: async (shown, action) => {
      const message = messageOf(shown);
      await hands.press(message, ({ does, ref }) => does === 'act' && ref === action, {}, where(message));
    },
    press: async (shown, action) => {
      const message = messageOf(shown);
      const before = new Set(hands.seen);
      await hands.press(message, ({ does, ref }) => does === 'act' && ref === action, {}, where(message));
      return seen(await until(() => hands.seen.find((one) => !before.has(one)), `An answer to ${name}`));
    },
    open: async (shown, action) => {
      await hands.act(messageOf(shown), action);
      return opened(messageOf(shown));
    },
    giveAtMessage: async (author, words) => {
      const { aadObjectId, name: authorName } = personOf(author);
      const payload = make.messagePayload('1700000000777', `<p>${words}</p>`, { aadObjectId, name: authorName });
      const task = await dialog(make.fetchTask(person, KUDOS, inChannel, payload));
      return {
        standing: (field) => standingIn(cardInputs(task), field),
        send: async (typed) => {
          const before = new Set(hands.seen);
          const button = cardButtons(task).find(({ data }) => (data?.bellhop as { do?: string } | undefined)?.do === 'submit');
          await company.post({
            ...make.submitAction(person, KUDOS, { ...button?.data, ...filled(cardInputs(task), typed) }, inChannel),
            locale: 'en-GB',
          });
          const found = await until(() => hands.seen.find((message) => !before.has(message)), `The kudos of ${name}`, 5_000).catch(
            () => undefined,
          );
          return found ? seen(found) : { text: () => '', actions: () => [] };
        },
      };
    },
    find: async (what) =>
      seen(
        'action' in what
          ? await hands.find(what.action)
          : await until(() => hands.seen.findLast((message) => wordsOf(message).includes(what.words)), `“${what.words}” for ${name}`),
      ),
  };
}

/** The card of the dialog that a message action opens. */
async function dialog(activity: object): Promise<object> {
  const { status, body } = await company.post({ ...activity, locale: 'en-GB' });
  const content = (body as { task?: { value?: { card?: { content: object } } } } | undefined)?.task?.value?.card?.content;
  if (status !== 200 || !content) throw new Error(`No dialog but ${status} ${JSON.stringify(body)}`);
  expect(cardProblems(content, 'dialog')).toEqual([]);
  return content;
}

it('Teams: kudos by text, form, message and reaction, a reward with a code, the figures', async () => {
  const { connector, manager, employees } = company;
  const { db, pool } = database;
  const [ana, ben, cy] = await Promise.all(employees.map(colleague));
  if (!ana || !ben || !cy) throw new Error('Three colleagues are needed.');
  const channel = await db.channel.findFirstOrThrow({ where: { name: 'Store › kudos' } });
  await db.recognitionSettings.create({ data: { organisationId: channel.organisationId, channelId: channel.id } });
  const fulfillerId = manager.aadObjectId;
  await offerTo(db, pool, { name: 'Spa day', price: 40, stock: 3, points: 100, needsApproval: true, fulfillerExternalId: fulfillerId });
  const inKudos = () => connector.messages.filter((message) => message.conversationId === channel.externalId);
  const office: Office = {
    ...{ ana, ben, cy, manager: await colleague(manager) },
    channelCard: async (text) =>
      seen(await until(() => inKudos().find((message) => wordsOf(message).includes(text)), `“${text}” in the channel`)),
    // A bot of Teams hears of reactions at its own messages only: there they add to the kudos, once a person.
    react: async (added) => {
      const [card] = inKudos();
      await company.post(make.reacted(manager, card?.id ?? '', added ? { added: ['like'] } : { removed: ['like'] }, inChannel));
    },
    reacted: { to: ben, points: 5 },
  };
  await recognitionStory(office, database);
  expect(connector.problems).toEqual([]);
  expect(connector.calls.filter(({ status }) => status >= 400)).toEqual([]);
  expect(bot.errors()).toEqual([]);
}, 120_000);
