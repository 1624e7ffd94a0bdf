import { beforeEach, describe, expect, it } from 'vitest';
import type { FormValues } from '../../src/core/form.js';
import { anotherSlug, keyOf, readSlug, slugOf } from '../../src/features/feedback/asking/slug.js';
import { isSlug } from '../../src/features/feedback/survey/addresses.js';
import { type CustomerCompany, customerCompany, said } from '../support/customer-company.js';
import { useDatabase } from '../support/database.js';
import { PUBLIC_URL } from '../support/feature-door.js';
import { valuesOf } from '../support/form-values.js';
import { buttonsOf, cardsOf, keysIn } from '../support/test-bot.js';

// Survey pages as managers keep them in chat.

const database = useDatabase();
let company: CustomerCompany;

beforeEach(async () => {
  await database.reset();
  company = await customerCompany(database, undefined, { setup: { publicUrl: PUBLIC_URL } });
});

const hands = () => company.bot.as(company.boss);
const pages = async () => await database.db.feedbackPage.findMany({ orderBy: { createdAt: 'asc' } });
const audited = async () =>
  (await database.db.auditEvent.findMany({ where: { verb: { startsWith: 'feedback.page' } } })).map(({ verb }) => verb);
const newPage = async (values: FormValues) => {
  const form = await hands().click('feedback.page_open', await hands().command('customer pages'));
  return await hands().submit(form, { ...valuesOf(form), ...values });
};

describe('Survey pages', () => {
  it('are listed with their address and what came through them lately', async () => {
    const [page] = await pages();
    await said(company.bot, { stars: 5, pageId: page?.id ?? '' });
    const list = await hands().command('customer pages');
    expect(JSON.stringify(list)).toContain(`${PUBLIC_URL}/f/${page?.slug}`);
    expect(keysIn(list)).toContain('feedback.pages.answers');
    const shown = await hands().click('feedback.page', list);
    expect(JSON.stringify(shown)).toContain('"params":{"count":1}');
    company.bot.clock.forward({ days: 31 });
    expect(JSON.stringify(await hands().command('customer pages'))).toContain('"params":{"count":0}');
  });

  it('are for managers', async () => {
    expect(keysIn(await company.bot.as(company.ana).command('customer pages'))).toContain('core.errors.role_needed');
  });

  it('are made with an address of their name, or the one that was typed', async () => {
    const made = await newPage({ name: 'Vecrīga: 2. stāvs', location: company.location.id, servedBy: true, introLv: 'Labdien!' });
    expect(keysIn(made)).toContain('feedback.pages.added');
    await newPage({ name: 'Vecrīga 2. stāvs' });
    await newPage({ name: 'Магазин' });
    await newPage({ name: 'Repairs', slug: ' Répairs Desk ' });
    const [begun, first, second, third, fourth] = await pages();
    expect(first).toMatchObject({
      slug: 'vecriga-2-stavs',
      locationId: company.location.id,
      asksServedBy: true,
      intro: { lv: 'Labdien!' },
    });
    // The questions that an organisation begins with.
    expect([...(first?.questionIds ?? [])].sort()).toEqual([...(begun?.questionIds ?? [])].sort());
    expect(second?.slug).toMatch(/^vecriga-2-stavs-[0-9a-f]{4}$/);
    expect(third?.slug).toMatch(/^[0-9a-f]{10}$/);
    expect(fourth?.slug).toBe('repairs-desk');
    expect(await audited()).toEqual(Array(4).fill('feedback.page_added'));
  });

  it('offer every location, however many there are', async () => {
    const common = { organisationId: company.bot.organisation.id, createdAt: company.bot.clock.now() };
    const more = Array.from({ length: 120 }, (_, index) => ({ ...common, id: crypto.randomUUID(), name: `Branch ${1_000 + index}` }));
    await database.db.location.createMany({ data: more });
    const form = await hands().click('feedback.page_open', await hands().command('customer pages'));
    expect(JSON.stringify(form)).toContain('Branch 1119');
  });

  it('say at each field what has to be mended', async () => {
    const [page] = await pages();
    const wrong = await newPage({ name: '', slug: 'a/b', questions: [], location: crypto.randomUUID(), thanksEn: 'x'.repeat(601) });
    if (wrong.kind !== 'errors') throw new Error('Nothing was wrong.');
    expect(Object.entries(wrong.errors).map(([name, text]) => [name, keysIn(text)[0]])).toEqual([
      ['name', 'core.ui.required'],
      ['questions', 'feedback.errors.page_questions_none'],
      ['location', 'feedback.errors.page_location'],
      ['thanksEn', 'feedback.errors.page_long'],
    ]);
    expect(keysIn((await newPage({ name: 'A', slug: 'a/b' })) as never)).toContain('feedback.errors.slug');
    expect(keysIn((await newPage({ name: 'A', slug: page?.slug ?? '' })) as never)).toContain('feedback.errors.slug_taken');
    // An address stays its page's for ever, though that was closed.
    await database.db.feedbackPage.updateMany({ data: { closedAt: company.bot.clock.now() } });
    expect(keysIn((await newPage({ name: 'A', slug: page?.slug ?? '' })) as never)).toContain('feedback.errors.slug_taken');
    expect(await pages()).toHaveLength(1);
  });

  it('give an address once, when two managers want it at the same moment', async () => {
    const form = await hands().click('feedback.page_open', await hands().command('customer pages'));
    const values = { ...valuesOf(form), name: 'Old Town', slug: 'old-town' };
    const both = await Promise.all([hands().submit(form, values), company.bot.as(company.owner).submit(form, values)]);
    expect(both.map(({ kind }) => kind).sort()).toEqual(['errors', 'say']);
    expect((await pages()).filter(({ slug }) => slug === 'old-town')).toHaveLength(1);
  });

  it('are changed but for their address, and say when somebody else had changed them meanwhile', async () => {
    const [page] = await pages();
    await database.db.feedbackPage.updateMany({ data: { intro: { ru: 'Привет', en: 'Hello' } } });
    const open = async () => await hands().press({ id: 'feedback.page_open', payload: { pageId: page?.id ?? '' } });
    const [form, other] = [await open(), await open()];
    expect(valuesOf(form)).not.toHaveProperty('slug');
    const saved = await hands().submit(form, { ...valuesOf(form), name: 'Old Town', introEn: '', introLv: 'Sveiki' });
    expect(keysIn(saved)).toContain('feedback.pages.saved');
    // What was written in further languages stays.
    expect((await pages())[0]).toMatchObject({ slug: page?.slug, name: 'Old Town', intro: { ru: 'Привет', lv: 'Sveiki' } });
    expect(keysIn(await hands().submit(other, { ...valuesOf(other), name: 'New Town' }))).toContain('feedback.pages.saved_over');
    expect((await pages())[0]).toMatchObject({ name: 'New Town' });
    expect(await audited()).toEqual(['feedback.page_changed', 'feedback.page_changed']);
  });

  it('are closed and opened again, once each', async () => {
    const [page] = await pages();
    const press = async (id: string) => await hands().press({ id, payload: { pageId: page?.id ?? '' } });
    expect(keysIn(await press('feedback.page_close'))).toContain('feedback.pages.closed_now');
    const closed = await press('feedback.page_close');
    expect(keysIn(closed)).toContain('feedback.pages.is_closed');
    expect(cardsOf(closed).flatMap(buttonsOf)).toContainEqual({ id: 'feedback.page_reopen', payload: { pageId: page?.id } });
    expect(keysIn(await press('feedback.page_reopen'))).toContain('feedback.pages.reopened_now');
    expect((await pages())[0]?.closedAt).toBeNull();
    expect(await audited()).toEqual(['feedback.page_closed', 'feedback.page_reopened']);
    const gone = await hands().press({ id: 'feedback.page_close', payload: { pageId: crypto.randomUUID() } });
    expect(keysIn(gone)).toContain('feedback.errors.page_gone');
  });

  it('go on to a second list page after seven', async () => {
    for (let number = 1; number <= 8; number++) await newPage({ name: `Page ${number}` });
    const list = await hands().command('customer pages');
    expect(cardsOf(list)[0]?.rows).toHaveLength(7);
    const rest = await hands().click('feedback.pages', list);
    expect(cardsOf(rest)[0]?.rows).toHaveLength(2);
  });
});

