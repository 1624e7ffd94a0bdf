import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Card } from '../../src/core/card.js';
import { ref } from '../../src/core/ref.js';
import { words } from '../../src/core/text.js';
import { TEAM } from '../support/fake-slack/directory-answers.js';
import { type SlackHarness, slackHarness } from '../support/fake-slack/harness.js';

const card: Card = {
  summary: words('card'),
  lead: words('card'),
  actions: [{ kind: 'button', label: words('Read'), ref: ref('handbook.read', { page: 2 }) }],
};
const THREAD = '1700000000.000100';
const written = { user: 'U0ANN', text: '<@U0BOT> handbook', ts: '1700000001.000200' };

describe('Slack, in a thread', () => {
  let bot: SlackHarness;
  beforeEach(async () => {
    bot = await slackHarness();
    await bot.adapter.start();
    bot.answer = () => ({ kind: 'whisper', card });
  });
  afterEach(() => bot.stop());
  /** A press on what only this person sees. */
  const press = (thread?: string) =>
    bot.slack.deliver('interactive', {
      type: 'block_actions',
      team: { id: TEAM },
      user: { id: 'U0ANN', name: 'ann' },
      trigger_id: `trigger-${thread ?? 'none'}`,
      response_url: bot.slack.responseUrl('U0ANN', 'C0TEAM'),
      channel: { id: 'C0TEAM', name: 'team' },
      container: {
        type: 'message',
        message_ts: '1700000002.000300',
        channel_id: 'C0TEAM',
        is_ephemeral: true,
        ...(thread && { thread_ts: thread }),
      },
      actions: [
        { type: 'button', action_id: 'handbook.read#0', action_ts: '1700000003.1', value: JSON.stringify({ v: 1, p: { page: 2 } }) },
      ],
    });

  it('a mention is answered in it, and outside of threads in the channel', async () => {
    await bot.slack.event({ type: 'app_mention', channel: 'C0TEAM', ...written, thread_ts: THREAD });
    expect((await bot.until(() => bot.slack.of('chat.postEphemeral').at(-1))).args).toMatchObject({ channel: 'C0TEAM', thread_ts: THREAD });
    await bot.slack.event({ type: 'app_mention', channel: 'C0TEAM', ...written, ts: '1700000009.000900' });
    expect((await bot.until(() => bot.slack.of('chat.postEphemeral')[1])).args.thread_ts).toBeUndefined();
  });

  it('so is what is written in one of the direct message', async () => {
    const direct = { type: 'message', channel: 'D0ANN', channel_type: 'im', ...written, thread_ts: THREAD };
    await bot.slack.event(direct);
    expect((await bot.until(() => bot.slack.of('chat.postMessage').at(-1))).args).toMatchObject({ channel: 'D0ANN', thread_ts: THREAD });
    bot.answer = () => ({ kind: 'say', card });
    await bot.slack.event({ ...direct, ts: '1700000008.000800' });
    expect((await bot.until(() => bot.slack.of('chat.postMessage')[1])).args).toMatchObject({ channel: 'D0ANN', thread_ts: THREAD });
  });

  it('what a button there answers stands there, and a card that is seen by one person alone is known as such', async () => {
    await press(THREAD);
    const answered = await bot.until(() => bot.slack.of('response_url').at(-1));
    expect(answered.args).toMatchObject({ response_type: 'ephemeral', thread_ts: THREAD });
    expect(bot.heard[0]?.place).toEqual({ kind: 'channel', externalId: 'C0TEAM', alone: true });
  });
});
