import { BellhopError } from '../../core/errors.js';
import { type Prisma, VersionState } from '../../generated/prisma/client.js';
import { audienceColumns } from '../../people/audience.js';
import { recordEvent } from '../../people/audit.js';
import { type Db, inTransaction, type Tx } from '../../people/db.js';
import { newId } from '../../people/ids.js';
import type { Audience } from '../../people/model.js';
import type { ClauseText } from './markdown.js';
import { fromDay, type Version } from './model.js';
import { type PageParts, pagesOfClauses } from './pages.js';
import type { Degraded } from './rich-from-mdast.js';
import { getVersion } from './store.js';
import { giveReasons, takeReasons } from './store-reasons.js';

/** A draft as it is to be kept. */
export interface DraftText {
  readonly title: string;
  readonly source: string;
  readonly sha256: string;
  readonly statement: string;
  readonly audience: Audience;
  readonly effectiveOn: string;
  readonly dueOn: string;
  readonly readingMinutes: number;
  readonly clauses: readonly ClauseText[];
  readonly pages: readonly PageParts[];
  /** What chat can't show as written; not kept, but told to the author. */
  readonly degraded: Degraded;
}

/**
 * Keeps a draft: a new one, or the given one anew.
 * @param target `documentId` of the document that it is to be a version of (a new document without it), `draftId` of the draft that it replaces
 * @throws BellhopError `handbook.version_gone`, `handbook.already_published` when the draft is no draft any more
 */
export async function saveDraft(
  db: Db,
  organisationId: string,
  authorId: string,
  target: { readonly documentId?: string | undefined; readonly draftId?: string | undefined },
  text: DraftText,
  now: Date,
): Promise<Version> {
  return await inTransaction(db, async (tx) => {
    const documentId = await documentOf(tx, organisationId, authorId, target.documentId, now);
    const content = {
      documentId,
      title: text.title,
      source: text.source,
      sha256: text.sha256,
      statement: text.statement,
      ...audienceColumns(text.audience),
      effectiveOn: fromDay(text.effectiveOn),
      dueOn: fromDay(text.dueOn),
      readingMinutes: text.readingMinutes,
      pageCount: text.pages.length,
    };
    const id = target.draftId ?? newId(now);
    if (target.draftId) {
      const { count } = await tx.documentVersion.updateMany({ where: { organisationId, id, state: 'draft' }, data: content });
      if (count === 0) await notADraft(tx, organisationId, id);
      const reasons = await takeReasons(tx, organisationId, id);
      await tx.clause.deleteMany({ where: { organisationId, versionId: id } });
      await tx.versionPage.deleteMany({ where: { organisationId, versionId: id } });
      await insertText(tx, organisationId, id, text, now);
      await giveReasons(tx, organisationId, id, reasons);
    } else {
      await tx.documentVersion.create({ data: { organisationId, id, createdAt: now, createdById: authorId, ...content } });
      await insertText(tx, organisationId, id, text, now);
    }
    return await getVersion(tx, organisationId, id);
  });
}

async function documentOf(tx: Tx, organisationId: string, authorId: string, documentId: string | undefined, now: Date): Promise<string> {
  if (documentId !== undefined) {
    const found = await tx.document.findUnique({ where: { organisationId_id: { organisationId, id: documentId } }, select: { id: true } });
    if (!found) throw new BellhopError('handbook.version_gone');
    return found.id;
  }
  const id = newId(now);
  await tx.document.create({ data: { organisationId, id, createdAt: now, createdById: authorId } });
  return id;
}

async function notADraft(tx: Db | Tx, organisationId: string, id: string): Promise<never> {
  await getVersion(tx, organisationId, id);
  throw new BellhopError('handbook.already_published');
}

async function insertText(tx: Tx, organisationId: string, versionId: string, text: DraftText, now: Date): Promise<void> {
  const spans = pagesOfClauses(text.pages);
  await tx.clause.createMany({
    data: text.clauses.map((clause, ordinal) => ({
      organisationId,
      id: newId(now),
      versionId,
      ordinal,
      number: clause.number,
      heading: clause.heading,
      body: clause.body as unknown as Prisma.InputJsonValue,
      firstPage: spans.get(ordinal)?.first ?? 1,
      lastPage: spans.get(ordinal)?.last ?? 1,
    })),
  });
  await tx.versionPage.createMany({
    data: text.pages.map((parts, index) => ({
      organisationId,
      versionId,
      number: index + 1,
      parts: parts as unknown as Prisma.InputJsonValue,
    })),
  });
}

