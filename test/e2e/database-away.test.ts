import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/runtime/embedded-postgres.js';
import { type BotProcess, startBot } from '../support/bot-process.js';
import { english } from '../support/english.js';
import { memoryLog } from '../support/log.js';
import { MANAGER, type SlackCompany, slackCompany, textOf } from '../support/slack-company.js';
import { tempFolder } from '../support/temp-folder.js';
import { until } from '../support/until.js';

let company: SlackCompany;
let bot: BotProcess;

async function ready(): Promise<void> {
  await until(async () => (await bot.readiness()).status === 200, 'Ready again', 30_000);
}

/** `/handbook` of somebody who is known, answered with what waits. */
async function answered(): Promise<string> {
  const hands = company.at(MANAGER);
  return textOf(await hands.shown(() => hands.command('handbook')));
}

describe('a database elsewhere', () => {
  let server: EmbeddedPostgres;
  let dataDir: string;

  beforeAll(async () => {
    dataDir = await tempFolder('elsewhere');
    server = await startEmbeddedPostgres({ dataDir, log: memoryLog() });
    company = await slackCompany(2);
    bot = await startBot({ ...company.environment, DATABASE_URL: server.url() });
    company.slack.botUrl = bot.address;
  });
  afterAll(async () => {
    await bot?.stop();
    await server?.stop();
    await company?.stop();
  });

  it('that is away: the person is told to try again, the bot is not ready, and recovers by itself', async () => {
    await until(async () => (await answered()).includes(english('handbook.mine.title')), 'The first answer');
    await server.stop();

    expect(await bot.readiness()).toMatchObject({ status: 503, parts: { database: 'failing', slack: 'ok' } });
    expect((await fetch(`${bot.address}/healthz`)).status).toBe(200);
    const hands = company.at(MANAGER);
    const command = { trigger_id: 'the-same-command' };
    const told = await hands.shown(() => company.slack.command(MANAGER, '/handbook', 'my', command));
    expect(textOf(told)).toBe(english('core.errors.try_again'));

    server = await startEmbeddedPostgres({ dataDir, log: memoryLog() });
    await ready();
    // What failed was not used up: the very same act goes through now.
    const again = await hands.shown(() => company.slack.command(MANAGER, '/handbook', 'my', command));
    expect(textOf(again)).toContain(english('handbook.mine.title'));
  }, 120_000);
});

describe('the embedded database', () => {
  it('that dies is started again, and the bot goes on', async () => {
    company = await slackCompany(2);
    const dataDir = await tempFolder('embedded');
    bot = await startBot({ ...company.environment, BELLHOP_DATA_DIR: dataDir });
    company.slack.botUrl = bot.address;
    try {
      await until(async () => (await answered()).includes(english('handbook.mine.title')), 'The first answer');
      const [pid] = (await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8')).split('\n');
      process.kill(Number(pid), 'SIGQUIT');
      await until(() => bot.log.some(({ msg }) => msg === 'The database server runs again.'), 'The server runs again', 30_000);
      await ready();
      expect(await answered()).toContain(english('handbook.mine.title'));
    } finally {
      expect(await bot.stop()).toBe(0);
      await company.stop();
    }
  }, 120_000);
});
