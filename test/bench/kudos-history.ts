import type { Db } from '../../src/people/db.js';

const TEAMS = 100;

/**
 * Fills an organisation with people in 100 teams, as its directory would. Their ids follow from their numbers.
 * @param workspaceId where each of them has an account
 */
export async function addPeople(db: Db, organisationId: string, workspaceId: string, people: number, now: Date): Promise<void> {
  await db.$executeRaw`
    INSERT INTO team ("organisationId", id, name, "createdAt")
    SELECT ${organisationId}::uuid, md5('bench team ' || t)::uuid, 'Team ' || t, ${now}::timestamptz FROM generate_series(0, ${TEAMS - 1}::int) t`;
  await db.$executeRaw`
    INSERT INTO person ("organisationId", id, name, role, status, "teamId", "joinedAt")
    SELECT ${organisationId}::uuid, md5('bench person ' || i)::uuid, 'Person ' || i, 'employee', 'active',
           md5('bench team ' || i % ${TEAMS}::int)::uuid, ${now}::timestamptz - interval '3 years'
    FROM generate_series(0, ${people - 1}::int) i`;
  await db.$executeRaw`
    INSERT INTO account ("organisationId", id, "workspaceId", "personId", "externalId", name, status, "seenAt")
    SELECT ${organisationId}::uuid, md5('bench account ' || i)::uuid, ${workspaceId}::uuid, md5('bench person ' || i)::uuid,
           'UBENCH' || i, 'Person ' || i, 'active', ${now}::timestamptz
    FROM generate_series(0, ${people - 1}::int) i`;
}

/**
 * Adds kudos number `from` to `to` (exclusive) with all that belongs to them, spread over the last 24 months, as if they
 * had been given: 5 points each, receivers, movements, entries, balances and sums.
 */
export async function addKudos(
  db: Db,
  organisationId: string,
  people: number,
  [from, to]: readonly [number, number],
  values: readonly string[],
  now: Date,
): Promise<void> {
  const parameters = [organisationId, people, values, now, from, to - 1];
  // The ledger's triggers would check each of a million movements, which are right by how they are made.
  await db.$transaction(
    async (tx) => {
      await tx.$executeRaw`SET LOCAL session_replication_role = replica`;
      for (const setting of ["work_mem = '256MB'", 'statement_timeout = 0', 'enable_seqscan = on'])
        await tx.$executeRawUnsafe(`SET LOCAL ${setting}`);
      await tx.$executeRawUnsafe(MADE, ...parameters);
      for (const statement of [...ROWS, ...SUMS]) await tx.$executeRawUnsafe(statement, organisationId);
    },
    { timeout: 600_000 },
  );
}

const MADE = `
  CREATE TEMP TABLE made ON COMMIT DROP AS
  SELECT $1::uuid AS organisation, k.*, p."teamId" AS team FROM (
    SELECT md5('bench kudos ' || k)::uuid AS id, md5('bench movement ' || k)::uuid AS movement,
           md5('bench person ' || (k::bigint * 7919) % $2::int)::uuid AS giver,
           md5('bench person ' || (k::bigint * 104729 + 1) % $2::int)::uuid AS receiver,
           ($3::text[])[1 + k % array_length($3::text[], 1)]::uuid AS value,
           $4::timestamptz - (k % 730) * interval '1 day' - (k % 86400) * interval '1 second' AS at
    FROM generate_series($5::int, $6::int) k
  ) k JOIN person p ON p."organisationId" = $1::uuid AND p.id = k.receiver
  WHERE k.giver <> k.receiver`;

const ROWS = [
  `INSERT INTO kudos ("organisationId", id, source, state, "giverId", "valueId", words, "wordsDigest", public, points, "createdAt")
   SELECT $1::uuid, id, 'peer', 'given', giver, value, 'Calmed an upset guest and stayed until all was well.', md5(id::text), true, 5, at FROM made`,
  `INSERT INTO kudos_receiver ("organisationId", "kudosId", "personId", "giverId", "createdAt", points)
   SELECT $1::uuid, id, receiver, giver, at, 5 FROM made`,
  `INSERT INTO ledger_movement ("organisationId", id, kind, at, "actorId", "kudosId")
   SELECT $1::uuid, movement, 'give', at, giver, id FROM made`,
  `INSERT INTO ledger_account ("organisationId", id, kind, "ownerId", period, balance)
   SELECT $1::uuid, ledger_account_id('balance', receiver, ''), 'balance', receiver, '', count(*) * 5 FROM made GROUP BY receiver
   ON CONFLICT ("organisationId", id) DO UPDATE SET balance = ledger_account.balance + EXCLUDED.balance`,
  `INSERT INTO ledger_account ("organisationId", id, kind, "ownerId") VALUES ($1::uuid, ledger_account_id('issued', $1::uuid, ''), 'issued', $1::uuid)
   ON CONFLICT DO NOTHING`,
  `INSERT INTO ledger_entry ("organisationId", "movementId", "accountId", amount)
   SELECT $1::uuid, movement, ledger_account_id('balance', receiver, ''), 5 FROM made
   UNION ALL SELECT $1::uuid, movement, ledger_account_id('issued', $1::uuid, ''), -5 FROM made`,
];

const PERIODS = [`to_char(at, 'YYYY-MM')`, `to_char(at, 'YYYY') || '-Q' || to_char(at, 'Q')`, `to_char(at, 'YYYY')`];
const SUBJECTS = [
  { kind: 'person', id: 'receiver' },
  { kind: 'team', id: 'team' },
];

const SUMS = PERIODS.flatMap((period) =>
  SUBJECTS.flatMap(({ kind, id }) =>
    [`''`, 'value::text'].map(
      (value) => `
        INSERT INTO kudos_tally ("organisationId", period, "subjectKind", "subjectId", "valueId", "receivedCount", "receivedPoints")
        SELECT $1::uuid, ${period}, '${kind}', ${id}, ${value}, count(*), count(*) * 5 FROM made GROUP BY 2, 4, 5
        ON CONFLICT ("organisationId", period, "subjectKind", "valueId", "subjectId") DO UPDATE
        SET "receivedCount" = kudos_tally."receivedCount" + EXCLUDED."receivedCount",
            "receivedPoints" = kudos_tally."receivedPoints" + EXCLUDED."receivedPoints"`,
    ),
  ),
);
