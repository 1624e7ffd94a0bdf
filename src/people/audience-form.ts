import type { Field, FormErrors, Option, PersonHint } from '../core/form.js';
import { ROLES, type Role } from '../core/roles.js';
import { key, list, person as personText, select, type Text, words } from '../core/text.js';
import { isUuid } from './channels.js';
import { findByHint } from './find-person.js';
import type { HandlerContext } from './handlers.js';
import type { Audience, Person } from './model.js';

/** A menu takes at most 100 options on Slack. */
const MOST_OPTIONS = 95;

/** A menu's option has 75 characters on Slack. */
const shortened = (name: string) => (name.length > 45 ? `${name.slice(0, 44).trimEnd()}…` : name);

/** What a form's schema reads of the three fields of an audience. */
export interface AudienceInput {
  readonly audience: string;
  readonly channel?: string | undefined;
  readonly people?: readonly PersonHint[] | undefined;
}

/**
 * The fields by which a form asks for an audience: `audience`, and for two of its choices `channel` and `people`.
 * @param label what the audience is called here: "Who can have it"
 * @param audience what stands in the fields at first; everyone without it
 */
export async function audienceFields(context: HandlerContext, label: Text, audience: Audience | undefined): Promise<Field[]> {
  const { db, organisation } = context;
  const byName = { where: { organisationId: organisation.id }, select: { id: true, name: true }, orderBy: { name: 'asc' } } as const;
  const [teams, locations] = await Promise.all([db.team.findMany(byName), db.location.findMany(byName)]);
  const options: Option[] = [
    { value: 'everyone', label: key('people.audience.everyone') },
    { value: 'channel', label: key('people.audience_form.channel_below') },
    { value: 'people', label: key('people.audience_form.people_below') },
    ...ROLES.map((role) => ({ value: `role:${role}`, label: key('people.audience.role', { role: select(role) }) })),
    ...teams.map((team) => ({ value: `team:${team.id}`, label: key('people.audience.team', { team: words(shortened(team.name)) }) })),
    ...locations.map((place) => ({
      value: `location:${place.id}`,
      label: key('people.audience.location', { location: words(shortened(place.name)) }),
    })),
  ];
  const chosen = audienceValue(audience);
  const accounts = audience?.kind === 'people' ? await namedIn(context, audience.personIds) : [];
  const channel = audience?.kind === 'channel' ? audience.channelId : undefined;
  return [
    {
      kind: 'choice',
      name: 'audience',
      label,
      options: options.slice(0, MOST_OPTIONS),
      initial: options.some((option) => option.value === chosen) ? chosen : 'everyone',
    },
    {
      kind: 'channel',
      name: 'channel',
      label: key('people.audience_form.channel'),
      optional: true,
      ...(channel ? { initial: channel } : {}),
    },
    {
      kind: 'people',
      name: 'people',
      label: key('people.audience_form.people'),
      optional: true,
      multiple: true,
      ...(accounts.length > 0 ? { initial: accounts } : {}),
    },
  ];
}

/** The audience that somebody chose, or what has to be mended at which field. */
export async function readAudience(
  context: HandlerContext,
  input: AudienceInput,
): Promise<{ readonly audience: Audience } | { readonly errors: FormErrors }> {
  const { db, organisation } = context;
  const named = input.people ?? [];
  const [kind, target = ''] = input.audience.split(':');
  if (kind === 'channel') {
    const channel = input.channel ? await joinedChannel(context, input.channel) : undefined;
    if (channel) return { audience: { kind: 'channel', channelId: channel } };
    return { errors: { channel: key(input.channel ? 'people.errors.channel_unknown' : 'people.errors.channel_missing') } };
  }
  if (kind === 'people') {
    const found = await readPeople(context, named);
    return 'error' in found
      ? { errors: { people: found.error } }
      : { audience: { kind: 'people', personIds: found.people.map((one) => one.id) } };
  }
  // Somebody who names people and leaves "everyone" would mean everyone.
  if (named.length > 0)
    return { errors: { audience: key('people.errors.audience_not_people', { people: key('people.audience_form.people_below') }) } };
  if (input.channel)
    return { errors: { audience: key('people.errors.audience_not_channel', { channel: key('people.audience_form.channel_below') }) } };
  if (kind === 'everyone') return { audience: { kind: 'everyone' } };
  if (kind === 'role' && ROLES.includes(target as Role)) return { audience: { kind: 'role', role: target as Role } };
  const known = { organisationId: organisation.id, id: target };
  if (kind === 'team' && isUuid(target) && (await db.team.count({ where: known })) > 0)
    return { audience: { kind: 'team', teamId: target } };
  if (kind === 'location' && isUuid(target) && (await db.location.count({ where: known })) > 0)
    return { audience: { kind: 'location', locationId: target } };
  return { errors: { audience: key('people.errors.audience_unknown') } };
}

