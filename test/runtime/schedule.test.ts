import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Log } from '../../src/people/ports.js';
import { stopSignal, untilStopped } from '../../src/runtime/lifecycle.js';
import { createSchedule } from '../../src/runtime/schedule.js';

const quiet: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {}, child: () => quiet };

describe('the tick', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: new Date('2027-03-02T08:00:30Z') });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('comes at the start and at every full minute, until it is stopped', async () => {
    const task = vi.fn(async () => {});
    const schedule = createSchedule({ task }, quiet);
    schedule.start();
    await vi.advanceTimersByTimeAsync(0);
    expect(task).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(31_000);
    expect(task).toHaveBeenCalledTimes(2);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(task).toHaveBeenCalledTimes(3);
    await schedule.stop();
    await vi.advanceTimersByTimeAsync(180_000);
    expect(task).toHaveBeenCalledTimes(3);
  });

  it('comes in a moment when it is asked for, once for all who ask, and not again at once', async () => {
    const task = vi.fn(async () => {});
    const schedule = createSchedule({ task }, quiet);
    schedule.soon();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(task).not.toHaveBeenCalled();
    schedule.start();
    schedule.soon();
    schedule.soon();
    await vi.advanceTimersByTimeAsync(1_500);
    expect(task).toHaveBeenCalledTimes(2);
    schedule.soon();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(task).toHaveBeenCalledTimes(2);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(task).toHaveBeenCalledTimes(3);
    schedule.soon();
    await schedule.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(task).toHaveBeenCalledTimes(3);
  });

  it('is not overtaken, and one task that fails leaves the others', async () => {
    let finish = () => {};
    const slow = vi.fn(() => new Promise<void>((resolve) => (finish = resolve)));
    const after = vi.fn(async () => {});
    const errors: object[] = [];
    const schedule = createSchedule(
      { broken: async () => Promise.reject(new Error('no')), slow, after },
      { ...quiet, error: (fields) => errors.push(fields) },
    );
    schedule.start();
    await vi.advanceTimersByTimeAsync(150_000);
    expect(slow).toHaveBeenCalledTimes(1);
    expect(errors).toMatchObject([{ task: 'broken' }]);
    const stopped = schedule.stop();
    finish();
    await stopped;
    expect(after).toHaveBeenCalledTimes(1);
  });
});

describe('stopping', () => {
  it('finishes what is in flight at the first signal, also at one that came while the start was under way', async () => {
    const signals = new EventEmitter();
    const signal = stopSignal(quiet, () => {}, signals);
    signals.emit('SIGTERM');
    let finish = () => {};
    const stopped = untilStopped(signal, () => new Promise<void>((resolve) => (finish = resolve)), quiet);
    await signal.asked;
    await new Promise((resolve) => setTimeout(resolve, 5));
    finish();
    expect(await stopped).toBe(0);
  });

  it('ends at once at the second one', () => {
    const signals = new EventEmitter();
    const end = vi.fn();
    stopSignal(quiet, end, signals);
    signals.emit('SIGINT');
    expect(end).not.toHaveBeenCalled();
    signals.emit('SIGINT');
    expect(end).toHaveBeenCalledWith(1);
  });

  it('tells with its code when the stop failed', async () => {
    const signals = new EventEmitter();
    const signal = stopSignal(quiet, () => {}, signals);
    const stopped = untilStopped(signal, async () => Promise.reject(new Error('no')), quiet);
    signals.emit('SIGTERM');
    expect(await stopped).toBe(1);
  });
});
