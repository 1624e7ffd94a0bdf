import { ensureDefaults } from '../../src/features/feedback/defaults.js';
import { type Accepted, accept } from '../../src/features/feedback/intake/accept.js';
import type { Incoming } from '../../src/features/feedback/intake/incoming.js';
import type { Said } from '../../src/features/feedback/model.js';
import { findFeedback } from '../../src/features/feedback/store-feedback.js';
import { inTransaction } from '../../src/people/db.js';
import type { WorkContext } from '../../src/people/handlers.js';
import { newId } from '../../src/people/ids.js';
import { loadOrganisation } from '../../src/people/organisation.js';
import { aChannel, type BuiltPerson } from './builders.js';
import type { TestDatabase } from './database.js';
import { type TestBot, type TestBotOptions, testBot } from './test-bot.js';

/** When a company's day begins unless a test says otherwise: Monday 1 March 2027, 10:00 in Riga. */
export const CUSTOMER_NOW = '2027-03-01T08:00:00Z';

/** A company that listens to customers: in Riga, with defaults, a location and channels. */
export interface CustomerCompany {
  readonly bot: TestBot;
  readonly owner: BuiltPerson;
  /** A manager; Ana's line manager. */
  readonly boss: BuiltPerson;
  /** Reports to the boss, works at the location. */
  readonly ana: BuiltPerson;
  /** Reports to nobody. */
  readonly ben: BuiltPerson;
  readonly location: { readonly id: string; readonly name: string };
  /** #front-desk: open, everyone is in it; where feedback goes that no rule sends elsewhere. */
  readonly channel: { readonly id: string; readonly externalId: string; readonly name: string };
  /** #managers: private, of the owner and the boss; the managers' channel. */
  readonly managers: { readonly id: string; readonly externalId: string; readonly name: string };
}

/**
 * An owner, a manager and two employees. The database must be empty (`database.reset()`).
 * @param now ISO 8601
 * @param options as testBot has them; `platform` where everybody is (default Slack)
 */
export async function customerCompany(
  database: TestDatabase,
  now: string = CUSTOMER_NOW,
  { platform = 'slack', ...options }: Omit<TestBotOptions, 'now' | 'database'> & { readonly platform?: 'slack' | 'teams' } = {},
): Promise<CustomerCompany> {
  const { db } = database;
  const bot = await testBot({ ...options, now, database });
  const organisationId = bot.organisation.id;
  const location = await db.location.create({
    data: { organisationId, id: newId(bot.clock.now()), name: 'Old Town', createdAt: bot.clock.now() },
  });
  const owner = await bot.person({ platform, name: 'Olga Ozola', role: 'owner', email: 'olga@example.com' });
  const boss = await bot.person({ platform, name: 'Viktors Berzs', role: 'manager', email: 'viktors@example.com' });
  const ana = await bot.person({ platform, name: 'Anna Kalna', email: 'anna@example.com', lineManager: boss, locationId: location.id });
  const ben = await bot.person({ platform, name: 'Benno Liepins', email: 'benno@example.com' });
  const channel = await aChannel(db, bot.organisation, { platform, name: 'front-desk', members: [owner, boss, ana, ben] });
  const managers = await aChannel(db, bot.organisation, { platform, name: 'managers', members: [owner, boss] });
  await db.channel.update({ where: { organisationId_id: { organisationId, id: managers.id } }, data: { isPrivate: true } });
  await db.organisation.update({ where: { id: organisationId }, data: { managersChannelId: managers.id } });
  const company = { bot, owner, boss, ana, ben, location, channel, managers };
  await ensureDefaults(await contextOf(bot));
  await db.feedbackSettings.update({ where: { organisationId }, data: { channelId: channel.id } });
  return company;
}

/** What work has in this bot's organisation, as it is set now. */
export async function contextOf(bot: TestBot): Promise<WorkContext> {
  return { ...bot.work, organisation: await loadOrganisation(bot.work.db, bot.organisation.id) };
}

/** What a customer says; everything else is as a survey page would bring it. */
export interface SaidOverrides extends Partial<Omit<Incoming, 'words' | 'ratings'>> {
  /** Of the question "overall". */
  readonly stars?: number;
  /** By key of a question. */
  readonly ratings?: Readonly<Record<string, number>>;
  readonly words?: string;
}

let entries = 0;

/** Has one piece of feedback accepted, and leaves it fresh. */
export async function accepted(bot: TestBot, { stars, ratings = {}, words, ...incoming }: SaidOverrides = {}): Promise<Accepted> {
  const context = await contextOf(bot);
  const questions = await context.db.feedbackQuestion.findMany({ where: { organisationId: bot.organisation.id } });
  const rated = { ...ratings, ...(stars !== undefined && { overall: stars }) };
  const byKey = Object.entries(rated).map(([wanted, value]) => {
    const question = questions.find(({ key }) => key === wanted);
    if (!question) throw new Error(`Nobody asks ${wanted}.`);
    return { questionId: question.id, value };
  });
  entries += 1;
  const entry: Incoming = {
    onceKey: `test:${entries}`,
    body: `${entries}`,
    source: 'page',
    ratings: byKey,
    words: words === undefined ? [] : [{ questionId: null, words }],
    ...incoming,
  };
  return await inTransaction(context.db, async (tx) => await accept(context, tx, entry, context.clock.now()));
}

/** Has one piece of feedback accepted and sorted, and everything that is due then sent. @returns it as it stands then */
export async function said(bot: TestBot, overrides: SaidOverrides = {}): Promise<Said> {
  const { id } = await accepted(bot, overrides);
  await bot.runDue();
  const found = await findFeedback(bot.work.db, bot.organisation.id, id);
  if (!found) throw new Error('What was accepted is gone.');
  return found;
}
