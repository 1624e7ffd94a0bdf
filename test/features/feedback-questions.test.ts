import { beforeEach, describe, expect, it } from 'vitest';
import type { FormValues } from '../../src/core/form.js';
import { createLocaliser } from '../../src/runtime/localise.js';
import { type CustomerCompany, customerCompany, said } from '../support/customer-company.js';
import { useDatabase } from '../support/database.js';
import { openFeatureDoor, PUBLIC_URL } from '../support/feature-door.js';
import { valuesOf } from '../support/form-values.js';
import { keysIn } from '../support/test-bot.js';
import { openPage } from '../support/visitor.js';

// The questions of survey pages, as managers keep them in chat.

const database = useDatabase();
let company: CustomerCompany;
/** What the page asks at first. */
const ASKED = ['courtesy', 'helpfulness', 'waiting', 'overall', 'do_better'];

beforeEach(async () => {
  await database.reset();
  company = await customerCompany(database, undefined, { setup: { publicUrl: PUBLIC_URL, localise: createLocaliser() } });
  const chosen = (await questions()).filter(({ key }) => ASKED.includes(key)).map(({ id }) => id);
  await database.db.feedbackPage.updateMany({ data: { questionIds: chosen } });
});

const hands = () => company.bot.as(company.boss);
const questions = async () => await database.db.feedbackQuestion.findMany({ orderBy: [{ position: 'asc' }, { id: 'asc' }] });
const idOf = async (key: string) => (await questions()).find((question) => question.key === key)?.id ?? '';
const press = async (id: string, key: string, more: object = {}) =>
  await hands().press({ id, payload: { questionId: await idOf(key), ...more } });
const add = async (values: FormValues) => {
  const form = await hands().click('feedback.question_open', await hands().command('customer questions'));
  return await hands().submit(form, { ...valuesOf(form), ...values });
};
/** What the survey page shows as its questions. */
const asked = async () => {
  const door = await openFeatureDoor(company.bot);
  const [page] = await database.db.feedbackPage.findMany();
  const { html, names } = await openPage(door, `/f/${page?.slug}`);
  await door.close(100);
  return { html, keys: names.filter((name) => name.startsWith('q-')).map((name) => name.slice(2)) };
};

