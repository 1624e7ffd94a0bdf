import pg from 'pg';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { BUCKET_MS } from '../../src/features/feedback/intake/wake-sorting.js';
import type { Doubt } from '../../src/features/feedback/model.js';
import { type Decision, decide, type Facts } from '../../src/features/feedback/sorting/decide.js';
import { BATCH, sortBatch } from '../../src/features/feedback/sorting/sort.js';
import { accepted, type CustomerCompany, contextOf, customerCompany, said } from '../support/customer-company.js';
import { useDatabase } from '../support/database.js';

const database = useDatabase();

describe('what becomes of feedback', () => {
  const anna = { personId: 'anna', how: 'named', sure: true } as const;
  const facts: Facts = { kind: 'comment', stars: 4, lowStars: 2, doubts: [], named: [], unclear: false, quiet: false };
  const nothing: Decision = { state: 'passed', follow: 'none', talks: false, celebrates: false, waits: false };

  it.each<readonly [string, Partial<Facts>, Partial<Decision>]>([
    ['is passed on', {}, {}],
    ['is passed on and followed: a complaint', { kind: 'complaint' }, { follow: 'open' }],
    ['is passed on and followed: few stars', { stars: 2 }, { follow: 'open' }],
    ['isn’t followed without stars', { stars: null }, {}],
    [
      'waits when it is doubted, whatever it says',
      { kind: 'complaint', doubts: ['repeated'], named: [anna] },
      { state: 'doubtful', waits: true },
    ],
    [
      'is private: a complaint about a colleague',
      { kind: 'complaint', named: [anna] },
      { state: 'private', follow: 'private', talks: true },
    ],
    ['is private: few stars and a name', { stars: 1, named: [anna] }, { state: 'private', follow: 'private', talks: true }],
    [
      'waits, and is followed meanwhile: a complaint that may be about a colleague',
      { kind: 'complaint', named: [{ ...anna, sure: false }] },
      { state: 'held', follow: 'private', waits: true },
    ],
    ['waits likewise: a name of many', { stars: 1, unclear: true }, { state: 'held', follow: 'private', waits: true }],
    [
      'waits, and is celebrated: praise of a colleague',
      { kind: 'praise', named: [anna] },
      { state: 'held', celebrates: true, waits: true },
    ],
    ['waits: praise of somebody unsure', { kind: 'praise', named: [anna, { ...anna, sure: false }] }, { state: 'held', waits: true }],
    ['waits: other words that name a colleague', { kind: 'suggestion', named: [anna] }, { state: 'held', waits: true }],
    ['is told to nobody: history', { kind: 'complaint', quiet: true, doubts: ['repeated'] }, {}],
    ['is private: a complaint about a colleague in history', { kind: 'complaint', quiet: true, named: [anna] }, { state: 'private' }],
    ['is told to nobody: praise in history', { kind: 'praise', quiet: true, named: [anna] }, {}],
  ])('%s', (_, given, becomes) => {
    expect(decide({ ...facts, ...given })).toEqual({ ...nothing, ...becomes });
  });
});

