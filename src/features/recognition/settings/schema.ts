import { z } from 'zod';
import { MAX_FIELD_CHARACTERS } from '../../../core/form.js';

/** What buttons and forms of settings and values carry, and what the forms take. Messages are catalogue keys. */

export const Nothing = z.object({});
export const Rows = z.object({ offset: z.int().min(0).max(100_000) });
export const ValueRef = z.object({ valueId: z.uuid() });
/** Null: a new one. */
export const ValueFormRef = z.object({ valueId: z.uuid().nullable() });

/** The most that any of the figures may be: what a person may give in a month. */
export const MOST_MONTHLY = 10_000;
/** The most that "add yours" and a reaction give. */
export const MOST_SMALL = 100;

const typed = z.string().max(MAX_FIELD_CHARACTERS).trim();

/** A whole number as people type it. */
const figure = (message: string, least: number, most: number) =>
  z
    .string(message)
    .trim()
    .regex(/^\d{1,6}$/, message)
    .transform(Number)
    .refine((value) => value >= least && value <= most, message);

export const SettingsInput = z.object({
  allowance: figure('recognition.errors.settings_monthly', 0, MOST_MONTHLY),
  lead_allowance: figure('recognition.errors.settings_monthly', 0, MOST_MONTHLY),
  pair_cap: figure('recognition.errors.settings_cap', 1, MOST_MONTHLY),
  join_points: figure('recognition.errors.settings_small', 1, MOST_SMALL),
  reaction_emoji: typed.optional().default(''),
  reaction_points: figure('recognition.errors.settings_small', 1, MOST_SMALL),
  channel: typed.optional().transform((value) => value || undefined),
  currency: z.string('recognition.errors.settings_currency').trim().toUpperCase(),
});

export const ValueInput = z.object({
  name: z.string('recognition.errors.value_name').max(MAX_FIELD_CHARACTERS),
  emoji: z.string('recognition.errors.value_emoji').trim().min(1, 'recognition.errors.value_emoji'),
  position: typed.optional(),
});
