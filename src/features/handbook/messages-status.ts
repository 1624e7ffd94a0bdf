import { type ButtonAction, button, type Card, type Fact, type Row } from '../../core/card.js';
import { ROWS, shownOf, turnRows } from '../../core/paging.js';
import { ref } from '../../core/ref.js';
import type { Block } from '../../core/rich.js';
import { date, instant, key, person, type Text, words } from '../../core/text.js';
import { clauseName, dueFact, to, versionFact } from './messages-parts.js';
import type { Assignment, Counts, Version } from './model.js';
import type { OverdueRow } from './store-ladder.js';
import type { Question } from './store-questions.js';
import type { OutstandingRow } from './store-status.js';

const foot = (footer: Text | undefined) => (footer ? { footer } : {});

/** What a status card tells beside the numbers. */
export interface StatusFacts {
  readonly audience: Text;
  /** What its clauses were changed for, a line each. */
  readonly reasons: readonly Block[];
  /** The first of those outstanding that are shown, from 0. */
  readonly offset: number;
  /** In the organisation's zone. */
  readonly today: string;
  /** No other document and no draft to look at. */
  readonly alone: boolean;
}

/** How a published version stands, and who is outstanding. */
export function statusCard(version: Version, counts: Counts, outstanding: readonly OutstandingRow[], facts: StatusFacts): Card {
  const { audience, offset, today, alone } = facts;
  const published = version.state === 'published';
  const params = { title: words(version.title), signed: counts.signed, asked: counts.asked };
  return {
    summary: key('handbook.status.summary', params),
    title: key('handbook.status.title', { title: words(version.title) }),
    lead: leadOf(version, counts),
    facts: [
      ...(version.number === null ? [] : [versionFact(version.number)]),
      { label: key('handbook.fact.audience'), value: audience },
      dueFact(version.dueOn),
      ...(published
        ? [
            {
              label: key('handbook.fact.waiting'),
              value: key('handbook.status.waiting_value', { waiting: counts.waiting, overdue: counts.overdue }),
            },
          ]
        : []),
      ...some('handbook.fact.declined', counts.declined),
      ...some('handbook.fact.exempt', counts.exempt),
    ],
    body: [
      { kind: 'progress', done: counts.signed, total: counts.asked, label: key('handbook.status.progress', params) },
      ...facts.reasons,
    ],
    // Requests of a version that was withdrawn or replaced are closed in the background: nobody is outstanding any more.
    rows: published ? outstanding.map((row) => outstandingRow(row, version, today)) : [],
    actions: [
      ...statusActions(version, counts, offset, published),
      ...(alone ? [] : [button(key('handbook.action.all_documents'), to.documents(0))]),
    ],
    ...(published ? foot(shownOf(offset, outstanding.length, counts.waiting)) : {}),
  };
}

/** A fact that is worth a line only when there is somebody. */
const some = (label: string, count: number): Fact[] =>
  count > 0 ? [{ label: key(label), value: key('handbook.status.people', { count }) }] : [];

function leadOf(version: Version, counts: Counts): Text {
  if (version.state === 'withdrawn') return key('handbook.status.withdrawn', { reason: words(version.closedReason ?? '') });
  if (version.state === 'superseded') return key('handbook.status.superseded');
  if (version.askedCount === null) return key('handbook.status.asking');
  return counts.waiting === 0 ? key('handbook.status.nobody_waiting') : key('handbook.status.lead', { waiting: counts.waiting });
}

function statusActions(version: Version, counts: Counts, offset: number, published: boolean): ButtonAction[] {
  const remind = button(key('handbook.action.remind_now'), ref('handbook.remind_now', { versionId: version.id }), {
    style: 'primary',
    confirm: {
      title: key('handbook.status.remind_title'),
      text: key('handbook.status.remind_text', { count: counts.waiting }),
      yes: key('handbook.action.remind_now'),
      no: key('core.ui.cancel'),
    },
  });
  return [
    ...(published && counts.waiting > 0 ? [remind] : []),
    ...(published ? turnRows(offset, counts.waiting, (next) => to.outstanding(version.id, next)).slice(0, 1) : []),
    button(key('handbook.action.csv'), ref('handbook.csv', { versionId: version.id })),
    ...(counts.declined > 0 ? [button(key('handbook.action.declines'), to.declines(version.id, 0))] : []),
    button(key('handbook.action.show_text'), to.preview(version.id, 1)),
    ...(published ? [button(key('handbook.action.extend'), ref('handbook.extend', { versionId: version.id }))] : []),
    ...(published ? [button(key('handbook.action.new_version'), ref('handbook.new', { documentId: version.documentId }))] : []),
    ...(published ? [button(key('handbook.action.reason'), to.reason(version.id))] : []),
    ...(published
      ? [button(key('handbook.action.withdraw'), ref('handbook.withdraw', { versionId: version.id }), { style: 'danger' })]
      : []),
  ];
}

function outstandingRow(row: OutstandingRow, version: Version, today: string): Row {
  const params = { due: date(row.dueOn), opened: row.opened, pages: version.pageCount };
  return {
    text: person(row.name),
    detail: row.dueOn < today ? key('handbook.status.row_overdue', params) : key('handbook.status.row', params),
    action: button(key('handbook.action.exempt'), ref('handbook.exempt', { assignmentId: row.id })),
  };
}

/** Those who declined, with their reasons. */
export function declinesCard(version: Version, rows: readonly OutstandingRow[], total: number, offset: number): Card {
  const lead = key('handbook.declines.lead', { count: total });
  return {
    summary: lead,
    title: key('handbook.declines.title', { title: words(version.title) }),
    lead,
    rows: rows.map((row) => ({
      text: person(row.name),
      detail: words(row.reason ?? ''),
      action: button(key('handbook.action.exempt'), ref('handbook.exempt', { assignmentId: row.id })),
    })),
    actions: [
      ...turnRows(offset, total, (next) => to.declines(version.id, next)),
      button(key('handbook.action.to_status'), to.status(version.id)),
    ],
    ...foot(shownOf(offset, rows.length, total)),
  };
}

