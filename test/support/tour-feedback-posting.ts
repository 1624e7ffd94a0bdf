import { ensureDefaults } from '../../src/features/feedback/defaults.js';
import { newId } from '../../src/people/ids.js';
import { aChannel } from './builders.js';
import { accepted, contextOf } from './customer-company.js';
import { hostile } from './hostile.js';
import { HOSTILE_WORDS } from './hostile-words.js';
import { hintOf } from './test-bot.js';
import type { Stage } from './tour.js';

/** Buttons of cards here that belong to other parts' stories. */
const OTHERS = [
  ...['about', 'case', 'case_open', 'claim', 'assign_open', 'note_open', 'history', 'pause_open', 'resume', 'priority_open', 'merge_open'],
  ...['resolve_open', 'close', 'give_back', 'reply_open', 'themes', 'settings'],
].map((verb) => `feedback.${verb}`);

/** A house with rules: somebody to keep them, somebody to be written to, a channel to post in. */
async function settle({ bot, database, platform }: Stage) {
  const { db } = database;
  const organisationId = bot.organisation.id;
  const now = bot.clock.now();
  // In names of the worst sort words would be found that customers write, and all of it would wait for a manager.
  const boss = await bot.person({ platform, name: 'Zžžz *Qqqq*', role: 'manager', email: 'boss@example.com' });
  const ana = await bot.person({ platform, name: 'Wwķķ _Xxļļ_', email: 'ana@example.com' });
  const channel = await aChannel(db, bot.organisation, { platform, name: hostile(70), members: [boss, ana] });
  const location = await db.location.create({ data: { organisationId, id: newId(now), name: hostile(80), createdAt: now } });
  await ensureDefaults(await contextOf(bot));
  await db.feedbackSettings.update({ where: { organisationId }, data: { channelId: channel.id } });
  await db.organisation.update({ where: { id: organisationId }, data: { managersChannelId: channel.id } });
  return { boss, ana, channel, location };
}

/** Rules with everything set, in every place of a list of nine; tried out; one of them leads nowhere in the end. */
export async function tourRules(stage: Stage): Promise<void> {
  const { bot, database, platform, press } = stage;
  const { boss, ana, channel, location } = await settle(stage);
  const at = bot.as(boss);
  const themes = await database.db.feedbackTheme.findMany();
  const everything = {
    ...{
      from: '1',
      to: '5',
      kinds: ['praise', 'complaint', 'suggestion', 'comment'],
      sources: ['page', 'card', 'phone', 'email', 'in_person'],
    },
    ...{ locations: [location.id], themes: themes.map(({ id }) => id), languages: ['lv', 'en', 'ru'] },
    phrases: Array.from({ length: 20 }, (_, index) => `${index} ${hostile(50).replaceAll(/[,;]/g, '')}`).join('\n'),
  };
  const opened = await at.press({ id: 'feedback.rule_edit_open', payload: { ruleId: null } });
  await at.submit(opened, { ...everything, from: '5', to: '1', target: 'channel' });
  await at.submit(opened, { ...everything, target: 'person', person: [{ by: 'typed', typed: hostile(200) }] });
  await at.submit(opened, { ...everything, phrases: hostile(1_000).replaceAll(/[,;\n]/g, ''), target: 'channel' });
  const externalId = platform === 'slack' ? channel.externalId : channel.id;
  await at.submit(opened, { ...everything, target: 'channel', channel: externalId });
  await at.submit(opened, { target: 'person', person: [hintOf(ana)] });
  for (let index = 0; index < 7; index++) await at.submit(opened, { ...everything, target: 'managers' });
  await database.db.person.update({
    where: { organisationId_id: { organisationId: bot.organisation.id, id: ana.id } },
    data: { status: 'left', leftAt: bot.clock.now() },
  });
  for (let index = 0; index < 3; index++)
    await accepted(bot, { stars: index + 1, words: `${index} ${hostile(300)}`, source: 'phone', loggedById: boss.id });
  await bot.runDue();
  const list = await at.command('customer rules');
  await press(boss, [list, await bot.as(boss).home()], ['feedback.rule_remove', ...OTHERS]);
  const [first, second] = await database.db.feedbackRule.findMany({ where: { retiredAt: null }, orderBy: { position: 'asc' } });
  const trial = await at.press({ id: 'feedback.rule_test_open', payload: { ruleId: first?.id ?? null } });
  await at.submit(trial, { kind: hostile(20), source: hostile(20) });
  for (const ruleId of [first?.id, second?.id]) {
    const form = await at.press({ id: 'feedback.rule_test_open', payload: { ruleId: ruleId ?? null } });
    await press(
      boss,
      [await at.submit(form, { stars: '1', kind: 'complaint', source: 'page', words: hostile(3_000) })],
      ['feedback.rule_remove', ...OTHERS],
    );
  }
  await at.press({ id: 'feedback.rule_remove', payload: { ruleId: first?.id ?? '' } });
}

