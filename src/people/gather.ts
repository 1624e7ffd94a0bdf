import { isDatabaseAway } from './db.js';

interface Waiting<A, R> {
  readonly given: A;
  readonly resolve: (result: R) => void;
  readonly reject: (error: unknown) => void;
}

export interface GatherOptions {
  /** How many calls are taken together. */
  readonly most: number;
  /** How many runs may be under way: only when so many are, those that come wait for one another. */
  readonly atOnce: number;
}

/**
 * Makes one call of those that come in while others are under way: a crowd then costs the database a few statements and commits, not
 * one for each. Who comes when there is room waits for nobody, and whatever is done for a call is begun after it came.
 * @param run does the work of several, and gives the results in their order. When it fails for several, each is tried by itself, so that
 *   one's error is nobody else's: repeating must be harmless
 * @returns what does the work of one
 */
export function gather<A, R>(
  run: (many: readonly A[]) => Promise<readonly R[]>,
  { most, atOnce }: GatherOptions,
): (given: A) => Promise<R> {
  const waiting: Waiting<A, R>[] = [];
  let running = 0;

  const settle = async (taken: readonly Waiting<A, R>[]): Promise<void> => {
    try {
      const results = await run(taken.map(({ given }) => given));
      for (const [index, { resolve }] of taken.entries()) resolve(results[index] as R);
    } catch (error) {
      if (taken.length === 1 || isDatabaseAway(error)) for (const { reject } of taken) reject(error);
      else for (const one of taken) await settle([one]);
    }
  };

  const work = async (): Promise<void> => {
    running += 1;
    while (waiting.length > 0) await settle(waiting.splice(0, most));
    running -= 1;
  };

  return (given) =>
    new Promise<R>((resolve, reject) => {
      waiting.push({ given, resolve, reject });
      if (running < atOnce) void work();
    });
}

/**
 * The gathering of each database handle and organisation, made when it is first asked for: what is kept goes with the handle.
 * @param make makes one
 */
export function gatherings<D extends object, A, R>(
  make: (db: D, organisationId: string) => (given: A) => Promise<R>,
): (db: D, organisationId: string) => (given: A) => Promise<R> {
  const kept = new WeakMap<D, Map<string, (given: A) => Promise<R>>>();
  return (db, organisationId) => {
    const ofDb = kept.get(db) ?? new Map<string, (given: A) => Promise<R>>();
    kept.set(db, ofDb);
    const one = ofDb.get(organisationId) ?? make(db, organisationId);
    ofDb.set(organisationId, one);
    return one;
  };
}
