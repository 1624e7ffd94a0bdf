import type { Db, Tx } from '../../../people/db.js';

/** What is kept of a customer, in figures. */
export interface Kept {
  readonly entries: number;
  readonly first: Date;
  readonly last: Date;
  readonly cases: number;
  readonly openCases: number;
  readonly messages: number;
  readonly views: number;
}

/** @param hash contact.ts, contactHash. Undefined: nothing is kept */
export async function findKept(db: Db | Tx, organisationId: string, hash: string): Promise<Kept | undefined> {
  const [row] = await db.$queryRaw<(Omit<Kept, 'first' | 'last'> & { readonly first: Date | null; readonly last: Date | null })[]>`
    WITH theirs AS MATERIALIZED (
      SELECT f.id, f."receivedAt" FROM feedback f WHERE f."organisationId" = ${organisationId}::uuid AND f."contactHash" = ${hash}
    ), cases AS MATERIALIZED (
      SELECT c.id, c.state FROM theirs f JOIN feedback_case c ON c."organisationId" = ${organisationId}::uuid AND c."feedbackId" = f.id
    )
    SELECT (SELECT count(*)::int FROM theirs) AS entries, (SELECT min("receivedAt") FROM theirs) AS first, (SELECT max("receivedAt") FROM theirs) AS last,
           (SELECT count(*)::int FROM cases) AS cases, (SELECT count(*)::int FROM cases WHERE state <> 'closed') AS "openCases",
           (SELECT count(*)::int FROM cases c JOIN feedback_message m ON m."organisationId" = ${organisationId}::uuid AND m."caseId" = c.id) AS messages,
           (SELECT count(*)::int FROM theirs f JOIN feedback_contact_view v ON v."organisationId" = ${organisationId}::uuid AND v."feedbackId" = f.id) AS views`;
  return row?.first && row.last ? { ...row, first: row.first, last: row.last } : undefined;
}

/** The entries that are a customer's, the oldest first. */
export async function findTheirs(db: Db | Tx, organisationId: string, hash: string): Promise<readonly string[]> {
  const rows = await db.feedback.findMany({
    where: { organisationId, contactHash: hash },
    orderBy: [{ receivedAt: 'asc' }, { id: 'asc' }],
    select: { id: true },
  });
  return rows.map(({ id }) => id);
}

/** The same, locked until the commit. */
export async function lockTheirs(tx: Tx, organisationId: string, hash: string): Promise<readonly string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT f.id FROM feedback f WHERE f."organisationId" = ${organisationId}::uuid AND f."contactHash" = ${hash}
    ORDER BY f."receivedAt", f.id FOR UPDATE`;
  return rows.map(({ id }) => id);
}

/** What a customer's file tells beside what cards tell: consent, cases, what was written, who looked. */
export async function loadDossier(db: Db | Tx, organisationId: string, feedbackIds: readonly string[]) {
  const where = { organisationId, feedbackId: { in: [...feedbackIds] } };
  const [rows, cases, views, consents, questions] = await Promise.all([
    db.feedback.findMany({
      where: { organisationId, id: { in: [...feedbackIds] } },
      select: { id: true, consentId: true, consentLocale: true },
    }),
    db.feedbackCase.findMany({
      where,
      orderBy: { openedAt: 'asc' },
      include: {
        messages: { orderBy: [{ at: 'asc' }, { id: 'asc' }] },
        events: { where: { NOT: { words: '' } }, orderBy: [{ at: 'asc' }, { id: 'asc' }] },
      },
    }),
    db.feedbackContactView.findMany({ where, orderBy: { at: 'asc' }, select: { feedbackId: true, at: true } }),
    db.feedbackConsent.findMany({ where: { organisationId } }),
    db.feedbackQuestion.findMany({ where: { organisationId }, select: { id: true, key: true } }),
  ]);
  return { rows, cases, views, consents, questions };
}
export type Dossier = Awaited<ReturnType<typeof loadDossier>>;