/** A rush of the worst words, in cards and bundles; opened, turned, found, taken back; a contact looked at. */
export async function tourPosting(stage: Stage): Promise<void> {
  const { bot, database, refreshAll, press } = stage;
  const { boss, ana, location } = await settle(stage);
  const { db } = database;
  const of = (index: number) => ({
    stars: (index % 5) + 1,
    ratings: { courtesy: 1, helpfulness: 5, waiting: 3, recommend: 10 },
    words: `${index} ${index < 30 ? hostile(4_000 - index) : (HOSTILE_WORDS[index % HOSTILE_WORDS.length] ?? '')}`,
    ...{ source: 'phone' as const, loggedById: boss.id },
    ...{ locationId: location.id, language: 'de', servedBy: hostile(110), externalRef: hostile(110), happenedAt: bot.clock.now() },
    contact: { name: hostile(110), email: 'kate@example.com', phone: hostile(40) },
  });
  for (let index = 0; index < 60; index++) await accepted(bot, of(index));
  await bot.runDue();
  const shown = bot.messages().map(({ card }) => card);
  const [entry] = await db.feedback.findMany({ where: { state: 'passed' }, orderBy: { receivedAt: 'asc' } });
  if (!entry) throw new Error('Nothing was passed on.');
  const found = await bot.as(boss).command(`customer find ${entry.reference}`);
  for (const person of [boss, ana]) await press(person, [...shown, found], OTHERS);
  await lookAt(bot.as(ana), entry.id);
  await lookAt(bot.as(boss), entry.id);
  const words = Array.from({ length: 3 }, (_, index) => ({ questionId: null, words: `${index} ${hostile(3_900)}` }));
  await db.feedback.update({ where: { organisationId_id: { organisationId: bot.organisation.id, id: entry.id } }, data: { words } });
  await bot.as(boss).press({ id: 'feedback.entry', payload: { feedbackId: entry.id } });
  await refreshAll();
  await db.feedback.updateMany({ where: { stars: { lt: 4 } }, data: { words: [], contactSealed: null, strippedAt: bot.clock.now() } });
  await refreshAll();
  await db.feedback.updateMany({ data: { state: 'spam' } });
  await refreshAll();
}

async function lookAt(at: ReturnType<Stage['bot']['as']>, feedbackId: string): Promise<void> {
  const form = await at.press({ id: 'feedback.contact_open', payload: { feedbackId } });
  await at.submit(form, { reason: '' });
  await at.submit(form, { reason: hostile(300) });
  await at.submit(form, { reason: hostile(190) });
}

/** Much for one person on one day: the last message of the day has the others in it. */
export async function tourPostsMerged(stage: Stage): Promise<void> {
  const { bot, database, refreshAll, press, lying } = stage;
  const { boss, ana } = await settle(stage);
  const row = {
    organisationId: bot.organisation.id,
    position: 0,
    target: 'person',
    personId: ana.id,
    createdAt: bot.clock.now(),
    createdById: boss.id,
  } as const;
  await database.db.feedbackRule.create({ data: { ...row, id: newId(bot.clock.now()) } });
  for (let index = 0; index < 9; index++)
    await accepted(bot, { stars: 4, words: `${index} ${hostile(1_000 + index)}`, source: 'phone', loggedById: boss.id });
  await bot.runDue();
  await refreshAll();
  await press(ana, lying(ana), OTHERS);
}
