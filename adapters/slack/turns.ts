import { LIMITS } from './limits.js';

/** So many answers may follow one another at once: Slack lets short bursts pass. */
const BURST = 3;
/** Conversations that nobody waits for are forgotten once there are so many. */
const MOST_LINES = 1_000;

interface Line {
  readonly last: Promise<unknown>;
  readonly waiting: number;
  /** When the conversation is as if nothing had been posted; by the machine's own clock, since it is about elapsed time. */
  readonly freeAt: number;
}

/**
 * Makes the line that answers stand in: posts to one conversation go out one after another, and no faster than Slack
 * takes them. Of several at once that Slack refuses each would try again before the others' Retry-After has passed.
 */
export function createTurns(gapMs: number = LIMITS.pace.channel.perMs): <T>(conversation: string, post: () => Promise<T>) => Promise<T> {
  const lines = new Map<string, Line>();
  const change = (conversation: string, by: (line: Line) => Partial<Line>) => {
    const line = lines.get(conversation) ?? { last: Promise.resolve(), waiting: 0, freeAt: 0 };
    lines.set(conversation, { ...line, ...by(line) });
    return line;
  };
  const pause = async (conversation: string) => {
    const now = performance.now();
    const { freeAt } = change(conversation, (line) => ({ freeAt: Math.max(line.freeAt, now) + gapMs }));
    const wait = freeAt - (BURST - 1) * gapMs - now;
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
  };
  return async (conversation, post) => {
    const before = lines.get(conversation)?.last ?? Promise.resolve();
    const mine = before.then(() => pause(conversation)).then(post);
    const settled = mine.catch(() => undefined);
    change(conversation, (line) => ({ last: settled, waiting: line.waiting + 1 }));
    try {
      return await mine;
    } finally {
      change(conversation, (line) => ({ waiting: line.waiting - 1 }));
      if (lines.size > MOST_LINES) {
        for (const [name, line] of lines) if (line.waiting === 0 && line.freeAt < performance.now()) lines.delete(name);
      }
    }
  };
}