/** The people that were named in a field, each once; or why one of them isn't clear. */
export async function readPeople(
  context: HandlerContext,
  hints: readonly PersonHint[],
): Promise<{ readonly people: readonly Person[] } | { readonly error: Text }> {
  if (hints.length === 0) return { error: key('people.errors.people_missing') };
  const people = new Map<string, Person>();
  for (const hint of hints) {
    const found = await findByHint(context, hint);
    if ('person' in found) {
      people.set(found.person.id, found.person);
      continue;
    }
    const name = words(hint.by === 'typed' ? hint.typed : '');
    if ('ambiguous' in found) {
      const names = list(found.ambiguous.map((candidate) => personText(candidate.name)));
      return { error: key('people.errors.person_ambiguous', { name, names }) };
    }
    return { error: hint.by === 'typed' ? key('people.errors.person_unknown', { name }) : key('people.errors.person_not_served') };
  }
  return { people: [...people.values()] };
}

/** What stands in a field for one person at first, as the actor's platform takes it. */
export async function initialPerson(context: HandlerContext, person: Pick<Person, 'id'> | undefined): Promise<string[]> {
  return person ? await namedIn(context, [person.id]) : [];
}

function audienceValue(audience: Audience | undefined): string {
  switch (audience?.kind) {
    case 'team':
      return `team:${audience.teamId}`;
    case 'location':
      return `location:${audience.locationId}`;
    case 'role':
      return `role:${audience.role}`;
    default:
      return audience?.kind ?? 'everyone';
  }
}

/** What separates people in a field where they are typed. */
const SEPARATORS = /[,;\n]/;

/**
 * How a form of the actor's platform names people: Slack's picker by Slack's ids. Where people are typed, by their names, and by
 * their e-mail addresses where a name would be read as several people, or as somebody else.
 */
async function namedIn(context: HandlerContext, personIds: readonly string[]): Promise<string[]> {
  const { db, organisation, vault, actor } = context;
  if (actor.platform === 'slack') return await accountsOf(context, personIds);
  const rows = await db.person.findMany({
    where: { organisationId: organisation.id, id: { in: [...personIds] } },
    select: { id: true, name: true, emailCipher: true },
  });
  const named: string[] = [];
  for (const { id, name, emailCipher } of rows.sort((a, b) => personIds.indexOf(a.id) - personIds.indexOf(b.id))) {
    const found = SEPARATORS.test(name) ? undefined : await findByHint(context, { by: 'typed', typed: name });
    const isOwn = found !== undefined && 'person' in found && found.person.id === id;
    named.push(isOwn || emailCipher === null ? name : vault.open(emailCipher, 'person.email'));
  }
  return named;
}

async function accountsOf(context: HandlerContext, personIds: readonly string[]): Promise<string[]> {
  const rows = await context.db.account.findMany({
    where: {
      organisationId: context.organisation.id,
      workspaceId: context.workspaceId,
      personId: { in: [...personIds] },
      status: 'active',
    },
    select: { externalId: true },
  });
  return rows.map((row) => row.externalId);
}

/** Our id of a channel, by ours or the platform's: nobody tells Bellhop who joins a channel that it isn't in. */
async function joinedChannel(context: HandlerContext, chosen: string): Promise<string | undefined> {
  const found = await context.db.channel.findFirst({
    where: {
      organisationId: context.organisation.id,
      archivedAt: null,
      botIsMember: true,
      OR: [...(isUuid(chosen) ? [{ id: chosen }] : []), { externalId: chosen, workspaceId: context.workspaceId }],
    },
    select: { id: true },
  });
  return found?.id;
}
