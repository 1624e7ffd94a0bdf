import type { Clock } from '../../../core/clock.js';
import { hasRole, type Role } from '../../../core/roles.js';
import type { Db, Tx } from '../../../people/db.js';
import { localDay } from '../../../people/hours.js';
import type { Organisation } from '../../../people/model.js';
import type { Redemption } from './model.js';
import { type Away, listAway, listDecidingRoles } from './store-deputies.js';

/** Most people who get a card of one redemption. */
const MOST_ASKED = 20;
/** Deputies of deputies that are followed. */
const MOST_HOPS = 5;

/** What decides who is meant by a redemption. */
export type Subject = Pick<Redemption, 'personId' | 'lineManagerId' | 'fulfillerId' | 'fulfillerActive'>;

/** Who approves and who hands over, as things stand at one moment. */
export interface Deciders {
  /** Who is asked to decide: the line manager or the deputy, else the managers. Never the one who redeems. */
  approversOf(redemption: Subject): readonly string[];
  /** Who is asked to hand over: the fulfiller or the deputy; the managers when the fulfiller has left. */
  fulfillersOf(redemption: Subject): readonly string[];
  mayDecide(actor: Actor, redemption: Subject): boolean;
  mayHandOver(actor: Actor, redemption: Subject): boolean;
  /** The person, and everyone whose deputy the person is now. */
  principalsOf(personId: string): readonly string[];
  /** Whether the person, or somebody whose deputy the person is, has the role of a manager. */
  manages(personId: string): boolean;
  readonly awayIds: readonly string[];
}

export interface Actor {
  readonly id: string;
  readonly role: Role;
}

/** Reads who is away and who manages: three small queries. */
export async function loadDeciders(db: Db | Tx, organisation: Organisation, clock: Clock): Promise<Deciders> {
  const today = localDay(clock.now(), organisation.zone);
  // One after the other: a transaction has one connection.
  const away = await listAway(db, organisation.id, today);
  const people = await listDecidingRoles(db, organisation.id);
  const ids = (role: Role) => people.filter((one) => one.role === role).map((one) => one.id);
  return decidersOf(away, ids('manager'), ids('owner'));
}

/** The same of what was read. */
export function decidersOf(away: readonly Away[], managers: readonly string[], owners: readonly string[]): Deciders {
  const deputies = new Map(away.map(({ personId, deputyId }) => [personId, deputyId]));
  /** Who acts for a person now; undefined for nobody. */
  const standIn = (personId: string): string | undefined => {
    let at = personId;
    for (let hop = 0; hop < MOST_HOPS; hop++) {
      const deputy = deputies.get(at);
      if (deputy === undefined) return at;
      if (deputy === null || deputy === personId) return undefined;
      at = deputy;
    }
    return undefined;
  };
  const asked = (personIds: readonly string[], except: string): readonly string[] =>
    [...new Set(personIds.flatMap((id) => standIn(id) ?? []))].filter((id) => id !== except).slice(0, MOST_ASKED);
  const managersBut = (personId: string): readonly string[] => {
    const found = asked(managers, personId);
    return found.length > 0 ? found : asked(owners, personId);
  };
  const principalsOf = (personId: string) => [
    personId,
    ...away.filter((one) => standIn(one.personId) === personId).map((one) => one.personId),
  ];
  const manages = (personId: string) => principalsOf(personId).some((id) => managers.includes(id) || owners.includes(id));
  const approversOf = ({ personId, lineManagerId }: Subject): readonly string[] => {
    const line = lineManagerId ? asked([lineManagerId], personId) : [];
    return line.length > 0 ? line : managersBut(personId);
  };
  const fulfillersOf = ({ personId, fulfillerId, fulfillerActive }: Subject): readonly string[] => {
    const acting = fulfillerActive ? (standIn(fulfillerId) ?? fulfillerId) : undefined;
    if (acting !== undefined) return [acting];
    const others = managersBut(personId);
    // Where the only manager redeems, that manager hands it over: the points are paid.
    return others.length > 0 ? others : asked([...managers, ...owners], '');
  };
  return {
    approversOf,
    fulfillersOf,
    principalsOf,
    manages,
    awayIds: away.map((one) => one.personId),
    mayDecide: (actor, redemption) =>
      actor.id !== redemption.personId &&
      (hasRole(actor.role, 'manager') || actor.id === redemption.lineManagerId || approversOf(redemption).includes(actor.id)),
    mayHandOver: (actor, redemption) =>
      (hasRole(actor.role, 'manager') && actor.id !== redemption.personId) ||
      (actor.id === redemption.fulfillerId && redemption.fulfillerActive) ||
      fulfillersOf(redemption).includes(actor.id),
  };
}
