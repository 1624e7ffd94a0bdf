import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createTeams, type TeamsOptions } from '../../adapters/teams/app.js';
import { button, type Card, notice } from '../../src/core/card.js';
import type { Form } from '../../src/core/form.js';
import { ref } from '../../src/core/ref.js';
import { key, words } from '../../src/core/text.js';
import { activities } from '../support/fake-teams/activities.js';
import { FakeBot } from '../support/fake-teams/bot.js';
import { cardButtons, cardInputs, cardText } from '../support/fake-teams/card-check.js';
import { BOT_ID, FakeConnector, type FakePerson, TENANT } from '../support/fake-teams/connector.js';
import { startIssuer, type TokenFault } from '../support/fake-teams/issuer.js';

const CARD = 'application/vnd.microsoft.card.adaptive';
const NOTE = 'application/vnd.microsoft.activity.message';

let world: FakeConnector;
let bot: FakeBot;
let make: ReturnType<typeof activities>;
let ana: FakePerson;

beforeEach(async () => {
  world = await new FakeConnector().start();
  bot = await new FakeBot().start();
  make = activities(world);
  ana = world.addPerson('Ana Sol');
});

afterEach(async () => {
  expect(world.problems).toEqual([]);
  await bot.stop();
  await world.stop();
});

const lastCard = (person = ana) => world.cards(person.conversationId).at(-1);
const page = (number: number): Card => ({
  summary: words(`page ${number}`),
  lead: words(`page ${number}`),
  actions: [button(words('Next'), ref('handbook.page', { number: number + 1 })), button(words('Ask'), ref('handbook.ask'))],
});
const form = (name = 'handbook.sign'): Form => ({
  ref: ref(name),
  title: words('Sign'),
  submit: words('Send'),
  fields: [{ kind: 'text', name: 'name', label: words('Name') }],
});

/** Presses a button of a card and gives the response's body. */
async function press(card: unknown, title: string, inputs: object = {}, person = ana) {
  const found = cardButtons(card).find((one) => one.title === title);
  if (!found) throw new Error(`There is no button ${title}.`);
  const { status, body } = await bot.post(make.click(person, found, inputs));
  expect(status).toBe(200);
  return body as { statusCode: number; type: string; value: unknown };
}

describe('messages', () => {
  it('are answered in the chat that they came from, once', async () => {
    bot.answer = () => ({ kind: 'say', card: notice(words('Hello')) });
    const activity = make.message(ana, 'handbook');
    for (let time = 0; time < 11; time++) expect((await bot.post(activity)).status).toBe(200);
    expect(world.cards(ana.conversationId).map(cardText)).toEqual(['Hello']);
  });

  it('from a channel are answered in the 1:1 chat', async () => {
    const team = world.addTeam('Store', [ana], ['news']);
    const news = team.channels[1]?.id ?? '';
    bot.answer = () => ({ kind: 'whisper', card: notice(words('Secret')) });
    await bot.post(
      make.message(ana, '<at>Bellhop</at> handbook', {
        ...make.inChannel(team.id, news),
        entities: [make.mention({ id: BOT_ID, name: 'Bellhop' })],
      }),
    );
    expect(cardText(lastCard())).toBe('Secret');
    expect(world.cards(`${news};messageid=1700000000001`)).toEqual([]);
  });

  it('of somebody without the app are told where to ask, and nothing else', async () => {
    const ben = world.addPerson('Ben Ito', { installed: false });
    const team = world.addTeam('Store', [ben], ['news']);
    const news = team.channels[1]?.id ?? '';
    bot.answer = () => ({ kind: 'whisper', card: notice(words('Secret')) });
    await bot.post(
      make.message(ben, '<at>Bellhop</at> handbook', {
        ...make.inChannel(team.id, news),
        entities: [make.mention({ id: BOT_ID, name: 'Bellhop' })],
      }),
    );
    expect(world.cards(`${news};messageid=1700000000001`).map(cardText)).toEqual(['core.ui.open_direct']);
    expect(world.cards(ben.conversationId)).toEqual([]);
  });

  it('are answered although Teams asks to come again later', async () => {
    bot.answer = () => ({ kind: 'say', card: notice(words('Hello')) });
    world.fail(412, 503);
    await bot.post(make.message(ana, 'handbook'));
    expect(world.cards(ana.conversationId)).toHaveLength(1);
  });

  it('whose answer was lost are not answered twice', async () => {
    bot.answer = () => ({ kind: 'say', card: notice(words('Hello')) });
    world.fail('lost');
    expect((await bot.post(make.message(ana, 'handbook'))).status).toBe(200);
    expect(world.cards(ana.conversationId)).toHaveLength(1);
  });

  it('with a file as the answer show a link to it', async () => {
    bot.answer = () => ({
      kind: 'file',
      file: { name: 'a.csv', mime: 'text/csv', content: new Uint8Array(3) },
      card: notice(words('Here')),
    });
    await bot.post(make.message(ana, 'handbook status'));
    expect(cardButtons(lastCard())).toMatchObject([
      { type: 'Action.OpenUrl', title: 'core.ui.file_ready', url: 'https://bellhop.example/files/a.csv' },
    ]);
  });
});

