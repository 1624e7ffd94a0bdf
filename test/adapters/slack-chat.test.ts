import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSlackApi } from '../../adapters/slack/api.js';
import { createSlackChat } from '../../adapters/slack/chat.js';
import { createSlackDirectory, workspaceProfile } from '../../adapters/slack/directory.js';
import { fileHandles } from '../../adapters/slack/files.js';
import { readable, tokens } from '../../adapters/slack/parse-text.js';
import { createPictureDesk } from '../../adapters/slack/pictures.js';
import { notice } from '../../src/core/card.js';
import { words } from '../../src/core/text.js';
import type { Destination } from '../../src/delivery/port.js';
import { TEAM } from '../support/fake-slack/directory-answers.js';
import { FakeSlack } from '../support/fake-slack/fake-slack.js';
import { asKeys, READER } from '../support/fake-slack/harness.js';
import { memoryLog } from '../support/log.js';

let slack: FakeSlack;
const api = (apiUrl = slack.apiUrl, botToken = slack.botToken) => createSlackApi({ botToken, apiUrl, log: memoryLog() });
const chat = (apiUrl?: string, botToken?: string, paceFactor = 1) => {
  const at = api(apiUrl, botToken);
  return createSlackChat({
    api: at,
    desk: createPictureDesk({ api: at, pictures: undefined, log: memoryLog() }),
    localise: asKeys,
    paceFactor,
  });
};
const to = (externalId: string, kind: 'direct' | 'channel' = externalId.startsWith('U') ? 'direct' : 'channel'): Destination => ({
  workspaceExternalId: TEAM,
  kind,
  externalId,
});
const card = notice(words('hello'));

beforeEach(async () => {
  slack = await new FakeSlack().start();
});
afterEach(() => slack.stop());

describe('Chat on Slack', () => {
  it('posts once with the delivery’s id and nothing else in the metadata', async () => {
    const posted = await chat().send(to('U0ANN'), card, READER, 'd-1');
    expect(posted).toMatchObject({ conversationId: 'D0ANN' });
    expect(slack.messages).toMatchObject([{ metadata: { event_type: 'bellhop_delivery', event_payload: { id: 'd-1' } } }]);
    expect(slack.of('chat.postMessage')[0]?.args).toMatchObject({ unfurl_links: 'false', unfurl_media: 'false', mrkdwn: 'false' });
  });

  it('replaces what it posted', async () => {
    const posted = await chat().send(to('U0ANN'), card, READER, 'd-1');
    await chat().update({ ...posted, to: to('U0ANN') }, notice(words('changed')), READER);
    expect(slack.messages[0]?.text).toBe('changed');
  });

  it('finds a post whose answer was lost, page by page', async () => {
    slack.faults.set('chat.postMessage', ['cut_after']);
    const since = new Date();
    await expect(chat().send(to('U0ANN'), card, READER, 'lost')).rejects.toMatchObject({ code: 'uncertain' });
    for (const id of ['a', 'b', 'c', 'd']) await chat().send(to('U0ANN'), card, READER, id);
    expect(await chat().find(to('U0ANN'), 'lost', since)).toEqual({ conversationId: 'D0ANN', externalId: slack.messages[0]?.ts });
    expect(await chat().find(to('U0ANN'), 'never', since)).toBe('absent');
    expect(slack.messages.filter((message) => JSON.stringify(message.metadata).includes('"lost"'))).toHaveLength(1);
  });

  it('joins a public channel once, and tells when it may not', async () => {
    expect(await chat().send(to('C0PUBLIC'), card, READER, 'd')).toMatchObject({ conversationId: 'C0PUBLIC' });
    await expect(chat().send(to('C0PRIVATE'), card, READER, 'd')).rejects.toMatchObject({ code: 'unreachable', reason: 'not_in_channel' });
  });

  it.each([
    [{ error: 'channel_not_found' }, 'unreachable'],
    [{ error: 'is_archived' }, 'unreachable'],
    [{ error: 'invalid_blocks' }, 'invalid'],
    [{ error: 'msg_blocks_too_long' }, 'invalid'],
    [{ error: 'token_revoked' }, 'unauthorised'],
    [{ error: 'missing_scope' }, 'unauthorised'],
    [{ error: 'service_unavailable' }, 'transient'],
    [{ error: 'fatal_error' }, 'uncertain'],
    [{ error: 'never_heard_of' }, 'uncertain'],
    [{ status: 500 }, 'uncertain'],
    [{ status: 503 }, 'uncertain'],
    ['cut', 'uncertain'],
  ] as const)('names the failure %j of a post', async (fault, code) => {
    slack.faults.set('chat.postMessage', [fault]);
    await expect(chat().send(to('U0ANN'), card, READER, 'd')).rejects.toMatchObject({ code });
  });

  it('may repeat an update whose answer was lost', async () => {
    const posted = await chat().send(to('U0ANN'), card, READER, 'd');
    slack.faults.set('chat.update', ['cut', { status: 500 }]);
    for (let time = 0; time < 2; time++) {
      await expect(chat().update({ ...posted, to: to('U0ANN') }, card, READER)).rejects.toMatchObject({ code: 'transient' });
    }
  });

  it('knows that nothing was done where nobody listened', async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    await expect(chat(`http://127.0.0.1:${port}/api/`).send(to('U0ANN'), card, READER, 'd')).rejects.toMatchObject({
      code: 'transient',
      reason: 'ECONNREFUSED',
    });
  });

  it('makes no call while Slack’s Retry-After runs', async () => {
    slack.strictPace = true;
    const one = chat();
    await one.send(to('U0ANN'), card, READER, 'a');
    await expect(one.send(to('U0ANN'), card, READER, 'b')).rejects.toMatchObject({ code: 'rate_limited', retryAfterMs: 1000 });
    await expect(one.send(to('U0ANN'), card, READER, 'c')).rejects.toMatchObject({ code: 'rate_limited' });
    expect(slack.of('chat.postMessage')).toHaveLength(2);
  });

  it('asks for the documented pace, or a multiple of it', () => {
    const [channel, workspace] = chat().paces(to('U0ANN'));
    expect(channel).toMatchObject({ count: 1, perMs: 1000, burst: 1 });
    expect((workspace?.count ?? 0) + (workspace?.burst ?? 0)).toBeLessThanOrEqual(300);
    expect(chat().paces(to('U0BOB'))[0]?.scope).not.toBe(channel?.scope);
    expect(chat().paces(to('U0BOB'))[1]?.scope).toBe(workspace?.scope);
    expect(chat(undefined, undefined, 20).paces(to('U0ANN'))[0]).toMatchObject({ count: 20, burst: 1 });
  });
});

