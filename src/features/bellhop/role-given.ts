import { hasRole, type Role } from '../../core/roles.js';
import { enqueue } from '../../delivery/enqueue.js';
import type { Tx } from '../../people/db.js';

/** Somebody's role was changed. */
export interface RoleChange {
  readonly personId: string;
  readonly from: Role;
  readonly to: Role;
  readonly byId: string;
}

/** Whoever is given more to do is told so; a role that was taken away is for people to talk about. */
export async function tellRole(tx: Tx, organisationId: string, change: RoleChange, now: Date): Promise<void> {
  if (change.personId === change.byId || change.from === change.to || hasRole(change.from, change.to)) return;
  await enqueue(
    tx,
    {
      organisationId,
      subjectKey: `bellhop.role:${change.personId}:${change.to}:${now.getTime()}`,
      message: 'bellhop.role_given',
      payload: { personId: change.personId, role: change.to, byId: change.byId },
      to: { personId: change.personId },
      priority: 'answer',
      dueAt: now,
    },
    now,
  );
}
