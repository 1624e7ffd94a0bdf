import { BellhopError } from '../../../core/errors.js';
import { hasRole, type Role } from '../../../core/roles.js';
import { instant, key, person, type Text } from '../../../core/text.js';
import { caseName } from '../labels.js';
import { type Case, PRIORITIES, type Priority, type Source } from '../model.js';

/** Who acts; that they may read the case was looked at before. */
export interface Who {
  readonly id: string;
  readonly role: Role;
}

/** What an act changes of a case. */
export type CaseChange = Partial<
  Omit<
    Case,
    'id' | 'number' | 'feedbackId' | 'private' | 'locationId' | 'openedAt' | 'ownerName' | 'resolverName' | 'linkNonce' | 'version'
  >
>;

const DAY_MS = 86_400_000;
/** A pause of more is none: the case is forgotten. */
export const LONGEST_PAUSE_DAYS = 180;

/** Somebody still has to do something about it. */
export const isActive = ({ state }: Pick<Case, 'state'>): boolean => state === 'open' || state === 'claimed';

/** Its due time runs, and the escalation list follows it. */
export const isFollowed = (it: Pick<Case, 'state' | 'pausedUntil'>): boolean => isActive(it) && it.pausedUntil === null;

export const isOverdue = (it: Pick<Case, 'state' | 'pausedUntil' | 'dueAt'>, now: Date): boolean => isFollowed(it) && it.dueAt < now;

/** Whether this person decides what becomes of it: its owner, managers, and of a private one whoever may read it. */
export const worksOn = (it: Pick<Case, 'ownerId' | 'private'>, who: Who): boolean =>
  it.ownerId === who.id || it.private || hasRole(who.role, 'manager');

/** How urgent a case is when it opens: one star, and what a mystery shopper complains of, are high. */
export const priorityOf = ({ stars, kind, source }: { stars: number | null; kind: string; source: Source }): Priority =>
  stars === 1 || (source === 'mystery_shopper' && kind === 'complaint') ? 'high' : 'normal';

/** One step more urgent; `urgent` stays. */
export const higher = (priority: Priority): Priority =>
  PRIORITIES[Math.min(PRIORITIES.indexOf(priority) + 1, PRIORITIES.length - 1)] ?? priority;

const ownerOf = ({ ownerName }: Pick<Case, 'ownerName'>): Text => (ownerName === null ? key('feedback.case.somebody') : person(ownerName));

/** @throws BellhopError `feedback.case_closed`, `feedback.case_resolved` for one that nothing is to be done about */
export function checkActive(it: Case): void {
  if (it.state === 'closed') throw new BellhopError('feedback.case_closed', { case: caseName(it) });
  if (it.state === 'resolved') {
    const by = it.resolverName === null ? key('feedback.case.somebody') : person(it.resolverName);
    throw new BellhopError('feedback.case_resolved', { case: caseName(it), person: by });
  }
}

/** @throws BellhopError `feedback.case_not_yours`, `feedback.case_claim_first` */
export function checkWorksOn(it: Case, who: Who): void {
  if (worksOn(it, who)) return;
  if (it.ownerId === null) throw new BellhopError('feedback.case_claim_first', { case: caseName(it) });
  throw new BellhopError('feedback.case_not_yours', { case: caseName(it), person: ownerOf(it) });
}

const RUNS = { pausedUntil: null, pausedAt: null } as const;

/** Whoever takes it answers a customer who can't be written to; otherwise the first word to the customer counts. */
const responded = (it: Case, hasContact: boolean, now: Date) => ({ respondedAt: it.respondedAt ?? (hasContact ? null : now) });

/**
 * Takes a case that nobody has.
 * @returns null when it is the actor's already
 * @throws BellhopError `feedback.case_claimed` when somebody else was quicker, and as `checkActive`
 */
