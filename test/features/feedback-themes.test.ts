import { beforeEach, describe, expect, it } from 'vitest';
import type { Card } from '../../src/core/card.js';
import type { Answer } from '../../src/core/reply.js';
import { findFeedback } from '../../src/features/feedback/store-feedback.js';
import { loadThemes } from '../../src/features/feedback/themes/store-themes.js';
import { createLocaliser } from '../../src/runtime/localise.js';
import { text } from '../support/builders.js';
import { accepted, type CustomerCompany, customerCompany, said } from '../support/customer-company.js';
import { useDatabase } from '../support/database.js';
import { buttonsOf, cardsOf, keysIn, refusedWith } from '../support/test-bot.js';

const database = useDatabase();
let company: CustomerCompany;
let themes: ReadonlyMap<string, string>;

beforeEach(async () => {
  await database.reset();
  company = await customerCompany(database, undefined, { setup: { localise: createLocaliser() } });
  const all = await loadThemes(database.db, company.bot.organisation.id);
  themes = new Map(all.map(({ id, key }) => [key ?? '', id]));
});

const idOf = (key: string) => themes.get(key) ?? '';
const cardOf = (answer: Answer): Card => {
  const [card] = cardsOf(answer);
  if (!card) throw new Error(`No card: ${JSON.stringify(answer)}`);
  return card;
};
const rowsOf = (answer: Answer) => (cardOf(answer).rows ?? []).map((row) => `${text(row.text)} | ${row.detail ? text(row.detail) : ''}`);
const open = async (person = company.boss, key = 'waiting') =>
  await company.bot.as(person).press({ id: 'feedback.theme', payload: { themeId: idOf(key) } });
const themesOf = async (feedbackId: string) =>
  (await findFeedback(database.db, company.bot.organisation.id, feedbackId))?.themes.map(({ key, names }) => key ?? names.en);
const about = async (feedbackId: string, person = company.boss) =>
  await company.bot.as(person).press({ id: 'feedback.about', payload: { feedbackId } });
const set = async (feedbackId: string, key: string, on: boolean, person = company.boss) =>
  await company.bot.as(person).press({ id: 'feedback.about_set', payload: { feedbackId, themeId: idOf(key), on, offset: 0 } });

describe('the list', () => {
  it('tells how often each theme was mentioned, against the time before, seven to a page', async () => {
    const { bot, ana, boss } = company;
    await said(bot, { stars: 3, words: 'The queue was long.' });
    bot.clock.forward({ days: 40 });
    await said(bot, { stars: 3, words: 'Slow service.' });
    await said(bot, { stars: 3, words: 'We waited.' });
    const list = await bot.as(ana).command('customer themes');
    expect(rowsOf(list)).toHaveLength(7);
    expect(rowsOf(list)[0]).toMatch(/feedback\.theme\.waiting.*feedback\.themes\.trend\.up.*2.*1/);
    expect(rowsOf(list)[1]).toContain('feedback.themes.trend.none');
    expect(rowsOf(await bot.as(ana).click('feedback.themes', list))).toHaveLength(1);
    // Employees look; managers edit.
    expect(
      cardsOf(list)
        .flatMap(buttonsOf)
        .map(({ id }) => id),
    ).not.toContain('feedback.theme_edit');
    expect(keysIn(await bot.as(ana).press({ id: 'feedback.theme_edit', payload: {} }))).toContain('core.errors.role_needed');
    expect(
      cardsOf(await bot.as(boss).command('customer themes'))
        .flatMap(buttonsOf)
        .map(({ id }) => id),
    ).toContain('feedback.theme_edit');
  });

  it('counts neither spam nor what is doubtful', async () => {
    const { bot, boss } = company;
    const { id } = await said(bot, { stars: 3, words: 'We waited long.' });
    await database.db.feedback.updateMany({ where: { id }, data: { state: 'doubtful' } });
    expect(rowsOf(await bot.as(boss).command('customer themes'))[0]).toContain('trend.none');
  });
});

