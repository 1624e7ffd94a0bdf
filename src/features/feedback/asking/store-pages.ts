import type { Db, Tx } from '../../../people/db.js';
import { newId } from '../../../people/ids.js';
import type { ByLanguage } from '../model.js';
import { ByLanguageColumn } from '../schema.js';

/** What managers write down of a page. */
export interface PageDraft {
  readonly name: string;
  readonly locationId: string | null;
  readonly questionIds: readonly string[];
  readonly asksContact: boolean;
  readonly asksServedBy: boolean;
  readonly intro: ByLanguage;
  readonly thanks: ByLanguage;
}

/** A survey page as managers keep it. */
export interface KeptPage extends PageDraft {
  readonly id: string;
  readonly slug: string;
  readonly closedAt: Date | null;
}

const SELECT = {
  id: true,
  slug: true,
  name: true,
  locationId: true,
  questionIds: true,
  asksContact: true,
  asksServedBy: true,
  intro: true,
  thanks: true,
  closedAt: true,
} as const;

const pageOf = <R extends { intro: unknown; thanks: unknown }>(row: R) => ({
  ...row,
  intro: ByLanguageColumn.parse(row.intro),
  thanks: ByLanguageColumn.parse(row.thanks),
});

/** Pages from a row on: open ones first, by name; and how many there are. */
export async function listPages(
  db: Db | Tx,
  organisationId: string,
  rows: { readonly offset: number; readonly take: number },
): Promise<{ readonly pages: readonly KeptPage[]; readonly total: number }> {
  const where = { organisationId };
  const [total, found] = await Promise.all([
    db.feedbackPage.count({ where }),
    db.feedbackPage.findMany({
      where,
      select: SELECT,
      orderBy: [{ closedAt: { sort: 'asc', nulls: 'first' } }, { name: 'asc' }, { id: 'asc' }],
      skip: rows.offset,
      take: rows.take,
    }),
  ]);
  return { pages: found.map(pageOf), total };
}

export async function findPage(db: Db | Tx, organisationId: string, pageId: string): Promise<KeptPage | undefined> {
  const row = await db.feedbackPage.findUnique({ where: { organisationId_id: { organisationId, id: pageId } }, select: SELECT });
  return row ? pageOf(row) : undefined;
}

/** The same, locked until the transaction ends. */
export async function lockPage(tx: Tx, organisationId: string, pageId: string): Promise<KeptPage | undefined> {
  await tx.$queryRaw`SELECT 1 FROM feedback_page WHERE "organisationId" = ${organisationId}::uuid AND id = ${pageId}::uuid FOR NO KEY UPDATE`;
  return await findPage(tx, organisationId, pageId);
}

/** Whether an address was given to a page already: of any organisation, since all share one door. */
export async function isSlugTaken(db: Db | Tx, slug: string): Promise<boolean> {
  const [row] = await db.$queryRaw<{ taken: boolean }[]>`SELECT EXISTS (SELECT 1 FROM feedback_page WHERE slug = ${slug}) AS taken`;
  return row?.taken === true;
}

const columnsOf = ({ questionIds, intro, thanks, ...draft }: PageDraft) => ({
  ...draft,
  questionIds: [...questionIds],
  intro: { ...intro },
  thanks: { ...thanks },
});

/** @returns the page's id */
export async function addPage(
  tx: Tx,
  organisationId: string,
  page: PageDraft & { readonly slug: string; readonly createdById: string },
  now: Date,
): Promise<string> {
  const { slug, createdById, ...draft } = page;
  const id = newId(now);
  await tx.feedbackPage.create({ data: { organisationId, id, slug, createdById, createdAt: now, ...columnsOf(draft) } });
  return id;
}

export async function changePage(tx: Tx, organisationId: string, pageId: string, draft: PageDraft): Promise<void> {
  await tx.feedbackPage.update({ where: { organisationId_id: { organisationId, id: pageId } }, data: columnsOf(draft) });
}

export async function setPageClosed(tx: Tx, organisationId: string, pageId: string, closedAt: Date | null): Promise<void> {
  await tx.feedbackPage.update({ where: { organisationId_id: { organisationId, id: pageId } }, data: { closedAt } });
}

/** How many answers came through pages since then, by page. */
export async function countAnswers(
  db: Db | Tx,
  organisationId: string,
  pageIds: readonly string[],
  since: Date,
): Promise<ReadonlyMap<string, number>> {
  if (pageIds.length === 0) return new Map();
  const rows = await db.feedback.groupBy({
    by: ['pageId'],
    where: { organisationId, pageId: { in: [...pageIds] }, receivedAt: { gte: since } },
    _count: true,
  });
  return new Map(rows.flatMap(({ pageId, _count }): [string, number][] => (pageId === null ? [] : [[pageId, _count]])));
}

/** The first page that is open, to look at how all of them look. */
export async function findOpenSlug(db: Db | Tx, organisationId: string): Promise<string | undefined> {
  const row = await db.feedbackPage.findFirst({
    where: { organisationId, closedAt: null },
    select: { slug: true },
    orderBy: [{ name: 'asc' }, { id: 'asc' }],
  });
  return row?.slug;
}

export async function locationName(db: Db | Tx, organisationId: string, locationId: string): Promise<string | undefined> {
  const row = await db.location.findUnique({ where: { organisationId_id: { organisationId, id: locationId } }, select: { name: true } });
  return row?.name;
}
