/** Trouble that only whoever operates the bot can mend. The message says what happened and which setting or step mends it. */
export class OperatorError extends Error {
  /** For logs and tests: `place.what_is_wrong`. */
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'OperatorError';
    this.code = code;
  }
}
