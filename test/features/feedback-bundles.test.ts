import { beforeEach, describe, expect, it } from 'vitest';
import { BUNDLE_MOST, BUNDLE_OPEN_MS, OWN_CARDS, OWN_CASES } from '../../src/features/feedback/posting/model.js';
import { divide, postMany } from '../../src/features/feedback/posting/post.js';
import { inTransaction } from '../../src/people/db.js';
import type { BuiltPerson } from '../support/builders.js';
import { accepted, type CustomerCompany, contextOf, customerCompany, type SaidOverrides, said } from '../support/customer-company.js';
import { useDatabase } from '../support/database.js';
import { cardOf, keysIn } from '../support/test-bot.js';

const database = useDatabase();

let company: CustomerCompany;
beforeEach(async () => {
  await database.reset();
  company = await customerCompany(database);
});

/** Many that come at the same moment. @returns their ids */
async function rush(count: number, of: (index: number) => SaidOverrides): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let index = 0; index < count; index++) ids.push((await accepted(company.bot, of(index))).id);
  return ids;
}

const comment = (index: number): SaidOverrides => ({ stars: 3, words: `This is what customer ${index} says about the bread.` });
const complaint = (index: number): SaidOverrides => ({ stars: 1, words: `This is what customer ${index} complains about.` });

const shared = () => company.bot.messagesIn(company.channel);
const rows = async () =>
  await database.db.feedback.findMany({
    select: { id: true, bundleId: true, state: true },
    orderBy: [{ receivedAt: 'asc' }, { id: 'asc' }],
  });
const deliveries = async () => await database.db.delivery.findMany({ where: { message: { in: ['feedback.post', 'feedback.bundle'] } } });

/** In how many messages of the channel each entry is. */
async function shownIn(): Promise<readonly number[]> {
  const keys = (await deliveries()).map(({ subjectKey }) => subjectKey);
  return (await rows()).map(
    ({ id, bundleId }) => keys.filter((subject) => subject === `feedback.post:${id}` || subject === `feedback.bundle:${bundleId}`).length,
  );
}

const press = async (id: string, payload: Record<string, string | number | boolean>, person: BuiltPerson = company.ana) =>
  await company.bot.as(person).press({ id: `feedback.${id}`, payload });

describe('who gets a card of their own', () => {
  const entries = (count: number, hasCase: boolean) => Array.from({ length: count }, (_, index) => ({ id: String(index), hasCase }));

  it('are the first ones, and cases for longer', () => {
    expect(divide(entries(10, false), 0).own).toHaveLength(OWN_CARDS + 1);
    expect(divide(entries(10, false), OWN_CARDS + 1).own).toHaveLength(0);
    expect(divide(entries(50, true), 0).own).toHaveLength(OWN_CASES + 1);
    expect(divide(entries(50, true), OWN_CASES).own).toHaveLength(1);
    const mixed = divide([...entries(4, true), ...entries(2, false)], 0);
    expect(mixed.own.map(({ hasCase }) => hasCase)).toEqual([true, true, true, true]);
    expect(mixed.together).toHaveLength(2);
  });
});

