/** Work that the adapter doesn't leave behind when it stops. */
export interface UnderWay {
  /** Runs work that `drained` waits for. */
  run<T>(work: () => Promise<T>): Promise<T>;
  /** Resolves when nothing is under way, at the latest after `ms`. @returns how much still is */
  drained(ms: number): Promise<number>;
}

export function createUnderWay(): UnderWay {
  const running = new Set<Promise<unknown>>();
  return {
    run: async (work) => {
      const mine = work();
      running.add(mine);
      try {
        return await mine;
      } finally {
        running.delete(mine);
      }
    },
    drained: async (ms) => {
      const deadline = performance.now() + ms;
      while (running.size > 0 && performance.now() < deadline) {
        const late = new Promise((resolve) => setTimeout(resolve, deadline - performance.now()).unref());
        await Promise.race([Promise.allSettled([...running]), late]);
      }
      return running.size;
    },
  };
}
