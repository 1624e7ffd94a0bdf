import type { Tx } from '../../../people/db.js';
import { periodsOf } from '../periods.js';

/** What a kudos, or what was added to it, changes in the sums of leaderboards. */
export interface TallyChange {
  readonly organisationId: string;
  /** `2026-11`, in the organisation's zone. */
  readonly month: string;
  readonly valueId: string | null;
  readonly giver: Member;
  readonly receivers: readonly Member[];
  /** Points for each receiver. */
  readonly points: number;
  /** Kudos: 1 for a kudos, 0 for points that were added to one; -1 where one is taken back. */
  readonly kudos: 1 | 0 | -1;
  /** 1 adds the points, -1 takes them away again. */
  readonly sign: 1 | -1;
}

export interface Member {
  readonly id: string;
  readonly teamId: string | null;
}

interface Sum {
  readonly period: string;
  readonly kind: 'person' | 'team';
  readonly value: string;
  readonly id: string;
  receivedCount: number;
  receivedPoints: number;
  givenCount: number;
  givenPoints: number;
}

/**
 * Keeps the sums by person and team, for the month, its quarter and its year, for the value and for all values together.
 * Only what everybody may know is to be counted: public kudos, and reactions, which stand at a message for all to see.
 * @param changes everything that a transaction changes, of one organisation: a second call could wait crosswise for others
 */
export async function tally(tx: Tx, ...changes: readonly TallyChange[]): Promise<void> {
  const [first] = changes;
  const rows = sumsOf(changes);
  if (!first || rows.length === 0) return;
  // One statement with its rows in the order of the key: two transactions never wait for each other crosswise.
  await tx.$executeRaw`
    INSERT INTO kudos_tally ("organisationId", period, "subjectKind", "subjectId", "valueId", "receivedCount", "receivedPoints", "givenCount", "givenPoints")
    SELECT ${first.organisationId}::uuid, s.period, s.kind, s.id, s.value, s."receivedCount", s."receivedPoints", s."givenCount", s."givenPoints"
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS s (
           period text, kind text, value text, id uuid, "receivedCount" int, "receivedPoints" int, "givenCount" int, "givenPoints" int)
    ORDER BY s.period, s.kind, s.value, s.id
    ON CONFLICT ("organisationId", period, "subjectKind", "valueId", "subjectId") DO UPDATE SET
      "receivedCount" = kudos_tally."receivedCount" + EXCLUDED."receivedCount",
      "receivedPoints" = kudos_tally."receivedPoints" + EXCLUDED."receivedPoints",
      "givenCount" = kudos_tally."givenCount" + EXCLUDED."givenCount",
      "givenPoints" = kudos_tally."givenPoints" + EXCLUDED."givenPoints"`;
}

/** What changes add to each row; rows that stay as they are left out. */
function sumsOf(changes: readonly TallyChange[]): readonly Sum[] {
  const sums = new Map<string, Sum>();
  for (const { month, valueId, giver, receivers, points, kudos, sign } of changes) {
    const rowsOf = ({ id, teamId }: Member): readonly Sum[] =>
      periodsOf(month).flatMap((period) =>
        (valueId === null ? [''] : ['', valueId]).flatMap((value) => [
          sumOf(sums, period, 'person', value, id),
          ...(teamId ? [sumOf(sums, period, 'team', value, teamId)] : []),
        ]),
      );
    for (const sum of receivers.flatMap(rowsOf)) {
      sum.receivedCount += kudos;
      sum.receivedPoints += sign * points;
    }
    for (const sum of rowsOf(giver)) {
      sum.givenCount += kudos;
      sum.givenPoints += sign * points * receivers.length;
    }
  }
  return [...sums.values()].filter((sum) => sum.receivedCount || sum.receivedPoints || sum.givenCount || sum.givenPoints);
}

function sumOf(sums: Map<string, Sum>, period: string, kind: Sum['kind'], value: string, id: string): Sum {
  const name = `${period} ${kind} ${value} ${id}`;
  const known = sums.get(name);
  if (known) return known;
  const made: Sum = { period, kind, value, id, receivedCount: 0, receivedPoints: 0, givenCount: 0, givenPoints: 0 };
  sums.set(name, made);
  return made;
}

/** The changes that count points, and a kudos itself (1) or not (0), under another value. */
export function movedValue(
  change: Omit<TallyChange, 'kudos' | 'sign' | 'valueId'> & {
    readonly from: string | null;
    readonly to: string | null;
    readonly kudos: 1 | 0;
  },
): readonly TallyChange[] {
  const { from, to, kudos, ...rest } = change;
  return [
    { ...rest, valueId: from, kudos: kudos === 1 ? -1 : 0, sign: -1 },
    { ...rest, valueId: to, kudos, sign: 1 },
  ];
}
