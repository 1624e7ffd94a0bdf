import { Prisma } from '../../generated/prisma/client.js';
import type { Db, Tx } from '../../people/db.js';
import { newId } from '../../people/ids.js';

/** A question on a clause, with what its cards show. */
export interface Question {
  readonly id: string;
  readonly versionId: string;
  readonly title: string;
  readonly clauseNumber: string;
  readonly clauseHeading: string;
  readonly personId: string;
  readonly personName: string;
  readonly words: string;
  readonly askedAt: Date;
  readonly answer: string | null;
  readonly answeredAt: Date | null;
  readonly answeredByName: string | null;
}

/** `where` is a predicate over `q`, which must name the organisation. */
async function loadQuestions(db: Db | Tx, where: Prisma.Sql, tail: Prisma.Sql): Promise<Question[]> {
  return await db.$queryRaw<Question[]>`
    SELECT q.id, q."versionId", v.title, c.number AS "clauseNumber", c.heading AS "clauseHeading", q."personId", p.name AS "personName",
           q.words, q."askedAt", q.answer, q."answeredAt", b.name AS "answeredByName"
    FROM handbook_question q
    JOIN handbook_version v ON v."organisationId" = q."organisationId" AND v.id = q."versionId"
    JOIN handbook_clause c ON c."organisationId" = q."organisationId" AND c.id = q."clauseId"
    JOIN person p ON p."organisationId" = q."organisationId" AND p.id = q."personId"
    LEFT JOIN person b ON b."organisationId" = q."organisationId" AND b.id = q."answeredById"
    WHERE ${where} ${tail}`;
}

export async function findQuestion(db: Db | Tx, organisationId: string, id: string): Promise<Question | undefined> {
  const [found] = await loadQuestions(db, Prisma.sql`q."organisationId" = ${organisationId}::uuid AND q.id = ${id}::uuid`, Prisma.empty);
  return found;
}

export async function createQuestion(
  tx: Tx,
  organisationId: string,
  question: { readonly versionId: string; readonly clauseId: string; readonly personId: string; readonly words: string },
  now: Date,
): Promise<string> {
  const id = newId(now);
  await tx.question.create({ data: { organisationId, id, askedAt: now, ...question } });
  return id;
}

/** Keeps an answer. False when somebody answered before. */
export async function answerQuestion(
  tx: Tx,
  organisationId: string,
  id: string,
  answeredById: string,
  answer: string,
  now: Date,
): Promise<boolean> {
  const { count } = await tx.question.updateMany({
    where: { organisationId, id, answeredAt: null },
    data: { answer, answeredAt: now, answeredById },
  });
  return count > 0;
}

/** Unanswered questions first, the oldest of them on top; then the answered ones, the newest first. */
export async function listQuestions(
  db: Db | Tx,
  organisationId: string,
  page: { readonly offset: number; readonly limit: number },
): Promise<{ readonly items: Question[]; readonly total: number; readonly unanswered: number }> {
  const [total, unanswered, items] = await Promise.all([
    db.question.count({ where: { organisationId } }),
    countUnanswered(db, organisationId),
    loadQuestions(
      db,
      Prisma.sql`q."organisationId" = ${organisationId}::uuid`,
      Prisma.sql`ORDER BY (q."answeredAt" IS NOT NULL), q."answeredAt" DESC, q."askedAt", q.id LIMIT ${page.limit} OFFSET ${page.offset}`,
    ),
  ]);
  return { items, total, unanswered };
}

export async function countUnanswered(db: Db | Tx, organisationId: string): Promise<number> {
  return await db.question.count({ where: { organisationId, answeredAt: null } });
}

/** To whom the managers' copies of a question went. */
export async function questionRecipients(db: Db | Tx, organisationId: string, questionId: string): Promise<string[]> {
  const rows = await db.delivery.findMany({
    where: { organisationId, subjectKey: { startsWith: `handbook.question:${questionId}:` } },
    select: { subjectKey: true },
  });
  return rows.map((row) => row.subjectKey);
}
