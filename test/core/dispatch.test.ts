import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { notice } from '../../src/core/card.js';
import { type ActorContext, createDispatch, type DispatchPorts } from '../../src/core/dispatch.js';
import { BellhopError } from '../../src/core/errors.js';
import { definers, type Feature } from '../../src/core/feature.js';
import type { CommandToken, Interaction } from '../../src/core/interaction.js';
import { ref } from '../../src/core/ref.js';
import { createRegistry } from '../../src/core/registry.js';
import { type Answer, formErrors, nothing, open, say, whisper } from '../../src/core/reply.js';
import type { Role } from '../../src/core/roles.js';
import { key, words } from '../../src/core/text.js';

const { action, form, feature } = definers<ActorContext, null, null>();

const reader = { locale: 'lv-LV', zone: 'Europe/Riga' };

/** A feature with one of everything that can go right or wrong. */
function shop(seen: unknown[] = []): Feature<ActorContext, null, null> {
  return feature({
    name: 'shop',
    commands: [
      {
        name: 'shop',
        bare: 'list',
        verbs: [
          {
            name: 'list',
            role: 'employee',
            describe: key('shop.list'),
            run: async (_, input) => {
              seen.push(['list', input]);
              return say(notice(key('shop.listed')));
            },
          },
          { name: 'close', role: 'owner', describe: key('shop.close'), run: async () => nothing },
        ],
      },
    ],
    actions: [
      action({
        id: 'shop.buy',
        role: 'employee',
        payload: z.object({ item: z.string() }),
        run: async (_, { item }) => {
          seen.push(['buy', item]);
          if (item === 'gone') throw new BellhopError('shop.sold_out', { item: words(item) });
          if (item === 'broken') throw new Error('a defect');
          return whisper(notice(key('shop.bought')));
        },
        current: async (_, raw) => (raw.old ? notice(key('shop.current')) : undefined),
      }),
      action({ id: 'shop.ask', role: 'manager', payload: z.object({}), run: async () => open(ref('shop.order', { shelf: 3 })) }),
    ],
    forms: [
      form({
        id: 'shop.order',
        role: 'manager',
        payload: z.object({ shelf: z.number() }),
        input: z.object({ amount: z.string({ error: 'shop.errors.amount_missing' }), note: z.string().optional() }),
        build: async (_, { shelf }) => ({
          title: key('shop.order.title', { shelf }),
          submit: key('shop.order.submit'),
          fields: [{ kind: 'text', name: 'amount', label: key('shop.order.amount') }],
        }),
        submit: async (_, { payload, input }) => {
          seen.push(['order', payload, input]);
          if (input.amount === '0') return formErrors({ amount: key('shop.errors.too_few') });
          if (input.amount === '999') throw new BellhopError('shop.too_many');
          return say(notice(key('shop.ordered')));
        },
      }),
    ],
    home: async () => [
      { slot: 'managers', card: notice(key('shop.home.managers')) },
      { slot: 'waiting', card: notice(key('shop.home.waiting')) },
    ],
  });
}

/** Remembers settled answers, as delivery/handled.ts does in the database. */
function bench(role: Role, features = [shop()], options: Partial<DispatchPorts<ActorContext>> = {}) {
  const answers = new Map<string, Answer>();
  const failures: unknown[] = [];
  const dispatch = createDispatch<ActorContext, null, null>(createRegistry(features), {
    resolve: async () => ({ context: { role, reader } }),
    once: async (onceKey, settles, act) => {
      const before = answers.get(onceKey);
      if (before) return { answer: before, repeat: true };
      const answer = await act();
      if (settles(answer)) answers.set(onceKey, answer);
      return { answer, repeat: false };
    },
    failed: (error) => {
      failures.push(error);
      return 'unexpected';
    },
    ...options,
  });
  return { dispatch, failures };
}

let acts = 0;
const base = () => ({
  actor: { platform: 'slack' as const, workspaceExternalId: 'T1', externalId: 'U1' },
  place: { kind: 'direct' as const },
  onceKey: `act-${++acts}`,
  requestId: 'r-7',
});
const word = (text: string): CommandToken => ({ kind: 'word', text });
const command = (text: string): Interaction => ({
  ...base(),
  kind: 'command',
  command: 'shop',
  text,
  tokens: text.split(' ').filter(Boolean).map(word),
  files: [],
});
const click = (id: string, payload = {}): Interaction => ({ ...base(), kind: 'action', ref: ref(id, payload) });
const submit = (values: Record<string, string>, payload = { shelf: 3 } as Record<string, number>): Interaction => ({
  ...base(),
  kind: 'submit',
  ref: ref('shop.order', payload),
  values,
});
const said = (answer: Answer) => ('card' in answer ? answer.card.lead : 'cards' in answer ? answer.cards.map((card) => card.lead) : answer);

