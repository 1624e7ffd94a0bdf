import { describe, expect, it } from 'vitest';
import { notice } from '../../src/core/card.js';
import { type ActorContext, createDispatch, type DispatchPorts } from '../../src/core/dispatch.js';
import { BellhopError } from '../../src/core/errors.js';
import { definers, type Feature } from '../../src/core/feature.js';
import type { Interaction } from '../../src/core/interaction.js';
import { createRegistry } from '../../src/core/registry.js';
import { type Answer, nothing, say, whisper } from '../../src/core/reply.js';
import type { Role } from '../../src/core/roles.js';
import { key, words } from '../../src/core/text.js';

const { feature } = definers<ActorContext, null, null>();
const reader = { locale: 'en', zone: 'UTC' };
const told = (text: string) => say(notice(words(text)));
const said = (answer: Answer) => ('card' in answer ? answer.card.lead : answer);

const verb = (name: string, role: Role = 'employee') => ({
  name,
  role,
  describe: key(`menu.${name}`),
  run: async (_: ActorContext, input: { text: string }) => told(`${name}: ${input.text}`),
});

const features: readonly Feature<ActorContext, null, null>[] = [
  feature({ name: 'house', commands: [{ name: 'house', bare: 'help', verbs: [verb('help')] }] }),
  feature({
    name: 'thanks',
    commands: [{ name: 'thanks', bare: 'give', free: true, verbs: [verb('give'), verb('top')] }],
    shortcuts: [
      { id: 'thanks.quote', role: 'employee', run: async (_, message) => told(message?.text ?? 'no message') },
      { id: 'thanks.judge', role: 'manager', run: async () => told('judged') },
    ],
    reaction: async (_, { emoji, added }) => {
      if (emoji === 'skull') throw new BellhopError('thanks.skull');
      if (emoji === 'bomb') throw new Error('a defect');
      return emoji === 'bell' ? whisper(notice(words(added ? 'rung' : 'silent'))) : nothing;
    },
  }),
];

let acts = 0;
const base = () => ({
  actor: { platform: 'slack' as const, workspaceExternalId: 'T1', externalId: 'U1' },
  place: { kind: 'channel' as const, externalId: 'C1' },
  onceKey: `menu-${++acts}`,
  requestId: 'r-1',
});
const command = (name: string, text: string): Interaction => ({
  ...base(),
  kind: 'command',
  command: name,
  text,
  tokens: text
    .split(' ')
    .filter(Boolean)
    .map((typed) => ({ kind: 'word', text: typed })),
  files: [],
});
const shortcut = (id: string, text?: string): Interaction => ({
  ...base(),
  kind: 'shortcut',
  shortcut: id,
  ...(text !== undefined && { message: { text } }),
});
const reaction = (emoji: string, added = true): Interaction => ({
  ...base(),
  kind: 'reaction',
  emoji,
  added,
  message: { conversationId: 'C1', externalId: '1.2' },
});

function bench(overrides: Partial<DispatchPorts<ActorContext>> = {}) {
  const noted: string[] = [];
  const failures: unknown[] = [];
  const dispatch = createDispatch<ActorContext, null, null>(createRegistry(features), {
    resolve: async () => ({ context: { role: 'employee', reader } }),
    once: async (onceKey, _, act) => {
      noted.push(onceKey);
      return { answer: await act(), repeat: false };
    },
    failed: (error) => {
      failures.push(error);
      return 'unexpected';
    },
    ...overrides,
  });
  return { dispatch, noted, failures };
}

describe('a free command', () => {
  it.each([
    ['for calming a guest', 'give: for calming a guest'],
    ['top year', 'top: year'],
    ['', 'give: '],
  ])('understands “%s”', async (typed, expected) => {
    expect(said((await bench().dispatch(command('thanks', typed))).answer)).toEqual(words(expected));
  });

  it('gives the list of commands for a lone “help”, and keeps sentences that begin with it', async () => {
    expect(said((await bench().dispatch(command('thanks', 'Help'))).answer)).toEqual(words('help: '));
    expect(said((await bench().dispatch(command('thanks', 'help was at hand'))).answer)).toEqual(words('give: help was at hand'));
  });
});

describe('shortcuts', () => {
  it('get the message at which they stand, or none', async () => {
    expect(said((await bench().dispatch(shortcut('thanks.quote', 'Well done'))).answer)).toEqual(words('Well done'));
    expect(said((await bench().dispatch(shortcut('thanks.quote'))).answer)).toEqual(words('no message'));
  });

  it('are refused beyond the role', async () => {
    const { answer } = await bench().dispatch(shortcut('thanks.judge'));
    expect(said(answer)).toEqual(key('core.errors.role_needed', { role: { kind: 'select', value: 'manager' } }));
  });

  it('answer with what there is when no release of ours has them', async () => {
    expect((await bench().dispatch(shortcut('thanks.gone'))).answer).toMatchObject({
      kind: 'home',
      cards: [notice(key('core.errors.card_outdated')), {}],
    });
  });
});

describe('reactions', () => {
  it('go to whoever they concern, and are not noted', async () => {
    const { dispatch, noted } = bench();
    expect(said((await dispatch(reaction('bell'))).answer)).toEqual(words('rung'));
    expect(said((await dispatch(reaction('bell', false))).answer)).toEqual(words('silent'));
    expect((await dispatch(reaction('eyes'))).answer).toEqual({ kind: 'nothing' });
    expect(noted).toEqual([]);
  });

  it('of strangers get no answer', async () => {
    const { dispatch } = bench({ resolve: async () => ({ refused: notice(words('Who are you?')), reader }) });
    expect((await dispatch(reaction('bell'))).answer).toEqual({ kind: 'nothing' });
  });

  it('are answered with a refusal, and with nothing after a defect', async () => {
    const { dispatch, failures } = bench();
    expect(said((await dispatch(reaction('skull'))).answer)).toMatchObject({ kind: 'key', key: 'thanks.errors.skull' });
    expect((await dispatch(reaction('bomb'))).answer).toEqual({ kind: 'nothing' });
    expect(failures).toHaveLength(1);
  });
});
