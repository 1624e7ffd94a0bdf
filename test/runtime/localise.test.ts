import { describe, expect, it } from 'vitest';
import {
  date,
  instant,
  join,
  key,
  list,
  number,
  percent,
  person,
  plain,
  type Reader,
  select,
  type Text,
  words,
} from '../../src/core/text.js';
import { languagesOf, loadCatalogues } from '../../src/runtime/catalogues.js';
import { createLocaliser } from '../../src/runtime/localise.js';

const catalogues = new Map([
  [
    'en',
    new Map([
      ['t.sheets', '<b>{n, plural, one {# sheet} other {# sheets}} of <i>{who}</i></b>, {n} in all'],
      ['t.when', 'Come {at}'],
      ['t.role', '{role, select, owner {Owner} other {Somebody}}'],
      ['t.english_only', 'Only here: {what}'],
    ]),
  ],
  [
    'lv',
    new Map([
      ['t.sheets', '<b>{n, plural, zero {# lapu} one {# lapa} other {# lapas}}</b> {who}, {n}'],
      ['t.when', 'Nāc {at}'],
      ['t.role', '{role, select, owner {Īpašnieks} other {Kāds}}'],
    ]),
  ],
]);
const clock = { now: () => new Date('2027-02-01T12:00:00Z') };
const at = new Date('2027-03-02T08:00:00Z');

const strict = createLocaliser({ catalogues, clock });
const reading = (locale: string, zone = 'Europe/Riga'): Reader => ({ locale, zone });
const shown = (text: Text, locale = 'en', zone?: string) => plain(strict(text, reading(locale, zone)));

describe('what a person typed', () => {
  it('stays as typed and marked so, inside a message, its tags and its lists', () => {
    const typed = '<!channel> *bold* {n} <b>x</b>';
    const spans = strict(key('t.sheets', { n: 1, who: list([words(typed), person('Bo')]) }), reading('en'));
    expect(spans.filter((span) => span.typed)).toEqual([
      { text: typed, typed: true, italic: true, bold: true },
      { text: 'Bo', typed: true, italic: true, bold: true },
    ]);
    expect(plain(spans)).toBe(`1 sheet of ${typed} and Bo, 1 in all`);
  });

  it('is not searched for the positions that lists are formatted with', () => {
    expect(shown(list([words('1'), words('0'), words('2')]))).toBe('1, 0 and 2');
  });
});

describe('plurals and numbers', () => {
  it.each([
    ['en', 1, '1 sheet of A, 1 in all'],
    ['en', 12345, '12,345 sheets of A, 12,345 in all'],
    ['lv', 0, '0 lapu A, 0'],
    ['lv', 21, '21 lapa A, 21'],
    ['lv-LV', 12345, '12\u00a0345 lapas A, 12\u00a0345'],
  ])('%s %d', (locale, n, expected) => {
    expect(shown(key('t.sheets', { n, who: words('A') }), locale)).toBe(expected);
  });

  it('takes a shown number for a plural too', () => {
    expect(shown(key('t.sheets', { n: number(1), who: words('A') }))).toBe('1 sheet of A, 1 in all');
  });

  it('writes shares as percentages and selects by value', () => {
    expect(shown(percent(0.456))).toBe('46%');
    expect(shown(key('t.role', { role: select('owner') }), 'lv')).toBe('Īpašnieks');
  });
});

describe('dates', () => {
  it.each([
    ['en', 'Europe/Riga', 'Come Tuesday 2 March, 10:00'],
    ['en-US', 'Europe/Riga', 'Come Tuesday, March 2, 10:00 AM'],
    ['lv', 'Europe/Riga', 'Nāc otrdiena, 2. marts, 10:00'],
    ['en', 'America/New_York', 'Come Tuesday 2 March, 03:00'],
    ['en', 'UTC', 'Come Tuesday 2 March, 08:00 (UTC)'],
    ['en', 'Moon/Crater', 'Come Tuesday 2 March, 08:00 (UTC)'],
  ])('%s in %s', (locale, zone, expected) => {
    expect(shown(key('t.when', { at: instant(at) }), locale, zone)).toBe(expected);
  });

  it("names the zone when it isn't the reader's", () => {
    expect(shown(instant(at, 'America/New_York'))).toBe('Tuesday 2 March, 03:00 (New York)');
    expect(shown(instant(at, 'Europe/Riga'))).toBe('Tuesday 2 March, 10:00');
  });

  it("names the year when it isn't this one, as it stands in the zone", () => {
    expect(shown(date('2027-12-31'))).toBe('Friday 31 December');
    expect(shown(date('2028-02-03'))).toBe('Thursday, 3 February 2028');
    expect(shown(instant(new Date('2027-12-31T23:30:00Z'), 'Europe/Riga'))).toBe('Saturday, 1 January 2028, 01:30');
  });
});

describe('languages', () => {
  it.each(['de-DE', 'xx', 'not a locale!', ''])('%j reads English', (locale) => {
    expect(shown(key('t.role', { role: select('x') }), locale)).toBe('Somebody');
  });

  it('takes the underscores of some platforms', () => {
    expect(shown(key('t.role', { role: select('x') }), 'lv_LV')).toBe('Kāds');
  });

  it('sets joined pieces one behind another', () => {
    expect(shown(join([number(1), words('b')], ' · '))).toBe('1 · b');
  });
});

describe('a text that is missing', () => {
  it('throws at the desk', () => {
    expect(() => strict(key('t.nowhere'), reading('en'))).toThrow('t.nowhere');
    expect(() => strict(key('t.english_only', { what: words('x') }), reading('lv'))).toThrow('t.english_only');
    expect(() => strict(key('t.when'), reading('en'))).toThrow('at');
  });

  it('is logged and shown in English, or by its key, where people are served', () => {
    const logged: object[] = [];
    const lenient = createLocaliser({ catalogues, clock, log: { error: (fields) => logged.push(fields) } });
    expect(plain(lenient(key('t.english_only', { what: words('x') }), reading('lv')))).toBe('Only here: x');
    expect(plain(lenient(key('t.nowhere'), reading('lv')))).toBe('t.nowhere');
    expect(logged).toMatchObject([
      { key: 't.english_only', locale: 'lv' },
      { key: 't.nowhere', locale: 'lv' },
      { key: 't.nowhere', locale: 'en' },
    ]);
  });
});

it('finds the catalogues of every folder', () => {
  const found = loadCatalogues();
  expect(languagesOf(found).slice(0, 2)).toEqual(['en', 'lv']);
  expect(found.get('lv')?.get('core.ui.cancel')).toBe('Atcelt');
});
