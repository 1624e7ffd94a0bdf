import { ensureDefaults } from '../../src/features/feedback/defaults.js';
import { openTalks } from '../../src/features/feedback/talks/open-talks.js';
import { inTransaction } from '../../src/people/db.js';
import { newId } from '../../src/people/ids.js';
import { aChannel, type BuiltPerson } from './builders.js';
import { contextOf, said } from './customer-company.js';
import { hostile, hostileName } from './hostile.js';
import { aSeries, theDates } from './seminar-company.js';
import type { Stage } from './tour.js';

/** Where other parts begin, whose own stories tell of them. */
const ELSEWHERE = ['entry', 'case', 'contact_open', 'claim', 'assign_open', 'note_open', 'history', 'case_open', 'open', 'mine'].map(
  (verb) => `feedback.${verb}`,
);

interface House {
  readonly owner: BuiltPerson;
  readonly boss: BuiltPerson;
  readonly ana: BuiltPerson;
}

async function house({ bot, database, platform }: Stage): Promise<House> {
  const { db } = database;
  const owner = await bot.person({ platform, name: hostileName(0), role: 'owner' });
  const boss = await bot.person({ platform, name: hostileName(1), role: 'manager' });
  const ana = await bot.person({ platform, name: hostileName(2), lineManager: boss });
  const channel = await aChannel(db, bot.organisation, { platform, name: hostile(60), members: [owner, boss, ana] });
  await ensureDefaults(await contextOf(bot));
  await db.feedbackSettings.updateMany({ data: { channelId: channel.id } });
  return { owner, boss, ana };
}

/** Feedback of the worst sort, passed on to the channel. @returns ids */
async function passed({ bot, database }: Stage, count: number): Promise<string[]> {
  const { db } = database;
  const ids: string[] = [];
  for (let index = 0; index < count; index++) {
    ids.push((await said(bot, { stars: 3, words: `${index} queue ${hostile(1_500).slice(index * 40)}` })).id);
  }
  const settings = await db.feedbackSettings.findFirstOrThrow();
  // Words of the worst sort name everybody.
  await db.feedbackConcern.deleteMany();
  await db.feedback.updateMany({ data: { state: 'passed', channelId: settings.channelId } });
  return ids;
}

/** Themes with names and words of the worst sort: kept, tried out, applied, corrected, and followed to where they led. */
export async function tourThemes(stage: Stage): Promise<void> {
  const { bot, database, press, lying } = stage;
  const { db } = database;
  const { owner, boss, ana } = await house(stage);
  const [first = ''] = await passed(stage, 9);
  const hands = bot.as(boss);
  const form = await hands.click('feedback.theme_edit', await hands.command('customer themes'));
  await hands.submit(form, { nameEn: hostile(500), wordsEn: hostile(900), wordsLv: 'a' });
  await hands.submit(form, {});
  const odd = (length: number) => hostile(length).replaceAll(/[,;]/g, ' ');
  const typed = `queue\n-queue up\n${odd(55)}\nlate.`;
  const made = await hands.submit(form, { nameEn: hostile(60), nameLv: hostile(60), wordsEn: typed, wordsLv: typed });
  await hands.click('feedback.theme_apply', made);
  for (let index = 0; index < 8; index++) {
    await hands.submit(form, { nameEn: `${index} ${hostile(50)}`, wordsEn: odd(50) });
  }
  const trying = await hands.click('feedback.theme_try', await hands.command('customer themes'));
  await hands.submit(trying, { text: ' ' });
  const tried = await hands.submit(trying, { text: `queue ${hostile(2_500)}` });
  await bot.runDue();
  const { id: themeId } = await db.feedbackTheme.findFirstOrThrow({ where: { key: 'waiting' } });
  await leads(stage, themeId, boss);
  const theme = await hands.press({ id: 'feedback.theme', payload: { themeId } });
  const lists = [
    await hands.press({ id: 'feedback.theme_led', payload: { themeId } }),
    await hands.press({ id: 'feedback.theme_said', payload: { themeId } }),
  ];
  const about = await hands.press({ id: 'feedback.about', payload: { feedbackId: first } });
  const elsewhere = [...ELSEWHERE, 'seminars.date', 'handbook.status'];
  for (const person of [ana, owner]) await press(person, [await bot.as(person).command('customer themes')], elsewhere);
  await press(boss, [theme, tried, ...lists, about, await hands.command('customer themes'), ...lying(boss)], elsewhere);
  const retired = await hands.press({ id: 'feedback.theme_retire', payload: { themeId } });
  await hands.click('feedback.theme_restore', retired);
  await bot.runDue();
}

