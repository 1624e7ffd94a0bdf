import { enqueueMany, refresh } from '../../delivery/enqueue.js';
import { Prisma } from '../../generated/prisma/client.js';
import { audienceSql } from '../../people/audience.js';
import type { Db, Tx } from '../../people/db.js';
import { newId } from '../../people/ids.js';
import type { Organisation } from '../../people/model.js';
import { cardsOf, fromDay, subject, type Version, type VersionState } from './model.js';
import { firstStage, stageNotBefore } from './rules.js';

/** Asking one audience, batch by batch. */
export interface Asking {
  readonly organisation: Organisation;
  readonly version: Version;
  /** The day of the asking in the organisation's zone, and the day by which these people are to sign. */
  readonly askedOn: string;
  readonly dueOn: string;
  /** The card that counts them, if one does. */
  readonly progressOf?: string;
}

/** How a version stands, kept so until this transaction ends: nobody is asked for what is withdrawn meanwhile. */
export async function holdVersion(tx: Tx, organisationId: string, id: string): Promise<VersionState | undefined> {
  const [row] = await tx.$queryRaw<{ state: VersionState }[]>`
    SELECT state FROM handbook_version WHERE "organisationId" = ${organisationId}::uuid AND id = ${id}::uuid FOR SHARE`;
  return row?.state;
}

/**
 * Asks the next people of the audience who weren't asked yet: their request and the message of it.
 * @param after the person that the batch before ended with
 * @returns the last person looked at, undefined when nobody is left, and how many were asked
 */
export async function askBatch(
  tx: Tx,
  asking: Asking,
  after: string | undefined,
  limit: number,
  now: Date,
): Promise<{ readonly last: string | undefined; readonly asked: number }> {
  const { organisation, version } = asking;
  const people = await tx.$queryRaw<{ id: string }[]>`
    SELECT p.id FROM person p
    WHERE ${audienceSql(organisation, version.audience)} ${after ? Prisma.sql`AND p.id > ${after}::uuid` : Prisma.empty}
      AND NOT EXISTS (SELECT 1 FROM handbook_assignment x WHERE x."organisationId" = p."organisationId" AND x."versionId" = ${version.id}::uuid AND x."personId" = p.id)
    ORDER BY p.id LIMIT ${limit}`;
  if (people.length === 0) return { last: undefined, asked: 0 };
  const stage = firstStage(asking.dueOn, asking.askedOn);
  const asked = await tx.$queryRaw<{ id: string; personId: string }[]>`
    INSERT INTO handbook_assignment ("organisationId", id, "versionId", "personId", "dueOn", "askedAt", "nextStage", "nextStageAt")
    SELECT ${organisation.id}::uuid, r.id, ${version.id}::uuid, r.person, ${asking.dueOn}::date, ${now}::timestamptz,
           ${stage ?? null}::int, ${stage === undefined ? null : stageNotBefore(asking.dueOn, stage)}::timestamptz
    FROM unnest(${people.map(() => newId(now))}::uuid[], ${people.map((person) => person.id)}::uuid[]) AS r (id, person)
    ON CONFLICT ("organisationId", "versionId", "personId") DO NOTHING
    RETURNING id, "personId"`;
  await enqueueMany(
    tx,
    asked.map((assignment) => ({
      organisationId: organisation.id,
      subjectKey: subject.request(assignment.id),
      message: 'handbook.request',
      payload: { assignmentId: assignment.id },
      to: { personId: assignment.personId },
      priority: 'bulk' as const,
      capped: true,
      // Somebody has just published it, or has just joined: that is no hour of the bot's own choosing.
      anyHour: true,
      dueAt: now,
      ...(asking.progressOf ? { progressOf: asking.progressOf } : {}),
    })),
    now,
  );
  return { last: people.at(-1)?.id, asked: asked.length };
}

/** Notes how many were asked at publishing: from now on who joins the audience is a joiner. */
export async function finishAsking(tx: Tx, organisationId: string, versionId: string, askedCount: number): Promise<void> {
  await tx.documentVersion.updateMany({ where: { organisationId, id: versionId, askedCount: null }, data: { askedCount } });
}

interface ChangedRow {
  readonly id: string;
  readonly personId: string;
  readonly dueOn: string;
  readonly nextStage: number | null;
  readonly lastNudgeOn: string | null;
}

/** Closes the next open requests of versions that are no longer to be signed. Returns how many; fewer than `limit` when it is done. */
export async function closeBatch(
  tx: Tx,
  organisationId: string,
  versionIds: readonly string[],
  state: 'superseded' | 'withdrawn',
  limit: number,
  now: Date,
): Promise<number> {
  const closed = await tx.$queryRaw<ChangedRow[]>`
    WITH chosen AS MATERIALIZED (
      SELECT a.id, a."nextStage" FROM handbook_assignment a
      WHERE a."organisationId" = ${organisationId}::uuid AND a."versionId" = ANY (${[...versionIds]}::uuid[]) AND a.state = 'open'
      ORDER BY a.id LIMIT ${limit} FOR UPDATE
    )
    UPDATE handbook_assignment a SET state = ${state}::"AssignmentState", "closedAt" = ${now}, "nextStage" = NULL, "nextStageAt" = NULL
    FROM chosen, handbook_version v
    WHERE a."organisationId" = ${organisationId}::uuid AND a.id = chosen.id AND v."organisationId" = a."organisationId" AND v.id = a."versionId"
    RETURNING a.id, a."personId", a."dueOn"::text AS "dueOn", chosen."nextStage", v."lastManualReminderOn"::text AS "lastNudgeOn"`;
  await refresh(tx, organisationId, closed.flatMap(cardsOf), now);
  return closed.length;
}

