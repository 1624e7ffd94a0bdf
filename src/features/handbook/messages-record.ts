import { button, type Card } from '../../core/card.js';
import { shownOf, turnRows } from '../../core/paging.js';
import type { RecordOwner, RecordSection } from '../../core/record.js';
import { key, person, type Text, words } from '../../core/text.js';
import { pageBody, signatureLine, to, turnPages } from './messages-parts.js';
import type { Assignment } from './model.js';
import type { PageParts } from './pages.js';

/** How many were signed, and how many wait. */
function recordLead(owner: RecordOwner, mine: boolean, signed: number, waiting: number): Text {
  return mine
    ? key('handbook.record.lead_mine', { signed, waiting })
    : key('handbook.record.lead', { person: person(owner.name), signed, waiting });
}

const versionName = ({ version }: Assignment): Text =>
  key('handbook.record.version', { title: words(version.title), version: version.number });

/** The handbook's part of a person's record. @param signed the latest few */
export function sectionOf(owner: RecordOwner, mine: boolean, signed: readonly Assignment[], total: number, waiting: number): RecordSection {
  return {
    heading: key('handbook.record.heading'),
    lead: recordLead(owner, mine, total, waiting),
    lines: signed.map((assignment) => ({
      text: versionName(assignment),
      ...(assignment.signature ? { detail: signatureLine(assignment.signature) } : {}),
    })),
    action: button(key('handbook.record.heading'), to.record(owner.id, 0)),
  };
}

/** A person's file: every version signed, with date, number and hash. */
export function recordCard(
  owner: RecordOwner,
  mine: boolean,
  signed: readonly Assignment[],
  total: number,
  waiting: number,
  offset: number,
): Card {
  const lead = recordLead(owner, mine, total, waiting);
  return {
    summary: lead,
    title: mine ? key('handbook.record.title_mine') : key('handbook.record.title', { person: person(owner.name) }),
    lead,
    rows: signed.map((assignment) => ({
      text: versionName(assignment),
      ...(assignment.signature ? { detail: signatureLine(assignment.signature) } : {}),
      action: button(key('handbook.action.read'), to.recordPage(assignment.id, 1)),
    })),
    actions: turnRows(offset, total, (next) => to.record(owner.id, next)),
    footer: shownOf(offset, signed.length, total) ?? key('handbook.record.footer'),
  };
}

/** A page of a version that somebody signed, from the person's file. */
export function recordPageCard(assignment: Assignment, page: number, parts: PageParts): Card {
  const { version } = assignment;
  return {
    summary: key('handbook.page.summary', { title: words(version.title), page, pages: version.pageCount }),
    title: words(version.title),
    body: pageBody(parts),
    actions: [
      ...turnPages(page, version.pageCount, (target) => to.recordPage(assignment.id, target), true),
      button(key('handbook.action.to_file'), to.record(assignment.personId, 0)),
    ],
    ...(assignment.signature ? { footer: signatureLine(assignment.signature) } : {}),
  };
}
