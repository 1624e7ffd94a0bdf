import { webApi } from '@slack/bolt';
import { ChatError, type ChatErrorCode } from '../../src/delivery/port.js';

/**
 * Slack's error codes in the delivery engine's words. What is not listed is `uncertain` for a post and `transient`
 * for what may be repeated. Source: the "Errors" of https://docs.slack.dev/reference/methods/chat.postMessage, chat.update,
 * conversations.open and users.info.
 */
const CODES: Readonly<Record<string, ChatErrorCode>> = {
  ratelimited: 'rate_limited',
  rate_limited: 'rate_limited',
  message_limit_exceeded: 'rate_limited',

  channel_not_found: 'unreachable',
  is_archived: 'unreachable',
  is_inactive: 'unreachable',
  not_in_channel: 'unreachable',
  user_not_in_channel: 'unreachable',
  user_not_found: 'unreachable',
  user_not_visible: 'unreachable',
  users_not_found: 'unreachable',
  user_disabled: 'unreachable',
  cannot_dm_bot: 'unreachable',
  messages_tab_disabled: 'unreachable',
  restricted_action: 'unreachable',
  restricted_action_read_only_channel: 'unreachable',
  restricted_action_thread_only_channel: 'unreachable',
  restricted_action_non_threadable_channel: 'unreachable',
  cannot_post_to_channel: 'unreachable',
  not_allowed_for_grid_workspace: 'unreachable',

  invalid_blocks: 'invalid',
  invalid_blocks_format: 'invalid',
  invalid_arguments: 'invalid',
  invalid_arg_name: 'invalid',
  invalid_array_arg: 'invalid',
  invalid_charset: 'invalid',
  invalid_form_data: 'invalid',
  invalid_post_type: 'invalid',
  invalid_metadata_format: 'invalid',
  invalid_metadata_schema: 'invalid',
  metadata_too_large: 'invalid',
  msg_too_long: 'invalid',
  msg_blocks_too_long: 'invalid',
  no_text: 'invalid',
  too_many_attachments: 'invalid',
  view_too_large: 'invalid',
  expired_trigger_id: 'invalid',
  exchanged_trigger_id: 'invalid',
  invalid_trigger_id: 'invalid',
  message_not_found: 'invalid',
  cant_update_message: 'invalid',
  edit_window_closed: 'invalid',
  unknown_method: 'invalid',

  invalid_auth: 'unauthorised',
  not_authed: 'unauthorised',
  account_inactive: 'unauthorised',
  token_revoked: 'unauthorised',
  token_expired: 'unauthorised',
  missing_scope: 'unauthorised',
  no_permission: 'unauthorised',
  not_allowed_token_type: 'unauthorised',
  team_access_not_granted: 'unauthorised',
  access_denied: 'unauthorised',
  accesslimited: 'unauthorised',
  ekm_access_denied: 'unauthorised',
  org_login_required: 'unauthorised',
  deprecated_endpoint: 'unauthorised',
  method_deprecated: 'unauthorised',

  // Refused before anything was done.
  service_unavailable: 'transient',
  request_timeout: 'transient',
  team_added_to_org: 'transient',
};

/** Network errors after which nothing can have reached Slack. */
const NEVER_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'UND_ERR_CONNECT_TIMEOUT',
]);

const DEFAULT_RETRY_MS = 30_000;

/**
 * Puts a failed call into the delivery engine's words.
 * @param repeatable whether the call may be done twice without harm (everything but posting)
 */
export function toChatError(error: unknown, repeatable: boolean): ChatError {
  if (error instanceof ChatError) return error;
  const lost: ChatErrorCode = repeatable ? 'transient' : 'uncertain';
  if (error instanceof webApi.WebAPIRateLimitedError) {
    return new ChatError('rate_limited', 'ratelimited', { cause: error, retryAfterMs: error.retryAfter * 1000 });
  }
  if (error instanceof webApi.WebAPIPlatformError) {
    const reason = /^[a-z0-9_]{1,60}$/.test(error.data.error) ? error.data.error : 'unreadable_answer';
    const code = CODES[reason] ?? (reason.startsWith('restricted_action') ? 'unreachable' : lost);
    return new ChatError(code, reason, { cause: error, ...(code === 'rate_limited' ? { retryAfterMs: DEFAULT_RETRY_MS } : {}) });
  }
  if (error instanceof webApi.WebAPIHTTPError) return new ChatError(lost, `http_${error.statusCode}`, { cause: error });
  if (error instanceof webApi.WebAPIRequestError) {
    const reason = networkCode(error.original) ?? 'no_answer';
    return new ChatError(NEVER_SENT.has(reason) ? 'transient' : lost, reason, { cause: error });
  }
  return new ChatError(lost, 'failed', { cause: error });
}

/** The code of Node's or undici's error, which fetch wraps. */
function networkCode(error: unknown): string | undefined {
  for (let current: unknown = error, depth = 0; current instanceof Error && depth < 5; depth++) {
    if ('code' in current && typeof current.code === 'string') return current.code;
    if (current instanceof AggregateError && current.errors.length > 0) current = current.errors[0];
    else current = current.cause;
  }
  return undefined;
}
