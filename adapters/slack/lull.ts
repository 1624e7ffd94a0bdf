/** Tells when a crowd has been answered. */
export interface Lull {
  /** One more waits for an answer. @returns to be called once it has one; more calls do nothing */
  began(): () => void;
  /** Resolves when no more than a few wait, at the latest after `ms`. */
  until(ms: number): Promise<void>;
}

/** @param few how many may wait without it being a crowd */
export function createLull(few: number): Lull {
  let open = 0;
  let waiting: (() => void)[] = [];
  return {
    began: () => {
      open += 1;
      let ended = false;
      return () => {
        if (ended) return;
        ended = true;
        open -= 1;
        if (open > few) return;
        for (const resolve of waiting) resolve();
        waiting = [];
      };
    },
    until: async (ms) => {
      if (open <= few) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        waiting.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    },
  };
}
