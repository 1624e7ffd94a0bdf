import type { Db, Tx } from '../../../people/db.js';
import { newId } from '../../../people/ids.js';
import { foldName } from '../../../people/names.js';
import type { Vault } from '../../../people/ports.js';
import type { QuestionKind } from '../model.js';
import { ByLanguageColumn } from '../schema.js';
import type { LineProblem } from './read-line.js';
import { ChunkLines, ColumnsColumn, type KeptColumn } from './schema.js';

/** What a chunk is sealed for. */
const PURPOSE = 'feedback.import';

export interface Import {
  readonly id: string;
  readonly personId: string;
  readonly fileName: string;
  readonly delimiter: string;
  readonly columns: readonly KeptColumn[];
  readonly asNew: boolean;
  readonly lines: number;
  readonly done: number;
  readonly accepted: number;
  readonly repeated: number;
  readonly refused: number;
  readonly state: 'ready' | 'running' | 'done';
  readonly createdAt: Date;
}

export interface NewImport {
  readonly personId: string;
  readonly fileName: string;
  readonly delimiter: string;
  readonly columns: readonly KeptColumn[];
  readonly lines: number;
}

export async function addImport(tx: Tx, organisationId: string, made: NewImport, now: Date): Promise<string> {
  const { id } = await tx.feedbackImport.create({
    data: { organisationId, id: newId(now), ...made, columns: [...made.columns], createdAt: now },
  });
  return id;
}

export async function addChunk(
  tx: Tx,
  vault: Vault,
  chunk: { readonly organisationId: string; readonly importId: string; readonly position: number; readonly lines: ChunkLines },
): Promise<void> {
  const { lines, ...key } = chunk;
  await tx.feedbackImportChunk.create({ data: { ...key, sealed: vault.seal(JSON.stringify(lines), PURPOSE) } });
}

/** The lines of one chunk; undefined behind the last one. */
export async function findChunk(
  tx: Tx,
  vault: Vault,
  organisationId: string,
  importId: string,
  position: number,
): Promise<ChunkLines | undefined> {
  const row = await tx.feedbackImportChunk.findUnique({
    where: { organisationId_importId_position: { organisationId, importId, position } },
    select: { sealed: true },
  });
  return row ? ChunkLines.parse(JSON.parse(vault.open(row.sealed, PURPOSE))) : undefined;
}

export async function removeChunk(tx: Tx, organisationId: string, importId: string, position: number): Promise<void> {
  await tx.feedbackImportChunk.deleteMany({ where: { organisationId, importId, position } });
}

export async function findImport(db: Db | Tx, organisationId: string, id: string): Promise<Import | undefined> {
  const row = await db.feedbackImport.findUnique({ where: { organisationId_id: { organisationId, id } } });
  return row ? { ...row, columns: ColumnsColumn.parse(row.columns) } : undefined;
}

/** Locks an import until the transaction ends. */
export async function lockImport(tx: Tx, organisationId: string, id: string): Promise<Import | undefined> {
  await tx.$queryRaw`SELECT 1 FROM feedback_import WHERE "organisationId" = ${organisationId}::uuid AND id = ${id}::uuid FOR NO KEY UPDATE`;
  return await findImport(tx, organisationId, id);
}

export async function startImport(tx: Tx, organisationId: string, id: string, asNew: boolean): Promise<void> {
  await tx.feedbackImport.update({ where: { organisationId_id: { organisationId, id } }, data: { state: 'running', asNew } });
}

/** Forgets a file that nothing was taken of. @returns whether there was one */
export async function removeImport(tx: Tx, organisationId: string, id: string): Promise<boolean> {
  const { count } = await tx.feedbackImport.deleteMany({ where: { organisationId, id, state: 'ready' } });
  return count > 0;
}

/** What came of a line. */
export interface LineResult {
  readonly line: number;
  /** Of what was taken, now or before; empty: it was not. */
  readonly reference: string;
  /** Empty: there is nothing to say about it. */
  readonly problem: LineProblem | 'repeated' | '';
  /** The heading of the column that it is about. */
  readonly column: string;
}

/** Notes what a chunk came to. */
export async function addProgress(
  tx: Tx,
  organisationId: string,
  importId: string,
  counts: { readonly done: number; readonly accepted: number; readonly repeated: number; readonly refused: number },
  results: readonly LineResult[],
): Promise<void> {
  const { done, accepted, repeated, refused } = counts;
  await tx.feedbackImport.update({
    where: { organisationId_id: { organisationId, id: importId } },
    data: {
      done: { increment: done },
      accepted: { increment: accepted },
      repeated: { increment: repeated },
      refused: { increment: refused },
    },
  });
  await tx.feedbackImportLine.createMany({ data: results.map((result) => ({ organisationId, importId, ...result })) });
}

export async function finishImport(tx: Tx, organisationId: string, id: string, now: Date): Promise<void> {
  await tx.feedbackImport.update({ where: { organisationId_id: { organisationId, id } }, data: { state: 'done', finishedAt: now } });
}

/** Removes imports that were looked at and left (their files hold people's data), and reports that nobody asks for any more. */
export async function removeForgotten(db: Db, organisationId: string, before: { readonly left: Date; readonly done: Date }): Promise<void> {
  await db.feedbackImport.deleteMany({
    where: {
      organisationId,
      OR: [
        { state: 'ready', createdAt: { lt: before.left } },
        { state: 'done', finishedAt: { lt: before.done } },
      ],
    },
  });
}

/** What came of every line, in their order. */
export async function listResults(db: Db, organisationId: string, importId: string): Promise<readonly LineResult[]> {
  const rows = await db.feedbackImportLine.findMany({ where: { organisationId, importId }, orderBy: { line: 'asc' } });
  return rows.map(({ line, reference, column, problem }) => ({ line, reference, column, problem: problem as LineResult['problem'] }));
}

/** What lines of a file may name. */
export async function loadNames(db: Db | Tx, organisationId: string) {
  // One after another: a transaction has one connection.
  const questions = await db.feedbackQuestion.findMany({
    where: { organisationId },
    select: { id: true, key: true, kind: true, labels: true },
    orderBy: { position: 'asc' },
  });
  const locations = await db.location.findMany({ where: { organisationId }, select: { id: true, name: true } });
  const consent = await db.feedbackConsent.findFirst({ where: { organisationId }, orderBy: { version: 'desc' }, select: { id: true } });
  return {
    questions: questions.map(({ labels, kind, ...question }) => ({
      ...question,
      kind: kind as QuestionKind,
      labels: ByLanguageColumn.parse(labels),
      names: Object.values(ByLanguageColumn.parse(labels)),
    })),
    locations: new Map(locations.map(({ id, name }) => [foldName(name), id])),
    consentId: consent?.id ?? null,
  };
}