describe('clicks', () => {
  it('replace the card by an update', async () => {
    bot.answer = () => ({ kind: 'update', card: page(1) });
    await bot.post(make.message(ana, 'handbook'));
    bot.answer = () => ({ kind: 'update', card: page(2) });
    const next = await press(lastCard(), 'Next');
    expect(next).toMatchObject({ statusCode: 200, type: CARD });
    expect(cardText(next.value)).toBe('page 2');
    expect(world.cards(ana.conversationId)).toHaveLength(1);
  });

  it('post what is said, tell it under the card, and on a repeat only tell it again', async () => {
    bot.answer = () => ({ kind: 'say', card: notice(words('Reminded')) });
    const click = make.click(ana, { data: { bellhop: { do: 'act', ref: 'handbook.remind', payload: '{}' } } });
    const answers = [await bot.post(click), await bot.post(click)];
    for (const { status, body } of answers)
      expect({ status, body }).toEqual({ status: 200, body: { statusCode: 200, type: NOTE, value: 'Reminded' } });
    expect(world.cards(ana.conversationId).map(cardText)).toEqual(['Reminded']);
  });

  it('are answered with HTTP 200 even when nothing can be read or everything fails', async () => {
    bot.answer = () => {
      throw new Error('broken');
    };
    const broken = await bot.post(make.click(ana, { data: { bellhop: { do: 'act', ref: 'handbook.remind', payload: '{}' } } }));
    expect(broken).toMatchObject({
      status: 200,
      body: { statusCode: 500, type: 'application/vnd.microsoft.error', value: { code: 'InternalServerError' } },
    });
    const garbage = await bot.post({ ...make.click(ana, {}), value: 'x' });
    expect(garbage).toMatchObject({ status: 200, body: { statusCode: 400, type: 'application/vnd.microsoft.error' } });
  });

  it('of a sort that Bellhop does not offer are answered with HTTP 200 and a word', async () => {
    for (const name of ['signin/verifyState', 'application/search', 'whatever', undefined])
      expect(await bot.post({ ...make.click(ana, {}), name })).toMatchObject({
        status: 200,
        body: { statusCode: 400, type: 'application/vnd.microsoft.error', value: { message: 'core.errors.not_offered' } },
      });
    expect(await bot.post({ ...make.click(ana, {}), name: 'task/fetch' })).toMatchObject({ body: { task: { type: 'message' } } });
  });

  it('on a card in a channel are answered in the 1:1 chat and leave the card alone', async () => {
    const team = world.addTeam('Store', [ana], ['news']);
    bot.answer = () => ({ kind: 'update', card: page(2) });
    const { body } = await bot.post(
      make.click(
        ana,
        { data: { bellhop: { do: 'act', ref: 'handbook.read', payload: '{}' } } },
        {},
        make.inChannel(team.id, team.channels[1]?.id ?? ''),
      ),
    );
    expect(body).toEqual({ statusCode: 200, type: NOTE, value: 'core.ui.answered_directly' });
    expect(cardText(lastCard())).toBe('page 2');
  });

  it('on an outdated card put the current one in reach', async () => {
    bot.answer = (interaction) => {
      expect(interaction).toMatchObject({ kind: 'action', ref: null });
      return { kind: 'home', cards: [notice(key('core.errors.card_outdated')), page(1)] };
    };
    const { body } = await bot.post(make.click(ana, { verb: 'old', data: { old: true } }));
    expect(cardText((body as { value: unknown }).value)).toBe('core.errors.card_outdated\npage 1');
  });

  it('that take long are told so within 4 seconds, and finished by a message', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    try {
      let finish = (): void => undefined;
      bot.answer = () => new Promise((done) => (finish = () => done({ kind: 'update', card: page(7) })));
      const answered = bot.post(make.click(ana, { data: { bellhop: { do: 'act', ref: 'handbook.read', payload: '{}' } } }));
      await vi.waitUntil(() => bot.interactions.length > 0 && vi.getTimerCount() > 0);
      await vi.advanceTimersByTimeAsync(4000);
      expect((await answered).body).toEqual({ statusCode: 200, type: NOTE, value: 'core.ui.working' });
      finish();
      await vi.waitUntil(() => world.messages.length > 0);
      expect(cardText(lastCard())).toBe('page 7');
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('forms', () => {
  it('open in place of the card, come back with errors as they were, and end in the result', async () => {
    const first = await said(page(1));
    bot.answer = () => ({ kind: 'form', form: form() });
    const opened = await press(first, 'Ask');
    expect(cardInputs(opened.value).map(({ id }) => id)).toEqual(['text.name']);
    bot.answer = (interaction) => ({
      kind: 'errors',
      form: form(),
      values: interaction.kind === 'submit' ? interaction.values : {},
      errors: { name: key('handbook.errors.name') },
    });
    const again = await press(opened.value, 'Send', { 'text.name': '<Z>' });
    expect(cardText(again.value)).toContain('handbook.errors.name');
    expect(cardInputs(again.value)[0]?.value).toBe('<Z>');
    bot.answer = () => ({ kind: 'say', card: notice(words('Signed')) });
    const sent = bot.interactions.length;
    const results = [await press(again.value, 'Send', { 'text.name': 'Zoe' }), await press(again.value, 'Send', { 'text.name': 'Zoe' })];
    expect(results.map(({ value }) => cardText(value))).toEqual(['Signed', 'Signed']);
    expect(new Set(bot.interactions.slice(sent).map(({ onceKey }) => onceKey)).size).toBe(1);
    expect(world.cards(ana.conversationId)).toHaveLength(1);
  });

  it('that lead to another form make it an act of its own, however often they were sent', async () => {
    const opened = await openForm();
    const next = [await press(opened, 'Send', { 'text.name': 'Zoe' }), await press(opened, 'Send', { 'text.name': 'Zoe' })];
    expect(next[0]?.value).toEqual(next[1]?.value);
    const before = bot.interactions.at(-1)?.onceKey;
    bot.answer = () => ({ kind: 'say', card: notice(words('Signed')) });
    expect(cardText((await press(next[0]?.value, 'Send', { 'text.name': 'Zoe' })).value)).toBe('Signed');
    expect(bot.interactions.at(-1)?.onceKey).not.toBe(before);
  });

  it('stay as they are while the records are away', async () => {
    const opened = await openForm();
    bot.answer = () => ({ kind: 'whisper', card: notice(key('core.errors.try_again')) });
    expect(await press(opened, 'Send', { 'text.name': 'Zoe' })).toEqual({ statusCode: 200, type: NOTE, value: 'core.errors.try_again' });
  });

  it('asked for by a command close without a trace', async () => {
    expect(cardText((await press(await openForm(), 'core.ui.cancel')).value)).toBe('core.ui.closed');
  });

  it('that were opened from a card give it back without doing anything again', async () => {
    const first = await said(page(1));
    bot.answer = () => ({ kind: 'update', card: page(2) });
    const second = await press(first, 'Next');
    bot.answer = () => ({ kind: 'form', form: form() });
    const opened = await press(second.value, 'Ask');
    bot.answer = () => {
      throw new Error('done twice');
    };
    expect(cardText((await press(opened.value, 'core.ui.cancel')).value)).toBe('page 2');
  });

  it('that were opened from what a command has shown give that back', async () => {
    const first = await said(page(1));
    bot.answer = () => ({ kind: 'form', form: form() });
    const opened = await press(first, 'Ask');
    bot.answer = () => {
      throw new Error('done twice');
    };
    expect(cardText((await press(opened.value, 'core.ui.cancel')).value)).toBe('page 1');
  });

  it('that were opened from a delivery lead home', async () => {
    const first = await said(page(1), 'hello');
    bot.answer = () => ({ kind: 'form', form: form() });
    const opened = await press(first, 'Ask');
    bot.answer = () => ({ kind: 'home', cards: [notice(words('Waiting for you')), notice(words('More'))] });
    expect(cardText((await press(opened.value, 'core.ui.cancel')).value)).toBe('Waiting for you\nMore');
  });

  async function openForm(): Promise<unknown> {
    bot.answer = () => ({ kind: 'form', form: form() });
    await bot.post(make.message(ana, 'handbook sign'));
    return lastCard();
  }

  async function said(card: Card, text = 'handbook'): Promise<unknown> {
    bot.answer = () => ({ kind: 'say', card });
    await bot.post(make.message(ana, text));
    return lastCard();
  }
});

describe('installations', () => {
  it('are reported, and the bot opens the conversation once', async () => {
    bot.answer = () => ({ kind: 'home', cards: [notice(words('Welcome'))] });
    const both = make.installed(ana);
    await Promise.all(both.map((activity) => bot.post(activity)));
    for (const activity of both) await bot.post(activity);
    expect(world.cards(ana.conversationId).map(cardText)).toEqual(['Welcome']);
    expect(bot.events.filter(({ kind }) => kind === 'installed')).toHaveLength(1);
    expect(bot.events).toContainEqual(
      expect.objectContaining({ kind: 'member', member: expect.objectContaining({ email: 'ana.sol@contoso.example', isGuest: false }) }),
    );
    expect(bot.events).toContainEqual({
      kind: 'reachable',
      externalId: ana.aadObjectId,
      address: { conversationId: ana.conversationId, serviceUrl: world.serviceUrl, userId: ana.id },
    });
  });

  it('in a team bring its channels and people; guests have no confirmed address', async () => {
    const guest = world.addPerson('Cy Guest', { userRole: 'guest' });
    const team = world.addTeam('Store', [ana, guest], ['news']);
    await bot.post({
      ...make.base(ana),
      type: 'conversationUpdate',
      membersAdded: [{ id: BOT_ID }],
      conversation: { id: team.id, conversationType: 'channel', isGroup: true, tenantId: TENANT },
      channelData: { team: { id: team.id, name: 'Store' }, eventType: 'teamMemberAdded', tenant: { id: TENANT } },
    });
    expect(bot.events.flatMap((event) => (event.kind === 'channel' ? [event.channel.name] : []))).toEqual(['Store', 'Store › news']);
    const { directory } = bot.teams;
    const members = await directory.members(TENANT, undefined);
    expect(members).toEqual({
      items: [
        expect.objectContaining({ externalId: ana.aadObjectId, email: 'ana.sol@contoso.example', isGuest: false }),
        expect.not.objectContaining({ email: expect.anything() }),
      ],
    });
    expect(members.items[1]).toMatchObject({ isGuest: true });
    expect((await directory.channelMembers(TENANT, team.channels[1]?.id ?? '', undefined)).items).toEqual([
      ana.aadObjectId,
      guest.aadObjectId,
    ]);
    expect(await directory.member(TENANT, guest.aadObjectId)).toMatchObject({ name: 'Cy Guest', isGuest: true });
    expect(await directory.member(TENANT, 'nobody')).toBeUndefined();
    const alone = world.addPerson('Dan Alone');
    expect(await directory.member(TENANT, alone.aadObjectId)).toBeUndefined();
    const address = { conversationId: alone.conversationId, serviceUrl: world.serviceUrl, userId: alone.id };
    expect(await directory.member(TENANT, alone.aadObjectId, address)).toMatchObject({ externalId: alone.aadObjectId, name: 'Dan Alone' });
  });

  it('with more people than fit on a page are read page by page', async () => {
    const people = Array.from({ length: 1201 }, (_, index) => world.addPerson(`P ${index}`));
    for (const [name, members] of [
      ['A', people.slice(0, 1100)],
      ['B', people.slice(1100)],
    ] as const) {
      const team = world.addTeam(name, members, []);
      bot.events.push({
        kind: 'channel',
        channel: {
          externalId: team.id,
          name,
          kind: 'channel',
          parentExternalId: team.id,
          serviceUrl: world.serviceUrl,
          isPrivate: false,
          isArchived: false,
          botIsMember: true,
        },
      });
    }
    const found: string[] = [];
    let cursor: string | undefined;
    let pages = 0;
    do {
      const read = await bot.teams.directory.members(TENANT, cursor);
      found.push(...read.items.map(({ externalId }) => externalId));
      cursor = read.next;
      pages++;
    } while (cursor);
    expect(new Set(found).size).toBe(1201);
    expect(pages).toBe(4);
  });
});

describe('deliveries', () => {
  const reader = { locale: 'en', zone: 'UTC' };
  const to = (person: FakePerson, more: object = {}) => ({
    workspaceExternalId: TENANT,
    kind: 'direct' as const,
    externalId: person.aadObjectId,
    serviceUrl: world.serviceUrl,
    ...more,
  });

  it('open the 1:1 chat when it is not known, and edit what they posted', async () => {
    const posted = await bot.teams.chat.send(to(ana), page(1), reader, 'd1');
    expect(posted.conversationId).toBe(ana.conversationId);
    await bot.teams.chat.update({ ...posted, to: to(ana) }, page(2), reader);
    expect(world.messages).toMatchObject([{ id: posted.externalId, edits: 1, activity: { summary: 'page 2' } }]);
    expect(await bot.teams.chat.find(to(ana), 'd1', new Date())).toBe('unknown');
  });

  it.each([
    [429, 'rate_limited', 2000],
    [412, 'transient', undefined],
    [502, 'transient', undefined],
    [504, 'transient', undefined],
    [500, 'uncertain', undefined],
    [401, 'unauthorised', undefined],
    [400, 'invalid', undefined],
    [413, 'invalid', undefined],
    [403, 'unreachable', undefined],
    ['lost', 'uncertain', undefined],
    ['dropped', 'uncertain', undefined],
  ] as const)('that meet %s are %s, after one try', async (fault, code, retryAfterMs) => {
    world.fail(fault);
    const before = world.messages.length;
    await expect(bot.teams.chat.send(to(ana, { conversationId: ana.conversationId }), page(1), reader, 'd1')).rejects.toMatchObject({
      code,
      retryAfterMs,
    });
    expect(world.messages.length - before).toBe(fault === 'lost' ? 1 : 0);
    expect(world.calls.length).toBe(fault === 'dropped' ? 0 : 1);
  });

  it('tell who cannot be reached, and a chat that was not opened is never in doubt', async () => {
    const ben = world.addPerson('Ben', { installed: false });
    await expect(bot.teams.chat.send(to(ben), page(1), reader, 'd1')).rejects.toMatchObject({
      code: 'unreachable',
      reason: 'ForbiddenOperationException',
    });
    ana.blocked = true;
    await expect(bot.teams.chat.send(to(ana, { conversationId: ana.conversationId }), page(1), reader, 'd1')).rejects.toMatchObject({
      code: 'unreachable',
      reason: 'MessageWritesBlocked',
    });
    ana.blocked = false;
    const gone = await new FakeConnector().start();
    await gone.stop();
    world.fail('dropped');
    await expect(bot.teams.chat.send(to(ana), page(1), reader, 'd1')).rejects.toMatchObject({ code: 'transient' });
    await expect(bot.teams.chat.send({ ...to(ana), serviceUrl: gone.serviceUrl }, page(1), reader, 'd1')).rejects.toMatchObject({
      code: 'transient',
      reason: 'ECONNREFUSED',
    });
  });
});

describe('the door', () => {
  it('refuses to stand open: no app id outside the trial', () => {
    expect(() => createTeams({ trial: false, appId: ' ' } as TeamsOptions)).toThrow('MicrosoftAppId');
  });

  it('answers what it cannot read with 400, too much of it with 413, and another method with 405', async () => {
    const statuses = [];
    for (const body of [
      '{bad',
      '[]',
      '{}',
      '"x"',
      JSON.stringify({ ...make.message(ana, 'x'), channelId: 'webchat' }),
      JSON.stringify({ ...make.message(ana, 'x'), serviceUrl: 'https://attacker.example/' }),
    ])
      statuses.push((await bot.post(body)).status);
    expect(statuses).toEqual([400, 400, 400, 400, 400, 400]);
    expect((await bot.post(JSON.stringify(make.message(ana, 'x'.repeat(260 * 1024))))).status).toBe(413);
    expect((await fetch(bot.url)).status).toBe(405);
    expect(bot.interactions).toEqual([]);
  });

  it('lets nothing in once it is stopping', async () => {
    await bot.teams.stop();
    expect((await bot.post(make.message(ana, 'handbook'))).status).toBe(503);
    expect(bot.teams.ready()).toBe(false);
  });

  describe('with tokens', () => {
    const appId = BOT_ID.slice(3);

    it('lets in what Teams signed and shows a token of its own; everything else gets 401, unread', async () => {
      const issuer = await startIssuer(appId);
      const guarded = await new FakeBot().start({
        trial: false,
        appId,
        appPassword: 'secret',
        appType: 'SingleTenant',
        tenantId: TENANT,
        authorities: { ToBotFromChannelOpenIdMetadataUrl: issuer.metadataUrl, ToChannelFromBotLoginUrl: issuer.loginUrl },
      });
      const noise = vi.spyOn(console, 'error').mockImplementation(() => undefined);
      try {
        world.bearer = issuer.botToken;
        guarded.answer = () => ({ kind: 'say', card: notice(words('Hello')) });
        const activity = make.message(ana, 'handbook');
        const send = async (body: object | string, fault?: TokenFault) =>
          (await guarded.post(body, { authorization: `Bearer ${await issuer.token(world.serviceUrl, fault)}` })).status;
        const faults: TokenFault[] = [
          'wrong_key',
          'wrong_audience',
          'wrong_issuer',
          'expired',
          'no_service_url',
          'not_endorsed',
          'unsigned',
          'changed',
        ];
        for (const fault of faults) expect([fault, await send('{bad', fault)]).toEqual([fault, 401]);
        expect((await guarded.post(activity)).status).toBe(401);
        expect((await guarded.post(activity, { authorization: 'Bearer x.y.z' })).status).toBe(401);
        expect(await send({ ...activity, serviceUrl: 'https://attacker.example/' })).toBe(401);
        expect(guarded.interactions).toEqual([]);
        expect(await send('{bad')).toBe(400);
        expect(await send(activity)).toBe(200);
        expect(world.cards(ana.conversationId).map(cardText)).toEqual(['Hello']);
      } finally {
        noise.mockRestore();
        await guarded.stop();
        await issuer.stop();
      }
    });

    it('says 503 while the keys cannot be read, so that Teams comes again', async () => {
      const guarded = await new FakeBot().start({
        trial: false,
        appId,
        appPassword: 's',
        appType: 'SingleTenant',
        tenantId: TENANT,
        authorities: { ToBotFromChannelOpenIdMetadataUrl: 'http://127.0.0.1:1/openid' },
      });
      const issuer = await startIssuer(appId);
      const { status } = await guarded.post(make.message(ana, 'x'), { authorization: `Bearer ${await issuer.token(world.serviceUrl)}` });
      expect(status).toBe(503);
      await guarded.stop();
      await issuer.stop();
    });
  });
});
