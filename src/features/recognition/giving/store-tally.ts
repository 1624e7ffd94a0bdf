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
  readonly kind: 'person' | 'team';
  readonly id: string;
  receivedCount: number;
  receivedPoints: number;
  givenCount: number;
  givenPoints: number;
}

/**
 * Keeps the sums by person and team, for the month, its quarter and its year, for the value and for all values together.
 * Only what everybody may know is to be counted: public kudos, and reactions, which stand at a message for all to see.
 */
export async function tally(tx: Tx, change: TallyChange): Promise<void> {
  const { organisationId, month, valueId, giver, receivers, points, kudos, sign } = change;
  const sums = new Map<string, Sum>();
  const sumOf = (kind: Sum['kind'], id: string): Sum => {
    const known = sums.get(`${kind} ${id}`);
    if (known) return known;
    const made: Sum = { kind, id, receivedCount: 0, receivedPoints: 0, givenCount: 0, givenPoints: 0 };
    sums.set(`${kind} ${id}`, made);
    return made;
  };
  const both = (member: Member) => [sumOf('person', member.id), ...(member.teamId ? [sumOf('team', member.teamId)] : [])];
  for (const receiver of receivers) {
    for (const sum of both(receiver)) {
      sum.receivedCount += kudos;
      sum.receivedPoints += sign * points;
    }
  }
  for (const sum of both(giver)) {
    sum.givenCount += kudos;
    sum.givenPoints += sign * points * receivers.length;
  }
  // One statement with its rows in the order of the key: two transactions never wait for each other crosswise.
  await tx.$executeRaw`
    INSERT INTO kudos_tally ("organisationId", period, "subjectKind", "subjectId", "valueId", "receivedCount", "receivedPoints", "givenCount", "givenPoints")
    SELECT ${organisationId}::uuid, p.period, s.kind, s.id, v.value, s."receivedCount", s."receivedPoints", s."givenCount", s."givenPoints"
    FROM jsonb_to_recordset(${JSON.stringify([...sums.values()])}::jsonb) AS s (
           kind text, id uuid, "receivedCount" int, "receivedPoints" int, "givenCount" int, "givenPoints" int)
    CROSS JOIN unnest(${[...periodsOf(month)]}::text[]) AS p (period)
    CROSS JOIN unnest(${valueId === null ? [''] : ['', valueId]}::text[]) AS v (value)
    ORDER BY p.period, s.kind, v.value, s.id
    ON CONFLICT ("organisationId", period, "subjectKind", "valueId", "subjectId") DO UPDATE SET
      "receivedCount" = kudos_tally."receivedCount" + EXCLUDED."receivedCount",
      "receivedPoints" = kudos_tally."receivedPoints" + EXCLUDED."receivedPoints",
      "givenCount" = kudos_tally."givenCount" + EXCLUDED."givenCount",
      "givenPoints" = kudos_tally."givenPoints" + EXCLUDED."givenPoints"`;
}

/** Moves a kudos from one value to another: its count and all points that were given with it. */
export async function retally(
  tx: Tx,
  change: Omit<TallyChange, 'kudos' | 'sign' | 'valueId'> & {
    readonly from: string | null;
    readonly to: string | null;
    readonly kudos: 1 | 0;
  },
): Promise<void> {
  const { from, to, kudos, ...rest } = change;
  // The sums over all values are taken away and added again; a hundred such changes a day are too few to spare that.
  await tally(tx, { ...rest, valueId: from, kudos: kudos === 1 ? -1 : 0, sign: -1 });
  await tally(tx, { ...rest, valueId: to, kudos, sign: 1 });
}
