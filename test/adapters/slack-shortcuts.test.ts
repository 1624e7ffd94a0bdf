import { afterEach, describe, expect, it } from 'vitest';
import { notice } from '../../src/core/card.js';
import type { Form } from '../../src/core/form.js';
import { ref } from '../../src/core/ref.js';
import { key, words } from '../../src/core/text.js';
import { visibleText } from '../support/fake-slack/check-blocks.js';
import { type SlackHarness, slackHarness } from '../support/fake-slack/harness.js';

const SHORTCUT = 'recognition.give_kudos';
const form: Form = {
  ref: ref('recognition.give', { quote: 'q1' }),
  title: key('t'),
  submit: key('s'),
  fields: [{ name: 'reason', kind: 'text', label: key('reason') }],
};
const MESSAGE = { channel: 'C0TEAM', ts: '1700000000.000100', text: 'It was <@U0ANN> who helped &lt;me&gt;', user: 'U0BOB' };

describe.each([
  ['over HTTP', {}],
  ['over Socket Mode', { socket: true }],
])('Shortcuts of Slack %s', (_name, transport) => {
  let bot: SlackHarness;
  const started = async () => {
    bot = await slackHarness(transport);
    await bot.adapter.start();
    return bot;
  };
  afterEach(() => bot.stop());
  const opened = () => bot.until(() => bot.slack.of('views.open').at(-1));

  it('at a message quote it as it was typed, with its author and place', async () => {
    await started();
    expect((await bot.slack.messageShortcut('U0ANN', SHORTCUT, MESSAGE)).status).toBe(200);
    await bot.until(() => bot.heard.length === 1);
    expect(bot.heard).toMatchObject([
      {
        kind: 'shortcut',
        shortcut: SHORTCUT,
        message: {
          text: 'It was @Ann Ozola who helped <me>',
          author: { by: 'account', externalId: 'U0BOB' },
          conversationId: 'C0TEAM',
          externalId: MESSAGE.ts,
        },
        place: { kind: 'channel', externalId: 'C0TEAM' },
        actor: { platform: 'slack', workspaceExternalId: 'T0FAKE', externalId: 'U0ANN' },
      },
    ]);
  });

  it('in Slack’s own menu are the same shortcut without a message', async () => {
    await started();
    await bot.slack.shortcut('U0ANN', `${SHORTCUT}_new`);
    await bot.until(() => bot.heard.length === 1);
    expect(bot.heard[0]).toMatchObject({ kind: 'shortcut', shortcut: SHORTCUT, place: { kind: 'direct' } });
    expect(bot.heard[0]).not.toHaveProperty('message');
    expect(bot.heard[0]).not.toHaveProperty('actor.address');
  });

  it('open a form, whose answer is whispered where the shortcut was used', async () => {
    await started();
    bot.answer = () => ({ kind: 'form', form });
    await bot.slack.messageShortcut('U0ANN', SHORTCUT, MESSAGE);
    const { args, answer } = await opened();
    expect(answer).toMatchObject({ ok: true });
    bot.answer = () => ({ kind: 'whisper', card: notice(words('given')) });
    const view = { ...(args.view as Record<string, unknown>), id: 'V1' };
    expect((await bot.slack.submit('U0ANN', view, { reason: { value: 'x' } })).body).toEqual({ response_action: 'clear' });
    await bot.until(() => bot.slack.whispers.length === 1);
    expect(bot.slack.whispers).toMatchObject([{ channel: 'C0TEAM', seenBy: 'U0ANN', text: 'given' }]);
    expect(bot.slack.messages).toEqual([]);
  });
});

