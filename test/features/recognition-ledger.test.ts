import { beforeEach, describe, expect, it } from 'vitest';
import { auditLedger, balanceOf, grantAllowance, post, TooFewPoints } from '../../src/features/recognition/ledger/store-ledger.js';
import { inTransaction } from '../../src/people/db.js';
import type { Organisation } from '../../src/people/model.js';
import { anOrganisation, aPerson, type BuiltPerson as Person } from '../support/builders.js';
import { useDatabase } from '../support/database.js';

const database = useDatabase();
const at = new Date('2026-11-22T10:00:00Z');
const period = '2026-11';
let organisation: Organisation;
let ana: Person;
let ben: Person;

beforeEach(async () => {
  organisation = await anOrganisation(database.db);
  [ana, ben] = await Promise.all([aPerson(database.db, organisation), aPerson(database.db, organisation)]);
});

const allowanceOf = (person: Person) => ({ kind: 'allowance', owner: person.id, period }) as const;
const balance = (person: Person) => balanceOf(database.db, organisation.id, { kind: 'balance', owner: person.id });
const grant = (person: Person, amount = 100) =>
  inTransaction(database.db, (tx) => grantAllowance(tx, organisation.id, person.id, period, amount, at));
const give = (from: Person, to: Person, amount: number) =>
  inTransaction(database.db, (tx) =>
    post(
      tx,
      {
        organisationId: organisation.id,
        kind: 'give',
        actorId: from.id,
        entries: [
          { ...allowanceOf(from), amount: -amount },
          { kind: 'balance', owner: to.id, amount },
        ],
      },
      at,
    ),
  );

describe('the ledger', () => {
  it('moves points from an allowance to a balance', async () => {
    await grant(ana);
    await give(ana, ben, 30);
    expect(await balance(ben)).toBe(30);
    expect(await balanceOf(database.db, organisation.id, allowanceOf(ana))).toBe(70);
    expect(await auditLedger(database.db, organisation.id)).toEqual([]);
  });

  it('grants a month’s allowance once, however many ask at the same time', async () => {
    await Promise.all(Array.from({ length: 8 }, () => grant(ana)));
    expect(await balanceOf(database.db, organisation.id, allowanceOf(ana))).toBe(100);
    expect(await auditLedger(database.db, organisation.id)).toEqual([]);
  });

  it('lets nobody go below zero, however many movements run at the same time', async () => {
    await grant(ana);
    const results = await Promise.allSettled(Array.from({ length: 15 }, () => give(ana, ben, 10)));
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(10);
    for (const result of results) if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(TooFewPoints);
    expect(await balance(ben)).toBe(100);
    expect(await auditLedger(database.db, organisation.id)).toEqual([]);
  });

  it('refuses what does not balance, what changes history, and balances set by hand', async () => {
    const { db } = database;
    await grant(ana);
    await give(ana, ben, 30);
    const unbalanced = inTransaction(db, (tx) =>
      post(
        tx,
        { organisationId: organisation.id, kind: 'award', actorId: null, entries: [{ kind: 'balance', owner: ben.id, amount: 5 }] },
        at,
      ),
    );
    await expect(unbalanced).rejects.toThrow(/balance/);
    for (const [statement, refused] of [
      ['UPDATE ledger_entry SET amount = 1', /append-only/],
      ['DELETE FROM ledger_entry', /append-only/],
      ['DELETE FROM ledger_movement', /append-only/],
      ['TRUNCATE ledger_entry CASCADE', /append-only/],
      ['UPDATE ledger_account SET balance = 1000', /entries only/],
      ['DELETE FROM ledger_account', /entries only/],
    ] as const) {
      await expect(db.$executeRawUnsafe(statement), statement).rejects.toThrow(refused);
    }
    expect(await balance(ben)).toBe(30);
  });
});
