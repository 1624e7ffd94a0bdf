import { Webhook } from 'standardwebhooks';

export interface HookSending {
  /** As other systems get it: `whsec_…`. */
  readonly secret: string;
  /** The message's id: the same for every sending of it. */
  readonly id: string;
  readonly at: Date;
  /** Beside those of the signature, or instead of them. */
  readonly headers?: Readonly<Record<string, string>>;
}

export const HOOK_PATH = '/api/v1/feedback';

/** What another system sends to the web hook, signed by the reference library: https://www.standardwebhooks.com */
export function signedHook(body: unknown, { secret, id, at, headers = {} }: HookSending) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return {
    method: 'POST' as const,
    body: text,
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
      'webhook-signature': new Webhook(secret).sign(id, at, text),
      ...headers,
    },
  };
}
