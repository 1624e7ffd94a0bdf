import { describe, expect, it } from 'vitest';
import { createSlackLinks } from '../../adapters/slack/links.js';
import { createTeamsLinks } from '../../adapters/teams/links.js';
import { TEAM } from '../support/fake-slack/directory-answers.js';
import { slackHarness } from '../support/fake-slack/harness.js';

const slack = { platform: 'slack', externalId: 'T0HOTEL', botExternalId: 'U0BOT' } as const;
const teams = { platform: 'teams', externalId: 'tenant-1', botExternalId: '28:bot-1' } as const;

describe('a link to the bot on Slack', () => {
  it('opens its direct messages from everywhere once the app’s id is known, before that in Slack’s app', () => {
    let app: string | undefined;
    const links = createSlackLinks(() => app);
    expect(links.toBot(slack)).toBe('slack://user?team=T0HOTEL&id=U0BOT');
    app = 'A0BELLHOP';
    expect(links.toBot(slack, 'seminar here 1234')).toBe('https://slack.com/app_redirect?app=A0BELLHOP&team=T0HOTEL');
  });

  it('holds nothing but ids, and is none where nothing is known', () => {
    const links = createSlackLinks(() => 'A&team=T0EVIL');
    expect(links.toBot(slack)).toBe('slack://user?team=T0HOTEL&id=U0BOT');
    expect(links.toBot({ ...slack, botExternalId: null })).toBeUndefined();
    expect(links.toBot({ ...slack, externalId: 'T&id=U0EVIL' })).toBe('slack://user?team=T%26id%3DU0EVIL&id=U0BOT');
    expect(links.toBot(teams)).toBeUndefined();
  });
});

describe('the app’s id', () => {
  it('is learnt from whatever Slack sends', async () => {
    const bot = await slackHarness();
    await bot.adapter.start();
    const workspace = { platform: 'slack', externalId: TEAM, botExternalId: 'U0BOT' } as const;
    expect(bot.adapter.links.toBot(workspace)).toBe(`slack://user?team=${TEAM}&id=U0BOT`);
    const event = { type: 'app_home_opened', user: 'U0ANN', tab: 'home' };
    const body = { type: 'event_callback', api_app_id: 'A0BELLHOP', team_id: TEAM, event_id: 'Ev1', event };
    await bot.slack.post(JSON.stringify(body), 'application/json');
    const link = await bot.until(() => bot.adapter.links.toBot(workspace)?.match(/^https:.*/)?.[0]);
    expect(link).toBe(`https://slack.com/app_redirect?app=A0BELLHOP&team=${TEAM}`);
    await bot.stop();
  });
});

describe('a link to the bot on Teams', () => {
  it('opens the chat with what is to be sent in the message box', () => {
    const links = createTeamsLinks('bot-1');
    const link = links.toBot(teams, 'seminar here 12+34 ā&b') ?? '';
    expect(link).toMatch(/^https:\/\/teams\.microsoft\.com\/l\/chat\/0\/0\?/);
    expect(link).not.toContain('+');
    expect(Object.fromEntries(new URL(link).searchParams)).toEqual({
      tenantId: 'tenant-1',
      users: '28:bot-1',
      message: 'seminar here 12+34 ā&b',
    });
    expect(new URL(links.toBot({ ...teams, botExternalId: null }) ?? '').searchParams.get('users')).toBe('28:bot-1');
    expect(links.toBot(teams)).not.toContain('message');
  });

  it('is none in the Playground, which has no such chats', () => {
    expect(createTeamsLinks('').toBot({ ...teams, botExternalId: 'bot' })).toBeUndefined();
    expect(createTeamsLinks('').toBot({ ...teams, botExternalId: null })).toBeUndefined();
    expect(createTeamsLinks('bot-1').toBot(slack)).toBeUndefined();
  });
});
