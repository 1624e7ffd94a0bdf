import { notice } from '../../../core/card.js';
import { BellhopError } from '../../../core/errors.js';
import type { Reaction } from '../../../core/feature.js';
import { nothing, type Reply, whisper } from '../../../core/reply.js';
import { key, words } from '../../../core/text.js';
import { enqueue, refresh } from '../../../delivery/enqueue.js';
import { findPosted } from '../../../delivery/find-posted.js';
import { noteHandled } from '../../../delivery/handled.js';
import { inTransaction } from '../../../people/db.js';
import { findByHint } from '../../../people/find-person.js';
import type { HandlerContext } from '../../../people/handlers.js';
import { type Settings, subject, UNREACT_MS } from '../model.js';
import { monthOf } from '../periods.js';
import { loadSettings } from '../store-settings.js';
import { takeBackWithin } from './close.js';
import { giveWithin } from './give.js';
import { joinWithin, leave } from './join.js';
import { KudosRef } from './outgoing.js';
import { findByOrigin, findKudos } from './store-kudos.js';

/** Reactions at a kudos card that mean "add yours" on Teams, where an organisation has no emoji of its own. */
const JOINING: ReadonlySet<string> = new Set(['like', 'heart']);
/** Newer reactions of Teams bear a code before their names: `1f44f_clappinghands`. */
const JOINING_NAMES = /clap|applau|party|celebrat|raisinghands|heart|thumbsup/i;

/** What giving makes of a reaction: the organisation's emoji at a colleague's message gives points, at a kudos card it adds to it. */
export async function react(context: HandlerContext, reaction: Reaction): Promise<Reply> {
  const { message } = reaction;
  const settings = await loadSettings(context.db, context.organisation);
  if (message.author) return await atMessage(context, settings, reaction);
  if (!message.conversationId || !message.externalId || !isJoining(context, settings, reaction)) return nothing;
  const posted = await findPosted(context.db, context.organisation.id, context.workspaceId, {
    conversationId: message.conversationId,
    externalId: message.externalId,
  });
  const card = posted?.message === 'recognition.card' ? KudosRef.safeParse(posted.payload).data : undefined;
  return card ? await atCard(context, card.kudosId, reaction) : nothing;
}

function isJoining({ actor }: HandlerContext, { reactionEmoji }: Settings, { emoji }: Reaction): boolean {
  if (actor.platform === 'slack') return emoji === reactionEmoji;
  return JOINING.has(emoji) || JOINING_NAMES.test(emoji);
}

/** Adds to the kudos of a card, as its button does. Only what keeps it from happening is worth a word. */
async function atCard(context: HandlerContext, kudosId: string, { added, onceKey }: Reaction): Promise<Reply> {
  if (!added) {
    await leave(context, kudosId, context.person.id);
    return nothing;
  }
  try {
    await inTransaction(context.db, async (tx) => {
      if (await noteHandled(tx, onceKey, context.clock.now())) await joinWithin(context, tx, kudosId, context.person.id);
    });
    return nothing;
  } catch (error) {
    if (!(error instanceof BellhopError)) throw error;
    // Whoever likes the own kudos wants nothing; the card tells the rest.
    if (!SPENT.has(error.code)) return nothing;
    const first = await inTransaction(context.db, async (tx) => await noteHandled(tx, `${onceKey}:told`, context.clock.now()));
    return first ? whisper(notice(key(error.key, error.params))) : nothing;
  }
}

const SPENT: ReadonlySet<string> = new Set(['recognition.too_few_points', 'recognition.pair_cap']);

/** @returns what a message's reactions have in common; undefined when the platform doesn't tell which message it is */
function messageKeyOf({ workspaceId }: HandlerContext, { message }: Reaction): string | undefined {
  const { conversationId, externalId } = message;
  return conversationId && externalId ? `${workspaceId}:${conversationId}:${externalId}` : undefined;
}

/** The organisation's emoji at a colleague's message gives a little, once; taken away within 5 minutes it takes it back. */
async function atMessage(context: HandlerContext, settings: Settings, reaction: Reaction): Promise<Reply> {
  const { organisation, person, clock } = context;
  const { reactionEmoji, reactionPoints } = settings;
  const messageKey = messageKeyOf(context, reaction);
  const { author } = reaction.message;
  if (!author || !messageKey || reactionEmoji === '' || reaction.emoji !== reactionEmoji || reactionPoints <= 0) return nothing;
  const originKey = `reaction:${messageKey}:${person.id}`;
  if (!reaction.added) return await takeAway(context, originKey);
  const found = await findByHint(context, author);
  if (!('person' in found) || found.person.id === person.id) return nothing;
  const receiverId = found.person.id;
  const now = clock.now();
  try {
    await inTransaction(context.db, async (tx) => {
      if (!(await noteHandled(tx, reaction.onceKey, now))) return;
      const kudosId = await giveWithin(context, tx, {
        giverId: person.id,
        receiverIds: [receiverId],
        valueId: null,
        words: '',
        points: reactionPoints,
        public: false,
        source: 'reaction',
        originKey,
        channelId: null,
      });
      const subjectKey = subject.reacted(messageKey, receiverId);
      await enqueue(
        tx,
        {
          organisationId: organisation.id,
          subjectKey,
          message: 'recognition.reacted',
          payload: { kudosId, personId: receiverId },
          to: { personId: receiverId },
          priority: 'answer',
          capped: true,
          anyHour: true,
          dueAt: now,
        },
        now,
      );
      // One card tells of all reactions at a message.
      await refresh(tx, organisation.id, [subjectKey], now);
    });
    return nothing;
  } catch (error) {
    if (!(error instanceof BellhopError)) throw error;
    return SPENT.has(error.code) ? await toldOnce(context, error) : nothing;
  }
}

/** That the points are spent is told at the first reaction that gives nothing, and no more that month. */
async function toldOnce(context: HandlerContext, error: BellhopError): Promise<Reply> {
  const { organisation, person, clock } = context;
  const now = clock.now();
  const first = await inTransaction(
    context.db,
    async (tx) => await noteHandled(tx, `recognition:${error.code}:${person.id}:${monthOf(now, organisation.zone)}`, now),
  );
  if (!first) return nothing;
  const { reactionEmoji } = await loadSettings(context.db, organisation);
  return whisper({
    ...notice(key(error.key, error.params)),
    footer: key('recognition.reaction.gave_nothing', { emoji: words(`:${reactionEmoji}:`) }),
  });
}

async function takeAway(context: HandlerContext, originKey: string): Promise<Reply> {
  const { db, organisation, person, clock } = context;
  const kudosId = await findByOrigin(db, organisation.id, originKey);
  const kudos = kudosId ? await findKudos(db, organisation.id, kudosId) : undefined;
  if (!kudos || kudos.createdAt.getTime() + UNREACT_MS < clock.now().getTime()) return nothing;
  await inTransaction(
    db,
    async (tx) => await takeBackWithin(context, tx, kudos.id, { personId: person.id }, 'taken_back', 'reaction_taken_away'),
  );
  return nothing;
}
