import type { BellhopRegistry, Work } from '../people/handlers.js';
import { createLoop, POLL_MS } from './loop.js';
import { type ClaimedMail, claimMails, giveMailBack, type MailEngine } from './mail-claim.js';
import type { MailTransport, RenderMail } from './mail-port.js';
import { type MailOutcome, type MailResult, sendMail } from './mail-send.js';
import { inMs } from './model.js';
import { peekPace, takePace } from './pace.js';
import type { PaceRule } from './port.js';
import { createRest } from './wake.js';

/** Who counts: runtime hands it over and wires it to its metrics. */
export interface MailObserver {
  /** @param ms how long the server took; 0 when it was not called */
  mail(outcome: MailOutcome, ms: number): void;
}

export interface MailWorkerOptions {
  readonly work: Work;
  readonly registry: BellhopRegistry;
  readonly transport: MailTransport;
  readonly render: RenderMail;
  /** Different for every process that runs. */
  readonly processId: string;
  readonly observer?: MailObserver;
  /** How long a claim lasts (default 180,000 ms): what a crash left is taken up again then. */
  readonly leaseMs?: number;
  /** For tests: how many times faster than the usual pace. */
  readonly paceFactor?: number | undefined;
  /** For the jitter of back-offs (default Math.random). */
  readonly random?: () => number;
}

export interface MailWorker {
  /** Sends everything that is due by the clock, until nothing more can be done without waiting. @returns how many mails it had in hand */
  runDue(): Promise<number>;
  /** Works on by itself until stopped, looking each second and whenever it is woken. */
  start(): void;
  /** Mails in flight finish; what waits stays where it is. */
  stop(): Promise<void>;
  /** Something may be due: at a NOTIFY on `bellhop_mail`. */
  wake(): void;
}

/**
 * Gentle on every server, in all processes together: a crowd's invitations take minutes, and no server takes them for spam.
 * Hosted ones that allow fewer (Exchange Online: 30 a minute) answer 4xx, and are tried again.
 */
const MAILS_PER_SECOND = 5;
/** Mails on their way at once in this process: not more than the transport has connections. */
const AT_ONCE = 4;
/** A server that takes its time with the last line: it may look for viruses before it answers. */
const LEASE_MS = 180_000;

/**
 * How long this process rests when the server takes nothing: at first a moment, then twice as long each time, in ms. Other
 * processes find out by themselves: whoever starts anew, with the setting mended, waits for no old rest.
 */
const REST = {
  /** User name or password not accepted. */
  unauthorised: { after: 1, first: 5_000, longest: 5 * 60_000 },
  /** So many failures in a row: the server is away, and thousands of mails must not use up their tries. */
  troubled: { after: 5, first: 1_000, longest: 60_000 },
} as const;

/** Sends the e-mails of every organisation. Any number of processes may run one; they share the work and the pace. */
export function createMailWorker(options: MailWorkerOptions): MailWorker {
  const { clock, db, log } = options.work;
  const engine: MailEngine = {
    ...options,
    leaseMs: options.leaseMs ?? LEASE_MS,
    random: options.random ?? Math.random,
  };
  const perSecond = MAILS_PER_SECOND * (options.paceFactor ?? 1);
  const pace: PaceRule = { scope: 'mail', count: perSecond, perMs: 1_000, burst: Math.max(1, perSecond) };
  const rest = createRest();
  const inFlight = new Set<Promise<void>>();
  let ended = 0;
  let opensAt = new Date(0);
  const inARow = { unauthorised: 0, troubled: 0 };

  const noted = ({ outcome, ms, server }: MailResult): void => {
    options.observer?.mail(outcome, ms);
    if (server === 'well') Object.assign(inARow, { unauthorised: 0, troubled: 0 });
    // What was on its way together and fails together is one failure.
    if (!server || server === 'well' || clock.now() < opensAt) return;
    inARow[server] += 1;
    const { after, first, longest } = REST[server];
    const times = inARow[server] - after;
    if (times >= 0) opensAt = inMs(clock, Math.min(longest, first * 2 ** Math.min(20, times)));
  };

  const sendOne = async (row: ClaimedMail): Promise<void> => {
    const slot = loop.stopping() ? undefined : await takePace(db, [pace], clock.now());
    if (!slot?.granted) {
      if (slot) opensAt = slot.opensAt;
      await giveMailBack(engine, row, slot?.opensAt);
      return;
    }
    noted(await sendMail(engine, row));
  };

  const launch = (row: ClaimedMail): void => {
    const run = sendOne(row)
      .catch((error: unknown) => {
        log.error({ err: error, mailId: row.id }, 'An e-mail was interrupted; it is taken up again once its lease has run out.');
        opensAt = inMs(clock, POLL_MS);
      })
      .finally(() => {
        inFlight.delete(run);
        ended += 1;
        rest.wake();
      });
    inFlight.add(run);
  };

  /** Starts what may start now. @returns how many it started */
  const pump = async (): Promise<number> => {
    const room = AT_ONCE - inFlight.size;
    if (loop.stopping() || room <= 0 || clock.now() < opensAt) return 0;
    const { free, opensAt: opens } = await peekPace(db, [pace], room, clock.now());
    if (free === 0) {
      opensAt = opens;
      return 0;
    }
    const rows = await claimMails(engine, free);
    for (const row of rows) launch(row);
    return rows.length;
  };

  const loop = createLoop({
    rest,
    log,
    names: { waiting: 'E-mails', who: 'mail worker' },
    round: async () => {
      if ((await pump()) > 0) return 0;
      const untilOpen = opensAt.getTime() - clock.now().getTime();
      return untilOpen > 0 ? Math.min(POLL_MS, untilOpen) : POLL_MS;
    },
  });

  return {
    runDue: async () => {
      for (let total = 0; ; ) {
        const before = ended;
        const started = await pump();
        total += started;
        // What ended while it looked may have held up another of the same person.
        if (started > 0 || ended > before) continue;
        if (inFlight.size === 0) return total;
        await Promise.race(inFlight);
      }
    },
    start: loop.start,
    stop: async () => {
      await loop.stop();
      await Promise.allSettled(inFlight);
    },
    wake: rest.wake,
  };
}
