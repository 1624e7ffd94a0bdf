import { BellhopError } from '../../../core/errors.js';
import type { CommandInput } from '../../../core/feature.js';
import { ref } from '../../../core/ref.js';
import { open, type Reply, whisper } from '../../../core/reply.js';
import { findChannel } from '../../../people/channels.js';
import type { HandlerContext } from '../../../people/handlers.js';
import { MOST_RECEIVERS, REASON_CHARACTERS } from '../model.js';
import { listValues } from '../store-settings.js';
import { type Draft, draftPayload, type Problem } from './draft.js';
import { findValueByTag } from './find-value.js';
import { give } from './give.js';
import { givenCard } from './given-card.js';
import { readPeople } from './read-people.js';
import { readTokens } from './read-tokens.js';
import { cleanReason, lengthOf } from './reason.js';

/**
 * `/kudos @ana @ben for calming an upset guest #ownership +10`, in any order. What is missing or unclear is asked for by
 * the form, with everything in it that was understood.
 */
export async function giveCommand(context: HandlerContext, input: CommandInput): Promise<Reply> {
  if (input.tokens.length === 0) return open(ref('recognition.give', {}));
  const draft = await understand(context, input);
  if (draft.problem) return open(ref('recognition.give', draftPayload(draft)));
  try {
    const kudosId = await give(context, {
      giverId: context.person.id,
      receiverIds: draft.to,
      valueId: draft.valueId ?? null,
      words: draft.words,
      points: typeof draft.points === 'number' ? draft.points : 0,
      public: !draft.private,
      source: 'peer',
    });
    return whisper(await givenCard(context, kudosId));
  } catch (error) {
    const problem = error instanceof BellhopError ? REFUSALS[error.code] : undefined;
    if (!problem) throw error;
    return open(ref('recognition.give', draftPayload({ ...draft, problem })));
  }
}

/** What giving refuses, as the form asks for it. */
const REFUSALS: Readonly<Record<string, Problem>> = {
  'recognition.self': 'self',
  'recognition.too_many_people': 'too_many',
  'recognition.receiver_gone': 'gone',
  'recognition.too_few_points': 'too_few_points',
  'recognition.pair_cap': 'pair_cap',
  'recognition.points_invalid': 'points',
};

async function understand(context: HandlerContext, input: CommandInput): Promise<Draft> {
  const channels = await channelNames(context, input);
  const read = readTokens(input.tokens, (id) => channels.get(id));
  const named = await readPeople(context, read.pieces);
  const values = await listValues(context.db, context.organisation.id);
  const value = read.tag === undefined ? undefined : findValueByTag(context, values, read.tag);
  const words = cleanReason(named.reason);
  const draft: Draft = {
    to: named.people.map((person) => person.id).slice(0, MOST_RECEIVERS),
    unsure: named.unsure,
    valueId: value?.id,
    points: read.points ?? read.wrongPoints,
    words,
    private: read.private,
  };
  // People first: whoever has to mend two things reads of the one that comes first in the form.
  if (named.problem) return { ...draft, problem: named.problem, about: named.about };
  if (draft.to.includes(context.person.id)) return { ...draft, to: draft.to.filter((id) => id !== context.person.id), problem: 'self' };
  if (named.people.length > MOST_RECEIVERS) return { ...draft, problem: 'too_many' };
  if (read.tag !== undefined && !value) return { ...draft, problem: 'value', about: `#${read.tag}` };
  if (read.wrongPoints !== undefined) return { ...draft, problem: 'points' };
  const length = lengthOf(words);
  const { least, most } = REASON_CHARACTERS;
  if (length === 0) return { ...draft, problem: 'reason_missing' };
  if (length < least) return { ...draft, problem: 'reason_short' };
  return length > most ? { ...draft, problem: 'reason_long' } : draft;
}

/** A value may have the name of a channel: then the platform makes a mention of it. */
async function channelNames(context: HandlerContext, input: CommandInput): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>();
  for (const token of input.tokens) {
    if (token.kind !== 'channel') continue;
    const channel = await findChannel(context.db, context.organisation.id, { value: token.externalId, workspaceId: context.workspaceId });
    if (channel) names.set(token.externalId, channel.name);
  }
  return names;
}
