import { describe, expect, it } from 'vitest';
import { type CatalogueFile, catalogueProblems } from '../../scripts/catalogue-rules.js';

const file = (locale: string, messages: Record<string, string>): CatalogueFile => ({
  path: `a/${locale}.json`,
  folder: 'a',
  locale,
  messages,
});
const problems = (en: Record<string, string>, lv: Record<string, string>, code = '') =>
  catalogueProblems([file('en', en), file('lv', lv)], [{ path: 'x.ts', text: code }]);

const uses = (...keys: string[]) => keys.map((key) => `key('${key}');`).join('\n');

describe('what the catalogue check finds', () => {
  it('nothing, where all is in order', () => {
    const en = { 'a.b': 'Hi <b>{name}</b>', 'a.errors.c': '{n, plural, one {#} other {#}}', 'a.errors.d': 'D', 'a.x_one': '1' };
    const lv = { ...en, 'a.errors.c': '{n, plural, zero {#} one {#} other {#}}' };
    expect(
      problems(
        en,
        lv,
        `${uses('a.b')} throw new BellhopError('a.c'); z.string({ error: 'a.errors.d' }); key(\`a.x_\${n}\`) // key('a.gone')`,
      ),
    ).toEqual([]);
  });

  it.each<[string, Record<string, string>, Record<string, string>, string, string]>([
    ['a text that is not there', {}, {}, uses('a.b'), '"a.b" is in no English catalogue'],
    ["an error's text that is not there", {}, {}, "new BellhopError('a.c')", '"a.errors.c" is in no English catalogue'],
    ["a form's text that is not there", {}, {}, "z.string({ error: 'a.errors.c' })", '"a.errors.c" is in no English catalogue'],
    ['a text that nobody uses', { 'a.b': 'B' }, { 'a.b': 'B' }, "// key('a.b')", '"a.b" is used nowhere'],
    ['a missing translation', { 'a.b': 'B' }, {}, uses('a.b'), 'lv: "a.b" is missing'],
    ['a translation of nothing', {}, { 'a.b': 'B' }, '', 'lv: "a.b" is not in English'],
    ['another parameter', { 'a.b': '{x}' }, { 'a.b': '{y}' }, uses('a.b'), 'its parameters (x; y)'],
    [
      'another branch',
      { 'a.b': '{x, select, p {1} other {2}}' },
      { 'a.b': '{x, select, q {1} other {2}}' },
      uses('a.b'),
      'the branches of a select',
    ],
    ['another tag', { 'a.b': '<b>x</b>' }, { 'a.b': 'x' }, uses('a.b'), 'its tags (b)'],
    ['a tag that is none of ours', { 'a.b': '<u>x</u>' }, { 'a.b': '<u>x</u>' }, uses('a.b'), 'has the tag <u>'],
    [
      'a plural form too few',
      { 'a.b': '{n, plural, one {#} other {#}}' },
      { 'a.b': '{n, plural, one {#} other {#}}' },
      uses('a.b'),
      'lacks the plural form "zero" of lv',
    ],
    ['what is no message', { 'a.b': '{x' }, { 'a.b': 'x' }, uses('a.b'), 'is no ICU message'],
    ['a key of another folder', { 'c.b': 'x' }, { 'c.b': 'x' }, uses('c.b'), 'must begin with "a."'],
    ['keys out of order', { 'a.c': 'x', 'a.b': 'x' }, { 'a.b': 'x', 'a.c': 'x' }, uses('a.b', 'a.c'), 'out of order'],
  ])('%s', (_name, en, lv, code, expected) => {
    expect(problems(en, lv, code)).toEqual(expect.arrayContaining([expect.stringContaining(expected)]));
  });
});
