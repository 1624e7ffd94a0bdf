import type { PaceRule } from '../../src/delivery/port.js';

/**
 * Every limit of Microsoft Teams that Bellhop keeps to, with the page that states it
 * (all below https://learn.microsoft.com/microsoftteams/platform/).
 */
export const TEAMS_LIMITS = {
  /** Bytes of one Adaptive Card. `bots/how-to/format-your-bot-messages` says 28 KB; newer pages say more. */
  cardBytes: 28 * 1024,
  /** Bytes that our cards are shortened to: some room for what the service adds around them. */
  cardTargetBytes: 26 * 1024,
  /** Bytes of one message with everything in it (`bots/how-to/format-your-bot-messages`). */
  messageBytes: 40 * 1024,
  /** Adaptive Cards that every Teams client renders (`task-modules-and-cards/cards/cards-reference`). */
  cardVersion: '1.5',
  /** Buttons shown side by side; the others need `mode: secondary` (`cards-reference`, "Overflow menu"). */
  primaryActions: 6,
  /** An invoke that is answered later shows an error (`bots/how-to/conversations/request-response`: 5 s). */
  invokeMs: 5000,
  /** When an invoke is answered at the latest; what goes on is shown by a message then. */
  invokeTargetMs: 4000,
  /** How long a person's first act waits until it is noted who they are: a click has 5 s for everything. */
  firstContactMs: 700,
  /** A message activity that is answered later counts as failed (Bot Service, "504 GatewayTimeout": 15 s). */
  messageMs: 15_000,
  /** Members on a page of a roster (`bots/how-to/get-teams-context`: 50 to 500). */
  memberPage: 500,
  /** Bytes of an activity that the bot takes: Teams sends at most 40 KB of text and a form's values. */
  inboundBytes: 256 * 1024,
  /** Options of a list before it gets a search box: a menu without one is hard to use. */
  filteredFrom: 10,
} as const;

/** How many operations the connector takes in a window, and what for (`bots/how-to/rate-limit`, "Per bot per thread"). */
const SEND_WINDOWS = [
  { name: '1s', count: 7, perMs: 1000 },
  { name: '2s', count: 8, perMs: 2000 },
  { name: '30s', count: 60, perMs: 30_000 },
  { name: '1h', count: 1800, perMs: 3_600_000 },
] as const;

/** Per app and tenant: 50 a second is documented, and lower figures were seen. */
const TENANT_WINDOW = { name: '1s', count: 30, perMs: 1000 } as const;

/**
 * A window as a steady pace with a burst. In any window at most burst + pace messages go out, so the two
 * together are the window's count.
 */
function paced(scope: string, window: { readonly count: number; readonly perMs: number }, scale: number): PaceRule {
  const count = Math.max(2, Math.floor(window.count * scale));
  const burst = Math.max(1, Math.floor(count / 4));
  return { scope, count: count - burst, perMs: window.perMs, burst };
}

/**
 * The paces of one conversation and its tenant.
 * @param scale how many times the documented limits apply (tests against a stand-in; 1 in earnest)
 */
export function pacesFor(tenant: string, conversation: string, scale = 1): PaceRule[] {
  return [
    ...SEND_WINDOWS.map((window) => paced(`teams:${tenant}:${conversation}:${window.name}`, window, scale)),
    paced(`teams:${tenant}:${TENANT_WINDOW.name}`, TENANT_WINDOW, scale),
  ];
}
