import { button, type Card } from '../../../core/card.js';
import type { Sweep } from '../../../core/feature.js';
import { ROWS } from '../../../core/paging.js';
import { whisper } from '../../../core/reply.js';
import { key } from '../../../core/text.js';
import { enqueueMany, type NewDelivery } from '../../../delivery/enqueue.js';
import { enqueueJob } from '../../../delivery/jobs.js';
import { type Db, inTransaction, type Tx } from '../../../people/db.js';
import { action, type HandlerContext, job, message, type WorkContext } from '../../../people/handlers.js';
import { addDays, atLocalTime, localDay } from '../../../people/hours.js';
import { findPeople, findPerson } from '../../../people/people.js';
import { subject } from '../model.js';
import { monthOf } from '../periods.js';
import { fairnessCard, fairnessLead, groupsCard, silentCard } from './messages-fairness.js';
import { show, to } from './parts.js';
import { digestDue, extremes, type GroupShare, SILENT_DAYS, shareOf } from './rules.js';
import { FairnessDelivery, FairnessJob, FairnessRef, type Findings, GroupsRef, SilentRef } from './schema.js';
import { groupNames, isUsed, managerIds, type Spread, silentPeople, spreadOf, type Window } from './store-fairness.js';

/** The monthly report is not worth sending later than so many days after the month began. */
const LATE_DAYS = 10;

/** The last 90 days of the organisation's calendar, and the 90 before them. */
function windowOf({ organisation, clock }: Pick<WorkContext, 'organisation' | 'clock'>): Window {
  const today = localDay(clock.now(), organisation.zone);
  const midnight = (daysAgo: number) => atLocalTime(addDays(today, -daysAgo), 0, organisation.zone);
  return { since: midnight(SILENT_DAYS), before: midnight(2 * SILENT_DAYS) };
}

/** What a spread comes down to. */
export function findingsOf({ all, teams, locations }: Spread): Findings {
  const { people, reached, kudos, peopleBefore, reachedBefore, silent } = all;
  const [team, location] = [extremes(teams), extremes(locations)];
  const share = (group: GroupShare | undefined) => (group ? shareOf(group) : null);
  return {
    ...{ people, reached, kudos, peopleBefore, reachedBefore, silent },
    ...{ teamLow: team?.low.id ?? null, teamLowShare: share(team?.low) },
    ...{ teamHigh: team?.high.id ?? null, teamHighShare: share(team?.high) },
    ...{ locationLow: location?.low.id ?? null, locationLowShare: share(location?.low) },
    ...{ locationHigh: location?.high.id ?? null, locationHighShare: share(location?.high) },
  };
}

async function cardOf(db: Db | Tx, organisationId: string, findings: Findings, anew?: boolean): Promise<Card> {
  const { teamLow, teamHigh, locationLow, locationHigh } = findings;
  const names = await groupNames(db, organisationId, [teamLow, teamHigh, locationLow, locationHigh]);
  return fairnessCard(findings, (id) => (id === null ? undefined : names.get(id)), anew);
}

/** The report as things stand now. */
async function reportNow(context: HandlerContext): Promise<Card> {
  const { db, organisation } = context;
  return await cardOf(db, organisation.id, findingsOf(await spreadOf(db, organisation, windowOf(context))));
}

export const fairnessVerb = async (context: HandlerContext) => whisper(await reportNow(context));

/** Once a month a job that sends the report to managers. */
const monthly: Sweep<WorkContext> = {
  id: 'recognition.fairness',
  run: async ({ db, organisation, clock }) => {
    const now = clock.now();
    const month = monthOf(now, organisation.zone);
    if (now >= atLocalTime(addDays(`${month}-01`, LATE_DAYS), 0, organisation.zone)) return;
    const due = {
      organisationId: organisation.id,
      subjectKey: `recognition.fairness:${month}`,
      kind: 'recognition.fairness',
      payload: { month },
      dueAt: now,
    };
    await inTransaction(db, async (tx) => await enqueueJob(tx, due, now));
  },
};

/** Makes the report once and puts it on its way to every manager, for the first opening of the month. */
const handOut = job({
  kind: 'recognition.fairness',
  payload: FairnessJob,
  run: async ({ tx, organisation, clock }, { month }) => {
    const now = clock.now();
    const window = windowOf({ organisation, clock });
    if (month !== monthOf(now, organisation.zone) || !(await isUsed(tx, organisation.id, window.before))) return { done: true };
    const findings = findingsOf(await spreadOf(tx, organisation, window));
    const managers = await findPeople(tx, organisation.id, await managerIds(tx, organisation));
    await enqueueMany(
      tx,
      [...managers.values()].map(
        (manager): NewDelivery => ({
          organisationId: organisation.id,
          subjectKey: subject.fairness(month, manager.id),
          message: 'recognition.fairness',
          payload: { ...findings, managerId: manager.id, month },
          to: { personId: manager.id },
          priority: 'bulk',
          capped: true,
          dueAt: digestDue(`${month}-01`, manager, now),
          expiresAt: atLocalTime(addDays(`${month}-01`, LATE_DAYS), 0, manager.zone),
        }),
      ),
      now,
    );
    return { done: true };
  },
});

const fairness = message({
  id: 'recognition.fairness',
  payload: FairnessDelivery,
  guard: async ({ db, organisation }, { managerId }) => {
    const manager = await findPerson(db, organisation.id, managerId);
    return manager && manager.role !== 'employee' ? null : 'no_manager';
  },
  card: async ({ db, organisation }, findings) => await cardOf(db, organisation.id, findings, true),
  line: async (_, findings) => ({
    text: fairnessLead(findings),
    action: button(key('core.ui.open'), to.fairness(true)),
  }),
});

export const fairnessMessages = [fairness];
export const fairnessJobs = [handOut];
export const fairnessSweeps = [monthly];
export const fairnessActions = [
  action({
    id: 'recognition.fairness',
    role: 'manager',
    payload: FairnessRef,
    run: async (context, { anew }) => show(await reportNow(context), anew),
  }),
  action({
    id: 'recognition.silent',
    role: 'manager',
    payload: SilentRef,
    run: async (context, { offset, anew }) => {
      const { db, organisation, person, reader } = context;
      const { since } = windowOf(context);
      const { rows, total, own } = await silentPeople(db, organisation, since, person.id, { offset, limit: ROWS });
      return show(
        silentCard(rows, total, own, offset, (at) => localDay(at, reader.zone)),
        anew,
      );
    },
  }),
  action({
    id: 'recognition.groups',
    role: 'manager',
    payload: GroupsRef,
    run: async (context, { kind, offset, anew }) => {
      const { teams, locations } = await spreadOf(context.db, context.organisation, windowOf(context));
      return show(groupsCard(kind, kind === 'team' ? teams : locations, offset), anew);
    },
  }),
];
