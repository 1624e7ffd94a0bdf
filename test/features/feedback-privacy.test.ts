import { beforeEach, describe, expect, it } from 'vitest';
import { addMessage } from '../../src/features/feedback/replying/store-messages.js';
import { proposePraise } from '../../src/features/recognition/index.js';
import { inTransaction } from '../../src/people/db.js';
import { type CustomerCompany, contextOf, customerCompany } from '../support/customer-company.js';
import { useDatabase } from '../support/database.js';
import { aCase } from '../support/feedback-cases.js';
import { whereMarked } from '../support/marked.js';
import { type Hands, keysIn } from '../support/test-bot.js';

const database = useDatabase();
const EMAIL = 'Zane.Marker@Example.com';
let company: CustomerCompany;
let caseId: string;
let feedbackId: string;
let reference: string;
let at: { readonly owner: Hands; readonly boss: Hands };

beforeEach(async () => {
  await database.reset();
  company = await customerCompany(database, undefined, { mail: 'recording', setup: { publicUrl: 'https://bellhop.example' } });
  const { bot, owner, boss } = company;
  at = { owner: bot.as(owner), boss: bot.as(boss) };
});

/** A complaint. @param servedBy Anna's name makes it one about her: private, with a talk */
async function heard(servedBy = 'SAIDMARKER'): Promise<void> {
  const made = await aCase(database, company, {
    words: 'SAIDMARKER: an hour in the queue.',
    servedBy,
    contact: { name: 'NAMEMARKER', email: EMAIL, phone: '+371 20000000' },
    externalRef: 'SAIDMARKER-77',
    consent: { id: (await database.db.feedbackConsent.findFirstOrThrow()).id, locale: 'lv' },
  });
  caseId = made.case.id;
  feedbackId = made.said.id;
  reference = made.said.reference;
}

/** A case with everything that anybody can write about it, still going on in the mail box. */
async function written(): Promise<void> {
  const { bot, ana } = company;
  await at.boss.press({ id: 'feedback.claim', payload: { caseId } });
  await at.boss.submit(await at.boss.press({ id: 'feedback.note_open', payload: { caseId } }), { note: 'NOTEMARKER called her.' });
  await at.boss.submit(await at.boss.press({ id: 'feedback.contact_open', payload: { feedbackId } }), {
    reason: 'REASONMARKER to call back',
  });
  await at.boss.submit(await at.boss.press({ id: 'feedback.reply_open', payload: { caseId } }), { words: 'OUTMARKER we are sorry.' });
  bot.clock.forward({ minutes: 1 });
  const context = await contextOf(bot);
  await inTransaction(database.db, async (tx) => {
    const now = bot.clock.now();
    const common = { organisationId: bot.organisation.id, caseId, byId: null, onceKey: 'link:1' };
    await addMessage(tx, { ...common, direction: 'in', words: 'INMARKER thank you.' }, now);
    await proposePraise(tx, context, { sourceKey: `feedback:${feedbackId}`, quote: 'SAIDMARKER kind words', personIds: [ana.id] }, now);
  });
  await at.boss.submit(await at.boss.press({ id: 'feedback.resolve_open', payload: { caseId } }), {
    cause: 'CAUSEMARKER',
    action: 'ACTIONMARKER',
  });
  // Looked at: answers are kept for repeats.
  await at.boss.press({ id: 'feedback.case', payload: { caseId } });
  await at.boss.press({ id: 'feedback.entry', payload: { feedbackId } });
}

const MARKERS = [
  'SAIDMARKER',
  'NAMEMARKER',
  'NOTEMARKER',
  'OUTMARKER',
  'INMARKER',
  'CAUSEMARKER',
  'ACTIONMARKER',
  'Zane.Marker',
  '20000000',
];

