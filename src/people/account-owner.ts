import type { Platform } from '../core/interaction.js';
import type { Account, Person } from '../generated/prisma/client.js';
import { recordEvent } from './audit.js';
import { makeFirstOwner, openOwnerAddress } from './claim.js';
import type { Tx } from './db.js';
import { lineAbove } from './line.js';
import { cleanName, foldName } from './names.js';
import type { MemberProfile, Vault } from './ports.js';

// Whose account it is: the steps of the rules in accounts.ts.

export interface AccountWorkspace {
  readonly organisationId: string;
  readonly id: string;
  readonly platform: Platform;
}

/** What every step of a reading, or of an event, writes with. */
export interface Writing {
  readonly tx: Tx;
  readonly vault: Vault;
  readonly workspace: AccountWorkspace;
  readonly now: Date;
  /** The moment that the reading began at, or now for an event. */
  readonly seenAt: Date;
  readonly ownerAddress: string | undefined;
}

export type AccountWithPerson = Account & { person: Person };

export const nameOf = (profile: MemberProfile): string => cleanName(profile.name) || profile.externalId;

/** Somebody whose last account has gone has left. */
export async function leaveIfAlone(tx: Tx, organisationId: string, personId: string, now: Date): Promise<void> {
  if ((await tx.account.count({ where: { organisationId, personId, status: 'active' } })) > 0) return;
  const { count } = await tx.person.updateMany({
    where: { organisationId, id: personId, status: 'active' },
    data: { status: 'left', leftAt: now },
  });
  if (count > 0) await recordEvent(tx, { organisationId, actorId: null, verb: 'person.left', subjectId: personId }, now);
}

/** Who has an address: the person's own, or that of one of the accounts that are still there. */
export async function personOfAddress(tx: Tx, organisationId: string, hash: string, exceptAccountId?: string): Promise<Person | undefined> {
  const own = await tx.person.findFirst({ where: { organisationId, emailHash: hash, erasedAt: null } });
  if (own) return own;
  const accounts = await tx.account.findMany({
    where: { organisationId, emailHash: hash, status: 'active', isGuest: false, ...(exceptAccountId && { id: { not: exceptAccountId } }) },
    include: { person: true },
  });
  const [first, ...rest] = accounts;
  // Two people with one address: nobody can tell whose it is.
  return first && rest.every((account) => account.personId === first.personId) ? first.person : undefined;
}

/** Rules 1 and 2: whether a new account may become this person's. */
export async function mayJoin(writing: Writing, person: Person, profile: MemberProfile): Promise<boolean> {
  if (await isHere(writing, person.id)) return false;
  return person.status === 'active' || sameName(person, profile);
}

/** Rule 3: whether an account may move to the person whose address it has by now. */
export async function mayMove(writing: Writing, row: AccountWithPerson, other: Person, profile: MemberProfile): Promise<boolean> {
  const alone =
    (await writing.tx.account.count({
      where: { organisationId: writing.workspace.organisationId, personId: row.personId, status: 'active', id: { not: row.id } },
    })) === 0;
  const knownLate = row.emailHash === null && row.person.emailHash === null && row.person.role === 'employee';
  return alone && (knownLate || row.person.role === other.role) && (await mayJoin(writing, other, profile));
}

async function isHere({ tx, workspace }: Writing, personId: string): Promise<boolean> {
  const here = { organisationId: workspace.organisationId, workspaceId: workspace.id, personId, status: 'active' } as const;
  return (await tx.account.count({ where: here })) > 0;
}

/** Whether somebody goes by the name that the profile has, whatever its case and diacritics. */
export const sameName = (person: Person, profile: MemberProfile): boolean => foldName(person.name) === foldName(nameOf(profile));

/** The address becomes the person's, unless the person goes by that of another account. */
export async function giveAddress(
  { tx, vault, workspace }: Writing,
  personId: string,
  address: { email: string; hash: string } | undefined,
  accountHad: string | null,
): Promise<void> {
  if (!address) return;
  await tx.person.updateMany({
    where: {
      organisationId: workspace.organisationId,
      id: personId,
      OR: [{ emailHash: null }, ...(accountHad ? [{ emailHash: accountHad }] : [])],
    },
    data: { emailHash: address.hash, emailCipher: vault.seal(address.email, 'person.email') },
  });
}

/** Takes the address from a person: somebody else has it now. */
export async function dropAddress(tx: Tx, organisationId: string, personId: string): Promise<void> {
  await tx.person.update({ where: { organisationId_id: { organisationId, id: personId } }, data: { emailHash: null, emailCipher: null } });
}

/** Somebody who had left is here again; by another account than before as an employee. */
export async function comeBack({ tx, workspace, now }: Writing, person: Person, how: { sameAccount: boolean }): Promise<void> {
  if (person.status === 'active') return;
  const { organisationId } = workspace;
  await tx.person.update({
    where: { organisationId_id: { organisationId, id: person.id } },
    data: { status: 'active', leftAt: null, joinedAt: now, ...(!how.sameAccount && { role: 'employee' }) },
  });
  await recordEvent(tx, { organisationId, actorId: null, verb: 'person.returned', subjectId: person.id }, now);
}

/** The only account of `from` has moved to another person. */
export async function handOver(writing: Writing, from: Person, toId: string): Promise<void> {
  const { tx, workspace, now } = writing;
  const { organisationId } = workspace;
  const to = await tx.person.findUniqueOrThrow({ where: { organisationId_id: { organisationId, id: toId } } });
  await comeBack(writing, to, { sameAccount: false });
  await dropAddress(tx, organisationId, from.id);
  const above = await lineAbove(tx, organisationId, toId);
  const reports = await tx.person.findMany({ where: { organisationId, lineManagerId: from.id }, select: { id: true } });
  // Whoever stands above the one who takes over can't report to them.
  const follow = reports.map((report) => report.id).filter((id) => id !== toId && !above.includes(id));
  await tx.person.updateMany({ where: { organisationId, id: { in: follow } }, data: { lineManagerId: toId } });
  await tx.person.updateMany({ where: { organisationId, lineManagerId: from.id }, data: { lineManagerId: null } });
  const inherits =
    from.lineManagerId !== null && to.lineManagerId === null && !(await lineAbove(tx, organisationId, from.id)).includes(toId);
  await tx.person.update({
    where: { organisationId_id: { organisationId, id: toId } },
    data: {
      teamId: to.teamId ?? from.teamId,
      locationId: to.locationId ?? from.locationId,
      ...(inherits && { lineManagerId: from.lineManagerId }),
    },
  });
  await recordEvent(tx, { organisationId, actorId: null, verb: 'person.joined_accounts', subjectId: toId, data: { from: from.id } }, now);
  await leaveIfAlone(tx, organisationId, from.id, now);
}

/** The first owner, when this is the address that the operator has named. */
export async function ownerByAddress(
  { tx, workspace, ownerAddress, now }: Writing,
  personId: string,
  hash: string | undefined,
): Promise<void> {
  if (!ownerAddress || hash !== ownerAddress) return;
  const { organisationId } = workspace;
  if (!(await openOwnerAddress(tx, organisationId))) return;
  if ((await tx.person.count({ where: { organisationId, role: 'owner', status: 'active' } })) > 0) return;
  await makeFirstOwner(tx, organisationId, personId, now);
}
