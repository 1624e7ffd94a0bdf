import type { Card, Row } from '../core/card.js';
import type { MessageSpec } from '../core/feature.js';
import { key } from '../core/text.js';
import type { WorkContext } from '../people/handlers.js';
import type { Engine } from './model.js';

/** A delivery's message of the registry with its checked payload. */
export interface Message {
  readonly spec: MessageSpec<WorkContext>;
  readonly payload: unknown;
}

/** Reads a stored delivery. `trouble` is why nothing can ever be made of it. */
export function readMessage(
  engine: Engine,
  row: { readonly message: string; readonly payload: unknown },
): Message | { readonly trouble: 'unknown_message' | 'payload_invalid'; readonly detail: string } {
  const spec = engine.registry.messages.get(row.message);
  if (!spec) return { trouble: 'unknown_message', detail: row.message };
  const payload = spec.payload.safeParse(row.payload);
  if (!payload.success) return { trouble: 'payload_invalid', detail: payload.error.issues.map((issue) => issue.path.join('.')).join(', ') };
  return { spec, payload: payload.data };
}

/** Asks the message's guard. @returns why it is no longer wanted, null when it may go */
export async function guard(context: WorkContext, message: Message): Promise<string | null> {
  return (await message.spec.guard?.(context, message.payload as never)) ?? null;
}

/** The message's card as things stand now. */
export async function composeOne(context: WorkContext, message: Message): Promise<Card> {
  return await message.spec.card(context, message.payload as never);
}

/** One message's own card, or one card with a line of each. Only messages that have a line can be merged. */
export async function composeMerged(context: WorkContext, messages: readonly Message[]): Promise<Card> {
  const [only] = messages;
  if (only && messages.length === 1) return await composeOne(context, only);
  const rows: Row[] = [];
  for (const message of messages) {
    if (!message.spec.line) throw new Error(`${message.spec.id} counts to the daily cap and has no line.`);
    rows.push(await message.spec.line(context, message.payload as never));
  }
  return {
    summary: key('delivery.merged.summary', { count: messages.length }),
    title: key('delivery.merged.title'),
    lead: key('delivery.merged.lead', { count: messages.length }),
    rows,
  };
}
