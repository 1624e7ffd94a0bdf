import { describe, expect, it } from 'vitest';
import { gather, gatherings } from '../../src/people/gather.js';

/** A run that ends when it is told to, and notes what it was given. */
function held() {
  const given: number[][] = [];
  const ends: (() => void)[] = [];
  const run = async (many: readonly number[]): Promise<readonly number[]> => {
    given.push([...many]);
    await new Promise<void>((resolve) => ends.push(resolve));
    return many.map((one) => one * 10);
  };
  return { given, run, end: () => ends.shift()?.() };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('gather', () => {
  it('begins at once for who comes alone, and once for all who come meanwhile, in their order', async () => {
    const { given, run, end } = held();
    const ask = gather(run, { most: 10, atOnce: 1 });
    const first = ask(1);
    expect(given).toEqual([[1]]);
    const others = Promise.all([ask(2), ask(3), ask(4)]);
    await turn();
    expect(given).toEqual([[1]]);
    end();
    await expect(first).resolves.toBe(10);
    await turn();
    expect(given).toEqual([[1], [2, 3, 4]]);
    end();
    await expect(others).resolves.toEqual([20, 30, 40]);
  });

  it('begins as many as may be under way, before anybody waits', async () => {
    const { given, run, end } = held();
    const ask = gather(run, { most: 10, atOnce: 2 });
    const all = Promise.all([ask(1), ask(2), ask(3), ask(4)]);
    expect(given).toEqual([[1], [2]]);
    end();
    await turn();
    expect(given).toEqual([[1], [2], [3, 4]]);
    end();
    end();
    await expect(all).resolves.toEqual([10, 20, 30, 40]);
  });

  it('takes no more than so many together, and works again after it was idle', async () => {
    const { given, run, end } = held();
    const ask = gather(run, { most: 2, atOnce: 1 });
    const all = Promise.all([ask(1), ask(2), ask(3), ask(4)]);
    for (let index = 0; index < 3; index++) {
      end();
      await turn();
    }
    await expect(all).resolves.toEqual([10, 20, 30, 40]);
    expect(given).toEqual([[1], [2, 3], [4]]);
    const later = ask(5);
    end();
    await expect(later).resolves.toBe(50);
  });

  it('lets the error of one be nobody else’s', async () => {
    const runs: number[][] = [];
    const ask = gather(
      async (many: readonly number[]) => {
        runs.push([...many]);
        await turn();
        if (many.includes(3)) throw new Error('three');
        return many;
      },
      { most: 10, atOnce: 1 },
    );
    const results = await Promise.allSettled([ask(1), ask(2), ask(3), ask(4)]);
    expect(results.map((result) => (result.status === 'fulfilled' ? result.value : String(result.reason)))).toEqual([
      1,
      2,
      'Error: three',
      4,
    ]);
    expect(runs).toEqual([[1], [2, 3, 4], [2], [3], [4]]);
  });

  it('tries nobody by themselves while the database is away: all hear of it', async () => {
    const runs: number[][] = [];
    const ask = gather(
      async (many: readonly number[]): Promise<readonly number[]> => {
        runs.push([...many]);
        await turn();
        throw Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
      },
      { most: 10, atOnce: 1 },
    );
    const results = await Promise.allSettled([ask(1), ask(2), ask(3)]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(runs).toEqual([[1], [2, 3]]);
  });

  it('keeps those of one organisation and one database together', async () => {
    const made: string[] = [];
    const of = gatherings((_db: object, organisationId: string) => {
      made.push(organisationId);
      return async (given: number) => given;
    });
    const [one, other] = [{}, {}];
    expect(of(one, 'a')).toBe(of(one, 'a'));
    expect(of(one, 'b')).not.toBe(of(one, 'a'));
    expect(of(other, 'a')).not.toBe(of(one, 'a'));
    expect(made).toEqual(['a', 'b', 'a']);
    await expect(of(one, 'a')(7)).resolves.toBe(7);
  });
});
