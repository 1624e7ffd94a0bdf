import { createHash } from 'node:crypto';
import { type Db, retryOnConflict, type Tx } from '../../../people/db.js';
import type { WorkContext } from '../../../people/handlers.js';
import { newId } from '../../../people/ids.js';
import { sealContact } from '../contact.js';
import { type Contact, type Doubt, type Kind, MOST, type Rating, type SaidWords, type Source } from '../model.js';
import { newReference } from './reference.js';
import { type Basis, cleanContact, cleanLanguage, cleanLine, cleanWords, foldedForRepeats, kindOf, starsOf } from './rules.js';
import { addChosen, loadBasis, storeEntry } from './store-accept.js';
import { sortingJob } from './wake-sorting.js';

export type { Basis } from './rules.js';
export { loadBasis } from './store-accept.js';

/** What purposes of the vault recognise repeated words by. */
const WORDS_PURPOSE = 'feedback.words';

/** One piece of feedback as a door has read and checked it. */
export interface Incoming {
  /** Door and its own id: `page:<form id>`, `api:<integration>:<message id>`. The same one is taken once. */
  readonly onceKey: string;
  /** What came, as it came: a repeat with another body isn't the same. */
  readonly body: string;
  readonly source: Source;
  /** As whoever brings it says; told by the stars when it is left out. */
  readonly kind?: Kind;
  readonly pageId?: string;
  readonly locationId?: string;
  /** BCP 47, of the words. */
  readonly language?: string;
  /** Of the organisation's questions, on their scales: doors check that. */
  readonly ratings: readonly Rating[];
  readonly words: readonly SaidWords[];
  readonly servedBy?: string;
  readonly contact?: Contact;
  readonly consent?: { readonly id: string; readonly locale: string };
  readonly doubts?: readonly Doubt[];
  readonly loggedById?: string;
  readonly integrationId?: string;
  readonly importId?: string;
  readonly externalRef?: string;
  readonly happenedAt?: Date;
  /** Whom it is about, as somebody chose them. */
  readonly concernIds?: readonly string[];
  /** From before Bellhop: counted when it happened, told to nobody, no case. */
  readonly quiet?: boolean;
  /** By `loadBasis`, where a door has read it already: saves a round trip. */
  readonly basis?: Basis;
}

export interface Accepted {
  readonly id: string;
  /** 8 characters; `showReference` writes it for people. */
  readonly reference: string;
  readonly isNew: boolean;
  /** The repeat's body is the first one's. */
  readonly same: boolean;
}

/**
 * The same by itself, for doors at which nothing else is to be written: one statement, with its commit.
 * @throws as `retryOnConflict`
 */
export async function acceptAlone(context: WorkContext, incoming: Omit<Incoming, 'concernIds'>, now: Date): Promise<Accepted> {
  return await retryOnConflict(() => accept(context, context.db, incoming, now));
}

/**
 * Takes one piece of feedback, once for its key, and has it sorted soon. Everything is stored when the caller's transaction commits.
 * References are random: should one be there already, the transaction fails as of any lost race, and `inTransaction` begins anew.
 * @param now the present instant, of the Clock
 * @returns what is there under the key now: this one, or the one that came first
 */
export async function accept(context: WorkContext, tx: Db | Tx, incoming: Incoming, now: Date): Promise<Accepted> {
  const { organisation, vault } = context;
  const basis = incoming.basis ?? (await loadBasis(tx, organisation.id));
  const words = cleanWords(incoming.words);
  const stars = starsOf(incoming.ratings, basis.questions);
  const contact = sealContact(vault, cleanContact(incoming.contact ?? {}));
  const bodyDigest = createHash('sha256').update(incoming.body).digest('hex');
  const folded = foldedForRepeats(words);
  const stored = await storeEntry(
    tx,
    {
      organisationId: organisation.id,
      id: newId(now),
      reference: newReference(),
      onceKey: incoming.onceKey,
      bodyDigest,
      source: incoming.source,
      kind: incoming.kind ?? kindOf(stars, words, basis),
      pageId: incoming.pageId ?? null,
      locationId: incoming.locationId ?? null,
      language: cleanLanguage(incoming.language),
      stars,
      words,
      servedBy: cleanLine(incoming.servedBy ?? '', MOST.servedBy),
      contactSealed: contact.sealed,
      contactHash: contact.hash,
      consentId: incoming.consent?.id ?? null,
      consentLocale: incoming.consent?.locale ?? null,
      doubts: [...new Set(incoming.doubts)],
      wordsDigest: folded === '' ? null : vault.digest(folded, WORDS_PURPOSE),
      loggedById: incoming.loggedById ?? null,
      integrationId: incoming.integrationId ?? null,
      importId: incoming.importId ?? null,
      externalRef: cleanLine(incoming.externalRef ?? '', MOST.externalRef),
      happenedAt: incoming.happenedAt ?? null,
      quiet: incoming.quiet ?? false,
      receivedAt: incoming.quiet && incoming.happenedAt ? incoming.happenedAt : now,
    },
    incoming.ratings,
    // Nobody waits for history: it is sorted when its import is through.
    incoming.quiet ? undefined : sortingJob(organisation.id, now, incoming.importId),
    now,
  );
  const { id, reference, isNew } = stored;
  if (!isNew) return { id, reference, isNew, same: stored.bodyDigest === bodyDigest };
  if (incoming.concernIds && incoming.concernIds.length > 0) await addChosen(tx, organisation.id, id, incoming.concernIds, now);
  return { id, reference, isNew, same: true };
}
