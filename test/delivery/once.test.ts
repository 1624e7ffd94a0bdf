import { beforeEach, describe, expect, it } from 'vitest';
import { notice } from '../../src/core/card.js';
import type { Answer } from '../../src/core/reply.js';
import { key, words } from '../../src/core/text.js';
import { createOnce } from '../../src/delivery/handled.js';
import { useDatabase } from '../support/database.js';
import { type TestClock, testClock } from '../support/test-clock.js';

const database = useDatabase();
const answer: Answer = { kind: 'whisper', card: notice(key('test.done', { name: words('Ana') })) };
const always = () => true;
let clock: TestClock;
let effects: number;

beforeEach(async () => {
  await database.reset();
  clock = testClock('2027-03-01T08:00:00Z');
  effects = 0;
});

const once = (processId = 'one') => createOnce({ db: database.db, clock, processId });
const act = async () => {
  effects += 1;
  return answer;
};

describe('handled once', () => {
  it('gives eleven repeats the first answer and one effect', async () => {
    const results = [];
    for (let index = 0; index < 11; index++) results.push(await once()('click', always, act));
    expect(effects).toBe(1);
    expect(results.map((result) => result.repeat)).toEqual([false, ...Array(10).fill(true)]);
    expect(results.map((result) => result.answer)).toEqual(Array(11).fill(answer));
  });

  it('lets repeats that come at the same time, to two processes, wait for the first answer', async () => {
    const slow = async () => {
      effects += 1;
      await new Promise((resolve) => setTimeout(resolve, 150));
      return answer;
    };
    const results = await Promise.all(Array.from({ length: 11 }, (_, index) => once(index % 2 ? 'one' : 'two')('click', always, slow)));
    expect(effects).toBe(1);
    expect(results.filter((result) => !result.repeat)).toHaveLength(1);
    expect(results.map((result) => result.answer)).toEqual(Array(11).fill(answer));
  });

  it('answers a repeat with nothing while the first is long at work', async () => {
    let finish = (_: Answer) => {};
    const first = once()('click', always, () => new Promise<Answer>((resolve) => (finish = resolve)));
    await expect.poll(() => database.db.handled.count()).toBe(1);
    expect(await once()('click', always, act)).toEqual({ answer: { kind: 'nothing' }, repeat: true });
    finish(answer);
    expect((await first).repeat).toBe(false);
    expect(effects).toBe(0);
  });

  it('takes over after half a minute what a crash left without an answer', async () => {
    await database.db.handled.create({ data: { onceKey: 'click', claimedBy: 'dead', at: clock.now() } });
    clock.forward({ seconds: 30 });
    const results = await Promise.all([once()('click', always, act), once('two')('click', always, act)]);
    expect(effects).toBe(1);
    expect(results.map((result) => result.repeat).sort()).toEqual([false, true]);
  });

  it('leaves the key free after a failure and after form errors', async () => {
    const failing = async (): Promise<Answer> => {
      throw new TypeError('broken');
    };
    await expect(once()('form', always, failing)).rejects.toThrow('broken');
    const errors: Answer = {
      kind: 'errors',
      form: { ref: { id: 'test.form', payload: {} }, title: words(''), submit: words(''), fields: [] },
      values: {},
      errors: {},
    };
    const settles = (given: Answer) => given.kind !== 'errors';
    expect((await once()('form', settles, async () => errors)).repeat).toBe(false);
    expect((await once()('form', settles, act)).repeat).toBe(false);
    expect((await once()('form', settles, act)).repeat).toBe(true);
    expect(effects).toBe(1);
  });

  it('keeps no files and nothing huge', async () => {
    const file: Answer = { kind: 'file', file: { name: 'a.csv', mime: 'text/csv', content: new Uint8Array(3) }, card: notice(words('')) };
    const huge: Answer = { kind: 'say', card: notice(words('x'.repeat(70_000))) };
    for (const [onceKey, given] of [
      ['file', file],
      ['huge', huge],
    ] as const) {
      expect((await once()(onceKey, always, async () => given)).answer).toBe(given);
      expect(await once()(onceKey, always, act)).toEqual({ answer: { kind: 'nothing' }, repeat: true });
    }
  });

  it('keeps the answer although the database was away when it was to be noted', async () => {
    const result = await once()('click', always, async () => {
      await database.db.$executeRaw`ALTER TABLE handled RENAME TO handled_away`;
      return await act();
    });
    expect(result).toEqual({ answer, repeat: false });
    await database.db.$executeRaw`ALTER TABLE handled_away RENAME TO handled`;
    await expect.poll(async () => (await database.db.handled.findFirst())?.doneAt ?? null, { timeout: 3_000 }).not.toBeNull();
    expect((await once()('click', always, act)).answer).toEqual(answer);
    expect(effects).toBe(1);
  });
});
