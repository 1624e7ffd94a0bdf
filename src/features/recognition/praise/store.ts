import type { Db, Tx } from '../../../people/db.js';
import { newId } from '../../../people/ids.js';

/** A customer's praise that waits for a manager, or what became of it. */
export interface Praise {
  readonly id: string;
  /** The customer's own words; empty after an erasure. */
  readonly quote: string;
  readonly personIds: readonly string[];
  readonly state: 'proposed' | 'confirmed' | 'dismissed';
  readonly proposedById: string | null;
  readonly createdAt: Date;
  readonly decidedById: string | null;
  readonly decidedAt: Date | null;
  readonly kudosId: string | null;
}

/** @returns the id, and whether it is new: the same source proposes once */
export async function addPraise(
  tx: Tx,
  organisationId: string,
  praise: {
    readonly sourceKey: string;
    readonly quote: string;
    readonly personIds: readonly string[];
    readonly proposedById: string | null;
  },
  now: Date,
): Promise<{ readonly id: string; readonly isNew: boolean }> {
  const { sourceKey } = praise;
  const { count } = await tx.praiseProposal.createMany({
    data: { organisationId, id: newId(now), createdAt: now, ...praise, personIds: [...praise.personIds] },
    skipDuplicates: true,
  });
  const row = await tx.praiseProposal.findUniqueOrThrow({
    where: { organisationId_sourceKey: { organisationId, sourceKey } },
    select: { id: true },
  });
  return { id: row.id, isNew: count > 0 };
}

export async function findPraise(db: Db | Tx, organisationId: string, id: string): Promise<Praise | undefined> {
  return (await db.praiseProposal.findUnique({ where: { organisationId_id: { organisationId, id } } })) ?? undefined;
}

/** The same, locked until the commit: of two decisions one waits for the other. */
export async function lockPraise(tx: Tx, organisationId: string, id: string): Promise<Praise | undefined> {
  await tx.$queryRaw`SELECT 1 FROM praise_proposal WHERE "organisationId" = ${organisationId}::uuid AND id = ${id}::uuid FOR UPDATE`;
  return await findPraise(tx, organisationId, id);
}

/** Notes a decision about praise that is locked and waits for one. */
export async function decidePraise(
  tx: Tx,
  organisationId: string,
  id: string,
  decision: { readonly state: 'confirmed' | 'dismissed'; readonly decidedById: string; readonly kudosId: string | null },
  now: Date,
): Promise<void> {
  await tx.praiseProposal.updateMany({ where: { organisationId, id, state: 'proposed' }, data: { ...decision, decidedAt: now } });
}

const waiting = (organisationId: string, managerId: string) => ({
  organisationId,
  state: 'proposed' as const,
  NOT: { personIds: { has: managerId } },
});

/** What waits for this manager, the longest waiting first: nobody decides about the own praise. */
export async function listPraise(
  db: Db | Tx,
  organisationId: string,
  managerId: string,
  page: { readonly offset: number; readonly limit: number },
): Promise<{ readonly rows: readonly Praise[]; readonly total: number }> {
  const rows = await db.praiseProposal.findMany({
    where: waiting(organisationId, managerId),
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    skip: page.offset,
    take: page.limit,
  });
  return { rows, total: await countPraise(db, organisationId, managerId) };
}

/** How much praise waits for this manager. */
export async function countPraise(db: Db | Tx, organisationId: string, managerId: string): Promise<number> {
  return await db.praiseProposal.count({ where: waiting(organisationId, managerId) });
}

/** Takes away what customers said of a person: their words may name the person. What still waits is over. */
export async function erasePraise(tx: Tx, organisationId: string, personId: string, now: Date): Promise<void> {
  const theirs = { organisationId, personIds: { has: personId } };
  await tx.praiseProposal.updateMany({ where: { ...theirs, state: 'proposed' }, data: { state: 'dismissed', decidedAt: now } });
  await tx.praiseProposal.updateMany({ where: theirs, data: { quote: '' } });
}

/**
 * Takes away a customer's words by where they came from, and from the kudos that were made of them. What still waits is over.
 * @returns the praise and the kudos whose cards show it
 */
export async function forgetQuotes(
  tx: Tx,
  organisationId: string,
  sourceKeys: readonly string[],
  now: Date,
): Promise<{ readonly praiseIds: readonly string[]; readonly kudosIds: readonly string[] }> {
  const from = { organisationId, sourceKey: { in: [...sourceKeys] } };
  const found = await tx.praiseProposal.findMany({ where: { ...from, NOT: { quote: '' } }, select: { id: true, kudosId: true } });
  if (found.length === 0) return { praiseIds: [], kudosIds: [] };
  const praiseIds = found.map(({ id }) => id);
  const kudosIds = found.flatMap(({ kudosId }) => kudosId ?? []);
  const those = { organisationId, id: { in: praiseIds } };
  await tx.praiseProposal.updateMany({ where: { ...those, state: 'proposed' }, data: { state: 'dismissed', decidedAt: now } });
  await tx.praiseProposal.updateMany({ where: those, data: { quote: '' } });
  await tx.kudos.updateMany({ where: { organisationId, id: { in: kudosIds } }, data: { words: '', wordsDigest: '' } });
  return { praiseIds, kudosIds };
}
