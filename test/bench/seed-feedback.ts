import { STANDARD_QUESTIONS } from '../../src/features/feedback/defaults.js';
import { addDefaults } from '../../src/features/feedback/store-defaults.js';
import { DEFAULT_DUE, DEFAULT_LADDER } from '../../src/features/feedback/store-settings.js';
import { STANDARD_THEMES } from '../../src/features/feedback/themes/standard.js';
import type { Db } from '../../src/people/db.js';
import { loadOrganisation } from '../../src/people/organisation.js';

/** What an organisation has heard from its customers. */
export interface FeedbackHistory {
  /** Pieces of feedback, with four ratings each. */
  readonly entries: number;
  /** They came in evenly over so many months before `now`. */
  readonly months: number;
  /** So many cases aren't over, the latest ones; the others are closed. About one entry in seven has a case. */
  readonly openCases: number;
  readonly now?: Date;
  /** Number of the first one, where a history is added to another. */
  readonly from?: number;
  /** Where everything was passed to (id in Bellhop). */
  readonly channelId?: string;
  /** A contact that the program's own vault has sealed; every third customer left it. */
  readonly contactSealed?: string;
}

const LOCATIONS = 20;

/**
 * Fills an organisation with feedback as if it had been accepted, sorted and followed: entries, ratings, themes, cases and their first
 * events, in the order in which they came. Locations and what feedback begins with are made where they are missing. About 100,000
 * entries in 5 s; ends with VACUUM and ANALYZE, as autovacuum would have done meanwhile.
 */
export async function seedFeedback(db: Db, organisationId: string, history: FeedbackHistory): Promise<void> {
  const { entries, months, openCases, now = new Date(), from = 0, channelId = null, contactSealed = null } = history;
  const organisation = await loadOrganisation(db, organisationId);
  await db.$transaction(
    async (tx) => {
      const settings = { dueMinutes: DEFAULT_DUE, ladder: DEFAULT_LADDER };
      const consent = { en: 'I agree that my contact is kept and used to answer me about this.' };
      await addDefaults(tx, organisation, { settings, questions: STANDARD_QUESTIONS, themes: STANDARD_THEMES, consent }, now);
      // The foreign keys of millions of rows are right by how they are made.
      for (const setting of ["work_mem = '256MB'", 'statement_timeout = 0', 'enable_seqscan = on', 'session_replication_role = replica'])
        await tx.$executeRawUnsafe(`SET LOCAL ${setting}`);
      const { lastCaseNo } = await tx.feedbackSettings.findUniqueOrThrow({ where: { organisationId }, select: { lastCaseNo: true } });
      const parameters = [organisationId, entries, months, openCases, now, from, channelId, contactSealed, lastCaseNo];
      for (const statement of STATEMENTS) await tx.$executeRawUnsafe(`WITH given AS (SELECT ${GIVEN}) ${statement}`, ...parameters);
      await tx.$executeRaw`
        UPDATE feedback_settings SET "lastCaseNo" = COALESCE((SELECT max(number) FROM feedback_case WHERE "organisationId" = ${organisationId}::uuid), 0)
        WHERE "organisationId" = ${organisationId}::uuid`;
    },
    { timeout: 600_000 },
  );
  for (const table of ['feedback', 'feedback_rating', 'feedback_about', 'feedback_case', 'feedback_case_event'])
    await db.$executeRawUnsafe(`VACUUM (ANALYZE) ${table}`);
}

const GIVEN = `$1::uuid AS organisation, $2::int AS entries, $3::float8 AS months, $4::int AS open, $5::timestamptz AS now, $6::int AS first,
  $7::uuid AS channel, $8::text AS sealed, $9::int AS cases`;

/** When entry number k came: one after the other. */
const AT = `date_trunc('milliseconds', now - months * interval '30.4375 days' * (1 - (k - first + 1.0) / entries))`;
/** Ids as the program makes them (UUIDv7): in the order of time. */
const ID = `(lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7' || substr(hash, 1, 3) || '8' || substr(hash, 4, 15))::uuid`;
/** 55 of 100 give five stars, 15 two or fewer. */
const STARS = `(ARRAY[5,5,4,5,3,5,4,2,5,1,5,4,5,3,5,5,4,1,5,5])[1 + (k * 7 + k / 97) % 20]`;