/** Throws away a draft, and its document when that has nothing else. Harmless when it is gone already. */
export async function discardDraft(db: Db, organisationId: string, id: string): Promise<void> {
  await inTransaction(db, async (tx) => {
    const draft = await tx.documentVersion.findUnique({
      where: { organisationId_id: { organisationId, id } },
      select: { documentId: true, state: true },
    });
    if (!draft) return;
    if (draft.state !== 'draft') throw new BellhopError('handbook.already_published');
    await tx.documentVersion.deleteMany({ where: { organisationId, id, state: 'draft' } });
    await tx.document.deleteMany({ where: { organisationId, id: draft.documentId, versions: { none: {} } } });
  });
}

/**
 * Publishes a draft, and supersedes what was published of its document.
 * @returns the published version and the ids of the versions that it supersedes; undefined when it was published before
 */
export async function publish(
  tx: Tx,
  organisationId: string,
  id: string,
  publisherId: string,
  now: Date,
): Promise<{ readonly version: Version; readonly superseded: readonly string[] } | undefined> {
  const draft = await getVersion(tx, organisationId, id);
  // Two versions of one document published at once: one after the other, so that each has its own number.
  await tx.$executeRaw`SELECT 1 FROM handbook_document WHERE "organisationId" = ${organisationId}::uuid AND id = ${draft.documentId}::uuid FOR UPDATE`;
  const latest = await tx.documentVersion.aggregate({ where: { organisationId, documentId: draft.documentId }, _max: { number: true } });
  const { count } = await tx.documentVersion.updateMany({
    where: { organisationId, id, state: VersionState.draft },
    data: { state: VersionState.published, number: (latest._max.number ?? 0) + 1, publishedAt: now, publishedById: publisherId },
  });
  if (count === 0) return undefined;
  const older = await tx.documentVersion.findMany({
    where: { organisationId, documentId: draft.documentId, state: VersionState.published, id: { not: id } },
    select: { id: true },
  });
  const superseded = older.map((version) => version.id);
  await tx.documentVersion.updateMany({
    where: { organisationId, id: { in: superseded } },
    data: { state: VersionState.superseded, closedAt: now, closedById: publisherId },
  });
  await recordEvent(tx, { organisationId, actorId: publisherId, verb: 'handbook.published', subjectId: id }, now);
  return { version: await getVersion(tx, organisationId, id), superseded };
}

/** Withdraws a published version. False when it isn't published (any more). */
export async function withdraw(tx: Tx, organisationId: string, id: string, actorId: string, reason: string, now: Date): Promise<boolean> {
  const { count } = await tx.documentVersion.updateMany({
    where: { organisationId, id, state: VersionState.published },
    data: { state: VersionState.withdrawn, closedAt: now, closedById: actorId, closedReason: reason },
  });
  if (count > 0) await recordEvent(tx, { organisationId, actorId, verb: 'handbook.withdrawn', subjectId: id }, now);
  return count > 0;
}

/** Sets a later due date. False when the version isn't published, or is due on that day or later already. */
export async function extendDue(tx: Tx, organisationId: string, id: string, actorId: string, dueOn: string, now: Date): Promise<boolean> {
  const { count } = await tx.documentVersion.updateMany({
    where: { organisationId, id, state: VersionState.published, dueOn: { lt: fromDay(dueOn) } },
    data: { dueOn: fromDay(dueOn) },
  });
  if (count > 0) await recordEvent(tx, { organisationId, actorId, verb: 'handbook.due_extended', subjectId: id, data: { dueOn } }, now);
  return count > 0;
}

/** Notes that everyone outstanding is reminded today. False when that was done today already, by whomever. */
export async function claimManualReminder(tx: Tx, organisationId: string, id: string, day: string): Promise<boolean> {
  const { count } = await tx.documentVersion.updateMany({
    where: {
      organisationId,
      id,
      state: VersionState.published,
      OR: [{ lastManualReminderOn: null }, { lastManualReminderOn: { lt: fromDay(day) } }],
    },
    data: { lastManualReminderOn: fromDay(day) },
  });
  return count > 0;
}
