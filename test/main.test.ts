import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
// Read by start() itself, while the database starts: here before the first test's time begins.
import '../src/assemble.js';
import { type Running, start } from '../src/main.js';
import { type Config, readConfig } from '../src/runtime/config.js';
import { createLog } from '../src/runtime/log.js';
import { TENANT_ID, YOU } from '../src/trial/people.js';
import { createTrial } from '../src/trial/trial.js';
import { useDatabase } from './support/database.js';
import { programArguments } from './support/program.js';

const database = useDatabase();
const log = createLog({ level: 'silent' });

let databaseUrl: string;
let running: Running | undefined;
let platform: {
  readonly url: string;
  readonly calls: { readonly path: string; readonly body: string }[];
  answer: (path: string) => object;
  close(): void;
};

beforeAll(() => {
  const { host, port, user, password = '', database: name } = database.connection;
  databaseUrl = `postgresql://${user}:${encodeURIComponent(password)}@${encodeURIComponent(host)}:${port}/${name}`;
});

beforeEach(async () => {
  await database.reset();
  platform = await fakePlatform();
});

afterEach(async () => {
  await running?.stop();
  running = undefined;
  platform.close();
});

/** What a platform answers, whichever it is: the bot must start and serve, the adapters' own tests look closer. */
async function fakePlatform() {
  const calls: { path: string; body: string }[] = [];
  const fake = { answer: (_path: string): object => ({ ok: true, id: `${calls.length}` }) };
  const server: Server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    calls.push({ path: request.url ?? '', body });
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(fake.answer(request.url ?? '')));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return Object.assign(fake, { url, calls, close: () => void server.close().closeAllConnections() });
}

const KEY = randomBytes(32).toString('base64');
const common = () => ({
  HOST: '127.0.0.1',
  PORT: '0',
  DATABASE_URL: databaseUrl,
  BELLHOP_ENCRYPTION_KEY: KEY,
});
const slackConfig = (): Config =>
  readConfig({ ...common(), SLACK_BOT_TOKEN: 'xoxb-1', SLACK_SIGNING_SECRET: 'secret', SLACK_API_URL: `${platform.url}/api/` });
const teamsConfig = (): Config =>
  readConfig({ ...common(), MicrosoftAppId: 'app', MicrosoftAppPassword: 'p', MicrosoftAppTenantId: 'tenant' });

/** The program itself, as `npm start` runs it. */
async function program(environment: Record<string, string>): Promise<{ code: number | null; output: string }> {
  const { PATH = '', TMPDIR = '/tmp' } = process.env;
  const child = spawn(process.execPath, programArguments('src/main.ts'), { env: { PATH, TMPDIR, ...environment } });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = await once(child, 'close');
  return { code, output };
}

describe('npm start', () => {
  it('with nothing configured names what is missing and the way without an account', async () => {
    const { code, output } = await program({});
    expect(code).toBe(2);
    for (const name of [
      'SLACK_BOT_TOKEN',
      'SLACK_SIGNING_SECRET',
      'SLACK_APP_TOKEN',
      'MicrosoftAppId',
      'MicrosoftAppPassword',
      'npm run try',
    ]) {
      expect(output).toContain(name);
    }
    expect(output).not.toMatch(/\n\s+at /);
  });

  it('without an app id for Teams refuses to start', async () => {
    const { code, output } = await program({ MicrosoftAppType: 'SingleTenant', MicrosoftAppPassword: 'p', MicrosoftAppTenantId: 't' });
    expect(code).toBe(2);
    expect(output).toContain('MicrosoftAppId');
  });

  it('names DATABASE_URL when the database is not there', async () => {
    const { code, output } = await program({
      SLACK_BOT_TOKEN: 'xoxb-1',
      SLACK_SIGNING_SECRET: 's',
      DATABASE_URL: 'postgresql://a:b@127.0.0.1:1/none',
    });
    expect(code).toBe(2);
    expect(output).toContain('DATABASE_URL');
  });
});

describe('with Slack', () => {
  beforeEach(() => {
    platform.answer = (path) =>
      path.includes('auth.test')
        ? { ok: true, team: 'Acme', team_id: 'T1', user_id: 'UB', bot_id: 'B1', url: 'https://acme.slack.com/' }
        : { ok: true, members: [], channels: [] };
  });

  it('is ready, knows its workspace and has a claim code', async () => {
    running = await start(slackConfig(), log);
    expect(running.claimCode).toMatch(/^[A-Z0-9]{4}(-[A-Z0-9]{4}){3}$/);
    expect(await (await fetch(`${running.address}/readyz`)).json()).toEqual({ status: 'ready', parts: { database: 'ok', slack: 'ok' } });
    await expect
      .poll(() => database.db.workspace.findMany({ select: { platform: true, externalId: true } }))
      .toEqual([{ platform: 'slack', externalId: 'T1' }]);
    const { claimCode } = running;
    await running.stop();
    running = await start({ ...slackConfig(), ownerEmail: undefined }, log);
    expect(await database.db.organisation.count()).toBe(1);
    expect(claimCode).toBeDefined();
  });

  it('refuses to start with another key than the database was made with, and leaves nothing running', async () => {
    running = await start(slackConfig(), log);
    await running.stop();
    running = undefined;
    const lost = { ...slackConfig(), encryptionKeys: [randomBytes(32)] };
    await expect(start(lost, log)).rejects.toMatchObject({
      code: 'vault.other_key',
      message: expect.stringContaining('BELLHOP_ENCRYPTION_KEY_LOST='),
    });
    running = await start({ ...lost, encryptionKeys: [...lost.encryptionKeys, ...slackConfig().encryptionKeys] }, log);
  });

  it('refuses unsigned requests, and has no door for Teams', async () => {
    running = await start(slackConfig(), log);
    expect((await fetch(`${running.address}/slack/events`, { method: 'POST', body: '{}' })).status).toBe(401);
    expect((await fetch(`${running.address}/api/messages`, { method: 'POST', body: '{}' })).status).toBe(404);
    expect(await (await fetch(`${running.address}/metrics`)).text()).toContain('route="/slack/events",status="401"');
  });

  it('names the token that Slack does not take, and leaves nothing running', async () => {
    platform.answer = () => ({ ok: false, error: 'invalid_auth' });
    await expect(start(slackConfig(), log)).rejects.toThrow('SLACK_BOT_TOKEN');
  });

  it('closes its door when it stops', async () => {
    running = await start(slackConfig(), log);
    const { address } = running;
    await running.stop();
    await expect(fetch(`${address}/healthz`)).rejects.toThrow();
  });
});

