import type { Prisma } from '../generated/prisma/client.js';
import {
  type AccountWithPerson,
  type AccountWorkspace,
  comeBack,
  dropAddress,
  giveAddress,
  handOver,
  leaveIfAlone,
  mayJoin,
  mayMove,
  nameOf,
  ownerByAddress,
  personOfAddress,
  sameName,
  type Writing,
} from './account-owner.js';
import { openOwnerAddress } from './claim.js';
import type { Tx } from './db.js';
import { isZone } from './hours.js';
import { newId } from './ids.js';
import { lockPeople } from './lock.js';
import { cleanLocale, normaliseEmail } from './names.js';
import type { MemberProfile, Vault } from './ports.js';

/*
 * How accounts become people.
 *
 * One person may have an account on each platform. What joins them is the e-mail address that both platforms have
 * confirmed; guests never join by it. The rules:
 *
 * 1. A new account joins the person who has its address, unless that person is active in the same workspace already.
 *    The person's role stays what it is: being an administrator of a platform makes a manager only out of a new person.
 * 2. An address may have been given to somebody else after its owner left. A person who left is joined only by an account
 *    of the same name, and then begins again as an employee; otherwise the address is taken from the one who left.
 * 3. When an account's address changes, or becomes known late, to one that another person has, the account moves to that
 *    person only where nothing is won or lost by it: it is its person's only active one, the other has none in this
 *    workspace, and both have the same role (an employee whose address was simply not known yet may move to any role,
 *    as in 1). The one it came from is kept, with all records, as somebody who left. Otherwise both stay apart, and
 *    the next reading looks again.
 */

/** Characters; Slack takes no longer address of a picture. Source: https://docs.slack.dev/reference/block-kit/blocks/image-block */
const LONGEST_PICTURE_URL = 3000;

export interface KnownAccount {
  readonly accountId: string;
  readonly personId: string;
}

/**
 * Notes what a platform tells of its members; the same profile again changes nothing.
 * Bots and strangers never become people; for members who left nothing is made.
 * @param seenAt when this was asked for: a finished reading takes those who were seen last before it began for gone
 * @returns the accounts by their external ids; without bots, strangers and unknown ones who left
 */
export async function upsertMembers(
  tx: Tx,
  vault: Vault,
  workspace: AccountWorkspace,
  profiles: readonly MemberProfile[],
  at: { readonly now: Date; readonly seenAt?: Date },
): Promise<Map<string, KnownAccount>> {
  const { organisationId } = workspace;
  await lockPeople(tx, organisationId);
  const writing: Writing = {
    tx,
    vault,
    workspace,
    now: at.now,
    seenAt: at.seenAt ?? at.now,
    ownerAddress: await openOwnerAddress(tx, organisationId),
  };
  const rows = await tx.account.findMany({
    where: { organisationId, workspaceId: workspace.id, externalId: { in: profiles.map((profile) => profile.externalId) } },
    include: { person: true },
  });
  const existing = new Map(rows.map((row) => [row.externalId, row]));
  const known = new Map<string, KnownAccount>();
  const unchanged: string[] = [];
  for (const profile of profiles) {
    // A page may name somebody twice.
    if (known.has(profile.externalId)) continue;
    const row = existing.get(profile.externalId);
    if (profile.isBot || profile.isStranger || profile.left) {
      if (row) await leaveAccount(tx, organisationId, row, at.now);
      continue;
    }
    if (row && isUnchanged(writing, row, profile)) {
      unchanged.push(row.id);
      known.set(profile.externalId, { accountId: row.id, personId: row.personId });
    } else {
      known.set(profile.externalId, row ? await change(writing, row, profile) : await add(writing, profile));
    }
  }
  if (unchanged.length > 0) {
    await tx.account.updateMany({
      where: { organisationId, id: { in: unchanged }, seenAt: { lt: writing.seenAt } },
      data: { seenAt: writing.seenAt },
    });
  }
  return known;
}

/** Marks an account as gone, and its person when no active account remains. Nothing happens the second time. */
export async function leaveAccount(
  tx: Tx,
  organisationId: string,
  account: { readonly id: string; readonly personId: string },
  now: Date,
): Promise<void> {
  const { count } = await tx.account.updateMany({
    where: { organisationId, id: account.id, status: 'active' },
    data: { status: 'left' },
  });
  if (count === 0) return;
  await leaveIfAlone(tx, organisationId, account.personId, now);
}

/** Only an address that joins accounts: confirmed, and of somebody who belongs here. */
function joiningEmail(vault: Vault, profile: MemberProfile): { email: string; hash: string } | undefined {
  const email = profile.isGuest ? undefined : normaliseEmail(profile.email);
  return email ? { email, hash: vault.digest(email, 'person.email') } : undefined;
}

const localeOf = (profile: MemberProfile): string | undefined => cleanLocale(profile.locale);
const zoneOf = (profile: MemberProfile): string | undefined => (profile.zone && isZone(profile.zone) ? profile.zone : undefined);
/** Shown by other people's programs: nothing but https, and not what nobody would take for a picture's address. */
const pictureOf = ({ pictureUrl }: MemberProfile): string | undefined =>
  pictureUrl && pictureUrl.length <= LONGEST_PICTURE_URL && pictureUrl.startsWith('https://') ? pictureUrl : undefined;

