import { z } from 'zod';
import type { Ref, RefPayload } from '../../src/core/ref.js';

const Payload = z.string().transform((text, context): RefPayload => {
  const parsed = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  context.addIssue({ code: 'custom', message: 'not a payload' });
  return z.NEVER;
});

const Origin = z.object({ ref: z.string(), payload: Payload, key: z.string().max(400), at: z.number() });

const Data = z.discriminatedUnion('do', [
  z.object({ do: z.literal('act'), ref: z.string(), payload: Payload, from: Origin.optional() }),
  z.object({
    do: z.literal('submit'),
    ref: z.string(),
    payload: Payload,
    form: z.string().max(100),
    fields: z.array(z.string()),
    back: z.union([Origin, z.enum(['home', 'closed'])]),
  }),
  z.object({ do: z.literal('cancel'), back: z.union([Origin, z.enum(['home', 'closed'])]) }),
]);

/** What the buttons of our cards carry under `bellhop`, read back. */
export type ButtonData = z.output<typeof Data>;

/**
 * The click that produced the card that a button stands on. Asked again under its first key it is a repeat, so
 * that its card can be shown once more without doing anything.
 */
export type CardOrigin = z.output<typeof Origin>;

/** Where "Cancel" leads from a form: to the card before it, to the person's home, or nowhere. */
export type FormBack = CardOrigin | 'home' | 'closed';

/** How long a card may be restored by "Cancel": well within the time for which answers are kept, in milliseconds. */
export const RESTORE_WITHIN_MS = 12 * 3_600_000;

/** The longest origin that is put into every button, in characters: cards may have a dozen buttons. */
const MAX_ORIGIN = 700;

/** What a button carries. Payloads go as text, so that nothing on the way drops their nulls. */
export function encodeAct(ref: Ref, from?: CardOrigin): { readonly bellhop: object } {
  const origin = from && encodeOrigin(from);
  const short = origin && JSON.stringify(origin).length <= MAX_ORIGIN;
  return { bellhop: { do: 'act', ref: ref.id, payload: JSON.stringify(ref.payload), ...(short && { from: origin }) } };
}

export function encodeSubmit(ref: Ref, form: string, fields: readonly string[], back: FormBack): { readonly bellhop: object } {
  return { bellhop: { do: 'submit', ref: ref.id, payload: JSON.stringify(ref.payload), form, fields, back: encodeBack(back) } };
}

export function encodeCancel(back: FormBack): { readonly bellhop: object } {
  return { bellhop: { do: 'cancel', back: encodeBack(back) } };
}

function encodeBack(back: FormBack): object | string {
  return typeof back === 'string' ? back : encodeOrigin(back);
}

function encodeOrigin(origin: CardOrigin): object {
  return { ...origin, payload: JSON.stringify(origin.payload) };
}

/** Reads what a button sent; undefined when it is none of ours, or of an older shape. */
export function readButton(data: unknown): ButtonData | undefined {
  if (typeof data !== 'object' || data === null || !('bellhop' in data)) return undefined;
  const read = Data.safeParse(data.bellhop);
  return read.success ? read.data : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