export function claim(it: Case, who: Who, hasContact: boolean, now: Date): CaseChange | null {
  checkActive(it);
  if (it.ownerId === who.id) return null;
  if (it.ownerId !== null) {
    throw new BellhopError('feedback.case_claimed', { case: caseName(it), person: ownerOf(it), at: instant(it.claimedAt ?? now) });
  }
  return { state: 'claimed', ownerId: who.id, claimedAt: now, ...responded(it, hasContact, now) };
}

/**
 * What was decided on an older card doesn't overwrite what somebody has decided since.
 * @param ownerId whose it was then; undefined: nobody knows
 * @throws BellhopError `feedback.case_moved`
 */
export function checkStillOf(it: Case, ownerId: string | null | undefined): void {
  if (ownerId === undefined || ownerId === it.ownerId) return;
  throw new BellhopError(it.ownerId === null ? 'feedback.case_freed' : 'feedback.case_moved', { case: caseName(it), person: ownerOf(it) });
}

/** Gives a case back, so that somebody else can take it. @returns null when nobody has it */
export function giveBack(it: Case, who: Who): CaseChange | null {
  checkActive(it);
  if (it.ownerId === null) return null;
  checkWorksOn(it, who);
  return unowned();
}

/** What becomes of an open case whose owner has left, or mustn't see it any more. */
export const unowned = (): CaseChange => ({ state: 'open', ownerId: null, claimedAt: null });

/**
 * Gives a case to somebody. Anybody who may read it can hand on one that nobody has.
 * @returns null when it is that person's already
 */
export function assign(it: Case, who: Who, toId: string, hasContact: boolean, now: Date): CaseChange | null {
  checkActive(it);
  if (it.ownerId !== null) checkWorksOn(it, who);
  if (it.ownerId === toId) return null;
  return { state: 'claimed', ownerId: toId, claimedAt: now, ...responded(it, hasContact, now) };
}

/** @param dueAt by the new priority. @returns null when it has this priority already */
export function prioritise(it: Case, who: Who, priority: Priority, dueAt: Date): CaseChange | null {
  checkActive(it);
  checkWorksOn(it, who);
  return it.priority === priority ? null : { priority, dueAt };
}

/** Lets a case rest; its due time moves by the working time of the pause when that ends. A longer one may follow it. */
export function pause(it: Case, who: Who, until: Date, now: Date): CaseChange {
  checkActive(it);
  checkWorksOn(it, who);
  if (until <= now || until.getTime() - now.getTime() > (LONGEST_PAUSE_DAYS + 1) * DAY_MS)
    throw new RangeError('A pause ends later, and within half a year.');
  return { pausedUntil: until, pausedAt: it.pausedAt ?? now };
}

/** @param who null: the pause is over. @param dueAt with the working time of the pause. @returns null when it isn't paused */
export function resume(it: Case, who: Who | null, dueAt: Date): CaseChange | null {
  if (it.pausedUntil === null) return null;
  if (who) {
    checkActive(it);
    checkWorksOn(it, who);
  }
  return { ...RUNS, dueAt };
}

export interface Resolution {
  readonly rootCause: string;
  readonly causeThemeId: string | null;
  readonly actionTaken: string;
}

/**
 * Puts right what was wrong, as we see it. Whoever resolves a case that nobody has becomes its owner.
 * @param askedAt when the customer was asked whether it is; null: nobody can be asked, and it may be closed at once
 * @param dueAt with the working time of a pause that ends so
 * @throws BellhopError as `checkActive` and `checkWorksOn`; RangeError without a cause or an action
 */
export function resolve(
  it: Case,
  who: Who,
  how: Resolution,
  at: { askedAt: Date | null; silentDays: number; dueAt: Date; now: Date },
): CaseChange {
  const { askedAt, silentDays, dueAt, now } = at;
  checkActive(it);
  checkWorksOn(it, who);
  if (how.rootCause === '' || how.actionTaken === '') throw new RangeError('What is resolved has a cause and an action.');
  return {
    ...RUNS,
    ...how,
    dueAt,
    state: 'resolved',
    ...(it.ownerId === null && { ownerId: who.id, claimedAt: now }),
    respondedAt: it.respondedAt ?? now,
    resolvedAt: now,
    resolverId: who.id,
    askedAt,
    closableAt: askedAt === null ? now : new Date(askedAt.getTime() + silentDays * DAY_MS),
  };
}