describe('Questions', () => {
  it('are added with a key of their words, and asked where a page chooses them', async () => {
    expect(keysIn(await add({ en: 'How was the breakfast?', lv: 'Kā garšoja brokastis?', kind: 'smileys' }))).toContain(
      'feedback.questions.added',
    );
    await add({ lv: 'Kā garšoja brokastis?', kind: 'open' });
    await add({ en: 'How was the breakfast?' });
    expect((await questions()).slice(7).map(({ key, kind, labels, position }) => ({ key, kind, labels, position }))).toEqual([
      { key: 'how_was_the_breakfast', kind: 'smileys', labels: { en: 'How was the breakfast?', lv: 'Kā garšoja brokastis?' }, position: 7 },
      { key: 'ka_garsoja_brokastis', kind: 'open', labels: { lv: 'Kā garšoja brokastis?' }, position: 8 },
      { key: 'how_was_the_breakfast_2', kind: 'five', labels: { en: 'How was the breakfast?' }, position: 9 },
    ]);
    expect((await asked()).keys).not.toContain('how_was_the_breakfast');
    const form = await hands().press({
      id: 'feedback.page_open',
      payload: { pageId: (await database.db.feedbackPage.findFirstOrThrow()).id },
    });
    const before = valuesOf(form);
    await hands().submit(form, { ...before, questions: [...(before.questions as string[]), await idOf('how_was_the_breakfast')] });
    expect((await asked()).keys).toEqual(['courtesy', 'helpfulness', 'waiting', 'overall', 'do_better', 'how_was_the_breakfast']);
    expect(keysIn(await press('feedback.question', 'how_was_the_breakfast'))).toContain('feedback.questions.on_pages');
  });

  it('need words, and not too many', async () => {
    expect(keysIn((await add({ en: ' ', lv: '' })) as never)).toContain('feedback.errors.question_words');
    expect(keysIn((await add({ en: 'x'.repeat(151) })) as never)).toContain('feedback.errors.page_long');
    expect(await questions()).toHaveLength(7);
  });

  it('that every organisation has are reworded, and given their own words back', async () => {
    const form = await press('feedback.question_open', 'overall');
    expect(valuesOf(form)).toEqual({ en: 'How was it overall?', lv: 'Kā bija kopumā?' });
    await hands().submit(form, { ...valuesOf(form), en: 'How was your stay?' });
    expect((await questions()).find(({ key }) => key === 'overall')?.labels).toEqual({ en: 'How was your stay?' });
    expect((await asked()).html).toContain('How was your stay?');
    const card = JSON.stringify(await press('feedback.question', 'overall'));
    expect([card.includes('How was your stay?'), card.includes('Kā bija kopumā?')]).toEqual([true, true]);
    const again = await press('feedback.question_open', 'overall');
    await hands().submit(again, { en: '', lv: '' });
    expect((await questions()).find(({ key }) => key === 'overall')?.labels).toEqual({});
    expect((await asked()).html).toContain('How was it overall?');
  });

  it('say when somebody else had changed them meanwhile', async () => {
    const [one, other] = [await press('feedback.question_open', 'overall'), await press('feedback.question_open', 'overall')];
    expect(keysIn(await hands().submit(one, { en: 'One?' }))).toContain('feedback.questions.saved');
    expect(keysIn(await hands().submit(other, { en: 'Other?' }))).toContain('feedback.questions.saved_over');
    expect((await questions()).find(({ key }) => key === 'overall')?.labels).toEqual({ en: 'Other?' });
  });

  it('are retired and brought back; their answers still count', async () => {
    const { id } = await said(company.bot, { ratings: { courtesy: 4 }, stars: 5 });
    expect(keysIn(await press('feedback.question_retire', 'courtesy'))).toContain('feedback.questions.retired_now');
    await press('feedback.question_retire', 'courtesy');
    expect((await asked()).keys).toEqual(['helpfulness', 'waiting', 'overall', 'do_better']);
    expect(await database.db.feedbackRating.count({ where: { feedbackId: id, questionId: await idOf('courtesy') } })).toBe(1);
    expect(keysIn(await hands().command('customer questions'))).toContain('feedback.questions.retired');
    await press('feedback.question_restore', 'courtesy');
    expect((await asked()).keys[0]).toBe('courtesy');
    const verbs = (await database.db.auditEvent.findMany({ where: { verb: { startsWith: 'feedback.question' } } })).map(({ verb }) => verb);
    expect(verbs).toEqual(['feedback.question_retired', 'feedback.question_restored']);
  });

  it('are put in another order, also by many at once', async () => {
    await press('feedback.question_move', 'overall', { up: true });
    expect((await asked()).keys).toEqual(['courtesy', 'helpfulness', 'overall', 'waiting', 'do_better']);
    // At an end nothing moves.
    await press('feedback.question_move', 'courtesy', { up: true });
    expect((await questions())[0]?.key).toBe('courtesy');
    await press('feedback.question_retire', 'do_better');
    await press('feedback.question_move', 'went_well', { up: false });
    await press('feedback.question_move', 'do_better', { up: true });
    const before = (await questions()).filter(({ retiredAt }) => retiredAt === null).map(({ key }) => key);
    expect(before).toEqual(['courtesy', 'helpfulness', 'overall', 'waiting', 'recommend', 'went_well']);
    await Promise.all(
      ['overall', 'waiting', 'recommend'].flatMap((key) => [
        press('feedback.question_move', key, { up: true }),
        press('feedback.question_move', key, { up: false }),
      ]),
    );
    const positions = (await questions()).map(({ position }) => position);
    expect(new Set(positions).size).toBe(positions.length);
    expect((await questions()).map(({ key }) => key).sort()).toEqual([...before, 'do_better'].sort());
  });

  it('that are gone are said to be', async () => {
    const gone = { questionId: crypto.randomUUID() };
    for (const id of ['feedback.question', 'feedback.question_open', 'feedback.question_retire', 'feedback.question_restore'])
      expect(keysIn(await hands().press({ id, payload: gone })), id).toContain('feedback.errors.question_gone');
  });
});
