import { type Card, notice } from '../core/card.js';
import type { DispatchPorts } from '../core/dispatch.js';
import { BellhopError } from '../core/errors.js';
import type { Actor, Interaction, Platform } from '../core/interaction.js';
import { key, type Reader } from '../core/text.js';
import { upsertMembers } from './accounts.js';
import { inTransaction } from './db.js';
import type { BellhopRegistry, HandlerContext, Work } from './handlers.js';
import { isZone } from './hours.js';
import { cleanLocale } from './names.js';
import { type OrganisationFields, toOrganisation } from './organisation.js';
import { PERSON_COLUMNS, type PersonRow, readerOf, toPerson } from './people.js';
import type { Directory, MemberProfile } from './ports.js';

type Resolve = DispatchPorts<HandlerContext>['resolve'];
type Resolved = Awaited<ReturnType<Resolve>>;

/** Why somebody is not served. */
type Refusal = 'unknown_workspace' | 'stranger' | 'guest' | 'bot' | 'left';

const REFUSALS: Readonly<Record<Refusal, string>> = {
  unknown_workspace: 'people.errors.unknown_workspace',
  stranger: 'people.errors.stranger',
  guest: 'people.errors.guest',
  bot: 'people.errors.bot',
  left: 'people.errors.left',
};

export interface ResolveOptions {
  /** Asked for accounts that nobody has told of yet: who has just joined acts before the event of it arrives. */
  readonly directoryOf?: (platform: Platform) => Directory | undefined;
}

/** How long an account counts as used without its row being written again. */
const TOUCH_MS = 60_000;

/**
 * Makes the function that finds out who acts: organisation, person, role and language, in one query for everybody known.
 * Guests, strangers, bots and those who left get a card that says so.
 * @throws BellhopError `core.try_again` when an unknown member can't be looked up
 */
export function createResolve(work: Work, registry: BellhopRegistry, options: ResolveOptions = {}): Resolve {
  return async (interaction) => {
    const { actor } = interaction;
    let found = await findActor(work, actor);
    if (!found) return await unknownWorkspace(work, actor);
    if (found.accountId === null || found.status !== 'active' || found.accountStatus !== 'active') {
      const refusal = await admit(work, options, found, interaction);
      if (refusal) return refuse(refusal, actor, found);
      found = await findActor(work, actor);
    }
    if (!found || found.accountId === null) return refuse('left', actor, found);
    const organisation = toOrganisation(found.organisation);
    if (found.isGuest && !organisation.guestsAllowed) return refuse('guest', actor, found);
    await touch(work, found, interaction);
    const person = toPerson({
      ...found,
      // What the platform has just told is newer than what was noted.
      accountLocale: cleanLocale(actor.locale) ?? found.accountLocale,
      accountZone: actor.zone && isZone(actor.zone) ? actor.zone : found.accountZone,
    });
    const context: HandlerContext = {
      ...work,
      organisation,
      person,
      role: person.role,
      reader: readerOf(person),
      actor,
      accountId: found.accountId,
      workspaceId: found.workspaceId,
      place: interaction.place,
      registry,
    };
    return { context };
  };
}

/** The workspace that an actor comes from, and the account and person, where they are known. */
interface ActorRow extends PersonRow {
  readonly organisationId: string;
  readonly organisation: OrganisationFields;
  readonly workspaceId: string;
  readonly platform: Platform;
  readonly accountId: string | null;
  readonly accountStatus: 'active' | 'left' | null;
  readonly accountName: string | null;
  readonly isGuest: boolean | null;
  readonly directConversationId: string | null;
  readonly serviceUrl: string | null;
  readonly userExternalId: string | null;
  readonly lastUsedAt: Date | null;
  readonly unreachableReason: string | null;
}

async function findActor(work: Work, actor: Actor): Promise<ActorRow | undefined> {
  const [row] = await work.db.$queryRaw<ActorRow[]>`
    SELECT w."organisationId", to_jsonb(o) AS organisation, w.id AS "workspaceId", w.platform, a.id AS "accountId", a.status AS "accountStatus",
      a.name AS "accountName", a."isGuest",
      a."directConversationId", a."serviceUrl", a."userExternalId", a."lastUsedAt", a."unreachableReason",
      a.locale AS "accountLocale", a.zone AS "accountZone", a."pictureUrl" AS "accountPicture", ${PERSON_COLUMNS}
    FROM workspace w
    JOIN organisation o ON o.id = w."organisationId"
    LEFT JOIN account a ON a."organisationId" = w."organisationId" AND a."workspaceId" = w.id AND a."externalId" = ${actor.externalId}
    LEFT JOIN person p ON p."organisationId" = a."organisationId" AND p.id = a."personId"
    LEFT JOIN location l ON l."organisationId" = p."organisationId" AND l.id = p."locationId"
    WHERE w.platform = ${actor.platform}::"Platform" AND w."externalId" = ${actor.workspaceExternalId}`;
  return row;
}

