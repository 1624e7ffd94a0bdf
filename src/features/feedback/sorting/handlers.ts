import { z } from 'zod';
import { button, type Card } from '../../../core/card.js';
import type { HomeSection } from '../../../core/feature.js';
import { ref } from '../../../core/ref.js';
import { type Reply, say, update, whisper } from '../../../core/reply.js';
import { hasRole } from '../../../core/roles.js';
import { key, type Text } from '../../../core/text.js';
import { action, type HandlerContext, message, type WorkContext } from '../../../people/handlers.js';
import type { Part } from '../part.js';
import { to } from '../refs.js';
import { FeedbackRef, Offset } from '../schema.js';
import { findFeedback } from '../store-feedback.js';
import { callReal, callSpam, clear, type Decided, nobodyNamed, takeBackSpam } from './deciding.js';
import { decided, demandDecidable } from './showing.js';
import { countWaiting } from './store-waiting.js';
import { WAITING } from './tell.js';
import { decisionCard, spamCard, waitingCard } from './waiting-cards.js';

/** `anew`: from a message that counts anew with each decision; what somebody reads or decides there would be gone at once. */
const ListRef = Offset.extend({ anew: z.literal(true).optional() });

const list = action({
  id: 'feedback.waiting',
  role: 'manager',
  payload: ListRef,
  run: async (context, { offset, anew }) => {
    const card = await waitingCard(context, offset);
    return anew ? say(card) : update(card);
  },
});

const look = ref('feedback.waiting', { offset: 0, anew: true });

const spamList = action({
  id: 'feedback.spam_list',
  role: 'manager',
  payload: Offset,
  run: async (context, { offset }) => update(await spamCard(context, offset)),
});

const entry = action({
  id: 'feedback.waiting_entry',
  role: 'manager',
  payload: FeedbackRef,
  run: async (context, { feedbackId }) => update(await decisionCard(context, await demandDecidable(context, feedbackId))),
});

/** A button that decides: it shows how things stand then. */
const decision = (id: string, act: (context: HandlerContext, feedbackId: string) => Promise<Decided>, told: Text) =>
  action({
    id,
    role: 'manager',
    payload: FeedbackRef,
    run: async (context, { feedbackId }): Promise<Reply> => {
      const outcome = await act(context, feedbackId);
      const said = await findFeedback(context.db, context.organisation.id, feedbackId);
      // A complaint that turned out to be about a colleague isn't every manager's to read.
      if (said?.state === 'private')
        return update({ summary: told, lead: told, actions: [button(key('feedback.waiting.action.back'), to.waiting())] });
      return update(await decided(context, await demandDecidable(context, feedbackId), outcome, told));
    },
  });

export const waitingActions = [
  list,
  spamList,
  entry,
  decision('feedback.real', callReal, key('feedback.waiting.done.real')),
  decision('feedback.spam', callSpam, key('feedback.waiting.done.spam')),
  decision('feedback.spam_undo', takeBackSpam, key('feedback.waiting.done.unspam')),
  decision('feedback.clear', clear, key('feedback.waiting.done.clear')),
  decision('feedback.nobody_named', nobodyNamed, key('feedback.waiting.done.nobody')),
];

export const waitingVerbs: NonNullable<Part['verbs']> = [
  {
    name: 'waiting',
    role: 'manager',
    describe: key('feedback.waiting.describe'),
    run: async (context) => whisper(await waitingCard(context, 0)),
  },
];

const WaitingFor = z.object({ personId: z.uuid() });

/** Tells a manager that something waits; shows how much of it does as things stand. */
const told = message({
  id: WAITING,
  payload: WaitingFor,
  guard: async (context, { personId }) => ((await waitsFor(context, personId)) === 0 ? 'decided' : null),
  card: async (context, { personId }) => toldCard(await waitsFor(context, personId)),
  line: async (context, { personId }) => ({
    text: toldText(await waitsFor(context, personId)),
    action: button(key('feedback.waiting.action.look'), look),
  }),
});

async function waitsFor({ db, organisation }: WorkContext, personId: string): Promise<number> {
  const { doubtful, held } = await countWaiting(db, organisation.id, personId);
  return doubtful + held;
}

const toldText = (count: number): Text => (count > 0 ? key('feedback.waiting.told', { count }) : key('feedback.waiting.told_none'));

function toldCard(count: number): Card {
  const text = toldText(count);
  return {
    summary: text,
    title: key('feedback.waiting.title'),
    lead: text,
    ...(count > 0 && { actions: [button(key('feedback.waiting.action.look'), look, { style: 'primary' })] }),
  };
}

export const waitingMessages = [told];

/** Under "managers": how much waits. */
export async function waitingHome(context: HandlerContext): Promise<readonly HomeSection[]> {
  if (!hasRole(context.role, 'manager')) return [];
  const count = await waitsFor(context, context.person.id);
  return count > 0 ? [{ slot: 'managers', card: toldCard(count) }] : [];
}
