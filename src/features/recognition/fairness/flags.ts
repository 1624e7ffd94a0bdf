import { enqueueMany, type NewDelivery, refresh } from '../../../delivery/enqueue.js';
import type { Tx } from '../../../people/db.js';
import type { WorkContext } from '../../../people/handlers.js';
import { localDay } from '../../../people/hours.js';
import { findManyKudos } from '../giving/store-kudos.js';
import { subject } from '../model.js';
import {
  about,
  BURST_SHARE,
  burstOf,
  COPIED_LEAST,
  type FlagEvidence,
  type FlagKind,
  isCopied,
  isMutual,
  MUTUAL_LEAST,
  monthEnd,
  PATTERN_DAYS,
} from './rules.js';
import * as store from './store-flags.js';
import { askedBefore, managersApartFrom } from './store-managers.js';

const DAY_MS = 86_400_000;

/** A pattern that was found. */
interface Finding {
  readonly kind: FlagKind;
  readonly about: string;
  /** The giver first. */
  readonly personIds: readonly string[];
  readonly evidence: FlagEvidence;
}

/**
 * Looks for exchanges and copied reasons that were completed since an instant, and tells managers.
 * @param since what was given before it was looked at then
 */
export async function flagPatterns(context: WorkContext, tx: Tx, since: Date): Promise<void> {
  const { organisation } = context;
  const from = new Date(context.clock.now().getTime() - PATTERN_DAYS * DAY_MS);
  const search = { organisationId: organisation.id, fresh: since, from };
  for (const { a, b, there, back } of await store.findMutual(tx, { ...search, least: MUTUAL_LEAST })) {
    if (!isMutual(there, back)) continue;
    const instances = await store.mutualInstances(tx, organisation.id, a, b, from);
    const evidence = { ...spanOf(instances, from, context.clock.now()), count: there, back };
    await flag(context, tx, { kind: 'mutual_giving', about: about.mutual(a, b), personIds: [a, b], evidence });
  }
  for (const copied of await store.findCopied(tx, { ...search, least: COPIED_LEAST })) {
    if (!isCopied(copied.count)) continue;
    const instances = await store.copiedInstances(tx, organisation.id, copied, from);
    const evidence = { ...spanOf(instances, from, context.clock.now()), count: copied.count };
    // Whoever got them is no judge of them either.
    const kudos = await findManyKudos(tx, organisation.id, evidence.kudosIds);
    const personIds = [...new Set([copied.giverId, ...[...kudos.values()].flatMap((one) => one.receiverIds)])];
    await flag(context, tx, { kind: 'copied_reasons', about: about.copied(copied.giverId, copied.wordsDigest), personIds, evidence });
  }
}

/** Looks for allowances that were given away to one or two people in the last days of a month, and tells managers. */
export async function flagMonthEnd(context: WorkContext, tx: Tx, month: string): Promise<void> {
  const { organisation } = context;
  const span = monthEnd(month, organisation.zone);
  for (const { giverId, allowance, spent } of await store.findMonthEnd(tx, organisation.id, { month, ...span, share: BURST_SHARE })) {
    const burst = burstOf(spent, allowance);
    if (!burst) continue;
    const { instances, count } = await store.burstInstances(tx, organisation.id, giverId, burst.personIds, span);
    const evidence = { ...spanOf(instances, span.from, span.to), count, points: burst.points, allowance, month };
    await flag(context, tx, {
      kind: 'month_end_burst',
      about: about.burst(giverId, month),
      personIds: [giverId, ...burst.personIds],
      evidence,
    });
  }
}

function spanOf(instances: readonly store.Instance[], from: Date, to: Date): Pick<FlagEvidence, 'from' | 'to' | 'kudosIds'> {
  const [newest, oldest] = [instances[0]?.createdAt ?? to, instances.at(-1)?.createdAt ?? from];
  return { from: oldest.toISOString(), to: newest.toISOString(), kudosIds: instances.map((one) => one.id) };
}

/** Flags once: while nobody has seen it, it tells what has been found since; afterwards it rests until its month is over. */
async function flag(context: WorkContext, tx: Tx, finding: Finding): Promise<void> {
  const { organisation, clock } = context;
  const now = clock.now();
  const since = new Date(now.getTime() - PATTERN_DAYS * DAY_MS);
  const before = await store.lockFlagAbout(tx, organisation.id, finding.about, since);
  if (before) {
    if (before.seenAt !== null || sameEvidence(before.evidence, finding.evidence)) return;
    await store.renewFlag(tx, organisation.id, before.id, finding);
    await refreshFlag(context, tx, before.id);
    return;
  }
  const flagKey = `${finding.about}@${localDay(now, organisation.zone)}`;
  const id = await store.addFlag(tx, organisation.id, { ...finding, flagKey }, now);
  if (id !== undefined) await tell(context, tx, id, finding.personIds);
}

/** The figures and the kudos; the database keeps the fields in an order of its own. */
function sameEvidence(a: FlagEvidence, b: FlagEvidence): boolean {
  return a.count === b.count && a.back === b.back && a.points === b.points && a.kudosIds.join() === b.kudosIds.join();
}

async function tell(context: WorkContext, tx: Tx, flagId: string, personIds: readonly string[]): Promise<void> {
  const { organisation, clock } = context;
  const now = clock.now();
  const managers = await managersApartFrom(tx, organisation, personIds);
  const told = managers.map(
    (personId): NewDelivery => ({
      organisationId: organisation.id,
      subjectKey: subject.flag(flagId, personId),
      message: 'recognition.flag',
      payload: { flagId, personId },
      to: { personId },
      priority: 'bulk',
      capped: true,
      dueAt: now,
    }),
  );
  await enqueueMany(tx, told, now);
}

/** Has the managers' cards of a flag composed again. */
export async function refreshFlag({ organisation, clock }: WorkContext, tx: Tx, flagId: string): Promise<void> {
  const cards = await askedBefore(tx, organisation.id, [subject.flag(flagId, '')]);
  await refresh(
    tx,
    organisation.id,
    cards.map((card) => card.subjectKey),
    clock.now(),
  );
}
