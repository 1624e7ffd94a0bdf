import { jobInsert, type NewJob } from '../../../delivery/jobs.js';
import { Prisma } from '../../../generated/prisma/client.js';
import type { Db, Tx } from '../../../people/db.js';
import { DEFAULT_LOW_STARS, type Doubt, type Kind, type Rating, type SaidWords, type Source } from '../model.js';
import type { Basis, Scale } from './rules.js';

/** What ratings are read by: every question that was ever asked, and how few stars are a complaint. One round trip. */
export async function loadBasis(db: Db | Tx, organisationId: string): Promise<Basis> {
  const [row] = await db.$queryRaw<{ questions: Scale[] | null; lowStars: number | null }[]>`
    SELECT (SELECT json_agg(json_build_object('id', q.id, 'key', q.key, 'kind', q.kind)) FROM feedback_question q
            WHERE q."organisationId" = ${organisationId}::uuid) AS questions,
           (SELECT s."lowStars" FROM feedback_settings s WHERE s."organisationId" = ${organisationId}::uuid) AS "lowStars"`;
  return { questions: row?.questions ?? [], lowStars: row?.lowStars ?? DEFAULT_LOW_STARS };
}

/** Columns of a new row, by their names. */
export interface Entry {
  readonly organisationId: string;
  readonly id: string;
  readonly reference: string;
  readonly onceKey: string;
  readonly bodyDigest: string;
  readonly source: Source;
  readonly kind: Kind;
  readonly pageId: string | null;
  readonly locationId: string | null;
  readonly language: string;
  readonly stars: number | null;
  readonly words: readonly SaidWords[];
  readonly servedBy: string;
  readonly contactSealed: string | null;
  readonly contactHash: string | null;
  readonly consentId: string | null;
  readonly consentLocale: string | null;
  readonly doubts: readonly Doubt[];
  readonly wordsDigest: string | null;
  readonly loggedById: string | null;
  readonly integrationId: string | null;
  readonly importId: string | null;
  readonly externalRef: string;
  readonly happenedAt: Date | null;
  readonly quiet: boolean;
  readonly receivedAt: Date;
}

export interface Stored {
  readonly id: string;
  readonly reference: string;
  readonly bodyDigest: string;
  readonly isNew: boolean;
}

/** What a door brings. */
export interface Brought {
  readonly entry: Entry;
  readonly ratings: readonly Rating[];
}

/**
 * Takes entries of one organisation with their ratings, each once for its key, and has them sorted: one statement, by itself or in a
 * transaction.
 * @param job what sorts them; undefined: a sweep will
 * @returns what is there under each one's key now, in the order given
 */
export async function storeEntries(
  db: Db | Tx,
  brought: readonly Brought[],
  job: NewJob | undefined,
  now: Date,
): Promise<readonly Stored[]> {
  const woken = job
    ? Prisma.sql`, woken AS (${jobInsert(job, now, Prisma.sql`EXISTS (SELECT 1 FROM accepted WHERE "isNew")`)})`
    : Prisma.empty;
  const stored = await db.$queryRaw<Stored[]>`
    WITH given AS MATERIALIZED (
      -- By their keys, so that two processes with the same ones never wait for each other.
      SELECT given, place FROM jsonb_array_elements(${JSON.stringify(brought)}::jsonb) WITH ORDINALITY AS g (given, place)
      ORDER BY given->'entry'->>'onceKey', place
    ), accepted AS MATERIALIZED (
      SELECT g.place, a.id, a.reference, a."bodyDigest", a."isNew"
      FROM given g CROSS JOIN LATERAL feedback_accept(g.given->'entry', g.given->'ratings') a
    )${woken}
    SELECT id, reference, "bodyDigest", "isNew" FROM accepted ORDER BY place`;
  // Only when the first one's row was removed between the two statements inside.
  if (stored.length !== brought.length) throw new Error('Feedback was neither taken nor there already.');
  return stored;
}

/** Notes whom an entry is about, as somebody chose them. */
export async function addChosen(
  tx: Db | Tx,
  organisationId: string,
  feedbackId: string,
  personIds: readonly string[],
  now: Date,
): Promise<void> {
  await tx.feedbackConcern.createMany({
    data: [...new Set(personIds)].map((personId) => ({ organisationId, feedbackId, personId, how: 'chosen' as const, addedAt: now })),
    skipDuplicates: true,
  });
}
