import { type Challenge, solveChallenge } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { createGuard, TICKET_HOURS } from '../../adapters/web/guard.js';
import { RESERVED_FIELDS } from '../../src/core/page.js';
import { testVault } from '../support/builders.js';
import { surveyForm } from '../support/survey.js';
import { testClock } from '../support/test-clock.js';

// What a public form tells about who filled it in.

const NOON = '2027-03-02T12:00:00Z';
const clock = testClock(NOON);
beforeEach(() => clock.to(NOON));

const guard = createGuard({ vault: testVault, clock });
const form = surveyForm();
const sent = (ticket: string, proof = '', honeypot = '') => ({
  [RESERVED_FIELDS.ticket]: [ticket],
  [RESERVED_FIELDS.proof]: [proof],
  [RESERVED_FIELDS.honeypot]: [honeypot],
});
const UNKNOWN = { id: expect.stringMatching(/^[\w-]{22}$/), seconds: undefined };

async function solve(challenge: string): Promise<string> {
  const parsed = JSON.parse(challenge) as Challenge;
  return JSON.stringify({ challenge: parsed, solution: await solveChallenge({ challenge: parsed, deriveKey }) });
}

describe('a ticket', () => {
  it('tells how long the page was open, and names the sending', async () => {
    const { ticket } = await guard.ticketFor(form);
    clock.forward({ seconds: 12.9 });
    const first = await guard.judge(sent(ticket), '/f/lobby');
    expect(first).toEqual({ id: ticket.split('.')[0], seconds: 12, honeypot: false, proof: 'none' });
    expect(await guard.judge(sent(ticket), '/f/lobby')).toEqual(first);
    expect((await guard.ticketFor(form)).ticket.split('.')[0]).not.toBe(first.id);
    expect(guard.ticketIn(sent(ticket), '/f/lobby')).toBe(ticket);
    expect((await guard.ticketFor(form, ticket)).ticket).toBe(ticket);
  });

  it('is good for a day, and names the sending after it too', async () => {
    const { ticket } = await guard.ticketFor(form);
    clock.forward({ hours: TICKET_HOURS });
    expect((await guard.judge(sent(ticket), '/f/lobby')).seconds).toBe(TICKET_HOURS * 3600);
    clock.forward({ seconds: 1 });
    expect(await guard.judge(sent(ticket), '/f/lobby')).toMatchObject({ id: ticket.split('.')[0], seconds: undefined });
    expect(guard.ticketIn(sent(ticket), '/f/lobby')).toBeUndefined();
  });

  it('of a clock that is a little ahead is as good', async () => {
    const { ticket } = await guard.ticketFor(form);
    clock.forward({ seconds: -5 });
    expect((await guard.judge(sent(ticket), '/f/lobby')).seconds).toBe(0);
  });

  it('of another page, changed or made up is none, and the sending can’t be known again', async () => {
    const { ticket } = await guard.ticketFor(form);
    expect(await guard.judge(sent(ticket), '/f/kitchen')).toMatchObject(UNKNOWN);
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string(),
          fc.integer({ min: 0, max: ticket.length - 1 }).map((at) => changed(ticket, at)),
        ),
        async (wrong) => {
          const [one, two] = [await guard.judge(sent(wrong), '/f/lobby'), await guard.judge(sent(wrong), '/f/lobby')];
          expect(one).toMatchObject(UNKNOWN);
          expect(one.id).not.toBe(two.id);
        },
      ),
    );
    expect(await guard.judge({}, '/f/lobby')).toMatchObject({ ...UNKNOWN, honeypot: false, proof: 'none' });
  });

  it('of a path with other letters holds however the browser writes it', async () => {
    const { ticket } = await guard.ticketFor({ ...form, action: '/f/ķēķis?lang=lv' });
    expect((await guard.judge(sent(ticket), '/f/ķēķis')).seconds).toBe(0);
  });
});

const changed = (ticket: string, at: number) => `${ticket.slice(0, at)}${ticket[at] === 'a' ? 'b' : 'a'}${ticket.slice(at + 1)}`;

describe('a proof of work', () => {
  it('is solved for its own ticket, as long as that is good', async () => {
    const { ticket, challenge } = await guard.ticketFor(form);
    const proof = await solve(challenge);
    const judged = async (which: string) => (await guard.judge(sent(which, proof), '/f/lobby')).proof;
    expect(await judged(ticket)).toBe('solved');
    expect(await judged((await guard.ticketFor(form)).ticket)).toBe('wrong');
    expect(await judged('')).toBe('wrong');
    clock.forward({ hours: TICKET_HOURS, seconds: 1 });
    expect(await judged(ticket)).toBe('wrong');
  });

  it('of a cheaper challenge, or without the work, is wrong', async () => {
    const { ticket, challenge } = await guard.ticketFor(form);
    const proof = JSON.parse(await solve(challenge));
    const { parameters } = proof.challenge;
    for (const other of [
      { ...proof, solution: { ...proof.solution, counter: proof.solution.counter + 1 } },
      { ...proof, solution: { counter: 0, derivedKey: '00'.repeat(32) } },
      { ...proof, challenge: { ...proof.challenge, parameters: { ...parameters, cost: 1 } } },
      { ...proof, challenge: { ...proof.challenge, parameters: { ...parameters, extra: 1 } } },
      { ...proof, challenge: { parameters } },
    ])
      expect((await guard.judge(sent(ticket, JSON.stringify(other)), '/f/lobby')).proof).toBe('wrong');
  });

  it('of whatever text is wrong, and never fails', async () => {
    const { ticket } = await guard.ticketFor(form);
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string({ minLength: 1 }), fc.json(), fc.constant('['.repeat(50_000))), async (proof) => {
        expect((await guard.judge(sent(ticket, proof), '/f/lobby')).proof).toBe('wrong');
      }),
    );
  });
});

it('knows who fills in what only machines see', async () => {
  const { ticket } = await guard.ticketFor(form);
  expect((await guard.judge(sent(ticket, '', 'https://spam.example'), '/f/lobby')).honeypot).toBe(true);
});
