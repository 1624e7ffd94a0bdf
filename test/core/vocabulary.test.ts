import { describe, expect, it } from 'vitest';
import { BellhopError } from '../../src/core/errors.js';
import type { Command, Feature } from '../../src/core/feature.js';
import { createRegistry } from '../../src/core/registry.js';
import { nothing } from '../../src/core/reply.js';
import { type RichBlock, richPlain } from '../../src/core/rich.js';
import { hasRole, ROLES } from '../../src/core/roles.js';
import { instant, join, key, plain, words } from '../../src/core/text.js';

describe('errors', () => {
  it.each([
    ['handbook.already_signed', 'handbook.errors.already_signed'],
    ['people.audience.empty', 'people.errors.audience.empty'],
  ])('%s has the words %s', (code, words) => {
    expect(new BellhopError(code).key).toBe(words);
  });

  it('keep what caused them, and what their words need', () => {
    const cause = new Error('disk full');
    expect(new BellhopError('core.file_unreadable', { limit: 3 }, { cause })).toMatchObject({ cause, params: { limit: 3 } });
  });
});

describe('texts', () => {
  // They are stored in answers and compared as JSON: an `undefined` member would make two equal texts differ.
  it('have no members that say nothing', () => {
    expect(Object.keys(key('a.b'))).toEqual(['kind', 'key']);
    expect(Object.keys(join([words('a')]))).toEqual(['kind', 'items']);
    expect(instant(new Date('2027-03-28T00:30:00+02:00'))).toEqual({ kind: 'instant', at: '2027-03-27T22:30:00.000Z' });
    expect(instant(new Date(0), 'Europe/Riga')).toMatchObject({ zone: 'Europe/Riga' });
  });

  it('are plain without their styles', () => {
    expect(plain([{ text: '*a*', typed: true, bold: true }, { text: ' b' }])).toBe('*a* b');
  });
});

describe('rich text', () => {
  it.each<[RichBlock, string]>([
    [{ kind: 'paragraph', content: [{ text: 'a ' }, { text: 'b', bold: true }] }, 'a b'],
    [{ kind: 'quote', content: [{ text: 'a', link: 'https://a.example' }] }, 'a'],
    [
      {
        kind: 'list',
        ordered: false,
        items: [
          { depth: 0, content: [{ text: 'a' }] },
          { depth: 1, content: [{ text: 'b' }] },
        ],
      },
      'a\nb',
    ],
    [{ kind: 'preformatted', text: ' a\n  b' }, ' a\n  b'],
  ])('%j in plain characters', (block, characters) => {
    expect(richPlain(block)).toBe(characters);
  });
});

describe('roles', () => {
  it('may do what the ones before them may', () => {
    expect(ROLES.map((actual) => ROLES.filter((needed) => hasRole(actual, needed)))).toEqual([
      ['employee'],
      ['employee', 'manager'],
      ['employee', 'manager', 'owner'],
    ]);
  });
});

describe('a registry', () => {
  const command = (name: string, bare: string): Command<object> => ({
    name,
    bare,
    verbs: [{ name: 'my', role: 'employee', describe: key('a.my'), run: async () => nothing }],
  });
  const greeting = (name: string): Feature<object, object, object> => ({
    name,
    messages: [{ id: `${name}.hello`, payload: {} as never, card: async () => ({ summary: words('s') }) }],
  });

  it.each<[string, readonly Feature<object, object, object>[], RegExp]>([
    ['two messages of one id', [greeting('a'), { ...greeting('a') }], /a\.hello is registered twice/],
    ['an id of another feature', [{ ...greeting('a'), name: 'b' }], /a\.hello must begin with "b\."/],
    [
      'two commands of one name',
      [
        { name: 'a', commands: [command('x', 'my')] },
        { name: 'b', commands: [command('x', 'my')] },
      ],
      /x is registered twice/,
    ],
    ['a bare command that is no verb', [{ name: 'a', commands: [command('x', 'gone')] }], /x has no verb "gone"/],
  ])('refuses %s', (_, features, why) => {
    expect(() => createRegistry(features)).toThrow(why);
  });
});
