import { beforeEach, describe, expect, it } from 'vitest';
import { MailError, type MailTransport, type OutgoingMail } from '../../src/delivery/mail-port.js';
import { findCase } from '../../src/features/feedback/store-cases.js';
import { createLocaliser } from '../../src/runtime/localise.js';
import type { BuiltPerson } from '../support/builders.js';
import { type CustomerCompany, customerCompany, type SaidOverrides, said } from '../support/customer-company.js';
import { linkIn } from '../support/customer-page.js';
import { useDatabase } from '../support/database.js';
import { PUBLIC_URL } from '../support/feature-door.js';
import { buttonsOf, cardsOf, keysIn } from '../support/test-bot.js';

const database = useDatabase();
const setup = { publicUrl: PUBLIC_URL, localise: createLocaliser() };
let company: CustomerCompany;
beforeEach(async () => await database.reset());

const CONTACT = { name: 'Zane Liepa', email: 'zane@customers.example', phone: '+371 2000 0000' };
async function complaint(overrides: SaidOverrides = {}): Promise<string> {
  const { caseId } = await said(company.bot, { stars: 1, words: 'The soup was cold.', contact: CONTACT, language: 'en', ...overrides });
  if (caseId === null) throw new Error('No case was opened.');
  return caseId;
}
const press = async (person: BuiltPerson, verb: string, caseId: string) =>
  await company.bot.as(person).press({ id: `feedback.${verb}`, payload: { caseId } });
const mails = () => company.bot.mailsTo({ email: CONTACT.email } as BuiltPerson);
const load = async (caseId: string) => await findCase(database.db, company.bot.organisation.id, caseId);

