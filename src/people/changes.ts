import { BellhopError } from '../core/errors.js';
import type { Role } from '../core/roles.js';
import { person as personText } from '../core/text.js';
import { recordEvent } from './audit.js';
import type { Tx } from './db.js';
import { lineAbove } from './line.js';
import { lockPeople } from './lock.js';

/** What an owner sets about a person. Absent: stays. Null: nobody, none. */
export interface PersonChange {
  readonly role?: Role;
  readonly lineManagerId?: string | null;
  readonly teamId?: string | null;
  readonly locationId?: string | null;
}

/** What was another before. */
export type Changed = readonly (keyof PersonChange)[];

/**
 * Sets role, line manager, team or location of a person, with an audit event for each that really changes.
 * The targets must be the organisation's own; foreign keys refuse all others.
 * @returns what has changed; empty when everything stood so before
 * @throws BellhopError `people.person_gone`, `people.last_owner`, `people.own_line` when the line manager would stand in
 *   the person's own line, `people.manager_left` when the line manager isn't there any more
 */
export async function changePerson(
  tx: Tx,
  organisationId: string,
  personId: string,
  change: PersonChange,
  by: { readonly actorId: string | null; readonly now: Date },
): Promise<Changed> {
  await lockPeople(tx, organisationId);
  const person = await tx.person.findFirst({ where: { organisationId, id: personId, erasedAt: null } });
  if (person?.status !== 'active') throw new BellhopError('people.person_gone');
  const changed: (keyof PersonChange)[] = [];
  if (change.role !== undefined && change.role !== person.role) {
    if (person.role === 'owner') await keepAnOwner(tx, organisationId, personId);
    changed.push('role');
  }
  if (change.lineManagerId !== undefined && change.lineManagerId !== person.lineManagerId) {
    if (change.lineManagerId !== null) await checkLine(tx, organisationId, personId, change.lineManagerId);
    changed.push('lineManagerId');
  }
  if (change.teamId !== undefined && change.teamId !== person.teamId) changed.push('teamId');
  if (change.locationId !== undefined && change.locationId !== person.locationId) changed.push('locationId');
  if (changed.length === 0) return changed;
  await tx.person.update({
    where: { organisationId_id: { organisationId, id: personId } },
    data: Object.fromEntries(changed.map((field) => [field, change[field]])),
  });
  for (const field of changed) {
    const data = { from: person[field], to: change[field] ?? null };
    await recordEvent(tx, { organisationId, actorId: by.actorId, verb: VERBS[field], subjectId: personId, data }, by.now);
  }
  return changed;
}

const VERBS: Readonly<Record<keyof PersonChange, string>> = {
  role: 'person.role_changed',
  lineManagerId: 'person.line_manager_changed',
  teamId: 'person.team_changed',
  locationId: 'person.location_changed',
};

async function keepAnOwner(tx: Tx, organisationId: string, personId: string): Promise<void> {
  const others = await tx.person.count({ where: { organisationId, role: 'owner', status: 'active', id: { not: personId } } });
  if (others === 0) throw new BellhopError('people.last_owner');
}

async function checkLine(tx: Tx, organisationId: string, personId: string, managerId: string): Promise<void> {
  const manager = await tx.person.findFirst({ where: { organisationId, id: managerId } });
  if (manager?.status !== 'active') throw new BellhopError('people.manager_left');
  const isRing = managerId === personId || (await lineAbove(tx, organisationId, managerId)).includes(personId);
  if (isRing) throw new BellhopError('people.own_line', { manager: personText(manager.name) });
}
