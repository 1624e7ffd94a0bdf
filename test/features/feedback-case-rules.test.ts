import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BellhopError } from '../../src/core/errors.js';
import * as rules from '../../src/features/feedback/cases/rules.js';
import { type Case, PRIORITIES } from '../../src/features/feedback/model.js';

describe('the life of a case', () => {
  const START = new Date('2027-03-01T08:00:00Z');
  const fresh = (id: string): Case => ({
    id,
    number: 1,
    feedbackId: id,
    private: false,
    state: 'open',
    priority: 'normal',
    locationId: null,
    ownerId: null,
    ownerName: null,
    openedAt: START,
    claimedAt: null,
    dueAt: new Date('2027-03-02T08:00:00Z'),
    respondedAt: null,
    pausedUntil: null,
    pausedAt: null,
    resolvedAt: null,
    resolverId: null,
    resolverName: null,
    rootCause: '',
    causeThemeId: null,
    actionTaken: '',
    askedAt: null,
    closableAt: null,
    reopenedAt: null,
    closedAt: null,
    closedById: null,
    outcome: null,
    satisfaction: null,
    mergedIntoId: null,
    linkNonce: 'n',
    step: 0,
    nextStepAt: null,
    version: 0,
  });
  const who = fc.constantFrom(
    { id: 'ana', role: 'employee' as const },
    { id: 'ben', role: 'employee' as const },
    { id: 'boss', role: 'manager' as const },
  );
  const act = fc.record({
    kind: fc.constantFrom(
      'claim',
      'give',
      'assign',
      'priority',
      'pause',
      'resume',
      'resolve',
      'close',
      'confirm',
      'reopen',
      'merge',
      'left',
    ),
    who,
    to: who,
    on: fc.constantFrom(0, 1),
    contact: fc.boolean(),
    asked: fc.boolean(),
    hours: fc.integer({ min: 0, max: 500 }),
    priority: fc.constantFrom(...PRIORITIES),
  });
  type Did = typeof act extends fc.Arbitrary<infer T> ? T : never;

  /** What an act makes of two cases; a refusal changes nothing. */
  function after(cases: readonly [Case, Case], did: Did, now: Date): rules.CaseChange | null {
    const [it, other] = did.on === 0 ? cases : [cases[1], cases[0]];
    const later = new Date(now.getTime() + 3_600_000);
    const how = { rootCause: 'why', causeThemeId: null, actionTaken: 'what' };
    switch (did.kind) {
      case 'claim':
        return rules.claim(it, did.who, did.contact, now);
      case 'give':
        return rules.giveBack(it, did.who);
      case 'assign':
        return rules.assign(it, did.who, did.to.id, did.contact, now);
      case 'priority':
        return rules.prioritise(it, did.who, did.priority, later);
      case 'pause':
        return rules.pause(it, did.who, later, now);
      case 'resume':
        return rules.resume(it, did.who, later);
      case 'resolve':
        return rules.resolve(it, did.who, how, { askedAt: did.asked ? now : null, silentDays: 14, dueAt: it.dueAt, now });
      case 'close':
        return rules.close(it, did.who, now);
      case 'confirm':
        return rules.confirm(it, 4, now);
      case 'reopen':
        return rules.reopen(it, did.contact, later, now);
      case 'merge':
        return rules.merge(it, other, did.who, true, now);
      default:
        return it.state === 'claimed' ? rules.unowned() : null;
    }
  }

  function checkWhole(it: Case, all: readonly Case[]): void {
    expect(it.state === 'closed').toBe(it.outcome !== null);
    expect(it.state === 'closed').toBe(it.closedAt !== null);
    expect(it.state === 'claimed' && it.ownerId === null).toBe(false);
    expect(it.state === 'open' && it.ownerId !== null).toBe(false);
    const isResolved = it.state === 'resolved' || (it.state === 'closed' && it.outcome !== 'merged');
    if (isResolved)
      expect([it.rootCause, it.actionTaken, it.resolverId !== null, it.resolvedAt !== null, it.closableAt !== null]).toEqual([
        'why',
        'what',
        true,
        true,
        true,
      ]);
    if (it.state === 'open' || it.state === 'claimed') expect([it.resolvedAt, it.closableAt, it.askedAt]).toEqual([null, null, null]);
    else expect([it.pausedUntil, it.pausedAt]).toEqual([null, null]);
    expect(it.pausedUntil === null).toBe(it.pausedAt === null);
    expect(it.outcome === 'merged').toBe(it.mergedIntoId !== null);
    if (it.outcome === 'unconfirmed') expect(it.closedById).not.toBe(it.resolverId);
    if (it.mergedIntoId !== null) expect(all.find(({ id }) => id === it.mergedIntoId)?.mergedIntoId).toBeNull();
  }

  it('stays whole whatever is done to it, by whomever, in whatever order', () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 40 }), (acts) => {
        let cases: [Case, Case] = [fresh('one'), fresh('two')];
        let now = START;
        const reopenings = [0, 0];
        for (const did of acts) {
          now = new Date(now.getTime() + did.hours * 3_600_000);
          const before = cases[did.on] as Case;
          let change: rules.CaseChange | null = null;
          try {
            change = after(cases, did, now);
          } catch (error) {
            if (!(error instanceof BellhopError)) throw error;
          }
          if (!change) continue;
          const changed = { ...before, ...change };
          if (did.kind === 'reopen') {
            reopenings[did.on] = (reopenings[did.on] ?? 0) + 1;
            expect(PRIORITIES.indexOf(changed.priority)).toBe(Math.min(PRIORITIES.indexOf(before.priority) + 1, 3));
          }
          if (did.kind === 'close') expect(before.closableAt !== null && before.closableAt <= now).toBe(true);
          // What is over is touched by the customer's late word alone.
          if (before.state === 'closed') expect(['confirm', 'reopen']).toContain(did.kind);
          cases = did.on === 0 ? [changed, cases[1]] : [cases[0], changed];
          for (const one of cases) checkWhole(one, cases);
        }
        expect(Math.max(...reopenings)).toBeLessThanOrEqual(1);
      }),
      { numRuns: 2_000 },
    );
  });
});
