import { inTransaction, type Tx } from '../../../people/db.js';
import type { WorkContext } from '../../../people/handlers.js';
import { applyChange, lockStanding, type Standing } from '../cases/changing.js';
import { confirmCase, reopenCase } from '../cases/ending.js';
import { mayReopen } from '../cases/rules.js';
import { whomToTell } from '../following/whom.js';
import { findCase } from '../store-cases.js';
import { findFeedback } from '../store-feedback.js';
import { loadSettings } from '../store-settings.js';
import { addressOf } from './address.js';
import { isAsked, isOwnCustomer, type Speaking } from './customers.js';
import { isOver } from './page-state.js';
import { addMessage, countIncoming, isStripped, wasTaken } from './store-messages.js';

/** What a customer may send by one link in 24 hours: more is no conversation. */
const MOST_A_DAY = 10;

const DAY_MS = 86_400_000;

/** What came from a customer's page, checked. */
export interface CustomerAnswer {
  readonly caseId: string;
  /** The same for every sending of one form. */
  readonly onceKey: string;
  /** Empty for a verdict without words. */
  readonly words: string;
  /** Whether it is put right; undefined for an answer alone. */
  readonly verdict?: { readonly right: boolean; readonly satisfaction: number | null } | undefined;
}

/** What became of it, for the page to say: `kept` is an answer to a case that is closed. */
export type Taken = 'answered' | 'kept' | 'confirmed' | 'reopened' | 'unhappy' | 'too_many' | 'over';

/**
 * Takes a customer's answer once: it becomes a message of the conversation, the history tells of it, and whoever looks after the case
 * hears of it. Put right: closed as confirmed. Not put right, or with a low rating: reopened once, with a higher priority; another
 * time it stays as it is, and a manager is told. Of a merged case a "no" counts just so for the one that it went into; a "yes" closes
 * that one only where its own customer can't be asked.
 */
export async function takeAnswer(context: WorkContext, sent: CustomerAnswer): Promise<Taken> {
  const { organisation, clock, db } = context;
  const now = clock.now();
  return await inTransaction(db, async (tx) => {
    const standing = await lockStanding(tx, organisation.id, sent.caseId);
    const { case: of } = standing;
    const speaking = await speakingOf(context, tx, standing, sent.caseId);
    const isAskedHere = sent.verdict !== undefined && (await isAsked(tx, organisation.id, speaking));
    // Removed since the page was shown: nothing of theirs is kept any more.
    if (isOver(of, now) || (await isStripped(tx, organisation.id, sent.caseId))) return 'over';
    if (await wasTaken(tx, organisation.id, sent.onceKey)) return becameOf(standing, sent);
    if ((await countIncoming(tx, organisation.id, sent.caseId, new Date(now.getTime() - DAY_MS))) >= MOST_A_DAY) return 'too_many';
    const { caseId, onceKey, words } = sent;
    // Said on an older page: how it is now is what that page should have shown.
    if (words === '' && !isAskedHere) return becameOf(standing, sent);
    const messageId = await addMessage(tx, { organisationId: organisation.id, caseId, direction: 'in', words, byId: null, onceKey }, now);
    if (messageId === undefined) return becameOf(standing, sent);
    if (sent.verdict && isAskedHere) return await takeVerdict(context, tx, { standing, speaking, messageId, words }, sent.verdict, now);
    await applyChange(
      context,
      tx,
      standing,
      {
        change: {},
        events: [{ actorId: null, kind: 'answered', data: { messageId }, tell: await listeners(context, tx, standing, 'owner') }],
      },
      now,
    );
    return of.state === 'closed' ? 'kept' : 'answered';
  });
}

/** Who speaks; the case is locked. */
async function speakingOf({ organisation }: WorkContext, tx: Tx, { case: of, feedback }: Standing, caseId: string): Promise<Speaking> {
  if (of.id === caseId) return { caseId, feedback, goesOnIn: of };
  const own = await findCase(tx, organisation.id, caseId);
  const said = own && (await findFeedback(tx, organisation.id, own.feedbackId));
  return { caseId, feedback: { contactHash: said?.contactHash ?? null }, goesOnIn: of };
}

interface Said {
  readonly standing: Standing;
  readonly speaking: Speaking;
  readonly messageId: string;
  readonly words: string;
}

async function takeVerdict(
  context: WorkContext,
  tx: Tx,
  { standing, speaking, messageId, words }: Said,
  verdict: NonNullable<CustomerAnswer['verdict']>,
  now: Date,
): Promise<Taken> {
  const { organisation } = context;
  const { case: of } = standing;
  const { lowStars } = await loadSettings(tx, organisation);
  const satisfaction = verdict.satisfaction ?? undefined;
  const isOwn = await isOwnCustomer(tx, organisation.id, speaking);
  // Another customer's words stay with their own case: what is removed of that one is then removed here.
  const from = { caseId: speaking.caseId, messageId };
  const says = { ...(satisfaction !== undefined && { satisfaction }), ...(isOwn ? { words } : { from }) };
  const unhappy = !verdict.right || (satisfaction !== undefined && satisfaction <= lowStars);
  if (!unhappy) {
    const decides = isOwn || addressOf(context, standing.feedback) === undefined;
    if (!decides || !(await confirmCase(context, tx, of.id, now, says))) {
      const data = { messageId, from: speaking.caseId, right: 'yes' };
      const tell = words === '' ? [] : await listeners(context, tx, standing, 'owner');
      await applyChange(context, tx, standing, { change: {}, events: [{ actorId: null, kind: 'answered', data, tell }] }, now);
    }
    return 'confirmed';
  }
  if (mayReopen(of, !isOwn)) {
    await reopenCase(context, tx, of.id, now, says);
    return 'reopened';
  }
  // It was opened again before: now a manager decides what to do.
  const told = [...(await listeners(context, tx, standing, 'owner')), ...(await listeners(context, tx, standing, 'manager'))];
  await applyChange(
    context,
    tx,
    standing,
    {
      change: { satisfaction: satisfaction ?? of.satisfaction },
      events: [
        {
          actorId: null,
          kind: 'unhappy',
          ...(isOwn && { words }),
          data: { ...(satisfaction !== undefined && { satisfaction }), ...(!isOwn && { from: speaking.caseId, messageId }) },
          tell: [...new Set(told)],
        },
      ],
    },
    now,
  );
  return 'unhappy';
}

/** Whom news of a case goes to: its owner, whoever stands for one while it has none, or a manager. */
async function listeners(context: WorkContext, tx: Tx, standing: Standing, level: 'owner' | 'manager'): Promise<string[]> {
  const { organisation } = context;
  const people = await whomToTell({ db: tx, organisation, settings: await loadSettings(tx, organisation) }, standing, level);
  return people.map(({ id }) => id);
}

/** What a repeat is told: the same as the first time, as far as the case still shows it. */
function becameOf({ case: of }: Standing, { verdict }: CustomerAnswer): Taken {
  if (!verdict) return of.state === 'closed' ? 'kept' : 'answered';
  if (verdict.right || (of.state === 'closed' && of.outcome === 'confirmed')) return 'confirmed';
  return of.state === 'resolved' ? 'unhappy' : 'reopened';
}
