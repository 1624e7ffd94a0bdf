import { key, plain } from '../core/text.js';
import { ensureDefaults } from '../features/feedback/defaults.js';
import { draftOf } from '../features/handbook/draft.js';
import { starterHandbook } from '../features/handbook/starter.js';
import { saveDraft } from '../features/handbook/store-versions.js';
import { upsertMembers } from '../people/accounts.js';
import { addChannelMembers, upsertChannel } from '../people/channels.js';
import { inTransaction, type Tx } from '../people/db.js';
import type { Work } from '../people/handlers.js';
import { localDay } from '../people/hours.js';
import { ensureWorkspaceIn, type KnownWorkspace, loadOrganisation } from '../people/organisation.js';
import type { MemberProfile } from '../people/ports.js';
import { ANNOUNCEMENTS, BOT, EVERYBODY, emailOf, HOTEL, MANAGER, nameOf, ORGANISATION, TEAM, TENANT_ID, YOU } from './people.js';
import { hasHandbook } from './store.js';
import { takeOver } from './take-over.js';

export interface SeedOptions {
  /** The Playground's connector, for instance `http://localhost:56150/_connector`. */
  readonly serviceUrl: string;
  /** The 1:1 chat with the person at the keyboard: a new one for each run, since the Playground forgets. */
  readonly conversationId: string;
  /** IANA zone of this computer. */
  readonly zone: string;
  readonly locale: string;
}

/** How long the trial's people have for the handbook, in days. */
const DAYS = 14;

/** Makes what isn't there yet, and mends what a new run of the Playground makes untrue. Safe to repeat. */
export async function seed(work: Work, organisationId: string, options: SeedOptions): Promise<void> {
  const now = work.clock.now();
  const owner = await inTransaction(work.db, async (tx) => {
    const workspace = await ensureHotel(tx, organisationId, options, now);
    const ids = await ensurePeople(tx, work, workspace, options, now);
    await ensureChannels(tx, workspace, options, now);
    return ids.get(YOU.objectId);
  });
  await hearCustomers(work, organisationId);
  if (owner && !(await hasHandbook(work.db, organisationId))) await draftStarter(work, organisationId, owner, options, now);
}

async function ensureHotel(tx: Tx, organisationId: string, { serviceUrl, zone, locale }: SeedOptions, now: Date): Promise<KnownWorkspace> {
  await tx.organisation.updateMany({
    where: { id: organisationId, firstRunDoneAt: null },
    data: { name: ORGANISATION, zone, locale, firstRunAskedAt: now, firstRunDoneAt: now },
  });
  // A client with a tenant of its own may have had the workspace in an earlier run.
  await takeOver(tx, organisationId, TENANT_ID, now);
  const profile = { platform: 'teams', externalId: TENANT_ID, name: ORGANISATION, botExternalId: BOT.id, serviceUrl } as const;
  const workspace = await ensureWorkspaceIn(tx, organisationId, profile, now);
  if (!workspace) throw new Error('The trial’s organisation already has another tenant.');
  return workspace;
}

async function ensurePeople(tx: Tx, work: Work, workspace: KnownWorkspace, options: SeedOptions, now: Date): Promise<Map<string, string>> {
  const { organisationId } = workspace;
  const profiles = EVERYBODY.map(
    (person): MemberProfile => ({
      externalId: person.objectId,
      name: nameOf(person),
      email: emailOf(person),
      zone: options.zone,
      isAdmin: false,
      isGuest: false,
      isBot: false,
      isStranger: false,
      left: false,
      ...(person === YOU && { address: { conversationId: options.conversationId, serviceUrl: options.serviceUrl, userId: person.id } }),
    }),
  );
  const accounts = await upsertMembers(tx, work.vault, workspace, profiles, { now });
  for (const person of EVERYBODY) {
    // The chats of the run before are gone with it.
    await tx.account.updateMany({
      where: { organisationId, workspaceId: workspace.id, externalId: person.objectId },
      data: {
        userExternalId: person.id,
        serviceUrl: options.serviceUrl,
        directConversationId: person === YOU ? options.conversationId : null,
        unreachableReason: null,
        unreachableSince: null,
      },
    });
  }
  await tx.workspace.updateMany({ where: { organisationId, id: workspace.id }, data: { membersSyncedAt: now } });
  const ids = new Map([...accounts].map(([externalId, { personId }]) => [externalId, personId]));
  await giveRoles(tx, organisationId, ids);
  return ids;
}

