import type { Db, Tx } from '../../../people/db.js';
import { newId } from '../../../people/ids.js';
import type { ByLanguage, Question, QuestionKind } from '../model.js';
import { ByLanguageColumn } from '../schema.js';

const SELECT = { id: true, key: true, kind: true, labels: true, position: true, retiredAt: true } as const;

const questionOf = ({
  retiredAt,
  labels,
  ...row
}: Omit<Question, 'labels' | 'retired'> & { labels: unknown; retiredAt: Date | null }): Question => ({
  ...row,
  labels: ByLanguageColumn.parse(labels),
  retired: retiredAt !== null,
});

/** Every question in the order of the pages, retired ones behind the others. */
export async function listQuestions(db: Db | Tx, organisationId: string): Promise<readonly Question[]> {
  const rows = await db.feedbackQuestion.findMany({
    where: { organisationId },
    select: SELECT,
    orderBy: [{ position: 'asc' }, { id: 'asc' }],
  });
  return rows.map(questionOf).toSorted((one, other) => Number(one.retired) - Number(other.retired));
}

/** The same, locked until the transaction ends: what changes their order or number follows one another. */
export async function lockQuestions(tx: Tx, organisationId: string): Promise<readonly Question[]> {
  await tx.$queryRaw`SELECT id FROM feedback_question WHERE "organisationId" = ${organisationId}::uuid ORDER BY id FOR NO KEY UPDATE`;
  return await listQuestions(tx, organisationId);
}

/** @returns the question's id */
export async function addQuestion(
  tx: Tx,
  organisationId: string,
  question: { readonly key: string; readonly kind: QuestionKind; readonly labels: ByLanguage; readonly position: number },
  now: Date,
): Promise<string> {
  const id = newId(now);
  await tx.feedbackQuestion.create({ data: { organisationId, id, createdAt: now, ...question, labels: { ...question.labels } } });
  return id;
}

export async function setLabels(tx: Tx, organisationId: string, questionId: string, labels: ByLanguage): Promise<void> {
  await tx.feedbackQuestion.update({ where: { organisationId_id: { organisationId, id: questionId } }, data: { labels: { ...labels } } });
}

export async function setRetired(tx: Tx, organisationId: string, questionId: string, retiredAt: Date | null): Promise<void> {
  await tx.feedbackQuestion.update({ where: { organisationId_id: { organisationId, id: questionId } }, data: { retiredAt } });
}

/** Writes down an order. @param ids every question, the first of the pages first */
export async function setOrder(tx: Tx, organisationId: string, ids: readonly string[]): Promise<void> {
  await tx.$executeRaw`
    UPDATE feedback_question q SET position = o.position - 1
    FROM unnest(${[...ids]}::uuid[]) WITH ORDINALITY AS o (id, position)
    WHERE q."organisationId" = ${organisationId}::uuid AND q.id = o.id AND q.position <> o.position - 1`;
}

/** How many open pages ask a question. */
export async function pagesAsking(db: Db | Tx, organisationId: string, questionId: string): Promise<number> {
  return await db.feedbackPage.count({ where: { organisationId, closedAt: null, questionIds: { has: questionId } } });
}
