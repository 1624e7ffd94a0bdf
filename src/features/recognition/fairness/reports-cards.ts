import { button, type Card, type Fact, notice, type Row } from '../../../core/card.js';
import { ROWS, shownFooter, turnRows } from '../../../core/paging.js';
import { ref } from '../../../core/ref.js';
import type { Block } from '../../../core/rich.js';
import { instant, key, person, type Text, words } from '../../../core/text.js';
import type { HandlerContext, WorkContext } from '../../../people/handlers.js';
import { namesOf, pointsOf, reasonBlocks, valueText } from '../giving/messages.js';
import { findManyKudos } from '../giving/store-kudos.js';
import { type Faces, loadFaces } from '../giving/store-names.js';
import type { Kudos } from '../model.js';
import { involved, loadReported, type ReportedKudos } from './reports.js';
import { firstOf } from './rows.js';
import { findReport, listWaitingReports, type Report } from './store-reports.js';

/** Reports whose words a card shows; the others are counted. */
const REPORTS_SHOWN = 5;

/** Everybody whom a reported kudos' cards name. */
async function facesOf({ db, organisation }: WorkContext, reported: ReportedKudos): Promise<Faces> {
  const deciders = reported.reports.flatMap(({ decidedById }) => decidedById ?? []);
  return await loadFaces(db, organisation.id, [...involved(reported), ...deciders]);
}

/** What a kudos is, for whoever has to judge it. */
export function kudosFacts(kudos: Kudos, faces: Faces): readonly Fact[] {
  return [
    { label: key('recognition.fair.from'), value: person(faces(kudos.giverId).name) },
    { label: key('recognition.fair.to'), value: namesOf(kudos.receiverIds, faces) },
    ...(kudos.value ? [{ label: key('recognition.fair.value'), value: valueText(kudos.value) }] : []),
    { label: key('recognition.fair.points'), value: key('recognition.fair.points_value', { count: pointsOf(kudos) }) },
    { label: key('recognition.fair.given'), value: instant(kudos.createdAt) },
  ];
}

/** A reported kudos as a manager sees it: who reported it is named to managers only. */
export async function reportCard(context: WorkContext, reportId: string, managerId: string): Promise<Card> {
  const reported = await loadReported(context, context.db, reportId);
  // Somebody who was asked has reported it too, or was never to be asked.
  if (involved(reported).includes(managerId)) return notice(key('recognition.errors.report_not_yours'));
  const { kudos, reports } = reported;
  const faces = await facesOf(context, reported);
  const open = reports.filter((report) => report.state === 'open');
  const shown = (open.length > 0 ? open : reports).slice(0, REPORTS_SHOWN);
  const lead = leadOf(reported, faces);
  return {
    summary: lead,
    title: key('recognition.report.title'),
    lead,
    facts: kudosFacts(kudos, faces),
    body: [
      ...reasonBlocks(kudos, faces),
      { kind: 'heading', text: key('recognition.report.why', { count: reports.length }) },
      ...shown.flatMap((one) => reportBlocks(one, faces)),
    ],
    actions:
      open.length === 0
        ? []
        : [
            button(key('recognition.report.keep'), ref('recognition.report_decide', { reportId, remove: false })),
            button(key('recognition.report.remove'), ref('recognition.report_decide', { reportId, remove: true }), { style: 'danger' }),
          ],
    ...(shown.length < reports.length && { footer: key('recognition.report.more', { more: reports.length - shown.length }) }),
  };
}

function reportBlocks(report: Report, faces: Faces): readonly Block[] {
  const by = person(faces(report.reporterId).name);
  return report.words === '' ? [{ kind: 'paragraph', text: by }] : [{ kind: 'quote', text: words(report.words), by }];
}

function leadOf({ kudos, reports }: ReportedKudos, faces: Faces): Text {
  const last = reports.at(-1);
  const people = namesOf(kudos.receiverIds, faces);
  if (!last || reports.some((report) => report.state === 'open')) return key('recognition.report.lead', { people });
  if (last.decidedById === null || last.decidedAt === null) return key('recognition.report.gone');
  const params = { manager: person(faces(last.decidedById).name), at: instant(last.decidedAt) };
  return last.state === 'kept' ? key('recognition.report.kept', params) : key('recognition.report.removed', params);
}

/** What whoever reported a kudos hears of the decision. */
export async function decidedCard(context: WorkContext, reportId: string): Promise<Card> {
  const { db, organisation } = context;
  const reported = await loadReported(context, db, reportId);
  const report = await findReport(db, organisation.id, reportId);
  const faces = await facesOf(context, reported);
  const people = namesOf(reported.kudos.receiverIds, faces);
  const lead = decisionOf(report, people);
  const by = report?.decidedById ? person(faces(report.decidedById).name) : undefined;
  return {
    summary: lead,
    title: key('recognition.report.decided_title'),
    lead,
    ...(report?.decisionWords && { body: [{ kind: 'quote' as const, text: words(report.decisionWords), ...(by && { by }) }] }),
    footer: key('recognition.report.thanks'),
  };
}

function decisionOf(report: Report | undefined, people: Text): Text {
  if (report?.state === 'kept') return key('recognition.report.decided_kept', { people });
  if (report?.decidedById == null) return key('recognition.report.decided_gone', { people });
  return key('recognition.report.decided_removed', { people });
}

/** What whoever gave or got kudos hears when they were taken down: kindly, and without who reported them. */
export function removedCard(kudos: Kudos, faces: Faces, personId: string): Card {
  const isGiver = kudos.giverId === personId;
  const lead = isGiver
    ? kudos.source === 'customer'
      ? key('recognition.removed.confirmer', { people: namesOf(kudos.receiverIds, faces) })
      : key('recognition.removed.giver', { people: namesOf(kudos.receiverIds, faces) })
    : key('recognition.removed.receiver', { giver: person(faces(kudos.giverId).name) });
  return {
    summary: lead,
    title: key('recognition.removed.title'),
    lead,
    // Whoever got them need not read the words again.
    body: isGiver ? reasonBlocks(kudos, faces) : [],
    footer: isGiver ? key('recognition.removed.giver_footer') : key('recognition.removed.receiver_footer'),
  };
}

/** Reported kudos that wait for this manager. */
export async function reportsCard(context: HandlerContext, offset: number): Promise<Card> {
  const { db, organisation, person: manager } = context;
  const { rows, total } = await listWaitingReports(db, organisation.id, manager.id, { offset, limit: ROWS });
  const kudos = await findManyKudos(
    db,
    organisation.id,
    rows.map((row) => row.kudosId),
  );
  const faces = await loadFaces(
    db,
    organisation.id,
    [...kudos.values()].flatMap((one) => [one.giverId, ...one.receiverIds]),
  );
  const lead = key('recognition.reports.lead', { count: total });
  return {
    summary: lead,
    title: key('recognition.reports.title'),
    lead,
    rows: rows.flatMap((row): Row[] => {
      const one = kudos.get(row.kudosId);
      if (!one) return [];
      return [
        {
          text: key('recognition.fair.from_to', { giver: person(faces(one.giverId).name), people: firstOf(one.receiverIds, faces) }),
          detail: key('recognition.reports.row', { count: row.count, at: instant(row.createdAt) }),
          action: button(key('core.ui.open'), ref('recognition.report_show', { reportId: row.reportId })),
        },
      ];
    }),
    actions: turnRows(offset, total, (next) => ref('recognition.reports', { offset: next })),
    ...shownFooter(offset, rows.length, total),
  };
}
