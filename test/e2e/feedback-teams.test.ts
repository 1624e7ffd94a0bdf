import { afterAll, beforeAll, expect, it } from 'vitest';
import { plain } from '../../src/core/text.js';
import { createLocaliser } from '../../src/runtime/localise.js';
import { openAlbum } from '../support/album.js';
import { type BotProcess, freePort, newKey, shiftTo, startBot, urlOf } from '../support/bot-process.js';
import { startBrowser } from '../support/browser.js';
import type { Shown } from '../support/colleague.js';
import { useDatabase } from '../support/database.js';
import { type FakeSmtp, startFakeSmtp } from '../support/fake-smtp.js';
import type { FakeMessage, FakePerson } from '../support/fake-teams/connector.js';
import { openPhone, type Phone } from '../support/phone.js';
import { seenOnTeams, teamsColleague } from '../support/teams-colleague.js';
import { cardOf, type TeamsCompany, teamsCompany, wordsOf } from '../support/teams-company.js';
import { until } from '../support/until.js';
import { BEGIN, CAST, type Office, ZONE } from './feedback-office.js';
import { feedbackStory } from './feedback-story.js';

const database = useDatabase();
const CHANNEL = 'Store › guests';
let company: TeamsCompany;
let staff: readonly FakePerson[];
let smtp: FakeSmtp;
let bot: BotProcess;
let phone: Phone;
let closeBrowser: (() => Promise<void>) | undefined;
/** Everything that was posted, as it was at first. */
const posted: string[] = [];
const localise = createLocaliser();
const shows: Office['shows'] = (text, zone = ZONE) => plain(localise(text, { locale: 'en-GB', zone }));

beforeAll(async () => {
  [company, smtp] = await Promise.all([teamsCompany(0), startFakeSmtp()]);
  const { connector, issuer, manager } = company;
  staff = CAST.map((name) => connector.addPerson(name));
  issuer.shiftMs = shiftTo(BEGIN);
  const port = String(await freePort());
  const [started, browser] = await Promise.all([
    startBot(
      {
        ...company.environment,
        PORT: port,
        PUBLIC_URL: `http://127.0.0.1:${port}`,
        SMTP_URL: smtp.url,
        MAIL_FROM: 'Bellhop <bellhop@contoso.example>',
        DATABASE_URL: urlOf(database.connection),
        BELLHOP_ENCRYPTION_KEY: newKey(),
      },
      issuer.shiftMs,
    ),
    startBrowser(),
  ]);
  bot = started;
  company.botUrl = bot.address;
  closeBrowser = browser.close;
  phone = await openPhone(browser.browser, shows);
  for (const person of [manager, ...staff]) await company.at(person).install();
  await company.at(manager).installInTeam(connector.addTeam('Store', [manager, ...staff], ['guests']));
  await until(async () => (await database.db.channel.count({ where: { name: CHANNEL } })) === 1, 'The channel known');
}, 120_000);
afterAll(async () => {
  await closeBrowser?.();
  await bot?.stop();
  await company?.stop();
  await smtp?.stop();
});

it('Teams: what customers say, from their phones to the end of the case', async () => {
  const { connector, manager } = company;
  const [marta, bruno, laura, dace] = await Promise.all(staff.map((person) => teamsColleague(company, database, person)));
  if (!marta || !bruno || !laura || !dace) throw new Error('The cast is not complete.');
  const channel = await database.db.channel.findFirstOrThrow({ where: { name: CHANNEL } });
  const messageOf = (shown: Shown) => (shown as Shown & { message: FakeMessage }).message;
  const inChannel = () => connector.messages.filter(({ conversationId }) => conversationId === channel.externalId);
  connector.onMessage = ({ conversationId, activity }) => {
    if (conversationId === channel.externalId) posted.push(JSON.stringify(activity));
  };
  await feedbackStory({
    ...{ marta, bruno, laura, dace, phone, smtp, database, shows },
    manager: await teamsColleague(company, database, manager),
    postIn: channel.id,
    address: bot.address,
    album: openAlbum('teams'),
    raw: (shown) => cardOf(messageOf(shown)),
    post: async (says) => {
      const found = until(() => inChannel().findLast((one) => wordsOf(one).includes(says)), `“${says}” in the channel`, 20_000);
      return seenOnTeams(
        await found.catch((error: Error) => {
          throw new Error(`${error.message} Instead: ${JSON.stringify(inChannel().map(wordsOf))}`);
        }),
      );
    },
    everInChannel: () => JSON.stringify([posted, inChannel().map(({ activity }) => activity)]),
    lastFile: async () => {
      const link = () => /http:[^"]+\/files\/[^"]+/.exec(JSON.stringify(company.at(manager).seen.map(cardOf).toReversed()))?.[0];
      return new Uint8Array(await (await fetch(await until(link, 'A file'))).arrayBuffer());
    },
    chatOf: (colleague) => {
      const person = staff.find(({ name }) => name === colleague.name) ?? manager;
      return company.at(person).seen.map(wordsOf).join('\n');
    },
  });
  expect(connector.problems).toEqual([]);
  expect(connector.refusedAsTooFast).toBe(0);
  expect(connector.calls.filter(({ status }) => status >= 400)).toEqual([]);
  expect([bot.errors(), smtp.breaches, phone.complaints]).toEqual([[], [], []]);
}, 120_000);
