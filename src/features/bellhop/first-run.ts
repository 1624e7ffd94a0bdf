import { enqueue, refresh } from '../../delivery/enqueue.js';
import type { Tx } from '../../people/db.js';
import * as store from './store.js';

const subjectKey = (personId: string) => `bellhop.first_run:${personId}`;

/** Asks the first owners how the organisation works, once there are any. Nothing happens the second time. */
export async function askFirstRun(tx: Tx, organisationId: string, now: Date): Promise<void> {
  const owners = await store.listOwnerIds(tx, organisationId);
  if (owners.length === 0 || !(await store.markFirstRunAsked(tx, organisationId, now))) return;
  for (const personId of owners) {
    await enqueue(
      tx,
      {
        organisationId,
        subjectKey: subjectKey(personId),
        message: 'bellhop.first_run',
        payload: {},
        to: { personId },
        priority: 'alert',
        dueAt: now,
      },
      now,
    );
  }
}

/** The card shows what was set. */
export async function refreshFirstRun(tx: Tx, organisationId: string, now: Date): Promise<void> {
  const owners = await store.listOwnerIds(tx, organisationId);
  await refresh(tx, organisationId, owners.map(subjectKey), now);
}
