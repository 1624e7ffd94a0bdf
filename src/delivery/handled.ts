import { randomUUID } from 'node:crypto';
import type { Clock } from '../core/clock.js';
import type { DispatchPorts } from '../core/dispatch.js';
import type { Answer } from '../core/reply.js';
import type { Db, Tx } from '../people/db.js';
import type { HandlerContext } from '../people/handlers.js';

type Once = DispatchPorts<HandlerContext>['once'];

/** A first one that has been at work for so long, without an answer, was ended by a crash. */
const TAKE_OVER_MS = 30_000;

/** How long a repeat waits for the answer of the first one that is still at work, and how often it looks. */
const WAIT_MS = 2_000;
const LOOK_EVERY_MS = 100;

/** A longer answer is not kept: the repeat gets none. */
const MAX_ANSWER_CHARACTERS = 64 * 1024;

/** So often the answer is tried to be kept while the database is away, one second longer apart each time. */
const KEEP_TRIES = 5;

const nothing: Answer = { kind: 'nothing' };

/**
 * Handles what came in once (DESIGN, "Handled once"), for all processes together. A repeat gets the first answer, or
 * nothing while that can't be had. An act that failed, or whose answer doesn't settle it, leaves its key free.
 */
export function createOnce({ db, clock, processId }: { readonly db: Db; readonly clock: Clock; readonly processId: string }): Once {
  return async (onceKey, settles, act) => {
    const claim = `${processId}/${randomUUID()}`;
    const first = await claimOrWait(db, clock, onceKey, claim);
    if (first) return { answer: first, repeat: true };
    let answer: Answer;
    try {
      answer = await act();
    } catch (error) {
      await release(db, onceKey, claim);
      throw error;
    }
    if (settles(answer)) await keep(db, clock, onceKey, claim, answer);
    else await release(db, onceKey, claim);
    return { answer, repeat: false };
  };
}

/**
 * Notes an act that dispatch doesn't note (a reaction) together with what it changes.
 * @returns false when it was noted before: it is a repeat
 */
export async function noteHandled(tx: Tx, onceKey: string, now: Date): Promise<boolean> {
  const noted = await tx.$executeRaw`
    INSERT INTO handled ("onceKey", "claimedBy", at, "doneAt") VALUES (${onceKey}, 'act', ${now}::timestamptz, ${now}::timestamptz)
    ON CONFLICT ("onceKey") DO NOTHING`;
  return noted === 1;
}

/**
 * Forgets kept answers in which one of these ids stands: their cards may show somebody's words, who wants to be forgotten. A repeat gets
 * nothing then.
 */
export async function forgetAnswers(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await tx.$executeRaw`
    UPDATE handled SET answer = ${JSON.stringify(nothing)}::jsonb
    WHERE answer IS NOT NULL AND EXISTS (SELECT 1 FROM unnest(${[...ids]}::text[]) i WHERE position(i IN answer::text) > 0)`;
}

/** @returns the answer for a repeat; undefined when the key is ours and we are to act */
async function claimOrWait(db: Db, clock: Clock, onceKey: string, claim: string): Promise<Answer | undefined> {
  for (let waited = 0; ; waited += LOOK_EVERY_MS) {
    // Not waited for on disk: what the act commits later brings this with it, and an act that was lost too may be done again.
    const claimed = await db.$executeRaw`
      WITH unhurried AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))
      INSERT INTO handled ("onceKey", "claimedBy", at) SELECT ${onceKey}, ${claim}, ${clock.now()}::timestamptz FROM unhurried
      ON CONFLICT ("onceKey") DO UPDATE SET "claimedBy" = EXCLUDED."claimedBy", at = EXCLUDED.at
        WHERE handled."doneAt" IS NULL AND handled.at <= ${new Date(clock.now().getTime() - TAKE_OVER_MS)}::timestamptz`;
    if (claimed === 1) return undefined;
    const row = await db.handled.findUnique({ where: { onceKey } });
    if (row?.doneAt) return (row.answer as Answer | null) ?? nothing;
    if (waited >= WAIT_MS) return nothing;
    await sleep(LOOK_EVERY_MS);
  }
}

/** Another try may act. When even this fails, the claim is taken over after half a minute. */
async function release(db: Db, onceKey: string, claim: string): Promise<void> {
  await db.handled.deleteMany({ where: { onceKey, claimedBy: claim, doneAt: null } }).catch(() => undefined);
}

/** Keeps the answer. The act is done already: the person gets the answer even when it can't be kept at once. */
async function keep(db: Db, clock: Clock, onceKey: string, claim: string, answer: Answer): Promise<void> {
  const kept = storable(answer);
  const doneAt = clock.now();
  const write = async () => {
    await db.$executeRaw`
      UPDATE handled SET answer = ${kept}::jsonb, "doneAt" = ${doneAt}::timestamptz
      WHERE "onceKey" = ${onceKey} AND "claimedBy" = ${claim} AND "doneAt" IS NULL`;
  };
  try {
    await write();
  } catch {
    void tryAgain(write);
  }
}

async function tryAgain(write: () => Promise<void>): Promise<void> {
  for (let attempt = 1; attempt <= KEEP_TRIES; attempt++) {
    await sleep(attempt * 1_000);
    try {
      return await write();
    } catch {
      // The next one, or the take-over.
    }
  }
}

function storable(answer: Answer): string {
  if (answer.kind === 'file' || (answer.kind === 'whisper' && answer.secret)) return JSON.stringify(nothing);
  const json = JSON.stringify(answer);
  return json.length > MAX_ANSWER_CHARACTERS ? JSON.stringify(nothing) : json;
}

const sleep = (ms: number) => new Promise<void>((resolve) => void setTimeout(resolve, ms).unref());
