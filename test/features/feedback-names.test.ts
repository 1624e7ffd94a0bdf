import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Candidate, indexed, matchNames, type Where } from '../../src/features/feedback/sorting/match-names.js';
import { nominatives } from '../../src/features/feedback/sorting/name-words.js';
import { namedIn, namedInEach } from '../../src/features/feedback/sorting/names.js';
import { foldName } from '../../src/people/names.js';
import { anOrganisation, aPerson } from '../support/builders.js';
import { useDatabase } from '../support/database.js';

const person = (name: string, locationId: string | null = null): Candidate => ({ id: name, words: foldName(name).split(' '), locationId });

/** Names found, the unsure ones with a question mark. */
function found(text: string, names: readonly (string | Candidate)[], where: Where = { locationId: null }): string[] {
  const people = indexed(names.map((name) => (typeof name === 'string' ? person(name) : name)));
  const { hits, unclear } = matchNames(text, people, where);
  return [...[...hits].map(([id, sure]) => (sure ? id : `${id}?`)).sort(), ...(unclear ? ['unclear'] : [])];
}

const STAFF = [
  'Anna Kalna',
  'Jānis Bērziņš',
  'Ilze Krūmiņa',
  'Edgars Zutis',
  'Markus Mazais',
  'Will Turner',
  'Rose May',
  'Ben Liepins',
  'Cy Zars',
];

describe('names in customers’ words', () => {
  it.each([
    // Whole names, however they are written.
    ['Anna Kalna was rude to me.', ['Anna Kalna']],
    ['anna kalna was rude', ['Anna Kalna']],
    ['It was Kalna, Anna.', ['Anna Kalna']],
    ['ANNA KALNA IGNORED EVERYBODY IN THE QUEUE', ['Anna Kalna']],
    ['ask will turner about it', ['Will Turner?']],
    ['ask Will Turner about it', ['Will Turner']],
    ['anna.kalna@example.com never answered', ['Anna Kalna']],
    // One name.
    ['The girl called Anna was rude.', ['Anna Kalna']],
    ['Anna was great!', ['Anna Kalna']],
    ['Anna’s smile made my day', ['Anna Kalna']],
    ['We were served by Ben.', ['Ben Liepins']],
    ['We were served by Cy.', ['Cy Zars?']],
    ['Mr Turner helped us', ['Will Turner?']],
    ['so anna did not even look up', ['Anna Kalna?']],
    // Latvian endings.
    ['Liels paldies Annai!', ['Anna Kalna']],
    ['Paldies Jānim par palīdzību', ['Jānis Bērziņš']],
    ['Paldies Janim Berzinam', ['Jānis Bērziņš']],
    ['Jāņa attieksme bija slikta', ['Jānis Bērziņš']],
    ['Mani apkalpoja Ilze, un Ilzei liels paldies', ['Ilze Krūmiņa']],
    ['Runāju ar Ilzi Krūmiņu', ['Ilze Krūmiņa']],
    ['Par Edgaru Zuti neko sliktu, bet Edgara Zuša kolēģe…', ['Edgars Zutis']],
    ['Sūdzība par Markusu', ['Markus Mazais']],
    ['Paldies Benam un Markum', ['Ben Liepins', 'Markus Mazais']],
    // Words that are names as well.
    ['I will never come back. The rose on the table was nice, in May.', []],
    ['Will you ever answer? May I ask?', []],
    ['We came on 5 May and will turn back', []],
    ['Will was very rude to me', ['Will Turner?']],
    ['Then Rose told me to go', ['Rose May?']],
    ['mazais kafijas krūze un kalna galā berzins', []],
    // Other people of the same name.
    ['My friend Anna Smith liked it', ['Anna Kalna?']],
    ['Pēteris Kalna bija laipns', ['Anna Kalna?']],
    // Nobody.
    ['The coffee was cold and the waiting was long.', []],
    ['Annapolis is far away; banana bread; Benjamin', []],
    ['😀😀😀 !!! ???', []],
    ['', []],
  ])('%s', (text, names) => {
    expect(found(text, STAFF)).toEqual(names);
  });

  it('leaves to a manager which of several of one name is meant, apart from those of the location', () => {
    const annas = [person('Anna Kalna', 'north'), person('Anna Ozola', 'south'), person('Anna Liepa', 'south')];
    expect(found('Anna was rude', annas)).toEqual(['Anna Kalna?', 'Anna Liepa?', 'Anna Ozola?']);
    expect(found('Anna was rude', annas, { locationId: 'north' })).toEqual(['Anna Kalna']);
    expect(found('Anna was rude', annas, { locationId: 'south' })).toEqual(['Anna Liepa?', 'Anna Ozola?']);
    expect(found('Anna was rude', annas, { locationId: 'east' })).toHaveLength(3);
    expect(found('Anna O. was rude', annas)).toEqual(['Anna Ozola']);
    expect(found('Anna Ozola was rude. Anna shouted.', annas)).toEqual(['Anna Ozola']);
    expect(found('Anna Ozola was rude', [...annas, { ...person('Anna Ozola'), id: 'twin' }])).toEqual(['Anna Ozola?', 'twin?']);
  });

  it('takes places for places, although accounts are called so', () => {
    const accounts = ['Front Desk', 'Boss', 'Hugo Host'];
    expect(found('The front desk was slow, and the boss of our host did not come. Front Desk!', accounts)).toEqual([]);
    expect(found('Then Boss came', accounts)).toEqual(['Boss?']);
  });

  it('says only that a name is there which very many have', () => {
    const many = Array.from({ length: 8 }, (_, index) => ({ ...person(`Anna Kalna${'abcdefgh'[index]}`), id: `anna${index}` }));
    expect(found('Anna was rude', many)).toEqual(['unclear']);
    expect(found('Anna Kalnac was rude', many)).toEqual(['anna2']);
    const crowd = Array.from({ length: 300 }, (_, index) => ({
      ...person('Anna Kalna'),
      id: `anna${index}`,
      locationId: index === 299 ? 'north' : 'south',
    }));
    expect(found('Anna was rude', crowd)).toEqual(['unclear']);
    expect(found('Anna Kalna was rude', crowd)).toEqual(['unclear']);
    expect(found('Anna was rude', crowd, { locationId: 'north' })).toEqual(['anna299']);
  });

  it.each([
    ['Anna', ['Anna Kalna']],
    ['anna k', ['Anna Kalna']],
    ['Will', ['Will Turner']],
    ['the girl with glasses, she will know', []],
    ['Rose or Will', ['Rose May?', 'Will Turner?']],
    ['Jānis', ['Jānis Bērziņš']],
    ['', []],
  ])('takes “%s” as the answer to “Who served you?”', (served, names) => {
    expect(found(served, STAFF, { locationId: null, isName: true })).toEqual(names);
  });

  it('knows the nominatives of Latvian endings', () => {
    expect(nominatives('brieza')).toContain('briedis');
    expect(nominatives('zusa')).toContain('zutis');
    expect(nominatives('kurbja')).toContain('kurbis');
    expect(nominatives('mazajam')).toContain('mazais');
    expect(nominatives('al')).toEqual(['al', 'als']);
  });

  it('bears any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), fc.constantFrom(...STAFF), (noise, name) => {
        expect(found(`${noise}. ${name} `, [name]).map((hit) => hit.replace('?', ''))).toEqual([name]);
      }),
      { numRuns: 200 },
    );
  });
});

