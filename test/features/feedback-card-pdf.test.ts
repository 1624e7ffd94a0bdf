import { createCanvas } from '@napi-rs/canvas';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { Answer } from '../../src/core/reply.js';
import { createLocaliser } from '../../src/runtime/localise.js';
import { createPapers } from '../../src/runtime/papers.js';
import { type CustomerCompany, customerCompany } from '../support/customer-company.js';
import { useDatabase } from '../support/database.js';
import { openFeatureDoor, PUBLIC_URL } from '../support/feature-door.js';
import { hostile } from '../support/hostile.js';
import { printed, scanned } from '../support/paper.js';
import { fileOf, keysIn } from '../support/test-bot.js';
import { openPage, sendPage } from '../support/visitor.js';

// The complaint card: asked for in chat, printed, scanned by a camera, opened, filled in.

const database = useDatabase();
const papers = createPapers();
let company: CustomerCompany;

beforeEach(async () => {
  await database.reset();
  company = await customerCompany(database, undefined, { setup: { publicUrl: PUBLIC_URL, localise: createLocaliser() } });
  Object.assign(company.bot.work, { papers });
  await database.db.feedbackPage.updateMany({ data: { slug: 'old-town', name: 'Old Town' } });
});
afterAll(async () => await papers.stop());

const askForCard = async (values: { language: string; layout: string }): Promise<Answer> => {
  const hands = company.bot.as(company.boss);
  const page = await hands.click('feedback.page', await hands.command('customer pages'));
  return await hands.submit(await hands.click('feedback.paper_open', page), values);
};
const fileIn = (answer: Answer) => {
  if (answer.kind !== 'file') throw new Error(`That is no file but ${JSON.stringify(answer)}`);
  return answer.file;
};

describe('The complaint card', { timeout: 60_000 }, () => {
  it('is printed in a language, and its QR code leads to the page that says where it came from', async () => {
    const canvas = createCanvas(400, 100);
    canvas.getContext('2d').fillRect(0, 0, 400, 100);
    await company.bot.as(company.boss).command('customer logo', { files: [fileOf('logo.png', canvas.toBuffer('image/png'))] });
    const { name, mime, content } = fileIn(await askForCard({ language: 'lv', layout: 'a6' }));
    expect([name, mime]).toEqual(['complaint-card-old-town-lv-a6.pdf', 'application/pdf']);
    const [front, back, ...more] = await printed(content);
    expect(more).toEqual([]);
    // A6 in points.
    expect(Math.round(front?.width ?? 0)).toBe(298);
    expect(front?.text).toContain('Kā mums veicās?');
    expect(back?.text.replace(/\s+/g, ' ')).toContain('Cik laipni un pieklājīgi bijām?');
    if (!front) throw new Error('There is no front.');
    const address = scanned(front.picture);
    expect(address).toBe(`${PUBLIC_URL}/f/old-town?via=card`);

    const door = await openFeatureDoor(company.bot);
    const page = await openPage(door, address ?? '');
    expect(page.status).toBe(200);
    company.bot.clock.forward({ seconds: 30 });
    expect((await sendPage(door, page, { 'q-overall': '1' })).status).toBe(303);
    expect(await database.db.feedback.findFirstOrThrow()).toMatchObject({ source: 'card', stars: 1 });
    await door.close(100);
  });

  it('comes four to a sheet, whatever its words are', async () => {
    await database.db.feedbackPage.updateMany({ data: { name: hostile(80), intro: { en: hostile(600) } } });
    const questions = await database.db.feedbackQuestion.findMany();
    await database.db.feedbackPage.updateMany({ data: { questionIds: questions.map(({ id }) => id) } });
    await database.db.feedbackQuestion.updateMany({ data: { labels: { en: hostile(150) } } });
    const { content } = fileIn(await askForCard({ language: 'en', layout: 'a4' }));
    const [front] = await printed(content);
    expect(Math.round(front?.width ?? 0)).toBe(595);
    expect(Math.round(front?.height ?? 0)).toBe(842);
  });

  it('that can’t be drawn is said so', async () => {
    const failing = { ...papers, complaintCard: async () => Promise.reject(new Error('too slow')) };
    Object.assign(company.bot.work, { papers: failing });
    expect(keysIn(await askForCard({ language: 'en', layout: 'a6' }))).toContain('feedback.errors.paper_failed');
  });
});
