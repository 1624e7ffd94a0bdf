/**
 * A button or form points to its handler by id (`feature.verb`) and carries a small payload of ids,
 * checked by the handler's schema when it comes back: cards live for years in chats, releases don't.
 */
export interface Ref {
  readonly id: string;
  readonly payload: RefPayload;
}

export type RefPayload = Readonly<Record<string, string | number | boolean | null>>;

export function ref(id: string, payload: RefPayload = {}): Ref {
  return { id, payload };
}

/** The longest encoded payload that every platform can carry in a button (Slack: `value`, 2,000 characters). */
export const MAX_PAYLOAD_CHARACTERS = 1800;
