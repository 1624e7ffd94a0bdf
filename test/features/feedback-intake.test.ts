import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { openContact } from '../../src/features/feedback/contact.js';
import { newReference, readReference, showReference } from '../../src/features/feedback/intake/reference.js';
import { type Basis, cleanContact, cleanWords, foldedForRepeats, kindOf, starsOf } from '../../src/features/feedback/intake/rules.js';
import { MOST } from '../../src/features/feedback/model.js';
import { accepted, type CustomerCompany, customerCompany, said } from '../support/customer-company.js';
import { useDatabase } from '../support/database.js';
import { hostile } from '../support/hostile.js';
import { cardsOf, keysIn } from '../support/test-bot.js';

const scale = (key: string, kind: 'five' | 'smileys' | 'nps' | 'open' = 'five') => ({ id: key, key, kind });
const questions = [
  scale('courtesy'),
  scale('faces', 'smileys'),
  scale('overall'),
  scale('recommend', 'nps'),
  scale('do_better', 'open'),
  scale('went_well', 'open'),
];
const basis: Basis = { questions, lowStars: 2 };
const rated = (ratings: Readonly<Record<string, number>>) => Object.entries(ratings).map(([questionId, value]) => ({ questionId, value }));

describe('stars', () => {
  it.each<readonly [Record<string, number>, number | null]>([
    [{}, null],
    [{ overall: 2, courtesy: 5 }, 2],
    [{ courtesy: 5, faces: 2 }, 4],
    [{ courtesy: 1, faces: 2 }, 2],
    [{ recommend: 0 }, 1],
    [{ recommend: 5 }, 3],
    [{ recommend: 10 }, 5],
    [{ courtesy: 1, recommend: 10 }, 3],
    [{ unknown: 5, do_better: 4 }, null],
  ])('of %j are %s', (ratings, stars) => {
    expect(starsOf(rated(ratings), questions)).toBe(stars);
  });

  it('are 1 to 5 whatever was rated', () => {
    const rating = fc.oneof(
      fc.record({ questionId: fc.constantFrom('courtesy', 'faces', 'overall'), value: fc.integer({ min: 1, max: 5 }) }),
      fc.record({ questionId: fc.constant('recommend'), value: fc.integer({ min: 0, max: 10 }) }),
    );
    fc.assert(fc.property(fc.array(rating, { minLength: 1 }), (ratings) => [1, 2, 3, 4, 5].includes(starsOf(ratings, questions) ?? 0)));
  });
});

describe('the kind that nobody told', () => {
  const words = (questionId: string | null) => [{ questionId, words: 'So it was' }];
  it.each([
    [null, words(null), 'comment'],
    [1, [], 'complaint'],
    [2, words('went_well'), 'complaint'],
    [3, words(null), 'comment'],
    [4, words(null), 'praise'],
    [5, words('went_well'), 'praise'],
    [4, words('do_better'), 'comment'],
    [5, words('do_better'), 'praise'],
    [5, [...words('do_better'), ...words('went_well')], 'praise'],
    [5, [], 'comment'],
  ] as const)('of %s stars with %j is %s', (stars, said, kind) => {
    expect(kindOf(stars, said, basis)).toBe(kind);
  });

  it('follows what the organisation calls low', () => {
    expect(kindOf(3, [], { ...basis, lowStars: 3 })).toBe('complaint');
  });
});

describe('words and contacts', () => {
  it('are kept without what can’t be stored or shown', () => {
    const typed = [
      { questionId: null, words: ' a\u0000b\ud800c\u0007\r\nd ' },
      { questionId: 'do_better', words: ' \u0000 ' },
    ];
    expect(cleanWords(typed)).toEqual([{ questionId: null, words: 'a b�c \nd' }]);
    expect(cleanContact({ name: ' Ann\n Smith ', email: ' ', phone: '+371\t200' })).toEqual({ name: 'Ann Smith', phone: '+371 200' });
  });

  it('are cut with a mark where a door let too much through, never within a character', () => {
    const [cut] = cleanWords([{ questionId: null, words: '😀'.repeat(MOST.words) }]);
    expect(cut?.words.length).toBeLessThanOrEqual(MOST.words);
    expect(cut?.words).toMatch(/^(😀)+…$/u);
  });

  it('are compared letter by letter', () => {
    const folded = (words: string) => foldedForRepeats([{ questionId: null, words }]);
    expect(folded('Ļoti  LABI!!')).toBe(folded('ļoti labi'));
    expect(folded('Ļoti slikti')).not.toBe(folded('ļoti labi'));
    expect(folded('👍 👍')).toBe('👍👍');
    expect(foldedForRepeats([])).toBe('');
  });
});