/** Whether somebody may close it as unconfirmed now. */
export const isClosable = (it: Pick<Case, 'state' | 'closableAt' | 'resolverId'>, whoId: string, now: Date): boolean =>
  it.state === 'resolved' && it.closableAt !== null && it.closableAt <= now && it.resolverId !== whoId;

/**
 * Closes what the customer says nothing about.
 * @returns null when it is closed already
 * @throws BellhopError `feedback.case_not_resolved`, `feedback.case_close_later`, `feedback.case_close_other`
 */
export function close(it: Case, who: Who, now: Date): CaseChange | null {
  if (it.state === 'closed') return null;
  if (it.state !== 'resolved') throw new BellhopError('feedback.case_not_resolved', { case: caseName(it) });
  const isOwn = it.resolverId === who.id;
  if (it.closableAt !== null && it.closableAt > now) {
    const resolver = isOwn || it.resolverName === null ? key('feedback.case.you') : person(it.resolverName);
    throw new BellhopError('feedback.case_close_later', { case: caseName(it), person: resolver, at: instant(it.closableAt) });
  }
  if (isOwn) throw new BellhopError('feedback.case_close_other', { case: caseName(it) });
  return { state: 'closed', closedAt: now, closedById: who.id, outcome: 'unconfirmed' };
}

/** The customer says that it is put right. A late word counts too. @returns null where there is nothing to confirm */
export function confirm(it: Case, satisfaction: number | null, now: Date): CaseChange | null {
  const isLate = it.state === 'closed' && it.outcome === 'unconfirmed';
  if (it.state !== 'resolved' && !isLate) return null;
  return { state: 'closed', outcome: 'confirmed', satisfaction, ...(!isLate && { closedAt: now, closedById: null }) };
}

/**
 * Whether an unhappy customer opens it again: once, and also when it was closed without their word.
 * @param another the customer of a case that went into it: that its own customer was content doesn't speak for them
 */
export const mayReopen = (it: Pick<Case, 'state' | 'outcome' | 'reopenedAt'>, another = false): boolean =>
  it.reopenedAt === null &&
  (it.state === 'resolved' || (it.state === 'closed' && (it.outcome === 'unconfirmed' || (another && it.outcome === 'confirmed'))));

/**
 * The customer isn't content: it goes on, one step more urgent.
 * @param ownerIsHere whether its owner still works here and may see it
 * @param dueAt by the higher priority, from now on
 * @param another as mayReopen has it
 * @returns null when it may not be reopened
 */
export function reopen(it: Case, ownerIsHere: boolean, dueAt: Date, now: Date, another = false): CaseChange | null {
  if (!mayReopen(it, another)) return null;
  return {
    ...(ownerIsHere && it.ownerId !== null ? { state: 'claimed' } : unowned()),
    priority: higher(it.priority),
    dueAt,
    reopenedAt: now,
    resolvedAt: null,
    resolverId: null,
    askedAt: null,
    closableAt: null,
    closedAt: null,
    closedById: null,
    outcome: null,
    step: 0,
  };
}

/**
 * It goes on in another case.
 * @throws BellhopError `feedback.merge_itself`, `feedback.merge_over`, `feedback.merge_private` and as `checkActive`, `checkWorksOn`
 */
export function merge(it: Case, into: Case, who: Who, sameConcerned: boolean, now: Date): CaseChange {
  checkActive(it);
  checkWorksOn(it, who);
  if (it.id === into.id) throw new BellhopError('feedback.merge_itself', { case: caseName(it) });
  if (!isActive(into)) throw new BellhopError('feedback.merge_over', { case: caseName(into) });
  if (it.private !== into.private || (it.private && !sameConcerned))
    throw new BellhopError('feedback.merge_private', { case: caseName(into) });
  return { ...RUNS, state: 'closed', closedAt: now, closedById: who.id, outcome: 'merged', mergedIntoId: into.id };
}
