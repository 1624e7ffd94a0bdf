import type { Card } from '../../core/card.js';
import { BellhopError } from '../../core/errors.js';
import { date } from '../../core/text.js';
import { enqueue } from '../../delivery/enqueue.js';
import { enqueueJob } from '../../delivery/jobs.js';
import { countAudience, describeAudience } from '../../people/audience.js';
import { inTransaction } from '../../people/db.js';
import type { HandlerContext } from '../../people/handlers.js';
import { localDay } from '../../people/hours.js';
import { parseDocument } from './markdown.js';
import { draftCard, publishedCard } from './messages-publish.js';
import { reasonLines } from './messages-reasons.js';
import { subject, type Version } from './model.js';
import { reasonsOf } from './reasons.js';
import type { Degraded } from './rich-from-mdast.js';
import { statusOf } from './status.js';
import { getVersion, listPublished, sourceOf, summariseClauses } from './store.js';
import { publish } from './store-versions.js';

/**
 * A draft's card with all that a manager should know of it. What is published already is shown by its status.
 * @param degraded what parsing the text has just told; without it the text is parsed again
 */
export async function showDraft(context: HandlerContext, version: Version, degraded?: Degraded): Promise<Card> {
  const { db, organisation } = context;
  if (version.state !== 'draft') return await statusOf(context, version, 0);
  const [clauses, audience, people, published, reasons, source] = await Promise.all([
    summariseClauses(db, organisation.id, version.id),
    describeAudience(db, organisation.id, version.audience),
    countAudience(db, organisation, version.audience),
    listPublished(db, organisation.id),
    reasonsOf(context, version.id),
    degraded ? '' : sourceOf(db, organisation.id, version.id),
  ]);
  const before = published.find((other) => other.documentId === version.documentId);
  return draftCard(version, {
    clauses: clauses.count,
    headed: clauses.headed,
    long: clauses.long,
    degraded: degraded ?? parseDocument(source, version.title).degraded,
    audience,
    people,
    supersedes: before?.number ?? undefined,
    reasons,
  });
}

/**
 * Publishes a draft: the version, the job that asks everyone, and the card that counts them commit together.
 * Published before (a second click, another manager): its status.
 * @throws BellhopError `handbook.version_gone`, `handbook.due_past`, `handbook.audience_empty`
 */
export async function publishDraft(context: HandlerContext, versionId: string): Promise<Card> {
  const { db, organisation, person, clock } = context;
  const now = clock.now();
  const draft = await getVersion(db, organisation.id, versionId);
  if (draft.state !== 'draft') return await statusOf(context, draft, 0);
  if (draft.dueOn < localDay(now, organisation.zone)) throw new BellhopError('handbook.due_past', { due: date(draft.dueOn) });
  const people = await countAudience(db, organisation, draft.audience);
  if (people === 0) throw new BellhopError('handbook.audience_empty');
  const version = await inTransaction(db, async (tx) => {
    const done = await publish(tx, organisation.id, versionId, person.id, now);
    if (!done) return undefined;
    await enqueueJob(
      tx,
      {
        organisationId: organisation.id,
        subjectKey: `handbook.fan_out:${versionId}`,
        kind: 'handbook.fan_out',
        payload: { versionId },
        dueAt: now,
      },
      now,
    );
    await enqueue(
      tx,
      {
        organisationId: organisation.id,
        subjectKey: subject.progress(versionId),
        message: 'handbook.progress',
        payload: { versionId },
        to: { personId: person.id },
        priority: 'answer',
        dueAt: now,
      },
      now,
    );
    return done.version;
  });
  return version
    ? publishedCard(version, people, reasonLines(await reasonsOf(context, versionId)))
    : await statusOf(context, await getVersion(db, organisation.id, versionId), 0);
}
