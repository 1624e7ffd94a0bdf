import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { button, type Card, notice } from '../../src/core/card.js';
import type { Form } from '../../src/core/form.js';
import type { Interaction } from '../../src/core/interaction.js';
import { ref } from '../../src/core/ref.js';
import { key, words } from '../../src/core/text.js';
import { activities } from '../support/fake-teams/activities.js';
import { FakeBot } from '../support/fake-teams/bot.js';
import { cardButtons, cardInputs, cardProblems, cardText } from '../support/fake-teams/card-check.js';
import { BOT_ID, FakeConnector, type FakePerson, TENANT } from '../support/fake-teams/connector.js';
import { startIssuer, type TokenFault } from '../support/fake-teams/issuer.js';

const KUDOS = 'recognition.give_kudos';

let world: FakeConnector;
let bot: FakeBot;
let make: ReturnType<typeof activities>;
let ana: FakePerson;
let ben: FakePerson;
let news: string;
let inNews: object;

beforeEach(async () => {
  world = await new FakeConnector().start();
  bot = await new FakeBot().start();
  make = activities(world);
  ana = world.addPerson('Ana Sol');
  ben = world.addPerson('Ben Ito', { installed: false });
  const team = world.addTeam('Store', [ana, ben], ['news']);
  news = team.channels[1]?.id ?? '';
  inNews = make.inChannel(team.id, news);
});

afterEach(async () => {
  expect(world.problems).toEqual([]);
  await bot.stop();
  await world.stop();
});

const form: Form = {
  ref: ref('recognition.give'),
  title: words('Give kudos'),
  submit: words('Send'),
  intro: [{ kind: 'paragraph', text: words('Say it well') }],
  fields: [
    { kind: 'people', name: 'people', label: words('Who') },
    { kind: 'text', name: 'reason', label: words('Reason'), multiline: true },
    { kind: 'check', name: 'public', label: words('Public'), text: words('May be seen'), initial: true },
    { kind: 'file', name: 'file', label: words('Photo'), extensions: ['png'], elsewhere: key('core.ui.open_direct') },
  ],
};
const given: Card = {
  summary: words('Kudos for Ben'),
  title: words('Given'),
  lead: words('90 points left'),
  actions: [button(words('Mend'), ref('recognition.mend'))],
};

interface Task {
  readonly type: string;
  readonly value: { title: string; height: string; width: string; card: { contentType: string; content: object } };
}

/** The task that an invoke was answered with; undefined when the dialog closed. */
async function ask(activity: object): Promise<Task | undefined> {
  const { status, body } = await bot.post(activity);
  expect(status).toBe(200);
  return body?.task as Task | undefined;
}

async function open(person = ana, more: object = {}, value: object = {}): Promise<Task> {
  const task = await ask(make.fetchTask(person, KUDOS, more, value));
  if (!task) throw new Error('fetchTask was answered without a task.');
  return task;
}

/** The card of a dialog, as strict as Teams is with those. */
function contentOf(task: Task | undefined): object {
  expect(task).toMatchObject({ type: 'continue', value: { width: 'medium', card: { contentType: expect.stringContaining('adaptive') } } });
  const content = task?.value.card.content ?? {};
  expect(cardProblems(content, 'dialog')).toEqual([]);
  return content;
}

function press(task: Task, title: string, inputs: object = {}, person = ana, more: object = {}) {
  const content = contentOf(task);
  const found = cardButtons(content).find((one) => one.title === title);
  if (!found) throw new Error(`There is no button ${title}.`);
  const standing = Object.fromEntries(cardInputs(content).map(({ id, value }) => [id, value ?? '']));
  return make.submitAction(person, KUDOS, { ...found.data, ...standing, ...inputs }, more);
}

const sent = (index = -1): Interaction | undefined => bot.interactions.at(index);

