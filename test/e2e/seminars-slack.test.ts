import { afterAll, beforeAll, expect, it } from 'vitest';
import { key, plain } from '../../src/core/text.js';
import { createLocaliser } from '../../src/runtime/localise.js';
import { type BotProcess, freePort, newKey, shiftTo, startBot, urlOf } from '../support/bot-process.js';
import { useDatabase } from '../support/database.js';
import { type FakeSmtp, startFakeSmtp } from '../support/fake-smtp.js';
import { seenOnSlack, slackColleague } from '../support/slack-colleague.js';
import { MANAGER, type SlackCompany, slackCompany, textOf } from '../support/slack-company.js';
import { until } from '../support/until.js';
import { addressOn, BEGIN, CAST, type Office, ZONE } from './seminars-office.js';
import { seminarStory } from './seminars-story.js';
import { everybodyKnown } from './slack-story.js';

const database = useDatabase();
const bots: BotProcess[] = [];
let company: SlackCompany;
let smtp: FakeSmtp;
let environment: Readonly<Record<string, string>>;

/** The program, at another time than before. */
async function at(iso: string): Promise<void> {
  await bots.at(-1)?.stop();
  const shiftMs = shiftTo(iso);
  company.slack.shiftMs = shiftMs;
  const bot = await startBot(environment, shiftMs);
  bots.push(bot);
  company.slack.botUrl = bot.address;
}

beforeAll(async () => {
  [company, smtp] = await Promise.all([slackCompany(CAST.length), startFakeSmtp()]);
  const port = String(await freePort());
  environment = {
    ...company.environment,
    PORT: port,
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    SMTP_URL: smtp.url,
    MAIL_FROM: 'Bellhop <bellhop@fake.example>',
    DATABASE_URL: urlOf(database.connection),
    BELLHOP_ENCRYPTION_KEY: newKey(),
  };
  await at(BEGIN);
  await everybodyKnown(company, database);
  await until(async () => (await database.db.channel.count({ where: { externalId: 'C0TEAM' } })) === 1, 'The channel known');
});
afterAll(async () => {
  await bots.at(-1)?.stop();
  await company?.stop();
  await smtp?.stop();
});

it('Slack over HTTP: a seminar from the form to the file of those who came', async () => {
  const { slack, employees } = company;
  const localise = createLocaliser({ clock: { now: () => new Date(Date.now() + slack.shiftMs) } });
  const [host, ben, cy, dee, eve] = await Promise.all(employees.map((id) => slackColleague(company, database, id)));
  if (!host || !ben || !cy || !dee || !eve) throw new Error('The cast is not complete.');
  const office: Office = {
    ...{ host, ben, cy, dee, eve, smtp, database, at },
    manager: await slackColleague(company, database, MANAGER),
    announceIn: 'C0TEAM',
    shows: (text, zone = ZONE) => plain(localise(text, { locale: 'en-GB', zone })),
    post: async (says) => {
      const inChannel = () => slack.messages.filter(({ channel }) => channel === 'C0TEAM');
      const found = until(() => inChannel().findLast((one) => textOf(one).includes(says)), `“${says}” in the channel`, 20_000);
      return seenOnSlack(
        await found.catch((error: Error) => {
          throw new Error(`${error.message} Instead: ${JSON.stringify(inChannel().map(textOf))}`);
        }),
      );
    },
  };
  await seminarStory(office);

  // The feed of somebody who has left is nowhere.
  const calendar = addressOn(await cy.command('seminar calendar', office.shows(key('seminars.feed.lead'))));
  expect((await fetch(calendar)).status).toBe(200);
  const left = slack.users.find(({ id }) => id === employees[CAST.indexOf('cy')]);
  await slack.event({ type: 'user_change', user: { ...left, deleted: true } });
  await until(async () => (await fetch(calendar)).status === 404, 'The feed gone');

  const refused = slack.calls.filter(({ answer }) => answer.ok !== true && answer.error !== undefined);
  expect(refused.map(({ method, answer }) => [method, answer])).toEqual([]);
  expect(slack.refusedAsTooFast).toEqual([]);
  expect(bots.flatMap((bot) => bot.errors())).toEqual([]);
}, 120_000);
