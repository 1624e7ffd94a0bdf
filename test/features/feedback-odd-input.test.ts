import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FileHandle } from '../../src/core/form.js';
import type { Ref } from '../../src/core/ref.js';
import { readHeading } from '../../src/features/feedback/importing/columns.js';
import { questionLabel, scaleName } from '../../src/features/feedback/labels.js';
import { linkOf } from '../../src/features/feedback/replying/link.js';
import { newId } from '../../src/people/ids.js';
import { createLocaliser } from '../../src/runtime/localise.js';
import { type CustomerCompany, customerCompany, said } from '../support/customer-company.js';
import { useDatabase } from '../support/database.js';
import { type FeatureDoor, openFeatureDoor, PUBLIC_URL } from '../support/feature-door.js';
import { caseOf } from '../support/feedback-cases.js';
import { HOOK_PATH, signedHook } from '../support/signed-hook.js';
import { keysIn } from '../support/test-bot.js';

// Words that JavaScript itself has a meaning for, characters and instants that no column takes: a clear answer to each.

const database = useDatabase();
let company: CustomerCompany;
let door: FeatureDoor;
beforeEach(async () => {
  await database.reset();
  company = await customerCompany(database, undefined, { setup: { publicUrl: PUBLIC_URL, localise: createLocaliser() } });
  door = await openFeatureDoor(company.bot);
});
afterEach(async () => await door.close(100));

const ODD = ['constructor', '__proto__', 'toString', 'hasOwnProperty', '%00', '%ED%A0%80', '%E2%80%AE', 'x'.repeat(2_000)];

describe('The doors of customers', () => {
  it('take what stands in an address for nothing but words', async () => {
    const { caseId } = await said(company.bot, { stars: 1, words: 'Cold.' });
    const link = linkOf(company.bot.work, await caseOf(database, company, caseId ?? '')) ?? '';
    const { slug } = await database.db.feedbackPage.findFirstOrThrow();
    for (const odd of ODD) {
      for (const path of [`${link}?done=${odd}`, `${link}?lang=${odd}`, `/f/${slug}?lang=${odd}&via=${odd}`]) {
        expect([path.slice(-40), (await door.fetch(path)).status]).toEqual([path.slice(-40), 200]);
      }
      for (const path of [`/f/${odd}`, `/c/${odd}`, `/f/${slug}/logo/${odd}`, `/f/${slug}/thanks/${odd}`]) {
        const { status } = await door.fetch(path);
        expect([400, 404], path.slice(0, 60)).toContain(status);
      }
    }
    expect(door.lines.filter((line) => line.includes('"level":50'))).toEqual([]);
  });
});

describe('A web hook', () => {
  const send = async (body: unknown, id: string) => {
    const { bot, boss } = company;
    const at = bot.clock.now();
    const found = await database.db.feedbackKey.count();
    if (found === 0) {
      const list = await bot.as(boss).command('customer keys');
      const made = await bot.as(boss).submit(await bot.as(boss).click('feedback.system_open', list), { name: 'Till' });
      secret = /whsec_[A-Za-z0-9+/=]+/.exec(JSON.stringify(made))?.[0] ?? '';
    }
    const response = await door.fetch(HOOK_PATH, signedHook(body, { secret, id, at }));
    return { status: response.status, text: await response.text() };
  };
  let secret = '';

  it.each([
    ['a page with a NUL', { words: 'Hello', page: 'a\u0000b' }, 422],
    ['half a character as a page', '{"words":"Hello","page":"\\ud800"}', 422],
    ['a location with a NUL', { words: 'Hello', location: '\u0000' }, 422],
    ['half characters in words', '{"words":"Hello \\ud800 there","served_by":"\\udfff","external_reference":"\\ud800"}', 201],
    ['a year that PostgreSQL has not', { words: 'Hello', happened_at: '0000-01-01T00:00:00Z' }, 422],
    ['an instant long ahead', { words: 'Hello', happened_at: '9999-12-31T23:59:59-23:59' }, 422],
    ['a scale called __proto__', '{"words":"Hello","ratings":{"__proto__":5}}', 422],
    ['a scale called constructor', { words: 'Hello', ratings: { constructor: 5 } }, 422],
    ['a body with __proto__', '{"words":"Hello","__proto__":{"kind":"praise"}}', 422],
    ['a number beyond all', '{"words":"Hello","ratings":{"overall":1e400}}', 422],
  ])('answers %s clearly', async (name, body, status) => {
    expect(await send(body, 'odd')).toMatchObject({ status });
    expect(await database.db.feedback.count(), name).toBe(status === 201 ? 1 : 0);
  });
});

