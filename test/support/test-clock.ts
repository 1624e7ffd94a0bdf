import type { Clock } from '../../src/core/clock.js';

/** A clock that stands still until a test moves it. */
export interface TestClock extends Clock {
  /** Moves to an instant, ISO 8601. */
  to(at: string | Date): void;
  forward(span: { days?: number; hours?: number; minutes?: number; seconds?: number }): void;
}

/** @param start ISO 8601 with a zone, for instance `2027-03-02T09:00Z` */
export function testClock(start: string | Date): TestClock {
  let now = new Date(start);
  return {
    now: () => new Date(now),
    to: (at) => {
      now = new Date(at);
    },
    forward: ({ days = 0, hours = 0, minutes = 0, seconds = 0 }) => {
      now = new Date(now.getTime() + (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000);
    },
  };
}
