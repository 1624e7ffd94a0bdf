import { parse } from 'csv-parse/sync';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { paragraph } from '../../src/core/inputs.js';
import { SaidWordsColumn } from '../../src/features/feedback/schema.js';
import { createLocaliser } from '../../src/runtime/localise.js';
import { type CustomerCompany, customerCompany } from '../support/customer-company.js';
import { useDatabase } from '../support/database.js';
import { type FeatureDoor, openFeatureDoor, PUBLIC_URL } from '../support/feature-door.js';
import { HOSTILE_WORDS } from '../support/hostile-words.js';
import { HOOK_PATH, signedHook } from '../support/signed-hook.js';
import { cardsOf, fileOf } from '../support/test-bot.js';
import { openPage, sendPage } from '../support/visitor.js';

const database = useDatabase();

let company: CustomerCompany;
let door: FeatureDoor;
beforeEach(async () => {
  await database.reset();
  company = await customerCompany(database, undefined, {
    mail: 'recording',
    setup: { publicUrl: PUBLIC_URL, localise: createLocaliser() },
  });
  door = await openFeatureDoor(company.bot);
});
afterEach(async () => await door.close(100));

/** What has to be there afterwards: the words as they may be stored; those of which nothing is left are no words. */
const ALL = HOSTILE_WORDS.map(paragraph).filter((words) => words !== '');

/** The same strings, as many in one text as a form takes. A browser's form with a NUL is refused as a whole. */
const TEXTS: string[] = [];
for (const words of HOSTILE_WORDS.map((typed) => typed.replaceAll('\u0000', '').slice(0, 2_900))) {
  const last = TEXTS.at(-1);
  if (last === undefined || last.length + words.length + 1 > 2_900) TEXTS.push(words);
  else TEXTS[TEXTS.length - 1] = `${last}\n${words}`;
}

const stored = async () => {
  const rows = await database.db.feedback.findMany({ select: { words: true } });
  return rows.flatMap(({ words }) => SaidWordsColumn.parse(words).map((said) => said.words));
};
const key = async (): Promise<string> => {
  const { bot, boss } = company;
  const form = await bot.as(boss).press({ id: 'feedback.system_open', payload: {} });
  return /whsec_[A-Za-z0-9+/=]+/.exec(JSON.stringify(cardsOf(await bot.as(boss).submit(form, { name: 'Shop' }))))?.[0] ?? '';
};

async function hook(secret: string, id: string, body: object): Promise<number> {
  return (await door.fetch(HOOK_PATH, signedHook(body, { secret, id, at: company.bot.clock.now() }))).status;
}

it('the corpus has at least three hundred strings', () => {
  expect(new Set(ALL).size).toBeGreaterThanOrEqual(300);
});

// Every card and form on the way is rendered for both platforms in every language, and must show what was typed as it was typed.
describe('Whatever a customer writes', { timeout: 120_000 }, () => {
  it('comes through the web hook as it is, and is shown to the channel', async () => {
    const secret = await key();
    for (const [index, words] of HOSTILE_WORDS.entries()) {
      const status = await hook(secret, `msg_${index}`, { words, served_by: words.slice(0, 100), external_reference: words.slice(0, 100) });
      expect([201, 422], JSON.stringify(words)).toContain(status);
    }
    await company.bot.runDue();
    expect((await stored()).toSorted()).toEqual(ALL.toSorted());
    expect(await database.db.feedback.count({ where: { state: 'fresh' } })).toBe(0);
    expect(await database.db.delivery.count({ where: { state: { notIn: ['sent', 'dropped', 'merged'] } } })).toBe(0);
  });

  it('comes through a file', async () => {
    const { bot, boss } = company;
    const lines = HOSTILE_WORDS.map((words) => `"${words.replaceAll('"', '""')}",5`);
    const ready = await bot.as(boss).command('customer import', { files: [fileOf('a.csv', `words,overall\n${lines.join('\n')}\n`)] });
    await bot.as(boss).click('feedback.import_start', ready);
    await bot.runDue();
    const had = await stored();
    // A cell's own quotation mark for spreadsheets is taken off again, and blanks at its ends are no part of it.
    const missing = ALL.filter((words) => !had.includes(words) && !had.includes(words.replace(/^'/, '')));
    expect(missing).toEqual([]);
  });

  it('comes through the survey page, which shows it as text', async () => {
    const page = await database.db.feedbackPage.findFirstOrThrow();
    for (const text of TEXTS) {
      const opened = await openPage(door, `/f/${page.slug}`);
      company.bot.clock.forward({ seconds: 30 });
      const wrong = await sendPage(door, opened, { 'q-do_better': text, 'contact-email': `no address ${text.slice(0, 50)}` });
      expect(wrong.status).toBe(422);
      expect(wrong.html).not.toMatch(/<script>alert|<(img|iframe|object)\b|<svg[^>]* on|<a [^>]*href="(javascript|data):/i);
      const sent = await sendPage(door, opened, { 'q-do_better': text });
      expect(sent.status, text.slice(0, 80)).toBe(303);
    }
    await company.bot.runDue();
    const had = (await stored()).join('\n');
    expect(TEXTS.map(paragraph).filter((text) => !had.includes(text))).toEqual([]);
  });

  it('comes through the form that staff fill in, and out again as a file for spreadsheets', async () => {
    const { bot, boss, owner } = company;
    for (const [index, words] of TEXTS.entries()) {
      const form = await bot.as(boss).command('customer log');
      await bot.as(boss).submit(form, { source: 'phone', words, kind: index % 2 === 0 ? 'suggestion' : 'praise', language: 'en' });
    }
    await bot.runDue();
    const had = (await stored()).join('\n');
    expect(TEXTS.map(paragraph).filter((text) => !had.includes(text))).toEqual([]);
    const exported = await bot.as(owner).command('customer export all');
    if (exported.kind !== 'file') throw new Error(`No file: ${JSON.stringify(exported)}`);
    const rows: string[][] = parse(Buffer.from(exported.file.content), { bom: true, relax_column_count: true });
    expect(rows.length).toBeGreaterThanOrEqual(TEXTS.length);
    // https://owasp.org/www-community/attacks/CSV_Injection
    expect(rows.flat().filter((cell) => /^[=+\-@\t\r]/.test(cell))).toEqual([]);
  });

  it('and whatever is written back to a customer is text in the e-mail and on the private page', async () => {
    const { bot, boss } = company;
    const secret = await key();
    const contact = { email: 'kate@example.org', name: HOSTILE_WORDS[0]?.slice(0, 100), consent: true };
    expect(await hook(secret, 'one', { words: TEXTS[0], ratings: { overall: 1 }, contact })).toBe(201);
    await bot.runDue();
    const { id: caseId } = await database.db.feedbackCase.findFirstOrThrow();
    for (const words of TEXTS) {
      const form = await bot.as(boss).press({ id: 'feedback.reply_open', payload: { caseId } });
      await bot.as(boss).submit(form, { words });
    }
    bot.clock.forward({ hours: 1 });
    await bot.runDue();
    const messages = await database.db.feedbackMessage.findMany({ where: { direction: 'out' } });
    expect(messages).toHaveLength(TEXTS.length);
    const mails = await database.db.mail.findMany({ where: { spec: { startsWith: 'feedback.' } } });
    expect(mails.filter(({ state }) => state !== 'sent')).toEqual([]);
    expect(mails.length).toBeGreaterThanOrEqual(TEXTS.length);
  });
});