describe('with Teams', () => {
  it('refuses requests without a token, and asks for nothing else', async () => {
    running = await start(teamsConfig(), log);
    expect((await fetch(`${running.address}/api/messages`, { method: 'POST', body: '{"type":' })).status).toBe(401);
    expect((await fetch(`${running.address}/slack/events`, { method: 'POST' })).status).toBe(404);
  });
});

describe('the trial', () => {
  const someone = { tenant: 'another-tenant', id: 'u1', objectId: '11111111-1111-4111-8111-111111111111', name: 'Zoe Ray' };
  const you = { tenant: TENANT_ID, id: YOU.id, objectId: YOU.objectId, name: 'Robin Vale' };

  const memberOf = (who: typeof you) => ({ id: who.id, aadObjectId: who.objectId, name: who.name, tenantId: who.tenant });

  const begin = async (playground: boolean) => {
    const serviceUrl = `${platform.url}/_connector`;
    const trial = createTrial({
      playground,
      ownerEmail: undefined,
      serviceUrl,
      conversationId: 'personal',
      zone: 'Europe/Riga',
      locale: 'en',
    });
    const config = { ...slackConfig(), slack: undefined };
    running = await start(config, log, trial);
    return trial;
  };
  const say = async (who: typeof you, text: string) => {
    const activity = {
      type: 'message',
      id: randomBytes(8).toString('hex'),
      channelId: 'msteams',
      serviceUrl: `${platform.url}/_connector`,
      from: { id: who.id, aadObjectId: who.objectId, name: who.name },
      recipient: { id: 'bot', name: 'Bellhop' },
      conversation: { id: `personal-${who.id}`, conversationType: 'personal', tenantId: who.tenant },
      channelData: { tenant: { id: who.tenant } },
      text,
      locale: 'en-GB',
    };
    const before = platform.calls.length;
    const answer = await fetch(`${running?.address}/api/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(activity),
    });
    expect(answer.status).toBe(200);
    await expect.poll(() => said(before).length).toBeGreaterThan(0);
    return said(before).join('\n');
  };
  const said = (from: number) => platform.calls.slice(from).flatMap(({ path, body }) => (path.includes('/activities') ? [body] : []));
  const roleOf = async (objectId: string) =>
    (await database.db.account.findFirst({ where: { externalId: objectId }, include: { person: true } }))?.person.role;

  beforeEach(() => {
    platform.answer = (path) =>
      path.includes('members')
        ? { ...memberOf([you, someone].find(({ id, objectId }) => path.includes(id) || path.includes(objectId)) ?? you), members: [] }
        : { id: `${platform.calls.length}` };
  });

  it('has an organisation, people, a channel and the starter handbook ready, and its button leads to the draft', async () => {
    await begin(true);
    expect(await database.db.person.count({ where: { status: 'active' } })).toBe(6);
    expect(await database.db.channel.count()).toBe(2);
    const draft = await database.db.documentVersion.findFirstOrThrow();
    expect(draft.state).toBe('draft');
    const shown = await say(you, 'hello');
    expect(shown).toContain('Harbour Hotel');
    expect(shown).toContain(draft.id);
    expect(await roleOf(YOU.objectId)).toBe('owner');
  });

  it('has a survey page, and the channel in which what is sent there is heard', async () => {
    const trial = await begin(true);
    const survey = await fetch(`${running?.address}${await trial.surveyPath()}`);
    expect([survey.status, (await survey.text()).includes('Harbour Hotel')]).toEqual([200, true]);
    const { channelId } = await database.db.feedbackSettings.findFirstOrThrow();
    expect((await database.db.channel.findFirstOrThrow({ where: { id: channelId ?? '' } })).name).toBe('Announcements');
  });

  it('finds everything again', async () => {
    await begin(true);
    await database.db.person.updateMany({ where: { name: 'Marco Rossi' }, data: { role: 'manager' } });
    await running?.stop();
    await begin(true);
    expect(await database.db.person.count()).toBe(6);
    expect(await database.db.documentVersion.count()).toBe(1);
    expect((await database.db.person.findFirstOrThrow({ where: { name: 'Marco Rossi' } })).role).toBe('manager');
  });

  it('is handed over to a client with people of its own: the first who acts is the owner', async () => {
    await begin(false);
    await say(someone, 'hello');
    expect(await roleOf(someone.objectId)).toBe('owner');
    expect(await database.db.person.findMany({ where: { status: 'active' }, select: { name: true } })).toEqual([{ name: someone.name }]);
    await running?.stop();
    await begin(true);
    expect(await database.db.person.count({ where: { status: 'active', role: 'owner', name: 'Robin Vale' } })).toBe(1);
  });
});
