import type { SeminarDate, Series } from '../../src/features/seminars/model.js';
import { createSeries } from '../../src/features/seminars/scheduling/create-series.js';
import type { SeriesFields } from '../../src/features/seminars/scheduling/fields.js';
import { loadDates } from '../../src/features/seminars/store-dates.js';
import { Prisma } from '../../src/generated/prisma/client.js';
import { inTransaction } from '../../src/people/db.js';
import type { WorkContext } from '../../src/people/handlers.js';
import { loadOrganisation } from '../../src/people/organisation.js';
import { aChannel, type BuiltPerson, type OrganisationOverrides } from './builders.js';
import type { TestDatabase } from './database.js';
import { type TestBot, type TestBotOptions, testBot } from './test-bot.js';

/** When a company's day begins unless a test says otherwise: Monday 1 March 2027, 10:00 in Riga. */
export const SEMINAR_NOW = '2027-03-01T08:00:00Z';

/** A company that holds seminars: in Riga, with a channel for announcements that everyone is in. */
export interface SeminarCompany {
  readonly bot: TestBot;
  readonly owner: BuiltPerson;
  readonly boss: BuiltPerson;
  /** An employee who hosts. */
  readonly host: BuiltPerson;
  readonly ana: BuiltPerson;
  readonly ben: BuiltPerson;
  readonly cy: BuiltPerson;
  /** The organisation's channel for announcements. */
  readonly channel: { readonly id: string; readonly externalId: string; readonly name: string };
}

/**
 * An owner, a manager, a host and three employees on Slack. The database must be empty (`database.reset()`).
 * @param now ISO 8601
 * @param options as testBot has them
 */
export async function seminarCompany(
  database: TestDatabase,
  now: string = SEMINAR_NOW,
  options: Omit<TestBotOptions, 'now' | 'database'> & { readonly organisation?: OrganisationOverrides } = {},
): Promise<SeminarCompany> {
  const bot = await testBot({ ...options, now, database });
  const owner = await bot.person({ name: 'Olga Ozola', role: 'owner', email: 'olga@example.com' });
  const boss = await bot.person({ name: 'Boss Berzs', role: 'manager', email: 'boss@example.com' });
  const host = await bot.person({ name: 'Hugo Host', email: 'hugo@example.com' });
  const ana = await bot.person({ name: 'Ana Kalna', email: 'ana@example.com' });
  const ben = await bot.person({ name: 'Ben Liepa', email: 'ben@example.com' });
  const cy = await bot.person({ name: 'Cy Zars', email: 'cy@example.com' });
  const everyone = [owner, boss, host, ana, ben, cy];
  const channel = await aChannel(database.db, bot.organisation, { name: 'announcements', members: everyone });
  await database.db.organisation.update({ where: { id: bot.organisation.id }, data: { announcementsChannelId: channel.id } });
  return { bot, owner, boss, host, ana, ben, cy, channel };
}

/** What work has in this bot's organisation, as it is set now. */
export async function contextOf(bot: TestBot): Promise<WorkContext> {
  return { ...bot.work, organisation: await loadOrganisation(bot.work.db, bot.organisation.id) };
}

/** Fields of a series; those of its plan may be named one by one. */
export type SeriesOverrides = Partial<Omit<SeriesFields, 'plan'>> & { readonly plan?: Partial<SeriesFields['plan']> };

/**
 * A series with its dates, made as saving makes it: without overrides voluntary, for everyone, hosted by whom `hostId` names,
 * on the second Tuesday of every month from 9 March 2027 on, 10:00 to 11:00 in Riga.
 * @param overrides `hostId` has to be given; the first day has to lie ahead of the bot's clock
 */
export async function aSeries(bot: TestBot, { plan, ...overrides }: SeriesOverrides & Pick<SeriesFields, 'hostId'>): Promise<Series> {
  const fields: SeriesFields = {
    title: 'Calm at the counter',
    purpose: '',
    audience: { kind: 'everyone' },
    requirement: 'voluntary',
    track: 'none',
    place: 'Room 4',
    link: '',
    preReading: '',
    capacity: null,
    channelId: null,
    ...overrides,
    plan: {
      zone: 'Europe/Riga',
      firstDay: '2027-03-09',
      minutes: 600,
      length: 60,
      rhythm: { kind: 'month_weekday', every: 1, nth: 2, weekday: 2 },
      ending: {},
      exceptions: [],
      holidays: 'ignore',
      country: null,
      ...plan,
    },
  };
  const context = await contextOf(bot);
  return await inTransaction(bot.work.db, (tx) => createSeries(context, tx, fields, overrides.hostId, bot.clock.now()));
}

/** All dates of a series, cancelled ones among them, in the order of their start. */
export async function theDates(bot: TestBot, seriesId: string): Promise<SeminarDate[]> {
  return await loadDates(
    bot.work.db,
    bot.organisation.id,
    Prisma.sql`d."seriesId" = ${seriesId}::uuid`,
    Prisma.sql`ORDER BY d."startsAt", d.id`,
  );
}

/** The first date of a series. Throws when it has none. */
export async function theFirstDate(bot: TestBot, seriesId: string): Promise<SeminarDate> {
  const [first] = await theDates(bot, seriesId);
  if (!first) throw new Error(`The series ${seriesId} has no date.`);
  return first;
}
