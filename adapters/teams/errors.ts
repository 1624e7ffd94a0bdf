import { ChatError } from '../../src/delivery/port.js';

/** What the connector answered: its status, the code in its body and how long it asks to wait. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly retryAfterMs?: number;
}

/** Codes of a person or place that cannot be written to, whatever the status. Source: Teams, "Conversation basics" and "Send proactive messages". */
const UNREACHABLE = new Set(
  [
    'MessageWritesBlocked',
    'ForbiddenOperationException',
    'BotNotInConversationRoster',
    'ConversationNotFound',
    'ConversationBlockedByUser',
    'BotDisabledByAdmin',
    'UserNotFound',
    'MemberNotFoundInConversation',
    'InvalidBotApiHost',
    'TeamNotFound',
  ].map((code) => code.toLowerCase()),
);

/**
 * The connector's refusal in the delivery engine's words.
 * Teams asks to repeat 412, 429, 502 and 504 ("Optimize your bot: rate limiting"); a 500 may have been done.
 * @param reading whether nothing could have been changed by the call
 */
export function chatError({ status, code, retryAfterMs }: Refusal, reading = false): ChatError {
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
  if (status === 429) return new ChatError('rate_limited', code, { retryAfterMs: retryAfterMs ?? 1000 });
  if (status === 401) return new ChatError('unauthorised', code);
  if (UNREACHABLE.has(code.toLowerCase())) return new ChatError('unreachable', code);
  if (status === 403 || status === 404) return new ChatError(code.startsWith('Activity') ? 'invalid' : 'unreachable', code);
  if (status === 400 && /pairwise/i.test(code)) return new ChatError('unreachable', code);
  if (status === 412 || status === 502 || status === 503 || status === 504 || status === 408) return new ChatError('transient', code, wait);
  if (status >= 500) return new ChatError(reading ? 'transient' : 'uncertain', code, wait);
  return new ChatError('invalid', code);
}

/** Causes of a failed request that came before anything was sent. */
const NEVER_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** A request without an answer: certainly not done when no connection came about, else perhaps. */
export function connectionError(error: unknown, reading = false): ChatError {
  const code = causeOf(error);
  return new ChatError(reading || NEVER_SENT.has(code) ? 'transient' : 'uncertain', code, { cause: error });
}

function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const { cause } = error;
  if (typeof cause === 'object' && cause !== null && 'code' in cause && typeof cause.code === 'string') return cause.code;
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error.name;
}
