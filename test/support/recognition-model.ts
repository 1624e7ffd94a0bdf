import { type AccountKey, auditLedger } from '../../src/features/recognition/ledger/store-ledger.js';
import { monthOf, periodsOf } from '../../src/features/recognition/periods.js';
import type { Db } from '../../src/people/db.js';
import type { Organisation } from '../../src/people/model.js';

/** What an organisation began with. */
export interface Beginning {
  readonly organisation: Organisation;
  /** What each person may give in a month. */
  readonly grants: ReadonlyMap<string, number>;
  readonly pairCap: number;
  /** Stock by reward; null: not counted. */
  readonly stock: ReadonlyMap<string, number | null>;
  readonly limits: ReadonlyMap<string, number | null>;
  readonly teams: ReadonlyMap<string, string | null>;
}

/**
 * Everything that is wrong with an organisation's points, told apart from the code that moved them: from the entries
 * themselves, not from the balances that the database keeps.
 * @returns a line for each problem; empty when all holds
 */
export async function problemsOf(db: Db, beginning: Beginning): Promise<readonly string[]> {
  const ledger = await readLedger(db, beginning.organisation.id);
  return [
    ...(await auditLedger(db, beginning.organisation.id)),
    ...sumProblems(ledger, beginning),
    ...(await redemptionProblems(db, ledger, beginning)),
    ...(await kudosProblems(db, ledger, beginning)),
    ...(await tallyProblems(db, beginning)),
  ];
}

interface Entry extends AccountKey {
  readonly amount: number;
  readonly movementId: string;
  readonly movement: string;
  readonly reason: string;
  readonly actorId: string | null;
  readonly kudosId: string | null;
  readonly redemptionId: string | null;
}

async function readLedger(db: Db, organisationId: string): Promise<readonly Entry[]> {
  return await db.$queryRaw<Entry[]>`
    SELECT a.kind::text, a."ownerId" AS owner, a.period, e.amount, m.id AS "movementId", m.kind::text AS movement, m.reason,
           m."actorId", m."kudosId", m."redemptionId"
    FROM ledger_entry e
    JOIN ledger_movement m ON m."organisationId" = e."organisationId" AND m.id = e."movementId"
    JOIN ledger_account a ON a."organisationId" = e."organisationId" AND a.id = e."accountId"
    WHERE e."organisationId" = ${organisationId}::uuid ORDER BY m.at, m.id`;
}

const total = (entries: readonly Entry[]) => entries.reduce((sum, entry) => sum + entry.amount, 0);

/** The movements of entries: how often something happened. */
const times = (entries: readonly Entry[]) => new Set(entries.map((entry) => entry.movementId)).size;

function grouped<T>(items: readonly T[], by: (item: T) => string | null): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const name = by(item);
    if (name === null) continue;
    const group = groups.get(name);
    if (group) group.push(item);
    else groups.set(name, [item]);
  }
  return groups;
}

function differs(what: string, is: unknown, should: unknown): readonly string[] {
  const [one, other] = [JSON.stringify(is), JSON.stringify(should)];
  return one === other ? [] : [`${what}: ${one} instead of ${other}`];
}

/** Nothing is made or lost; nobody is below zero; nobody gives more than the month's grant. */
function sumProblems(ledger: readonly Entry[], { organisation, grants }: Beginning): readonly string[] {
  const problems = [...differs('the sum over all accounts', total(ledger), 0)];
  for (const [account, entries] of grouped(ledger, ({ kind, owner, period }) => `${kind} ${owner} ${period}`)) {
    const [kind = '', owner = ''] = account.split(' ');
    const sum = total(entries);
    if (['allowance', 'balance', 'reserved', 'spent'].includes(kind) && sum < 0) problems.push(`${account} is ${sum}`);
    // What is lost was given nevertheless: it stands on the other side.
    if (kind === 'loss' && sum > 0) problems.push(`${account} is ${sum}`);
    if (kind !== 'allowance') continue;
    const granted = entries.filter(({ movement }) => movement === 'allowance');
    problems.push(...differs(`${account} granted`, [times(granted), total(granted)], [1, grants.get(owner)]));
    if (sum > total(granted)) problems.push(`${account} is ${sum} of ${total(granted)}`);
  }
  const foreign = ledger.filter(({ kind, owner }) => ['issued', 'loss', 'spent'].includes(kind) !== (owner === organisation.id));
  return [...problems, ...foreign.map(({ kind, owner }) => `${owner} has an account ${kind}`)];
}