describe('a message extension', () => {
  it('opens its form as the response, from a channel without the app too', async () => {
    bot.answer = () => ({ kind: 'form', form });
    const task = await open(ben, {
      conversation: { id: '19:foreign@thread.v2', conversationType: 'groupChat', isGroup: true, tenantId: TENANT },
    });
    expect(task.value).toMatchObject({ title: 'Give kudos', height: 'large' });
    const content = contentOf(task);
    // The dialog's own frame says what it is, and closes it.
    expect(cardText(content)).not.toContain('Give kudos');
    expect(cardText(content)).toContain('core.ui.open_direct');
    expect(cardButtons(content).map(({ title, type }) => [title, type])).toEqual([['Send', 'Action.Submit']]);
    expect(sent()).toMatchObject({
      kind: 'shortcut',
      shortcut: KUDOS,
      actor: { externalId: ben.aadObjectId, workspaceExternalId: TENANT },
      place: { kind: 'group', externalId: '19:foreign@thread.v2' },
    });
    expect(sent()).not.toHaveProperty('message');
    expect(world.messages).toEqual([]);
  });

  it('in two people’s own chat is told apart from the chat with the bot', async () => {
    bot.answer = () => ({ kind: 'form', form });
    await open(ana, { conversation: { id: '19:a_b@unq.gbl.spaces', conversationType: 'personal', tenantId: TENANT } });
    expect(sent()).toMatchObject({ place: { kind: 'group', externalId: '19:a_b@unq.gbl.spaces' } });
    expect(sent()?.actor).not.toHaveProperty('address');
    expect(bot.events).toEqual([]);
    expect(world.calls).toEqual([]);
  });

  it('at a message tells its words, its author and where it stands', async () => {
    bot.answer = () => ({ kind: 'form', form });
    const html =
      '<div><p>Calmed <at id="0">Cy</at> &amp;<br>&lt;b&gt; <emoji alt="😀"></emoji></p><attachment id="1"></attachment><p>Twice</p></div>';
    await open(ana, inNews, make.messagePayload('1700000000777', html, ben));
    expect(sent()).toMatchObject({
      kind: 'shortcut',
      place: { kind: 'channel', externalId: news },
      message: {
        text: 'Calmed Cy &\n<b> 😀\nTwice',
        author: { by: 'account', externalId: ben.aadObjectId },
        conversationId: news,
        externalId: '1700000000777',
      },
    });
    await open(ana, inNews, make.messagePayload('1700000000778', '', undefined));
    expect(sent()).toMatchObject({ message: { conversationId: news, externalId: '1700000000778' } });
    const quoted = sent();
    expect(quoted?.kind === 'shortcut' && Object.keys(quoted.message ?? {})).toEqual(['conversationId', 'externalId']);
  });

  it('shows what is no form as a card whose buttons work there, and one line as a line', async () => {
    bot.answer = () => ({ kind: 'whisper', card: given });
    const task = await open();
    expect(task.value.title).toBe('Given');
    bot.answer = () => ({ kind: 'form', form });
    const next = await ask(press(task, 'Mend'));
    expect(cardInputs(contentOf(next)).map(({ id }) => id)).toEqual(['people.people', 'text.reason', 'check.public']);
    expect(sent()).toMatchObject({ kind: 'action', ref: { id: 'recognition.mend' } });
    bot.answer = () => ({ kind: 'whisper', card: notice(key('people.errors.guest')) });
    expect(await open()).toEqual({ type: 'message', value: 'people.errors.guest' });
    bot.answer = () => ({ kind: 'nothing' });
    expect(await open()).toEqual({ type: 'message', value: 'core.ui.done' });
    bot.answer = () => ({ kind: 'home', cards: [notice(key('core.errors.card_outdated')), given] });
    expect(cardText(contentOf(await open()))).toContain('core.errors.card_outdated\nGiven');
    expect(world.messages).toEqual([]);
  });

  it('of a name that Bellhop never had, or that says nothing, is answered with a word', async () => {
    for (const activity of [
      { ...make.fetchTask(ana, KUDOS), value: 'x' },
      { ...make.fetchTask(ana, ''), value: {} },
      { ...make.submitAction(ana, KUDOS, {}), value: undefined },
      { ...make.click(ana, {}), name: 'task/fetch' },
    ])
      expect(await ask(activity)).toEqual({ type: 'message', value: 'core.errors.not_offered' });
    expect(bot.interactions).toEqual([]);
    bot.answer = () => ({ kind: 'home', cards: [notice(key('core.errors.card_outdated')), given] });
    contentOf(await ask(make.submitAction(ana, KUDOS, { msteams: {} })));
    expect(sent()).toMatchObject({ kind: 'action', ref: null });
  });

  it('never fails: what breaks is answered with HTTP 200 and a number to tell', async () => {
    bot.answer = () => {
      throw new Error('broken');
    };
    expect(await open()).toEqual({ type: 'message', value: 'core.errors.unexpected' });
  });

  it('is let in by a good token alone', async () => {
    const appId = BOT_ID.slice(3);
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
      guarded.answer = () => ({ kind: 'form', form });
      const status = async (fault?: TokenFault, more: object = {}) => {
        const token = await issuer.token(world.serviceUrl, fault);
        return (await guarded.post(make.fetchTask(ana, KUDOS, more), { authorization: `Bearer ${token}` })).status;
      };
      for (const fault of ['wrong_key', 'expired', 'wrong_audience', 'unsigned'] as const)
        expect([fault, await status(fault)]).toEqual([fault, 401]);
      expect(await status(undefined, { serviceUrl: 'https://attacker.example/' })).toBe(401);
      expect(guarded.interactions).toEqual([]);
      expect(await status()).toBe(200);
    } finally {
      noise.mockRestore();
      await guarded.stop();
      await issuer.stop();
    }
  });
});

