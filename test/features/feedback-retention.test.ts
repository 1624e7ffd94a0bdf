import { beforeEach, describe, expect, it } from 'vitest';
import { keptSince } from '../../src/features/feedback/privacy/retention.js';
import { accepted, type CustomerCompany, customerCompany, said } from '../support/customer-company.js';
import { useDatabase } from '../support/database.js';
import { aCase } from '../support/feedback-cases.js';
import { type Hands, keysIn } from '../support/test-bot.js';

const database = useDatabase();
let company: CustomerCompany;
let at: { readonly owner: Hands; readonly boss: Hands };

beforeEach(async () => {
  await database.reset();
  company = await customerCompany(database);
  at = { owner: company.bot.as(company.owner), boss: company.bot.as(company.boss) };
});

const contact = { email: 'zane@example.com' };
const keptWords = async () => await database.db.feedback.count({ where: { strippedAt: null } });

describe('retention', () => {
  it('removes words and contacts when their months are over, not a minute before, and says so in the channel', async () => {
    const { bot, channel } = company;
    const heard = await said(bot, { stars: 4, words: 'A fine stay.', contact });
    bot.clock.to('2029-03-01T07:59:00Z');
    await bot.runDue();
    expect(await keptWords()).toBe(1);
    bot.clock.to('2029-03-01T08:01:00Z');
    await bot.runDue();
    const row = await database.db.feedback.findFirstOrThrow({ where: { id: heard.id } });
    expect(row).toMatchObject({ words: [], contactSealed: null, contactHash: null, stars: 4, strippedAt: bot.clock.now() });
    expect(keysIn(bot.messagesIn(channel).map(({ card }) => card))).toContain('feedback.posting.stripped');
    expect(JSON.stringify(bot.messages().map(({ card }) => card))).not.toContain('A fine stay.');
  });

  it('waits for what isn’t over: open cases, those that went on in open ones, talks', async () => {
    const { bot } = company;
    const made = await aCase(database, company, { contact });
    const merged = await aCase(database, company, { contact, words: 'The same again, an hour of waiting.' });
    await database.db.feedbackCase.updateMany({
      where: { id: merged.case.id },
      data: { state: 'closed', outcome: 'merged', mergedIntoId: made.case.id },
    });
    bot.clock.to('2029-06-01T08:00:00Z');
    await bot.runDue();
    expect(await keptWords()).toBe(2);
    await database.db.feedbackCase.updateMany({
      where: { id: made.case.id },
      data: { state: 'closed', outcome: 'unconfirmed', closedAt: bot.clock.now() },
    });
    bot.clock.forward({ minutes: 1 });
    await bot.runDue();
    expect(await keptWords()).toBe(0);
    expect(await database.db.feedbackRating.count()).toBe(2);
  });

  it('takes a resolved case that nobody closes once nothing has happened in it for as long', async () => {
    const { bot, boss } = company;
    const made = await aCase(database, company, { contact });
    const merged = await aCase(database, company, { contact, words: 'The same again, an hour of waiting.' });
    await database.db.feedbackCase.updateMany({
      where: { id: merged.case.id },
      data: { state: 'closed', outcome: 'merged', mergedIntoId: made.case.id },
    });
    bot.clock.to('2028-03-01T08:00:00Z');
    await bot.as(boss).press({ id: 'feedback.claim', payload: { caseId: made.case.id } });
    const form = await bot.as(boss).press({ id: 'feedback.resolve_open', payload: { caseId: made.case.id } });
    await bot.as(boss).submit(form, { cause: 'One desk', action: 'A second one' });
    // Two years after it came in, one after it was resolved.
    bot.clock.to('2029-06-01T08:00:00Z');
    await bot.runDue();
    expect(await keptWords()).toBe(2);
    bot.clock.to('2030-03-01T08:01:00Z');
    await bot.runDue();
    expect(await keptWords()).toBe(0);
    expect(await database.db.feedbackCase.findFirstOrThrow({ where: { id: made.case.id } })).toMatchObject({
      state: 'resolved',
      rootCause: '',
    });
  });

  it('takes a backlog by and by: many that nobody sees, few of those whose posts have to be composed anew', async () => {
    const { bot } = company;
    await database.db.$executeRaw`
      INSERT INTO feedback ("organisationId", id, reference, "onceKey", "bodyDigest", source, kind, state, quiet, words, "receivedAt")
      SELECT ${bot.organisation.id}::uuid, gen_random_uuid(), upper(lpad(to_hex(k), 8, '0')), 'k' || k, '', 'api', 'comment', 'passed', true, '[]',
        '2024-02-10T08:00:00Z'::timestamptz + k * interval '1 minute'
      FROM generate_series(1, 1200) k`;
    await database.db.$executeRaw`
      INSERT INTO delivery ("organisationId", id, "subjectKey", message, payload, priority, "channelId", state, "dueAt", "createdAt")
      SELECT "organisationId", gen_random_uuid(), 'feedback.post:' || id, 'feedback.post', '{}', 1, ${company.channel.id}::uuid, 'sent', now(), now()
      FROM feedback ORDER BY "receivedAt" LIMIT 60`;
    await bot.runDue();
    expect(await keptWords()).toBe(20);
    bot.clock.forward({ minutes: 1 });
    await bot.runDue();
    expect(await keptWords()).toBe(0);
  });

  it.each([
    ['2027-03-31T09:00:00Z', 1, 'Europe/Riga', '2027-02-28T10:00:00.000Z'],
    ['2027-04-15T09:00:00Z', 24, 'Europe/Riga', '2025-04-15T09:00:00.000Z'],
    ['2028-02-29T12:00:00Z', 12, 'UTC', '2027-02-28T12:00:00.000Z'],
  ])('at %s %i months ago in %s is %s', (now, months, zone, since) => {
    expect(keptSince(new Date(now), months, { zone }).toISOString()).toBe(since);
  });

  it('is set by owners; what would be lost at once is asked about first', async () => {
    const { bot } = company;
    await accepted(bot, { stars: 5, words: 'Long ago.', contact });
    await bot.runDue();
    bot.clock.to('2027-08-15T08:00:00Z');
    const card = await at.owner.command('customer privacy');
    const form = await at.owner.click('feedback.retention_open', card);
    expect(keysIn(await at.owner.submit(form, {}))).toContain('feedback.errors.privacy_choose');
    expect(keysIn(await at.owner.submit(form, { months: 'soon' }))).toContain('feedback.errors.privacy_choose');
    const asked = await at.owner.submit(form, { months: '3' });
    expect(keysIn(asked)).toContain('feedback.privacy.losing');
    expect((await database.db.feedbackSettings.findFirstOrThrow()).retentionMonths).toBe(24);
    expect(keysIn(await at.owner.click('feedback.retention_set', asked))).toContain('feedback.privacy.retention_saved');
    await bot.runDue();
    expect(await keptWords()).toBe(0);
    expect(keysIn(await at.owner.submit(await at.owner.click('feedback.retention_open', card), { months: 'never' }))).toContain(
      'feedback.privacy.for_ever',
    );
    expect((await database.db.feedbackSettings.findFirstOrThrow()).retentionMonths).toBeNull();
    expect(
      await database.db.auditEvent.findMany({
        where: { verb: 'feedback.retention_changed' },
        select: { data: true },
        orderBy: { at: 'asc' },
      }),
    ).toEqual([{ data: { from: 24, to: 3 } }, { data: { from: 3, to: null } }]);
    expect(keysIn(await at.boss.command('customer privacy'))).toContain('core.errors.role_needed');
  });

  it('never ends where nobody wants it to', async () => {
    const { bot } = company;
    await said(bot, { stars: 5, words: 'For ever.' });
    await database.db.feedbackSettings.updateMany({ data: { retentionMonths: null } });
    bot.clock.to('2047-03-01T08:00:00Z');
    await bot.runDue();
    expect(await keptWords()).toBe(1);
  });
});

it('history that is older than the months loses its words, but not its themes', async () => {
  const { bot } = company;
  await accepted(bot, {
    stars: 2,
    words: 'A long queue.',
    contact,
    quiet: true,
    source: 'csv',
    happenedAt: new Date('2021-05-01T10:00:00Z'),
  });
  await bot.runDue();
  bot.clock.forward({ minutes: 1 });
  await bot.runDue();
  expect(await keptWords()).toBe(0);
  expect(await database.db.feedbackAbout.count()).toBe(1);
});