describe('the look-up of names', () => {
  const database = useDatabase();
  beforeEach(async () => await database.reset());

  it('finds colleagues at work, of this organisation, by words and by who served', async () => {
    const { db } = database;
    const organisation = await anOrganisation(db);
    const anna = await aPerson(db, organisation, { name: 'Anna Kalna' });
    const odd = await aPerson(db, organisation, { name: 'Łukasz Ørsted-Weiß' });
    await aPerson(db, organisation, { name: 'Gone Girl', status: 'left' });
    await aPerson(db, await anOrganisation(db), { name: 'Zelda Other', externalId: 'other', platform: null });
    expect(await namedIn(db, organisation, ['Zelda and Gone Girl were there', 'Anna too'], 'Lukasz')).toEqual([
      { personId: anna.id, how: 'named', sure: true },
      { personId: odd.id, how: 'served', sure: true },
    ]);
    expect(await namedIn(db, organisation, ['lukasz orsted weiss'], '')).toEqual([{ personId: odd.id, how: 'named', sure: true }]);
    expect(await namedIn(db, organisation, [], '')).toEqual([]);
  });

  it('folds names in the database as everywhere else', async () => {
    const names = [
      'Bērziņš-Kļava',
      'Łukasz Ørsted',
      'Weiß',
      'Ægir Þór',
      'Đorđe',
      'İpek Işık',
      'O’Brien',
      'Юлия Иванова',
      ' Ana  Ozola ',
      'Œuvre',
      '李 娜',
    ];
    const rows = await database.db.$queryRaw<
      { words: string[] }[]
    >`SELECT name_words(n) AS words FROM unnest(${names}::text[]) WITH ORDINALITY AS t (n, at) ORDER BY at`;
    expect(rows.map(({ words }) => words)).toEqual(names.map((name) => foldName(name).split(' ')));
  });

  it('stays quick among many people', async () => {
    const { db } = database;
    const organisation = await anOrganisation(db);
    await db.$executeRaw`
      INSERT INTO person ("organisationId", id, name, "joinedAt")
      SELECT ${organisation.id}::uuid, gen_random_uuid(), 'Given' || n % 500 || ' Family' || n, now() FROM generate_series(1, 20000) n`;
    await db.$executeRaw`ANALYZE person`;
    const text = 'We waited for a long time at the counter, and then Somebody told us to come back tomorrow because of the holiday. ';
    const entries = Array.from({ length: 50 }, () => ({
      words: [{ questionId: null, words: text.repeat(5) }],
      servedBy: '',
      locationId: null,
    }));
    const begun = performance.now();
    await namedInEach(db, organisation, entries);
    // Half a minute's reading of everybody, once for each entry, would take many seconds.
    expect(performance.now() - begun).toBeLessThan(1_500);
  });
});
