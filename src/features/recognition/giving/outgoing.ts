import { z } from 'zod';
import { notice } from '../../../core/card.js';
import { key } from '../../../core/text.js';
import { message, type WorkContext } from '../../../people/handlers.js';
import { balanceOf } from '../ledger/store-ledger.js';
import type { Kudos } from '../model.js';
import { loadSettings } from '../store-settings.js';
import { kudosCard, peopleOf, receivedCard } from './messages.js';
import { reactedCard, reactedLine } from './reacted-card.js';
import { messageKeyOf } from './refresh-cards.js';
import { channelOfReaction } from './store-giving.js';
import { findKudos, listReactions } from './store-kudos.js';
import { loadFaces } from './store-names.js';

export const KudosRef = z.object({ kudosId: z.uuid() });
const ReceivedRef = z.object({ kudosId: z.uuid(), personId: z.uuid() });

async function load(context: WorkContext, kudosId: string): Promise<Kudos> {
  const kudos = await findKudos(context.db, context.organisation.id, kudosId);
  if (!kudos) throw new Error(`There are no kudos ${kudosId}.`);
  return kudos;
}

/** What was taken back or down before it was sent is never heard of. */
async function stillGiven(context: WorkContext, kudosId: string): Promise<string | null> {
  const { state } = await load(context, kudosId);
  return state === 'given' ? null : state;
}

/** The channel's card of a kudos as things stand now. */
export async function composeCard(context: WorkContext, kudos: Kudos) {
  const { db, organisation } = context;
  const [faces, settings] = await Promise.all([loadFaces(db, organisation.id, peopleOf(kudos)), loadSettings(db, organisation)]);
  return kudosCard(kudos, faces, settings.joinPoints);
}

const card = message({
  id: 'recognition.card',
  payload: KudosRef,
  guard: async (context, { kudosId }) => await stillGiven(context, kudosId),
  card: async (context, { kudosId }) => await composeCard(context, await load(context, kudosId)),
});

const received = message({
  id: 'recognition.received',
  payload: ReceivedRef,
  guard: async (context, { kudosId }) => await stillGiven(context, kudosId),
  card: async (context, { kudosId, personId }) => {
    const { db, organisation } = context;
    const kudos = await load(context, kudosId);
    const [faces, balance] = await Promise.all([
      loadFaces(db, organisation.id, peopleOf(kudos)),
      balanceOf(db, organisation.id, { kind: 'balance', owner: personId }),
    ]);
    return kudos.receiverIds.includes(personId)
      ? receivedCard(kudos, faces, personId, balance ?? 0)
      : notice(key('recognition.errors.kudos_gone'));
  },
});

/** The reactions at one message of the receiver's: the first of them, and those that came later. */
async function reactions(context: WorkContext, kudosId: string, personId: string): Promise<readonly Kudos[]> {
  const first = await load(context, kudosId);
  const messageKey = messageKeyOf(first);
  if (messageKey === undefined) return [];
  const { db, organisation } = context;
  return await listReactions(db, organisation.id, personId, messageKey, first.createdAt);
}

const reacted = message({
  id: 'recognition.reacted',
  payload: ReceivedRef,
  guard: async (context, { kudosId, personId }) => ((await reactions(context, kudosId, personId)).length > 0 ? null : 'taken_back'),
  card: async (context, { kudosId, personId }) => {
    const { db, organisation } = context;
    const given = await reactions(context, kudosId, personId);
    const [faces, balance, place] = await Promise.all([
      loadFaces(
        db,
        organisation.id,
        given.map((kudos) => kudos.giverId),
      ),
      balanceOf(db, organisation.id, { kind: 'balance', owner: personId }),
      channelOfReaction(db, organisation.id, messageKeyOf(await load(context, kudosId)) ?? ''),
    ]);
    return reactedCard(given, faces, balance ?? 0, place);
  },
  line: async (context, { kudosId, personId }) => {
    const given = await reactions(context, kudosId, personId);
    const faces = await loadFaces(
      context.db,
      context.organisation.id,
      given.map((kudos) => kudos.giverId),
    );
    return { text: reactedLine(given, faces) };
  },
});

/** What giving sends by itself. */
export const outgoing = [card, received, reacted];