/** Has a theme stand on many agendas, as seminars keep it. */
async function leads({ bot, database }: Stage, themeId: string, host: BuiltPerson): Promise<void> {
  const { db } = database;
  const series = await aSeries(bot, { hostId: host.id, title: hostile(120), plan: { rhythm: { kind: 'weekly', every: 1 } } });
  const dates = await theDates(bot, series.id);
  await db.seminarAgendaItem.createMany({
    data: dates.slice(0, 9).map(({ id: dateId }, position) => ({
      organisationId: bot.organisation.id,
      id: newId(bot.clock.now()),
      ...{ dateId, position, source: 'feedback', sourceKey: `theme:${themeId}`, state: 'accepted' as const, createdAt: bot.clock.now() },
    })),
    skipDuplicates: true,
  });
}

/** Complaints of the worst sort about a colleague, each with its talk. */
async function talks(stage: Stage, about: readonly BuiltPerson[], count: number): Promise<void> {
  const { bot, database } = stage;
  const { db } = database;
  const ids = await passed(stage, count);
  const context = await contextOf(bot);
  const now = bot.clock.now();
  await db.feedbackTalk.deleteMany();
  await db.feedback.updateMany({ data: { state: 'private', kind: 'complaint', channelId: null } });
  for (const feedbackId of ids) {
    await db.feedbackConcern.createMany({
      data: about.map(({ id }) => ({ organisationId: bot.organisation.id, feedbackId, personId: id, how: 'chosen', addedAt: now })),
    });
    await inTransaction(db, async (tx) => await openTalks(context, tx, feedbackId, now));
  }
  await bot.runDue();
}

/** A line manager is asked to talk, puts it off, notes what was agreed; the colleague reads it and answers. */
export async function tourTalks(stage: Stage): Promise<void> {
  const { bot, refreshAll, press, lying } = stage;
  const { owner, boss, ana } = await house(stage);
  await talks(stage, [ana], 9);
  const [line, colleague] = [bot.as(boss), bot.as(ana)];
  await refreshAll();
  const held = ['feedback.talk_done', 'feedback.talk_later', 'feedback.talk_not'];
  for (const person of [boss, owner]) {
    const shown = [await bot.as(person).command('customer talks'), await bot.as(person).home(), ...lying(person)];
    await press(person, shown, [...ELSEWHERE, ...held]);
  }
  const later = await line.click('feedback.talk_later');
  await line.submit(later, { day: hostile(20), reason: hostile(900) });
  await line.submit(later, { day: '2027-03-20', reason: hostile(200) });
  const done = await line.click('feedback.talk_done');
  await line.submit(done, { agreed: hostile(2_900) });
  await line.submit(done, { agreed: hostile(2_000), shows: true });
  await bot.runDue();
  const view = await colleague.click('feedback.talk_view');
  await colleague.submit(view, { view: ' ' });
  await colleague.submit(view, { view: hostile(2_000) });
  await bot.runDue();
  await line.click('feedback.talk_not', lying(boss)[0]);
  await refreshAll();
  const records = [await bot.as(owner).command('bellhop record', { mention: ana }), await colleague.command('bellhop record')];
  await press(ana, [await colleague.command('customer talks'), ...lying(ana), ...records.slice(1)], [...ELSEWHERE, 'handbook.record']);
  await press(boss, [...lying(boss), await line.command('customer talks')], [...ELSEWHERE, ...held]);
  // About the only owner: managers hear that another one is needed.
  await talks(stage, [owner], 1);
  await line.home();
  await refreshAll();
}

/** More reminders than a day may have. */
export async function tourTalksMerged(stage: Stage): Promise<void> {
  const { bot, database, refreshAll } = stage;
  const { ana, owner } = await house(stage);
  await database.db.organisation.updateMany({ data: { dailyCap: 1 } });
  // Also about the only owner: managers hear of that beside the rest.
  await talks(stage, [ana, owner], 4);
  for (const instant of ['2027-03-05T08:00:00Z', '2027-03-09T08:00:00Z', '2027-03-10T08:00:00Z']) {
    bot.clock.to(instant);
    await bot.runDue();
  }
  await refreshAll();
}
