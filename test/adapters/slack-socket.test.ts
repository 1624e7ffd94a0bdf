import { afterEach, describe, expect, it } from 'vitest';
import { notice } from '../../src/core/card.js';
import { ref } from '../../src/core/ref.js';
import { key, words } from '../../src/core/text.js';
import { type SlackHarness, slackHarness } from '../support/fake-slack/harness.js';

describe('Slack over Socket Mode', () => {
  let bot: SlackHarness;
  afterEach(() => bot.stop());

  it('hears commands, clicks, forms and events', async () => {
    bot = await slackHarness({ socket: true });
    expect(bot.adapter.ready()).toBe(false);
    await bot.adapter.start();
    expect(bot.adapter.ready()).toBe(true);
    const form = {
      ref: ref('handbook.sign'),
      title: key('t'),
      submit: key('s'),
      fields: [{ name: 'name', kind: 'text' as const, label: key('name') }],
    };
    bot.answer = () => ({ kind: 'form', form });
    await bot.slack.command('U0ANN', '/handbook', 'sign');
    const view = await bot.until(() => bot.slack.of('views.open').at(-1)?.args.view as Record<string, unknown> | undefined);
    bot.answer = () => ({ kind: 'errors', form, values: {}, errors: { name: key('e') } });
    expect((await bot.slack.submit('U0ANN', view, { name: { value: 'x' } })).body).toEqual({
      response_action: 'errors',
      errors: { name: 'e' },
    });
    bot.answer = (interaction) => (interaction.kind === 'home' ? { kind: 'home', cards: [notice(words('h'))] } : { kind: 'nothing' });
    await bot.slack.event({ type: 'app_home_opened', user: 'U0ANN', tab: 'home' });
    await bot.until(() => bot.slack.of('views.publish').length === 1);
    expect(bot.heard.map((heard) => heard.kind)).toEqual(['command', 'submit', 'home']);
  });

  it('comes back by itself when the connection breaks, and when Slack can’t be reached meanwhile', async () => {
    bot = await slackHarness({ socket: true });
    await bot.adapter.start();
    bot.slack.faults.set('apps.connections.open', [{ status: 500 }, 'cut']);
    for (const socket of bot.slack.sockets) socket.cut();
    await bot.until(() => !bot.adapter.ready());
    await bot.until(() => bot.adapter.ready());
    expect((await bot.slack.command('U0ANN', '/handbook', '')).status).toBe(200);
  });

  it('says at the start that the app-level token is not accepted', async () => {
    bot = await slackHarness({ appToken: 'xapp-wrong' });
    await expect(bot.adapter.start()).rejects.toMatchObject({ code: 'unauthorised' });
  });

  it('acknowledges what is under way before it closes', async () => {
    bot = await slackHarness({ socket: true });
    await bot.adapter.start();
    bot.answer = async () => {
      await new Promise((resolve) => setTimeout(resolve, 300));
      return { kind: 'nothing' };
    };
    const form = { id: 'V1', type: 'modal', callback_id: 'a.b', private_metadata: '', blocks: [] };
    const answer = bot.slack.submit('U0ANN', form, {});
    await bot.until(() => bot.heard.length === 1);
    await bot.adapter.stop();
    expect((await answer).body).toEqual({ response_action: 'clear' });
    expect(bot.adapter.ready()).toBe(false);
  });
});