describe('Directory on Slack', () => {
  it('reads members page by page, without Slackbot', async () => {
    const directory = createSlackDirectory(api());
    const first = await directory.members(TEAM, undefined);
    const second = await directory.members(TEAM, first.next);
    expect(second.next).toBeUndefined();
    expect([...first.items, ...second.items].map((member) => [member.externalId, member.isBot])).toEqual([
      ['U0ANN', false],
      ['U0BOB', false],
      ['U0BOT', true],
    ]);
    expect(slack.of('users.list')[0]?.args).toMatchObject({ limit: '200', include_locale: 'true' });
  });

  it('takes an e-mail address only when Slack has confirmed it', async () => {
    Object.assign(slack.users[1] ?? {}, { is_email_confirmed: false });
    expect(await createSlackDirectory(api()).member(TEAM, 'U0ANN')).not.toHaveProperty('email');
    expect(await createSlackDirectory(api()).member(TEAM, 'U0BOB')).toMatchObject({ email: 'bob@fake.example', isStranger: false });
  });

  it('takes a picture only from an https address', async () => {
    const profile = (image_72: string) => ({ profile: { real_name: 'Ann', image_72 } });
    Object.assign(slack.users[1] ?? {}, profile('https://avatars.example/ann_72.png'));
    Object.assign(slack.users[2] ?? {}, profile('http://avatars.example/bob_72.png'));
    const directory = createSlackDirectory(api());
    expect((await directory.members(TEAM, undefined)).items[0]).toMatchObject({ pictureUrl: 'https://avatars.example/ann_72.png' });
    expect(await directory.member(TEAM, 'U0BOB')).not.toHaveProperty('pictureUrl');
  });

  it('knows guests, strangers and who left, and says nothing of whom nobody knows', async () => {
    slack.users.push(
      { id: 'U0G', team_id: TEAM, is_ultra_restricted: true },
      { id: 'U0S', team_id: 'T0OTHER' },
      { id: 'U0L', team_id: TEAM, deleted: true },
    );
    const directory = createSlackDirectory(api());
    expect(await directory.member(TEAM, 'U0G')).toMatchObject({ isGuest: true });
    expect(await directory.member(TEAM, 'U0S')).toMatchObject({ isStranger: true });
    expect(await directory.member(TEAM, 'U0L')).toMatchObject({ left: true });
    expect(await directory.member(TEAM, 'U0X')).toBeUndefined();
  });

  it('asks only once about bots and strangers, and about people each time', async () => {
    slack.users.push({ id: 'U0S', team_id: 'T0OTHER' });
    const directory = createSlackDirectory(api());
    for (const id of ['U0BOT', 'U0S', 'U0ANN']) for (let time = 0; time < 3; time++) await directory.member(TEAM, id);
    expect(slack.of('users.info').map(({ args }) => args.user)).toEqual(['U0BOT', 'U0S', 'U0ANN', 'U0ANN', 'U0ANN']);
  });

  it('reads channels and who is in them', async () => {
    const directory = createSlackDirectory(api());
    expect((await directory.channels(TEAM, undefined)).items).toMatchObject([
      { externalId: 'C0TEAM', botIsMember: true },
      { isArchived: true, isPrivate: true, botIsMember: false },
    ]);
    expect((await directory.channelMembers(TEAM, 'C0TEAM', undefined)).items).toEqual(['U0ANN', 'U0BOB']);
  });

  it('tells whose token it is, and that a token is not accepted', async () => {
    expect(await workspaceProfile(api())).toEqual({ platform: 'slack', externalId: TEAM, name: 'Fake & Sons', botExternalId: 'U0BOT' });
    await expect(workspaceProfile(api(slack.apiUrl, 'xoxb-wrong'))).rejects.toMatchObject({ code: 'unauthorised' });
  });
});

