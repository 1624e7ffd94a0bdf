import { beforeEach, expect, it } from 'vitest';
import type { Answer } from '../../src/core/reply.js';
import { accepted, type CustomerCompany, customerCompany } from '../support/customer-company.js';
import { useDatabase } from '../support/database.js';
import { keysIn } from '../support/test-bot.js';

const database = useDatabase();
let company: CustomerCompany;

beforeEach(async () => {
  await database.reset();
  company = await customerCompany(database);
});

const csvOf = (answer: Answer): string => {
  if (answer.kind !== 'file') throw new Error(`No file: ${JSON.stringify(answer)}`);
  return Buffer.from(answer.file.content).toString('utf8');
};

it('holds what customers said in a month, runs no formula, and has no contact', async () => {
  const { bot, boss, location } = company;
  await accepted(bot, {
    stars: 2,
    ratings: { recommend: 0, courtesy: 4 },
    words: '=HYPERLINK("http://evil.example"), the queue\n"was" long',
    locationId: location.id,
    contact: { name: 'Zane Zeltiņa', email: 'zane@example.com', phone: '+371 20000000' },
  });
  await accepted(bot, { stars: 5, source: 'phone', words: '@SUM(1+1)' });
  await bot.runDue();
  bot.clock.forward({ days: 1 });
  const answer = await bot.as(boss).command('customer export 2027-03');
  const csv = csvOf(answer);
  expect(answer.kind === 'file' && answer.file.name).toBe('feedback-2027-03.csv');
  expect(keysIn(answer)).toContain('feedback.export.ready');
  expect(csv.startsWith('\ufeff')).toBe(true);
  expect(csv).toContain(`"'=HYPERLINK(""http://evil.example""), the queue\n""was"" long"`);
  expect(csv).toContain(`'@SUM(1+1)`);
  expect(csv).toContain('Old Town');
  expect(csv).not.toMatch(/zane|Zeltiņa|20000000/i);
  // Both came at one instant: either may be first.
  const first = csv.split('\r\n').find((line) => line.includes('Old Town')) ?? '';
  // Stars, then courtesy, helpfulness, waiting, overall, recommend; the case is open.
  expect(first).toContain(',2,4,,,2,0,');
  expect(first).toMatch(/,1,feedback\.export\.case_state/);
  const audit = await database.db.auditEvent.findFirstOrThrow({ where: { verb: 'feedback.exported' } });
  expect(audit.data).toEqual({ month: '2027-03', part: 1, rows: 2 });
});

it('keeps what is about colleagues to owners and their line, and from whom it is about', async () => {
  const { bot, owner, boss, ana } = company;
  const other = await bot.person({ name: 'Maija Mazā', role: 'manager' });
  await accepted(bot, { stars: 1, words: 'Secret complaint.', concernIds: [ana.id] });
  await accepted(bot, { stars: 1, words: 'About the manager.', concernIds: [boss.id] });
  await accepted(bot, { stars: 5, words: 'Everything else.' });
  // Perhaps about her: until that is decided its case is as private as the others'.
  await accepted(bot, { stars: 1, words: 'I was served by anna, and waited' });
  await bot.runDue();
  expect(await database.db.feedback.count({ where: { state: 'private' } })).toBe(2);
  expect(await database.db.feedback.count({ where: { state: 'held', cases: { some: { private: true } } } })).toBe(1);
  const lines = async (person: typeof owner) => csvOf(await bot.as(person).command('customer export 2027-03'));
  const all = await lines(owner);
  expect([all.includes('Secret complaint'), all.includes('About the manager')]).toEqual([true, true]);
  // Ana's line, but not the own one. All came at one instant: in any order.
  const line = await lines(boss);
  expect(line).toContain('Secret complaint');
  expect(line).toContain('served by anna');
  expect(line).not.toContain('About the manager');
  expect(await lines(other)).not.toMatch(/Secret complaint|About the manager|served by anna/);
  expect(await lines(other)).toContain('Everything else');
  expect(keysIn(await bot.as(ana).command('customer export'))).toContain('core.errors.role_needed');
});

it('comes in files of five megabytes, each with the way to the next, every row once', async () => {
  const { bot, boss } = company;
  const organisationId = bot.organisation.id;
  const ENTRIES = 3_000;
  // 4,000 characters each, as long as an answer may be.
  await database.db.$executeRaw`
    INSERT INTO feedback ("organisationId", id, reference, "onceKey", "bodyDigest", source, kind, state, words, "receivedAt")
    SELECT ${organisationId}::uuid, gen_random_uuid(), upper(lpad(to_hex(k), 8, '0')), 'k' || k, '', 'api', 'comment', 'passed',
      jsonb_build_array(jsonb_build_object('questionId', NULL, 'words', repeat('word ', 800))),
      -- Many at one instant: the end of a file lies among them.
      '2027-02-10T08:00:00Z'::timestamptz + (k / 500) * interval '1 hour'
    FROM generate_series(1, ${ENTRIES}::int) k`;
  const found: string[] = [];
  let answer = await bot.as(boss).command('customer export 2027-02');
  for (let part = 1; ; part++) {
    const csv = csvOf(answer);
    expect(Buffer.byteLength(csv)).toBeLessThan(5_100_000);
    expect(answer.kind === 'file' && answer.file.name).toBe(`feedback-2027-02-${part}.csv`);
    found.push(...csv.split('\r\n').flatMap((line) => /^\d{4}-[0-9A-F]{4}/.exec(line)?.[0] ?? []));
    if (!keysIn(answer).includes('feedback.export.next')) break;
    answer = await bot.as(boss).click('feedback.export', answer);
  }
  expect(keysIn(answer)).toContain('feedback.export.last_part');
  expect(found).toHaveLength(ENTRIES);
  expect(new Set(found).size).toBe(ENTRIES);
});

it('offers months when everything is too much, and says when there is nothing', async () => {
  const { bot, boss } = company;
  expect(keysIn(await bot.as(boss).command('customer export all'))).toContain('feedback.errors.export_empty');
  expect(keysIn(await bot.as(boss).command('customer export'))).toContain('feedback.errors.export_empty');
  expect(keysIn(await bot.as(boss).command('customer export yesterday'))).toContain('feedback.errors.export_how');
  await database.db.$executeRaw`
    INSERT INTO feedback ("organisationId", id, reference, "onceKey", "bodyDigest", source, kind, state, words, "receivedAt")
    SELECT ${bot.organisation.id}::uuid, gen_random_uuid(), upper(lpad(to_hex(k), 8, '0')), 'k' || k, '', 'api', 'comment', 'passed',
      jsonb_build_array(jsonb_build_object('questionId', NULL, 'words', repeat('word ', 800))), '2027-02-10T08:00:00Z'::timestamptz - k * interval '6 hours'
    FROM generate_series(1, 1400) k`;
  const months = await bot.as(boss).command('customer export all');
  expect(keysIn(months)).toContain('feedback.export.too_large');
  const more = await bot.as(boss).click('feedback.export_months', months);
  expect(more.kind).toBe('update');
  expect(csvOf(await bot.as(boss).click('feedback.export', months)).split('\r\n').length).toBeGreaterThan(20);
});
