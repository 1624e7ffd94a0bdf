import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { linkOf } from '../../src/features/feedback/replying/link.js';
import { findCase } from '../../src/features/feedback/store-cases.js';
import { type CustomerCompany, customerCompany, said } from '../support/customer-company.js';
import { type CustomersDoor, openCustomersDoor } from '../support/customer-page.js';
import { useDatabase } from '../support/database.js';
import { PUBLIC_URL } from '../support/feature-door.js';
import { keysIn } from '../support/test-bot.js';

const database = useDatabase();
let company: CustomerCompany;
let door: CustomersDoor;
let caseId: string;
let link: string;

beforeAll(async () => {
  door = await openCustomersDoor(() => company.bot);
});
afterAll(async () => await door.close(100));
beforeEach(async () => {
  await database.reset();
  company = await customerCompany(database, undefined, { mail: 'recording', setup: { publicUrl: PUBLIC_URL } });
  const { caseId: opened } = await said(company.bot, {
    stars: 1,
    words: 'The soup was <b>cold</b>.',
    contact: { email: 'zane@customers.example' },
    language: 'en',
  });
  caseId = opened ?? '';
  await claim();
  link = await linkNow();
});

/** Without the card that a click answers with. */
const claim = async () =>
  await database.db.feedbackCase.updateMany({
    where: { id: caseId },
    data: { state: 'claimed', ownerId: company.ana.id, claimedAt: company.bot.clock.now() },
  });
const load = async () => {
  const found = await findCase(database.db, company.bot.organisation.id, caseId);
  if (!found) throw new Error('The case is gone.');
  return found;
};
const linkNow = async () => linkOf(company.bot.work, await load()) ?? '';
const set = async (data: object) => await database.db.feedbackCase.updateMany({ where: { id: caseId }, data });
const messages = async () => await database.db.feedbackMessage.findMany({ where: { caseId }, orderBy: { at: 'asc' } });
const news = () => company.bot.messagesTo(company.ana).filter(({ card }) => keysIn(card.lead).includes('feedback.news.answered'));

describe('A customer’s private page', () => {
  it('shows what they said and how it stands, and nothing of ours', async () => {
    await set({ rootCause: 'The stove', actionTaken: 'It was repaired' });
    const page = await door.open(link);
    expect(page.status).toBe(200);
    expect(page.words).toContain('We have your feedback and are looking into it.');
    expect(page.words).toContain('The soup was <b>cold</b>.');
    expect(page.html).not.toMatch(/stove|repaired|Anna|Kalna|zane@/);
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect(page.headers.get('x-robots-tag')).toBe('noindex');
    expect(page.headers.get('set-cookie')).toBeNull();
  });

  it('speaks the customer’s language, and another one when it is switched to', async () => {
    await database.db.feedback.updateMany({ data: { language: 'lv' } });
    const own = await door.open(link, 'de');
    expect(own.html).toMatch(/<html[^>]*lang="lv"/);
    expect((await door.open(`${link}?lang=en`, 'de')).html).toMatch(/<html[^>]*lang="en"/);
    const sent = await door.send(await door.open(`${link}?lang=en`), { words: 'Hello?' });
    expect([sent.path.includes('lang=en'), sent.html.includes('Thank you!')]).toEqual([true, true]);
  });

  it('takes an answer once, however often it is sent, and tells the owner', async () => {
    const page = await door.open(link);
    const [first, second] = await Promise.all([
      door.send(page, { words: 'When will you call?' }),
      door.send(page, { words: 'When will you call?' }),
    ]);
    const third = await door.send(page, { words: 'When will you call?' });
    expect([first.status, second.status, third.status]).toEqual([200, 200, 200]);
    expect(third.html).toContain('whoever looks after this has been told');
    expect(third.words).toContain('When will you call?');
    await company.bot.runDue();
    expect((await messages()).map(({ direction, words, byId }) => [direction, words, byId])).toEqual([['in', 'When will you call?', null]]);
    expect(news()).toHaveLength(1);
    expect(JSON.stringify(news()[0]?.card)).toContain('When will you call?');
    expect(await database.db.feedbackCaseEvent.count({ where: { caseId, kind: 'answered' } })).toBe(1);
  });

  it('shows the conversation with first names', async () => {
    await database.db.feedbackMessage.create({
      data: {
        organisationId: company.bot.organisation.id,
        id: caseId,
        caseId,
        direction: 'out',
        words: 'We are sorry.',
        at: company.bot.clock.now(),
        byId: company.ana.id,
        onceKey: 'out:1',
      },
    });
    const page = await door.open(link);
    expect(page.words).toContain('Anna, Bakery Rieksts');
    expect(page.html).not.toContain('Kalna');
  });

  it('keeps what was typed when something is missing or too long', async () => {
    const page = await door.open(link);
    const empty = await door.send(page, { words: '  ' });
    expect([empty.status, empty.html.includes('Write something first.')]).toEqual([422, true]);
    const long = await door.send(page, { words: `Beginning ${'x'.repeat(4_000)}` });
    expect([long.status, long.html.includes('Beginning xxx')]).toEqual([422, true]);
    const machine = await door.send(page, { words: 'Cheap watches', website: 'https://spam.example' });
    expect([machine.status, machine.html.includes('Cheap watches')]).toEqual([422, true]);
    expect(await messages()).toHaveLength(0);
  });

  it('takes ten messages a day, and goes on the next day', async () => {
    for (let index = 1; index <= 10; index++) await door.send(await door.open(link), { words: `Message ${index}` });
    const page = await door.open(link);
    expect((await door.send(page, { words: 'One more' })).status).toBe(429);
    expect(await messages()).toHaveLength(10);
    company.bot.clock.to('2027-03-02T09:00:00Z');
    expect((await door.send(await door.open(link), { words: 'One more' })).status).toBe(200);
    expect(await messages()).toHaveLength(11);
  });

  it('keeps answers to a case that is closed, and tells the owner', async () => {
    await set({ state: 'closed', closedAt: company.bot.clock.now(), outcome: 'confirmed' });
    const page = await door.open(link);
    expect(page.words).toContain('You told us that it is put right.');
    const sent = await door.send(page, { words: 'It is cold again.' });
    expect(sent.status).toBe(200);
    await company.bot.runDue();
    expect((await load()).state).toBe('closed');
    expect(news()).toHaveLength(1);
  });

  it('loses nothing of who goes back in the browser and writes something else', async () => {
    const page = await door.open(link);
    for (const words of ['Thank you.', 'And the coat is still here.', 'Thank you.']) await door.send(page, { words });
    expect((await messages()).map((message) => message.words).sort()).toEqual(['And the coat is still here.', 'Thank you.']);
  });

  it('doesn’t need the form’s ticket, and writes the same words once', async () => {
    for (let index = 0; index < 2; index++) {
      const answer = await door.fetch(link, {
        method: 'POST',
        body: new URLSearchParams({ form: 'answer', words: 'By hand' }),
        redirect: 'manual',
      });
      expect(answer.status).toBe(303);
    }
    expect(await messages()).toHaveLength(1);
  });
});

