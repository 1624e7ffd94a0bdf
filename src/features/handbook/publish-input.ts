import type { z } from 'zod';
import { BellhopError } from '../../core/errors.js';
import type { FormErrors, PersonHint } from '../../core/form.js';
import { ROLES, type Role } from '../../core/roles.js';
import { date, key, list, person, type Text, words } from '../../core/text.js';
import { countAudience } from '../../people/audience.js';
import { findByHint } from '../../people/find-person.js';
import type { HandlerContext } from '../../people/handlers.js';
import { isDay, localDay } from '../../people/hours.js';
import type { Audience } from '../../people/model.js';
import { draftOf, readDocument } from './draft.js';
import type { Version } from './model.js';
import { NEW_DOCUMENT, OWN_TEXT, STARTER } from './publish-form.js';
import type { PublishInput } from './schema.js';
import { starterHandbook } from './starter.js';
import { listPublished, sourceOf } from './store.js';
import type { DraftText } from './store-versions.js';

type Input = z.output<typeof PublishInput>;

export type CheckedInput = { readonly errors: FormErrors } | { readonly documentId: string | undefined; readonly text: DraftText };

/** Where an error of the text belongs: its own field, unless it is about the title. */
const TITLE_ERRORS: ReadonlySet<string> = new Set(['handbook.title_missing', 'handbook.title_long']);

/** Makes a draft of a filled-in form, or says at each field what has to be mended: everything at once. */
export async function checkPublishInput(context: HandlerContext, draft: Version | undefined, input: Input): Promise<CheckedInput> {
  const errors: Record<string, Text> = {};
  const today = localDay(context.clock.now(), context.organisation.zone);
  if (!isDay(input.effective)) errors.effective = key('handbook.errors.day_invalid');
  const due = dueProblem(input.due, today);
  if (due) errors.due = due;

  const documentId = await documentOf(context, draft, input.document);
  if (documentId === null) errors.document = key('handbook.errors.document_unknown');

  const audience = await audienceOf(context, input);
  if ('errors' in audience) Object.assign(errors, audience.errors);
  else if ((await countAudience(context.db, context.organisation, audience.audience)) === 0)
    errors.audience = key('handbook.errors.audience_empty');

  const source = await sourceOfInput(context, draft, input);
  if ('errors' in source) return { errors: { ...errors, ...source.errors } };
  try {
    const text = draftOf(source.source, input.title, {
      statement: input.statement,
      audience: 'audience' in audience ? audience.audience : { kind: 'everyone' },
      effectiveOn: input.effective,
      dueOn: input.due,
    });
    if (Object.keys(errors).length > 0 || documentId === null) return { errors };
    return { documentId, text };
  } catch (error) {
    if (!(error instanceof BellhopError)) throw error;
    const field = TITLE_ERRORS.has(error.code) ? 'title' : source.field;
    return { errors: { ...errors, [field]: key(error.key, error.params) } };
  }
}

/** What is wrong with a due date; undefined when nothing is. */
export function dueProblem(due: string, today: string): Text | undefined {
  if (!isDay(due)) return key('handbook.errors.day_invalid');
  return due < today ? key('handbook.errors.due_past', { due: date(due) }) : undefined;
}

/** The document that the draft is to be a version of; undefined for a new one, null when the one that was chosen isn't there. */
async function documentOf(
  context: HandlerContext,
  draft: Version | undefined,
  chosen: string | undefined,
): Promise<string | undefined | null> {
  const published = await listPublished(context.db, context.organisation.id);
  const isPublished = (id: string) => published.some((version) => version.documentId === id);
  if (chosen === undefined || chosen === NEW_DOCUMENT) {
    // A draft of a new document stays with the document that was made for it.
    return draft && !isPublished(draft.documentId) ? draft.documentId : undefined;
  }
  return isPublished(chosen) ? chosen : null;
}

type Source = { readonly source: string; readonly field: 'text' | 'file' | 'source' } | { readonly errors: FormErrors };

