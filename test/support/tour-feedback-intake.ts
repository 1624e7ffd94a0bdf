import { enqueueMany } from '../../src/delivery/enqueue.js';
import { ensureDefaults } from '../../src/features/feedback/defaults.js';
import { scaleField } from '../../src/features/feedback/intake/log-fields.js';
import { MOST_QUESTIONS, subject } from '../../src/features/feedback/model.js';
import { inTransaction } from '../../src/people/db.js';
import { newId } from '../../src/people/ids.js';
import { aChannel, type BuiltPerson } from './builders.js';
import { accepted, contextOf } from './customer-company.js';
import { hostile } from './hostile.js';
import { hintOf } from './test-bot.js';
import type { Stage } from './tour.js';

/** Buttons of cards here that belong to other parts' stories. */
const OTHERS = [
  ...['about', 'case', 'case_open', 'claim', 'assign_open', 'note_open', 'history', 'pause_open', 'resume', 'priority_open', 'merge_open'],
  ...['resolve_open', 'close', 'give_back', 'reply_open', 'themes', 'settings', 'contact_open'],
].map((verb) => `feedback.${verb}`);

/** Decisions: a story makes them itself. */
const DECISIONS = ['real', 'spam', 'clear', 'nobody_named', 'concerns_open', 'spam_undo'].map((verb) => `feedback.${verb}`);

/** A house in which colleagues are called as customers write. */
async function settle({ bot, database, platform }: Stage) {
  const { db } = database;
  const organisationId = bot.organisation.id;
  const now = bot.clock.now();
  const boss = await bot.person({ platform, name: 'Zžžz *Qqqq*', role: 'manager', email: 'boss@example.com' });
  const deputy = await bot.person({ platform, name: 'Vvķķ <Rrļļ>', role: 'manager', email: 'deputy@example.com' });
  const ana = await bot.person({ platform, name: 'Xenija <!channel> *Xaus*', email: 'ana@example.com', lineManager: boss });
  const channel = await aChannel(db, bot.organisation, { platform, name: hostile(70), members: [boss, deputy, ana] });
  for (let index = 0; index < 70; index++) {
    await db.location.create({ data: { organisationId, id: newId(now), name: `${index} ${hostile(90)}`, createdAt: now } });
  }
  await ensureDefaults(await contextOf(bot));
  await db.feedbackSettings.update({ where: { organisationId }, data: { channelId: channel.id } });
  // As many scales as there may be, with the longest words.
  const asked = await db.feedbackQuestion.count({ where: { organisationId, kind: { not: 'open' } } });
  for (let position = asked; position < MOST_QUESTIONS; position++) {
    const question = {
      key: `scale_${position}`,
      kind: position % 2 ? 'nps' : 'five',
      labels: { en: hostile(150), lv: hostile(150) },
    } as const;
    await db.feedbackQuestion.create({ data: { organisationId, id: newId(now), position: position + 10, createdAt: now, ...question } });
  }
  return { boss, deputy, ana, channel };
}

/** What customers say is logged by a command, a button and a shortcut, with everything that can be wrong in it. */
export async function tourLogging(stage: Stage): Promise<void> {
  const { bot, database, platform, press } = stage;
  const { boss, ana, channel } = await settle(stage);
  const hands = bot.as(ana);
  const scales = await database.db.feedbackQuestion.findMany({ where: { kind: { not: 'open' } } });
  const location = await database.db.location.findFirstOrThrow();
  const filled = {
    ...{ source: 'mystery_shopper', kind: 'suggestion', words: hostile(2_900), language: 'lv', location: location.id, agreed: true },
    ...{ happened: '2027-02-28', name: hostile(110), email: 'customer@example.com', phone: hostile(35), people: [hintOf(ana)] },
    ...Object.fromEntries(scales.map(({ id }) => [scaleField(id), '3'])),
  };
  const opened = await hands.command('customer log');
  for (const wrong of [
    { source: hostile(20) },
    { words: '\u0000', ...Object.fromEntries(scales.map(({ id }) => [scaleField(id), ''])) },
    { email: hostile(60) },
    { agreed: false },
    { location: hostile(40) },
    { happened: '9999-12-31' },
    { people: [{ by: 'typed' as const, typed: hostile(200) }] },
    { [scaleField(scales[0]?.id ?? '')]: '99' },
  ]) {
    await hands.submit(opened, { ...filled, ...wrong });
  }
  const logged = await hands.submit(opened, filled);
  await hands.submit(opened, { ...filled, words: 'x' });
  await press(ana, [logged, await hands.home()], OTHERS);
  await bot.runDue();
  await press(ana, [logged], OTHERS);
  const plain = await bot.as(boss).submit(await bot.as(boss).command('customer log'), { source: 'phone', words: `Cold ${hostile(1_000)}` });
  await bot.runDue();
  await press(boss, [plain], OTHERS);
  const workspace = await database.db.workspace.findFirstOrThrow({ where: { id: ana.workspaceId } });
  for (const [index, text] of [hostile(40), hostile(5_000), undefined].entries()) {
    await bot.dispatch({
      kind: 'shortcut',
      shortcut: 'feedback.log',
      actor: { platform, workspaceExternalId: workspace.externalId, externalId: ana.externalId },
      place: { kind: 'channel', externalId: channel.externalId },
      onceKey: `tour-log-${platform}-${index}`,
      requestId: `tour-log-${index}`,
      message: { ...(text !== undefined && { text }), conversationId: channel.externalId, externalId: `${index}.1` },
    });
  }
}

