import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { httpManifest, SHORTCUT_TWIN, SlackManifest } from '../../adapters/slack/manifest.js';
import { PublicUrl } from '../../scripts/public-url.js';
import { createRegistry } from '../../src/core/registry.js';
import { createFeatures } from '../../src/features/index.js';

const root = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');
const manifest = SlackManifest.parse(JSON.parse(read('manifest.json')));
const scopes = manifest.oauth_config.scopes.bot;
const events = manifest.settings.event_subscriptions.bot_events;
const registry = createRegistry(createFeatures({ directories: new Map() }));

/** The rows of the table under a heading of docs/SLACK-SCOPES.md, each as its cells. */
function rowsUnder(heading: string): string[][] {
  const section = read('docs/SLACK-SCOPES.md').split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  return section
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

const name = (cell = '') => cell.replaceAll('`', '');

describe('the Slack manifest', () => {
  it('works as it is with Socket Mode', () => {
    expect(manifest.settings.socket_mode_enabled).toBe(true);
    expect(manifest.settings.interactivity).toEqual({ is_enabled: true });
    expect(manifest.settings.event_subscriptions.request_url).toBeUndefined();
    expect(manifest.features.slash_commands.filter((command) => command.url)).toEqual([]);
    expect(manifest.settings).toMatchObject({ org_deploy_enabled: false, token_rotation_enabled: false });
  });

  it('opens App Home and lets people write to the bot', () => {
    expect(manifest.features.app_home).toEqual({
      home_tab_enabled: true,
      messages_tab_enabled: true,
      messages_tab_read_only_enabled: false,
    });
  });

  it('has mentions escaped in every command', () => {
    expect(manifest.features.slash_commands.map(({ command }) => command)).toEqual([
      '/bellhop',
      '/customer',
      '/handbook',
      '/kudos',
      '/seminar',
    ]);
    expect(manifest.features.slash_commands.every((command) => command.should_escape)).toBe(true);
  });

  it('has a shortcut at messages and one in Slack’s menus, each with an id of its own, for the same one of the registry', () => {
    const { shortcuts = [] } = manifest.features;
    expect(shortcuts.map(({ type, callback_id }) => [type, callback_id])).toEqual([
      ['message', 'recognition.give_kudos'],
      ['global', 'recognition.give_kudos_new'],
      ['message', 'feedback.log'],
      ['global', 'feedback.log_new'],
    ]);
    expect(new Set(shortcuts.map(({ callback_id }) => callback_id.replace(SHORTCUT_TWIN, '')))).toEqual(new Set(registry.shortcuts.keys()));
  });

  it('has exactly the registry’s commands', () => {
    expect(manifest.features.slash_commands.map(({ command }) => command.slice(1)).sort()).toEqual([...registry.commands.keys()].sort());
  });

  it('asks for nothing twice', () => {
    expect(new Set(scopes).size).toBe(scopes.length);
    expect(new Set(events).size).toBe(events.length);
  });
});

describe('docs/SLACK-SCOPES.md', () => {
  it('explains each scope, and no other', () => {
    const rows = rowsUnder('Scopes of the bot');
    expect(rows.map(([scope]) => name(scope)).sort()).toEqual([...scopes].sort());
    expect(rows.filter(([, use]) => !use)).toEqual([]);
  });

  it('explains each event, and no other', () => {
    const rows = rowsUnder('Events');
    expect(rows.map(([event]) => name(event)).sort()).toEqual([...events].sort());
    expect(rows.filter(([, , use]) => !use)).toEqual([]);
  });

  it('names for each event scopes that the manifest asks for', () => {
    const needed = rowsUnder('Events').flatMap(([, scope = '']) =>
      scope === 'none' ? [] : scope.split(',').map((one) => name(one).trim()),
    );
    expect(needed.filter((scope) => !scopes.includes(scope))).toEqual([]);
  });
});

describe('the HTTP form', () => {
  const url = 'https://bot.example';
  const http = httpManifest(manifest, url);

  it('has Slack call one address for events, commands and interactivity', () => {
    expect(http.settings.socket_mode_enabled).toBe(false);
    expect(http.settings.event_subscriptions.request_url).toBe(`${url}/slack/events`);
    expect(http.settings.interactivity).toEqual({ is_enabled: true, request_url: `${url}/slack/events` });
    expect(new Set(http.features.slash_commands.map((command) => command.url))).toEqual(new Set([`${url}/slack/events`]));
    expect(http.features.shortcuts).toEqual(manifest.features.shortcuts);
  });

  it('is otherwise the same app, and stays within the limits of Slack', () => {
    expect(http.oauth_config).toEqual(manifest.oauth_config);
    expect(http.settings.event_subscriptions.bot_events).toEqual(events);
    expect(http.features.slash_commands.every((command) => command.should_escape)).toBe(true);
    expect(SlackManifest.safeParse(http).success).toBe(true);
  });

  it('leaves the manifest it was given alone', () => {
    expect(manifest.settings.socket_mode_enabled).toBe(true);
  });
});

describe('the address given to the scripts', () => {
  it.each([
    ['https://bot.example', 'https://bot.example'],
    ['https://bot.example/', 'https://bot.example'],
    ['HTTPS://Bot.Example:8443', 'https://bot.example:8443'],
  ])('takes %s', (typed, address) => {
    expect(PublicUrl.parse(typed)).toBe(address);
  });

  it.each([
    'http://bot.example',
    'bot.example',
    '',
    'https://',
    'https:///bot.example',
    'https:bot.example',
    'https://bot.example/slack/events',
    'https://bot.example?x=1',
    'https://bot.example#top',
    'https://bot.example other',
    'https://someone:secret@bot.example',
    'ftp://bot.example',
  ])('refuses %j', (typed) => {
    expect(PublicUrl.safeParse(typed).success).toBe(false);
  });
});

describe('npm run manifest', () => {
  const run = (...args: string[]) =>
    spawnSync(process.execPath, ['--import', 'tsx', 'scripts/slack-manifest.ts', ...args], { cwd: fileURLToPath(root), encoding: 'utf8' });

  it('prints the HTTP form', () => {
    const { status, stdout } = run('--url', 'https://bot.example');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toEqual(httpManifest(manifest, 'https://bot.example'));
  });

  it('says what is wrong with the address, prints nothing to paste, and ends with 2', () => {
    const { status, stdout, stderr } = run('--url', 'http://bot.example');
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain('"http://bot.example" is not encrypted');
  });
});
