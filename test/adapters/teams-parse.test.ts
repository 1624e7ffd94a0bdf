import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Activity } from '../../adapters/teams/activity.js';
import { encodeAct, encodeSubmit } from '../../adapters/teams/data.js';
import { readEvents } from '../../adapters/teams/events.js';
import { htmlToText } from '../../adapters/teams/html.js';
import { parseActor, parseClick, parseMessage } from '../../adapters/teams/parse.js';
import type { Interaction } from '../../src/core/interaction.js';
import { ref } from '../../src/core/ref.js';
import { activities } from '../support/fake-teams/activities.js';
import { BOT_ID, FakeConnector, TENANT } from '../support/fake-teams/connector.js';

const world = new FakeConnector();
world.serviceUrl = 'https://smba.example/emea/';
const ana = world.addPerson('Ana Sol');
const ben = world.addPerson('Ben Ito');
const make = activities(world);
const options = { commandNames: ['handbook', 'bellhop', 'kudos'], requestId: 'r1', trial: false };

// All payloads here are written from the documentation; see test/support/fake-teams/activities.ts.
const message = (text: string, more: object = {}): Interaction | undefined =>
  parseMessage(Activity.parse(make.message(ana, text, more)), options);

describe('messages', () => {
  it.each([
    ['handbook status', 'handbook', ['status'], 'status'],
    ['/handbook status', 'handbook', ['status'], 'status'],
    ['Handbook \u00a0 Status', 'handbook', ['Status'], 'Status'],
    ['handbook', 'handbook', [], ''],
    [
      'handbook publish\n# One\n\n- a &lt;b&gt; &amp;amp;',
      'handbook',
      ['publish', '#', 'One', '-', 'a', '<b>', '&amp;'],
      'publish\n# One\n\n- a <b> &amp;',
    ],
  ])('%j is a command', (text, command, words, rest) => {
    expect(message(text)).toMatchObject({
      kind: 'command',
      command,
      text: rest,
      tokens: words.map((word) => ({ kind: 'word', text: word })),
    });
  });

  it.each(['hello', 'the handbook', 'handbooks please', 'handbook/status'])('%j is a message like any other', (text) => {
    expect(message(text)).toMatchObject({ kind: 'message', text });
  });

  it.each([
    ['Bellhop handbook status', 'handbook', 'status'],
    ['<at>Bellhop</at> /Handbook status', 'handbook', 'status'],
    ['@bellhop, bellhop help', 'bellhop', 'help'],
    ['bellhop people', 'bellhop', 'people'],
  ])('%j calls the bot by its name', (text, command, rest) => {
    expect(message(text, { recipient: { id: BOT_ID, name: 'Bellhop' } })).toMatchObject({ kind: 'command', command, text: rest });
    expect(message('@Bellhop help', { recipient: { id: BOT_ID, name: 'Bellhop' } })).toMatchObject({ kind: 'message', text: 'help' });
  });

  it('leaves out the mention of the bot and reads mentions of people', () => {
    const activity = Activity.parse(
      make.message(ben, '<at>Bellhop</at>&nbsp;handbook record <at>Ana Sol</at> now', {
        ...make.inChannel('19:team', '19:news'),
        entities: [make.mention({ id: BOT_ID, name: 'Bellhop' }), make.mention(ana)],
      }),
    );
    const read = parseMessage(activity, { ...options, objectIds: new Map([[ana.id, ana.aadObjectId]]) });
    expect(read).toMatchObject({
      kind: 'command',
      text: 'record @Ana Sol now',
      tokens: [
        { kind: 'word', text: 'record' },
        { kind: 'person', hint: { by: 'account', externalId: ana.aadObjectId } },
        { kind: 'word', text: 'now' },
      ],
      place: { kind: 'channel', externalId: '19:news' },
    });
    // Nobody could be asked who that is: the name is a hint as well.
    expect(parseMessage(activity, options)).toMatchObject({
      tokens: [{}, { kind: 'person', hint: { by: 'typed', typed: 'Ana Sol' } }, {}],
    });
  });

  it('reach a command as they were typed: values, points, lines, and people among them', () => {
    const typed = 'kudos Ana Ozola for calming an upset guest,\r\ntwice! #ownership +10';
    expect(message(typed)).toMatchObject({
      kind: 'command',
      command: 'kudos',
      text: 'Ana Ozola for calming an upset guest,\ntwice! #ownership +10',
      tokens: 'Ana Ozola for calming an upset guest, twice! #ownership +10'.split(' ').map((text) => ({ kind: 'word', text })),
    });
    const cy = { id: '29:cy', name: 'Cy *Berg*, Jr.' };
    const activity = Activity.parse(
      make.message(ben, '<at>Bellhop</at> kudos <at>Ana Sol</at><at>Cy *Berg*, Jr.</at>, for&nbsp;5 &lt; 10 minutes\n+10 #speed', {
        ...make.inChannel('19:team', '19:news'),
        entities: [make.mention({ id: BOT_ID, name: 'Bellhop' }), make.mention(ana), make.mention(cy)],
      }),
    );
    const word = (text: string) => ({ kind: 'word', text });
    expect(parseMessage(activity, { ...options, objectIds: new Map([[ana.id, ana.aadObjectId]]) })).toMatchObject({
      kind: 'command',
      command: 'kudos',
      text: '@Ana Sol @Cy *Berg*, Jr., for 5 < 10 minutes\n+10 #speed',
      tokens: [
        { kind: 'person', hint: { by: 'account', externalId: ana.aadObjectId } },
        { kind: 'person', hint: { by: 'typed', typed: 'Cy *Berg*, Jr.' } },
        ...[',', 'for', '5', '<', '10', 'minutes', '+10', '#speed'].map(word),
      ],
    });
    const close = Activity.parse(make.message(ben, 'kudos<at>Ana Sol</at>!', { entities: [make.mention(ana)] }));
    expect(parseMessage(close, options)).toMatchObject({ command: 'kudos', text: '@Ana Sol!', tokens: [{ kind: 'person' }, word('!')] });
  });

  it('know the person, the language, the zone and where to answer', () => {
    expect(parseActor(Activity.parse(make.message(ana, 'x')), false)).toEqual({
      actor: {
        platform: 'teams',
        workspaceExternalId: TENANT,
        externalId: ana.aadObjectId,
        name: 'Ana Sol',
        locale: 'lv-LV',
        zone: 'Europe/Riga',
        address: { conversationId: ana.conversationId, serviceUrl: world.serviceUrl, userId: ana.id },
      },
      place: { kind: 'direct', externalId: ana.conversationId },
    });
    // A channel's address is nobody's own.
    expect(parseActor(Activity.parse(make.message(ana, 'x', make.inChannel('19:t', '19:c'))), false)?.actor.address).toBeUndefined();
  });

  it('have one key for a repeat, and another for another message or person', () => {
    const first = make.message(ana, 'handbook');
    const keyOf = (activity: object) => parseMessage(Activity.parse(activity), options)?.onceKey;
    expect(keyOf(first)).toBe(keyOf({ ...first, text: 'handbook ' }));
    expect(new Set([keyOf(first), keyOf(make.message(ana, 'handbook')), keyOf({ ...first, from: make.message(ben, '').from })]).size).toBe(
      3,
    );
  });

  it('belong to no tenant only in the trial', () => {
    const bare = { ...make.message(ana, 'x'), channelData: undefined, conversation: { id: 'c' } };
    expect(parseActor(Activity.parse(bare), false)).toBeUndefined();
    expect(parseActor(Activity.parse(bare), true)?.actor.workspaceExternalId).toBe('trial');
  });
});