describe('a theme', () => {
  it('tells its months, its words, the latest feedback that the reader may read, and what to do while it led nowhere', async () => {
    const { bot, ana, boss, ben } = company;
    await said(bot, { stars: 3, words: 'We waited at the desk.' });
    await said(bot, { stars: 1, kind: 'complaint', words: 'Benno Liepins made us wait.', concernIds: [ben.id] });
    const card = cardOf(await open(boss));
    expect(card.facts).toHaveLength(6);
    // So few that the count would tell of the complaint: it is left out, as in the report.
    expect(text(card.facts?.[0]?.value ?? card.summary)).toBe('1');
    expect(JSON.stringify(card.body)).toContain('queue');
    expect(keysIn(card)).toContain('feedback.themes.led_nowhere');
    // The boss isn’t Benno’s line: the complaint is for the owner.
    expect(JSON.stringify(card.rows)).not.toContain('Benno');
    expect(JSON.stringify(cardOf(await open(company.owner)).rows)).toContain('Benno');
    expect(JSON.stringify(await open(ben))).not.toContain('made us wait');
    const plain = cardOf(await open(ana));
    expect(rowsOf(await open(ana))).toEqual([expect.stringContaining('We waited at the desk.')]);
    expect(keysIn(plain)).toContain('feedback.themes.led_not_yet');
    const all = await bot.as(ana).click('feedback.theme_said', await open(ana));
    expect(rowsOf(all)).toHaveLength(1);
    expect(keysIn(await bot.as(ana).press(cardOf(all).rows?.[0]?.action?.ref ?? null))).toContain('feedback.posting.title.comment');
  });

  it('is made, changed and tried out', async () => {
    const { bot, boss } = company;
    const form = await bot.as(boss).click('feedback.theme_edit', await bot.as(boss).command('customer themes'));
    const made = await bot
      .as(boss)
      .submit(form, { nameEn: 'Parking', nameLv: 'Stāvvieta', wordsEn: 'parking\ncar park', wordsLv: 'stāvviet' });
    expect(keysIn(made)).toContain('feedback.themes.saved');
    const entry = await said(bot, { stars: 3, words: 'Nav stāvvietas.' });
    expect(await themesOf(entry.id)).toEqual(['Parking']);
    const tryOut = await bot.as(boss).click('feedback.theme_try', await bot.as(boss).command('customer themes'));
    expect(refusedWith(await bot.as(boss).submit(tryOut, { text: ' ' }))).toEqual({ text: 'feedback.errors.theme_try_empty' });
    const tried = await bot.as(boss).submit(tryOut, { text: 'The car park was full and we waited' });
    expect(rowsOf(tried)).toEqual([expect.stringMatching(/theme\.waiting.*wait/), expect.stringMatching(/Parking.*car park/)]);
    expect(keysIn(await bot.as(boss).submit(tryOut, { text: 'Hello' }))).toContain('feedback.themes.tried_none');
    // A standard theme keeps its standard name where that was left as it stood.
    const standard = await bot.as(boss).click('feedback.theme_edit', await open());
    const named = { nameEn: 'Waiting', nameLv: 'Rindas', wordsEn: 'wait', wordsLv: '' };
    await bot.as(boss).submit(standard, named);
    const kept = await database.db.feedbackTheme.findFirstOrThrow({ where: { key: 'waiting' } });
    expect([kept.names, kept.patterns]).toEqual([{ lv: 'Rindas' }, { en: ['wait'], lv: [] }]);
  });

  it('says at its field what has to be mended, and keeps what was typed', async () => {
    const { bot, boss } = company;
    const form = await bot.as(boss).press({ id: 'feedback.theme_edit', payload: {} });
    const refused = async (values: object) => refusedWith(await bot.as(boss).submit(form, { ...values }));
    expect(await refused({})).toEqual({ nameEn: 'feedback.errors.theme_name_missing' });
    expect(await refused({ nameEn: 'attitude' })).toEqual({ nameEn: 'feedback.errors.theme_same_name' });
    expect(await refused({ nameLv: 'x'.repeat(61), wordsEn: 'y'.repeat(61), wordsLv: 'ab' })).toEqual({
      nameLv: 'feedback.errors.theme_name_long',
      wordsEn: 'feedback.errors.theme_phrase_long',
      wordsLv: 'feedback.errors.theme_phrase_short',
    });
    const many = Array.from({ length: 151 }, (_, index) => `word${index}`).join(',');
    expect(await refused({ nameEn: 'Many', wordsEn: many })).toEqual({ wordsEn: 'feedback.errors.theme_phrases_many' });
    for (let made = 0; made < 32; made++) await bot.as(boss).submit(form, { nameEn: `Theme ${made}` });
    expect(await refused({ nameEn: 'One more' })).toEqual({ form: 'feedback.errors.themes_full' });
  });

  it('is retired with what was counted, brought back, and moved up', async () => {
    const { bot, boss, ana } = company;
    const entry = await said(bot, { stars: 3, words: 'We waited.' });
    expect(keysIn(await bot.as(boss).click('feedback.theme_retire', await open()))).toContain('feedback.themes.retired_note');
    expect((await said(bot, { stars: 3, words: 'We waited again.' })).themes).toEqual([]);
    expect(await themesOf(entry.id)).toEqual(['waiting']);
    expect(rowsOf(await bot.as(ana).command('customer themes')).join()).not.toContain('waiting');
    const list = await bot.as(boss).command('customer themes');
    expect(rowsOf(await bot.as(boss).click('feedback.themes', list))).toEqual([expect.stringMatching(/waiting.*themes\.retired/)]);
    await bot.as(boss).click('feedback.theme_restore', await open());
    const moved = await bot.as(boss).click('feedback.theme_up', await open(boss, 'knowledge'));
    expect(
      rowsOf(moved)
        .slice(0, 3)
        .map((row) => /theme\.(\w+)/.exec(row)?.[1]),
    ).toEqual(['waiting', 'knowledge', 'attitude']);
    expect(await database.db.auditEvent.count({ where: { actorId: boss.id, verb: { startsWith: 'feedback.theme_' } } })).toBe(3);
  });
});

