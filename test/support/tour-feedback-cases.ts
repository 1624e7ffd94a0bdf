import { reopenCase } from '../../src/features/feedback/cases/ending.js';
import { ensureDefaults } from '../../src/features/feedback/defaults.js';
import { to } from '../../src/features/feedback/refs.js';
import { inTransaction } from '../../src/people/db.js';
import { newId } from '../../src/people/ids.js';
import { aChannel, type BuiltPerson } from './builders.js';
import { contextOf, said } from './customer-company.js';
import { hostile, hostileName } from './hostile.js';
import { hintOf } from './test-bot.js';
import type { Stage } from './tour.js';

/** What changes a case so that the story can't go on with it. */
const ENDS = ['feedback.close', 'feedback.give_back', 'feedback.claim', 'feedback.resume'];
/** Where other parts begin, whose own stories tell of them. */
const ELSEWHERE = ['feedback.about', 'feedback.contact_open', 'feedback.reply_open', 'feedback.log_open'];

/** Cases from their opening to their end, with everything that is written about them of the worst sort. */
export async function tourCases({ bot, database, platform, refreshAll, press, lying }: Stage): Promise<void> {
  const { db } = database;
  const organisationId = bot.organisation.id;
  const boss = await bot.person({ platform, name: hostileName(0), role: 'manager', email: 'boss@example.com' });
  const ana = await bot.person({ platform, name: hostileName(1), email: 'ana@example.com' });
  const location = await db.location.create({
    data: { organisationId, id: newId(bot.clock.now()), name: hostile(60), createdAt: bot.clock.now() },
  });
  const channel = await aChannel(db, bot.organisation, { platform, name: hostile(60), members: [boss, ana] });
  await ensureDefaults(await contextOf(bot));
  await db.feedbackSettings.updateMany({ data: { channelId: channel.id } });
  for (let index = 0; index < 9; index++) {
    const words = `${index} ${hostile(3_000).slice(index * 40)}`;
    await said(bot, { stars: 1 + (index % 2), words, locationId: location.id, doubts: [], contact: { email: 'guest@example.org' } });
  }
  // What looks like a colleague's name waits for a manager, and all of this does.
  await db.feedback.updateMany({ where: { state: { in: ['doubtful', 'held'] } }, data: { state: 'passed', channelId: channel.id } });
  await db.feedbackCase.updateMany({ data: { private: false } });
  const without = await said(bot, { stars: 5, words: 'Lovely.', kind: 'comment' });
  const at = bot.as(boss);
  await at.press(to.openCase(without.id));
  const cases = await db.feedbackCase.findMany({ orderBy: { number: 'asc' } });
  const [first, second, third] = cases;
  if (!first || !second || !third) throw new Error('There are no cases.');
  for (const filter of ['all', 'unowned', 'overdue', 'mine', 'closable']) {
    await press(boss, [await at.press({ id: 'feedback.open', payload: { offset: 0, filter } })], [...ENDS, ...ELSEWHERE]);
  }
  await press(
    boss,
    [await at.command('customer'), await at.command('customer open'), await at.command('customer mine'), await at.home()],
    ENDS,
  );
  await at.command(`customer case ${hostile(500)}`);

  const sends = async (by: BuiltPerson, ref: Parameters<typeof at.press>[0], ...all: readonly Record<string, unknown>[]) => {
    const opened = await bot.as(by).press(ref);
    for (const values of all) await bot.as(by).submit(opened, values as never);
  };
  await bot.as(ana).press(to.claim(first.id));
  await at.press(to.claim(first.id));
  await sends(ana, to.note(first.id), { note: '' }, { note: hostile(2_000) });
  await sends(ana, to.pause(first.id), { until: hostile(10), reason: hostile(500) }, { until: '2027-03-05', reason: hostile(200) });
  await refreshAll();
  await bot.as(ana).press(to.resume(first.id));
  await sends(boss, to.priority(first.id), { priority: hostile(5) }, { priority: 'urgent' });
  await sends(boss, to.assign(second.id), {}, { person: [{ by: 'typed', typed: hostile(300) }] }, { person: [hintOf(ana)] });
  await bot.runDue();
  await refreshAll();
  await sends(boss, to.merge(third.id), { number: hostile(30) }, { number: '' }, { number: String(second.number) });
  await at.command(`customer case ${third.number}`);
  await bot.as(ana).press({ id: 'feedback.give_back', payload: { caseId: second.id } });
  await bot.as(ana).press(to.claim(second.id));
  await sends(ana, to.resolve(first.id), { cause: '', action: '' }, { cause: hostile(500), action: hostile(1_000) });
  await sends(ana, to.resolve(second.id), { cause: hostile(500), action: hostile(1_000) });
  const context = await contextOf(bot);
  const says = { satisfaction: 1, words: hostile(3_000) };
  await inTransaction(db, async (tx) => await reopenCase(context, tx, first.id, bot.clock.now(), says));
  await bot.runDue();
  await refreshAll();
  await press(ana, [...lying(ana), await bot.as(ana).home(), await bot.as(ana).command('customer mine')], [...ENDS, ...ELSEWHERE]);
  await press(
    boss,
    [await at.press(to.history(first.id)), await at.press(to.case(first.id)), await at.press(to.case(second.id))],
    [...ENDS, ...ELSEWHERE],
  );
  bot.clock.to('2027-03-20T08:00:00Z');
  await at.press(to.close(second.id));
  await bot.runDue();
  await refreshAll();
  // Whoever gets it has left by now, or the case is no longer for them: the message says no more than that.
  await db.feedback.updateMany({ data: { state: 'private' } });
  await refreshAll();
}
