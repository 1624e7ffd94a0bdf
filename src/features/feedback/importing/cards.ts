import { button, type Card, type Fact } from '../../../core/card.js';
import { ref } from '../../../core/ref.js';
import type { Block } from '../../../core/rich.js';
import { key, list, number, type Text, words } from '../../../core/text.js';
import type { Import } from './store-imports.js';

const DELIMITERS: Readonly<Record<string, Text>> = {
  ',': key('feedback.import.comma'),
  ';': key('feedback.import.semicolon'),
  '\t': key('feedback.import.tab'),
  '|': key('feedback.import.bar'),
};

/** Headings that are told: a file may have hundreds. */
const MOST_HEADINGS = 12;

const headings = (columns: Import['columns']): Text => list(columns.slice(0, MOST_HEADINGS).map(({ heading }) => words(heading || '—')));

/** What was read of a file, before anything of it is taken. */
export function readyCard({ id, fileName, lines, delimiter, columns }: Import): Card {
  const known = columns.filter(({ is }) => is !== 'unknown');
  const unknown = columns.filter(({ is }) => is === 'unknown');
  const lead = key('feedback.import.ready', { lines, file: words(fileName) });
  const facts: Fact[] = [
    { label: key('feedback.import.understood'), value: headings(known) },
    ...(unknown.length > 0 ? [{ label: key('feedback.import.not_understood'), value: headings(unknown) }] : []),
    { label: key('feedback.import.separator'), value: DELIMITERS[delimiter] ?? words(delimiter) },
  ];
  return {
    summary: lead,
    title: key('feedback.import.title'),
    lead,
    facts,
    body: [{ kind: 'paragraph', text: key('feedback.import.choose') }],
    actions: [
      button(key('feedback.import.as_history'), ref('feedback.import_start', { importId: id, asNew: false }), { style: 'primary' }),
      button(key('feedback.import.as_new'), ref('feedback.import_start', { importId: id, asNew: true }), {
        confirm: {
          title: key('feedback.import.as_new_title'),
          text: key('feedback.import.as_new_text', { lines }),
          yes: key('feedback.import.as_new_yes'),
          no: key('core.ui.cancel'),
        },
      }),
      button(key('core.ui.cancel'), ref('feedback.import_drop', { importId: id })),
    ],
    footer: key('feedback.import.footer'),
  };
}

/** Counts up while the lines are taken; afterwards the way to the report. */
export function progressCard({ id, fileName, lines, done, accepted, repeated, refused, state }: Import): Card {
  const isDone = state === 'done';
  const lead = isDone
    ? key('feedback.import.done', { accepted, refused, file: words(fileName) })
    : key('feedback.import.running', { done, lines, file: words(fileName) });
  const facts: Fact[] = [
    { label: key('feedback.import.accepted'), value: number(accepted) },
    { label: key('feedback.import.repeated'), value: number(repeated) },
    { label: key('feedback.import.refused'), value: number(refused) },
  ];
  const bar: Block = { kind: 'progress', done, total: lines, label: key('feedback.import.progress', { done, lines }) };
  return {
    summary: lead,
    title: key('feedback.import.title'),
    lead,
    facts,
    body: isDone ? [] : [bar],
    actions: isDone ? [button(key('feedback.import.report'), ref('feedback.import_report', { importId: id }), { style: 'primary' })] : [],
  };
}
