import { z } from 'zod';
import { button, type Card, type Row } from '../../../core/card.js';
import type { Sweep } from '../../../core/feature.js';
import { ROWS } from '../../../core/paging.js';
import { instant, key, person, words } from '../../../core/text.js';
import { enqueueMany } from '../../../delivery/enqueue.js';
import { inTransaction } from '../../../people/db.js';
import { message, type WorkContext } from '../../../people/handlers.js';
import { to } from '../refs.js';
import { formerHosts, type Hostless, listHostless, managerIds } from './store-hosts.js';

const HostMissing = z.object({ hostId: z.uuid() });

const subjectKey = (hostId: string, managerId: string): string => `seminars.host_missing:${hostId}:${managerId}`;

const hostlessOf = async ({ db, organisation, clock }: WorkContext, hostId: string): Promise<Hostless[]> =>
  await listHostless(db, organisation.id, { now: clock.now(), limit: ROWS, hostId });

/** A host has left: managers hear of it once, with what to do about each of the series. */
export const hostMissing = message({
  id: 'seminars.host_missing',
  payload: HostMissing,
  guard: async (context, { hostId }) => ((await hostlessOf(context, hostId)).length > 0 ? null : 'settled'),
  card: async (context, { hostId }) => hostMissingCard(await hostlessOf(context, hostId)),
  line: async (context, { hostId }) => {
    const [first] = await hostlessOf(context, hostId);
    return first ? { text: hostlessLine(first), action: choose(first) } : { text: key('seminars.host_missing.settled') };
  },
});

function hostMissingCard(rows: readonly Hostless[]): Card {
  const [first] = rows;
  const lead = first ? key('seminars.host_missing.lead', { host: hostName(first) }) : key('seminars.host_missing.settled');
  return { summary: lead, title: key('seminars.host_missing.title'), lead, rows: rows.map(hostlessRow) };
}

/** One series whose host has left, with the way to another one. */
export function hostlessRow(row: Hostless): Row {
  return {
    text: hostlessLine(row),
    action: choose(row),
  };
}

/** Who stood in for one date only is not found in the form of the series. */
const choose = ({ ofSeries, dateId }: Hostless) =>
  button(key('seminars.host_missing.choose'), ofSeries ? to.changeFollowing(dateId) : to.change(dateId));

function hostlessLine(row: Hostless) {
  return key('seminars.host_missing.row', {
    title: words(row.title),
    host: hostName(row),
    at: instant(row.startsAt),
    count: row.count,
  });
}

const hostName = ({ hostName: name }: Hostless) => (name === '' ? key('seminars.host_gone') : person(name));

/** Looks for hosts who have left. Who has heard of one hears no more of that one. */
export const hostMissingSweep: Sweep<WorkContext> = {
  id: 'seminars.host_missing',
  run: async ({ db, organisation, clock }) => {
    const now = clock.now();
    const hosts = await formerHosts(db, organisation.id, now);
    if (hosts.length === 0) return;
    const managers = await managerIds(db, organisation);
    await inTransaction(db, async (tx) => {
      const all = hosts.flatMap((hostId) =>
        managers.map((managerId) => ({
          organisationId: organisation.id,
          subjectKey: subjectKey(hostId, managerId),
          message: 'seminars.host_missing',
          payload: { hostId },
          to: { personId: managerId },
          priority: 'bulk' as const,
          capped: true,
          dueAt: now,
        })),
      );
      await enqueueMany(tx, all, now);
    });
  },
};
