import { beforeEach, describe, expect, it } from 'vitest';
import type { FileHandle } from '../../src/core/form.js';
import type { Answer } from '../../src/core/reply.js';
import { createLocaliser } from '../../src/runtime/localise.js';
import { type CustomerCompany, customerCompany } from '../support/customer-company.js';
import { useDatabase } from '../support/database.js';
import { hostile } from '../support/hostile.js';
import { cardsOf, keysIn } from '../support/test-bot.js';

const database = useDatabase();

let company: CustomerCompany;
beforeEach(async () => {
  await database.reset();
  company = await customerCompany(database, undefined, { setup: { localise: createLocaliser() } });
});

const aFile = (content: string | Uint8Array, name = 'feedback.csv'): FileHandle => ({ name, read: async () => Buffer.from(content) });
const rows = (...lines: readonly string[]) => `${lines.join('\r\n')}\r\n`;

/** What a manager sees of a file before anything is taken. */
const read = async (content: string | Uint8Array): Promise<Answer> =>
  await company.bot.as(company.boss).command('customer import', { files: [aFile(content)] });

/** Reads a file and imports it. @returns the report, as lines of cells */
async function take(content: string | Uint8Array, asNew = false): Promise<string[][]> {
  const { bot, boss } = company;
  const ready = await read(content);
  const row = await database.db.feedbackImport.findFirstOrThrow({ where: { state: 'ready' } });
  await bot.as(boss).press({ id: 'feedback.import_start', payload: { importId: row.id, asNew } });
  expect(keysIn(ready)).toContain('feedback.import.ready');
  await bot.runDue();
  const report = await bot.as(boss).press({ id: 'feedback.import_report', payload: { importId: row.id } });
  if (report.kind !== 'file') throw new Error(`No report: ${JSON.stringify(report)}`);
  const text = Buffer.from(report.file.content)
    .toString('utf8')
    .replace(/^\ufeff/, '');
  return text
    .trim()
    .split('\r\n')
    .map((line) => line.split(','));
}

const stored = async () => await database.db.feedback.findMany({ orderBy: { receivedAt: 'asc' }, include: { ratings: true, cases: true } });

