import { z } from 'zod';
import { notice } from '../../../core/card.js';
import { key } from '../../../core/text.js';
import { message, type WorkContext } from '../../../people/handlers.js';
import { balanceOf } from '../ledger/store-ledger.js';
import type { Kudos } from '../model.js';
import { loadSettings } from '../store-settings.js';
import { loadFaces } from './faces.js';
import { kudosCard, peopleOf, receivedCard } from './messages.js';
import { findKudos } from './store-kudos.js';

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

/** What giving sends by itself. */
export const outgoing = [card, received];
