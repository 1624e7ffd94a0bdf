import type { Card } from '../../src/core/card.js';
import { recapReady } from '../../src/features/seminars/attending/catch-up.js';
import { attendanceOf } from '../../src/features/seminars/attending/store-attendance.js';
import type { SeminarDate } from '../../src/features/seminars/model.js';
import { findDate } from '../../src/features/seminars/store-dates.js';
import { inTransaction } from '../../src/people/db.js';
import type { BuiltPerson } from './builders.js';
import type { TestDatabase } from './database.js';
import { aSeries, contextOf, type SeminarCompany, type SeriesOverrides, theFirstDate } from './seminar-company.js';
import { keysIn } from './test-bot.js';

/** Tuesday 9 March 2027: the first date begins at 10:00 in Riga, its check-in opens 15 minutes before and closes at 10:30. */
export const TIMES = {
  before: '2027-03-09T07:44:00Z',
  opens: '2027-03-09T07:45:00Z',
  inTime: '2027-03-09T08:02:00Z',
  late: '2027-03-09T08:06:00Z',
  closes: '2027-03-09T08:30:00Z',
  closed: '2027-03-09T08:31:00Z',
  over: '2027-03-09T09:00:00Z',
} as const;

/** The first date of a series hosted by Hugo, and who said to come. */
export async function dateFor(
  { bot, host }: SeminarCompany,
  going: readonly BuiltPerson[],
  overrides: Partial<SeriesOverrides> = {},
): Promise<SeminarDate> {
  const series = await aSeries(bot, { hostId: host.id, ...overrides });
  const date = await theFirstDate(bot, series.id);
  for (const person of going) await bot.as(person).press({ id: 'seminars.going', payload: { dateId: date.id } });
  return date;
}

/** Lets time come to an instant, and everything happen that is due then. */
export async function at({ bot }: SeminarCompany, when: string): Promise<void> {
  bot.clock.to(when);
  await bot.runDue();
}

/** Those who are there press the button, and the date comes to its end. */
export async function held(company: SeminarCompany, date: SeminarDate, there: readonly BuiltPerson[]): Promise<void> {
  await at(company, TIMES.opens);
  company.bot.clock.to(TIMES.inTime);
  for (const person of there) await company.bot.as(person).press({ id: 'seminars.here', payload: { dateId: date.id } });
  await at(company, TIMES.closes);
  await at(company, TIMES.over);
}

/** Has the host's recap written, as the agenda's form does. */
export async function writeRecap({ bot }: SeminarCompany, dateId: string, recap: string): Promise<void> {
  const context = await contextOf(bot);
  await inTransaction(bot.work.db, async (tx) => {
    await tx.seminarDate.updateMany({ where: { organisationId: bot.organisation.id, id: dateId }, data: { recap } });
    const date = await findDate(tx, bot.organisation.id, dateId);
    if (!date) throw new Error('There is no such date.');
    await recapReady(context, tx, date, bot.clock.now());
  });
}

/** What is recorded of a person; undefined: nothing. */
export async function recordedOf({ db }: TestDatabase, { bot }: SeminarCompany, dateId: string, person: BuiltPerson) {
  return (await attendanceOf(db, bot.organisation.id, dateId)).get(person.id);
}

/** The keys of the messages to a person that one of these features' keys stands in. */
export function told({ bot }: SeminarCompany, person: BuiltPerson, key: string): number {
  return bot.messagesTo(person).filter((message) => keysIn(message.posted).includes(key)).length;
}

/** The newest message to a person that this key stood in when it was sent, as it looks now. Throws when there is none. */
export function cardWith({ bot }: SeminarCompany, person: BuiltPerson, key: string): Card {
  const found = bot.messagesTo(person).findLast((message) => keysIn(message.posted).includes(key));
  if (!found) throw new Error(`Nobody told ${person.name} ${key}.`);
  return found.card;
}