describe('files', () => {
  const server = createServer((_, response) => void response.end('# Rules'));
  let url = '';
  beforeAll(async () => {
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/x`;
  });
  afterAll(() => void server.close());

  const file = (downloadUrl: string, trial: boolean, more: object = {}) => {
    const attachments = [
      {
        contentType: 'application/vnd.microsoft.teams.file.download.info',
        name: 'rules.md',
        content: { downloadUrl, uniqueId: 'u', fileType: 'md' },
      },
    ];
    const read = parseMessage(Activity.parse(make.message(ana, 'handbook publish', { attachments, ...more })), { ...options, trial });
    if (read?.kind !== 'command' || !read.files[0]) throw new Error('no file');
    return read.files[0];
  };

  it('are read up to a limit', async () => {
    expect(new TextDecoder().decode(await file(url, true).read(100))).toBe('# Rules');
    await expect(file(url, true).read(3)).rejects.toMatchObject({ code: 'core.file_too_large' });
  });

  it('come over https alone, but for this computer in the trial', async () => {
    await expect(file(url, false).read(100)).rejects.toMatchObject({ code: 'core.file_unreadable' });
    await expect(file('http://10.0.0.1/x', true).read(100)).rejects.toMatchObject({ code: 'core.file_unreadable' });
    await expect(file('file:///etc/passwd', true).read(100)).rejects.toMatchObject({ code: 'core.file_unreadable' });
  });

  it('come from the service that the message came from, whatever its scheme', async () => {
    const serviceUrl = `${new URL(url).origin}/emea/`;
    expect(new TextDecoder().decode(await file(url, false, { serviceUrl }).read(100))).toBe('# Rules');
  });
});

describe('clicks', () => {
  const click = (data: object, inputs = {}) =>
    parseClick(Activity.parse(make.click(ana, { verb: 'x', data }, inputs)), 'r1', false)?.interaction;

  it('carry their ref and payload, nulls included', () => {
    expect(click(encodeAct(ref('handbook.read', { id: 'a', page: 2, next: null })))).toMatchObject({
      kind: 'action',
      ref: { id: 'handbook.read', payload: { id: 'a', page: 2, next: null } },
    });
  });

  it.each([
    {},
    { bellhop: 7 },
    { bellhop: { do: 'act', ref: 'x', payload: 'not json' } },
    { bellhop: { do: 'act', ref: 'x', payload: '{"a":{}}' } },
  ])('without a readable ref are of an older release: %j', (data) => {
    expect(click(data)).toMatchObject({ kind: 'action', ref: null });
  });

  it('of one form have one key, of two forms two, and of two people two', () => {
    const data = (form: string) => encodeSubmit(ref('handbook.sign'), form, ['text.name'], 'closed');
    const first = click(data('f1'), { 'text.name': 'Ana Sol', 'text.other': 'x' });
    expect(first).toMatchObject({ kind: 'submit', values: { name: 'Ana Sol' } });
    expect(first?.kind === 'submit' && first.values).not.toHaveProperty('other');
    expect(click(data('f1'))?.onceKey).toBe(first?.onceKey);
    expect(click(data('f2'))?.onceKey).not.toBe(first?.onceKey);
    const another = parseClick(Activity.parse(make.click(ben, { data: data('f1') })), 'r1', false);
    expect(another?.interaction.onceKey).not.toBe(first?.onceKey);
  });
});

describe('quoted messages', () => {
  it.each([
    ['<div><div>Thank you</div></div>', 'Thank you'],
    ['<p>one</p>\n<p>&nbsp;</p>\n<p>two <b>and</b> three</p>', 'one\n\ntwo and three'],
    ['a<br/>b<ul><li>c</li></ul>', 'a\nb\nc'],
    ['<img alt="a &amp; b" src="https://x.example/1.png"> <emoji id="x" alt="🎉">', 'a & b 🎉'],
    ['<at id="0">Ana Sol</at>, &lt;script&gt; &amp;lt; &#233; &#x1F600; &#xD800; &nope;', 'Ana Sol, <script> &lt; é 😀 &#xD800; &nope;'],
    ['<style>p{}</style><script>x()</script><attachment id="1"></attachment>b <i>c', 'b c'],
    ['a < b', 'a < b'],
    ['', ''],
  ])('%j reads %j', (html, text) => {
    expect(htmlToText(html)).toBe(text);
  });

  it('are read in time, whatever they are', () => {
    const began = performance.now();
    for (const piece of ['<', '<b>', ' ', '<p> ', '&', '&#1', '<script>', '"', '<img alt="'])
      htmlToText(piece.repeat(200_000 / piece.length));
    expect(performance.now() - began).toBeLessThan(2000);
  });
});

describe('events', () => {
  const read = (more: object) => readEvents(Activity.parse(make.base(ana, more)), false);
  const team = { team: { id: '19:team', name: 'Store' }, tenant: { id: TENANT } };
  const place = { conversation: { isGroup: true, conversationType: 'channel', tenantId: TENANT, id: '19:team' } };

  it('welcome a person once the app is installed, by either event', () => {
    for (const event of make.installed(ana))
      expect(readEvents(Activity.parse(event), false)).toMatchObject({ welcome: true, events: [{ kind: 'installed' }] });
    expect(read({ type: 'installationUpdate', action: 'add-upgrade' })).toMatchObject({ welcome: false, events: [] });
  });

  it('tell who can no longer be written to', () => {
    expect(read({ type: 'installationUpdate', action: 'remove' }).events).toEqual([
      { kind: 'unreachable', externalId: ana.aadObjectId, reason: 'app_not_installed' },
    ]);
  });

  it.each([
    ['channelCreated', { kind: 'channel', channel: { externalId: '19:c', name: 'Store › News', parentExternalId: '19:team' } }],
    ['channelRenamed', { kind: 'channel', channel: { externalId: '19:c', name: 'Store › News' } }],
    ['channelDeleted', { kind: 'channel_gone', externalId: '19:c', reason: 'deleted' }],
  ])('%s', (eventType, event) => {
    expect(
      read({ type: 'conversationUpdate', ...place, channelData: { ...team, eventType, channel: { id: '19:c', name: 'News' } } }).events,
    ).toMatchObject([event]);
  });

  it('follow teams and their members', () => {
    const data = (eventType: string) => ({ type: 'conversationUpdate', ...place, channelData: { ...team, eventType } });
    expect(read({ ...data('teamMemberAdded'), membersAdded: [{ id: BOT_ID }] })).toMatchObject({ teamToRead: '19:team', welcome: false });
    expect(read({ ...data('teamMemberAdded'), membersAdded: [{ id: ben.id, aadObjectId: ben.aadObjectId }] }).joined).toEqual({
      conversationId: '19:team',
      ids: [ben.aadObjectId],
    });
    expect(read({ ...data('teamMemberRemoved'), membersRemoved: [{ id: ben.id, aadObjectId: ben.aadObjectId }] }).left).toEqual({
      conversationId: '19:team',
      ids: [ben.aadObjectId],
    });
    expect(read(data('teamArchived')).teamGone).toEqual({ teamId: '19:team', reason: 'archived' });
    expect(read({ ...data('teamMemberRemoved'), membersRemoved: [{ id: BOT_ID }] }).teamGone).toEqual({
      teamId: '19:team',
      reason: 'bot_removed',
    });
    expect(read(data('teamRenamed'))).toMatchObject({ teamToRead: '19:team' });
  });
});
