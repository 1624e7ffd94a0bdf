import { BellhopError } from '../../../core/errors.js';
import { hasRole } from '../../../core/roles.js';
import { refresh } from '../../../delivery/enqueue.js';
import { recordEvent } from '../../../people/audit.js';
import { inTransaction, type Tx } from '../../../people/db.js';
import type { HandlerContext } from '../../../people/handlers.js';
import { forgetPraise } from '../../recognition/index.js';
import { setPrivate } from '../cases/private-case.js';
import type { FeedbackState, Kind, Said } from '../model.js';
import { subjectKeysShowing } from '../privacy/store-strip.js';
import { refreshFeedback } from '../refresh.js';
import { lockFeedback } from '../store-feedback.js';
import { loadSettings } from '../store-settings.js';
import { openTalks } from '../talks/open-talks.js';
import { celebrate } from '../talks/praise.js';
import { complains } from './decide.js';
import { namedInEach } from './names.js';
import { follow, passOn } from './pass-on.js';
import { sortAgain } from './sort.js';
import { removeConcerns, replaceConcerns, setDecided, setKind } from './store-deciding.js';
import { refreshWaiting, tellOfWaiting } from './tell.js';

/** Whether an act was done, or somebody has decided before: the first decision counts. */
export type Decided = 'done' | 'before';

type Act = (tx: Tx, said: Said, now: Date) => Promise<void>;

interface Deciding {
  /** States in which there is something to decide. */
  readonly from: readonly FeedbackState[];
  /** Of the audit trail. */
  readonly verb: string;
}

/**
 * Lets a manager decide about a piece of feedback: two at once follow one another, and the second finds it decided.
 * @throws BellhopError `feedback.gone`: also to whom it is about, who neither sees nor decides it
 */
async function decideOn(context: HandlerContext, feedbackId: string, { from, verb }: Deciding, act: Act): Promise<Decided> {
  const { db, organisation, person, role, clock } = context;
  return await inTransaction(db, async (tx) => {
    const said = await lockFeedback(tx, organisation.id, feedbackId);
    if (!said || !hasRole(role, 'manager') || said.concerns.some(({ personId }) => personId === person.id)) {
      throw new BellhopError('feedback.gone');
    }
    if (!from.includes(said.state)) return 'before';
    const now = clock.now();
    await setDecided(tx, organisation.id, feedbackId, person.id, now);
    await act(tx, said, now);
    await recordEvent(tx, { organisationId: organisation.id, actorId: person.id, verb, subjectId: feedbackId }, now);
    await refreshFeedback(tx, organisation.id, feedbackId, now);
    await refreshWaiting(context, tx, now);
    return 'done';
  });
}

/** What was doubtful is real: it goes on as if nobody had doubted it. */
export async function callReal(context: HandlerContext, feedbackId: string): Promise<Decided> {
  return await decideOn(context, feedbackId, { from: ['doubtful'], verb: 'feedback.called_real' }, async (tx, { id }, now) => {
    await sortAgain({ ...context, tx }, id, now);
  });
}

/** What was doubtful is spam: nobody else sees it. Can be taken back. */
export async function callSpam(context: HandlerContext, feedbackId: string): Promise<Decided> {
  return await decideOn(context, feedbackId, { from: ['doubtful'], verb: 'feedback.called_spam' }, async (tx, { id }, now) => {
    await setDecided(tx, context.organisation.id, id, context.person.id, now, 'spam');
  });
}

/** What was called spam waits again. */
export async function takeBackSpam(context: HandlerContext, feedbackId: string): Promise<Decided> {
  return await decideOn(context, feedbackId, { from: ['spam'], verb: 'feedback.spam_taken_back' }, async (tx, { id }, now) => {
    await setDecided(tx, context.organisation.id, id, null, null, 'doubtful');
    await tellOfWaiting(context, tx, now);
  });
}

/**
 * The words may be shown in the channel.
 * @throws BellhopError `feedback.about_colleague` for a complaint about somebody: that goes to no channel
 */
export async function clear(context: HandlerContext, feedbackId: string): Promise<Decided> {
  const { organisation } = context;
  return await decideOn(context, feedbackId, { from: ['held'], verb: 'feedback.cleared' }, async (tx, said, now) => {
    const { lowStars } = await loadSettings(tx, organisation);
    if (said.concerns.length > 0 && complains(said.kind, said.stars, lowStars)) throw new BellhopError('feedback.about_colleague');
    const unsure = await whoIsUnsure(context, tx, said);
    // Whom of several the words mean, nobody has said.
    if (said.concerns.length > 1) await removeConcerns(tx, organisation.id, feedbackId, unsure);
    await setPrivate(context, tx, feedbackId, false, context.person.id, now);
    await passOn(context, tx, feedbackId, now);
    if (said.kind === 'praise') await celebrate(context, tx, feedbackId, now);
  });
}

/** Those whom words name in a way that leaves a doubt. */
async function whoIsUnsure({ organisation }: HandlerContext, tx: Tx, said: Said): Promise<readonly string[]> {
  const [names] = await namedInEach(tx, organisation, [said]);
  const chosen = new Set(said.concerns.filter(({ how }) => how === 'chosen').map(({ personId }) => personId));
  return (names?.named ?? []).filter(({ personId, sure }) => !sure && !chosen.has(personId)).map(({ personId }) => personId);
}

/** The words name nobody after all: it goes on like any other. */
export async function nobodyNamed(context: HandlerContext, feedbackId: string): Promise<Decided> {
  const { organisation } = context;
  return await decideOn(context, feedbackId, { from: ['held'], verb: 'feedback.nobody_named' }, async (tx, said, now) => {
    await removeConcerns(
      tx,
      organisation.id,
      feedbackId,
      said.concerns.map(({ personId }) => personId),
    );
    await setPrivate(context, tx, feedbackId, false, context.person.id, now);
    await passOn(context, tx, feedbackId, now);
  });
}

/** States in which a manager may say whom feedback is about. */
export const ABOUT_FROM: readonly FeedbackState[] = ['held', 'passed'];

/**
 * Tells whom feedback is about, and of which kind it is. A complaint is private from then on: for the line of whom it is about, with
 * its case. Praise is brought to the managers. What was held waits on to be cleared.
 */
export async function setAbout(
  context: HandlerContext,
  feedbackId: string,
  about: { readonly personIds: readonly string[]; readonly kind: Kind },
): Promise<Decided> {
  const { organisation } = context;
  const { personIds, kind } = about;
  return await decideOn(context, feedbackId, { from: ABOUT_FROM, verb: 'feedback.about_set' }, async (tx, said, now) => {
    await replaceConcerns(tx, organisation.id, feedbackId, personIds, now);
    await setKind(tx, organisation.id, feedbackId, kind);
    const { lowStars } = await loadSettings(tx, organisation);
    if (complains(kind, said.stars, lowStars)) {
      if (said.caseId === null) await follow(context, tx, [{ ...said, kind }], true, now);
      else await setPrivate(context, tx, feedbackId, true, context.person.id, now);
      await setDecided(tx, organisation.id, feedbackId, context.person.id, now, 'private');
      await openTalks(context, tx, feedbackId, now);
      // Kudos that were proposed of it, and cards that people have in their own chats.
      await forgetPraise(tx, organisation.id, [`feedback:${feedbackId}`], now);
      await refresh(tx, organisation.id, await subjectKeysShowing(tx, organisation.id, [feedbackId]), now);
    } else if (kind === 'praise') {
      await celebrate(context, tx, feedbackId, now);
    }
  });
}