/** Moves the next open requests of a version to its later due date, their ladder beginning anew. Returns the last one's id, undefined at the end. */
export async function extendBatch(
  tx: Tx,
  organisationId: string,
  version: Version,
  today: string,
  after: string | undefined,
  limit: number,
  now: Date,
): Promise<string | undefined> {
  const stage = firstStage(version.dueOn, today);
  const moved = await tx.$queryRaw<ChangedRow[]>`
    WITH chosen AS MATERIALIZED (
      SELECT a.id, a."nextStage", a."dueOn" FROM handbook_assignment a
      WHERE a."organisationId" = ${organisationId}::uuid AND a."versionId" = ${version.id}::uuid AND a.state IN ('open', 'declined')
        AND a."dueOn" < ${version.dueOn}::date ${after ? Prisma.sql`AND a.id > ${after}::uuid` : Prisma.empty}
      ORDER BY a.id LIMIT ${limit} FOR UPDATE
    )
    UPDATE handbook_assignment a
    SET "dueOn" = ${version.dueOn}::date, "nextStage" = ${stage ?? null}::int,
        "nextStageAt" = ${stage === undefined ? null : stageNotBefore(version.dueOn, stage)}::timestamptz, "escalatedAt" = NULL
    FROM chosen WHERE a."organisationId" = ${organisationId}::uuid AND a.id = chosen.id
    RETURNING a.id, a."personId", chosen."dueOn"::text AS "dueOn", chosen."nextStage", NULL::text AS "lastNudgeOn"`;
  await refresh(
    tx,
    organisationId,
    moved.flatMap((row) => cardsOf({ ...row, lastNudgeOn: version.lastManualReminderOn })),
    now,
  );
  return moved
    .map((row) => row.id)
    .sort()
    .at(-1);
}

/** Open requests of a version, in the order of their ids. */
export async function openRequests(
  db: Db | Tx,
  organisationId: string,
  versionId: string,
  after: string | undefined,
  limit: number,
): Promise<{ readonly id: string; readonly personId: string }[]> {
  return await db.assignment.findMany({
    where: { organisationId, versionId, state: 'open', ...(after ? { id: { gt: after } } : {}) },
    select: { id: true, personId: true },
    orderBy: { id: 'asc' },
    take: limit,
  });
}

/**
 * Closes the requests of those who left the organisation or the audience. (NOT IN is answered from one list of the audience;
 * with NOT EXISTS the server read the audience anew for every request until it had statistics: a minute for 10,000.)
 */
export async function closeLeavers(tx: Tx, organisation: Organisation, version: Version, limit: number, now: Date): Promise<number> {
  const left = await tx.$queryRaw<ChangedRow[]>`
    WITH chosen AS MATERIALIZED (
      SELECT a.id, a."nextStage" FROM handbook_assignment a
      WHERE a."organisationId" = ${organisation.id}::uuid AND a."versionId" = ${version.id}::uuid AND a.state IN ('open', 'declined')
        AND a."personId" NOT IN (SELECT p.id FROM person p WHERE ${audienceSql(organisation, version.audience)})
      ORDER BY a.id LIMIT ${limit} FOR UPDATE
    )
    UPDATE handbook_assignment a SET state = 'left', "closedAt" = ${now}, "nextStage" = NULL, "nextStageAt" = NULL
    FROM chosen WHERE a."organisationId" = ${organisation.id}::uuid AND a.id = chosen.id
    RETURNING a.id, a."personId", a."dueOn"::text AS "dueOn", chosen."nextStage", NULL::text AS "lastNudgeOn"`;
  await refresh(
    tx,
    organisation.id,
    left.flatMap((row) => cardsOf({ ...row, lastNudgeOn: version.lastManualReminderOn })),
    now,
  );
  return left.length;
}

/** Opens the requests of those who came back into the audience, due as for a joiner or later. Returns them. */
export async function reopenReturners(
  tx: Tx,
  asking: Asking,
  limit: number,
  now: Date,
): Promise<{ readonly id: string; readonly personId: string }[]> {
  const { organisation, version } = asking;
  const stage = firstStage(asking.dueOn, asking.askedOn);
  const back = await tx.$queryRaw<{ id: string; personId: string }[]>`
    UPDATE handbook_assignment a
    SET state = 'open', "closedAt" = NULL, "dueOn" = ${fromDay(asking.dueOn)}::date, "escalatedAt" = NULL, "declineReason" = NULL,
        "nextStage" = ${stage ?? null}::int, "nextStageAt" = ${stage === undefined ? null : stageNotBefore(asking.dueOn, stage)}::timestamptz
    WHERE a."organisationId" = ${organisation.id}::uuid AND a.id IN (
      SELECT b.id FROM handbook_assignment b
      WHERE b."organisationId" = ${organisation.id}::uuid AND b."versionId" = ${version.id}::uuid AND b.state = 'left'
        AND EXISTS (SELECT 1 FROM person p WHERE p.id = b."personId" AND ${audienceSql(organisation, version.audience)})
      ORDER BY b.id LIMIT ${limit} FOR UPDATE
    )
    RETURNING a.id, a."personId"`;
  await refresh(
    tx,
    organisation.id,
    back.map((row) => subject.request(row.id)),
    now,
  );
  return back;
}