describe('The page of a case that was merged', () => {
  let survivor: string;
  beforeEach(async () => {
    const other = await said(company.bot, { stars: 1, words: 'Icy broth, said another guest.' });
    survivor = other.caseId ?? '';
    await database.db.feedbackCase.updateMany({ where: { id: survivor }, data: { state: 'claimed', ownerId: company.ana.id } });
    await set({ state: 'closed', outcome: 'merged', mergedIntoId: survivor, closedAt: company.bot.clock.now() });
  });

  it('takes words to whoever looks after the case that it went into, and shows nothing of that one', async () => {
    const page = await door.open(link);
    expect(page.words).toContain('together with another message');
    expect(page.words).not.toContain('broth');
    const sent = await door.send(page, { words: 'And the bread was hard.' });
    expect([sent.status, sent.words.includes('And the bread was hard.')]).toEqual([200, true]);
    await company.bot.runDue();
    expect((await messages()).map(({ words }) => words)).toEqual(['And the bread was hard.']);
    expect(await database.db.feedbackCaseEvent.count({ where: { caseId: survivor, kind: 'answered' } })).toBe(1);
    expect(news()).toHaveLength(1);
    const [card] = news();
    expect(JSON.stringify(card)).toContain('And the bread was hard.');
    expect(keysIn(card)).toContain('feedback.reply.other_customer');
    const others = await database.db.feedbackCase.findUniqueOrThrow({
      where: { organisationId_id: { organisationId: company.bot.organisation.id, id: survivor } },
    });
    expect((await door.open(linkOf(company.bot.work, others) ?? '')).words).not.toContain('bread');
  });

  it('is over with that one', async () => {
    expect((await door.open(link)).html).not.toContain('name="right"');
    await database.db.feedbackCase.updateMany({ where: { id: survivor }, data: { state: 'closed', closedAt: company.bot.clock.now() } });
    company.bot.clock.to('2027-05-01T08:00:00Z');
    expect((await door.open(link)).status).toBe(410);
  });
});

describe('A link that leads nowhere', () => {
  it.each([
    ['another case’s', (token: string) => token.replace(/^\/c\/./, (start) => start.slice(0, -1) + (start.endsWith('0') ? '1' : '0'))],
    ['changed', (token: string) => `${token.slice(0, -1)}${token.endsWith('0') ? '1' : '0'}`],
    ['cut off', (token: string) => token.slice(0, -5)],
    ['nonsense', () => '/c/%F0%9F%8E%89'],
    ['an injection', () => "/c/' OR 1=1 --"],
  ])('says the same whatever is wrong: %s', async (_, change) => {
    const page = await door.open(change(link.replace(PUBLIC_URL, '')));
    expect([page.status, page.html.includes('Open the link in the newest e-mail')]).toEqual([404, true]);
    expect(page.html).not.toContain('soup');
  });

  it('is over once there is a new one', async () => {
    await set({ linkNonce: 'another' });
    expect((await door.open(link)).status).toBe(404);
    expect((await door.open(await linkNow())).status).toBe(200);
  });

  it('is over 60 days after the end, and when everything was removed', async () => {
    await set({ state: 'closed', closedAt: company.bot.clock.now(), outcome: 'unconfirmed' });
    company.bot.clock.to('2027-04-29T08:00:00Z');
    const page = await door.open(link);
    expect(page.status).toBe(200);
    company.bot.clock.to('2027-05-01T08:00:00Z');
    expect((await door.open(link)).status).toBe(410);
    expect((await door.send(page, { words: 'Late' })).status).toBe(410);
    await set({ state: 'open', outcome: null, closedAt: null });
    await database.db.feedback.updateMany({ data: { strippedAt: company.bot.clock.now() } });
    const stripped = await door.open(link);
    expect([stripped.status, stripped.html.includes('was removed')]).toEqual([410, true]);
    expect(await messages()).toHaveLength(0);
  });
});
