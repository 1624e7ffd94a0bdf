import { beforeEach, describe, expect, it } from 'vitest';
import { changePerson, type PersonChange } from '../../src/people/changes.js';
import { claimOwner, ensureFirstOwner } from '../../src/people/claim.js';
import { inTransaction } from '../../src/people/db.js';
import type { Organisation } from '../../src/people/model.js';
import { anOrganisation, aPerson, aWork, BUILT_AT } from '../support/builders.js';
import { useDatabase } from '../support/database.js';
import { testClock } from '../support/test-clock.js';

const database = useDatabase();
let organisation: Organisation;

beforeEach(async () => {
  await database.reset();
  organisation = await anOrganisation(database.db);
});

const change = async (person: { id: string }, to: PersonChange) =>
  await inTransaction(database.db, (tx) => changePerson(tx, organisation.id, person.id, to, { actorId: null, now: BUILT_AT }));
const roleOf = async (person: { id: string }) => (await database.db.person.findFirstOrThrow({ where: { id: person.id } })).role;

describe('the first owner', () => {
  it('comes by a code, which is the same at every start and in every process until it was used', async () => {
    const work = aWork(database.db);
    const ana = await aPerson(database.db, organisation);
    const code = await ensureFirstOwner(work, organisation.id);
    expect(code).toMatch(/^([A-HJ-NP-Z2-9]{4}-){3}[A-HJ-NP-Z2-9]{4}$/);
    expect(await Promise.all([ensureFirstOwner(work, organisation.id), ensureFirstOwner(work, organisation.id)])).toEqual([code, code]);
    expect(JSON.stringify(await database.db.claimCode.findFirst())).not.toContain(code?.slice(0, 4));
    await claimOwner(work, organisation.id, ana.id, ` ${code?.toLowerCase().replaceAll('-', ' ')} `);
    expect(await roleOf(ana)).toBe('owner');
    expect(await ensureFirstOwner(work, organisation.id)).toBeUndefined();
    await expect(claimOwner(work, organisation.id, ana.id, code ?? '')).rejects.toThrow('people.claim_closed');
  });

  it('is one, when two claim at once', async () => {
    const work = aWork(database.db);
    const two = [await aPerson(database.db, organisation), await aPerson(database.db, organisation)];
    const code = (await ensureFirstOwner(work, organisation.id)) ?? '';
    const claims = await Promise.allSettled(two.map((person) => claimOwner(work, organisation.id, person.id, code)));
    expect(claims.map((claim) => claim.status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await database.db.person.count({ where: { role: 'owner' } })).toBe(1);
  });

  it('is locked for 15 minutes after five wrong codes, even for the right one', async () => {
    const clock = testClock(BUILT_AT);
    const work = aWork(database.db, { clock });
    const ana = await aPerson(database.db, organisation);
    const code = (await ensureFirstOwner(work, organisation.id)) ?? '';
    const attempt = async (typed: string) =>
      await claimOwner(work, organisation.id, ana.id, typed).then(
        () => 'claimed',
        (error: Error) => error.message,
      );
    for (let time = 1; time < 5; time++) expect(await attempt('ABCD-ABCD-ABCD-ABCD')).toBe('people.claim_wrong');
    expect(await attempt('x')).toBe('people.claim_locked');
    clock.forward({ minutes: 14 });
    expect(await attempt(code)).toBe('people.claim_locked');
    clock.forward({ minutes: 1 });
    expect(await attempt(code)).toBe('claimed');
  });

  it('is the person with the configured address, who is there already', async () => {
    const ana = await aPerson(database.db, organisation, { email: 'ana@example.com' });
    expect(await ensureFirstOwner(aWork(database.db), organisation.id, { ownerEmail: ' ANA@example.com' })).toBeUndefined();
    expect(await roleOf(ana)).toBe('owner');
    await expect(ensureFirstOwner(aWork(database.db), organisation.id, { ownerEmail: 'nonsense' })).rejects.toThrow(RangeError);
  });

  it('can be found again when the only owner has left', async () => {
    await aPerson(database.db, organisation, { role: 'owner', status: 'left' });
    expect(await ensureFirstOwner(aWork(database.db), organisation.id)).toBeDefined();
  });
});

describe('roles and lines', () => {
  it('keeps the last owner, also when two give up at once', async () => {
    const two = [await aPerson(database.db, organisation, { role: 'owner' }), await aPerson(database.db, organisation, { role: 'owner' })];
    await aPerson(database.db, organisation, { role: 'owner', status: 'left' });
    const results = await Promise.allSettled(two.map((owner) => change(owner, { role: 'employee' })));
    expect(results.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('lets nobody stand in their own line', async () => {
    const a = await aPerson(database.db, organisation);
    const b = await aPerson(database.db, organisation, { lineManager: a });
    const c = await aPerson(database.db, organisation, { lineManager: b });
    for (const manager of [a, b, c]) await expect(change(a, { lineManagerId: manager.id })).rejects.toThrow('people.own_line');
    expect(await change(c, { lineManagerId: a.id })).toEqual(['lineManagerId']);
    expect(await change(c, { lineManagerId: null })).toEqual(['lineManagerId']);
  });

  it('takes nobody who left for a line manager, and changes nobody who left', async () => {
    const gone = await aPerson(database.db, organisation, { status: 'left' });
    const ana = await aPerson(database.db, organisation);
    await expect(change(ana, { lineManagerId: gone.id })).rejects.toThrow('people.manager_left');
    await expect(change(gone, { role: 'manager' })).rejects.toThrow('people.person_gone');
  });

  it('notes each change once', async () => {
    const ana = await aPerson(database.db, organisation);
    expect(await change(ana, { role: 'manager' })).toEqual(['role']);
    expect(await change(ana, { role: 'manager' })).toEqual([]);
    expect(await database.db.auditEvent.findMany()).toMatchObject([
      { verb: 'person.role_changed', subjectId: ana.id, data: { from: 'employee', to: 'manager' } },
    ]);
  });
});
