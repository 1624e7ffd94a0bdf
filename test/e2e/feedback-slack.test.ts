import { afterAll, beforeAll, expect, it } from 'vitest';
import { plain } from '../../src/core/text.js';
import { createLocaliser } from '../../src/runtime/localise.js';
import { openAlbum } from '../support/album.js';
import { type BotProcess, freePort, newKey, shiftTo, startBot, urlOf } from '../support/bot-process.js';
import { startBrowser } from '../support/browser.js';
import type { Shown } from '../support/colleague.js';
import { useDatabase } from '../support/database.js';
import type { FakeMessage } from '../support/fake-slack/fake-slack.js';
import { type FakeSmtp, startFakeSmtp } from '../support/fake-smtp.js';
import { openPhone, type Phone } from '../support/phone.js';
import { seenOnSlack, slackColleague } from '../support/slack-colleague.js';
import { MANAGER, type SlackCompany, slackCompany, textOf } from '../support/slack-company.js';
import { until } from '../support/until.js';
import { BEGIN, CAST, type Office, ZONE } from './feedback-office.js';
import { feedbackStory } from './feedback-story.js';
import { everybodyKnown } from './slack-story.js';

const database = useDatabase();
const CHANNEL = 'C0TEAM';
let company: SlackCompany;
let smtp: FakeSmtp;
let bot: BotProcess;
let phone: Phone;
let closeBrowser: (() => Promise<void>) | undefined;
const localise = createLocaliser();
const shows: Office['shows'] = (text, zone = ZONE) => plain(localise(text, { locale: 'en-GB', zone }));

beforeAll(async () => {
  [company, smtp] = await Promise.all([slackCompany(CAST.length), startFakeSmtp()]);
  const { slack, employees } = company;
  for (const [index, id] of employees.entries()) {
    const found = slack.users.find((one) => one.id === id);
    if (found) Object.assign(found, { real_name: CAST[index], profile: { ...(found.profile as object), real_name: CAST[index] } });
  }
  slack.shiftMs = shiftTo(BEGIN);
  const port = String(await freePort());
  const [started, browser] = await Promise.all([
    startBot(
      {
        ...company.environment,
        PORT: port,
        PUBLIC_URL: `http://127.0.0.1:${port}`,
        SMTP_URL: smtp.url,
        MAIL_FROM: 'Bellhop <bellhop@fake.example>',
        DATABASE_URL: urlOf(database.connection),
        BELLHOP_ENCRYPTION_KEY: newKey(),
      },
      slack.shiftMs,
    ),
    startBrowser(),
  ]);
  bot = started;
  slack.botUrl = bot.address;
  closeBrowser = browser.close;
  phone = await openPhone(browser.browser, shows);
  await everybodyKnown(company, database);
  await until(async () => (await database.db.channel.count({ where: { externalId: CHANNEL } })) === 1, 'The channel known');
}, 120_000);
afterAll(async () => {
  await closeBrowser?.();
  await bot?.stop();
  await company?.stop();
  await smtp?.stop();
});

it('Slack: what customers say, from their phones to the end of the case', async () => {
  const { slack, employees } = company;
  const [marta, bruno, laura, dace] = await Promise.all(employees.map((id) => slackColleague(company, database, id)));
  if (!marta || !bruno || !laura || !dace) throw new Error('The cast is not complete.');
  const messageOf = (shown: Shown) => (shown as Shown & { message: FakeMessage }).message;
  await feedbackStory({
    ...{ marta, bruno, laura, dace, phone, smtp, database, shows },
    manager: await slackColleague(company, database, MANAGER),
    postIn: CHANNEL,
    address: bot.address,
    album: openAlbum('slack'),
    raw: (shown) => messageOf(shown).blocks,
    post: async (says) => {
      const inChannel = () => slack.messages.filter(({ channel }) => channel === CHANNEL);
      const found = until(() => inChannel().findLast((one) => textOf(one).includes(says)), `“${says}” in the channel`, 20_000);
      return seenOnSlack(
        await found.catch((error: Error) => {
          throw new Error(`${error.message} Instead: ${JSON.stringify(inChannel().map(textOf))}`);
        }),
      );
    },
    everInChannel: () =>
      JSON.stringify(
        slack.calls
          .filter(({ method, args }) => /^chat\.(postMessage|update)$/.test(method) && args.channel === CHANNEL)
          .map(({ args }) => args),
      ),
    lastFile: async () => await until(() => [...slack.shelf.files.values()].findLast(({ complete }) => complete)?.body, 'A file'),
    chatOf: (colleague) => {
      const id = employees[CAST.indexOf(colleague.name as (typeof CAST)[number])] ?? MANAGER;
      return company.at(id).seen.map(textOf).join('\n');
    },
  });
  const refused = slack.calls.filter(({ answer }) => answer.ok !== true && answer.error !== undefined);
  expect(refused.map(({ method, answer }) => [method, answer])).toEqual([]);
  expect(slack.refusedAsTooFast).toEqual([]);
  expect([bot.errors(), smtp.breaches, phone.complaints]).toEqual([[], [], []]);
}, 120_000);