async function sourceOfInput(context: HandlerContext, draft: Version | undefined, input: Input): Promise<Source> {
  const stored = draft ? await sourceOf(context.db, context.organisation.id, draft.id) : '';
  const typed = input.text !== '' && input.text !== stored;
  const file = input.file?.[0];
  if (input.source !== undefined && input.source !== OWN_TEXT) {
    if (typed || file) return { errors: { source: key('handbook.errors.source_unclear') } };
    const starter = starterHandbook(input.source.slice(STARTER.length));
    return starter === undefined ? { errors: { source: key('handbook.errors.source_unknown') } } : { source: starter, field: 'source' };
  }
  if (file) {
    if (typed) return { errors: { file: key('handbook.errors.text_and_file') } };
    try {
      return { source: await readDocument(file), field: 'file' };
    } catch (error) {
      if (!(error instanceof BellhopError)) throw error;
      return { errors: { file: key(error.key, error.params) } };
    }
  }
  if (input.text !== '') return { source: input.text, field: 'text' };
  if (stored !== '') return { source: stored, field: 'text' };
  return { errors: { text: key('handbook.errors.document_empty') } };
}

type Targeted = { readonly audience: Audience } | { readonly errors: FormErrors };

async function audienceOf(context: HandlerContext, input: Input): Promise<Targeted> {
  const { db, organisation } = context;
  const named = input.people ?? [];
  const [kind, target = ''] = input.audience.split(':');
  if (kind === 'channel') {
    const channel = input.channel ? await findChannel(context, input.channel) : undefined;
    if (channel) return { audience: { kind: 'channel', channelId: channel } };
    return { errors: { channel: key(input.channel ? 'handbook.errors.channel_unknown' : 'handbook.errors.channel_missing') } };
  }
  if (kind === 'people') return await namedPeople(context, named);
  // Somebody who names people and leaves "everyone" would ask everyone.
  if (named.length > 0)
    return { errors: { audience: key('handbook.errors.audience_not_people', { people: key('handbook.publish.audience_people') }) } };
  if (input.channel)
    return { errors: { audience: key('handbook.errors.audience_not_channel', { channel: key('handbook.publish.audience_channel') }) } };
  if (kind === 'everyone') return { audience: { kind: 'everyone' } };
  if (kind === 'role' && ROLES.includes(target as Role)) return { audience: { kind: 'role', role: target as Role } };
  const known = { organisationId: organisation.id, id: target };
  const isId = /^[0-9a-f-]{36}$/i.test(target);
  if (kind === 'team' && isId && (await db.team.count({ where: known })) > 0) return { audience: { kind: 'team', teamId: target } };
  if (kind === 'location' && isId && (await db.location.count({ where: known })) > 0)
    return { audience: { kind: 'location', locationId: target } };
  return { errors: { audience: key('handbook.errors.audience_unknown') } };
}

/** Our id of a channel, by ours or the platform's. */
async function findChannel(context: HandlerContext, chosen: string): Promise<string | undefined> {
  const byId = /^[0-9a-f]{8}-[0-9a-f-]{27}$/i.test(chosen) ? [{ id: chosen }] : [];
  const found = await context.db.channel.findFirst({
    where: {
      organisationId: context.organisation.id,
      archivedAt: null,
      // Nobody tells Bellhop who joins a channel that it isn't in.
      botIsMember: true,
      OR: [...byId, { externalId: chosen, workspaceId: context.workspaceId }],
    },
    select: { id: true },
  });
  return found?.id;
}

async function namedPeople(context: HandlerContext, hints: readonly PersonHint[]): Promise<Targeted> {
  if (hints.length === 0) return { errors: { people: key('handbook.errors.people_missing') } };
  const personIds = new Set<string>();
  for (const hint of hints) {
    const found = await findByHint(context, hint);
    if ('person' in found) {
      personIds.add(found.person.id);
      continue;
    }
    const name = words(hint.by === 'typed' ? hint.typed : '');
    if ('ambiguous' in found) {
      const names = list(found.ambiguous.map((candidate) => person(candidate.name)));
      return { errors: { people: key('handbook.errors.person_ambiguous', { name, names }) } };
    }
    return {
      errors: { people: hint.by === 'typed' ? key('handbook.errors.person_unknown', { name }) : key('handbook.errors.person_not_served') },
    };
  }
  return { audience: { kind: 'people', personIds: [...personIds] } };
}
