import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type AppManifest, AppManifestUtils } from '@microsoft/app-manifest';
import { strFromU8, unzipSync } from 'fflate';
import { afterAll, describe, expect, it } from 'vitest';
import { filesOf, TeamsManifestTemplate, teamsManifest } from '../../adapters/teams/package.js';
import { createRegistry } from '../../src/core/registry.js';
import { createFeatures } from '../../src/features/index.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = join(root, 'adapters/teams/package');
const json = (file: string) => JSON.parse(readFileSync(join(folder, file), 'utf8'));
const template = TeamsManifestTemplate.parse(json('manifest.json'));
const appId = '1b2c3d4e-0000-4000-8000-00000000abcd';

const scratch = mkdtempSync(join(tmpdir(), 'bellhop-teams-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** Width and height of a PNG, from its header. */
const sizeOf = (png: Uint8Array) => {
  const header = Buffer.from(png);
  return [header.readUInt32BE(16), header.readUInt32BE(20)];
};

describe('the Teams manifest', () => {
  const manifest = teamsManifest(template, { appId: appId.toUpperCase(), version: '1.2.3', url: 'https://bot.example' });

  it('is filled in for one installation', () => {
    expect(manifest).toMatchObject({ id: appId, version: '1.2.3', bots: [{ botId: appId }], validDomains: ['bot.example'] });
    expect(manifest.composeExtensions).toMatchObject([{ botId: appId }]);
    expect(manifest.developer.privacyUrl).toBe('https://bot.example');
  });

  it("fits Microsoft's schema, with an address and without", async () => {
    for (const one of [manifest, teamsManifest(template, { appId, version: '0.1.0' })]) {
      expect(await AppManifestUtils.validateAgainstSchema(one as unknown as AppManifest)).toEqual([]);
    }
  });

  it('leaves the template alone', () => {
    expect(template.validDomains).toEqual([]);
  });

  it('is one bot for 1:1 chats, teams and group chats, that takes files and offers the same words in each', () => {
    const [bot] = json('manifest.json').bots;
    expect(bot).toMatchObject({ scopes: ['personal', 'team', 'groupChat'], supportsFiles: true });
    const lists: { scopes: string[]; commands: { title: string }[] }[] = bot.commandLists;
    expect(lists.map((list) => list.scopes)).toEqual([['personal'], ['team'], ['groupChat']]);
    for (const { commands } of lists) {
      expect(commands.map(({ title }) => title)).toEqual([
        'handbook',
        'handbook status',
        'handbook publish',
        'bellhop record',
        'kudos',
        'seminar',
        'customer',
        'bellhop help',
        'bellhop settings',
        'bellhop people',
      ]);
    }
  });

  it('offers every entry of the registry for the menus of messages, from each of Teams’ places for them', () => {
    const { shortcuts } = createRegistry(createFeatures({ directories: new Map() }));
    const [{ commands }] = template.composeExtensions;
    expect(commands.map(({ id }) => id)).toEqual([...shortcuts.keys()]);
    for (const command of commands)
      expect(command).toMatchObject({ type: 'action', fetchTask: true, context: ['compose', 'commandBox', 'message'] });
  });

  it('asks for no permission', () => {
    expect(Object.keys(template)).not.toContain('authorization');
    expect(Object.keys(template)).not.toContain('webApplicationInfo');
  });

  it('shares its colour with the Slack app', () => {
    const slack = JSON.parse(readFileSync(join(root, 'manifest.json'), 'utf8'));
    expect(json('manifest.json').accentColor).toBe(slack.display_information.background_color);
  });
});

describe('the translations', () => {
  it.each(template.localizationInfo.additionalLanguages)('$languageTag has every text that people read, and no other', ({ file }) => {
    const { $schema, ...texts } = json(file);
    expect($schema).toBe(template.$schema.replace('MicrosoftTeams.schema', 'MicrosoftTeams.Localization.schema'));
    // Not the titles: a title is what Teams puts in the message box, and the bot knows these words.
    const lists: { commands: unknown[] }[] = json('manifest.json').bots[0].commandLists;
    const commands = lists.flatMap((list, i) => list.commands.map((_, j) => `bots[0].commandLists[${i}].commands[${j}].description`));
    const extensions = template.composeExtensions.flatMap(({ commands: entries }, i) =>
      entries.flatMap((_, j) => ['title', 'description'].map((text) => `composeExtensions[${i}].commands[${j}].${text}`)),
    );
    const own = ['name.short', 'name.full', 'description.short', 'description.full'];
    expect(Object.keys(texts)).toEqual([...own, ...commands, ...extensions]);
    expect(texts['description.short'].length).toBeLessThanOrEqual(80);
  });
});

describe('npm run teams-package', () => {
  const run = (...args: string[]) => {
    const { MicrosoftAppId: _, ...env } = process.env;
    return spawnSync(process.execPath, ['--import', 'tsx', 'scripts/teams-package.ts', ...args], { cwd: root, encoding: 'utf8', env });
  };

  it('makes a package that Teams can take', async () => {
    const out = join(scratch, 'new/bellhop-teams.zip');
    const { status, stderr } = run('--app-id', appId, '--url', 'https://bot.example/', '--out', out);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });

    const files = unzipSync(readFileSync(out));
    expect(Object.keys(files)).toEqual(['manifest.json', ...filesOf(template)]);
    const text = (file: string) => strFromU8(files[file] ?? new Uint8Array());
    const manifest = JSON.parse(text('manifest.json'));
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    expect(manifest).toEqual(teamsManifest(template, { appId, version, url: 'https://bot.example' }));
    expect(await AppManifestUtils.validateAgainstSchema(manifest)).toEqual([]);
    expect(JSON.parse(text('lv.json'))).toEqual(json('lv.json'));
    expect(sizeOf(files['color.png'] ?? new Uint8Array())).toEqual([192, 192]);
    expect(sizeOf(files['outline.png'] ?? new Uint8Array())).toEqual([32, 32]);
  });

  it('names everything that is wrong at once, and ends with 2', () => {
    const { status, stderr } = run('--app-id', 'bellhop', '--url', 'http://bot.example', '--out', join(scratch, 'package.txt'));
    expect(status).toBe(2);
    expect(stderr).toContain('"bellhop" is not an app id');
    expect(stderr).toContain('"http://bot.example" is not encrypted');
    expect(stderr).toContain('--out has to end in .zip');
  });

  it('says which setting gives the app id', () => {
    const { status, stderr } = run();
    expect(status).toBe(2);
    expect(stderr).toContain('give --app-id, or set MicrosoftAppId');
  });
});