describe('commands', () => {
  it('runs the verb with what follows it', async () => {
    const seen: unknown[] = [];
    const { dispatch } = bench('employee', [shop(seen)]);
    const { answer } = await dispatch(command('LIST red shoes'));
    expect(said(answer)).toEqual(key('shop.listed'));
    expect(seen).toEqual([['list', { tokens: [word('red'), word('shoes')], text: 'red shoes', files: [] }]]);
  });

  it('runs the bare verb when none is named', async () => {
    expect(said((await bench('employee').dispatch(command(''))).answer)).toEqual(key('shop.listed'));
  });

  it('names only the verbs that the role may use when it does not know one', async () => {
    const { answer } = await bench('employee').dispatch(command('sell'));
    expect(said(answer)).toEqual(key('core.errors.unknown_verb', { command: words('shop'), verb: words('sell'), verbs: words('list') }));
  });

  it('refuses a verb beyond the role and names the role', async () => {
    const { answer } = await bench('manager').dispatch(command('close'));
    expect(said(answer)).toEqual(key('core.errors.role_needed', { role: { kind: 'select', value: 'owner' } }));
  });
});

describe('messages to the bot', () => {
  const message = (text: string, kind: 'direct' | 'channel' = 'direct'): Interaction => ({
    ...base(),
    place: { kind },
    kind: 'message',
    text,
    files: [],
  });

  it('are commands where they begin with a verb', async () => {
    const seen: unknown[] = [];
    const { dispatch } = bench('employee', [shop(seen)]);
    expect(said((await dispatch(message('List red shoes'))).answer)).toEqual(key('shop.listed'));
    expect(seen).toEqual([['list', { tokens: [word('red'), word('shoes')], text: 'red shoes', files: [] }]]);
    expect(said((await dispatch(message('/close'))).answer)).toEqual(
      key('core.errors.role_needed', { role: { kind: 'select', value: 'owner' } }),
    );
  });

  it('are answered with what waits otherwise', async () => {
    const { dispatch } = bench('owner');
    const home = [key('shop.home.waiting'), key('shop.home.managers')];
    for (const said of ['hello', '', 'list of everything I need'])
      expect((await dispatch(message(said))).answer).toMatchObject({ cards: home.map((lead) => ({ lead })) });
    expect((await dispatch(message('list', 'channel'))).answer.kind).toBe('home');
  });
});

describe('buttons', () => {
  it('gives the answer in the language and zone of the person', async () => {
    expect(await bench('employee').dispatch(click('shop.buy', { item: 'bell' }))).toEqual({
      answer: whisper(notice(key('shop.bought'))),
      reader,
      repeat: false,
    });
  });

  it('handles the same click once, and gives a repeat the first answer', async () => {
    const seen: unknown[] = [];
    const { dispatch } = bench('employee', [shop(seen)]);
    const interaction = click('shop.buy', { item: 'bell' });
    const first = await dispatch(interaction);
    for (let i = 0; i < 10; i++) expect(await dispatch(interaction)).toEqual({ ...first, repeat: true });
    expect(seen).toHaveLength(1);
  });

  it('says what stands in the way when a handler refuses, and says it again to a repeat without acting again', async () => {
    const seen: unknown[] = [];
    const { dispatch, failures } = bench('employee', [shop(seen)]);
    const interaction = click('shop.buy', { item: 'gone' });
    for (let i = 0; i < 2; i++)
      expect(said((await dispatch(interaction)).answer)).toEqual(key('shop.errors.sold_out', { item: words('gone') }));
    expect(seen).toHaveLength(1);
    expect(failures).toEqual([]);
  });

  it('tells of a defect with the number of the request, and lets the repeat try again', async () => {
    const seen: unknown[] = [];
    const { dispatch, failures } = bench('employee', [shop(seen)]);
    const interaction = click('shop.buy', { item: 'broken' });
    for (let i = 0; i < 2; i++)
      expect(said((await dispatch(interaction)).answer)).toEqual(key('core.errors.unexpected', { request: words('r-7') }));
    expect(seen).toHaveLength(2);
    expect(failures).toHaveLength(2);
  });

  it.each([
    ['of an unknown action', click('shop.gone')],
    ['that could not be read', { ...base(), kind: 'action', ref: null } satisfies Interaction],
    ['with a payload of another release', click('shop.buy', { thing: 1 })],
  ])('shows where things stand for a card %s', async (_, interaction) => {
    const { answer } = await bench('employee').dispatch(interaction);
    expect(said(answer)).toEqual([key('core.errors.card_outdated'), key('shop.home.waiting'), key('shop.home.managers')]);
  });

  it('shows the current card where the handler still finds it', async () => {
    const { answer } = await bench('employee').dispatch(click('shop.buy', { old: true }));
    expect(said(answer)).toEqual([key('core.errors.card_outdated'), key('shop.current')]);
  });
});

