import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KINDS, SOURCES } from '../../src/features/feedback/model.js';
import { conditionTexts } from '../../src/features/feedback/rules/lines.js';
import { type Conditions, firstMatch, matches, missed, type Rule, type RuleFacts } from '../../src/features/feedback/rules/match.js';
import { route } from '../../src/features/feedback/rules/route.js';
import { readPhrases } from '../../src/features/feedback/themes/phrases.js';
import { text as shown } from '../support/builders.js';

const EVERYTHING: Conditions = {
  minStars: null,
  maxStars: null,
  kinds: [],
  sources: [],
  locationIds: [],
  themeIds: [],
  languages: [],
  phrases: [],
};

const FACTS: RuleFacts = {
  stars: 2,
  kind: 'complaint',
  source: 'page',
  locationId: 'riga',
  language: 'lv-LV',
  themeIds: ['waiting', 'price'],
  words: ['Mēs ilgi gaidījām rindā.'],
};

const rule = (id: string, conditions: Partial<Conditions>, to: Rule['to'] = { channelId: `#${id}` }): Rule => ({
  ...EVERYTHING,
  id,
  to,
  ...conditions,
});

describe('what a rule takes', () => {
  it('takes everything when nothing is set', () => {
    expect(matches(EVERYTHING, FACTS)).toBe(true);
    expect(matches(EVERYTHING, { ...FACTS, stars: null, locationId: null, language: 'und', themeIds: [], words: [] })).toBe(true);
  });

  it('takes stars from one to another, and nothing without stars', () => {
    expect(matches({ ...EVERYTHING, minStars: 1, maxStars: 2 }, FACTS)).toBe(true);
    expect(matches({ ...EVERYTHING, maxStars: 1 }, FACTS)).toBe(false);
    expect(matches({ ...EVERYTHING, minStars: 3 }, FACTS)).toBe(false);
    expect(matches({ ...EVERYTHING, minStars: 1, maxStars: 5 }, { ...FACTS, stars: null })).toBe(false);
  });

  it('reads languages by their first part, and words by their beginnings whatever the case and the diacritics', () => {
    expect(matches({ ...EVERYTHING, languages: ['lv'] }, FACTS)).toBe(true);
    expect(matches({ ...EVERYTHING, languages: ['lv'] }, { ...FACTS, language: 'und' })).toBe(false);
    expect(matches({ ...EVERYTHING, phrases: ['GAIDIJ'] }, FACTS)).toBe(true);
    expect(matches({ ...EVERYTHING, phrases: ['ilgi gaid'] }, FACTS)).toBe(true);
    expect(matches({ ...EVERYTHING, phrases: ['aidīj'] }, FACTS)).toBe(false);
  });

  it('finds no phrase that begins in one answer and ends in the next', () => {
    expect(matches({ ...EVERYTHING, phrases: ['too slow'] }, { ...FACTS, words: ['It was too', 'slow'] })).toBe(false);
    expect(matches({ ...EVERYTHING, phrases: ['too slow', 'was'] }, { ...FACTS, words: ['It was too', 'slow'] })).toBe(true);
  });

  it('reads words as themes do: whole ones, and what is passed over', () => {
    const says = (phrases: string[], words: string) => matches({ ...EVERYTHING, phrases }, { ...FACTS, words: [words] });
    expect(says(['late.'], 'It came too late!')).toBe(true);
    expect(says(['late.'], 'See you later')).toBe(false);
    expect(says(['wait', '-can’t wait'], "I can't wait to be back")).toBe(false);
    expect(says(['wait', '-can’t wait'], 'Can’t wait to be back, though we waited long')).toBe(true);
  });

  it('tells what does not fit', () => {
    const wanted = { ...EVERYTHING, minStars: 4, kinds: ['praise'] as const, locationIds: ['riga'], sources: ['page'] as const };
    expect(missed(wanted, FACTS)).toEqual(['stars', 'kind']);
  });
});

describe('which rule takes it', () => {
  it('is the first that fits, not the closest', () => {
    const rules = [
      rule('none', { kinds: ['praise'] }),
      rule('wide', {}),
      rule('narrow', { minStars: 2, maxStars: 2, locationIds: ['riga'] }),
    ];
    expect(firstMatch(rules, FACTS)?.id).toBe('wide');
  });

  it('passes over what leads nowhere', () => {
    const rules = [rule('broken', {}, null), rule('next', {}, { personId: 'ana' })];
    expect(firstMatch(rules, FACTS)).toMatchObject({ id: 'next', to: { personId: 'ana' } });
    expect(firstMatch(rules.slice(0, 1), FACTS)).toBeUndefined();
  });

  it('leaves the rest to where everything else goes', () => {
    const otherwise = { channelId: '#desk' };
    expect(route({ rules: [], otherwise }, FACTS)).toEqual({ ruleId: null, to: otherwise });
    expect(route({ rules: [], otherwise: null }, FACTS)).toEqual({ ruleId: null, to: null });
  });
});

