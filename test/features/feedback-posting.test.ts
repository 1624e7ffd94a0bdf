import { beforeEach, describe, expect, it } from 'vitest';
import type { Card } from '../../src/core/card.js';
import { createRegistry } from '../../src/core/registry.js';
import type { Kind, Said } from '../../src/features/feedback/model.js';
import { saidCard } from '../../src/features/feedback/posting/said-card.js';
import { EXCERPT, fairShares, shortened, WHOLE } from '../../src/features/feedback/posting/said-parts.js';
import { findFeedback } from '../../src/features/feedback/store-feedback.js';
import { createFeatures } from '../../src/features/index.js';
import { type BuiltPerson, text } from '../support/builders.js';
import { accepted, type CustomerCompany, contextOf, customerCompany, said } from '../support/customer-company.js';
import { useDatabase } from '../support/database.js';
import { HOSTILE_WORDS } from '../support/hostile-words.js';
import { createPlatformCheck } from '../support/platform-check.js';
import { buttonsOf, cardOf, keysIn } from '../support/test-bot.js';

const database = useDatabase();

let company: CustomerCompany;
beforeEach(async () => {
  await database.reset();
  company = await customerCompany(database);
});

const press = async (id: string, payload: Record<string, string>, person: BuiltPerson = company.ana) =>
  await company.bot.as(person).press({ id: `feedback.${id}`, payload });
const posted = (): Card => {
  const [message] = company.bot.messagesIn(company.channel);
  if (!message) throw new Error('Nothing was posted.');
  return message.card;
};
const quotes = (card: Card) => (card.body ?? []).flatMap((block) => (block.kind === 'quote' ? [text(block.text)] : []));
const labels = (card: Card) => (card.facts ?? []).map((fact) => text(fact.label));
const ids = (card: Card) => buttonsOf(card).map(({ id }) => id.replace('feedback.', ''));
const questionId = async (key: string) => (await database.db.feedbackQuestion.findFirstOrThrow({ where: { key } })).id;

describe('the card in the channel', () => {
  it('shows a complaint calmly: stars, place, source, words, case, and who can take it', async () => {
    await said(company.bot, {
      stars: 1,
      words: 'The queue was endless.',
      locationId: company.location.id,
      contact: { email: 'kate@example.com' },
    });
    const card = posted();
    expect(keysIn(card.title)).toEqual(['feedback.posting.title.complaint']);
    expect(text(card.lead ?? card.summary)).toBe('★☆☆☆☆ feedback.stars(stars=1) · Old Town · feedback.source.page');
    expect(text(card.summary)).toContain('The queue was endless.');
    expect(quotes(card)).toEqual(['The queue was endless.']);
    expect(labels(card)).toContain('feedback.posting.fact.themes');
    expect(ids(card)[0]).toBe('claim');
    expect(ids(card).slice(0, 3)).toContain('contact_open');
    expect(JSON.stringify(card)).not.toContain('kate@example.com');
  });

  it('celebrates praise, and offers no contact where there is none', async () => {
    await said(company.bot, { stars: 5, words: 'The best bread in town!', language: 'de-DE' });
    const card = posted();
    expect(keysIn(card.title)).toEqual(['feedback.posting.title.praise']);
    expect(text(card.lead ?? card.summary)).toContain('feedback.in_language(language=Deutsch)');
    expect(ids(card)).not.toContain('contact_open');
    expect(ids(card)).not.toContain('claim');
  });

  it('has ratings as facts, and what was asked above each of several answers', async () => {
    await said(company.bot, {
      ratings: { courtesy: 4, recommend: 9 },
      words: undefined,
      ...{ stars: 4 },
    });
    expect(labels(posted())).toEqual(['feedback.scale.courtesy', 'feedback.scale.recommend']);
    const context = await contextOf(company.bot);
    const { id } = await accepted(company.bot, { stars: 2 });
    const [well, better] = [await questionId('went_well'), await questionId('do_better')];
    const words = [
      { questionId: well, words: 'The bread.' },
      { questionId: better, words: 'The rest.' },
    ];
    await database.db.feedback.updateMany({ where: { id }, data: { words } });
    const found = await findFeedback(database.db, company.bot.organisation.id, id);
    const card = await saidCard(context, found as Said);
    expect(card.body?.map((block) => ('text' in block ? text(block.text) : ''))).toEqual([
      'feedback.question.went_well',
      'The bread.',
      'feedback.question.do_better',
      'The rest.',
    ]);
  });

  it('shortens long words, and opens them in full, as a file when they are longer than any card', async () => {
    const long = `${'The story goes on and on. '.repeat(100)}The end.`;
    const entry = await said(company.bot, { stars: 3, words: long });
    const [quote = ''] = quotes(posted());
    expect(quote.length).toBeLessThanOrEqual(EXCERPT);
    expect(quote.endsWith('…')).toBe(true);
    expect(ids(posted()).slice(0, 3)).toContain('entry');
    const whole = await company.bot.as(company.ana).click('feedback.entry', posted());
    expect(whole.kind).toBe('whisper');
    expect(quotes(cardOf(whole))).toEqual([long]);

    const parts = await Promise.all(['went_well', 'do_better'].map(questionId));
    const words = parts.map((id, index) => ({ questionId: id, words: `${index} ${'word '.repeat(799)}`.trim() }));
    await database.db.feedback.updateMany({ where: { id: entry.id }, data: { words } });
    const file = await press('entry', { feedbackId: entry.id });
    if (file.kind !== 'file') throw new Error(file.kind);
    const content = Buffer.from(file.file.content).toString('utf8');
    expect(words.every((one) => content.includes(one.words))).toBe(true);
    expect(words.reduce((sum, one) => sum + one.words.length, 0)).toBeGreaterThan(WHOLE);
  });

  it('offers first how it went when it is over, and the customer’s contact last', async () => {
    const { bot, ana, ben } = company;
    const { caseId } = await said(bot, { stars: 2, words: 'Cold soup.', contact: { email: 'kate@example.com' } });
    await database.db.feedbackCase.updateMany({
      where: { id: caseId ?? '' },
      data: { state: 'closed', outcome: 'unconfirmed', ownerId: ana.id, closedById: ben.id, closedAt: bot.clock.now() },
    });
    const context = await contextOf(bot);
    const heard = await findFeedback(database.db, bot.organisation.id, (await database.db.feedback.findFirstOrThrow()).id);
    expect(heard && ids(await saidCard(context, heard))).toEqual(['history', 'note_open', 'case', 'contact_open', 'about']);
  });

  it('is the same for everybody, whoever took the case', async () => {
    await said(company.bot, { stars: 1, words: 'Cold soup.' });
    await company.bot.as(company.ana).click('feedback.claim', posted());
    company.bot.clock.forward({ seconds: 4 });
    await company.bot.runDue();
    expect(text({ kind: 'list', items: (posted().facts ?? []).map(({ value }) => value) })).toContain(company.ana.name);
    expect(ids(posted())).not.toContain('claim');
  });
});

