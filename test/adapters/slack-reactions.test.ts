import { afterEach, describe, expect, it } from 'vitest';
import { notice } from '../../src/core/card.js';
import { words } from '../../src/core/text.js';
import { type SlackHarness, slackHarness } from '../support/fake-slack/harness.js';

const TS = '1700000000.000100';

describe.each([
  ['over HTTP', {}],
  ['over Socket Mode', { socket: true }],
])('Reactions on Slack %s', (_name, transport) => {
  let bot: SlackHarness;
  afterEach(() => bot.stop());

  it('tell who reacted to whose message with what, whatever the colour of the hand', async () => {
    bot = await slackHarness(transport);
    await bot.adapter.start();
    await bot.slack.react('U0ANN', 'clap::skin-tone-4', 'C0TEAM', TS, true, 'U0BOB');
    await bot.slack.react('U0ANN', 'clap::skin-tone-4', 'C0TEAM', TS, false, 'U0BOB');
    await bot.until(() => bot.heard.length === 2);
    const both = {
      kind: 'reaction',
      emoji: 'clap',
      message: { author: { by: 'account', externalId: 'U0BOB' }, conversationId: 'C0TEAM', externalId: TS },
      actor: { platform: 'slack', workspaceExternalId: 'T0FAKE', externalId: 'U0ANN' },
      place: { kind: 'channel', externalId: 'C0TEAM' },
    };
    expect(bot.heard).toMatchObject([
      { ...both, added: true },
      { ...both, added: false },
    ]);
  });
});

describe('Reactions on Slack', () => {
  let bot: SlackHarness;
  afterEach(() => bot.stop());
  const started = async () => {
    bot = await slackHarness();
    await bot.adapter.start();
  };

  it('at the bot’s own messages, and at those of no person, have no author', async () => {
    await started();
    const posted = await bot.adapter.chat.send(
      { workspaceExternalId: 'T0FAKE', kind: 'channel', externalId: 'C0TEAM' },
      notice(words('card')),
      { locale: 'en', zone: 'UTC' },
      'd1',
    );
    await bot.slack.react('U0ANN', 'heart', 'C0TEAM', posted.externalId);
    await bot.slack.react('U0ANN', 'heart', 'C0TEAM', TS);
    expect(bot.heard.map((heard) => heard.kind === 'reaction' && heard.message)).toEqual([
      { conversationId: 'C0TEAM', externalId: posted.externalId },
      { conversationId: 'C0TEAM', externalId: TS },
    ]);
  });

  it('of the bot itself, and at anything but a message, are left aside', async () => {
    await started();
    await bot.slack.react('U0BOT', 'heart', 'C0TEAM', TS, true, 'U0BOB');
    const event = { type: 'reaction_added', user: 'U0ANN', reaction: 'heart', item_user: 'U0BOB' };
    await bot.slack.event({ ...event, item: { type: 'file', file: 'F0XXXXXXXX' } });
    await bot.slack.event({ ...event, item: { type: 'message', channel: 'C0TEAM' } });
    await bot.slack.event({ ...event, reaction: '', item: { type: 'message', channel: 'C0TEAM', ts: TS } });
    expect(bot.heard).toEqual([]);
  });

  it('repeated by Slack are one, and set anew are two', async () => {
    await started();
    const event = {
      type: 'reaction_added',
      user: 'U0ANN',
      reaction: 'heart',
      item_user: 'U0BOB',
      item: { type: 'message', channel: 'C0TEAM', ts: TS },
    };
    await bot.slack.event({ ...event, event_ts: '1.1' }, 'Ev1');
    await bot.slack.event({ ...event, event_ts: '1.1' }, 'Ev2');
    await bot.slack.event({ ...event, event_ts: '2.2' }, 'Ev3');
    expect(bot.heard).toHaveLength(3);
    expect(new Set(bot.heard.map((heard) => heard.onceKey)).size).toBe(2);
  });

  it('that concern nobody cost no call and no line of the log', async () => {
    await started();
    const before = bot.slack.calls.length;
    for (let time = 0; time < 5; time++) await bot.slack.react('U0ANN', 'heart', 'C0TEAM', TS, true, 'U0BOB');
    expect(bot.heard).toHaveLength(5);
    expect(bot.slack.calls.slice(before)).toEqual([]);
    expect(bot.log.lines.filter(({ level, message }) => level === 'info' && message.includes('answered'))).toEqual([]);
  });

  it.each(['whisper', 'say'] as const)('are answered by a %s in the person’s own chat', async (kind) => {
    await started();
    bot.answer = () => ({ kind, card: notice(words('given')) });
    await bot.slack.react('U0ANN', 'heart', 'C0TEAM', TS, true, 'U0BOB');
    expect(await bot.until(() => bot.slack.messages.at(-1))).toMatchObject({ channel: 'D0ANN', text: 'given' });
    expect(bot.slack.whispers).toEqual([]);
  });
});
