import { expect, test, vi } from 'vitest';
import { createLull } from '../../adapters/slack/lull.js';

const LONG_MS = 60_000;

test('a few who wait are no crowd', async () => {
  const lull = createLull(2);
  lull.began();
  lull.began();
  await lull.until(LONG_MS);
});

test('a crowd is over when only a few still wait; an answer counts once', async () => {
  const lull = createLull(1);
  const answered = [lull.began(), lull.began(), lull.began()];
  const over = vi.fn();
  const waiting = lull.until(LONG_MS).then(over);
  answered[0]?.();
  answered[0]?.();
  await new Promise((resolve) => setImmediate(resolve));
  expect(over).not.toHaveBeenCalled();
  answered[1]?.();
  await waiting;
});

test('a crowd that does not end is waited for only so long', async () => {
  const lull = createLull(0);
  lull.began();
  await lull.until(5);
});
