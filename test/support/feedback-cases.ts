import { openCase } from '../../src/features/feedback/cases/open-case.js';
import type { Case, Said } from '../../src/features/feedback/model.js';
import { findCase } from '../../src/features/feedback/store-cases.js';
import { inTransaction } from '../../src/people/db.js';
import type { BuiltPerson } from './builders.js';
import { accepted, type CustomerCompany, contextOf, type SaidOverrides, said } from './customer-company.js';
import type { TestDatabase } from './database.js';

/** The case as it stands. */
export async function caseOf(database: TestDatabase, { bot }: Pick<CustomerCompany, 'bot'>, caseId: string): Promise<Case> {
  const found = await findCase(database.db, bot.organisation.id, caseId);
  if (!found) throw new Error('There is no such case.');
  return found;
}

/** What a customer says; null: at no location. */
type CaseOverrides = Omit<SaidOverrides, 'locationId'> & { readonly locationId?: null };

/** A complaint of two stars at the location, sorted and with its case; of other stars too. */
export async function aCase(
  database: TestDatabase,
  company: CustomerCompany,
  { locationId: nowhere, ...overrides }: CaseOverrides = {},
): Promise<{ case: Case; said: Said }> {
  const { bot, location } = company;
  const there = nowhere === null ? {} : { locationId: location.id };
  const heard = await said(bot, { stars: 2, words: 'We waited for an hour.', ...there, ...overrides });
  const context = await contextOf(bot);
  const caseId =
    heard.caseId ??
    (await inTransaction(
      database.db,
      async (tx) => await openCase(context, tx, { ...heard, private: heard.state === 'private' }, bot.clock.now()),
    ));
  return { case: await caseOf(database, company, caseId), said: { ...heard, caseId } };
}

/** Complaints of two stars at the location, sorted together, with their cases in the order of their numbers. */
export async function someCases(database: TestDatabase, company: CustomerCompany, said: readonly string[]): Promise<readonly Case[]> {
  const { bot, location } = company;
  for (const words of said) await accepted(bot, { stars: 2, words, locationId: location.id });
  await bot.runDue();
  const rows = await database.db.feedbackCase.findMany({ orderBy: { number: 'asc' }, select: { id: true } });
  return await Promise.all(rows.map(async ({ id }) => await caseOf(database, company, id)));
}

/** A complaint about somebody: for that person's line alone. */
export async function aPrivateCase(database: TestDatabase, company: CustomerCompany, about: BuiltPerson, overrides: CaseOverrides = {}) {
  return await aCase(database, company, {
    kind: 'complaint',
    words: 'She shouted at me.',
    concernIds: [about.id],
    source: 'in_person',
    loggedById: company.boss.id,
    ...overrides,
  });
}

/** Kinds of what happened to a case, the earliest first. */
export async function eventsOf(database: TestDatabase, { bot }: Pick<CustomerCompany, 'bot'>, caseId: string): Promise<readonly string[]> {
  const rows = await database.db.feedbackCaseEvent.findMany({
    where: { organisationId: bot.organisation.id, caseId },
    orderBy: { at: 'asc' },
  });
  return rows.map(({ kind }) => kind);
}