/** In which movements a redemption of each state shows. */
const MOVED = {
  requested: ['redeem'],
  approved: ['redeem'],
  fulfilled: ['fulfil', 'redeem'],
  rejected: ['redeem', 'refund'],
  cancelled: ['redeem', 'refund'],
} as const;

async function redemptionProblems(db: Db, ledger: readonly Entry[], beginning: Beginning): Promise<readonly string[]> {
  const organisationId = beginning.organisation.id;
  const rows = await db.redemption.findMany({ where: { organisationId } });
  const moved = grouped(ledger, (entry) => entry.redemptionId);
  const problems = [...moved.keys()].filter((id) => !rows.some((row) => row.id === id)).map((id) => `movements of no redemption ${id}`);
  for (const { id, state, personId, price } of rows) {
    const entries = moved.get(id) ?? [];
    const kinds = [...grouped(entries, (entry) => entry.movementId).values()].map(([entry]) => entry?.movement).sort();
    problems.push(...differs(`movements of a ${state} redemption`, kinds, MOVED[state]));
    const of = (kind: string, owner: string) => total(entries.filter((entry) => entry.kind === kind && entry.owner === owner));
    const isBack = state === 'rejected' || state === 'cancelled';
    const isOpen = state === 'requested' || state === 'approved';
    const stands = [of('balance', personId), of('reserved', personId), of('spent', organisationId)];
    const should = [isBack ? 0 : -price, isOpen ? price : 0, state === 'fulfilled' ? price : 0];
    problems.push(...differs(`points of a ${state} redemption`, stands, should));
  }
  for (const [personId, entries] of grouped(ledger, ({ kind, owner }) => (kind === 'reserved' ? owner : null))) {
    const open = rows.filter((row) => row.personId === personId && (row.state === 'requested' || row.state === 'approved'));
    const should = open.reduce((sum, row) => sum + row.price, 0);
    problems.push(...differs(`reserved of ${personId}`, total(entries), should));
  }
  for (const reward of await db.reward.findMany({ where: { organisationId } })) {
    const kept = rows.filter((row) => row.rewardId === reward.id && row.state !== 'rejected' && row.state !== 'cancelled');
    const began = beginning.stock.get(reward.id) ?? null;
    problems.push(...differs(`stock of ${reward.name}`, reward.stock, began === null ? null : began - kept.length));
    const limit = beginning.limits.get(reward.id) ?? null;
    for (const [personId, own] of grouped(kept, (row) => row.personId))
      if (limit !== null && own.length > limit) problems.push(`${personId} has ${own.length} of ${reward.name}, ${limit} at most`);
  }
  return problems;
}

