import { type ButtonAction, button, type Card, type Row } from '../../core/card.js';
import { ROWS, shownOf, turnRows } from '../../core/paging.js';
import { ref } from '../../core/ref.js';
import { date, instant, key, list, number, type Text, words } from '../../core/text.js';
import { clauseName, effectiveFact, lengthFact, pageBody, signatureLine, to, turnPages, versionFact } from './messages-parts.js';
import type { Assignment } from './model.js';
import type { PageParts } from './pages.js';
import { type AssignmentState, missingPages } from './rules.js';

/** How a request stands for its person: closed with its version even before the job has come to it. */
export function standing(assignment: Assignment): AssignmentState {
  const { state, version } = assignment;
  return (state === 'open' || state === 'declined') && version.state !== 'published' && version.state !== 'draft' ? version.state : state;
}

/** Why the card has come: the request itself, or a reminder of it. */
export type Occasion = 'request' | 'before' | 'today' | 'overdue' | 'nudge';

const SUMMARY: Readonly<Record<Occasion, string>> = {
  request: 'handbook.request.summary',
  before: 'handbook.reminder.before_summary',
  today: 'handbook.reminder.today_summary',
  overdue: 'handbook.reminder.overdue_summary',
  nudge: 'handbook.reminder.nudge_summary',
};
const LEAD: Readonly<Record<Occasion, string>> = {
  request: 'handbook.request.lead',
  before: 'handbook.reminder.before_lead',
  today: 'handbook.reminder.today_lead',
  overdue: 'handbook.reminder.overdue_lead',
  nudge: 'handbook.reminder.nudge_lead',
};

/** The request as it stands now: what is asked, or what became of it. */
export function requestCard(assignment: Assignment, occasion: Occasion = 'request'): Card {
  const { version } = assignment;
  const params = { title: words(version.title), due: date(assignment.dueOn), minutes: version.readingMinutes };
  switch (standing(assignment)) {
    case 'open':
      return {
        summary: key(SUMMARY[occasion], params),
        title: words(version.title),
        lead: key(LEAD[occasion], params),
        // Due date and minutes stand in the line above.
        facts: [lengthFact(version.pageCount, version.readingMinutes), effectiveFact(version.effectiveOn), versionFact(version.number)],
        actions: [
          button(key('handbook.action.read_and_sign'), to.read(assignment.id, firstToRead(assignment)), { style: 'primary' }),
          button(key('handbook.action.decline'), to.decline(assignment.id)),
        ],
      };
    case 'signed':
      return receiptCard(assignment);
    case 'declined':
      return {
        ...told(assignment, 'handbook.request.declined'),
        actions: [
          button(key('handbook.action.changed_mind'), ref('handbook.reopen', { assignmentId: assignment.id }), { style: 'primary' }),
          button(key('handbook.action.read'), to.read(assignment.id, 1)),
        ],
      };
    case 'superseded':
      return {
        ...told(assignment, 'handbook.request.superseded'),
        actions: [button(key('handbook.action.my_handbooks'), to.mine(0), { style: 'primary' })],
      };
    case 'withdrawn':
      return told(assignment, 'handbook.request.withdrawn');
    case 'exempt':
      return { ...told(assignment, 'handbook.request.exempt'), actions: [button(key('handbook.action.read'), to.read(assignment.id, 1))] };
    case 'left':
      return told(assignment, 'handbook.request.left');
  }
}

function told(assignment: Assignment, name: string): Card {
  const text = key(name, { title: words(assignment.version.title) });
  return { summary: text, title: words(assignment.version.title), lead: text };
}

/** The first page that wasn't opened yet; the last one when all were. */
function firstToRead(assignment: Assignment): number {
  return missingPages(assignment.version.pageCount, assignment.pagesOpened)[0] ?? assignment.version.pageCount;
}

/** A merged message's line about a request. */
export function requestLine(assignment: Assignment): { text: Text; action: ButtonAction } {
  const { version } = assignment;
  return {
    text: key('handbook.request.line', { title: words(version.title), due: date(assignment.dueOn), minutes: version.readingMinutes }),
    action: button(key('handbook.action.read_and_sign'), to.read(assignment.id, firstToRead(assignment))),
  };
}

/** "Signed. Your receipt is in your file." */
export function receiptCard(assignment: Assignment): Card {
  const { version, signature } = assignment;
  return {
    summary: key('handbook.receipt.summary', { title: words(version.title) }),
    title: words(version.title),
    lead: key('handbook.receipt.lead'),
    facts: [
      ...(signature ? [{ label: key('handbook.fact.signed'), value: instant(signature.signedAt) }] : []),
      ...(signature ? [{ label: key('handbook.fact.record'), value: words(String(signature.seq)) }] : []),
      versionFact(version.number),
      ...(signature ? [{ label: key('handbook.fact.hash'), value: words(version.sha256.slice(0, 12)) }] : []),
      ...(signature ? [{ label: key('handbook.fact.record_hash'), value: words(signature.hash.slice(0, 12)) }] : []),
    ],
    actions: [button(key('handbook.action.read_again'), to.read(assignment.id, 1)), button(key('handbook.action.my_file'), to.mine(0))],
  };
}

