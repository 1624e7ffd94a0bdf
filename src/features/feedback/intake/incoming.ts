import { createHash } from 'node:crypto';
import type { WorkContext } from '../../../people/handlers.js';
import { newId } from '../../../people/ids.js';
import { sealContact } from '../contact.js';
import { type Contact, type Doubt, type Kind, MOST, type Rating, type SaidWords, type Source } from '../model.js';
import { newReference } from './reference.js';
import { type Basis, cleanContact, cleanLanguage, cleanLine, cleanWords, foldedForRepeats, kindOf, starsOf } from './rules.js';
import type { Brought } from './store-accept.js';

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
}

/** What two sendings of the same are recognised by. */
export const digestOfBody = (body: string): string => createHash('sha256').update(body).digest('hex');

/**
 * What came in, as it is stored: words cleaned, stars and kind told, the contact sealed. Each time under a new id and reference.
 * @param now the present instant, of the Clock
 */
export function bring({ organisation, vault }: WorkContext, incoming: Incoming, basis: Basis, now: Date): Brought {
  const words = cleanWords(incoming.words);
  const stars = starsOf(incoming.ratings, basis.questions);
  const contact = sealContact(vault, cleanContact(incoming.contact ?? {}));
  const folded = foldedForRepeats(words);
  const entry = {
    organisationId: organisation.id,
    id: newId(now),
    reference: newReference(),
    onceKey: incoming.onceKey,
    bodyDigest: digestOfBody(incoming.body),
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
  };
  return { entry, ratings: incoming.ratings };
}
