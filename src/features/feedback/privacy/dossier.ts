import type { HandlerContext } from '../../../people/handlers.js';
import { openContact } from '../contact.js';
import { showReference } from '../intake/reference.js';
import type { Said } from '../model.js';
import { ByLanguageColumn } from '../schema.js';
import { findManyFeedback } from '../store-feedback.js';
import { type Dossier, findTheirs, loadDossier } from './store-customer.js';

/** Entries that are read at once. */
const BATCH = 200;

/**
 * Everything that is kept of a customer, as whoever asks for it gets it (GDPR, articles 15 and 20): what they said, rated and agreed to,
 * their contact, what was written to and by them, what was noted about their cases, and when somebody looked at their contact.
 * Left out is what is about employees: their names, talks with them, and notes of cases about a colleague.
 * @returns plain data, for JSON; instants as ISO 8601 in UTC
 */
export async function dossierOf(context: HandlerContext, hash: string): Promise<readonly object[]> {
  const { db, organisation } = context;
  const ids = await findTheirs(db, organisation.id, hash);
  const entries: object[] = [];
  for (let from = 0; from < ids.length; from += BATCH) {
    const batch = ids.slice(from, from + BATCH);
    const said = await findManyFeedback(db, organisation.id, batch);
    const dossier = await loadDossier(db, organisation.id, batch);
    entries.push(...batch.flatMap((id) => said.get(id) ?? []).map((entry) => entryOf(context, entry, dossier)));
  }
  return entries;
}

function entryOf({ vault }: HandlerContext, said: Said, dossier: Dossier): object {
  const asked = (questionId: string | null) => dossier.questions.find(({ id }) => id === questionId)?.key ?? null;
  const row = dossier.rows.find(({ id }) => id === said.id);
  const consent = dossier.consents.find(({ id }) => id === row?.consentId);
  return {
    reference: showReference(said.reference),
    receivedAt: said.receivedAt,
    happenedAt: said.happenedAt,
    source: said.source,
    kind: said.kind,
    location: said.locationName,
    page: said.pageName,
    language: said.language,
    stars: said.stars,
    ratings: said.ratings.map(({ questionId, value }) => ({ question: asked(questionId), value })),
    words: said.words.map(({ questionId, words }) => ({ question: asked(questionId), words })),
    servedBy: said.servedBy,
    themes: said.themes.map(({ key, names }) => key ?? Object.values(names)[0] ?? ''),
    numberElsewhere: said.externalRef,
    contact: said.contactSealed === null ? null : openContact(vault, said.contactSealed),
    contactLookedAt: dossier.views.filter(({ feedbackId }) => feedbackId === said.id).map(({ at }) => at),
    consent: consent
      ? {
          version: consent.version,
          writtenAt: consent.createdAt,
          language: row?.consentLocale,
          text:
            ByLanguageColumn.parse(consent.texts)[row?.consentLocale ?? ''] ??
            Object.values(ByLanguageColumn.parse(consent.texts))[0] ??
            '',
        }
      : null,
    cases: dossier.cases.filter(({ feedbackId }) => feedbackId === said.id).map(caseOf),
  };
}

function caseOf(of: Dossier['cases'][number]): object {
  // What was found out and noted about a colleague is that colleague's.
  const notes = of.private
    ? {}
    : {
        rootCause: of.rootCause,
        actionTaken: of.actionTaken,
        notes: of.events.map(({ at, kind, words }) => ({ at, kind, words })),
      };
  return {
    number: of.number,
    state: of.state,
    outcome: of.outcome,
    openedAt: of.openedAt,
    respondedAt: of.respondedAt,
    resolvedAt: of.resolvedAt,
    reopenedAt: of.reopenedAt,
    closedAt: of.closedAt,
    satisfaction: of.satisfaction,
    ...notes,
    conversation: of.messages.map(({ at, direction, words }) => ({ at, from: direction === 'in' ? 'customer' : 'organisation', words })),
  };
}