describe('A file of feedback', () => {
  const aFile = (content: string): FileHandle => ({ name: 'f.csv', read: async () => Buffer.from(content) });

  it('may have headings and cells that mean something to JavaScript', async () => {
    const { bot, boss } = company;
    const lines = [
      'words,source,kind,language,constructor,date',
      'Nice,constructor,,,x,',
      'Nicer,,constructor,,x,',
      'Nicest,,,constructor,x,',
      'Older,,,,x,0000-01-01T00:00:00Z',
      'Oldest,,,,x,0001-01-01',
      'Good,,,,x,1970-01-02',
    ];
    await bot.as(boss).command('customer import', { files: [aFile(`${lines.join('\n')}\n`)] });
    const row = await database.db.feedbackImport.findFirstOrThrow();
    await bot.as(boss).press({ id: 'feedback.import_start', payload: { importId: row.id, asNew: false } });
    const dropped = await bot.as(boss).press({ id: 'feedback.import_drop', payload: { importId: row.id } });
    expect(keysIn(dropped)).toContain('feedback.import.running');
    await bot.runDue();
    expect(await database.db.feedbackImport.findFirstOrThrow()).toMatchObject({ state: 'done', accepted: 1, refused: 5 });
    expect(readHeading(['constructor'], [])).toEqual([{ is: 'unknown' }]);
  });
});

describe('A question of one’s own', () => {
  it('may be called as JavaScript calls something', async () => {
    for (const name of [questionLabel, scaleName]) {
      expect(name({ key: 'constructor', labels: { lv: 'Kas?' } }, 'en', 'en')).toMatchObject({ kind: 'words' });
    }
    const { bot, boss } = company;
    const { id: themeId } = await database.db.feedbackTheme.findFirstOrThrow();
    await database.db.feedbackTheme.updateMany({ where: { id: themeId }, data: { patterns: { constructor: ['a'] } } });
    expect(keysIn(await bot.as(boss).press({ id: 'feedback.theme', payload: { themeId } }))).not.toEqual([]);
  });
});

describe('A list', () => {
  it('is shown whatever its place is said to be', async () => {
    const { bot, boss, owner } = company;
    const { caseId } = await said(bot, { stars: 1, words: 'Cold.' });
    for (const offset of [7, 1_000_003, 2_147_483_648, Number.MAX_SAFE_INTEGER]) {
      for (const id of [
        'mine',
        'open',
        'waiting',
        'spam_list',
        'themes',
        'rules',
        'pages',
        'questions',
        'keys',
        'talks',
        'privacy',
        'consents',
        'export_months',
      ]) {
        const answer = await bot
          .as(id === 'privacy' || id === 'consents' ? owner : boss)
          .press({ id: `feedback.${id}`, payload: { offset } });
        expect(answer.kind, `${id} ${offset}`).toMatch(/whisper|update|say/);
      }
      await bot.as(boss).press({ id: 'feedback.history', payload: { caseId: caseId ?? '', offset } });
    }
  });

  it.each([
    'case 99999999999999999999',
    'case -1',
    'case 2147483648',
    'case 0',
    'case #',
    'case 1 2',
    'report 2027-13',
    'report 0000-01',
    'export 2027-00',
    'export 9999-99',
    'find ZZZZ',
    'find \u0000',
    'find 0000-0000',
    'privacy \u202e@x',
    'privacy a@b\u0000',
    'mine 999',
    'import x',
    'talks x',
    'rules x',
  ])('answers /customer %s clearly', async (typed) => {
    const { bot, owner } = company;
    expect(keysIn(await bot.as(owner).command(`customer ${typed}`)).length).toBeGreaterThan(0);
  });
});

describe('Very many', () => {
  it('locations, themes and questions leave every form one that a platform can show', async () => {
    const { bot, owner } = company;
    const [organisationId, createdAt] = [bot.organisation.id, bot.clock.now()];
    const many = (count: number) => Array.from({ length: count }, (_, index) => index);
    await database.db.location.createMany({
      data: many(250).map((index) => ({ organisationId, id: newId(createdAt), name: `${'Long place '.repeat(9)}${index}`, createdAt })),
    });
    const shared = { organisationId, createdAt };
    await database.db.feedbackTheme.createMany({
      data: many(32).map((index) => ({
        ...shared,
        id: newId(createdAt),
        names: { en: `${'T'.repeat(57)}${index}` },
        position: 20 + index,
      })),
    });
    await database.db.feedbackQuestion.createMany({
      data: many(25).map((index) => ({
        ...shared,
        id: newId(createdAt),
        key: `q${index}`,
        kind: 'five' as const,
        labels: { en: 'Q'.repeat(150) },
        position: 20 + index,
      })),
    });
    const { caseId } = await said(bot, { stars: 1, words: 'Cold.' });
    await bot.as(owner).press({ id: 'feedback.claim', payload: { caseId: caseId ?? '' } });
    const refs: Ref[] = [
      ...['rule_edit_open', 'rule_test_open'].map((id) => ({ id: `feedback.${id}`, payload: { ruleId: null } })),
      ...[
        'page_open',
        'log_open',
        'theme_edit',
        'question_open',
        'lead_open',
        'due_times_open',
        'ladder_open',
        'where_open',
        'retention_open',
      ].map((id): Ref => ({ id: `feedback.${id}`, payload: id === 'lead_open' ? { locationId: null } : {} })),
      { id: 'feedback.resolve_open', payload: { caseId: caseId ?? '' } },
    ];
    for (const ref of refs) expect((await bot.as(owner).press(ref)).kind, ref.id).toBe('form');
    for (const typed of ['settings', 'rules', 'pages', 'questions', 'themes', 'report']) {
      expect((await bot.as(owner).command(`customer ${typed}`)).kind, typed).toMatch(/say|whisper/);
    }
  });
});
