import { beforeEach, expect, it } from 'vitest';
import { give } from '../../src/features/recognition/giving/give.js';
import { useDatabase } from '../support/database.js';
import { aSeries, contextOf, type SeminarCompany, seminarCompany, theFirstDate } from '../support/seminar-company.js';
import { cardsOf, keysIn } from '../support/test-bot.js';

const database = useDatabase();

let company: SeminarCompany;
beforeEach(async () => {
  await database.reset();
  company = await seminarCompany(database);
});

const post = () => company.bot.messagesIn(company.channel).find((message) => keysIn(message.card).includes('seminars.date.when'))?.card;

it('brings the month’s handbook and stories to the seminar', async () => {
  const { bot, boss, host, ana, ben } = company;
  const form = await bot.as(boss).command('handbook publish');
  const filled = {
    title: 'House rules',
    text: '# Calls\n\nAnswer within three rings.',
    audience: 'everyone',
    statement: 'I have read it.',
  };
  const draft = await bot.as(boss).submit(form, { document: 'new', source: 'own', ...filled, effective: '2027-03-01', due: '2027-03-15' });
  await bot.as(boss).click('handbook.publish', draft);
  await bot.runDue();
  const story = { public: true, source: 'peer', valueId: null, points: 5, words: 'Calmed a guest whose dish was late.' } as const;
  await give(await contextOf(bot), { ...story, giverId: ben.id, receiverIds: [ana.id] });
  bot.clock.forward({ hours: 1 });

  const series = await aSeries(bot, { hostId: host.id });
  const { id: dateId } = await theFirstDate(bot, series.id);
  await bot.runDue();
  expect(keysIn(post()?.body)).toContain('handbook.agenda.new');
  expect(JSON.stringify(post())).not.toContain('whose dish was late');

  const editor = await bot.as(host).press({ id: 'seminars.agenda', payload: { dateId, offset: 0 } });
  const quote = cardsOf(editor)[0]?.rows?.find((row) => JSON.stringify(row.text).includes('whose dish was late'));
  await bot.as(boss).click('seminars.item_take', await bot.as(boss).press(quote?.action?.ref ?? null));
  bot.clock.forward({ seconds: 4 });
  await bot.runDue();
  expect(JSON.stringify(post()?.body)).toContain('whose dish was late');

  // Taken down where it was said: off the announcement as well.
  await database.db.kudos.updateMany({ data: { state: 'removed' } });
  bot.clock.forward({ seconds: 4 });
  await bot.runDue();
  bot.clock.forward({ seconds: 4 });
  await bot.runDue();
  expect(JSON.stringify(post())).not.toContain('whose dish was late');
  expect(keysIn(post()?.body)).toContain('handbook.agenda.new');
});
