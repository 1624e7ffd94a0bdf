import type { Prisma } from '../../generated/prisma/client.js';
import type { Db, Tx } from '../../people/db.js';
import type { Doubt, Said } from './model.js';
import { ByLanguageColumn, SaidWordsColumn } from './schema.js';

const WITH = {
  ratings: { select: { questionId: true, value: true } },
  themes: { include: { theme: { select: { id: true, key: true, names: true, position: true } } } },
  concerns: { orderBy: { addedAt: 'asc' } },
  cases: { orderBy: { openedAt: 'asc' }, take: 1, select: { id: true, mergedIntoId: true } },
} as const satisfies Prisma.FeedbackInclude;

/** One piece of feedback of the organisation; undefined when there is none such. */
export async function findFeedback(db: Db | Tx, organisationId: string, feedbackId: string): Promise<Said | undefined> {
  return (await findManyFeedback(db, organisationId, [feedbackId])).get(feedbackId);
}

/** The same for many, by id; those that aren't there are left out. */
export async function findManyFeedback(db: Db | Tx, organisationId: string, feedbackIds: readonly string[]): Promise<Map<string, Said>> {
  if (feedbackIds.length === 0) return new Map();
  const rows = await db.feedback.findMany({ where: { organisationId, id: { in: [...feedbackIds] } }, include: WITH });
  const names = await namesOf(db, organisationId, rows);
  return new Map(
    rows.map((row): [string, Said] => [
      row.id,
      {
        ...row,
        pageName: (row.pageId && names.pages.get(row.pageId)) || null,
        locationName: (row.locationId && names.locations.get(row.locationId)) || null,
        loggedByName: (row.loggedById && names.people.get(row.loggedById)) || null,
        words: SaidWordsColumn.parse(row.words),
        doubts: row.doubts as Doubt[],
        themes: row.themes
          .toSorted((one, other) => one.theme.position - other.theme.position)
          .map(({ theme: { id, key, names: typed } }) => ({ id, key, names: ByLanguageColumn.parse(typed) })),
        concerns: row.concerns.map(({ personId, how }) => ({ personId, how, name: names.people.get(personId) ?? '' })),
        caseId: row.cases[0]?.mergedIntoId ?? row.cases[0]?.id ?? null,
      },
    ]),
  );
}

type Row = Prisma.FeedbackGetPayload<{ include: typeof WITH }>;

/** Names of what rows point to. */
async function namesOf(db: Db | Tx, organisationId: string, rows: readonly Row[]) {
  const ids = (of: (row: Row) => readonly (string | null)[]) => [...new Set(rows.flatMap(of))].filter((id): id is string => id !== null);
  const [pageIds, locationIds, personIds] = [
    ids((row) => [row.pageId]),
    ids((row) => [row.locationId]),
    ids((row) => [row.loggedById, ...row.concerns.map(({ personId }) => personId)]),
  ];
  const where = (among: string[]) => ({ organisationId, id: { in: among } });
  const select = { id: true, name: true } as const;
  const named = (found: readonly { id: string; name: string }[]) => new Map(found.map(({ id, name }) => [id, name]));
  return {
    pages: named(pageIds.length > 0 ? await db.feedbackPage.findMany({ where: where(pageIds), select }) : []),
    locations: named(locationIds.length > 0 ? await db.location.findMany({ where: where(locationIds), select }) : []),
    people: named(personIds.length > 0 ? await db.person.findMany({ where: where(personIds), select }) : []),
  };
}

/** Locks one piece of feedback until the transaction ends, so that two decisions about it follow one another; its state as it is then. */
export async function lockFeedback(tx: Tx, organisationId: string, feedbackId: string): Promise<Said | undefined> {
  await tx.$queryRaw`SELECT 1 FROM feedback WHERE "organisationId" = ${organisationId}::uuid AND id = ${feedbackId}::uuid FOR NO KEY UPDATE`;
  return await findFeedback(tx, organisationId, feedbackId);
}
