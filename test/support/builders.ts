import { createHmac } from 'node:crypto';
import type { Platform } from '../../src/core/interaction.js';
import type { Role } from '../../src/core/roles.js';
import { type Localise, type Param, plain, type Text } from '../../src/core/text.js';
import { agendaSources } from '../../src/features/index.js';
import type { Db } from '../../src/people/db.js';
import type { Work } from '../../src/people/handlers.js';
import { newId } from '../../src/people/ids.js';
import type { Organisation, WorkingHours } from '../../src/people/model.js';
import { loadOrganisation } from '../../src/people/organisation.js';
import type { BarChart, Charts, ColumnChart, ComplaintCard, Log, Papers, Vault } from '../../src/people/ports.js';
import { testClock } from './test-clock.js';

/** When everything that the builders make was made: Monday 1 February 2027, 09:00 in Riga. */
export const BUILT_AT = new Date('2027-02-01T07:00:00Z');

/** A vault that hides nothing: sealed text stays readable in a failed test, and opens under its own purpose only. */
export const testVault: Vault = {
  seal: (text, purpose) => `test.${purpose}.${Buffer.from(text).toString('base64url')}`,
  open: (sealed, purpose) => {
    const prefix = `test.${purpose}.`;
    if (!sealed.startsWith(prefix)) throw new Error(`Sealed for another purpose than ${purpose}.`);
    return Buffer.from(sealed.slice(prefix.length), 'base64url').toString();
  },
  digest: (value, purpose) => createHmac('sha256', 'test').update(`${purpose}\0${value}`).digest('hex'),
};

export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => silentLog };

/** Shows keys with their parameters instead of prose, so that tests don't depend on wording. */
export const showKeys: Localise = (text) => [{ text: shown(text) }];

function shown(text: Text): string {
  switch (text.kind) {
    case 'key':
      return text.params
        ? `${text.key}(${Object.entries(text.params)
            .map(([name, value]) => `${name}=${param(value)}`)
            .join(', ')})`
        : text.key;
    case 'words':
      return text.words;
    case 'date':
      return text.date;
    case 'instant':
      return text.at;
    case 'number':
      return String(text.value);
    case 'person':
      return text.name;
    case 'list':
      return text.items.map(shown).join(', ');
    case 'join':
      return text.items.map(shown).join(text.separator ?? '');
  }
}

function param(value: Param): string {
  if (typeof value === 'number') return String(value);
  return value.kind === 'select' ? value.value : shown(value);
}

/** A text as a test compares it. */
export const text = (value: Text): string => plain(showKeys(value, { locale: 'en', zone: 'UTC' }));

/** A PNG of one pixel, for pictures that nobody looks at. */
export const ONE_PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

/** Draws nothing, and keeps what it was asked for. */
export interface StandInCharts extends Charts {
  readonly drawn: readonly BarChart[];
  readonly drawnColumns: readonly ColumnChart[];
}

export function standInCharts(): StandInCharts {
  const drawn: BarChart[] = [];
  const drawnColumns: ColumnChart[] = [];
  return {
    drawn,
    drawnColumns,
    bars: async (chart) => {
      drawn.push(chart);
      return ONE_PIXEL;
    },
    columns: async (chart) => {
      drawnColumns.push(chart);
      return ONE_PIXEL;
    },
  };
}

/** Prints nothing, and keeps what it was asked for; every logo is one pixel, whatever was uploaded. */
export interface StandInPapers extends Papers {
  readonly cards: readonly ComplaintCard[];
}

export function standInPapers(): StandInPapers {
  const cards: ComplaintCard[] = [];
  return {
    cards,
    complaintCard: async (card) => {
      cards.push(card);
      return Buffer.from('%PDF-1.4\n%%EOF\n');
    },
    logo: async (bytes) => (bytes.length === 0 ? undefined : { png: ONE_PIXEL, width: 1, height: 1 }),
  };
}

/** Everything that work needs, around a database. */
export function aWork(db: Db, overrides: Partial<Work> = {}): Work {
  return {
    db,
    clock: testClock(BUILT_AT),
    log: silentLog,
    vault: testVault,
    localise: showKeys,
    charts: standInCharts(),
    papers: standInPapers(),
    publicUrl: undefined,
    chatLinks: { toBot: () => undefined },
    agenda: agendaSources,
    sendsMail: false,
    ...overrides,
  };
}

export interface OrganisationOverrides {
  readonly name?: string;
  readonly zone?: string;
  readonly locale?: string;
  readonly country?: string | null;
  readonly hours?: WorkingHours;
  readonly dailyCap?: number;
  readonly guestsAllowed?: boolean;
  readonly firstRunDone?: boolean;
}