/** What waits is listed, opened, decided and taken back; names found are chosen anew; two managers decide at once. */
export async function tourWaiting(stage: Stage): Promise<void> {
  const { bot, database, refreshAll, press, lying } = stage;
  const { boss, deputy, ana } = await settle(stage);
  const at = bot.as(boss);
  const doubts = ['hidden_field', 'too_quick', 'wrong_proof', 'unproven_links', 'many_links'] as const;
  for (let index = 0; index < 9; index++)
    await accepted(bot, { words: `${index} ${hostile(3_900)}`, stars: 3, doubts, contact: { name: 'x' } });
  for (let index = 0; index < 2; index++) await accepted(bot, { words: `The same words again ${hostile(200)}`, stars: 3 });
  for (const [index, stars] of [5, 5, 1, 3, 4].entries()) {
    await accepted(bot, { words: `${index} xenija ${hostile(300)}`, stars, servedBy: index === 3 ? hostile(110) : '' });
  }
  await bot.runDue();
  await refreshAll();
  await press(boss, [await at.command('customer waiting'), await at.home(), ...lying(boss)], [...OTHERS, ...DECISIONS]);
  const decide = async (act: string, state: 'doubtful' | 'held' | 'spam', by: BuiltPerson = boss) => {
    const { id } = await database.db.feedback.findFirstOrThrow({ where: { state }, orderBy: [{ stars: 'desc' }, { id: 'asc' }] });
    const answer = await bot.as(by).press({ id: `feedback.${act}`, payload: { feedbackId: id } });
    return { id, answer };
  };
  for (const act of ['spam', 'spam', 'real']) {
    const { id } = await decide(act, 'doubtful');
    await bot.as(deputy).press({ id: `feedback.${act}`, payload: { feedbackId: id } });
  }
  await press(boss, [await at.press({ id: 'feedback.spam_list', payload: { offset: 0 } })], [...OTHERS, ...DECISIONS]);
  await decide('spam_undo', 'spam');
  await decide('clear', 'held');
  await decide('nobody_named', 'held');
  const { answer: form } = await decide('concerns_open', 'held');
  await at.submit(form, { people: [], kind: 'praise' });
  await at.submit(form, { people: [{ by: 'typed', typed: hostile(200) }], kind: hostile(20) });
  await at.submit(form, { people: [hintOf(ana)], kind: 'complaint' });
  await bot.as(deputy).submit(form, { people: [hintOf(ana)], kind: 'complaint' });
  await bot.runDue();
  await refreshAll();
}

/** More than a manager hears of in one day. */
export async function tourWaitingMerged(stage: Stage): Promise<void> {
  const { bot, database, lying, press } = stage;
  const { boss } = await settle(stage);
  await database.db.organisation.updateMany({ data: { dailyCap: 1 } });
  for (let index = 0; index < 2; index++) await accepted(bot, { words: `${index} ${hostile(300)}`, stars: 3, doubts: ['hidden_field'] });
  await bot.runDue();
  const told = Array.from({ length: 4 }, (_, index) => ({
    organisationId: bot.organisation.id,
    subjectKey: subject.waiting(`tour${index}`, boss.id),
    message: 'feedback.waiting',
    payload: { personId: boss.id },
    to: { personId: boss.id },
    priority: 'bulk' as const,
    capped: true,
    dueAt: bot.clock.now(),
  }));
  await inTransaction(database.db, async (tx) => await enqueueMany(tx, told, bot.clock.now()));
  await bot.runDue();
  bot.clock.forward({ hours: 24 });
  await bot.runDue();
  await press(boss, lying(boss), [...OTHERS, ...DECISIONS]);
}
