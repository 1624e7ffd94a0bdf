import { enqueueMany } from '../../src/delivery/enqueue.js';
import { ensureDefaults } from '../../src/features/feedback/defaults.js';
import { subject } from '../../src/features/feedback/model.js';
import { to } from '../../src/features/feedback/refs.js';
import { inTransaction } from '../../src/people/db.js';
import { newId } from '../../src/people/ids.js';
import { aChannel, type BuiltPerson } from './builders.js';
import { contextOf, said } from './customer-company.js';
import { hostile, hostileName } from './hostile.js';
import { hintOf } from './test-bot.js';
import type { Stage } from './tour.js';

/** Where other parts begin, whose own stories tell of them. */
const ELSEWHERE = [
  'case',
  'mine',
  'open',
  'rules',
  'pages',
  'themes',
  'keys',
  'contact_open',
  'claim',
  'assign_open',
  'note_open',
  'history',
  'about',
].map((verb) => `feedback.${verb}`);

interface House {
  readonly owner: BuiltPerson;
  readonly boss: BuiltPerson;
  readonly ana: BuiltPerson;
  readonly locationId: string;
  readonly channelId: string;
}

async function house({ bot, database, platform }: Stage): Promise<House> {
  const { db } = database;
  const someone = async (index: number, role: 'owner' | 'manager' | 'employee') =>
    await bot.person({ platform, name: hostileName(index), role, email: `following${index}@example.com` });
  const [owner, boss, ana] = [await someone(0, 'owner'), await someone(1, 'manager'), await someone(2, 'employee')];
  const { id: locationId } = await db.location.create({
    data: { organisationId: bot.organisation.id, id: newId(bot.clock.now()), name: hostile(60), createdAt: bot.clock.now() },
  });
  const channel = await aChannel(db, bot.organisation, { platform, name: hostile(60), members: [owner, boss, ana] });
  await ensureDefaults(await contextOf(bot));
  await db.feedbackSettings.updateMany({ data: { channelId: channel.id } });
  return { owner, boss, ana, locationId, channelId: channel.id };
}

/** Complaints of the worst sort, each with a case. @returns the cases' ids */
async function complaints({ bot, database }: Stage, { locationId, channelId }: House, count: number): Promise<string[]> {
  const { db } = database;
  for (let index = 0; index < count; index++) {
    const words = `${index} ${hostile(2_000).slice(index * 40)}`;
    await said(bot, { stars: 1 + (index % 2), words, locationId, contact: { email: 'guest@example.org' } });
  }
  // Words of the worst sort name everybody.
  await db.feedbackConcern.deleteMany();
  await db.feedback.updateMany({ data: { state: 'passed', channelId } });
  await db.feedbackCase.updateMany({ data: { private: false } });
  const cases = await db.feedbackCase.findMany({ orderBy: { number: 'asc' } });
  return cases.map(({ id }) => id);
}

/** Everybody on the escalation list is told, and digests come to the channel and to whoever has private cases. */
export async function tourFollowing(stage: Stage): Promise<void> {
  const { bot, database, refreshAll, press, lying } = stage;
  const { db } = database;
  const all = await house(stage);
  const { owner, boss, ana } = all;
  const [first, second] = await complaints(stage, all, 9);
  await bot.as(ana).press(to.claim(first ?? ''));
  await db.feedbackCase.updateMany({ where: { id: second ?? '' }, data: { private: true, ownerId: owner.id, state: 'claimed' } });
  // More than one person is told of at once: the rest comes in one message.
  await db.organisation.updateMany({ data: { dailyCap: 1 } });
  const dueAt = new Date('2027-03-02T08:00:00Z');
  await db.feedbackCase.updateMany({ data: { dueAt, nextStepAt: dueAt } });
  for (const instant of ['2027-03-02T08:00:00Z', '2027-03-02T10:00:00Z', '2027-03-02T12:00:00Z', '2027-03-03T08:00:00Z']) {
    bot.clock.to(instant);
    await bot.runDue();
  }
  await refreshAll();
  for (const person of [owner, boss, ana]) await press(person, lying(person), ELSEWHERE);
  // What is told of has been looked after meanwhile.
  await db.feedbackCase.updateMany({ data: { state: 'closed', nextStepAt: null } });
  await refreshAll();
}