async function kudosProblems(db: Db, ledger: readonly Entry[], { organisation, pairCap }: Beginning): Promise<readonly string[]> {
  const rows = await db.kudos.findMany({ where: { organisationId: organisation.id }, include: { receivers: true, joins: true } });
  const moved = grouped(ledger, (entry) => entry.kudosId);
  const problems = [...moved.keys()].filter((id) => !rows.some((row) => row.id === id)).map((id) => `movements of no kudos ${id}`);
  const pairs = new Map<string, number>();
  for (const { id, state, source, giverId, points, createdAt, receivers, joins } of rows) {
    const what = `${state} kudos ${id}`;
    const entries = moved.get(id) ?? [];
    const kinds = (movement: string) => entries.filter((entry) => entry.movement === movement);
    const isLeft = ({ reason }: Entry) => reason === 'join_taken_back';
    const given = state === 'given';
    const active = joins.filter((join) => join.takenBackAt === null);
    problems.push(...differs(`${what} gave`, times([...kinds('give'), ...kinds('award')]), points > 0 ? 1 : 0));
    if (!given) problems.push(...differs(`${what} has joins`, active.length, 0));
    problems.push(...differs(`${what} receivers’ state`, [...new Set(receivers.map((one) => one.state))], [state]));
    // How often each joined, left, and whether the rest went back with the kudos.
    const backs = kinds('take_back').filter((entry) => !isLeft(entry));
    let returned = points;
    for (const personId of new Set(entries.filter(({ movement }) => movement === 'join').map(({ actorId }) => actorId ?? ''))) {
      const of = (list: readonly Entry[]) => times(list.filter((entry) => entry.actorId === personId));
      const stays = of(kinds('join')) - of(kinds('take_back').filter(isLeft));
      if (given)
        problems.push(...differs(`${what} joined by ${personId}`, stays, active.some((join) => join.personId === personId) ? 1 : 0));
      else if (stays !== 0 && stays !== 1) problems.push(`${what} joined by ${personId}: ${stays} times`);
      returned += stays;
    }
    problems.push(...differs(`${what} went back`, times(backs), !given && returned > 0 ? 1 : 0));
    // What it moved in the end: all of it from its givers to its receivers or the loss, or nothing at all.
    const each = given ? points + active.reduce((sum, join) => sum + join.points, 0) : 0;
    const got = entries.filter(({ kind }) => kind === 'balance' || kind === 'loss');
    problems.push(...differs(`${what} brought`, total(got), each * receivers.length));
    const from = entries.filter(({ kind }) => kind === 'allowance' || kind === 'issued');
    for (const [account, own] of grouped(from, ({ kind, owner, period }) => `${kind} ${owner} ${period}`)) {
      const month = monthOf(createdAt, organisation.zone);
      const isGiver = account === (source === 'customer' ? `issued ${organisation.id} ` : `allowance ${giverId} ${month}`);
      const join = active.find((one) => account === `allowance ${one.personId} ${monthOf(one.createdAt, organisation.zone)}`);
      const cost = given ? (isGiver ? points : (join?.points ?? 0)) : 0;
      problems.push(...differs(`${what} cost ${account}`, total(own), -cost * receivers.length));
    }
    for (const { personId } of receivers) {
      if (given && source !== 'customer') addTo(pairs, `${giverId} ${personId} ${monthOf(createdAt, organisation.zone)}`, points);
      for (const join of active) addTo(pairs, `${join.personId} ${personId} ${monthOf(join.createdAt, organisation.zone)}`, join.points);
      if (personId === giverId || active.some((join) => join.personId === personId)) problems.push(`${what}: ${personId} to itself`);
    }
  }
  for (const [pair, points] of pairs) if (points > pairCap) problems.push(`the pair ${pair}: ${points} of ${pairCap}`);
  return problems;
}

function addTo(sums: Map<string, number>, name: string, amount: number): void {
  sums.set(name, (sums.get(name) ?? 0) + amount);
}

/** The sums of leaderboards, counted anew from the kudos. */
async function tallyProblems(db: Db, { organisation, teams }: Beginning): Promise<readonly string[]> {
  const organisationId = organisation.id;
  const should = new Map<string, number>();
  const rows = await db.kudos.findMany({ where: { organisationId, state: 'given' }, include: { receivers: true, joins: true } });
  for (const { public: isPublic, source, valueId, giverId, points, createdAt, receivers, joins } of rows) {
    if (!isPublic && source !== 'reaction') continue;
    const acts = [
      { by: giverId, points, at: createdAt, count: 1 },
      ...joins
        .filter((join) => !join.takenBackAt)
        .map((join) => ({ by: join.personId, points: join.points, at: join.createdAt, count: 0 })),
    ];
    for (const act of acts) {
      for (const period of periodsOf(monthOf(act.at, organisation.zone))) {
        for (const value of valueId === null ? [''] : ['', valueId]) {
          const add = (personId: string, side: string, count: number, sum: number) => {
            for (const subject of [`person ${personId}`, `team ${teams.get(personId)}`]) {
              if (subject === 'team null') continue;
              addTo(should, `${period} ${value} ${subject} ${side}Count`, count);
              addTo(should, `${period} ${value} ${subject} ${side}Points`, sum);
            }
          };
          for (const { personId } of receivers) add(personId, 'received', act.count, act.points);
          add(act.by, 'given', act.count, act.points * receivers.length);
        }
      }
    }
  }
  const is = new Map<string, number>();
  for (const { period, valueId, subjectKind, subjectId, ...sums } of await db.kudosTally.findMany({ where: { organisationId } })) {
    const { receivedCount, receivedPoints, givenCount, givenPoints } = sums;
    for (const [name, sum] of Object.entries({ receivedCount, receivedPoints, givenCount, givenPoints }))
      is.set(`${period} ${valueId} ${subjectKind} ${subjectId} ${name}`, sum);
  }
  return [...new Set([...is.keys(), ...should.keys()])].flatMap((name) => differs(name, is.get(name) ?? 0, should.get(name) ?? 0));
}