describe('a customer’s data', () => {
  it.each(['SAIDMARKER', 'SAIDMARKER, Anna Kalna'])(
    'is nowhere any more once it was erased, in any text column of any table (%s)',
    async (servedBy) => {
      const { bot } = company;
      await heard(servedBy);
      await written();
      const before = await Promise.all(MARKERS.map((marker) => whereMarked(database.db, marker)));
      // The contact lies sealed alone.
      expect(MARKERS.filter((_, index) => before[index]?.length === 0)).toEqual(['NAMEMARKER', 'Zane.Marker', '20000000']);
      expect(before[0]).toEqual(
        expect.arrayContaining(['feedback.words', 'feedback.servedBy', 'feedback.externalRef', 'handled.answer', 'praise_proposal.quote']),
      );
      const { linkNonce } = await database.db.feedbackCase.findFirstOrThrow();
      const sealed = await database.db.feedback.findFirstOrThrow({ where: { id: feedbackId } });
      expect(await database.db.mail.count({ where: { state: 'pending' } })).toBe(2);

      const found = await at.owner.command(`customer privacy ${EMAIL.toLowerCase()}`);
      expect(keysIn(found)).toContain('feedback.privacy.found');
      const erased = await at.owner.click('feedback.customer_erase', found);
      expect(keysIn(erased)).toContain('feedback.privacy.erased');

      const after = await Promise.all(MARKERS.map((marker) => whereMarked(database.db, marker)));
      expect(after).toEqual(MARKERS.map(() => []));
      for (const gone of [sealed.contactSealed, sealed.contactHash, sealed.wordsDigest, sealed.bodyDigest, linkNonce]) {
        expect(await whereMarked(database.db, gone ?? '')).toEqual([]);
      }
      // Kept: why somebody looked at the contact, as the proof that they did.
      expect(await whereMarked(database.db, 'REASONMARKER')).toEqual(['feedback_contact_view.reason']);
      expect(await database.db.mail.count({ where: { state: 'pending' } })).toBe(0);
      expect(await database.db.mail.count({ where: { NOT: { sealedTo: null } } })).toBe(0);
      // The numbers stay, and whoever resolved it needn't wait for a customer who can't be asked.
      const [row, rating] = [await database.db.feedback.findFirstOrThrow(), await database.db.feedbackRating.findFirstOrThrow()];
      expect([row.stars, row.kind, rating.value]).toEqual([2, 'complaint', 2]);
      expect((await database.db.feedbackCase.findFirstOrThrow()).closableAt).toEqual(bot.clock.now());
      // A card is composed anew 3 s after the last time at the earliest.
      bot.clock.forward({ seconds: 5 });
      await bot.runDue();
      const left = bot.messages().filter(({ card }) => /SAIDMARKER|NOTEMARKER|CAUSEMARKER/.test(JSON.stringify(card)));
      expect(left.map(({ card }) => keysIn(card)[0])).toEqual([]);
      expect(keysIn(bot.messages().map(({ card }) => card))).toContain('feedback.posting.stripped');
      const audit = await database.db.auditEvent.findFirstOrThrow({ where: { verb: 'feedback.customer_erased' } });
      expect(audit).toMatchObject({ actorId: company.owner.id, subjectId: null, data: { entries: 1 } });
      expect(keysIn(await at.owner.command(`customer privacy ${EMAIL}`))).toContain('feedback.privacy.none');
    },
  );

  it('is found however the address is written, and neither address nor digest is kept of the question', async () => {
    await heard();
    for (const typed of [EMAIL, ` <mailto:${EMAIL}|${EMAIL}> `, `mailto:${EMAIL.toUpperCase()}`]) {
      expect(keysIn(await at.owner.command(`customer privacy ${typed}`))).toContain('feedback.privacy.found');
    }
    expect(keysIn(await at.owner.command('customer privacy other@example.com'))).toContain('feedback.privacy.none');
    expect(keysIn(await at.owner.command('customer privacy Zane'))).toContain('feedback.errors.privacy_how');
    expect(keysIn(await at.boss.command(`customer privacy ${EMAIL}`))).toContain('core.errors.role_needed');
    const { contactHash } = await database.db.feedback.findFirstOrThrow();
    expect(await whereMarked(database.db, contactHash ?? '')).toEqual(['feedback.contactHash']);
    for (const typed of ['zane.marker', 'other@example.com']) expect(await whereMarked(database.db, typed)).toEqual([]);
  });

  it('is handed out whole, without what is about employees', async () => {
    await heard();
    await written();
    const answer = await at.owner.click('feedback.customer_export', await at.owner.command(`customer privacy ${EMAIL}`));
    if (answer.kind !== 'file') throw new Error('No file.');
    const content = Buffer.from(answer.file.content).toString('utf8');
    const [entry] = JSON.parse(content).feedback;
    expect(entry).toMatchObject({
      contact: { name: 'NAMEMARKER', phone: '+371 20000000' },
      words: [{ question: null, words: 'SAIDMARKER: an hour in the queue.' }],
      ratings: [{ question: 'overall', value: 2 }],
      consent: { version: 1, language: 'lv' },
      contactLookedAt: [expect.any(String)],
    });
    expect(entry.consent.text).not.toBe('');
    const [followed] = entry.cases;
    expect(followed.conversation.map((message: { from: string; words: string }) => [message.from, message.words])).toEqual([
      ['organisation', 'OUTMARKER we are sorry.'],
      ['customer', 'INMARKER thank you.'],
    ]);
    expect(JSON.stringify(followed.notes)).toContain('NOTEMARKER');
    expect(content).not.toMatch(/Viktors|REASONMARKER/);
    expect(answer.file.name).not.toContain('Marker');
    expect((await database.db.auditEvent.findFirstOrThrow({ where: { verb: 'feedback.customer_exported' } })).data).toEqual({ entries: 1 });
  });

  it('leaves notes out that are about a colleague', async () => {
    await heard('Anna Kalna');
    await written();
    const answer = await at.owner.click('feedback.customer_export', await at.owner.command(`customer privacy ${EMAIL}`));
    if (answer.kind !== 'file') throw new Error('No file.');
    const content = Buffer.from(answer.file.content).toString('utf8');
    expect(content).toContain('INMARKER');
    expect(content).not.toMatch(/NOTEMARKER|CAUSEMARKER|ACTIONMARKER/);
  });

  it('can be erased while its case goes on, and a second click changes nothing', async () => {
    await heard();
    const found = await at.owner.command(`customer privacy ${EMAIL}`);
    await at.owner.click('feedback.customer_erase', found);
    expect(keysIn(await at.owner.click('feedback.customer_erase', found))).toContain('feedback.privacy.none');
    expect(keysIn(await at.owner.click('feedback.customer_export', found))).toContain('feedback.privacy.none');
    await at.boss.press({ id: 'feedback.claim', payload: { caseId } });
    expect((await database.db.feedbackCase.findFirstOrThrow()).state).toBe('claimed');
    expect(reference).toHaveLength(8);
    expect(keysIn(await at.boss.command(`customer find ${reference}`))).toContain('feedback.posting.stripped');
  });
});