describe('Without a public address', () => {
  it('what is missing is said, and no card is printed that leads nowhere', async () => {
    await database.reset();
    company = await customerCompany(database);
    const list = await hands().command('customer pages');
    expect(keysIn(list)).toContain('feedback.pages.no_address');
    const page = await hands().click('feedback.page', list);
    expect(keysIn(page)).toContain('feedback.pages.no_address');
    expect(keysIn(await hands().click('feedback.paper_open', page))).toContain('feedback.errors.no_address');
  });
});

describe('Addresses', () => {
  it('are read as somebody types them', () => {
    const typed: [string, string | undefined][] = [
      ['old-town', 'old-town'],
      [' Vecrīga ', 'vecriga'],
      ['Old  Town', 'old-town'],
      ['https://bellhop.example/f/old-town', 'old-town'],
      ['7', '7'],
      ['-a', undefined],
      ['a/b', undefined],
      ['a?b', undefined],
      ['Магазин', undefined],
      ['🙂', undefined],
      ['', undefined],
      ['x'.repeat(61), undefined],
    ];
    for (const [text, slug] of typed) expect(readSlug(text), text).toBe(slug);
  });

  it('that are made can be used, whatever the name', () => {
    for (const name of ['Old Town', '--- Ž ---', 'ß', '日本', 'a'.repeat(80), `${'ab '.repeat(40)}`, '']) {
      expect(isSlug(slugOf(name)), name).toBe(true);
      expect(isSlug(anotherSlug(slugOf(name))), name).toBe(true);
    }
    expect(keyOf('How was the breakfast?', new Set())).toBe('how_was_the_breakfast');
    expect(keyOf('How was the breakfast?', new Set(['how_was_the_breakfast']))).toBe('how_was_the_breakfast_2');
    expect(keyOf('Как?', new Set())).toBe('question');
  });
});