describe('references', () => {
  it('are eight characters that nobody misreads, and are read however they are typed', () => {
    fc.assert(
      fc.property(fc.constant(null), () => {
        const made = newReference();
        expect(made).toMatch(/^[0-9A-HJKMNP-TV-Z]{8}$/);
        expect(readReference(showReference(made))).toBe(made);
        expect(readReference(` ${made.toLowerCase()} `)).toBe(made);
      }),
    );
    expect(showReference('7K3MQ2XA')).toBe('7K3M-Q2XA');
    expect(readReference('oil0-iLO1')).toBe('01101101');
    for (const none of ['', '7K3M', '7K3M-Q2XU', '7K3M-Q2XA9', '7K3M_Q2XA']) expect(readReference(none)).toBeUndefined();
  });
});

describe('taking feedback in', () => {
  const database = useDatabase();
  let company: CustomerCompany;
  beforeEach(async () => {
    await database.reset();
    company = await customerCompany(database);
  });

  it('stores everything at once, contacts sealed', async () => {
    const { bot, location } = company;
    const contact = { name: 'Ann', email: 'Ann@Example.com', phone: '1' };
    const { id, reference, isNew, same } = await accepted(bot, {
      stars: 2,
      ratings: { recommend: 7 },
      words: 'Cold soup',
      contact,
      locationId: location.id,
      language: 'lv_lv',
      servedBy: ' Anna \n K ',
      doubts: ['too_quick', 'too_quick'],
      happenedAt: new Date('2027-02-27T10:00:00Z'),
    });
    expect([isNew, same]).toEqual([true, true]);
    const row = await database.db.feedback.findFirstOrThrow({ where: { id }, include: { ratings: true } });
    expect(row).toMatchObject({
      reference,
      state: 'fresh',
      stars: 2,
      kind: 'complaint',
      language: 'lv-LV',
      servedBy: 'Anna K',
      doubts: ['too_quick'],
    });
    expect(row.receivedAt).toEqual(bot.clock.now());
    expect(row.ratings.map(({ value, locationId }) => [value, locationId]).sort()).toEqual([
      [2, location.id],
      [7, location.id],
    ]);
    expect(openContact(bot.work.vault, row.contactSealed ?? '')).toEqual(contact);
    expect(row.contactHash).not.toBeNull();
  });

  it('takes the same key once, and tells a repeat from another use of it', async () => {
    const { bot } = company;
    const first = await accepted(bot, { onceKey: 'page:1', body: 'one', words: 'One' });
    expect(await accepted(bot, { onceKey: 'page:1', body: 'one', words: 'One' })).toEqual({ ...first, isNew: false });
    expect(await accepted(bot, { onceKey: 'page:1', body: 'two', words: 'Two' })).toEqual({ ...first, isNew: false, same: false });
    expect(await database.db.feedback.count()).toBe(1);
  });

  it('takes it once however many bring it at the same moment', async () => {
    const { bot } = company;
    const all = await Promise.all(
      Array.from({ length: 12 }, async () => await accepted(bot, { onceKey: 'api:1', body: 'one', words: 'One', stars: 3 })),
    );
    expect(new Set(all.map(({ id }) => id)).size).toBe(1);
    expect(all.filter(({ isNew }) => isNew)).toHaveLength(1);
    expect(await database.db.feedbackRating.count()).toBe(1);
  });

  it('bears the worst words, and passes them on', async () => {
    const { bot, channel } = company;
    for (const words of [hostile(2_000), '<!channel> <script>alert(1)</script> =1+1', '‮evil‬ 👩‍👩‍👧‍👦 \ud800']) {
      const entry = await said(bot, {
        stars: 3,
        words,
        servedBy: hostile(300),
        externalRef: hostile(300),
        contact: { name: hostile(300), email: hostile(400) },
      });
      expect(['passed', 'held']).toContain(entry.state);
    }
    expect(bot.messagesIn(channel).length).toBeGreaterThan(0);
  });

  it('offers everybody in their home to log what a customer said', async () => {
    const { bot, ben } = company;
    const home = await bot.as(ben).home();
    expect(keysIn(home)).toContain('feedback.home.here');
    const card = cardsOf(home).find((shown) => keysIn(shown).includes('feedback.home.here'));
    expect(await bot.as(ben).click('feedback.log_open', card)).toMatchObject({ kind: 'form' });
  });
});
