import { beforeEach, expect, it } from 'vitest';
import { type CustomerCompany, customerCompany, said } from '../support/customer-company.js';
import { useDatabase } from '../support/database.js';
import { cardsOf, type Hands, keysIn } from '../support/test-bot.js';

const database = useDatabase();
let company: CustomerCompany;
let at: { readonly owner: Hands; readonly boss: Hands };

beforeEach(async () => {
  await database.reset();
  company = await customerCompany(database);
  at = { owner: company.bot.as(company.owner), boss: company.bot.as(company.boss) };
});

it('a new wording is a new version; the old one stays with those who agreed to it', async () => {
  const { bot, owner } = company;
  const first = await database.db.feedbackConsent.findFirstOrThrow();
  const heard = await said(bot, { stars: 5, contact: { email: 'zane@example.com' }, consent: { id: first.id, locale: 'en' } });
  const form = await at.owner.click('feedback.consent_open', await at.owner.command('customer privacy'));
  expect(form.kind === 'form' && form.form.fields.map((field) => field.kind === 'text' && field.initial !== '')).toEqual([true, true]);
  expect(keysIn(await at.owner.submit(form, { en: ' ', lv: '' }))).toContain('feedback.errors.consent_missing');
  expect(keysIn(await at.owner.submit(form, { en: 'x'.repeat(1_501), lv: '' }))).toContain('feedback.errors.too_long');
  expect(keysIn(await at.owner.submit(form, { en: 'I agree. https://example.com/privacy', lv: 'Piekrītu.' }))).toContain(
    'feedback.privacy.consent_saved',
  );
  // The same words again are no other version.
  await at.owner.submit(form, { lv: 'Piekrītu.', en: 'I agree. https://example.com/privacy' });
  const versions = await database.db.feedbackConsent.findMany({ orderBy: { version: 'asc' } });
  expect(versions.map(({ version, texts, createdById }) => [version, texts, createdById])).toEqual([
    [1, first.texts, null],
    [2, { en: 'I agree. https://example.com/privacy', lv: 'Piekrītu.' }, owner.id],
  ]);
  expect((await database.db.feedback.findFirstOrThrow({ where: { id: heard.id } })).consentId).toBe(first.id);
  const list = await at.owner.click('feedback.consents', await at.owner.command('customer privacy'));
  expect(cardsOf(list)[0]?.rows).toHaveLength(2);
  expect(JSON.stringify(await at.owner.click('feedback.consent', list))).toContain('Piekrītu.');
  expect(keysIn(await at.owner.press({ id: 'feedback.consent', payload: { version: 9 } }))).toContain('feedback.errors.consent_gone');
  expect(keysIn(await at.owner.click('feedback.privacy', list))).toContain('feedback.privacy.lead');
  expect(keysIn(await at.boss.press({ id: 'feedback.consent_open', payload: {} }))).toContain('core.errors.role_needed');
});

it('two who write at the same time write two versions', async () => {
  const form = await at.owner.press({ id: 'feedback.consent_open', payload: {} });
  await Promise.all(['One.', 'Two.', 'Three.'].map((en) => at.owner.submit(form, { en, lv: '' })));
  const versions = await database.db.feedbackConsent.findMany({ orderBy: { version: 'asc' } });
  expect(versions.map(({ version }) => version)).toEqual([1, 2, 3, 4]);
});

it('who looked at contacts lately is told, page by page', async () => {
  const { bot } = company;
  for (let view = 0; view < 9; view++) {
    const { id: feedbackId } = await said(bot, { stars: 5, words: `Word ${view}`, contact: { email: 'zane@example.com' } });
    bot.clock.forward({ minutes: 1 });
    await at.boss.submit(await at.boss.press({ id: 'feedback.contact_open', payload: { feedbackId } }), { reason: `To call back ${view}` });
  }
  const card = await at.owner.command('customer privacy');
  expect(cardsOf(card)[0]?.rows).toHaveLength(7);
  expect(JSON.stringify(card)).toContain('To call back 8');
  const more = await at.owner.click('feedback.privacy', card);
  expect(more.kind).toBe('update');
  expect(cardsOf(more)[0]?.rows).toHaveLength(2);
});