/** Which document? Drafts come first. */
export function statusListCard(
  drafts: readonly Version[],
  published: readonly Version[],
  withdrawn: readonly Version[],
  offset: number,
): Card {
  const all = [...drafts, ...published, ...withdrawn];
  const lead = key('handbook.status_list.lead', { published: published.length, drafts: drafts.length });
  return {
    summary: lead,
    title: key('handbook.status_list.title'),
    lead,
    rows: all.slice(offset, offset + ROWS).map((version) => ({
      text: words(version.title),
      detail: standingOf(version),
      action: button(key('core.ui.open'), version.state === 'draft' ? to.draft(version.id) : to.status(version.id)),
    })),
    actions: [
      ...turnRows(offset, all.length, (next) => to.documents(next)),
      button(key('handbook.action.publish_new'), ref('handbook.new', {}), all.length === 0 ? { style: 'primary' } : {}),
    ],
    ...foot(shownOf(offset, Math.min(ROWS, all.length - offset), all.length)),
  };
}

function standingOf(version: Version): Text {
  if (version.number === null) return key('handbook.status_list.draft');
  if (version.state === 'withdrawn') return key('handbook.status_list.withdrawn', { version: version.number });
  return key('handbook.status_list.published', { version: version.number, due: date(version.dueOn) });
}

/** The manager hears that somebody declined. */
export function declinedCard(assignment: Assignment, name: string): Card {
  const params = { person: person(name), title: words(assignment.version.title) };
  const leads: Partial<Record<Assignment['state'], Text>> = {
    declined: key('handbook.declined.lead', params),
    open: key('handbook.declined.reopened', params),
    signed: key('handbook.declined.signed', params),
  };
  return {
    summary: key('handbook.declined.summary', params),
    title: key('handbook.declined.title'),
    lead: leads[assignment.state] ?? key('handbook.declined.closed', params),
    ...(assignment.declineReason ? { body: [{ kind: 'quote' as const, text: words(assignment.declineReason), by: person(name) }] } : {}),
    actions: [
      ...(assignment.state === 'declined'
        ? [button(key('handbook.action.exempt'), ref('handbook.exempt', { assignmentId: assignment.id }))]
        : []),
      button(key('handbook.action.see_status'), to.status(assignment.version.id)),
    ],
  };
}

/** A question on a clause, for a manager. */
export function questionCard(question: Question): Card {
  const params = {
    person: person(question.personName),
    clause: clauseName({ number: question.clauseNumber, heading: question.clauseHeading }),
    title: words(question.title),
  };
  return {
    summary: key('handbook.question.summary', params),
    title: key('handbook.question.title'),
    lead: key('handbook.question.lead', params),
    body: [
      { kind: 'quote', text: words(question.words), by: person(question.personName) },
      ...(question.answer === null
        ? []
        : [{ kind: 'quote' as const, text: words(question.answer), by: person(question.answeredByName ?? '') }]),
    ],
    ...(question.answer === null ? { actions: [button(key('handbook.action.answer'), to.answer(question.id), { style: 'primary' })] } : {}),
    footer: question.answeredAt
      ? key('handbook.question.answered', { at: instant(question.answeredAt) })
      : key('handbook.question.asked', { at: instant(question.askedAt) }),
  };
}

/** The answer, for whoever asked. */
export function answeredCard(question: Question, assignmentId: string | undefined, page: number): Card {
  const params = {
    person: person(question.answeredByName ?? ''),
    clause: clauseName({ number: question.clauseNumber, heading: question.clauseHeading }),
    title: words(question.title),
  };
  return {
    summary: key('handbook.answer.summary', params),
    title: key('handbook.answer.title'),
    lead: key('handbook.answer.lead', params),
    body: [
      { kind: 'quote', text: words(question.words) },
      { kind: 'quote', text: words(question.answer ?? ''), by: person(question.answeredByName ?? '') },
    ],
    ...(assignmentId ? { actions: [button(key('handbook.action.read_on'), to.read(assignmentId, page), { style: 'primary' })] } : {}),
  };
}

export function questionsCard(items: readonly Question[], total: number, unanswered: number, offset: number): Card {
  const lead = key('handbook.questions.lead', { unanswered, total });
  return {
    summary: lead,
    title: key('handbook.questions.title'),
    lead,
    rows: items.map((question) => ({
      text: words(question.words),
      detail: key('handbook.questions.row', {
        person: person(question.personName),
        clause: clauseName({ number: question.clauseNumber, heading: question.clauseHeading }),
        title: words(question.title),
      }),
      action: button(
        question.answer === null ? key('handbook.action.answer') : key('core.ui.open'),
        question.answer === null ? to.answer(question.id) : ref('handbook.question', { questionId: question.id }),
      ),
    })),
    actions: turnRows(offset, total, (next) => to.questions(next)),
    ...foot(shownOf(offset, items.length, total)),
  };
}

/** Those whose request is overdue, for the line manager: one digest a day. */
export function overdueCard(rows: readonly OverdueRow[], total: number): Card {
  const lead = key('handbook.overdue.lead', { count: total });
  return {
    summary: lead,
    title: key('handbook.overdue.title'),
    lead,
    rows: rows.map((row) => ({
      text: person(row.name),
      detail: key('handbook.overdue.row', { title: words(row.title), due: date(row.dueOn) }),
    })),
    footer: total > rows.length ? key('handbook.overdue.more', { more: total - rows.length }) : key('handbook.overdue.footer'),
  };
}