/** An organisation in Riga, its first-run card answered. Workspaces are made with `aWorkspace`, or by `aPerson`. */
export async function anOrganisation(db: Db, overrides: OrganisationOverrides = {}): Promise<Organisation> {
  const id = newId(BUILT_AT);
  await db.organisation.create({
    data: {
      id,
      name: overrides.name ?? 'Bakery Rieksts',
      zone: overrides.zone ?? 'Europe/Riga',
      locale: overrides.locale ?? 'en',
      country: overrides.country ?? 'LV',
      workStart: overrides.hours?.start ?? 540,
      workEnd: overrides.hours?.end ?? 1020,
      workDays: [...(overrides.hours?.days ?? [1, 2, 3, 4, 5])],
      dailyCap: overrides.dailyCap ?? 5,
      guestsAllowed: overrides.guestsAllowed ?? false,
      firstRunAskedAt: BUILT_AT,
      firstRunDoneAt: overrides.firstRunDone === false ? null : BUILT_AT,
      createdAt: BUILT_AT,
    },
  });
  return await loadOrganisation(db, id);
}

export interface BuiltWorkspace {
  readonly id: string;
  readonly platform: Platform;
  readonly externalId: string;
}

/** The organisation's workspace on a platform; the one that is there already, when there is one. */
export async function aWorkspace(
  db: Db,
  organisation: Pick<Organisation, 'id'>,
  overrides: { platform?: Platform; externalId?: string; name?: string; botExternalId?: string; serviceUrl?: string | null } = {},
): Promise<BuiltWorkspace> {
  const platform = overrides.platform ?? 'slack';
  const found = await db.workspace.findFirst({
    where: { organisationId: organisation.id, platform, ...(overrides.externalId && { externalId: overrides.externalId }) },
  });
  if (found) return found;
  return await db.workspace.create({
    data: {
      organisationId: organisation.id,
      id: newId(BUILT_AT),
      platform,
      externalId: overrides.externalId ?? unique(platform === 'slack' ? 'T' : 'tenant-'),
      name: overrides.name ?? 'Rieksts',
      botExternalId: overrides.botExternalId ?? (platform === 'slack' ? 'UBOT' : '28:bot'),
      serviceUrl: overrides.serviceUrl ?? (platform === 'teams' ? 'https://teams.example/' : null),
      installedAt: BUILT_AT,
    },
  });
}

export interface PersonOverrides {
  readonly name?: string;
  readonly role?: Role;
  /** Where the person has an account (default Slack); `null`: nowhere. */
  readonly platform?: Platform | null;
  readonly externalId?: string;
  readonly email?: string;
  readonly status?: 'active' | 'left';
  /** Chosen with /bellhop language. */
  readonly chosenLocale?: string;
  /** What the platform tells. */
  readonly locale?: string | null;
  readonly zone?: string | null;
  readonly lineManager?: { readonly id: string };
  readonly teamId?: string;
  readonly locationId?: string;
  readonly isGuest?: boolean;
  readonly isAdmin?: boolean;
  readonly joinedAt?: Date;
  readonly lastUsedAt?: Date;
  readonly directConversationId?: string | null;
  readonly unreachableReason?: string;
}

export interface BuiltPerson {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** Empty when the person was made without an account. */
  readonly accountId: string;
  readonly externalId: string;
  readonly workspaceId: string;
  readonly platform: Platform;
  /** As it was given. */
  readonly email?: string;
}

/** A person with one account. Without overrides an employee on Slack, in the organisation's language and zone. */
export async function aPerson(db: Db, organisation: Pick<Organisation, 'id'>, overrides: PersonOverrides = {}): Promise<BuiltPerson> {
  const platform = overrides.platform === undefined ? 'slack' : overrides.platform;
  const id = newId(BUILT_AT);
  const name = overrides.name ?? unique('Person ');
  const role = overrides.role ?? 'employee';
  const email = overrides.email?.trim().toLowerCase();
  const status = overrides.status ?? 'active';
  const joinedAt = overrides.joinedAt ?? BUILT_AT;
  await db.person.create({
    data: {
      organisationId: organisation.id,
      id,
      name,
      role,
      status,
      emailHash: email ? testVault.digest(email, 'person.email') : null,
      emailCipher: email ? testVault.seal(email, 'person.email') : null,
      lineManagerId: overrides.lineManager?.id ?? null,
      teamId: overrides.teamId ?? null,
      locationId: overrides.locationId ?? null,
      locale: overrides.chosenLocale ?? null,
      joinedAt,
      leftAt: status === 'left' ? joinedAt : null,
    },
  });
  const known = { id, name, role, ...(email && { email }) };
  if (platform === null) return { ...known, accountId: '', externalId: '', workspaceId: '', platform: 'slack' };
  const account = await anAccount(db, organisation, id, { ...overrides, platform, name, email });
  return { ...known, accountId: account.id, externalId: account.externalId, workspaceId: account.workspaceId, platform };
}

