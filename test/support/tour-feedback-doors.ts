import { ensureDefaults } from '../../src/features/feedback/defaults.js';
import { contextOf } from './customer-company.js';
import { hostile, hostileName } from './hostile.js';
import { fileOf } from './test-bot.js';
import type { Stage } from './tour.js';

/** Other systems with their keys, and files of feedback, with names and lines of the worst sort. */
export async function tourDoors({ bot, database, platform, refreshAll, press, lying }: Stage): Promise<void> {
  await ensureDefaults(await contextOf(bot));
  const boss = await bot.person({ platform, name: hostileName(0), role: 'manager' });
  const at = bot.as(boss);
  await at.submit(await at.press({ id: 'feedback.system_open', payload: {} }), { name: ' ' });
  for (let index = 0; index < 9; index++) {
    await at.submit(await at.press({ id: 'feedback.system_open', payload: {} }), { name: `${index} ${hostile(50)}` });
  }
  const list = await at.command('customer keys');
  const systems = await database.db.feedbackIntegration.findMany({ orderBy: { name: 'asc' } });
  const [first] = systems;
  if (!first) throw new Error('There is no system.');
  for (let index = 0; index < 8; index++) await at.press({ id: 'feedback.key_rotate', payload: { integrationId: first.id } });
  await press(boss, [list, await at.press({ id: 'feedback.system', payload: { integrationId: first.id } })]);

  const opened = await at.press({ id: 'feedback.import_open', payload: {} });
  await at.submit(opened, { file: [] });
  const heading = ['words', 'overall', 'location', ...Array.from({ length: 20 }, () => `"${hostile(80).replaceAll('"', '')}"`)].join(',');
  const lines = Array.from({ length: 12 }, (_, index) => `"${index} ${hostile(300).replaceAll('"', '')}",${index},nowhere`);
  const content = `${heading}\n${lines.join('\n')}\n"${hostile(300).replaceAll('"', '')}",1,\n`;
  for (const asNew of [false, true]) {
    const ready = await at.submit(opened, { file: [fileOf(`${hostile(60)}.csv`, asNew ? `${content}one more,1,\n` : content)] });
    const { id: importId } = await database.db.feedbackImport.findFirstOrThrow({ where: { state: 'ready' } });
    if (!asNew) await at.press({ id: 'feedback.import_start', payload: { importId, asNew } });
    await press(boss, [ready], ['feedback.import_drop']);
    await refreshAll();
    await bot.runDue();
    await refreshAll();
    await press(boss, lying(boss), []);
  }
  const left = await at.command('customer import', { files: [fileOf('a.csv', 'words\nGood')] });
  await at.click('feedback.import_drop', left);
}