describe('what came to light meanwhile', () => {
  const state = async (id: string, data: { state?: 'spam' | 'private' | 'held'; words?: []; strippedAt?: Date }) => {
    await database.db.feedback.updateMany({ where: { id }, data });
    await database.db.delivery.updateMany({ data: { refreshDueAt: company.bot.clock.now() } });
    await company.bot.runDue();
  };

  it.each(['spam', 'private', 'held'] as const)('takes the words out of the channel: %s', async (changed) => {
    const entry = await said(company.bot, { stars: 3, words: 'Something that was said.' });
    await state(entry.id, { state: changed });
    expect(JSON.stringify(posted())).not.toContain('Something that was said.');
    expect(keysIn(posted())).toContain('feedback.posting.withdrawn');
    expect(buttonsOf(posted())).toEqual([]);
  });

  it('says so when words and contact were removed, and keeps the figures', async () => {
    const entry = await said(company.bot, { stars: 3, words: 'Something that was said.' });
    await state(entry.id, { words: [], strippedAt: company.bot.clock.now() });
    expect(keysIn(posted().body)).toEqual(['feedback.posting.stripped']);
    expect(text(posted().lead ?? posted().summary)).toContain('feedback.stars(stars=3)');
  });

  it.each(['spam', 'private', 'stripped'] as const)('keeps it from going out: %s', async (changed) => {
    const entry = await said(company.bot, { stars: 3, words: 'Something that was said.' });
    await database.db.delivery.updateMany({
      data: { state: 'pending', sentAt: null, externalId: null, attempts: 0, claimedBy: null, settledAt: null },
    });
    const data = changed === 'stripped' ? { strippedAt: company.bot.clock.now() } : { state: changed };
    await database.db.feedback.updateMany({ where: { id: entry.id }, data });
    await company.bot.runDue();
    const [delivery] = await database.db.delivery.findMany({ where: { message: 'feedback.post' } });
    expect(delivery?.state).toBe('dropped');
  });
});

