import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigError, type Environment, readConfig, readEnvironment, readTrialConfig } from '../../src/runtime/config.js';

const slack = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_SIGNING_SECRET: 'secret' };
const teams = { MicrosoftAppType: 'SingleTenant', MicrosoftAppId: 'app', MicrosoftAppPassword: 'pass', MicrosoftAppTenantId: 'tenant' };

function problemsOf(environment: Environment, read: (environment: Environment) => unknown = readConfig): readonly string[] {
  try {
    read(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('npm start', () => {
  it('with nothing set names every setting that is missing, and the way without an account', () => {
    const told = problemsOf({}).join('\n');
    for (const name of ['SLACK_BOT_TOKEN', 'SLACK_SIGNING_SECRET', 'SLACK_APP_TOKEN', ...Object.keys(teams), 'npm run try'])
      expect(told).toContain(name);
  });

  it('takes either chat, or both', () => {
    expect(readConfig(slack)).toMatchObject({ slack: { botToken: 'xoxb-1', signingSecret: 'secret' }, teams: undefined });
    expect(readConfig({ SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1' })).toMatchObject({
      slack: { appToken: 'xapp-1', signingSecret: undefined },
    });
    expect(readConfig({ ...slack, ...teams })).toMatchObject({
      teams: { appType: 'SingleTenant', appId: 'app', appPassword: 'pass', tenantId: 'tenant' },
    });
  });

  it('has defaults for the rest', () => {
    expect(readConfig(slack)).toMatchObject({
      port: 3978,
      host: '0.0.0.0',
      publicUrl: undefined,
      databaseUrl: undefined,
      dataDir: resolve('.bellhop'),
      encryptionKeys: [],
      logLevel: 'info',
    });
  });

  it.each([
    [{ SLACK_BOT_TOKEN: 'xoxb-1' }, ['SLACK_SIGNING_SECRET']],
    [{ SLACK_SIGNING_SECRET: 's' }, ['SLACK_BOT_TOKEN']],
    [{ ...slack, SLACK_APP_TOKEN: 'xoxb-1' }, ['SLACK_APP_TOKEN']],
    [{ ...teams, MicrosoftAppId: '' }, ['MicrosoftAppId']],
    [{ MicrosoftAppType: 'SingleTenant' }, ['MicrosoftAppId', 'MicrosoftAppPassword', 'MicrosoftAppTenantId']],
    [{ MicrosoftAppId: 'app' }, ['MicrosoftAppPassword', 'MicrosoftAppTenantId']],
    [{ ...slack, MicrosoftAppPassword: 'p', MicrosoftAppTenantId: 't' }, ['MicrosoftAppId']],
    [{ ...slack, PORT: '70000', LOG_LEVEL: 'loud', BELLHOP_OWNER_EMAIL: 'nobody' }, ['PORT', 'BELLHOP_OWNER_EMAIL', 'LOG_LEVEL']],
    [{ ...slack, BELLHOP_ENCRYPTION_KEY: 'c2hvcnQ=' }, ['BELLHOP_ENCRYPTION_KEY']],
    [{ ...slack, BELLHOP_ENCRYPTION_KEYS_OLD: Buffer.alloc(32).toString('base64') }, ['BELLHOP_ENCRYPTION_KEY']],
    [{ ...slack, DATABASE_URL: 'mysql://x/y' }, ['DATABASE_URL']],
    [{ ...slack, PUBLIC_URL: 'bellhop.example.com' }, ['PUBLIC_URL']],
  ])('%j: %j', (environment, names) => {
    const problems = problemsOf(environment);
    expect(problems.map((problem) => problem.split(' ')[0])).toEqual(names);
  });

  it('never repeats a value, which may be a secret in the wrong place', () => {
    expect(problemsOf({ ...slack, PORT: 'xoxb-secret', BELLHOP_ENCRYPTION_KEY: 'xoxb-secret' }).join()).not.toContain('xoxb-secret');
  });

  it('takes no password for a managed identity and no tenant for a bot of many', () => {
    expect(problemsOf({ ...teams, MicrosoftAppType: 'UserAssignedMSI', MicrosoftAppPassword: '' })).toEqual([]);
    expect(problemsOf({ ...teams, MicrosoftAppType: 'MultiTenant', MicrosoftAppTenantId: '' })).toEqual([]);
  });

  it("hands on the Bot Framework's own addresses", () => {
    const authorities = { ToBotFromChannelOpenIdMetadataUrl: 'http://127.0.0.1:1/openid', ToBotFromChannelTokenIssuer: 'issuer' };
    expect(readConfig({ ...teams, ...authorities }).teams?.authorities).toEqual(authorities);
  });

  it('cuts the slash from PUBLIC_URL and keeps old keys behind the present one', () => {
    const keys = [Buffer.alloc(32, 1), Buffer.alloc(32, 2), Buffer.alloc(32, 3)];
    const [now, ...old] = keys.map((bytes) => bytes.toString('base64'));
    const config = readConfig({
      ...slack,
      PUBLIC_URL: 'https://b.example/',
      BELLHOP_ENCRYPTION_KEY: now,
      BELLHOP_ENCRYPTION_KEYS_OLD: old.join(', '),
    });
    expect(config.publicUrl).toBe('https://b.example');
    expect(config.encryptionKeys).toEqual(keys);
  });
});

describe('npm run try', () => {
  it('stays on this computer, with its own data and no accounts, whatever else is set', () => {
    expect(readTrialConfig({ ...slack, ...teams, DATABASE_URL: 'postgresql://h/production' })).toMatchObject({
      host: '127.0.0.1',
      databaseUrl: undefined,
      slack: undefined,
      teams: undefined,
      dataDir: resolve('.bellhop/try'),
      playgroundPort: 56150,
    });
  });

  it.each(['0.0.0.0', '192.168.1.5', 'bellhop.example.com'])('refuses HOST=%s: nobody is checked there', (HOST) => {
    expect(problemsOf({ HOST }, readTrialConfig)[0]).toContain('HOST');
  });

  it.each(['127.0.0.1', '127.8.8.8', '::1', 'localhost'])('takes HOST=%s', (HOST) => {
    expect(readTrialConfig({ HOST }).host).toBe(HOST);
  });

  it('names PLAYGROUND_PORT when it is no port', () => {
    expect(problemsOf({ PLAYGROUND_PORT: 'x' }, readTrialConfig)[0]).toContain('PLAYGROUND_PORT');
  });
});

it('a .env file adds to the environment and never overrides it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bellhop-env-'));
  writeFileSync(join(folder, '.env'), 'BELLHOP_TEST_ADDED=from-file\nPATH=nowhere\n');
  const environment = readEnvironment(folder);
  rmSync(folder, { recursive: true });
  expect(environment.BELLHOP_TEST_ADDED).toBe('from-file');
  expect(environment.PATH).not.toBe('nowhere');
});