describe('Replying to a customer', () => {
  it('goes out by e-mail, signed with the first name, with a link to answer, and nothing of ours inside', async () => {
    company = await customerCompany(database, undefined, { mail: 'recording', setup });
    const caseId = await complaint();
    await press(company.ana, 'claim', caseId);
    const note = await press(company.ana, 'note_open', caseId);
    await company.bot.as(company.ana).submit(note, { note: 'Secret: the cook was ill.' });
    const sent = await company.bot
      .as(company.ana)
      .submit(await press(company.ana, 'reply_open', caseId), { words: 'We are sorry.\n\nCome again!' });
    expect(keysIn(sent)).toContain('feedback.reply.sent');
    await company.bot.runDue();
    const [mail] = mails();
    expect(mails()).toHaveLength(1);
    expect(mail?.subject).toMatch(/^Bakery Rieksts: our answer to your feedback \w{4}-\w{4}$/);
    expect(mail?.text).toContain('We are sorry.');
    expect(mail?.text).toContain('Come again!');
    expect(mail?.text).toContain('Anna, Bakery Rieksts');
    expect(mail?.text).toContain('The soup was cold.');
    expect(mail?.text).not.toMatch(/Kalna|Secret|cook|Case 1/);
    expect(linkIn(mail)).toMatch(new RegExp(`^${PUBLIC_URL}/c/${caseId}\\.[0-9a-f]{32}$`));
    expect((await load(caseId))?.respondedAt).toEqual(company.bot.clock.now());
    const events = await database.db.feedbackCaseEvent.findMany({ where: { caseId, kind: 'replied' } });
    expect(events.map(({ actorId }) => actorId)).toEqual([company.ana.id]);
    const kept = await database.db.mail.findMany({ where: { spec: 'feedback.reply' } });
    expect(kept.map(({ state, sealedTo }) => [state, sealedTo])).toEqual([['sent', null]]);
  });

  it('is in the customer’s language', async () => {
    company = await customerCompany(database, undefined, { mail: 'recording', setup });
    const caseId = await complaint({ language: 'lv', words: 'Zupa bija auksta.' });
    await press(company.ana, 'claim', caseId);
    await company.bot.as(company.ana).submit(await press(company.ana, 'reply_open', caseId), { words: 'Mums ļoti žēl.' });
    await company.bot.runDue();
    expect(mails()[0]?.subject).toContain('mūsu atbilde');
    expect(mails()[0]?.html).toContain('<html lang="lv">');
  });

  it('keeps when the first word was said', async () => {
    company = await customerCompany(database, undefined, { mail: 'recording', setup });
    const caseId = await complaint();
    await press(company.ana, 'claim', caseId);
    const reply = async (words: string) =>
      await company.bot.as(company.ana).submit(await press(company.ana, 'reply_open', caseId), { words });
    await reply('One');
    const first = (await load(caseId))?.respondedAt;
    company.bot.clock.to('2027-03-01T09:00:00Z');
    await reply('Two');
    await company.bot.runDue();
    expect((await load(caseId))?.respondedAt).toEqual(first);
    expect(mails()).toHaveLength(2);
  });

  it('is for whoever looks after the case, and needs words', async () => {
    company = await customerCompany(database, undefined, { mail: 'recording', setup });
    const caseId = await complaint();
    await press(company.ana, 'claim', caseId);
    expect(keysIn(await press(company.ben, 'reply_open', caseId))).toContain('feedback.errors.case_not_yours');
    const form = await press(company.ana, 'reply_open', caseId);
    expect(await company.bot.as(company.ana).submit(form, { words: '  \n ' })).toMatchObject({
      kind: 'errors',
      errors: { words: { key: 'feedback.errors.reply_missing' } },
    });
    expect(await company.bot.as(company.ana).submit(form, { words: 'x'.repeat(3_001) })).toMatchObject({ kind: 'errors' });
    expect(mails()).toHaveLength(0);
  });

  it('takes a case that nobody has', async () => {
    company = await customerCompany(database, undefined, { mail: 'recording', setup });
    const caseId = await complaint();
    await company.bot.as(company.boss).submit(await press(company.boss, 'reply_open', caseId), { words: 'Sorry!' });
    expect(await load(caseId)).toMatchObject({ state: 'claimed', ownerId: company.boss.id });
  });

  it.each([
    ['no_contact', { contact: {} }, { mail: 'recording', setup }],
    ['no_email', { contact: { phone: '+371 2000 0000' } }, { mail: 'recording', setup }],
    ['no_mail_server', {}, { setup }],
    ['no_pages', {}, { mail: 'recording' }],
  ] as const)('says what to do instead: %s', async (reason, overrides, options) => {
    company = await customerCompany(database, undefined, options);
    const caseId = await complaint(overrides);
    const own = await press(company.ana, 'claim', caseId);
    // Whoever can't be written to for want of a setting learns so by the button.
    const offered = cardsOf(own)
      .flatMap(buttonsOf)
      .some(({ id }) => id === 'feedback.reply_open');
    expect(offered).toBe(reason === 'no_mail_server' || reason === 'no_pages');
    const shown = await press(company.ana, 'reply_open', caseId);
    expect(keysIn(shown)).toContain(`feedback.reply.${reason}`);
    const offers = cardsOf(shown)
      .flatMap(buttonsOf)
      .map(({ id }) => id);
    expect(offers.includes('feedback.contact_open')).toBe(reason !== 'no_contact');
  });

  it('tells the owner when the customer’s server doesn’t take it', async () => {
    const refusing: MailTransport = {
      from: { name: 'Bellhop', address: 'bellhop@example.com' },
      send: async (_: OutgoingMail) => {
        throw new MailError('refused', '550');
      },
    };
    company = await customerCompany(database, undefined, { mail: refusing, setup });
    const caseId = await complaint();
    await press(company.ana, 'claim', caseId);
    await company.bot.as(company.ana).submit(await press(company.ana, 'reply_open', caseId), { words: 'Sorry!' });
    const told = () => company.bot.messagesTo(company.ana).filter(({ card }) => keysIn(card.lead).includes('feedback.news.mail_failed'));
    await company.bot.runDue();
    for (let minute = 1; minute <= 3; minute++) {
      company.bot.clock.to(`2027-03-01T08:0${minute}:00Z`);
      await company.bot.runDue();
    }
    expect(told()).toHaveLength(1);
  });
});
