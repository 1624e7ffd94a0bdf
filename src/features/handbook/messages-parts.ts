import { type ButtonAction, button, type Fact } from '../../core/card.js';
import { ref } from '../../core/ref.js';
import type { Block } from '../../core/rich.js';
import { date, instant, key, number, type Text, words } from '../../core/text.js';
import { shortHash } from './chain.js';
import type { Signature } from './model.js';
import type { PageParts } from './pages.js';

export const dueFact = (dueOn: string): Fact => ({ label: key('handbook.fact.due'), value: date(dueOn) });
export const effectiveFact = (day: string): Fact => ({ label: key('handbook.fact.effective'), value: date(day) });
export const versionFact = (version: number): Fact => ({ label: key('handbook.fact.version'), value: number(version) });
export const lengthFact = (pages: number, minutes: number): Fact => ({
  label: key('handbook.fact.length'),
  value: key('handbook.fact.length_value', { pages, minutes }),
});

/** "2.1 On the phone": what a clause is called. */
export function clauseName(clause: { readonly number: string; readonly heading: string }): Text {
  if (clause.number === '') return key('handbook.clause.introduction');
  return words(clause.heading === '' ? clause.number : `${clause.number} ${clause.heading}`);
}

/** The first five clauses, and how many more there are. */
export function clauseNames(clauses: readonly { readonly number: string; readonly heading: string }[]): Text[] {
  const shown = clauses.slice(0, clauses.length > 5 ? 4 : 5).map(clauseName);
  return clauses.length > 5 ? [...shown, key('handbook.draft.more_clauses', { count: clauses.length - 4 })] : shown;
}

/** What a clause is called in a menu: an option has 75 characters on Slack. */
export function optionName(clause: { readonly number: string; readonly heading: string }): Text {
  const heading = clause.heading.length > 60 ? `${clause.heading.slice(0, 59).trimEnd()}…` : clause.heading;
  return clauseName({ number: clause.number, heading });
}

/** A page of a document: its clauses with their headings. The introduction needs none, unless it goes on from the page before. */
export function pageBody(parts: PageParts): Block[] {
  return parts.flatMap((part): Block[] => {
    const heading: Block[] =
      part.number === '' && !part.continued
        ? []
        : [{ kind: 'heading', text: part.continued ? key('handbook.clause.continued', { clause: clauseName(part) }) : clauseName(part) }];
    return part.blocks.length > 0 ? [...heading, { kind: 'rich', blocks: part.blocks }] : heading;
  });
}

/** Buttons to the pages before and after. */
export function turnPages(page: number, pageCount: number, to: (page: number) => ButtonAction['ref'], primary: boolean): ButtonAction[] {
  const next = page < pageCount ? [button(key('handbook.action.next'), to(page + 1), primary ? { style: 'primary' } : {})] : [];
  const back = page > 1 ? [button(key('handbook.action.back'), to(page - 1))] : [];
  return [...next, ...back];
}

/** "No. 12 · signed … · 3fa9…": how a record is named. */
export function signatureLine(signature: Signature): Text {
  return key('handbook.record.line', {
    number: words(String(signature.seq)),
    at: instant(signature.signedAt),
    hash: words(shortHash(signature.hash)),
  });
}

/** The refs that several cards lead to. */
export const to = {
  read: (assignmentId: string, page: number) => ref('handbook.read', { assignmentId, page }),
  sign: (assignmentId: string) => ref('handbook.sign', { assignmentId }),
  decline: (assignmentId: string) => ref('handbook.decline', { assignmentId }),
  status: (versionId: string) => ref('handbook.status', { versionId }),
  preview: (versionId: string, page: number) => ref('handbook.preview', { versionId, page }),
  reason: (versionId: string) => ref('handbook.reason', { versionId }),
  draft: (versionId: string) => ref('handbook.draft', { versionId }),
  outstanding: (versionId: string, offset: number) => ref('handbook.outstanding', { versionId, offset }),
  declines: (versionId: string, offset: number) => ref('handbook.declines', { versionId, offset }),
  record: (personId: string, offset: number) => ref('handbook.record', { personId, offset }),
  recordPage: (assignmentId: string, page: number) => ref('handbook.record_page', { assignmentId, page }),
  questions: (offset: number) => ref('handbook.questions', { offset }),
  answer: (questionId: string) => ref('handbook.answer', { questionId }),
  mine: (offset: number) => ref('handbook.mine', { offset }),
  /** The only published document's status, or all documents to choose from. */
  overview: () => ref('handbook.status_list', { offset: 0 }),
  documents: (offset: number) => ref('handbook.status_list', { offset, all: true }),
} as const;
