import type { Db, Tx } from '../../../people/db.js';
import { foldName } from '../../../people/names.js';
import type { QuestionKind } from '../model.js';
import { isSlug } from '../survey/addresses.js';

export interface LookedUp {
  readonly questions: ReadonlyMap<string, { readonly id: string; readonly kind: QuestionKind }>;
  /** Undefined: there is none such. */
  readonly page: { readonly id: string; readonly locationId: string | null } | undefined;
  readonly location: { readonly id: string } | undefined;
  readonly consentId: string | null;
}

/** What the names in a request stand for: questions by key, a page by the end of its address, a location by name, the consent in force. */
export async function lookUp(
  db: Db | Tx,
  organisationId: string,
  named: { readonly page: string | undefined; readonly location: string | undefined },
): Promise<LookedUp> {
  const [questions, page, locations, consent] = await Promise.all([
    db.feedbackQuestion.findMany({ where: { organisationId, retiredAt: null }, select: { id: true, key: true, kind: true } }),
    named.page === undefined || !isSlug(named.page)
      ? null
      : db.feedbackPage.findFirst({ where: { organisationId, slug: named.page }, select: { id: true, locationId: true } }),
    named.location === undefined ? [] : db.location.findMany({ where: { organisationId }, select: { id: true, name: true } }),
    db.feedbackConsent.findFirst({ where: { organisationId }, orderBy: { version: 'desc' }, select: { id: true } }),
  ]);
  const wanted = named.location === undefined ? '' : foldName(named.location);
  const location = locations.find(({ name }) => foldName(name) === wanted);
  return {
    questions: new Map(questions.map(({ id, key, kind }) => [key, { id, kind }])),
    page: page ?? undefined,
    location: location && { id: location.id },
    consentId: consent?.id ?? null,
  };
}