describe('forms', () => {
  it('opens the form that a handler asks for', async () => {
    const { answer } = await bench('manager').dispatch(click('shop.ask'));
    expect(answer).toMatchObject({
      kind: 'form',
      form: { ref: ref('shop.order', { shelf: 3 }), title: key('shop.order.title', { shelf: 3 }) },
    });
  });

  it.each([
    ['its schema', {}, { amount: key('shop.errors.amount_missing') }],
    ['its handler', { amount: '0' }, { amount: key('shop.errors.too_few') }],
    ['an error', { amount: '999' }, { form: key('shop.errors.too_many') }],
  ])('keeps what was typed when it is refused by %s', async (_, values, errors) => {
    const { answer } = await bench('manager').dispatch(submit({ ...values, note: 'as typed' }));
    expect(answer).toMatchObject({
      kind: 'errors',
      errors,
      values: { ...values, note: 'as typed' },
      form: { ref: ref('shop.order', { shelf: 3 }) },
    });
  });

  it('takes the corrected form under the same key, and then no second one', async () => {
    const seen: unknown[] = [];
    const { dispatch } = bench('manager', [shop(seen)]);
    const first = submit({ amount: '0' });
    await dispatch(first);
    const corrected = { ...first, values: { amount: '5' } };
    expect(said((await dispatch(corrected)).answer)).toEqual(key('shop.ordered'));
    expect((await dispatch(corrected)).repeat).toBe(true);
    expect(seen.map((entry) => (entry as [string, unknown, { amount: string }])[2].amount)).toEqual(['0', '5']);
  });

  it('checks the role again when it is sent', async () => {
    expect(said((await bench('employee').dispatch(submit({ amount: '5' }))).answer)).toEqual(
      key('core.errors.role_needed', { role: { kind: 'select', value: 'manager' } }),
    );
  });

  it('is out of date when its payload is of another release', async () => {
    const { answer } = await bench('manager').dispatch(submit({ amount: '5' }, { row: 1 }));
    expect(answer.kind).toBe('home');
  });
});

describe('a file', () => {
  it('that came without a command is not passed over', async () => {
    const file = { name: 'rules.md', read: async () => new Uint8Array() };
    const { answer } = await bench('employee').dispatch({ ...base(), kind: 'message', text: '', files: [file] });
    expect(said(answer)).toMatchObject({ key: 'core.errors.file_without_command' });
  });
});

describe('people', () => {
  it('refuses a stranger in the language that the platform tells', async () => {
    const { dispatch } = bench('employee', [shop()], { resolve: async () => ({ refused: notice(key('people.errors.stranger')), reader }) });
    const asked = command('list');
    expect(await dispatch(asked)).toEqual({ answer: whisper(notice(key('people.errors.stranger'))), reader, repeat: false });
    expect(await dispatch(asked)).toMatchObject({ repeat: true });
  });

  it('shows home in its order, with a word when nothing waits', async () => {
    const idle: Feature<ActorContext, null, null> = feature({
      name: 'idle',
      home: async () => [{ slot: 'here', card: notice(key('idle.home')) }],
    });
    expect(said((await bench('employee', [idle]).dispatch({ ...base(), kind: 'home' })).answer)).toEqual([
      key('core.home.nothing_waits'),
      key('idle.home'),
    ]);
    expect(said((await bench('employee').dispatch({ ...base(), kind: 'home' })).answer)).toEqual([
      key('shop.home.waiting'),
      key('shop.home.managers'),
    ]);
  });
});

describe('the registry', () => {
  it('refuses two things of one id, an id of another feature and a bare verb that is none', () => {
    expect(() => createRegistry([shop(), shop()])).toThrow('registered twice');
    expect(() => createRegistry([{ ...shop(), name: 'market' }])).toThrow('must begin with "market."');
    const [only] = shop().commands ?? [];
    expect(() => createRegistry([{ name: 'shop', commands: only ? [{ ...only, bare: 'sell' }] : [] }])).toThrow('no verb "sell"');
  });
});