describe('Files on Slack', () => {
  const handle = (file: { name?: string; size?: number; url_private_download?: string }) =>
    fileHandles({ botToken: slack.botToken, apiUrl: slack.apiUrl, info: async () => ({ id: 'F1' }) })({ id: 'F1', ...file });

  it('are read with the bot’s token', async () => {
    const bytes = await handle({ name: 'a.md', url_private_download: slack.privateFile(Buffer.from('# Hi')) }).read(100);
    expect(Buffer.from(bytes).toString()).toBe('# Hi');
  });

  it.each([
    ['told', 3000],
    ['untold', undefined],
  ])('are refused beyond the limit, their size %s', async (_name, size) => {
    const file = handle({ url_private_download: slack.privateFile(Buffer.alloc(3000)), ...(size ? { size } : {}) });
    await expect(file.read(2048)).rejects.toMatchObject({ code: 'core.file_too_large', params: { limit: 2 } });
  });

  it('that can’t be had say so, and the token goes to no other host', async () => {
    const elsewhere = await new FakeSlack().start();
    const address = elsewhere.privateFile(Buffer.from('x'));
    await expect(handle({ url_private_download: address }).read(10)).rejects.toMatchObject({ code: 'core.file_unreadable' });
    await elsewhere.stop();
    await expect(handle({ url_private_download: slack.privateFile(Buffer.from('<html>'), 'text/html') }).read(10)).rejects.toMatchObject({
      code: 'core.file_unreadable',
    });
    await expect(handle({}).read(10)).rejects.toMatchObject({ code: 'core.file_unreadable' });
  });
});

describe('Words of a command', () => {
  it('are words, people and channels; a typed name stays a word', () => {
    expect(tokens('record <@U0ANN|ann>, <#C0TEAM|> @bob a&lt;b')).toEqual([
      { kind: 'word', text: 'record' },
      { kind: 'person', hint: { by: 'account', externalId: 'U0ANN' } },
      { kind: 'word', text: ',' },
      { kind: 'channel', externalId: 'C0TEAM' },
      { kind: 'word', text: '@bob' },
      { kind: 'word', text: 'a<b' },
    ]);
  });

  it('are read as they were typed', () => {
    expect(readable('<https://a.example|a.example> &lt;b&gt; <!channel> &amp;lt; <mailto:a@b.c|a@b.c>')).toBe(
      'a.example <b> @channel &lt; a@b.c',
    );
  });
});