function isUnchanged(writing: Writing, row: AccountWithPerson, profile: MemberProfile): boolean {
  const hash = joiningEmail(writing.vault, profile)?.hash;
  return (
    row.status === 'active' &&
    row.person.status === 'active' &&
    row.name === nameOf(profile) &&
    (localeOf(profile) === undefined || row.locale === localeOf(profile)) &&
    (zoneOf(profile) === undefined || row.zone === zoneOf(profile)) &&
    (pictureOf(profile) === undefined || row.pictureUrl === pictureOf(profile)) &&
    row.isAdmin === profile.isAdmin &&
    row.isGuest === profile.isGuest &&
    (hash === undefined || (row.emailHash === hash && hash !== writing.ownerAddress)) &&
    (!profile.address || row.directConversationId === profile.address.conversationId)
  );
}

/** What a profile says about an account; what it doesn't say stays. */
function accountData(writing: Writing, profile: MemberProfile) {
  return {
    name: nameOf(profile),
    isAdmin: profile.isAdmin,
    isGuest: profile.isGuest,
    status: 'active',
    seenAt: writing.seenAt,
    ...(localeOf(profile) && { locale: localeOf(profile) }),
    ...(zoneOf(profile) && { zone: zoneOf(profile) }),
    ...(pictureOf(profile) && { pictureUrl: pictureOf(profile) }),
    ...(profile.address && {
      directConversationId: profile.address.conversationId,
      ...(profile.address.serviceUrl && { serviceUrl: profile.address.serviceUrl }),
      ...(profile.address.userId && { userExternalId: profile.address.userId }),
    }),
  } satisfies Prisma.AccountUncheckedUpdateInput;
}

async function add(writing: Writing, profile: MemberProfile): Promise<KnownAccount> {
  const { tx, workspace, now } = writing;
  const { organisationId } = workspace;
  const address = joiningEmail(writing.vault, profile);
  const found = address && (await personOfAddress(tx, organisationId, address.hash));
  let personId: string;
  if (found && (await mayJoin(writing, found, profile))) {
    personId = found.id;
    await comeBack(writing, found, { sameAccount: false });
    await giveAddress(writing, personId, address, null);
  } else {
    personId = newId(now);
    // An address stays with the active person who has it; one who left hands it on.
    const taken = found?.status === 'active';
    if (found && !taken) await dropAddress(tx, organisationId, found.id);
    await tx.person.create({
      data: {
        organisationId,
        id: personId,
        name: nameOf(profile),
        role: profile.isAdmin && workspace.platform === 'slack' && !profile.isGuest ? 'manager' : 'employee',
        joinedAt: now,
        ...(address && !taken && { emailHash: address.hash, emailCipher: writing.vault.seal(address.email, 'person.email') }),
      },
    });
  }
  const account = await tx.account.create({
    data: {
      organisationId,
      id: newId(now),
      workspaceId: workspace.id,
      personId,
      externalId: profile.externalId,
      emailHash: address?.hash ?? null,
      ...accountData(writing, profile),
    },
  });
  await ownerByAddress(writing, personId, address?.hash);
  return { accountId: account.id, personId };
}

async function change(writing: Writing, row: AccountWithPerson, profile: MemberProfile): Promise<KnownAccount> {
  const { tx, workspace } = writing;
  const { organisationId } = workspace;
  const address = joiningEmail(writing.vault, profile);
  const data = accountData(writing, profile);
  let personId = row.personId;
  let emailHash = row.emailHash;
  if (address && address.hash !== row.emailHash) {
    const other = await personOfAddress(tx, organisationId, address.hash, row.id);
    if (!other || other.id === row.personId) {
      emailHash = address.hash;
      await giveAddress(writing, row.personId, address, row.emailHash);
    } else if (await mayMove(writing, row, other, profile)) {
      emailHash = address.hash;
      personId = other.id;
    } else if (other.status === 'left' && !sameName(other, profile)) {
      emailHash = address.hash;
      await dropAddress(tx, organisationId, other.id);
      await giveAddress(writing, row.personId, address, row.emailHash);
    }
  }
  await tx.account.update({
    where: { organisationId_id: { organisationId, id: row.id } },
    data: { ...data, seenAt: row.seenAt > writing.seenAt ? row.seenAt : writing.seenAt, emailHash, personId },
  });
  if (personId !== row.personId) {
    await handOver(writing, row.person, personId);
  } else {
    await comeBack(writing, row.person, { sameAccount: true });
    // The person goes by the name of the account that gave it first, and follows its changes.
    if (row.person.name === row.name && row.name !== data.name) {
      await tx.person.update({ where: { organisationId_id: { organisationId, id: personId } }, data: { name: data.name } });
    }
  }
  await ownerByAddress(writing, personId, address?.hash);
  return { accountId: row.id, personId };
}