/** Only in the beginning: what was changed in chat stays. */
async function giveRoles(tx: Tx, organisationId: string, ids: ReadonlyMap<string, string>): Promise<void> {
  const [you, manager] = [ids.get(YOU.objectId), ids.get(MANAGER.objectId)];
  if (!you || !manager || (await tx.person.count({ where: { organisationId, role: 'owner', status: 'active' } })) > 0) return;
  await tx.person.updateMany({ where: { organisationId, id: you }, data: { role: 'owner' } });
  await tx.person.updateMany({ where: { organisationId, id: manager }, data: { role: 'manager', lineManagerId: you } });
  const team = TEAM.flatMap((person) => ids.get(person.objectId) ?? []);
  await tx.person.updateMany({ where: { organisationId, id: { in: team } }, data: { lineManagerId: manager } });
}

async function ensureChannels(tx: Tx, workspace: KnownWorkspace, { serviceUrl }: SeedOptions, now: Date): Promise<void> {
  const { organisationId } = workspace;
  const accounts = await tx.account.findMany({
    where: { organisationId, workspaceId: workspace.id, status: 'active' },
    select: { id: true },
  });
  for (const { id, name } of [{ id: HOTEL.id, name: HOTEL.general }, ANNOUNCEMENTS]) {
    const profile = {
      externalId: id,
      name,
      kind: 'channel',
      parentExternalId: HOTEL.id,
      serviceUrl,
      isPrivate: false,
      isArchived: false,
      botIsMember: true,
    } as const;
    const channel = await upsertChannel(tx, workspace, profile, now);
    await addChannelMembers(
      tx,
      organisationId,
      channel.id,
      accounts.map((account) => account.id),
      now,
    );
    await tx.channel.updateMany({
      where: { organisationId, id: channel.id },
      data: { membersSyncedAt: now, unreachableReason: null, unreachableSince: null },
    });
    if (id === ANNOUNCEMENTS.id) {
      await tx.organisation.updateMany({
        where: { id: organisationId, announcementsChannelId: null },
        data: { announcementsChannelId: channel.id },
      });
    }
  }
}

/** A survey page, and the channel in which what is sent there is seen at once. What was set in chat stays. */
async function hearCustomers(work: Work, organisationId: string): Promise<void> {
  const organisation = await loadOrganisation(work.db, organisationId);
  await ensureDefaults({ ...work, organisation });
  await work.db.feedbackSettings.updateMany({
    where: { organisationId, channelId: null },
    data: { channelId: organisation.announcementsChannelId },
  });
}

/** The starter handbook as a draft: one look at it and one press of a button publish it. */
async function draftStarter(work: Work, organisationId: string, authorId: string, { zone, locale }: SeedOptions, now: Date): Promise<void> {
  const language = locale.split('-', 1)[0] ?? 'en';
  const source = starterHandbook(language) ?? starterHandbook('en');
  if (source === undefined) return;
  const due = new Date(now.getTime() + DAYS * 24 * 3600_000);
  const draft = draftOf(source, '', {
    statement: plain(work.localise(key('handbook.publish.statement_default'), { locale, zone })),
    audience: { kind: 'everyone' },
    effectiveOn: localDay(now, zone),
    dueOn: localDay(due, zone),
  });
  await saveDraft(work.db, organisationId, authorId, {}, draft, now);
}