/** Someone of another tenant is a stranger; where this platform has no workspace yet, it isn't connected. */
async function unknownWorkspace(work: Work, actor: Actor): Promise<Resolved> {
  const others = await work.db.workspace.count({ where: { platform: actor.platform, removedAt: null } });
  return refuse(others > 0 ? 'stranger' : 'unknown_workspace', actor, undefined);
}

/** Notes somebody who isn't known as present; a reason when they aren't to be served. */
async function admit(work: Work, options: ResolveOptions, found: ActorRow, interaction: Interaction): Promise<Refusal | undefined> {
  const profile = await lookUp(work, options, found, interaction);
  if (!profile) return found.accountId === null ? 'stranger' : 'left';
  if (profile.isBot) return 'bot';
  if (profile.isStranger) return 'stranger';
  if (profile.left) return 'left';
  const workspace = { organisationId: found.organisationId, id: found.workspaceId, platform: found.platform };
  await inTransaction(work.db, (tx) => upsertMembers(tx, work.vault, workspace, [profile], { now: work.clock.now() }));
  return undefined;
}

async function lookUp(
  work: Work,
  options: ResolveOptions,
  found: ActorRow,
  { actor, place }: Interaction,
): Promise<MemberProfile | undefined> {
  const directory = options.directoryOf?.(actor.platform);
  // Where nobody can be asked, someone whom Slack has told to be gone stays so.
  if (!directory) return actor.platform === 'slack' && found.accountId !== null ? undefined : fromActor(found, actor);
  try {
    const profile = await directory.member(
      actor.workspaceExternalId,
      actor.externalId,
      place.kind === 'direct' ? actor.address : undefined,
    );
    // Teams knows only those of its teams; whoever installed the app in the tenant belongs to it all the same.
    return profile ?? (actor.platform === 'teams' ? fromActor(found, actor) : undefined);
  } catch (error) {
    work.log.warn({ err: error, platform: actor.platform, organisation: found.organisationId }, 'A member could not be looked up.');
    if (actor.platform === 'teams') return fromActor(found, actor);
    throw new BellhopError('core.try_again', {}, { cause: error });
  }
}

/** What the act itself tells of an actor. */
function fromActor(found: ActorRow, actor: Actor): MemberProfile {
  return {
    externalId: actor.externalId,
    name: actor.name ?? found.accountName ?? '',
    ...(actor.locale && { locale: actor.locale }),
    ...(actor.zone && { zone: actor.zone }),
    isAdmin: false,
    isGuest: found.isGuest ?? false,
    isBot: false,
    isStranger: false,
    left: false,
  };
}

/** Notes that the account was used, and where it can be reached; at most once a minute when nothing is new. */
async function touch(work: Work, found: ActorRow, { actor, place }: Interaction): Promise<void> {
  const now = work.clock.now();
  const { address } = actor;
  // An address from a channel is the channel's: messages to the person mustn't go there.
  const direct = place.kind === 'direct' ? address?.conversationId : undefined;
  const zone = actor.zone && isZone(actor.zone) ? actor.zone : undefined;
  const locale = cleanLocale(actor.locale);
  const news = {
    ...(locale && locale !== found.accountLocale && { locale }),
    ...(zone && zone !== found.accountZone && { zone }),
    ...(direct && direct !== found.directConversationId && { directConversationId: direct }),
    ...(address?.serviceUrl && address.serviceUrl !== found.serviceUrl && { serviceUrl: address.serviceUrl }),
    ...(address?.userId && address.userId !== found.userExternalId && { userExternalId: address.userId }),
    // Who writes to the bot can be written to.
    ...(place.kind === 'direct' && found.unreachableReason !== null && { unreachableReason: null, unreachableSince: null }),
  };
  const isRecent = found.lastUsedAt !== null && now.getTime() - found.lastUsedAt.getTime() < TOUCH_MS;
  if (isRecent && Object.keys(news).length === 0) return;
  await work.db.account.updateMany({
    where: { organisationId: found.organisationId, id: found.accountId ?? '' },
    data: { ...news, lastUsedAt: now },
  });
}

function refuse(refusal: Refusal, actor: Actor, found: ActorRow | undefined): Resolved {
  const reader: Reader = {
    locale: found?.chosenLocale ?? cleanLocale(actor.locale) ?? found?.accountLocale ?? found?.organisationLocale ?? 'en',
    zone: actor.zone && isZone(actor.zone) ? actor.zone : 'UTC',
  };
  const refused: Card = notice(key(REFUSALS[refusal]));
  return { refused, reader };
}
