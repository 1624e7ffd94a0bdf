/** So many calls within so many milliseconds. */
export interface Window {
  readonly count: number;
  readonly perMs: number;
}

/** What a platform counts: calls over sliding windows, each under a name. */
export class Windows {
  private readonly calls = new Map<string, number[]>();

  /**
   * Takes a place in every window, or in none.
   * @returns milliseconds to wait; 0 when the call may go on
   */
  take(scopes: readonly (readonly [scope: string, window: Window])[]): number {
    const now = performance.now();
    const recent = scopes.map(([scope, { perMs }]) => (this.calls.get(scope) ?? []).filter((at) => at > now - perMs));
    let wait = 0;
    for (const [index, [, { count, perMs }]] of scopes.entries()) {
      const list = recent[index] ?? [];
      if (list.length >= count) wait = Math.max(wait, Math.ceil((list[list.length - count] ?? now) + perMs - now), 1);
    }
    for (const [index, [scope]] of scopes.entries()) this.calls.set(scope, [...(recent[index] ?? []), ...(wait > 0 ? [] : [now])]);
    return wait;
  }
}
