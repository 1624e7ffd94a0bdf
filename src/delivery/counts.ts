import type { Db, Tx } from '../people/db.js';

/** How far deliveries that belong together have come. */
export interface DeliveryCounts {
  /** All of them, what was dropped or skipped aside. */
  readonly total: number;
  /** Arrived, by themselves or inside another message. */
  readonly sent: number;
  readonly waiting: number;
  /** Given up: managers see them as dead letters. */
  readonly dead: number;
}

/**
 * Counts the deliveries that name `progressOf` as the card that counts them: read from an index alone.
 * @param progressOf as given to enqueue
 */
export async function deliveryCounts(db: Db | Tx, organisationId: string, progressOf: string): Promise<DeliveryCounts> {
  const groups = await db.delivery.groupBy({ by: ['state'], where: { organisationId, progressOf }, _count: { _all: true } });
  const of = (...states: readonly string[]) =>
    groups.filter((group) => states.includes(group.state)).reduce((sum, group) => sum + group._count._all, 0);
  const [sent, waiting, dead] = [of('sent', 'merged'), of('pending', 'sending'), of('dead')];
  return { total: sent + waiting + dead, sent, waiting, dead };
}