/** A page of the handbook as somebody reads it who is, or was, asked to sign. */
export function pageCard(assignment: Assignment, page: number, parts: PageParts): Card {
  const { version } = assignment;
  const open = standing(assignment) === 'open';
  const missing = missingPages(version.pageCount, assignment.pagesOpened);
  const lastPage = page === version.pageCount;
  return {
    summary: key('handbook.page.summary', { title: words(version.title), page, pages: version.pageCount }),
    title: words(version.title),
    body: [
      ...pageBody(parts),
      ...(open && lastPage && missing.length > 0
        ? [
            {
              kind: 'paragraph' as const,
              text: key('handbook.page.missing', { count: missing.length, pages: list(missing.slice(0, 10).map(number)) }),
            },
          ]
        : []),
      ...(open && missing.length === 0 ? [{ kind: 'paragraph' as const, text: key('handbook.page.all_opened') }] : []),
      ...(open
        ? [
            {
              kind: 'progress' as const,
              done: version.pageCount - missing.length,
              total: version.pageCount,
              label: key('handbook.page.progress', { opened: version.pageCount - missing.length, pages: version.pageCount }),
            },
          ]
        : []),
    ],
    actions: pageActions(assignment, page, missing, open),
    footer: key('handbook.page.footer', { page, pages: version.pageCount, version: version.number }),
  };
}

function pageActions(assignment: Assignment, page: number, missing: readonly number[], open: boolean): ButtonAction[] {
  const { version, id } = assignment;
  const turn = (primary: boolean) => turnPages(page, version.pageCount, (target) => to.read(id, target), primary);
  const ask = button(key('handbook.action.ask'), ref('handbook.ask', { assignmentId: id, page }));
  if (!open)
    return [
      ...turn(true),
      ...(standing(assignment) === 'declined'
        ? [button(key('handbook.action.changed_mind'), ref('handbook.reopen', { assignmentId: id }))]
        : []),
    ];
  const decline = button(key('handbook.action.decline'), to.decline(id));
  const lastPage = page === version.pageCount;
  if (missing.length === 0) {
    const sign = button(key('handbook.action.sign'), to.sign(id), { style: 'primary' });
    return [sign, ...turn(false), ask, decline];
  }
  if (!lastPage) return [...turn(true), ask, decline];
  const opens = missing
    .slice(0, 2)
    .map((target, index) =>
      button(key('handbook.action.open_page', { page: target }), to.read(id, target), index === 0 ? { style: 'primary' } : {}),
    );
  return [...opens, ask, ...turn(false), decline];
}

/** What waits for me, and what I have signed. */
export function mineCard(waiting: readonly Assignment[], signed: readonly Assignment[], total: number, offset: number): Card {
  const open = waiting.slice(0, 3);
  const room = ROWS - (offset === 0 ? open.length : 0);
  const rows: Row[] = [
    ...(offset === 0 ? open.map(waitingRow) : []),
    ...signed.slice(0, room).map(
      (assignment): Row => ({
        text: words(assignment.version.title),
        ...(assignment.signature ? { detail: signatureLine(assignment.signature) } : {}),
        action: button(key('handbook.action.read'), to.read(assignment.id, 1)),
      }),
    ),
  ];
  const lead = key('handbook.mine.lead', { waiting: waiting.length, signed: total });
  return {
    summary: lead,
    title: key('handbook.mine.title'),
    lead,
    rows,
    actions: turnRows(offset, total, (next) => to.mine(next)),
    ...footerOf(shownOf(offset, Math.min(signed.length, room), total)),
  };
}

const footerOf = (footer: Text | undefined) => (footer ? { footer } : {});

/** A request among others. */
export function waitingRow(assignment: Assignment): Row {
  const declined = assignment.state === 'declined';
  return {
    text: words(assignment.version.title),
    detail: declined
      ? key('handbook.mine.declined')
      : key('handbook.mine.due', { due: date(assignment.dueOn), minutes: assignment.version.readingMinutes }),
    action: declined
      ? button(key('handbook.action.changed_mind'), ref('handbook.reopen', { assignmentId: assignment.id }))
      : button(key('handbook.action.read_and_sign'), to.read(assignment.id, firstToRead(assignment)), { style: 'primary' }),
  };
}

/** "Your question has gone to ..." */
export function askedCard(
  assignment: Assignment,
  page: number,
  clause: { readonly number: string; readonly heading: string },
  typed: string,
): Card {
  const text = key('handbook.asked.lead');
  return {
    summary: text,
    title: key('handbook.asked.title'),
    lead: text,
    body: [{ kind: 'quote', text: words(typed), by: clauseName(clause) }],
    actions: [button(key('handbook.action.read_on'), to.read(assignment.id, page), { style: 'primary' })],
  };
}
