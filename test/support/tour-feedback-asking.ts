import type { FormValues } from '../../src/core/form.js';
import { ensureDefaults } from '../../src/features/feedback/defaults.js';
import { newId } from '../../src/people/ids.js';
import { contextOf } from './customer-company.js';
import { PUBLIC_URL } from './feature-door.js';
import { valuesOf } from './form-values.js';
import { hostile, hostileName } from './hostile.js';
import { fileOf } from './test-bot.js';
import type { Stage } from './tour.js';

/** Survey pages, their questions and how they look are kept, with names and words of the worst sort; cards are printed. */
export async function tourAsking({ bot, database, platform, press }: Stage): Promise<void> {
  const { db } = database;
  const organisationId = bot.organisation.id;
  const now = bot.clock.now();
  await ensureDefaults(await contextOf(bot));
  const boss = await bot.person({ platform, name: hostileName(0), role: 'manager' });
  const at = bot.as(boss);
  // Before anybody has told where the bot is reached.
  await press(boss, [await at.command('customer pages')], ['feedback.page_close']);
  Object.assign(bot.work, { publicUrl: PUBLIC_URL });
  for (let index = 0; index < 100; index++) {
    await db.location.create({ data: { organisationId, id: newId(now), name: `${index} ${hostile(90)}`, createdAt: now } });
  }

  const ask = async (values: FormValues) => await at.submit(await at.press({ id: 'feedback.question_open', payload: {} }), values);
  for (let index = 0; index < 55; index++) {
    const kind = (['five', 'smileys', 'nps', 'open'] as const)[index % 4] ?? 'open';
    await ask({ en: `${index} ${hostile(140)}`, lv: `${index} ${hostile(140)}`, kind });
  }
  await ask({ en: hostile(300), kind: 'five' });
  await ask({ lv: ' ', kind: 'open' });
  const questions = await db.feedbackQuestion.findMany({ where: { organisationId }, orderBy: { position: 'desc' } });
  for (const { id } of questions.slice(0, 9)) await at.press({ id: 'feedback.question_retire', payload: { questionId: id } });
  await press(boss, [await at.command('customer questions')]);

  const words = { introEn: hostile(590), introLv: hostile(590), thanksEn: hostile(590), thanksLv: hostile(590) };
  const newPage = async (values: FormValues) => {
    const form = await at.press({ id: 'feedback.page_open', payload: {} });
    return await at.submit(form, { ...valuesOf(form), ...values });
  };
  const location = await db.location.findFirstOrThrow({ orderBy: { name: 'desc' } });
  for (let index = 0; index < 9; index++)
    await newPage({ name: `${index} ${hostile(76)}`.slice(0, 78), location: location.id, servedBy: true, ...words });
  await newPage({ name: '', slug: hostile(60), location: hostile(30), questions: [] });
  await newPage({ name: hostile(500), slug: hostile(60), questions: questions.map(({ id }) => id), introEn: hostile(2_000) });
  await newPage({ name: 'A', slug: hostile(60) });

  const look = await at.press({ id: 'feedback.look_open', payload: {} });
  await at.submit(look, { colour: hostile(7), logo: [fileOf(hostile(40), '')] });
  await at.submit(look, { colour: '#8c1d40', logo: [fileOf(hostile(40), 'a picture')] });
  await at.command(`customer logo ${hostile(100)}`, { files: [fileOf('a.png', 'a picture')] });
  await at.command('customer logo', { files: [fileOf('a.png', '')] });
  await press(boss, [await at.command('customer logo')], ['feedback.logo_remove']);

  // A page that nobody may see any more, with questions that all were retired.
  const { id: pageId } = await db.feedbackPage.findFirstOrThrow({ where: { organisationId } });
  await db.feedbackQuestion.updateMany({ where: { organisationId }, data: { retiredAt: now } });
  await press(boss, [await at.command('customer pages'), await at.press({ id: 'feedback.page', payload: { pageId } })]);
  const paper = await at.press({ id: 'feedback.paper_open', payload: { pageId } });
  await at.submit(paper, { language: hostile(90) });
  for (const layout of ['a6', 'a4']) await at.submit(paper, { language: 'lv', layout });
  await press(boss, [await at.command('customer logo')]);
}