describe('a rush', () => {
  it('comes in few messages, each entry in exactly one', async () => {
    await rush(60, comment);
    await company.bot.runDue();
    expect(new Set((await rows()).map(({ state }) => state))).toEqual(new Set(['passed']));
    expect(await shownIn()).toEqual(Array.from({ length: 60 }, () => 1));
    const bundles = await database.db.feedbackBundle.findMany();
    expect(bundles.map(({ count }) => count).sort((one, other) => other - one)).toEqual([25, 25, 6]);
    const full = shared().find(({ card }) => keysIn(card.body).includes('feedback.posting.bundle.in_short'))?.card;
    expect(JSON.stringify(full?.body?.[0])).toContain('"count":18');
    expect(keysIn(full?.body?.at(-1))).toEqual(['feedback.posting.bundle.first']);
    expect(shared()).toHaveLength(OWN_CARDS + 1 + 3);
    // Whoever looks into the channel finds how each of them begins, once.
    const channel = shared().map(({ card }) => JSON.stringify([card.body, card.rows]));
    const found = Array.from({ length: 60 }, (_, index) => channel.filter((card) => card.includes(`customer ${index} says`)).length);
    expect(found).toEqual(Array.from({ length: 60 }, () => 1));
  });

  it('of complaints is bundled too, and each case can be taken from its row', async () => {
    await rush(40, complaint);
    await company.bot.runDue();
    expect(await database.db.feedbackCase.count()).toBe(40);
    expect(await shownIn()).toEqual(Array.from({ length: 40 }, () => 1));
    expect(shared()).toHaveLength(OWN_CASES + 1 + 1);
    const bundle = shared().find(({ card }) => card.rows);
    expect(keysIn(bundle?.card)).toContain('feedback.posting.bundle.unowned');
    const opened = await company.bot.as(company.ana).click('feedback.entry', bundle?.card);
    expect(opened.kind).toBe('whisper');
    await company.bot.as(company.ana).click('feedback.claim', opened);
    company.bot.clock.forward({ seconds: 4 });
    await company.bot.runDue();
    const rowsNow = shared().find(({ deliveryId }) => deliveryId === bundle?.deliveryId)?.card;
    expect(JSON.stringify(rowsNow?.lead)).toContain('"count":18');
  });

  it('fills the bundle that has room, which is shown as it grows, until it is too old', async () => {
    await rush(10, comment);
    await company.bot.runDue();
    const [bundle] = await database.db.feedbackBundle.findMany();
    expect(bundle?.count).toBe(6);
    // Nothing waits any more: the next one has a card of its own.
    await said(company.bot, comment(10));
    expect(shared()).toHaveLength(6);
    const context = await contextOf(company.bot);
    const more = async (from: number) => await rush(10, (index) => comment(index + from));
    const rise = async (ids: readonly string[]) =>
      await inTransaction(database.db, async (tx) => {
        const posts = ids.map((feedbackId) => ({ feedbackId, to: { channelId: company.channel.id } }));
        await tx.feedback.updateMany({ where: { id: { in: [...ids] } }, data: { state: 'passed', channelId: company.channel.id } });
        await postMany(context, tx, posts, company.bot.clock.now());
      });
    const first = await more(20);
    await rise(first);
    expect((await database.db.feedbackBundle.findMany()).map(({ count }) => count)).toEqual([12]);
    company.bot.clock.forward({ seconds: 4 });
    await company.bot.runDue();
    const card = shared().find((message) => message.card.rows)?.card;
    expect(JSON.stringify(card?.title)).toContain('"count":12');
    company.bot.clock.forward({ seconds: BUNDLE_OPEN_MS / 1_000 });
    const second = await more(30);
    await rise(second);
    expect((await database.db.feedbackBundle.findMany({ orderBy: { openedAt: 'asc' } })).map(({ count }) => count)).toEqual([12, 6]);
    // Once more the same: nothing is posted twice.
    await rise([...first, ...second]);
    expect((await database.db.feedbackBundle.findMany({ orderBy: { openedAt: 'asc' } })).map(({ count }) => count)).toEqual([12, 6]);
  });

  it('is shared out between processes without one waiting for another, nothing lost or twice', async () => {
    const ids = await rush(120, comment);
    const context = await contextOf(company.bot);
    await database.db.feedback.updateMany({ data: { state: 'passed', channelId: company.channel.id } });
    const now = company.bot.clock.now();
    const batches = Array.from({ length: 8 }, (_, index) => ids.slice(index * 15, index * 15 + 15));
    await Promise.all(
      batches.map(
        async (batch) =>
          await inTransaction(database.db, async (tx) => {
            for (const part of [batch.slice(0, 5), batch.slice(5)]) {
              await postMany(
                context,
                tx,
                part.map((feedbackId) => ({ feedbackId, to: { channelId: company.channel.id } })),
                now,
              );
            }
          }),
      ),
    );
    expect(await shownIn()).toEqual(Array.from({ length: 120 }, () => 1));
    const bundles = await database.db.feedbackBundle.findMany();
    expect(Math.max(...bundles.map(({ count }) => count))).toBeLessThanOrEqual(BUNDLE_MOST);
    const bundled = (await rows()).filter(({ bundleId }) => bundleId !== null).length;
    expect(bundles.reduce((sum, { count }) => sum + count, 0)).toBe(bundled);
    expect(bundles.length).toBeLessThanOrEqual(16);
  });
});

describe('a bundle', () => {
  it('is turned page by page beside the message, by whoever may look into the channel', async () => {
    await rush(30, comment);
    await company.bot.runDue();
    const bundle = shared().find(({ card }) => card.rows?.length === 7);
    const more = await company.bot.as(company.ana).click('feedback.bundled', bundle?.card);
    expect(more.kind).toBe('whisper');
    expect(cardOf(more).rows).toHaveLength(7);
    const next = await company.bot.as(company.ana).click('feedback.bundled', more);
    expect(next.kind).toBe('update');
    await database.db.channel.update({
      where: { organisationId_id: { organisationId: company.bot.organisation.id, id: company.channel.id } },
      data: { isPrivate: true },
    });
    const stranger = await company.bot.person({ name: 'Zane' });
    const [row] = await database.db.feedbackBundle.findMany();
    expect(keysIn(await press('bundled', { bundleId: row?.id ?? '' }, stranger))).toContain('feedback.errors.gone');
    expect(cardOf(await press('bundled', { bundleId: row?.id ?? '', offset: 900 }, company.ana)).rows?.length).toBeGreaterThan(0);
  });

  it('of one looks as that one would by itself', async () => {
    await rush(OWN_CARDS + 2, comment);
    await company.bot.runDue();
    expect(await database.db.feedbackBundle.findMany()).toMatchObject([{ count: 1 }]);
    expect(shared()).toHaveLength(OWN_CARDS + 2);
    expect(shared().flatMap(({ card }) => card.rows ?? [])).toEqual([]);
    expect(new Set(shared().map(({ card }) => keysIn(card.title)[0]))).toEqual(new Set(['feedback.posting.title.comment']));
  });

  it('shows no more what turns out to be private or spam, and goes when nothing is left', async () => {
    const ids = await rush(6, comment);
    await company.bot.runDue();
    const [bundle] = await database.db.feedbackBundle.findMany();
    expect(bundle?.count).toBe(2);
    await database.db.feedback.updateMany({ where: { id: { in: [...ids] } }, data: { state: 'spam' } });
    const card = cardOf(await press('bundled', { bundleId: bundle?.id ?? '' }));
    expect(keysIn(card)).toEqual(['feedback.posting.withdrawn', 'feedback.posting.withdrawn']);
  });
});
