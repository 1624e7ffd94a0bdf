import { expect, test } from 'vitest';
import { createGate } from '../../src/core/gate.js';

/** Work that ends when it is told to. */
function heldWork() {
  const started: number[] = [];
  const ends: (() => void)[] = [];
  const work =
    (number: number, fails = false) =>
    () =>
      new Promise<number>((resolve, reject) => {
        started.push(number);
        ends.push(() => (fails ? reject(new Error(`Work ${number} failed.`)) : resolve(number)));
      });
  return { started, ends, work };
}

const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

test('so much runs at a time, and the rest in its order', async () => {
  const gate = createGate(2);
  const { started, ends, work } = heldWork();
  const all = [1, 2, 3, 4].map((number) => gate(work(number)));
  await settled();
  expect(started).toEqual([1, 2]);
  ends[1]?.();
  await settled();
  expect(started).toEqual([1, 2, 3]);
  ends[0]?.();
  await settled();
  expect(started).toEqual([1, 2, 3, 4]);
  for (const end of ends) end();
  expect(await Promise.all(all)).toEqual([1, 2, 3, 4]);
});

test('work that fails gives its place away too', async () => {
  const gate = createGate(1);
  const { ends, work } = heldWork();
  const failing = gate(work(1, true));
  const next = gate(work(2));
  ends[0]?.();
  await expect(failing).rejects.toThrow('Work 1 failed.');
  await settled();
  ends[1]?.();
  expect(await next).toBe(2);
  expect(await gate(async () => 3)).toBe(3);
});