describe('what managers type as words', () => {
  it('is read line by line or between commas, each once', () => {
    expect(readPhrases(' rude, RUDE \n too  slow;\n, ,!\nrupjš')).toEqual(['RUDE', 'too slow', 'rupjš']);
    expect(readPhrases('late\nlate.\n-late\nLATE.')).toEqual(['late', 'LATE.', '-late']);
  });
});

describe('a rule as managers read it', () => {
  it('tells beginnings, whole words and what is passed over apart', () => {
    const names = { locations: new Map(), themes: new Map(), targets: new Map(), locale: 'en', fallback: 'en' };
    const [told] = conditionTexts({ ...EVERYTHING, phrases: ['wait', 'late.', '-can’t wait'] }, names);
    expect(told && shown(told)).toBe(
      'feedback.rules.if.phrases(words=feedback.rules.if.phrase(phrase=wait) / feedback.rules.if.phrase_whole(phrase=late) / ' +
        'feedback.rules.if.phrase_except(phrase=can’t wait))',
    );
  });
});

describe('matching, whatever the rules and the feedback', () => {
  const some = <T>(all: readonly T[]) => fc.uniqueArray(fc.constantFrom(...all), { maxLength: 3 });
  const WORDS = ['wait', 'rude', 'Gaidīt', 'slow', 'bill', 'x'];
  const text = fc.array(fc.constantFrom(...WORDS, 'waiting', 'rudely', 'unwait'), { maxLength: 5 }).map((words) => words.join(' '));
  const conditions = fc.record<Conditions>({
    minStars: fc.option(fc.integer({ min: 1, max: 5 }), { nil: null }),
    maxStars: fc.option(fc.integer({ min: 1, max: 5 }), { nil: null }),
    kinds: some(KINDS),
    sources: some(SOURCES),
    locationIds: some(['riga', 'liepaja']),
    themeIds: some(['waiting', 'price', 'billing']),
    languages: some(['lv', 'en']),
    phrases: some(WORDS),
  });
  const facts = fc.record<RuleFacts>({
    stars: fc.option(fc.integer({ min: 1, max: 5 }), { nil: null }),
    kind: fc.constantFrom(...KINDS),
    source: fc.constantFrom(...SOURCES),
    locationId: fc.option(fc.constantFrom('riga', 'liepaja'), { nil: null }),
    language: fc.constantFrom('lv', 'lv-LV', 'en-GB', 'und', 'de'),
    themeIds: some(['waiting', 'price', 'billing']),
    words: fc.array(text, { maxLength: 2 }),
  });

  /** The same, as one would read it aloud: word by word, condition by condition. */
  function takes(wanted: Conditions, said: RuleFacts): boolean {
    if (wanted.minStars !== null && !(said.stars !== null && said.stars >= wanted.minStars)) return false;
    if (wanted.maxStars !== null && !(said.stars !== null && said.stars <= wanted.maxStars)) return false;
    if (wanted.kinds.length && !wanted.kinds.some((kind) => kind === said.kind)) return false;
    if (wanted.sources.length && !wanted.sources.some((source) => source === said.source)) return false;
    if (wanted.locationIds.length && !wanted.locationIds.some((id) => id === said.locationId)) return false;
    if (wanted.themeIds.length && !said.themeIds.some((id) => wanted.themeIds.includes(id))) return false;
    if (wanted.languages.length && !wanted.languages.some((tag) => said.language === tag || said.language.startsWith(`${tag}-`)))
      return false;
    const fold = (typed: string) => typed.toLowerCase().replace('ī', 'i');
    const heard = said.words.flatMap((line) => fold(line).split(' '));
    return (
      wanted.phrases.length === 0 || wanted.phrases.some((phrase) => heard.some((word) => word !== '' && word.startsWith(fold(phrase))))
    );
  }

  it('is the first rule in order that a plain reading would choose', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(conditions, fc.boolean()), { maxLength: 8 }), facts, (list, said) => {
        const rules = list.map(([wanted, open], index) => rule(String(index), wanted, open ? { channelId: 'c' } : null));
        let expected: string | undefined;
        for (const [index, [wanted, open]] of list.entries()) {
          expect(matches(wanted, said)).toBe(takes(wanted, said));
          if (expected === undefined && open && takes(wanted, said)) expected = String(index);
        }
        expect(firstMatch(rules, said)?.id).toBe(expected);
      }),
      { numRuns: 500 },
    );
  });
});