/** Somebody's own digests, more than a day may have. */
export async function tourOwnDigestMerged(stage: Stage): Promise<void> {
  const { bot, database, refreshAll } = stage;
  const { db } = database;
  const all = await house(stage);
  await db.organisation.updateMany({ data: { dailyCap: 1 } });
  await complaints(stage, all, 3);
  await db.feedbackCase.updateMany({ data: { private: true, ownerId: all.owner.id, state: 'claimed', dueAt: bot.clock.now() } });
  const personId = all.owner.id;
  const digests = ['2027-03-01', '2027-03-02', '2027-03-03', '2027-03-04'].map((day) => ({
    organisationId: bot.organisation.id,
    subjectKey: `${subject.digest(personId, day)}:tour`,
    message: 'feedback.own_digest',
    payload: { personId, day },
    to: { personId },
    priority: 'bulk' as const,
    capped: true,
    dueAt: bot.clock.now(),
  }));
  bot.clock.forward({ minutes: 1 });
  await inTransaction(db, async (tx) => await enqueueMany(tx, digests, bot.clock.now()));
  await bot.runDue();
  bot.clock.to('2027-03-02T08:00:00Z');
  await bot.runDue();
  await refreshAll();
}

/** A customer is answered and asked whether it is put right; others can't be. */
export async function tourReplying(stage: Stage): Promise<void> {
  const { bot, database, refreshAll, press, lying } = stage;
  const { db } = database;
  const all = await house(stage);
  const { boss } = all;
  const [first, second] = await complaints(stage, all, 3);
  const at = bot.as(boss);
  await at.press(to.claim(first ?? ''));
  const form = await at.press(to.reply(first ?? ''));
  await at.submit(form, {});
  await at.submit(form, { words: hostile(3_500) });
  await at.submit(form, { words: hostile(2_990) });
  await db.feedback.updateMany({ data: { language: 'lv', words: [{ questionId: null, words: hostile(4_000) }] } });
  await at.submit(await at.press(to.reply(first ?? '')), { words: `${hostile(900)}\n\n${hostile(900)}` });
  await bot.runDue();
  await at.submit(await at.press(to.resolve(first ?? '')), { cause: hostile(490), action: hostile(990) });
  await bot.runDue();
  await refreshAll();
  await db.feedback.updateMany({ data: { contactSealed: null } });
  await press(boss, [await at.press(to.reply(second ?? '')), ...lying(boss)], ELSEWHERE);
}

/** Everything that can be set, first wrongly and then well. */
export async function tourSettings(stage: Stage): Promise<void> {
  const { bot, database, press } = stage;
  const { db } = database;
  const { boss, ana, locationId, channelId } = await house(stage);
  const channel = await db.channel.findFirstOrThrow({ where: { id: channelId } });
  for (let index = 0; index < 9; index++) {
    const createdAt = bot.clock.now();
    const id = newId(createdAt);
    await db.location.create({ data: { organisationId: bot.organisation.id, id, name: `${index} ${hostile(70)}`, createdAt } });
  }
  const at = bot.as(boss);
  const fill = async (verb: string, payload: Record<string, string | null>, ...all: readonly Record<string, unknown>[]) => {
    const form = await at.press({ id: `feedback.${verb}_open`, payload });
    for (const values of all) await at.submit(form, values as never);
  };
  await at.command('customer settings');
  await fill('where', {}, { channel: hostile(60) }, {}, { channel: bot.organisation.id }, { channel: channel.externalId });
  const due = { urgent: '90 min', high: '1 d', normal: '90 h', low: '60 d', low_stars: '4', silent_days: '90', talk_days: '60' };
  await fill('due_times', {}, { urgent: hostile(30), high: hostile(30), silent_days: hostile(9) }, { ...due, high: '1 h' }, due);
  const steps = ['owner', 'lead', 'manager', 'organisation', 'owner', 'organisation'];
  const ladder = Object.fromEntries(
    steps.flatMap((level, index) => [
      [`to_${index + 1}`, level],
      [`after_${index + 1}`, String([0, 30, 60, 120, 240, 360][index])],
    ]),
  );
  await fill('ladder', {}, {}, { ...ladder, after_3: '30' }, ladder);
  await fill('digest', {}, { daily: true, at: hostile(5) }, { daily: true, at: '23:59' }, { daily: false });
  const wrong = { lead: [{ by: 'typed', typed: hostile(300) }], manager: [hintOf(ana), hintOf(boss)] };
  for (const id of [locationId, null]) await fill('lead', { locationId: id }, wrong, { lead: [hintOf(ana)], manager: [hintOf(boss)] });
  await fill('lead', { locationId: null }, { lead: [], manager: [] });
  await press(boss, [await at.press(to.settings()), await at.press({ id: 'feedback.leads', payload: { offset: 7 } })], ELSEWHERE);
}