describe('the dialog', () => {
  const inputs = { 'people.people': 'Ben Ito, cy@x.example', 'text.reason': 'Calmed *a* guest\n#ownership', 'check.public': 'false' };
  const values = {
    people: [
      { by: 'typed', typed: 'Ben Ito' },
      { by: 'typed', typed: 'cy@x.example' },
    ],
    reason: 'Calmed *a* guest\n#ownership',
    public: false,
  };
  const refuse = () => {
    bot.answer = (interaction) => ({
      kind: 'errors',
      form,
      values: interaction.kind === 'submit' ? interaction.values : {},
      errors: { reason: key('recognition.errors.reason_short'), form: key('recognition.errors.self') },
    });
  };

  async function opened(person = ana, more: object = {}): Promise<Task> {
    bot.answer = () => ({ kind: 'form', form });
    return await open(person, more);
  }

  it('comes back with what was typed and what to mend, and closes once it is right; nothing is posted beside', async () => {
    const task = await opened();
    refuse();
    const again = await ask(press(task, 'Send', inputs));
    expect(sent()).toMatchObject({ kind: 'submit', ref: form.ref, values });
    expect(cardText(contentOf(again))).toContain('recognition.errors.self');
    expect(cardText(contentOf(again))).toContain('recognition.errors.reason_short');
    expect(cardInputs(contentOf(again)).map(({ value }) => value)).toEqual([
      'Ben Ito, cy@x.example',
      'Calmed *a* guest\n#ownership',
      'false',
    ]);
    bot.answer = () => ({ kind: 'nothing' });
    expect(await ask(press(again as Task, 'Send'))).toBeUndefined();
    expect(world.messages).toEqual([]);
  });

  it('is sent once, however often it is pressed, and by one person alone', async () => {
    const task = await opened();
    const other = await opened();
    bot.answer = () => ({ kind: 'whisper', card: given });
    const act = press(task, 'Send', inputs);
    const answers = [await ask(act), await ask(act), await ask(press(task, 'Send', inputs))];
    expect(answers).toEqual(Array(3).fill({ type: 'message', value: 'Kudos for Ben' }));
    const keys = bot.interactions.slice(2).map(({ onceKey }) => onceKey);
    expect(new Set(keys).size).toBe(1);
    expect(world.cards(ana.conversationId).map(cardText)).toEqual(['Given\n90 points left']);
    // Its own buttons are a message's there.
    expect(cardButtons(world.cards(ana.conversationId)[0]).map(({ type }) => type)).toEqual(['Action.Execute']);
    await ask(press(other, 'Send', inputs));
    await ask(press(task, 'Send', inputs, ben));
    expect(new Set(bot.interactions.slice(2).map(({ onceKey }) => onceKey)).size).toBe(3);
  });

  it('may lead to another one, which is sent once too', async () => {
    const task = await opened();
    const [first, again] = [await ask(press(task, 'Send', inputs)), await ask(press(task, 'Send', inputs))];
    expect(first).toEqual(again);
    const key = sent()?.onceKey;
    bot.answer = () => ({ kind: 'nothing' });
    expect(await ask(press(first as Task, 'Send', inputs))).toBeUndefined();
    expect(sent()?.onceKey).not.toBe(key);
  });

  it('opened again by a repeat is the same one', async () => {
    bot.answer = () => ({ kind: 'form', form });
    const activity = make.fetchTask(ana, KUDOS);
    expect(await ask(activity)).toEqual(await ask(activity));
    expect((await opened()).value.card).not.toEqual((await ask(activity))?.value.card);
  });

  it('tells one line of what was done, and keeps the rest where there is no 1:1 chat', async () => {
    const line = await opened();
    bot.answer = () => ({ kind: 'whisper', card: notice(key('recognition.given')) });
    expect(await ask(press(line, 'Send', inputs))).toEqual({ type: 'message', value: 'recognition.given' });
    expect(world.messages).toEqual([]);
    const task = await opened(ben);
    bot.answer = () => ({ kind: 'whisper', card: given });
    expect(cardText(contentOf(await ask(press(task, 'Send', inputs, ben))))).toBe('Given\n90 points left');
  });

  it('can be sent once more without typing when the records are away', async () => {
    const task = await opened();
    bot.answer = () => ({ kind: 'whisper', card: notice(key('core.errors.try_again')) });
    const told = await ask(press(task, 'Send', inputs));
    expect(cardText(contentOf(told))).toBe('core.errors.try_again');
    const before = sent();
    bot.answer = () => ({ kind: 'nothing' });
    await ask(press(told as Task, 'core.ui.send_again'));
    expect(sent()).toMatchObject({ kind: 'submit', values });
    expect(sent()?.onceKey).toBe(before?.onceKey);
  });

  it('is read from task/submit too', async () => {
    const task = await opened();
    bot.answer = () => ({ kind: 'nothing' });
    const { value, ...act } = press(task, 'Send', inputs);
    expect(await ask({ ...act, name: 'task/submit', value: { data: value.data, context: { theme: 'dark' } } })).toBeUndefined();
    expect(sent()).toMatchObject({ kind: 'submit', values });
  });

  it('that is too full to be shown again with everything says what to mend', async () => {
    const long: Form = {
      ...form,
      fields: Array.from({ length: 8 }, (_, index) => ({ kind: 'text' as const, name: `t${index}`, label: words('T'), multiline: true })),
    };
    bot.answer = () => ({ kind: 'form', form: long });
    const task = await open();
    bot.answer = () => ({
      kind: 'errors',
      form: long,
      values: Object.fromEntries(long.fields.map(({ name }) => [name, 'ģ'.repeat(3000)])),
      errors: { t0: key('core.errors.field_invalid') },
    });
    expect(cardText(contentOf(await ask(press(task, 'Send'))))).toContain('core.errors.field_invalid');
  });

  it.each([
    ['a form that opened late', () => ({ kind: 'form' as const, form }), 'Give kudos\nSay it well'],
    ['a card', () => ({ kind: 'whisper' as const, card: given }), 'Given'],
    ['nothing', () => ({ kind: 'nothing' as const }), undefined],
  ])('that takes long is answered within 4 seconds; %s lies in the 1:1 chat then', async (_, answer, shown) => {
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    try {
      let finish = (): void => undefined;
      bot.answer = () => new Promise((done) => (finish = () => done(answer())));
      const activity = make.fetchTask(ana, KUDOS, inNews);
      const answered = ask(activity);
      await vi.waitUntil(() => bot.interactions.length > 0 && vi.getTimerCount() > 0);
      await vi.advanceTimersByTimeAsync(4000);
      expect(await answered).toEqual({ type: 'message', value: 'core.ui.working' });
      finish();
      await vi.waitUntil(() => shown === undefined || world.messages.length > 0);
      await bot.teams.stop();
      const cards = world.cards(ana.conversationId);
      expect(cards.map((card) => cardText(card).slice(0, shown?.length))).toEqual(shown ? [shown] : []);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('reactions at the bot’s messages', () => {
  it('are one act each, with the message as a delivery knows it, and are mostly nobody’s concern', async () => {
    const posted = await bot.teams.chat.send(
      { workspaceExternalId: TENANT, kind: 'channel', externalId: news, serviceUrl: world.serviceUrl },
      given,
      { locale: 'en', zone: 'UTC' },
      'd1',
    );
    const at = { conversationId: news, externalId: posted.externalId };
    expect(posted).toEqual(at);
    const thread = {
      ...inNews,
      conversation: { ...make.base(ana).conversation, conversationType: 'channel', id: `${news};messageid=${posted.externalId}` },
    };
    const activity = make.reacted(ana, posted.externalId, { added: ['like', '1f389_partypopper'], removed: ['heart'] }, thread);
    expect((await bot.post(activity)).status).toBe(200);
    expect(bot.interactions).toMatchObject([
      { kind: 'reaction', added: false, emoji: 'heart', message: at },
      { kind: 'reaction', added: true, emoji: 'like', message: at, place: { kind: 'channel', externalId: news } },
      { kind: 'reaction', added: true, emoji: '1f389_partypopper', message: at, actor: { externalId: ana.aadObjectId } },
    ]);
    const keys = bot.interactions.map(({ onceKey }) => onceKey);
    expect(new Set(keys).size).toBe(3);
    await bot.post(activity);
    expect(bot.interactions.slice(3).map(({ onceKey }) => onceKey)).toEqual(keys);
    expect(world.messages).toHaveLength(1);
  });

  it('are answered in the 1:1 chat, or not at all', async () => {
    bot.answer = () => ({ kind: 'whisper', card: notice(key('recognition.errors.self')) });
    await bot.post(make.reacted(ana, '1700000000001', { added: ['like'] }, inNews));
    await bot.post(make.reacted(ben, '1700000000001', { added: ['like'] }, inNews));
    expect(world.messages.map(({ conversationId }) => conversationId)).toEqual([ana.conversationId]);
    expect(world.cards(ana.conversationId).map(cardText)).toEqual(['recognition.errors.self']);
    bot.interactions.length = 0;
    expect((await bot.post({ ...make.reacted(ana, 'x', {}, inNews), replyToId: undefined })).status).toBe(200);
    bot.answer = () => {
      throw new Error('broken');
    };
    expect((await bot.post(make.reacted(ana, 'x', { added: ['like'] }))).status).toBe(200);
    expect(bot.interactions).toMatchObject([{ kind: 'reaction', place: { kind: 'direct' } }]);
  });
});
