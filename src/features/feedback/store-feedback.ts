import { Prisma } from '../../generated/prisma/client.js';
import type { Db, Tx } from '../../people/db.js';
import type { Concern, Doubt, Rating, Said } from './model.js';
import { ByLanguageColumn, SaidWordsColumn } from './schema.js';

/** One piece of feedback of the organisation; undefined when there is none such. */
export async function findFeedback(db: Db | Tx, organisationId: string, feedbackId: string): Promise<Said | undefined> {
  return (await findManyFeedback(db, organisationId, [feedbackId])).get(feedbackId);
}

/** A row as the statement gives it: what is a list there comes as JSON. */
type Row = Omit<Said, 'words' | 'doubts' | 'ratings' | 'themes' | 'concerns'> & {
  readonly words: unknown;
  readonly doubts: string[];
  readonly ratings: Rating[] | null;
  readonly themes: { readonly id: string; readonly key: string | null; readonly names: unknown }[] | null;
  readonly concerns: Concern[] | null;
};

/** The same for many, by id; those that aren't there are left out. One statement, however many they are. */
export async function findManyFeedback(db: Db | Tx, organisationId: string, feedbackIds: readonly string[]): Promise<Map<string, Said>> {
  if (feedbackIds.length === 0) return new Map();
  const of = (column: string) => Prisma.sql`"organisationId" = f."organisationId" AND ${Prisma.raw(`"${column}"`)} = f.id`;
  const rows = await db.$queryRaw<Row[]>`
    SELECT f.id, f.reference, f.source::text AS source, f.kind::text AS kind, f.state::text AS state, f."pageId", p.name AS "pageName",
           f."locationId", l.name AS "locationName", f.language, f.stars::int AS stars, f.words, f."servedBy", f."contactSealed", f."contactHash",
           f.doubts, f."loggedById", b.name AS "loggedByName", f."externalRef", f."happenedAt", f."receivedAt", f."ruleId", f."channelId",
           f."personId", f."bundleId", f."strippedAt",
           (SELECT json_agg(json_build_object('questionId', r."questionId", 'value', r.value) ORDER BY q.position)
            FROM feedback_rating r JOIN feedback_question q ON q."organisationId" = r."organisationId" AND q.id = r."questionId"
            WHERE r.${of('feedbackId')}) AS ratings,
           (SELECT json_agg(json_build_object('id', t.id, 'key', t.key, 'names', t.names) ORDER BY t.position, t.id)
            FROM feedback_about a JOIN feedback_theme t ON t."organisationId" = a."organisationId" AND t.id = a."themeId"
            WHERE a.${of('feedbackId')}) AS themes,
           (SELECT json_agg(json_build_object('personId', c."personId", 'how', c.how, 'name', COALESCE(n.name, '')) ORDER BY c."addedAt", c."personId")
            FROM feedback_concern c LEFT JOIN person n ON n."organisationId" = c."organisationId" AND n.id = c."personId"
            WHERE c.${of('feedbackId')}) AS concerns,
           (SELECT COALESCE(x."mergedIntoId", x.id) FROM feedback_case x WHERE x.${of('feedbackId')} ORDER BY x."openedAt" LIMIT 1) AS "caseId"
    FROM feedback f
    LEFT JOIN feedback_page p ON p."organisationId" = f."organisationId" AND p.id = f."pageId"
    LEFT JOIN location l ON l."organisationId" = f."organisationId" AND l.id = f."locationId"
    LEFT JOIN person b ON b."organisationId" = f."organisationId" AND b.id = f."loggedById"
    WHERE f."organisationId" = ${organisationId}::uuid AND f.id = ANY (${[...feedbackIds]}::uuid[])`;
  return new Map(rows.map((row): [string, Said] => [row.id, toSaid(row)]));
}

function toSaid({ words, doubts, ratings, themes, concerns, ...row }: Row): Said {
  return {
    ...row,
    words: SaidWordsColumn.parse(words),
    doubts: doubts as Doubt[],
    ratings: ratings ?? [],
    themes: (themes ?? []).map((theme) => ({ ...theme, names: ByLanguageColumn.parse(theme.names) })),
    concerns: concerns ?? [],
  };
}

/** Locks one piece of feedback until the transaction ends, so that two decisions about it follow one another; its state as it is then. */
export async function lockFeedback(tx: Tx, organisationId: string, feedbackId: string): Promise<Said | undefined> {
  await tx.$queryRaw`SELECT 1 FROM feedback WHERE "organisationId" = ${organisationId}::uuid AND id = ${feedbackId}::uuid FOR NO KEY UPDATE`;
  return await findFeedback(tx, organisationId, feedbackId);
}