/** One more account of a person, for instance on the other platform. */
export async function anAccount(
  db: Db,
  organisation: Pick<Organisation, 'id'>,
  personId: string,
  overrides: Omit<PersonOverrides, 'platform'> & { platform: Platform },
) {
  const workspace = await aWorkspace(db, organisation, { platform: overrides.platform });
  const externalId = overrides.externalId ?? unique(overrides.platform === 'slack' ? 'U' : 'aad-');
  return await db.account.create({
    data: {
      organisationId: organisation.id,
      id: newId(BUILT_AT),
      workspaceId: workspace.id,
      personId,
      externalId,
      name: overrides.name ?? unique('Person '),
      locale: overrides.locale ?? null,
      zone: overrides.zone ?? null,
      isAdmin: overrides.isAdmin ?? false,
      isGuest: overrides.isGuest ?? false,
      status: overrides.status ?? 'active',
      emailHash: overrides.email ? testVault.digest(overrides.email.trim().toLowerCase(), 'person.email') : null,
      directConversationId:
        overrides.directConversationId === undefined
          ? overrides.platform === 'teams'
            ? `a:${externalId}`
            : null
          : overrides.directConversationId,
      serviceUrl: overrides.platform === 'teams' ? 'https://teams.example/' : null,
      userExternalId: overrides.platform === 'teams' ? `29:${externalId}` : null,
      lastUsedAt: overrides.lastUsedAt ?? null,
      unreachableReason: overrides.unreachableReason ?? null,
      unreachableSince: overrides.unreachableReason ? BUILT_AT : null,
      seenAt: BUILT_AT,
    },
  });
}

/** A channel that the bot is in, with members. */
export async function aChannel(
  db: Db,
  organisation: Pick<Organisation, 'id'>,
  overrides: {
    name?: string;
    platform?: Platform;
    externalId?: string;
    members?: readonly { readonly accountId: string }[];
    botIsMember?: boolean;
    parentExternalId?: string;
    archived?: boolean;
  } = {},
) {
  const platform = overrides.platform ?? 'slack';
  const workspace = await aWorkspace(db, organisation, { platform });
  const channel = await db.channel.create({
    data: {
      organisationId: organisation.id,
      id: newId(BUILT_AT),
      workspaceId: workspace.id,
      externalId: overrides.externalId ?? (platform === 'slack' ? unique('C') : `${unique('19:')}@thread.tacv2`),
      name: overrides.name ?? unique('channel-'),
      parentExternalId: overrides.parentExternalId ?? null,
      serviceUrl: platform === 'teams' ? 'https://teams.example/' : null,
      botIsMember: overrides.botIsMember ?? true,
      archivedAt: overrides.archived ? BUILT_AT : null,
    },
  });
  await db.channelMember.createMany({
    data: (overrides.members ?? []).map((member) => ({
      organisationId: organisation.id,
      channelId: channel.id,
      accountId: member.accountId,
      seenAt: BUILT_AT,
    })),
  });
  return channel;
}

let counter = 0;
/** A name that nothing else in this process has. */
function unique(prefix: string): string {
  counter += 1;
  return `${prefix}${String(counter).padStart(4, '0')}`;
}

/** Many employees on Slack in two statements, for tests with thousands: `Person 0`, `Person 1`, ..., `p0@example.com`, ... */
export async function manyPeople(db: Db, organisation: Pick<Organisation, 'id'>, count: number): Promise<BuiltPerson[]> {
  const workspace = await aWorkspace(db, organisation, { platform: 'slack' });
  const people = Array.from({ length: count }, (_, index) => ({
    id: newId(BUILT_AT),
    name: `Person ${index}`,
    role: 'employee' as const,
    accountId: newId(BUILT_AT),
    externalId: unique('U'),
    workspaceId: workspace.id,
    platform: 'slack' as const,
    email: `p${index}@example.com`,
  }));
  await db.person.createMany({
    data: people.map(({ id, name, email }) => ({
      organisationId: organisation.id,
      id,
      name,
      emailHash: testVault.digest(email, 'person.email'),
      emailCipher: testVault.seal(email, 'person.email'),
      joinedAt: BUILT_AT,
    })),
  });
  await db.account.createMany({
    data: people.map(({ id, name, accountId, externalId, workspaceId, email }) => ({
      organisationId: organisation.id,
      id: accountId,
      workspaceId,
      personId: id,
      externalId,
      name,
      emailHash: testVault.digest(email, 'person.email'),
      seenAt: BUILT_AT,
    })),
  });
  return people.map(({ email: _, ...person }) => person);
}