const STATEMENTS = [
  `INSERT INTO location ("organisationId", id, name, "createdAt")
   SELECT organisation, md5('bench location ' || l)::uuid, 'Location ' || l, now FROM given, generate_series(0, ${LOCATIONS - 1}) l ON CONFLICT DO NOTHING`,
  `INSERT INTO feedback ("organisationId", id, reference, "onceKey", "bodyDigest", source, kind, state, "locationId", language, stars, words, "contactSealed",
     "contactHash", "channelId", "receivedAt", "sortedAt")
   SELECT organisation, ${ID}, upper(lpad(to_hex(k), 8, '0')), 'bench:' || k, md5('body ' || k),
     (ARRAY['page','page','page','page','card','card','api','phone','email','in_person'])[1 + k % 10]::"FeedbackSource",
     (CASE WHEN stars <= 2 THEN 'complaint' WHEN stars >= 4 AND k % 2 = 0 THEN 'praise' ELSE 'comment' END)::"FeedbackKind",
     (CASE WHEN k % 97 = 0 THEN 'spam' WHEN k % 89 = 0 AND stars <= 2 THEN 'private' ELSE 'passed' END)::"FeedbackState",
     CASE WHEN k % 11 > 0 THEN md5('bench location ' || (k * 31 + k / 13) % ${LOCATIONS})::uuid END, (ARRAY['lv','lv','en','und'])[1 + k % 4], stars,
     CASE WHEN k % 2 = 0 THEN jsonb_build_array(jsonb_build_object('questionId', NULL, 'words',
       'Customer ' || k || ' waited a quarter of an hour, then was served by somebody friendly who knew the prices.')) ELSE '[]' END,
     CASE WHEN k % 3 = 0 THEN sealed END, CASE WHEN k % 3 = 0 THEN md5('customer ' || k / 6) || md5('hash ' || k / 6) END,
     CASE WHEN k % 97 > 0 AND NOT (k % 89 = 0 AND stars <= 2) THEN channel END, at, at + interval '1 second'
   FROM given, generate_series(first, first + entries - 1) k, LATERAL (SELECT ${AT} AS at, md5('feedback ' || k) AS hash, ${STARS} AS stars) made`,
  `INSERT INTO feedback_rating ("organisationId", "feedbackId", "questionId", value, "receivedAt", "locationId")
   SELECT organisation, f.id, q.id, CASE q.key WHEN 'recommend' THEN LEAST(10, f.stars * 2 + n % 2)
     WHEN 'overall' THEN f.stars ELSE GREATEST(1, LEAST(5, f.stars + (n + q.position) % 3 - 1)) END, f."receivedAt", f."locationId"
   FROM given JOIN feedback f ON f."organisationId" = organisation
   CROSS JOIN LATERAL (SELECT substr(f."onceKey", 7)::int AS n) numbered
   JOIN feedback_question q ON q."organisationId" = organisation
     AND q.key IN ('courtesy', 'waiting', 'overall', CASE n % 3 WHEN 0 THEN 'recommend' ELSE 'helpfulness' END)
   WHERE f."onceKey" LIKE 'bench:%' AND n >= first
   ORDER BY f."receivedAt"`,
  `INSERT INTO feedback_about ("organisationId", "feedbackId", "themeId", "receivedAt")
   SELECT organisation, f.id, t.id, f."receivedAt"
   FROM given JOIN feedback f ON f."organisationId" = organisation
   CROSS JOIN LATERAL (SELECT substr(f."onceKey", 7)::int AS n) numbered
   JOIN feedback_theme t ON t."organisationId" = organisation AND (t.position = (n * 5 + n / 41) % 11 OR t.position = (n * 3) % 23)
   WHERE f."onceKey" LIKE 'bench:%' AND n >= first AND f.state <> 'spam'
   ORDER BY f."receivedAt"`,
  `INSERT INTO feedback_case ("organisationId", id, number, "feedbackId", private, state, priority, "locationId", "ownerId", "openedAt", "claimedAt", "dueAt",
     "respondedAt", "resolvedAt", "resolverId", "rootCause", "actionTaken", "closableAt", "reopenedAt", "closedAt", "closedById", outcome, satisfaction,
     "linkNonce")
   SELECT organisation, md5('bench case ' || cases + no)::uuid, cases + no, id, state = 'private',
     (CASE WHEN NOT is_open THEN 'closed' WHEN no % 3 = 0 THEN 'open' ELSE 'claimed' END)::"FeedbackCaseState",
     (CASE WHEN stars = 1 THEN 'high' ELSE 'normal' END)::"FeedbackPriority", "locationId",
     CASE WHEN NOT is_open OR no % 3 > 0 THEN owner END, at, CASE WHEN NOT is_open OR no % 3 > 0 THEN at + hours / 9 END, at + interval '2 days',
     CASE WHEN NOT is_open OR no % 3 = 1 THEN at + hours / 3 END, CASE WHEN NOT is_open THEN at + hours END, CASE WHEN NOT is_open THEN owner END,
     CASE WHEN NOT is_open THEN 'Too few at the counter at noon.' ELSE '' END, CASE WHEN NOT is_open THEN 'A second counter opens at noon.' ELSE '' END,
     CASE WHEN NOT is_open THEN at + hours + interval '14 days' END, CASE WHEN no % 19 = 0 AND NOT is_open THEN at + hours / 2 END,
     CASE WHEN NOT is_open THEN at + hours + interval '6 hours' END, CASE WHEN NOT is_open THEN owner END,
     CASE WHEN NOT is_open THEN (CASE WHEN no % 2 = 0 THEN 'confirmed' ELSE 'unconfirmed' END)::"FeedbackOutcome" END,
     CASE WHEN NOT is_open AND no % 2 = 0 THEN 3 + no % 3 END, md5('nonce ' || cases + no)
   FROM (
     SELECT low.*, no > total - open AS is_open, (8 + no % 60) * interval '1 hour' AS hours, people[1 + no % array_length(people, 1)] AS owner
     FROM (
       SELECT organisation, open, cases, f.id, f.state, f.stars, f."locationId", f."receivedAt" AS at,
         (row_number() OVER (ORDER BY f."receivedAt", f.id))::int AS no, count(*) OVER () AS total,
         (SELECT array_agg(p.id ORDER BY p.id) FROM (SELECT id FROM person WHERE "organisationId" = organisation ORDER BY id LIMIT 50) p) AS people
       FROM given JOIN feedback f ON f."organisationId" = organisation
       WHERE f."onceKey" LIKE 'bench:%' AND substr(f."onceKey", 7)::int >= first AND f.stars <= 2 AND f.state <> 'spam'
     ) low
   ) made`,
  `INSERT INTO feedback_case_event ("organisationId", id, "caseId", at, kind, data)
   SELECT organisation, md5('bench event ' || c.number)::uuid, c.id, c."openedAt", 'opened', jsonb_build_object('priority', c.priority)
   FROM given JOIN feedback_case c ON c."organisationId" = organisation AND c.number > cases`,
];