describe('a correction', () => {
  it('is one click, tells who made it, and shows on the card in the channel', async () => {
    const { bot, boss, channel } = company;
    const entry = await said(bot, { stars: 3, words: 'We waited for the soup.' });
    const card = await about(entry.id);
    expect(rowsOf(card).slice(0, 2)).toEqual([
      expect.stringMatching(/is_on.*theme\.waiting.*themes\.because.*wait/),
      expect.stringMatching(/theme\.product.*soup/),
    ]);
    expect(cardOf(card).rows).toHaveLength(7);
    const off = await bot.as(boss).press(cardOf(card).rows?.[1]?.action?.ref ?? null);
    expect(await themesOf(entry.id)).toEqual(['waiting']);
    expect(rowsOf(off).join()).toContain('feedback.themes.taken_off');
    await set(entry.id, 'price', true);
    expect(rowsOf(await about(entry.id)).find((row) => row.includes('theme.price'))).toContain('feedback.themes.put_by');
    const row = await database.db.feedbackAbout.findFirstOrThrow({ where: { feedbackId: entry.id, themeId: idOf('price') } });
    expect(row.byId).toBe(boss.id);
    bot.clock.forward({ seconds: 4 });
    await bot.runDue();
    const posted = JSON.stringify(bot.messagesIn(channel).at(-1)?.card);
    expect(posted).toContain('feedback.theme.price');
    expect(posted).not.toContain('feedback.theme.product');
  });

  it('is for managers and who works on the case; others look, and nobody sees what they may not read', async () => {
    const { bot, ana, ben, boss } = company;
    const entry = await said(bot, { stars: 1, words: 'We waited.' });
    expect(cardOf(await about(entry.id, ana)).rows?.map(({ action }) => action)).toEqual([undefined]);
    expect(keysIn(await set(entry.id, 'price', true, ana))).toContain('feedback.errors.themes_not_yours');
    await bot.as(ana).press({ id: 'feedback.claim', payload: { caseId: entry.caseId ?? '' } });
    await set(entry.id, 'price', true, ana);
    expect(await themesOf(entry.id)).toEqual(['waiting', 'price']);
    const secret = await said(bot, { stars: 1, words: 'Slow and rude.', concernIds: [ben.id] });
    for (const person of [ana, ben, boss]) expect(keysIn(await about(secret.id, person))).toContain('feedback.errors.gone');
    expect(keysIn(await set(secret.id, 'price', true, ben))).toContain('feedback.errors.gone');
    expect(await themesOf(secret.id)).not.toContain('price');
    expect(keysIn(await set(entry.id, 'nothing', true))).not.toContain('feedback.themes.about_title');
  });

  it('stays when words are applied to what came before', async () => {
    const { bot, boss } = company;
    const corrected = await said(bot, { stars: 3, words: 'We waited for soup.' });
    const emptied = await said(bot, { stars: 3, words: 'Slow soup.' });
    const untouched = await said(bot, { stars: 3, words: 'The soup was slow, the bread excellent.' });
    const old = await said(bot, { stars: 3, words: 'Bread and queue.' });
    const stripped = await said(bot, { stars: 3, words: 'Slow bread.' });
    const fresh = await accepted(bot, { stars: 3, words: 'Bread.' });
    await set(corrected.id, 'price', true);
    for (const key of ['waiting', 'product']) await set(emptied.id, key, false);
    const long = new Date(bot.clock.now().getTime() - 91 * 86_400_000);
    await database.db.feedback.updateMany({ where: { id: old.id }, data: { receivedAt: long } });
    await database.db.feedback.updateMany({ where: { id: stripped.id }, data: { words: [], strippedAt: bot.clock.now() } });
    await database.db.feedback.updateMany({ where: { id: fresh.id }, data: { sortedAt: bot.clock.now() } });
    const form = await bot.as(boss).click('feedback.theme_edit', await open());
    const saved = await bot.as(boss).submit(form, { nameEn: '', nameLv: '', wordsEn: 'bread', wordsLv: '' });
    expect(keysIn(await bot.as(boss).click('feedback.theme_apply', saved))).toContain('feedback.themes.applying');
    await bot.runDue();
    expect(await themesOf(corrected.id)).toEqual(['waiting', 'price', 'product']);
    expect(await themesOf(emptied.id)).toEqual([]);
    expect(await themesOf(untouched.id)).toEqual(['waiting', 'product']);
    expect(await themesOf(old.id)).toEqual(['waiting']);
    expect(await themesOf(stripped.id)).toEqual(['waiting']);
    const again = await bot.as(boss).submit(form, { nameEn: '', nameLv: '', wordsEn: 'butter', wordsLv: '' });
    bot.clock.forward({ seconds: 1 });
    await bot.as(boss).click('feedback.theme_apply', again);
    await bot.runDue();
    expect(await themesOf(untouched.id)).toEqual(['product']);
    expect(await themesOf(corrected.id)).toContain('waiting');
  });

  it('applies to thousands in batches, and each once', async () => {
    const { bot, boss } = company;
    const seed = await said(bot, { stars: 3, words: 'Bread and butter.' });
    await database.pool.query(
      `INSERT INTO feedback ("organisationId", id, reference, "onceKey", "bodyDigest", source, kind, state, words, "receivedAt")
       SELECT "organisationId", gen_random_uuid(), 'N' || i, 'many:' || i, '', source, kind, state, words, "receivedAt" - (i % 7) * interval '1 hour'
       FROM feedback, generate_series(1, 1000) i WHERE id = $1`,
      [seed.id],
    );
    const form = await bot.as(boss).click('feedback.theme_edit', await open());
    await bot.as(boss).submit(form, { nameEn: '', nameLv: '', wordsEn: 'butter', wordsLv: '' });
    await bot.as(boss).click('feedback.theme_apply', await open());
    await bot.runDue();
    expect(await database.db.feedbackAbout.count({ where: { themeId: idOf('waiting') } })).toBe(1001);
    // Nobody counts thousands to show seven.
    const latest = await bot.as(boss).click('feedback.theme_said', await open());
    expect(rowsOf(latest)).toHaveLength(7);
    expect(keysIn(latest)).toEqual(expect.arrayContaining(['feedback.themes.said_lead_more', 'core.rows.shown_of_more']));
  });
});