describe('A file of feedback', () => {
  it('is read first, and says what was understood', async () => {
    const answer = await read(rows('Date;Location;Comment;overall;Weather', '1.2.2027;Old Town;"Good; friendly";5;rain'));
    expect(keysIn(answer)).toEqual(
      expect.arrayContaining(['feedback.import.ready', 'feedback.import.semicolon', 'feedback.import.not_understood']),
    );
    expect(JSON.stringify(cardsOf(answer))).toContain('Weather');
    expect(await stored()).toEqual([]);
    const [chunk] = await database.db.feedbackImportChunk.findMany();
    expect(chunk?.sealed).not.toContain('friendly');
  });

  it('is history: counted at its dates, told to nobody', async () => {
    const report = await take(
      rows('date,location,words,overall,kind', '2026-05-04 13:30,old town,Rude and slow,1,complaint', '2026-06-01,,Lovely,5,'),
    );
    expect(report.slice(1).map(([line, , result]) => [line, result])).toEqual([
      ['2', 'Taken'],
      ['3', 'Taken'],
    ]);
    const [first, second] = await stored();
    expect(first).toMatchObject({
      receivedAt: new Date('2026-05-04T10:30:00Z'),
      state: 'passed',
      source: 'csv',
      stars: 1,
      locationId: company.location.id,
    });
    expect(second).toMatchObject({ receivedAt: new Date('2026-05-31T21:00:00Z'), stars: 5 });
    expect(await database.db.feedbackCase.count()).toBe(0);
    expect(company.bot.messagesIn(company.channel)).toEqual([]);
    expect(await database.db.feedbackAbout.count()).toBeGreaterThan(0);
  });

  it('is new when a manager says so: posted, and complaints become cases', async () => {
    await take(rows('words,overall', 'The queue was endless,1', 'Fine,4'), true);
    expect(await database.db.feedbackCase.count()).toBe(1);
    expect(company.bot.messagesIn(company.channel)).toHaveLength(2);
  });

  it('is taken once, however often it is imported; equal lines within it are each taken', async () => {
    const file = rows('words,overall', 'Good,5', 'Good,5', 'Bad,1');
    await take(file);
    const again = await take(file);
    expect(await stored()).toHaveLength(3);
    expect(again.slice(1).every(([, reference, result]) => reference !== '' && result?.startsWith('Here already'))).toBe(true);
    await take(rows('id,words', '17,First', '17,Second'));
    expect(await stored()).toHaveLength(4);
  });

  it('keeps a contact only where the customer agreed, and never in the open', async () => {
    const report = await take(
      rows('words,email,consent', 'One,a@example.org,yes', 'Two,b@example.org,', 'Three,b@example.org,nē', 'Četri,c@example.org,Jā'),
    );
    expect(report.map(([, , result]) => result)).toEqual([
      'Result',
      'Taken',
      'Taken without its contact: “consent” doesn’t say yes.',
      'Taken without its contact: “consent” doesn’t say yes.',
      'Taken',
    ]);
    const kept = (await stored()).flatMap(({ words, contactSealed }) => (contactSealed === null ? [] : [JSON.stringify(words)]));
    expect(kept.toSorted().join()).toMatch(/One.*Četri/);
    expect(JSON.stringify(await stored())).not.toContain('example.org');
  });

  it('says of each line that can’t be taken what is wrong with it', async () => {
    const report = await take(
      rows(
        'words,overall,recommend,date,location,source,kind,language,email',
        'a,6,,,,,,,',
        'b,good,,,,,,,',
        'c,,11,,,,,,',
        'd,,,31.2.2027,,,,,',
        'e,,,2030-01-01,,,,,',
        'f,,,,Atlantis,,,,',
        'g,,,,,pigeon,,,',
        'h,,,,,,rant,,',
        'i,,,,,,,no language,',
        'j,,,,,,,,nobody',
        ',,,2027-01-01,,,,,',
        `${'x'.repeat(4_001)},,,,,,,,`,
        'm,5,10,2027-01-31,Old Town,Complaint card,Sūdzība,lv,',
        'n,4/10,,,,,,,',
        'o,4/5,9 / 10,,,,,,',
      ),
    );
    const problems = await database.db.feedbackImportLine.findMany({ orderBy: { line: 'asc' } });
    expect(problems.map(({ line, problem }) => [line, problem])).toEqual([
      [2, 'rating_range'],
      [3, 'rating_unreadable'],
      [4, 'rating_range'],
      [5, 'date_unreadable'],
      [6, 'date_ahead'],
      [7, 'location_unknown'],
      [8, 'source_unknown'],
      [9, 'kind_unknown'],
      [10, 'language_unknown'],
      [11, 'email_unreadable'],
      [12, 'nothing_said'],
      [13, 'too_long'],
      [14, ''],
      [15, 'rating_range'],
      [16, ''],
    ]);
    expect(report).toHaveLength(16);
    expect(await stored()).toHaveLength(2);
  });

  it.each([
    ['with a byte order mark and tabs', '\ufeffwords\toverall\r\nLabi, ļoti\t5\r\n'],
    ['with a line that tells the separator', 'sep=|\r\nwords|overall\r\nLabi, ļoti|5\r\n'],
    ['in UTF-16', Buffer.from('\ufeffwords;overall\r\nLabi, ļoti;5\r\n', 'utf16le')],
    ['with line ends of old', 'words;overall\nLabi, ļoti;5'],
    ['with quotes in quotes and lines in cells', 'words;overall\n"Labi, ļoti";"5"\n'],
  ])('may be written %s', async (_, content) => {
    await take(content);
    expect(await stored()).toMatchObject([{ words: [{ questionId: null, words: 'Labi, ļoti' }], stars: 5 }]);
  });

  it.each([
    ['nothing', '', 'feedback.errors.import_empty'],
    ['a heading alone', 'words,overall\n', 'feedback.errors.import_empty'],
    ['another separator than it has', 'words~overall\nGood~5\n', 'feedback.errors.import_columns'],
    ['an open quotation mark', 'words,overall\n"Good,5\nBad,1\n', 'people.errors.csv_unreadable'],
    ['a picture', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), 'feedback.errors.import_columns'],
  ])('with %s is answered clearly', async (_, content, code) => {
    expect(keysIn(await read(content))).toContain(code);
    expect(await database.db.feedbackImport.count()).toBe(0);
  });

  it('may hold the worst that people write; the report is safe for spreadsheets', async () => {
    const cell = (words: string) => `"${words.replaceAll('"', '""')}"`;
    const lines = Array.from({ length: 40 }, (_, index) => [cell(`${index} ${hostile(900)}`), cell('=1+1'), cell('@SUM(A1)')].join(','));
    const report = await take(rows('words,served by,=HYPERLINK("http://evil")', ...lines));
    expect(await stored()).toHaveLength(40);
    expect(report.flat().some((written) => /^["']?[=+@-]/.test(written) && !/^"?'/.test(written))).toBe(false);
  });

  it('can be left, and is forgotten after a day', async () => {
    const { bot, boss } = company;
    const answer = await read(rows('words', 'Good'));
    await bot.as(boss).click('feedback.import_drop', answer);
    expect(await database.db.feedbackImportChunk.count()).toBe(0);
    await read(rows('words', 'Good'));
    bot.clock.forward({ hours: 25 });
    await bot.runDue();
    expect(await database.db.feedbackImport.count()).toBe(0);
  });

  it('is for managers; a second press starts nothing', async () => {
    const { bot, ana, boss } = company;
    expect(keysIn(await bot.as(ana).command('customer import'))).toContain('core.errors.role_needed');
    const ready = await read(rows('words', 'Good'));
    await bot.as(boss).click('feedback.import_start', ready);
    await bot.as(boss).click('feedback.import_start', ready);
    await bot.runDue();
    expect(await stored()).toHaveLength(1);
    expect(await database.db.job.count({ where: { kind: 'feedback.import' } })).toBe(1);
    expect(keysIn(bot.messagesTo(boss).map(({ card }) => card))).toContain('feedback.import.done');
  });
});
