import type { Db } from '../../src/people/db.js';

/** What an organisation with many seminars has. */
export interface Seminars {
  readonly series: number;
  /** Answers to the next date of each series. */
  readonly answersEach: number;
  /** Dates of each series, a month apart. */
  readonly datesEach: number;
}

/**
 * Fills an organisation with series, their dates, and answers by people that addPeople has made. The first dates begin within
 * the next 28 days; those within 14 days are announced, and people were reminded of those within 7. Nothing is due at `now`.
 * @param channelId where they are announced
 */
export async function addSeminars(
  db: Db,
  organisationId: string,
  { series, datesEach, answersEach }: Seminars,
  people: number,
  channelId: string,
  now: Date,
): Promise<void> {
  const parameters = [organisationId, series, datesEach, answersEach, people, channelId, now];
  await db.$transaction(
    async (tx) => {
      for (const setting of ["work_mem = '256MB'", 'statement_timeout = 0', 'enable_seqscan = on', 'session_replication_role = replica'])
        await tx.$executeRawUnsafe(`SET LOCAL ${setting}`);
      for (const statement of ROWS) await tx.$executeRawUnsafe(`WITH given AS (SELECT ${GIVEN}) ${statement}`, ...parameters);
    },
    { timeout: 600_000 },
  );
}

const GIVEN = `$1::uuid AS organisation, $2::int AS series, $3::int AS dates, $4::int AS answers, $5::int AS people, $6::uuid AS channel, $7::timestamptz AS now`;

/** When date number d of series number s begins: never within the hour after a tick, and with no stage due within it. */
const STARTS = `now + (1 + s % 28) * interval '1 day' + interval '12 hours' + (s % 97) * interval '1 minute' + d * interval '28 days'`;

const ROWS = [
  `INSERT INTO seminar_series ("organisationId", id, title, "hostId", "audienceKind", zone, "firstDay", "startMinutes", "lengthMinutes", rule, "plannedTo",
     "createdAt", "createdById", "changedAt")
   SELECT organisation, md5('bench series ' || s)::uuid, 'Series ' || s, md5('bench person ' || s % people)::uuid, 'everyone', 'Europe/Riga', now::date, 600, 60,
     'FREQ=WEEKLY;INTERVAL=4', now::date + 400, now, md5('bench person 0')::uuid, now
   FROM given, generate_series(0, series - 1) s`,
  `INSERT INTO seminar_date ("organisationId", id, "seriesId", "ruleDay", "startsAt", "endsAt", "hostId", capacity, "postAt", "nextStage", "nextStageAt",
     "phaseAt", "createdAt", "changedAt")
   SELECT organisation, md5('bench date ' || s || ' ' || d)::uuid, md5('bench series ' || s)::uuid, at::date, at, at + interval '1 hour',
     md5('bench person ' || s % people)::uuid, CASE WHEN s % 4 = 0 THEN 60 END,
     CASE WHEN at > now + interval '14 days' THEN at - interval '14 days' END,
     CASE WHEN at > now + interval '7 days' THEN 10080 WHEN at > now + interval '1 day' THEN 1440 ELSE 60 END,
     at - CASE WHEN at > now + interval '7 days' THEN interval '7 days' WHEN at > now + interval '1 day' THEN interval '1 day' ELSE interval '1 hour' END,
     at - interval '15 minutes', now, now
   FROM given, generate_series(0, series - 1) s, generate_series(0, dates - 1) d, LATERAL (SELECT ${STARTS} AS at) t`,
  `INSERT INTO seminar_answer ("organisationId", "dateId", "personId", state, "queueNo", "answeredAt")
   SELECT organisation, md5('bench date ' || s || ' 0')::uuid, md5('bench person ' || (s::bigint * 7919 + a * 101) % people)::uuid,
     (CASE WHEN s % 4 = 0 AND a >= 90 THEN 'waiting' WHEN a % 10 < 6 THEN 'going' WHEN a % 10 < 8 THEN 'maybe' ELSE 'cant' END)::"SeminarAnswerState",
     CASE WHEN s % 4 = 0 AND a >= 90 THEN a - 89 END, now - interval '2 hours'
   FROM given, generate_series(0, series - 1) s, generate_series(0, answers - 1) a
   ON CONFLICT DO NOTHING`,
  `INSERT INTO delivery ("organisationId", id, "subjectKey", message, payload, priority, "channelId", state, "dueAt", "createdAt", "sentAt", "settledAt",
     "attemptedAt", "refreshedAt", attempts)
   SELECT organisation, md5('bench post ' || d.id)::uuid, 'seminars.post:' || d.id, 'seminars.post', jsonb_build_object('dateId', d.id), 1, channel, 'sent',
     now - interval '1 day', now - interval '1 day', now - interval '1 day', now - interval '1 day', now - interval '1 day', now - interval '1 hour', 1
   FROM given JOIN seminar_date d ON d."organisationId" = organisation AND d."postAt" IS NULL`,
];
