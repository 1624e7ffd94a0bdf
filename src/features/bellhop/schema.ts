import { z } from 'zod';
import { MAX_FIELD_CHARACTERS } from '../../core/form.js';
import { ROLES } from '../../core/roles.js';
import { spellZone } from '../../people/hours.js';

/** What buttons and forms of this feature carry, and what its forms take. Messages are catalogue keys. */

export const NOTHING = z.object({});
export const PAGE = z.object({ page: z.int().min(0).max(100_000) });
export const PERSON = z.object({ personId: z.uuid() });
/** Null: a new one. */
export const LOCATION = z.object({ locationId: z.uuid().nullable() });
export const DELIVERY = z.object({ deliveryId: z.uuid() });

const trimmed = z.string().max(MAX_FIELD_CHARACTERS).trim();
const optionalWords = trimmed.optional().transform((value) => value || undefined);
const minutes = (message: string) =>
  z
    .string(message)
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, message)
    .transform((time) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3)));
const optionalMinutes = (message: string) => z.union([z.literal('').transform(() => undefined), minutes(message)]).optional();
const days = (message: string) =>
  z
    .array(z.string(), message)
    .transform((values) => [...new Set(values.map(Number))].filter((day) => day >= 1 && day <= 7).sort((a, b) => a - b));
const role = z.enum(ROLES, 'bellhop.errors.role_missing');
const hint = z.union([
  z.object({ by: z.literal('account'), externalId: z.string() }),
  z.object({ by: z.literal('typed'), typed: z.string() }),
]);

export const SETTINGS_INPUT = z.object({
  zone: trimmed.transform(spellZone),
  start: minutes('bellhop.errors.time_missing'),
  end: minutes('bellhop.errors.time_missing'),
  days: days('bellhop.errors.days_missing').refine((chosen) => chosen.length > 0, 'bellhop.errors.days_missing'),
  country: optionalWords,
  locale: trimmed,
  announcements: optionalWords,
  managers: optionalWords,
  daily_cap: z
    .string('bellhop.errors.cap_out_of_range')
    .trim()
    .regex(/^\d{1,2}$/, 'bellhop.errors.cap_out_of_range')
    .transform(Number)
    .refine((cap) => cap >= 1 && cap <= 50, 'bellhop.errors.cap_out_of_range'),
  guests: z.boolean().optional().default(false),
});

export const LOCATION_INPUT = z.object({
  name: trimmed.min(1, 'bellhop.errors.name_missing').max(80, 'bellhop.errors.name_too_long'),
  zone: optionalWords.transform((zone) => zone && spellZone(zone)),
  country: optionalWords,
  locale: optionalWords,
  start: optionalMinutes('bellhop.errors.time_missing'),
  end: optionalMinutes('bellhop.errors.time_missing'),
  days: days('bellhop.errors.days_missing').optional().default([]),
});

export const ROLE_INPUT = z.object({ role, confirm: z.boolean().optional().default(false) });

export const PLACE_INPUT = z.object({
  line_manager: z.array(hint).optional().default([]),
  team: optionalWords.refine((name) => name === undefined || [...name].length <= 80, 'bellhop.errors.name_too_long'),
  location: optionalWords,
});

export const LANGUAGE_INPUT = z.object({ language: z.string('bellhop.errors.language_missing').min(1, 'bellhop.errors.language_missing') });

/** A file, checked where it is read. */
export const IMPORT_INPUT = z.object({
  file: z.array(z.custom<import('../../core/form.js').FileHandle>(), 'bellhop.errors.csv_missing').min(1, 'bellhop.errors.csv_missing'),
});

export const SYNC_JOB = z.object({ workspaceId: z.uuid() });
export const SYNC_CURSOR = z.object({
  startedAt: z.string(),
  phase: z.enum(['members', 'channels', 'channel_members']),
  page: z.string().optional(),
  channelId: z.string().optional(),
});
export const CHANNEL_JOB = z.object({ workspaceId: z.uuid(), channelId: z.uuid() });

export const ROLE_GIVEN = z.object({ personId: z.uuid(), role, byId: z.uuid().nullable() });
