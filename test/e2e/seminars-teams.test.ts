import { afterAll, beforeAll, expect, it } from 'vitest';
import { plain } from '../../src/core/text.js';
import { createLocaliser } from '../../src/runtime/localise.js';
import { type BotProcess, freePort, newKey, shiftTo, startBot, urlOf } from '../support/bot-process.js';
import { useDatabase } from '../support/database.js';
import { type FakeSmtp, startFakeSmtp } from '../support/fake-smtp.js';
import { seenOnTeams, teamsColleague } from '../support/teams-colleague.js';
import { type TeamsCompany, teamsCompany, wordsOf } from '../support/teams-company.js';
import { until } from '../support/until.js';
import { BEGIN, CAST, type Office, ZONE } from './seminars-office.js';
import { seminarStory } from './seminars-story.js';

const database = useDatabase();
const bots: BotProcess[] = [];
let company: TeamsCompany;
let smtp: FakeSmtp;
let environment: Readonly<Record<string, string>>;

/** The program, at another time than before. */
async function at(iso: string): Promise<void> {
  await bots.at(-1)?.stop();
  const shiftMs = shiftTo(iso);
  company.issuer.shiftMs = shiftMs;
  const bot = await startBot(environment, shiftMs);
  bots.push(bot);
  company.botUrl = bot.address;
}

beforeAll(async () => {
  [company, smtp] = await Promise.all([teamsCompany(CAST.length), startFakeSmtp()]);
  const port = String(await freePort());
  environment = {
    ...company.environment,
    PORT: port,
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    SMTP_URL: smtp.url,
    MAIL_FROM: 'Bellhop <bellhop@contoso.example>',
    DATABASE_URL: urlOf(database.connection),
    BELLHOP_ENCRYPTION_KEY: newKey(),
  };
  await at(BEGIN);
  const everybody = [company.manager, ...company.employees];
  for (const person of everybody) await company.at(person).install();
  await company.at(company.manager).installInTeam(company.connector.addTeam('Store', everybody, ['seminars']));
  await until(async () => (await database.db.channel.count({ where: { name: 'Store › seminars' } })) === 1, 'The channel known');
});
afterAll(async () => {
  await bots.at(-1)?.stop();
  await company?.stop();
  await smtp?.stop();
});

it('Teams: a seminar from the form to the file of those who came', async () => {
  const { connector, manager, employees, issuer } = company;
  const localise = createLocaliser({ clock: { now: () => new Date(Date.now() + issuer.shiftMs) } });
  const [host, ben, cy, dee, eve] = await Promise.all(employees.map((person) => teamsColleague(company, database, person)));
  if (!host || !ben || !cy || !dee || !eve) throw new Error('The cast is not complete.');
  const channel = await database.db.channel.findFirstOrThrow({ where: { name: 'Store › seminars' } });
  const office: Office = {
    ...{ host, ben, cy, dee, eve, smtp, database, at },
    manager: await teamsColleague(company, database, manager),
    announceIn: channel.id,
    shows: (text, zone = ZONE) => plain(localise(text, { locale: 'en-GB', zone })),
    post: async (says) => {
      const inChannel = () => connector.messages.filter(({ conversationId }) => conversationId === channel.externalId);
      const found = until(() => inChannel().findLast((one) => wordsOf(one).includes(says)), `“${says}” in the channel`, 20_000);
      return seenOnTeams(
        await found.catch((error: Error) => {
          throw new Error(`${error.message} Instead: ${JSON.stringify(inChannel().map(wordsOf))}`);
        }),
      );
    },
  };
  await seminarStory(office);
  expect(connector.problems).toEqual([]);
  expect(connector.refusedAsTooFast).toBe(0);
  expect(connector.calls.filter(({ status }) => status >= 400)).toEqual([]);
  expect(bots.flatMap((bot) => bot.errors())).toEqual([]);
}, 120_000);
