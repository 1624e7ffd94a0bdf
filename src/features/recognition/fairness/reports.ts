import { BellhopError } from '../../../core/errors.js';
import { enqueueMany, type NewDelivery, refresh } from '../../../delivery/enqueue.js';
import { recordEvent } from '../../../people/audit.js';
import { inTransaction, type Tx } from '../../../people/db.js';
import type { HandlerContext, WorkContext } from '../../../people/handlers.js';
import { takeBackWithin } from '../giving/close.js';
import { findKudos, lockKudos } from '../giving/store-kudos.js';
import { type Kudos, subject } from '../model.js';
import { askedBefore, managersApartFrom } from './store-managers.js';
import { addReport, decideReports, findReport, findReportOf, type Report, reportsOf } from './store-reports.js';

/** A reported kudos with all its reports, the earliest first. */
export interface ReportedKudos {
  readonly kudos: Kudos;
  readonly reports: readonly Report[];
}

/** Throws BellhopError `recognition.report_gone`. */
export async function loadReported(context: WorkContext, db: WorkContext['db'] | Tx, reportId: string): Promise<ReportedKudos> {
  const { organisation } = context;
  const report = await findReport(db, organisation.id, reportId);
  const kudos = report && (await findKudos(db, organisation.id, report.kudosId));
  if (!kudos) throw new BellhopError('recognition.report_gone');
  return { kudos, reports: await reportsOf(db, organisation.id, kudos.id) };
}

/** Whoever gave, got or reported a kudos: no judge of it. */
export function involved({ kudos, reports }: ReportedKudos): readonly string[] {
  return [kudos.giverId, ...kudos.receiverIds, ...reports.map((report) => report.reporterId)];
}

/**
 * Whether this person may report these kudos.
 * @throws BellhopError `recognition.kudos_gone`, `recognition.report_own`, `recognition.report_again`
 */
export async function checkReportable(
  db: WorkContext['db'] | Tx,
  organisationId: string,
  kudos: Kudos | undefined,
  personId: string,
): Promise<Kudos> {
  // Of private kudos nobody else is told that there are any.
  if (kudos?.state !== 'given' || !kudos.public) throw new BellhopError('recognition.kudos_gone');
  if (kudos.giverId === personId) throw new BellhopError('recognition.report_own');
  const before = await findReportOf(db, organisationId, kudos.id, personId);
  if (before) throw new BellhopError(before.state === 'open' ? 'recognition.report_again' : 'recognition.report_decided');
  return kudos;
}

/**
 * Keeps a report and asks the managers.
 * @returns how many are asked; 0 when nobody is left who could be
 */
export async function report(context: HandlerContext, kudosId: string, words: string): Promise<number> {
  const { db, organisation, person } = context;
  return await inTransaction(db, async (tx) => {
    const now = context.clock.now();
    // A decision that is being made waits for this report, or this report for the decision.
    const kudos = await checkReportable(tx, organisation.id, await lockKudos(tx, organisation.id, kudosId), person.id);
    const reportId = await addReport(tx, organisation.id, { kudosId, reporterId: person.id, words }, now);
    if (reportId === undefined) throw new BellhopError('recognition.report_again');
    const act = { organisationId: organisation.id, actorId: person.id, verb: 'recognition.kudos_reported', subjectId: kudosId };
    await recordEvent(tx, { ...act, data: { reportId } }, now);
    const reported = { kudos, reports: await reportsOf(tx, organisation.id, kudosId) };
    return await askManagers(context, tx, reported, reportId);
  });
}

/** Managers who have a card of these kudos already see the new report on it; the others get one. */
async function askManagers(context: WorkContext, tx: Tx, reported: ReportedKudos, reportId: string): Promise<number> {
  const { organisation } = context;
  const now = context.clock.now();
  const managers = await managersApartFrom(tx, organisation, involved(reported));
  const cards = await cardsOf(context, tx, reported);
  const have = new Set(cards.map((card) => card.personId));
  const asked = managers
    .filter((personId) => !have.has(personId))
    .map(
      (personId): NewDelivery => ({
        organisationId: organisation.id,
        subjectKey: subject.reportOpened(reportId, personId),
        message: 'recognition.report_opened',
        payload: { reportId, personId },
        to: { personId },
        priority: 'answer',
        dueAt: now,
      }),
    );
  await enqueueMany(tx, asked, now);
  await refreshCards(context, tx, cards);
  return managers.length;
}

