import { describe, expect, it } from 'vitest';
import { MOST } from '../../src/features/feedback/model.js';
import { readPhrase } from '../../src/features/feedback/themes/phrases.js';
import { STANDARD_THEMES } from '../../src/features/feedback/themes/standard.js';
import { explainThemes, suggestThemes, type ThemeRules } from '../../src/features/feedback/themes/suggest.js';
import { ENGLISH, LATVIAN, type Sentence } from '../support/theme-sentences.js';

const standard: readonly ThemeRules[] = STANDARD_THEMES.map(({ key, patterns }) => ({ id: key, key, names: {}, patterns }));
const aTheme = (...phrases: string[]): ThemeRules => ({ id: 'own', key: null, names: {}, patterns: { en: phrases } });

/** Of what was suggested and what a person found: how much of the one is in the other. */
function measured(sentences: readonly Sentence[]) {
  let [right, suggested, wanted] = [0, 0, 0];
  const wrong: string[] = [];
  for (const [said, ...themes] of sentences) {
    const found = suggestThemes(standard, [said]);
    right += found.filter((theme) => themes.includes(theme)).length;
    suggested += found.length;
    wanted += themes.length;
    if (found.toSorted().join() !== themes.toSorted().join()) wrong.push(`${said} -> ${found.join(', ')} instead of ${themes.join(', ')}`);
  }
  return { precision: right / suggested, recall: right / wanted, wrong };
}

describe('the standard rules', () => {
  it.each([
    ['English', ENGLISH],
    ['Latvian', LATVIAN],
  ] as const)('find in %s what a person finds', (language, sentences) => {
    expect(sentences.length).toBeGreaterThanOrEqual(60);
    const { precision, recall, wrong } = measured(sentences);
    console.info(`${language}: ${sentences.length} sentences, precision ${precision.toFixed(3)}, recall ${recall.toFixed(3)}`, wrong);
    expect(precision).toBeGreaterThan(0.85);
    expect(recall).toBeGreaterThan(0.85);
  });

  it('can be edited in the form as they are', () => {
    for (const { patterns } of STANDARD_THEMES) {
      for (const phrases of Object.values(patterns)) {
        expect(phrases.join('\n').length).toBeLessThanOrEqual(3_000);
        expect(phrases.length).toBeLessThanOrEqual(150);
        expect(new Set(phrases).size).toBe(phrases.length);
        for (const phrase of phrases) {
          const { wanted, whole } = readPhrase(phrase);
          expect(phrase.length).toBeLessThanOrEqual(MOST.phrase);
          expect(whole || wanted.length >= 3, phrase).toBe(true);
        }
      }
    }
  });

  it.each([
    ['Paldies par pakalpojumu', 'delivery'],
    ['Tirgus laukumā', 'cleanliness'],
    ['Pie letes neviena nebija', 'price'],
    ['Precīzi un saprotami', 'product'],
    ['Tirdzniecības centrs', 'price'],
    ['The waiter brought bread', 'waiting'],
    ['My feet hurt', 'price'],
    ['A costume party', 'price'],
  ])('do not take “%s” for %s', (said, theme) => {
    expect(suggestThemes(standard, [said])).not.toContain(theme);
  });
});

describe('a rule', () => {
  it('finds words that begin so, whatever their diacritics and case', () => {
    for (const said of ['We WAITED', 'the wait', 'waiting!']) expect(suggestThemes([aTheme('wait')], [said])).toEqual(['own']);
    expect(suggestThemes([aTheme('wait')], ['await'])).toEqual([]);
    for (const said of ['LĒNI', 'lēni.', 'leni']) expect(suggestThemes([aTheme('lēni')], [said])).toEqual(['own']);
  });

  it('with a full stop means the whole word', () => {
    expect(suggestThemes([aTheme('late.')], ['Too late!'])).toEqual(['own']);
    expect(suggestThemes([aTheme('late.')], ['See you later'])).toEqual([]);
  });

  it('with a minus is passed over, the rest of the sentence is not', () => {
    const theme = aTheme('wait', '-can’t wait');
    expect(suggestThemes([theme], ["I can't wait for it"])).toEqual([]);
    expect(suggestThemes([theme], ['Can’t wait to be back, though we waited long'])).toEqual(['own']);
    expect(suggestThemes([aTheme('-wait')], ['wait'])).toEqual([]);
  });

  it('finds no phrase that begins in one answer and ends in the next', () => {
    expect(suggestThemes([aTheme('too slow')], ['It was too', 'slow'])).toEqual([]);
    expect(suggestThemes([aTheme('too slow')], ['So', 'it was too slow'])).toEqual(['own']);
  });

  it('tells which word it was', () => {
    expect(explainThemes(standard, ['The queue was long'])).toEqual([{ themeId: 'waiting', phrase: 'queue' }]);
    expect(explainThemes([aTheme('slow', 'queue')], ['queue, slow'])).toEqual([{ themeId: 'own', phrase: 'slow' }]);
  });

  it('stands whatever is typed', () => {
    for (const odd of ['', ' ', '.', '-', '(((', '[a-z]+', '\u0000', '🙂', '-.*', '\\', 'שלום']) {
      expect(() => suggestThemes([aTheme(odd)], ['anything (((', '🙂'])).not.toThrow();
    }
    expect(suggestThemes([aTheme('', '.', '-')], ['anything'])).toEqual([]);
    expect(suggestThemes([aTheme('שלום')], ['שלום לך'])).toEqual(['own']);
    expect(suggestThemes(standard, [])).toEqual([]);
  });

  it('reads half a million characters in no time', () => {
    const long = 'we waited and waited but nobody came to the counter '.repeat(10_000);
    const begun = performance.now();
    expect(suggestThemes(standard, [long])).toEqual(['waiting']);
    expect(performance.now() - begun).toBeLessThan(2_000);
  });
});
