import type { Db, Tx } from '../people/db.js';

/** How far the trial's handbook has come, for one person. */
export type Progress =
  | { readonly step: 'write' }
  | { readonly step: 'publish'; readonly versionId: string; readonly title: string }
  | { readonly step: 'sign'; readonly assignmentId: string; readonly title: string }
  | { readonly step: 'done'; readonly versionId: string; readonly title: string };

export async function findProgress(db: Db | Tx, organisationId: string, personId: string): Promise<Progress> {
  const version = await db.documentVersion.findFirst({
    where: { organisationId, state: { in: ['published', 'draft'] } },
    // `published` before `draft`, and of each the newest.
    orderBy: [{ publishedAt: { sort: 'desc', nulls: 'last' } }, { createdAt: 'desc' }],
    select: { id: true, title: true, state: true },
  });
  if (!version) return { step: 'write' };
  if (version.state === 'draft') return { step: 'publish', versionId: version.id, title: version.title };
  const open = await db.assignment.findFirst({
    where: { organisationId, versionId: version.id, personId, state: 'open' },
    select: { id: true },
  });
  if (open) return { step: 'sign', assignmentId: open.id, title: version.title };
  return { step: 'done', versionId: version.id, title: version.title };
}

/** What stands in the address of the survey page that was made first; undefined where none takes anything. */
export async function findSurveySlug(db: Db | Tx, organisationId: string): Promise<string | undefined> {
  const page = await db.feedbackPage.findFirst({
    where: { organisationId, closedAt: null },
    orderBy: { createdAt: 'asc' },
    select: { slug: true },
  });
  return page?.slug;
}

export async function hasHandbook(db: Db | Tx, organisationId: string): Promise<boolean> {
  return (await db.documentVersion.findFirst({ where: { organisationId }, select: { id: true } })) !== null;
}
