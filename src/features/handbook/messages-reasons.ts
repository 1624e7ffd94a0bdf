import { button, type Row } from '../../core/card.js';
import { ref } from '../../core/ref.js';
import type { Block } from '../../core/rich.js';
import { key, list } from '../../core/text.js';
import { clauseNames } from './messages-parts.js';
import type { Reason } from './reasons.js';

/** On a draft: what its clauses are changed for, each to be changed. */
export function reasonRows(versionId: string, reasons: readonly Reason[]): Row[] {
  return reasons.map(({ source, key: reasonKey, text, clauses }) => ({
    text: key('handbook.reasons.row', { reason: text }),
    detail: list(clauseNames(clauses)),
    action: button(key('handbook.action.change'), ref('handbook.reason', { versionId, source, key: reasonKey })),
  }));
}

/** On what is published: a line for each. */
export function reasonLines(reasons: readonly Reason[]): Block[] {
  return reasons.map(({ text, clauses }) => ({
    kind: 'paragraph',
    text: key('handbook.reasons.line', { reason: text, clauses: list(clauseNames(clauses)) }),
  }));
}
