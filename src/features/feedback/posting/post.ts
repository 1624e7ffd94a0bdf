import { enqueueMany, type NewDelivery, refresh } from '../../../delivery/enqueue.js';
import type { Tx } from '../../../people/db.js';
import type { WorkContext } from '../../../people/handlers.js';
import { newId } from '../../../people/ids.js';
import { subject } from '../model.js';
import type { Target } from '../rules/match.js';
import { BUNDLE_MOST, OWN_CARDS, OWN_CASES } from './model.js';
import { addBundles, countWaiting, fillBundles, findRoom, findUnposted, type Share, type Unposted } from './store-posting.js';

/** One piece of feedback, and where it goes. */
export interface Post {
  readonly feedbackId: string;
  readonly to: Target;
}

/**
 * Puts feedback on its way to channels and people: as a card of its own, or in a channel's bundle when too much is waiting there. A few
 * statements for all that is sorted together. Harmless for what was posted in a channel before. Cases are open by now.
 */
export async function postMany(
  { organisation }: Pick<WorkContext, 'organisation'>,
  tx: Tx,
  posts: readonly Post[],
  now: Date,
): Promise<void> {
  const direct: NewDelivery[] = [];
  const byChannel = new Map<string, string[]>();
  for (const { feedbackId, to } of posts) {
    if ('personId' in to) direct.push(directPost(organisation.id, feedbackId, to.personId, now));
    else byChannel.set(to.channelId, [...(byChannel.get(to.channelId) ?? []), feedbackId]);
  }
  await enqueueMany(tx, direct, now);
  // Always in the same order, so that two batches never wait for one another in a ring.
  for (const channelId of [...byChannel.keys()].sort()) {
    await postInChannel(tx, organisation.id, channelId, byChannel.get(channelId) ?? [], now);
  }
}

async function postInChannel(tx: Tx, organisationId: string, channelId: string, feedbackIds: readonly string[], now: Date): Promise<void> {
  const fresh = await findUnposted(tx, organisationId, feedbackIds);
  if (fresh.length === 0) return;
  const { own, together } = divide(fresh, await countWaiting(tx, organisationId, channelId));
  const channel = { organisationId, to: { channelId }, priority: 'answer', dueAt: now } as const;
  const deliveries: NewDelivery[] = own.map(({ id }) => ({
    ...channel,
    subjectKey: subject.post(id),
    message: 'feedback.post',
    payload: { feedbackId: id },
  }));
  const shares = await share(tx, organisationId, channelId, together, now);
  for (const { bundleId, isNew } of shares) {
    if (isNew) deliveries.push({ ...channel, subjectKey: subject.bundle(bundleId), message: 'feedback.bundle', payload: { bundleId } });
  }
  await enqueueMany(tx, deliveries, now);
  const grown = shares.filter(({ isNew }) => !isNew).map(({ bundleId }) => subject.bundle(bundleId));
  await refresh(tx, organisationId, grown, now);
}

/**
 * Which entries get a card of their own: those that find few messages of ours waiting before them. Cases are let through for longer,
 * since somebody has to take each of them.
 */
export function divide(
  fresh: readonly Unposted[],
  waiting: number,
): { readonly own: readonly Unposted[]; readonly together: readonly Unposted[] } {
  const own: Unposted[] = [];
  const together: Unposted[] = [];
  for (const entry of fresh) {
    const fits = waiting + own.length <= (entry.hasCase ? OWN_CASES : OWN_CARDS);
    (fits ? own : together).push(entry);
  }
  return { own, together };
}

/** Puts entries into the bundle that still has room, and into new ones; each row of the answer is one bundle's part. */
async function share(
  tx: Tx,
  organisationId: string,
  channelId: string,
  entries: readonly Unposted[],
  now: Date,
): Promise<readonly Share[]> {
  if (entries.length === 0) return [];
  const ids = entries.map(({ id }) => id);
  const shares: Share[] = [];
  const open = await findRoom(tx, organisationId, channelId, now);
  if (open) shares.push({ bundleId: open.id, isNew: false, feedbackIds: ids.splice(0, BUNDLE_MOST - open.count) });
  while (ids.length > 0) shares.push({ bundleId: newId(now), isNew: true, feedbackIds: ids.splice(0, BUNDLE_MOST) });
  await addBundles(
    tx,
    organisationId,
    channelId,
    shares.filter(({ isNew }) => isNew),
    now,
  );
  await fillBundles(tx, organisationId, shares);
  return shares;
}

function directPost(organisationId: string, feedbackId: string, personId: string, now: Date): NewDelivery {
  return {
    organisationId,
    subjectKey: subject.direct(feedbackId, personId),
    message: 'feedback.post',
    payload: { feedbackId, personId },
    to: { personId },
    priority: 'answer',
    // A manager's rule asks for it to go whenever it comes; how much of it in a day is the person's own cap.
    capped: true,
    anyHour: true,
    dueAt: now,
  };
}
