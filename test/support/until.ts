import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Waits until `look` gives something.
 * @param what is waited for, for the message of the failure
 */
export async function until<T>(
  look: () => T | undefined | false | Promise<T | undefined | false>,
  what: string,
  patienceMs = 40_000,
): Promise<T> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > deadline) throw new Error(`${what}: not within ${patienceMs / 1_000} s.`);
    await sleep(10);
  }
}
