import { z } from 'zod';

const offset = z.int().min(0).max(1_000_000).default(0);
/** The button stands on a card that others see too, or that should stay: what it leads to is shown beside it. */
const anew = z.boolean().optional();

/** `2026-11`, `2026-Q4` or `2026`. */
export const Period = z.string().regex(/^\d{4}(-(0[1-9]|1[0-2]|Q[1-4]))?$/);

/** A leaderboard; a payload without a period means the present month. */
export const TopRef = z.object({
  period: Period.optional(),
  value: z.uuid().optional(),
  teams: z.boolean().optional(),
  offset,
  anew,
});
export type TopRef = z.output<typeof TopRef>;

export const MeRef = z.object({ view: z.enum(['points', 'given']).default('points'), offset, anew });

export const LeaderboardChoice = z.object({ off: z.boolean() });

/** `week` is the Monday that ends it, `YYYY-MM-DD`. */
export const DigestRef = z.object({ week: z.iso.date(), offset, anew });
export const DigestDelivery = z.object({ managerId: z.uuid(), week: z.iso.date() });
export const DigestJob = z.object({ week: z.iso.date() });

export const GroupKind = z.enum(['team', 'location']);
export const FairnessRef = z.object({ anew });
export const SilentRef = z.object({ offset, anew });
export const GroupsRef = z.object({ kind: GroupKind, offset, anew });
export const FairnessJob = z.object({ month: Period });

const count = z.int().min(0);
const share = z.number().min(0).max(1).nullable();
const group = z.uuid().nullable();
/** What the monthly report found: kept with the message, so that a thousand managers don't cost a thousand reports. */
export const Findings = z.object({
  people: count,
  reached: count,
  kudos: count,
  peopleBefore: count,
  reachedBefore: count,
  silent: count,
  teamLow: group,
  teamLowShare: share,
  teamHigh: group,
  teamHighShare: share,
  locationLow: group,
  locationLowShare: share,
  locationHigh: group,
  locationHighShare: share,
});
export type Findings = z.output<typeof Findings>;
export const FairnessDelivery = Findings.extend({ managerId: z.uuid(), month: Period });