type ManagersCards = Awaited<ReturnType<typeof askedBefore>>;

/** The cards about these kudos that lie with managers. */
async function cardsOf({ organisation }: WorkContext, tx: Tx, { reports }: ReportedKudos): Promise<ManagersCards> {
  return await askedBefore(
    tx,
    organisation.id,
    reports.map((one) => subject.reportOpened(one.id, '')),
  );
}

async function refreshCards({ organisation, clock }: WorkContext, tx: Tx, cards: ManagersCards): Promise<void> {
  await refresh(
    tx,
    organisation.id,
    cards.map((card) => card.subjectKey),
    clock.now(),
  );
}

/**
 * Decides all open reports of a kudos: the first decision counts. Whoever reported it hears of it; when it is taken down,
 * so do those who gave and got it.
 * @param words for those who reported it; empty for none
 * @returns whether this decision was the first
 * @throws BellhopError `recognition.report_not_yours`, `recognition.report_gone`
 */
export async function decide(context: HandlerContext, reportId: string, remove: boolean, words: string): Promise<boolean> {
  const { db, organisation, person } = context;
  return await inTransaction(db, async (tx) => {
    const now = context.clock.now();
    const reported = await lockReported(context, tx, reportId);
    if (involved(reported).includes(person.id)) throw new BellhopError('recognition.report_not_yours');
    const { kudos } = reported;
    // Taken back by its giver meanwhile: nothing can be kept.
    const state = remove || kudos.state !== 'given' ? 'removed' : 'kept';
    const decided = await decideReports(tx, organisation.id, kudos.id, { state, decidedById: person.id, words: words || null }, now);
    if (decided.length === 0) return false;
    const isTakenDown =
      state === 'removed' && (await takeBackWithin(context, tx, kudos.id, { personId: person.id }, 'removed', 'report_upheld'));
    if (isTakenDown) await tellTakenDown(context, tx, kudos);
    const act = { organisationId: organisation.id, actorId: person.id, verb: 'recognition.report_decided', subjectId: kudos.id };
    await recordEvent(tx, { ...act, data: { state, reports: decided.length } }, now);
    await tellDecided(context, tx, reported, decided);
    return true;
  });
}

/** Reports of kudos that their giver has taken back meanwhile end by themselves. */
export async function endReport(context: WorkContext, kudosId: string): Promise<void> {
  const { db, organisation } = context;
  await inTransaction(db, async (tx) => {
    const kudos = await lockKudos(tx, organisation.id, kudosId);
    if (!kudos || kudos.state === 'given') return;
    const now = context.clock.now();
    const decided = await decideReports(tx, organisation.id, kudosId, { state: 'removed', decidedById: null, words: null }, now);
    await tellDecided(context, tx, { kudos, reports: await reportsOf(tx, organisation.id, kudosId) }, decided);
  });
}

async function lockReported(context: WorkContext, tx: Tx, reportId: string): Promise<ReportedKudos> {
  const { kudos } = await loadReported(context, tx, reportId);
  await lockKudos(tx, context.organisation.id, kudos.id);
  return await loadReported(context, tx, reportId);
}

async function tellDecided(
  context: WorkContext,
  tx: Tx,
  reported: ReportedKudos,
  decided: readonly { readonly id: string; readonly reporterId: string }[],
): Promise<void> {
  const { organisation, clock } = context;
  const now = clock.now();
  const told = decided.map(
    ({ id, reporterId }): NewDelivery => ({
      organisationId: organisation.id,
      subjectKey: subject.reportDecided(id),
      message: 'recognition.report_decided',
      payload: { reportId: id },
      to: { personId: reporterId },
      priority: 'answer',
      dueAt: now,
    }),
  );
  await enqueueMany(tx, told, now);
  await refreshCards(context, tx, await cardsOf(context, tx, reported));
}

async function tellTakenDown({ organisation, clock }: WorkContext, tx: Tx, kudos: Kudos): Promise<void> {
  const now = clock.now();
  const told = [kudos.giverId, ...kudos.receiverIds].map(
    (personId): NewDelivery => ({
      organisationId: organisation.id,
      subjectKey: subject.removed(kudos.id, personId),
      message: 'recognition.removed',
      payload: { kudosId: kudos.id, personId },
      to: { personId },
      priority: 'answer',
      dueAt: now,
    }),
  );
  await enqueueMany(tx, told, now);
}
