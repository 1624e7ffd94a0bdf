import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Card, notice } from '../../src/core/card.js';
import type { Form } from '../../src/core/form.js';
import { ref } from '../../src/core/ref.js';
import { key, words } from '../../src/core/text.js';
import { visibleText } from '../support/fake-slack/check-blocks.js';
import { TEAM } from '../support/fake-slack/directory-answers.js';
import { type SlackHarness, slackHarness } from '../support/fake-slack/harness.js';

const card = (label: string): Card => ({
  summary: words(label),
  lead: words(label),
  actions: [{ kind: 'button', label: words('Read'), ref: ref('handbook.read', { page: 2 }) }],
});
const form: Form = {
  ref: ref('handbook.sign', { id: 'a1' }),
  title: key('t'),
  submit: key('s'),
  fields: [
    { name: 'name', kind: 'text', label: key('name') },
    { name: 'due', kind: 'date', label: key('due'), optional: true },
  ],
};

describe('Slack over HTTP', () => {
  let bot: SlackHarness;
  beforeEach(async () => {
    bot = await slackHarness({ formPatienceMs: 200 });
    await bot.adapter.start();
  });
  afterEach(() => bot.stop());
  const posted = async (label: string) => {
    await bot.adapter.chat.send(
      { workspaceExternalId: TEAM, kind: 'direct', externalId: 'U0ANN' },
      card(label),
      { locale: 'en', zone: 'UTC' },
      'd1',
    );
    return bot.until(() => bot.slack.messages.at(-1));
  };
  const lastView = (method = 'views.open') =>
    bot.until(() => bot.slack.of(method).at(-1)?.args.view as Record<string, unknown> | undefined);

  describe('the door', () => {
    const body = JSON.stringify({
      type: 'event_callback',
      team_id: TEAM,
      event_id: 'Ev1',
      event: { type: 'app_home_opened', user: 'U0ANN', tab: 'home' },
    });

    it.each([
      ['an unsigned request', { headers: null }],
      ['a wrong signature', { secret: 'other' }],
      ['a stale request', { age: 301 }],
      ['a request from the future', { age: -400 }],
      ['another version of the signature', { headers: { 'X-Slack-Signature': 'v1=00' } }],
    ])('answers %s with 401, and reads nothing', async (_name, tamper) => {
      expect((await bot.slack.post(body, 'application/json', tamper)).status).toBe(401);
      expect(bot.heard).toEqual([]);
    });

    it.each(['{', 'null', '[]', '"text"', ''])('answers signed nonsense %j with 400', async (nonsense) => {
      expect((await bot.slack.post(nonsense, 'application/json')).status).toBe(400);
      expect((await bot.slack.post(`payload=${encodeURIComponent(nonsense)}`, 'application/x-www-form-urlencoded')).status).toBe(400);
    });

    it.each([
      { type: 'unheard_of' },
      { type: 'block_actions', actions: [] },
      { type: 'view_submission', view: {} },
      { type: 'event_callback' },
      { type: 'event_callback', event: 7 },
    ])('answers the payload %j without a 500', async (payload) => {
      const answer = await bot.slack.post(
        new URLSearchParams({ payload: JSON.stringify(payload) }).toString(),
        'application/x-www-form-urlencoded',
      );
      expect([200, 400]).toContain(answer.status);
      expect(bot.heard).toEqual([]);
      if (answer.status === 400) expect(answer.body).toMatchObject({ ok: false });
    });

    it('answers a body over the limit with 413, signed or not', async () => {
      const large = `{"x":"${'y'.repeat(1024 * 1024)}"}`;
      expect((await bot.slack.post(large, 'application/json')).status).toBe(413);
      expect((await bot.slack.post(large, 'application/json', { headers: null })).status).toBe(413);
    });

    it('answers Slack’s check of the address', async () => {
      const answer = await bot.slack.post(
        JSON.stringify({ type: 'url_verification', challenge: 'abc' }),
        'application/json; charset=utf-8',
      );
      expect(answer).toMatchObject({ status: 200, body: { challenge: 'abc' } });
    });

    it('sends Slack away for the moment once it is stopped', async () => {
      await bot.adapter.stop();
      expect((await bot.slack.post(body, 'application/json')).status).toBe(503);
    });
  });

  it('handles an act once, however often it is told', async () => {
    bot.answer = (interaction) => ({
      kind: interaction.kind === 'home' ? 'home' : 'say',
      card: notice(words('hello')),
      cards: [notice(words('home'))],
    });
    const event = { type: 'message', channel: 'D0ANN', channel_type: 'im', user: 'U0ANN', text: 'hello', ts: '1.000001' };
    for (let time = 0; time < 11; time++) await bot.slack.event(event, `Ev${time}`, { 'X-Slack-Retry-Num': String(time) });
    expect(bot.heard).toHaveLength(11);
    expect(new Set(bot.heard.map((heard) => heard.onceKey)).size).toBe(1);
    expect(bot.slack.of('chat.postMessage')).toHaveLength(1);
  });

  it('tells the acts of two people, and two clicks of one, apart', async () => {
    const message = await posted('hello');
    await bot.slack.click('U0ANN', message, 'Read');
    await bot.slack.click('U0BOB', message, 'Read');
    await bot.slack.click('U0ANN', message, 'Read');
    expect(new Set(bot.heard.map((heard) => heard.onceKey)).size).toBe(3);
  });

  it('leaves messages of bots, edits and channels aside', async () => {
    const event = { type: 'message', channel: 'D0ANN', user: 'U0ANN', text: 'x', ts: '1.1' };
    await bot.slack.event({ ...event, bot_id: 'B0BOT' });
    await bot.slack.event({ ...event, user: 'U0BOT' });
    await bot.slack.event({ ...event, subtype: 'message_changed' });
    await bot.slack.event({ ...event, channel: 'C0TEAM' });
    expect(bot.heard).toEqual([]);
  });

  it('answers a command where the person is, and says in the direct message', async () => {
    bot.answer = () => ({ kind: 'whisper', card: card('only you') });
    expect(await bot.slack.command('U0ANN', '/handbook', 'status <@U0BOB|bob>')).toMatchObject({ status: 200, body: '' });
    const whispered = await bot.until(() => bot.slack.of('response_url').at(-1));
    expect(whispered.args).toMatchObject({ response_type: 'ephemeral', replace_original: false });
    expect(visibleText(whispered.args.blocks)).toContain('only you');
    expect(bot.heard[0]).toMatchObject({
      kind: 'command',
      command: 'handbook',
      tokens: [
        { kind: 'word', text: 'status' },
        { kind: 'person', hint: { by: 'account', externalId: 'U0BOB' } },
      ],
      place: { kind: 'channel', externalId: 'C0TEAM' },
      actor: { workspaceExternalId: TEAM, externalId: 'U0ANN' },
    });
    bot.answer = () => ({ kind: 'say', card: card('hello') });
    await bot.slack.command('U0ANN', '/handbook', '');
    expect(await bot.until(() => bot.slack.messages.at(-1))).toMatchObject({ channel: 'D0ANN' });
  });

  it('whispers in the direct message when the response URL is used up', async () => {
    bot.slack.faults.set('response_url', [{ status: 404 }]);
    bot.answer = () => ({ kind: 'whisper', card: card('still told') });
    await bot.slack.command('U0ANN', '/handbook', '', { channel_id: 'D0XX', channel_name: 'directmessage' });
    expect(await bot.until(() => bot.slack.messages.at(-1))).toMatchObject({ channel: 'D0ANN' });
  });

  it('replaces the card that was clicked, and gives the button’s payload back', async () => {
    const message = await posted('hello');
    bot.answer = () => ({ kind: 'update', card: card('page 2') });
    await bot.slack.click('U0ANN', message, 'Read');
    const call = await bot.until(() => bot.slack.of('response_url').at(-1));
    expect(call).toMatchObject({ args: { replace_original: true }, answer: { ok: true } });
    expect(bot.heard[0]).toMatchObject({
      kind: 'action',
      ref: { id: 'handbook.read', payload: { page: 2 } },
      place: { kind: 'direct', externalId: 'D0ANN' },
    });
    bot.slack.faults.set('response_url', [{ status: 404 }]);
    await bot.slack.click('U0ANN', message, 'Read');
    expect(await bot.until(() => bot.slack.of('chat.update').at(-1))).toMatchObject({ args: { ts: message.ts }, answer: { ok: true } });
  });

  it('acknowledges the click on a link and does nothing', async () => {
    const message = await posted('hello');
    const action = { type: 'button', action_id: 'link#0', url: 'https://a.example', action_ts: '1.1' };
    expect((await bot.slack.click('U0ANN', message, 'Read', { actions: [action] })).status).toBe(200);
    expect(bot.heard).toEqual([]);
  });

  it('hands what can’t be read to dispatch as an old card', async () => {
    const message = await posted('hello');
    await bot.slack.click('U0ANN', message, 'Read', {
      actions: [{ type: 'button', action_id: 'handbook.read#0', value: '{', action_ts: '1.1' }],
    });
    expect(bot.heard[0]).toMatchObject({ kind: 'action', ref: null });
  });

  describe('forms', () => {
    const opened = async () => {
      const message = await posted('hello');
      bot.answer = () => ({ kind: 'form', form });
      await bot.slack.click('U0ANN', message, 'Read');
      return { message, view: await lastView() };
    };

    it('open upon a click, and their update replaces the card behind', async () => {
      const { message, view } = await opened();
      expect(bot.slack.of('views.open')[0]?.answer).toMatchObject({ ok: true });
      bot.answer = () => ({ kind: 'update', card: card('signed') });
      const answer = await bot.slack.submit('U0ANN', view, { name: { value: 'Ann Ozola' }, due: { selected_date: '2027-03-02' } });
      expect(answer.body).toEqual({ response_action: 'clear' });
      expect(bot.heard.at(-1)).toMatchObject({
        kind: 'submit',
        ref: { id: 'handbook.sign', payload: { id: 'a1' } },
        values: { name: 'Ann Ozola', due: '2027-03-02' },
      });
      expect(await bot.until(() => bot.slack.of('chat.update').at(-1))).toMatchObject({
        args: { channel: message.channel, ts: message.ts },
      });
    });

    it('come back with errors at their fields, and go through once corrected', async () => {
      const { view } = await opened();
      bot.answer = () => ({ kind: 'errors', form, values: {}, errors: { name: key('e.name'), form: key('e.form') } });
      expect((await bot.slack.submit('U0ANN', view, { name: { value: '1' } })).body).toEqual({
        response_action: 'errors',
        errors: { name: 'e.name', due: 'e.form' },
      });
      bot.answer = () => ({ kind: 'whisper', card: card('signed') });
      expect((await bot.slack.submit('U0ANN', view, { name: { value: 'Ann' } })).body).toEqual({ response_action: 'clear' });
      await bot.until(() => bot.slack.messages.find((message) => message.text === 'signed'));
      expect((await bot.slack.submit('U0ANN', view, { name: { value: 'Ann' } })).body).toEqual({ response_action: 'clear' });
      expect(bot.slack.messages.filter((message) => message.text === 'signed')).toHaveLength(1);
    });

    it('may follow one another in one view', async () => {
      const { view } = await opened();
      bot.answer = () => ({ kind: 'form', form: { ...form, ref: ref('handbook.more', { id: 'a1' }) } });
      const answer = await bot.slack.submit('U0ANN', view, { name: { value: 'Ann' } });
      expect(answer.body).toMatchObject({ response_action: 'update', view: { callback_id: 'handbook.more' } });
      const second = (answer.body as { view: Record<string, unknown> }).view;
      bot.answer = () => ({ kind: 'nothing' });
      expect((await bot.slack.submit('U0ANN', second, { name: { value: 'Ann' } })).body).toEqual({ response_action: 'clear' });
      const keys = bot.heard.filter((heard) => heard.kind === 'submit').map((heard) => heard.onceKey);
      expect(new Set(keys).size).toBe(2);
    });

    it('that take long are acknowledged at once, and the view changes with the result', async () => {
      const { view } = await opened();
      bot.answer = async () => {
        await new Promise((resolve) => setTimeout(resolve, 500));
        return { kind: 'errors', form, values: { name: '1' }, errors: { name: key('e.name') } };
      };
      const answer = await bot.slack.submit('U0ANN', view, { name: { value: '1' } });
      expect(answer.body).toMatchObject({ response_action: 'update' });
      expect(visibleText((answer.body as { view: { blocks: unknown } }).view.blocks)).toBe('core.ui.working');
      const again = await lastView('views.update');
      expect(visibleText(again.blocks)).toContain('e.name');
      expect(JSON.stringify(again.blocks)).toContain('"initial_value":"1"');
    });

    it('that open too late tell the person', async () => {
      const message = await posted('hello');
      bot.slack.faults.set('views.open', [{ error: 'expired_trigger_id' }]);
      bot.answer = () => ({ kind: 'form', form });
      await bot.slack.click('U0ANN', message, 'Read');
      const told = await bot.until(() => bot.slack.of('response_url').at(-1));
      expect(visibleText(told.args.blocks)).toBe('core.ui.open_again');
    });

    it('of a command that open too late are offered by a button that says it again', async () => {
      bot.slack.faults.set('views.open', [{ status: 500 }]);
      bot.answer = () => ({ kind: 'form', form });
      await bot.slack.command('U0ANN', '/handbook', 'publish now');
      const told = await bot.until(() => bot.slack.of('response_url').at(-1));
      expect(visibleText(told.args.blocks)).toContain('core.ui.open_again');
      expect(JSON.stringify(told.args.blocks)).toContain(JSON.stringify(JSON.stringify({ c: 'handbook', t: 'publish now' })));
    });

    it('asked for in writing come with a button, since only a click opens them', async () => {
      bot.answer = () => ({ kind: 'form', form });
      await bot.slack.event({
        type: 'message',
        channel: 'D0ANN',
        channel_type: 'im',
        user: 'U0ANN',
        text: 'Handbook publish <@U0BOB>',
        ts: '1.2',
      });
      const message = await bot.until(() => bot.slack.messages.at(-1));
      await bot.slack.click('U0ANN', message, 'core.ui.open');
      await lastView();
      expect(bot.heard).toMatchObject([
        { kind: 'command', command: 'handbook', text: 'publish @U0BOB' },
        { kind: 'command', command: 'handbook', tokens: [{ text: 'publish' }, { kind: 'person' }] },
      ]);
    });
  });

  it('publishes App Home when it is opened, and again after an action taken there', async () => {
    bot.answer = (interaction) =>
      interaction.kind === 'home' ? { kind: 'home', cards: [card('waits')] } : { kind: 'whisper', card: card('done') };
    await bot.slack.event({ type: 'app_home_opened', user: 'U0ANN', channel: 'D0ANN', tab: 'home' });
    const view = await lastView('views.publish');
    expect(bot.slack.of('views.publish')[0]).toMatchObject({ args: { user_id: 'U0ANN' }, answer: { ok: true } });
    await bot.slack.event({ type: 'app_home_opened', user: 'U0ANN', channel: 'D0ANN', tab: 'messages' });
    await bot.slack.click('U0ANN', { blocks: view.blocks, home: true }, 'Read');
    await bot.until(() => bot.slack.of('views.publish').length === 2);
    expect(bot.slack.messages.at(-1)).toMatchObject({ channel: 'D0ANN', text: 'done' });
  });

  it('publishes App Home again when Slack stumbles', async () => {
    bot.answer = () => ({ kind: 'home', cards: [card('waits')] });
    bot.slack.faults.set('views.publish', [{ status: 500 }]);
    await bot.slack.event({ type: 'app_home_opened', user: 'U0ANN', channel: 'D0ANN', tab: 'home' });
    await bot.until(() => bot.slack.of('views.publish').find((call) => call.answer.ok === true));
  });

  it('hands a file over in the direct message', async () => {
    const content = new TextEncoder().encode('name;signed\n');
    bot.answer = () => ({ kind: 'file', file: { name: 'status.csv', mime: 'text/csv', content }, card: card('here it is') });
    await bot.slack.command('U0ANN', '/handbook', 'csv');
    const done = await bot.until(() => bot.slack.of('files.completeUploadExternal').at(-1));
    expect(done).toMatchObject({ args: { channel_id: 'D0ANN' }, answer: { ok: true, content: 'name;signed\n' } });
  });

  it('waits as long as Slack asks before it answers', async () => {
    bot.slack.faults.set('chat.postMessage', [{ retryAfter: 1 }]);
    bot.answer = () => ({ kind: 'say', card: card('after a while') });
    const begun = performance.now();
    await bot.slack.command('U0ANN', '/handbook', '');
    await bot.until(() => bot.slack.messages.at(-1));
    expect(performance.now() - begun).toBeGreaterThan(990);
    expect(bot.slack.of('chat.postMessage')).toHaveLength(2);
  });

  it('posts answers of one conversation in turn, so that none comes before another one’s Retry-After', async () => {
    bot.slack.faults.set('chat.postMessage', [{ retryAfter: 1 }]);
    bot.answer = () => ({ kind: 'say', card: card('one of three') });
    const begun = performance.now();
    await Promise.all(['a', 'b', 'c'].map((text) => bot.slack.command('U0ANN', '/handbook', text)));
    await bot.until(() => bot.slack.messages.length === 3);
    expect(bot.slack.of('chat.postMessage')).toHaveLength(4);
    expect(performance.now() - begun).toBeGreaterThan(990);
  });

  it('finishes what is under way before it stops', async () => {
    bot.answer = async () => {
      await new Promise((resolve) => setTimeout(resolve, 300));
      return { kind: 'say', card: card('finished') };
    };
    await bot.slack.command('U0ANN', '/handbook', '');
    await bot.adapter.stop();
    expect(bot.slack.messages.at(-1)).toMatchObject({ text: 'finished' });
  });

  it('never writes a token into the log', async () => {
    bot.slack.faults.set('chat.postMessage', [{ error: 'invalid_auth' }, 'cut']);
    bot.answer = () => ({ kind: 'say', card: card('x') });
    await bot.slack.command('U0ANN', '/handbook', '');
    await bot.slack.command('U0ANN', '/handbook', '');
    await bot.until(() => bot.log.lines.filter((line) => line.level === 'error').length >= 2);
    const everything = bot.log.lines.map((line) => `${line.message} ${JSON.stringify(line.fields)} ${stackOf(line.fields)}`).join('\n');
    expect(everything).not.toContain(bot.slack.botToken);
    expect(everything).not.toContain(bot.slack.signingSecret);
  });

  it('reports people and channels, once for each thing that happened', async () => {
    await bot.slack.event({ type: 'team_join', user: bot.slack.users[1] ?? {} });
    await bot.slack.event({ type: 'user_change', user: { id: 'U0BOB', deleted: true, profile: {} } });
    const joined = { type: 'member_joined_channel', user: 'U0BOB', channel: 'C0TEAM', event_ts: '5.5' };
    await bot.slack.event(joined, 'EvA');
    await bot.slack.event(joined, 'EvB');
    await bot.slack.event({ type: 'member_joined_channel', user: 'U0BOT', channel: 'C0TEAM' });
    await bot.slack.event({ type: 'channel_rename', channel: { id: 'C0TEAM', name: 'x' } });
    await bot.slack.event({ type: 'group_archive', channel: 'C0TEAM' });
    await bot.slack.event({ type: 'channel_left', channel: 'C0TEAM' });
    await bot.slack.event({ type: 'tokens_revoked', tokens: { oauth: ['U0ANN'], bot: [] } });
    await bot.slack.event({ type: 'app_uninstalled' });
    expect(bot.events.map(({ event }) => event.kind)).toEqual([
      'member',
      'member_left',
      'channel_joined',
      'channel_joined',
      'channel',
      'channel',
      'channel_gone',
      'channel_gone',
      'removed',
    ]);
    expect(bot.events[2]?.onceKey).toBe(bot.events[3]?.onceKey);
    expect(new Set(bot.events.map(({ onceKey }) => onceKey)).size).toBe(8);
    expect(bot.events[0]?.event).toMatchObject({
      member: { name: 'Ann Ozola', email: 'ann@fake.example', isAdmin: true, locale: 'lv-LV', zone: 'Europe/Riga' },
    });
  });
});

function stackOf(fields: object): string {
  const error: unknown = 'err' in fields ? fields.err : undefined;
  return error instanceof Error ? `${error.stack} ${JSON.stringify(error.cause)}` : '';
}
