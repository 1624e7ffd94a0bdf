import type { Db, Tx } from '../../../people/db.js';
import type { Question } from '../model.js';
import { ByLanguageColumn } from '../schema.js';

/** The scales that the organisation asks about, in their order. */
export async function findScales(db: Db | Tx, organisationId: string): Promise<readonly Question[]> {
  const rows = await db.feedbackQuestion.findMany({
    where: { organisationId, retiredAt: null, kind: { not: 'open' } },
    orderBy: [{ position: 'asc' }, { id: 'asc' }],
  });
  return rows.map(({ id, key, kind, labels, position }) => ({
    id,
    key,
    kind,
    labels: ByLanguageColumn.parse(labels),
    position,
    retired: false,
  }));
}

export async function hasLocation(db: Db | Tx, organisationId: string, id: string): Promise<boolean> {
  return (await db.location.findUnique({ where: { organisationId_id: { organisationId, id } }, select: { id: true } })) !== null;
}

/** The text that customers agree to now. */
export async function findConsentId(db: Db | Tx, organisationId: string): Promise<string | undefined> {
  const found = await db.feedbackConsent.findFirst({ where: { organisationId }, orderBy: { version: 'desc' }, select: { id: true } });
  return found?.id;
}