describe('one piece of feedback', () => {
  it('is found by its reference, however that is typed, by whoever may read it', async () => {
    const entry = await said(company.bot, { stars: 3, words: 'Something that was said.' });
    const typed = `${entry.reference.slice(0, 4)}-${entry.reference.slice(4)}`.toLowerCase();
    const found = await company.bot.as(company.ben).command(`customer find ${typed}`);
    expect(quotes(cardOf(found))).toEqual(['Something that was said.']);
    for (const wrong of ['customer find 00000000', 'customer find <!channel>'])
      expect(keysIn(await company.bot.as(company.ben).command(wrong))).toContain('feedback.errors.gone');
    expect(keysIn(await company.bot.as(company.ben).command('customer find'))).toContain('feedback.posting.find.how');
    await database.db.feedback.updateMany({ data: { state: 'held' } });
    expect(keysIn(await company.bot.as(company.ben).command(`customer find ${typed}`))).toContain('feedback.errors.gone');
    expect(quotes(cardOf(await company.bot.as(company.boss).command(`customer find ${typed}`)))).toEqual(['Something that was said.']);
  });

  it('shows managers more than it shows the others', async () => {
    const entry = await said(company.bot, { stars: 3, words: 'Something.', servedBy: 'the tall one', externalRef: 'CRM-7' });
    const mine = JSON.stringify(await press('entry', { feedbackId: entry.id }, company.ben));
    expect(mine).toContain('CRM-7');
    expect(mine).not.toContain('the tall one');
    expect(JSON.stringify(await press('entry', { feedbackId: entry.id }, company.boss))).toContain('the tall one');
  });

  it('is no longer shown to whom a rule sent it, when it turns out to be a complaint about them', async () => {
    const now = company.bot.clock.now();
    const organisationId = company.bot.organisation.id;
    const place = { organisationId, position: 0, createdAt: now, createdById: company.boss.id };
    await database.db.feedbackRule.create({ data: { ...place, id: company.ben.id, target: 'person', personId: company.ben.id } });
    const entry = await said(company.bot, { stars: 3, words: 'Somebody at the desk was short with me.' });
    const toBen = () => JSON.stringify(company.bot.messagesTo(company.ben).map(({ card }) => card));
    expect(toBen()).toContain('short with me');
    await database.db.feedbackConcern.create({
      data: { organisationId, feedbackId: entry.id, personId: company.ben.id, how: 'chosen', addedAt: now },
    });
    await database.db.feedback.updateMany({ data: { state: 'private', kind: 'complaint' } });
    await database.db.delivery.updateMany({ data: { refreshDueAt: now } });
    await company.bot.runDue();
    expect(toBen()).not.toContain('short with me');
    expect(keysIn(await press('entry', { feedbackId: entry.id }, company.ben))).toContain('feedback.errors.gone');
    expect(quotes(cardOf(await press('entry', { feedbackId: entry.id }, company.owner)))).toHaveLength(1);
  });

  it('goes to a person as five messages a day at most, the rest as one', async () => {
    const now = company.bot.clock.now();
    const organisationId = company.bot.organisation.id;
    await database.db.feedbackRule.create({
      data: {
        organisationId,
        id: company.ben.id,
        position: 0,
        target: 'person',
        personId: company.ben.id,
        createdAt: now,
        createdById: company.boss.id,
      },
    });
    for (let index = 0; index < 8; index++)
      await accepted(company.bot, { stars: 4, words: `Something else that number ${index} has told us.` });
    await company.bot.runDue();
    const messages = company.bot.messagesTo(company.ben);
    expect(messages).toHaveLength(5);
    expect(messages.at(-1)?.card.rows).toHaveLength(4);
    const opened = await company.bot.as(company.ben).click('feedback.entry', messages.at(-1)?.card);
    expect(quotes(cardOf(opened))).toHaveLength(1);
  });
});

describe('whatever a customer writes', () => {
  it('can’t be anything but words, on either platform, in any language of Bellhop', async () => {
    expect(HOSTILE_WORDS.length).toBeGreaterThanOrEqual(300);
    const context = await contextOf(company.bot);
    const check = createPlatformCheck(createRegistry(createFeatures({ directories: new Map() })));
    const entry = await said(company.bot, {
      stars: 1,
      words: 'Placeholder.',
      contact: { name: 'K', email: 'k@example.com' },
      locationId: company.location.id,
    });
    const kinds: readonly Kind[] = ['complaint', 'praise', 'suggestion', 'comment'];
    for (const [index, typed] of HOSTILE_WORDS.entries()) {
      const words = [{ questionId: null, words: typed }];
      const one: Said = {
        ...entry,
        words,
        servedBy: typed,
        kind: kinds[index % 4] ?? 'comment',
        pageName: typed.slice(0, 80),
        loggedByName: typed.slice(0, 80),
      };
      check.card(await saidCard(context, one), { locale: 'en', zone: 'Europe/Riga' });
    }
  }, 120_000);

  it('is cut within no character, and each answer gets its fair share', () => {
    expect(shortened('👩🏽‍🍳👩🏽‍🍳👩🏽‍🍳', 15)).toBe('👩🏽‍🍳👩🏽‍🍳…');
    expect(shortened('one two three four', 16)).toBe('one two three…');
    expect(fairShares([10, 500, 500], 310)).toEqual([10, 150, 150]);
    expect(fairShares([10, 20], 600)).toEqual([10, 20]);
  });
});
