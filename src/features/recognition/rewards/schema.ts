import { z } from 'zod';
import type { FileHandle } from '../../../core/form.js';
import { oneLine, paragraph, peopleInput } from '../../../core/inputs.js';
import { HAND_OVER_CHARACTERS } from './model.js';

const id = z.uuid();
const offset = z.number().int().min(0).max(1_000_000);

/** Payloads of buttons, forms and messages. */
export const Nothing = z.object({});
export const Rows = z.object({ offset });
export const RewardRef = z.object({ rewardId: id });
export const RewardArchive = z.object({ rewardId: id, archive: z.boolean() });
/** `price` is what the card showed; `nonce` is the card's own, so that its button redeems once. */
export const RedeemRef = z.object({ rewardId: id, price: z.number().int().min(1), nonce: id });
/** Without a reward: a new one. `stock` is what the form began with (-1: unlimited). */
export const RewardForm = z.object({ rewardId: id.optional(), stock: z.number().int().min(-1).optional() });
export const RedemptionRef = z.object({ redemptionId: id });
/** `from` is the state that the card showed: a decision that somebody else made meanwhile stands. */
export const RefuseRef = z.object({ redemptionId: id, from: z.enum(['requested', 'approved']) });
/** Of a message to one of those who were asked. */
export const AskedRef = z.object({ redemptionId: id, personId: id });

const text = z.string().default('');
const files = z.custom<readonly FileHandle[]>((value) => value === undefined || Array.isArray(value)).optional();

/** Looked at as a whole by reward-input.ts, so that every field tells at once what is wrong with it. */
export const RewardInput = z.object({
  name: text.transform(oneLine),
  description: text.transform(paragraph),
  emoji: text,
  picture: files,
  price: text,
  stock: text,
  limit: text,
  audience: z.string({ error: 'recognition.errors.reward_audience' }),
  channel: z.string().optional(),
  people: peopleInput,
  money: text,
  fulfiller: peopleInput,
  approval: z.boolean().default(false),
});

const line = (empty: string, tooLong: string, longest: number) =>
  z
    .string({ error: empty })
    .transform(paragraph)
    .superRefine((typed, issues) => {
      if (typed === '') issues.addIssue({ code: 'custom', message: empty });
      if (typed.length > longest) issues.addIssue({ code: 'custom', message: tooLong });
    });

export const RefuseInput = z.object({ reason: line('recognition.errors.refuse_reason', 'recognition.errors.refuse_reason_long', 500) });

export const HandOverInput = z
  .object({ note: text.transform(paragraph), code: text.transform(oneLine) })
  .superRefine(({ note, code }, issues) => {
    const add = (path: string, message: string) => issues.addIssue({ code: 'custom', path: [path], message });
    if (note === '' && code === '') add('note', 'recognition.errors.hand_over_empty');
    if (note.length > HAND_OVER_CHARACTERS.note) add('note', 'recognition.errors.hand_over_note_long');
    if (code.length > HAND_OVER_CHARACTERS.code) add('code', 'recognition.errors.hand_over_code_long');
  });

export const AwayInput = z.object({ until: z.string({ error: 'recognition.errors.away_until' }), deputy: peopleInput });