describe('Shortcuts of Slack', () => {
  let bot: SlackHarness;
  afterEach(() => bot.stop());
  const started = async () => {
    bot = await slackHarness();
    await bot.adapter.start();
  };
  const interactive = (payload: object) =>
    bot.slack.post(new URLSearchParams({ payload: JSON.stringify(payload) }).toString(), 'application/x-www-form-urlencoded');

  it('name no author for a message of a bot, their own above all', async () => {
    await started();
    await bot.slack.messageShortcut('U0ANN', SHORTCUT, { channel: 'C0TEAM', ts: '1.1', text: 'beep' });
    await bot.until(() => bot.heard.length === 1);
    await bot.slack.messageShortcut('U0ANN', SHORTCUT, { ...MESSAGE, user: 'U0BOT' });
    // Its text names somebody, who is asked for first.
    await bot.until(() => bot.heard.length === 2);
    await bot.slack.messageShortcut('U0ANN', SHORTCUT, MESSAGE, {
      message: { type: 'message', ts: MESSAGE.ts, subtype: 'bot_message', bot_id: 'B0X', text: '' },
    });
    await bot.until(() => bot.heard.length === 3);
    const messages = bot.heard.map((heard) => (heard.kind === 'shortcut' ? heard.message : undefined));
    expect(messages.map((message) => message && 'author' in message)).toEqual([false, false, false]);
    expect(messages.map((message) => message?.text)).toEqual(['beep', 'It was @Ann Ozola who helped <me>', undefined]);
  });

  it('used between two people never take their conversation for the one with the bot', async () => {
    await started();
    bot.answer = () => ({ kind: 'say', card: notice(words('hello')) });
    await bot.slack.messageShortcut('U0ANN', SHORTCUT, { ...MESSAGE, channel: 'D0OTHERS' });
    expect(await bot.until(() => bot.slack.messages.at(-1))).toMatchObject({ channel: 'D0ANN' });
    expect(bot.heard[0]?.place).toEqual({ kind: 'direct' });
    expect(bot.heard[0]?.actor.address).toBeUndefined();
  });

  it('are handled once by their trigger, and two of them are two', async () => {
    await started();
    bot.answer = () => ({ kind: 'say', card: notice(words('hello')) });
    await bot.slack.messageShortcut('U0ANN', SHORTCUT, MESSAGE, { trigger_id: 'same' });
    await bot.slack.messageShortcut('U0ANN', SHORTCUT, MESSAGE, { trigger_id: 'same' });
    await bot.slack.messageShortcut('U0ANN', SHORTCUT, MESSAGE);
    await bot.until(() => bot.slack.messages.length === 2);
    expect(new Set(bot.heard.map((heard) => heard.onceKey)).size).toBe(2);
  });

  it('acknowledge before they ask for names, and do without those that don’t come', async () => {
    await started();
    bot.slack.latency = (method) => (method === 'users.info' ? 1_500 : 0);
    expect((await bot.slack.messageShortcut('U0ANN', SHORTCUT, MESSAGE)).ms).toBeLessThan(500);
    await bot.until(() => bot.heard.length === 1);
    expect(bot.heard[0]).toMatchObject({ message: { text: 'It was @U0ANN who helped <me>' } });
  });

  it('that are not Bellhop’s are acknowledged and logged, and nothing else', async () => {
    await started();
    const answer = await bot.slack.messageShortcut('U0ANN', SHORTCUT, MESSAGE, { callback_id: 'somebody.elses' });
    await bot.slack.shortcut('U0ANN', `${SHORTCUT}_new`, { callback_id: `${SHORTCUT}_other` });
    await bot.until(() => bot.log.lines.filter(({ message }) => message.includes('not Bellhop’s')).length === 2);
    expect({ status: answer.status, heard: bot.heard }).toEqual({ status: 200, heard: [] });
  });

  it.each([
    { type: 'shortcut', callback_id: SHORTCUT },
    { type: 'message_action', callback_id: SHORTCUT, user: null },
    { type: 'message_action', callback_id: SHORTCUT, user: { id: 'U0ANN' }, trigger_id: 't', message: {} },
    { type: 'message_action', callback_id: 7, user: { id: 'U0ANN' }, channel: 'C', message: 'x' },
  ])('that can’t be read do no harm: %j', async (payload) => {
    await started();
    expect([200, 400]).toContain((await interactive(payload)).status);
    expect(bot.heard).toEqual([]);
  });

  it('whose form opens too late tell the person where they are', async () => {
    await started();
    bot.slack.faults.set('views.open', [{ error: 'expired_trigger_id' }]);
    bot.answer = () => ({ kind: 'form', form });
    await bot.slack.messageShortcut('U0ANN', SHORTCUT, MESSAGE);
    const [told] = await bot.until(() => bot.slack.whispers.length === 1 && bot.slack.whispers);
    expect(told).toMatchObject({ channel: 'C0TEAM', seenBy: 'U0ANN' });
    expect(visibleText(told?.blocks)).toBe('core.ui.open_again');
  });
});