describe('sorting', () => {
  let company: CustomerCompany;
  beforeEach(async () => {
    await database.reset();
    company = await customerCompany(database);
  });

  const states = async () => (await database.db.feedback.findMany({ orderBy: { receivedAt: 'asc' } })).map(({ state }) => state);
  const batch = async () => {
    const context = await contextOf(company.bot);
    return await database.db.$transaction(async (tx) => await sortBatch({ ...context, tx }), { timeout: 60_000 });
  };

  it('passes on to the channel what names nobody, with the themes that its words suggest', async () => {
    const { bot, channel } = company;
    const entry = await said(bot, { stars: 4, words: 'We waited long, and then we left.' });
    expect(entry).toMatchObject({ state: 'passed', channelId: channel.id, kind: 'praise', stars: 4, caseId: null });
    expect(entry.themes.map(({ key }) => key)).toEqual(['waiting']);
    expect(bot.messagesIn(channel)).toHaveLength(1);
  });

  it('opens a case for a complaint, before the channel sees it', async () => {
    const { bot, channel } = company;
    const entry = await said(bot, { stars: 1, words: 'The floor was dirty.' });
    expect(entry.caseId).not.toBeNull();
    expect(await database.db.feedbackCase.findFirst()).toMatchObject({ private: false, number: 1, feedbackId: entry.id });
    expect(bot.messagesIn(channel)).toHaveLength(1);
  });

  it('keeps a complaint about a colleague from every channel: a talk, a private case', async () => {
    const { bot, ana, boss } = company;
    const entry = await said(bot, { stars: 1, words: 'Anna Kalna shouted at us.' });
    expect(entry).toMatchObject({ state: 'private', concerns: [{ personId: ana.id, how: 'named' }], channelId: null });
    expect(await database.db.feedbackTalk.findMany()).toMatchObject([{ personId: ana.id, lineId: boss.id }]);
    expect(await database.db.feedbackCase.findFirst()).toMatchObject({ private: true });
    expect(bot.messages().filter(({ to }) => to.kind === 'channel')).toEqual([]);
    expect(bot.messagesTo(ana)).toEqual([]);
  });

  it('takes who served for whom it is about', async () => {
    const entry = await said(company.bot, { stars: 2, words: 'Slow.', servedBy: 'Anna' });
    expect(entry).toMatchObject({ state: 'private', concerns: [{ personId: company.ana.id, how: 'served' }] });
  });

  it('brings praise of a colleague to the managers, and holds the words', async () => {
    const { bot, channel } = company;
    const entry = await said(bot, { stars: 5, words: 'Anna Kalna was wonderful.' });
    expect(entry.state).toBe('held');
    expect(await database.db.praiseProposal.findMany()).toMatchObject([
      { sourceKey: `feedback:${entry.id}`, quote: 'Anna Kalna was wonderful.' },
    ]);
    expect(bot.messagesIn(channel)).toEqual([]);
  });

  it('goes to an owner where there is neither a rule nor a channel', async () => {
    const { bot, owner } = company;
    await database.db.feedbackSettings.updateMany({ data: { channelId: null } });
    await database.db.organisation.updateMany({ data: { managersChannelId: null } });
    const entry = await said(bot, { stars: 3, words: 'So so.' });
    expect(entry).toMatchObject({ state: 'passed', channelId: null, personId: owner.id });
    expect(bot.messagesTo(owner)).not.toEqual([]);
  });

  it('takes the same words from a public door for a repeat, and from staff for what they are', async () => {
    const { bot, boss } = company;
    const words = 'The same long words again and again';
    const first = await said(bot, { stars: 3, words });
    bot.clock.forward({ hours: 23 });
    expect(await said(bot, { stars: 3, words: ` ${words.toUpperCase()}!!` })).toMatchObject({ state: 'doubtful', doubts: ['repeated'] });
    expect(await said(bot, { stars: 3, words, source: 'phone', loggedById: boss.id })).toMatchObject({ state: 'passed' });
    expect(await said(bot, { stars: 3, words, source: 'api' })).toMatchObject({ state: 'passed' });
    bot.clock.forward({ hours: 25 });
    expect(await said(bot, { stars: 3, words })).toMatchObject({ state: 'passed' });
    expect(first.state).toBe('passed');
  });

  it('takes short words, which many say, for a repeat only when they follow at once with the same stars', async () => {
    const { bot } = company;
    await said(bot, { stars: 5, words: 'Very good' });
    expect(await said(bot, { stars: 4, words: 'Very good' })).toMatchObject({ state: 'passed' });
    expect(await said(bot, { stars: 5, words: 'Very good' })).toMatchObject({ state: 'doubtful' });
    bot.clock.forward({ minutes: 11 });
    expect(await said(bot, { stars: 5, words: 'Very good' })).toMatchObject({ state: 'passed' });
  });

  it('keeps what a door doubted', async () => {
    const doubts: readonly Doubt[] = ['hidden_field', 'too_quick'];
    expect(await said(company.bot, { words: 'Buy now', doubts })).toMatchObject({ state: 'doubtful', doubts });
  });

  it('is done by the job alone, also for what comes in while the job is at work', async () => {
    const { bot } = company;
    await accepted(bot, { words: 'One thing' });
    await accepted(bot, { words: 'Another thing' });
    expect(await database.db.job.count({ where: { kind: 'feedback.sort' } })).toBe(1);
    const [job] = await database.db.job.findMany({ where: { kind: 'feedback.sort' } });
    expect(job?.payload).toEqual({ until: Math.floor(bot.clock.now().getTime() / BUCKET_MS) * BUCKET_MS + BUCKET_MS });
    await bot.runDue();
    expect(await states()).toEqual(['passed', 'passed']);
    expect(await database.db.job.findFirst({ where: { kind: 'feedback.sort' } })).toMatchObject({ state: 'pending' });
    bot.clock.forward({ seconds: 1 });
    await bot.runDue();
    expect(await database.db.job.findFirst({ where: { kind: 'feedback.sort' } })).toMatchObject({ state: 'done' });
  });

  it('isolates what can’t be sorted, sorts the others, and tries again later', async () => {
    const { bot } = company;
    await accepted(bot, { words: 'fine before' });
    const poison = await accepted(bot, { words: 'poison' });
    await accepted(bot, { words: 'fine after' });
    await database.db.$executeRaw`UPDATE feedback SET words = '"broken"' WHERE id = ${poison.id}::uuid`;
    expect(await batch()).toBe(3);
    expect((await states()).sort()).toEqual(['fresh', 'passed', 'passed']);
    expect(await database.db.feedback.findFirst({ where: { id: poison.id } })).toMatchObject({ state: 'fresh' });
    expect(await batch()).toBe(0);
    await database.db.$executeRaw`UPDATE feedback SET words = '[]' WHERE id = ${poison.id}::uuid`;
    bot.clock.forward({ minutes: 6 });
    expect(await batch()).toBe(1);
    expect(await states()).toEqual(['passed', 'passed', 'passed']);
  });

  it('does everything once when two processes sort at the same time, and nothing when one dies in the middle', async () => {
    const { bot } = company;
    for (let index = 0; index < 8; index++) await accepted(bot, { stars: 1, words: `Dirty floor number ${index}` });
    const context = await contextOf(bot);
    const dies = database.db.$transaction(async (tx) => {
      await sortBatch({ ...context, tx });
      throw new Error('killed');
    });
    await expect(dies).rejects.toThrow('killed');
    expect(new Set(await states())).toEqual(new Set(['fresh']));
    await Promise.all([batch(), batch(), batch()]);
    await batch();
    expect(new Set(await states())).toEqual(new Set(['passed']));
    expect(await database.db.feedbackCase.count()).toBe(8);
    const posts = await database.db.delivery.findMany({ where: { message: { in: ['feedback.post', 'feedback.bundle'] } } });
    expect(new Set(posts.map(({ subjectKey }) => subjectKey)).size).toBe(posts.length);
  });

  it('counts history and tells nobody of it', async () => {
    const { bot, boss } = company;
    const happenedAt = new Date('2026-05-05T10:00:00Z');
    const entry = await said(bot, { stars: 1, words: 'Dirty floor', source: 'csv', loggedById: boss.id, quiet: true, happenedAt });
    expect(entry).toMatchObject({ state: 'passed', channelId: null, personId: null, caseId: null, receivedAt: happenedAt });
    expect(entry.themes.map(({ key }) => key)).toEqual(['cleanliness']);
    expect(bot.messages()).toEqual([]);
  });

  it('takes what an import brought after everything else', async () => {
    const { bot } = company;
    const importId = '00000000-0000-7000-8000-000000000001';
    for (let index = 0; index < BATCH; index++)
      await accepted(bot, { stars: 3, words: `Line ${index} of a file`, source: 'csv', importId });
    bot.clock.forward({ seconds: 1 });
    const { id } = await accepted(bot, { stars: 3, words: 'A customer who is here now' });
    expect(await batch()).toBe(BATCH);
    expect(await database.db.feedback.findFirst({ where: { id } })).toMatchObject({ state: 'passed' });
    expect(await batch()).toBe(1);
  });

  it('takes as many statements for a batch as for one', async () => {
    const { bot } = company;
    const statements = async (): Promise<number> => {
      const query = vi.spyOn(pg.Client.prototype, 'query');
      await batch();
      const { length } = query.mock.calls;
      query.mockRestore();
      return length;
    };
    const add = async (many: number) => {
      for (let index = 0; index < many; index++) await accepted(bot, { stars: 3, words: `The queue was long ${index} ${many}` });
    };
    await add(5);
    const few = await statements();
    await add(BATCH);
    // A bundle of the channel's messages takes a few more.
    expect(await statements()).toBeLessThan(few + 20);
    expect(new Set(await states())).toEqual(new Set(['passed']));
  });
});
