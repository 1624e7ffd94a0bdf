import type { Param } from './text.js';

/**
 * A refusal that the person can do something about. Codes inside, words at the edge.
 */
export class BellhopError extends Error {
  readonly code: string;
  readonly params: Readonly<Record<string, Param>>;

  /** @param code `feature.what_is_wrong`; its words are the catalogue key `feature.errors.what_is_wrong`. */
  constructor(code: string, params: Readonly<Record<string, Param>> = {}, options?: ErrorOptions) {
    super(code, options);
    this.name = 'BellhopError';
    this.code = code;
    this.params = params;
  }

  /** The catalogue key of this error's words: `handbook.already_signed` -> `handbook.errors.already_signed`. */
  get key(): string {
    const dot = this.code.indexOf('.');
    return `${this.code.slice(0, dot)}.errors.${this.code.slice(dot + 1)}`;
  }
}
