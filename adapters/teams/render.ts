import type { Card, Fact, Row } from '../../src/core/card.js';
import type { Block } from '../../src/core/rich.js';
import type { Localise, Reader } from '../../src/core/text.js';
import { plain } from '../../src/core/text.js';
import { type AdaptiveCard, bytesOf, type CardAction, type Element, frame } from './adaptive.js';
import type { CardOrigin } from './data.js';
import { TEAMS_LIMITS } from './limits.js';
import { buttonsId, renderActions } from './render-actions.js';
import { faceElements, pictureElements } from './render-pictures.js';
import { richElements } from './render-rich.js';
import { clip, heading, line, type Pen, paragraph, type Room, readsAsMarkdown, runs, shortenedMark } from './render-text.js';

export interface CardOptions extends Pick<Pen, 'dialog' | 'pictureUrl'> {
  /** The click that this card answers: lets a form opened from here come back to it. */
  readonly from?: CardOrigin;
}

/** From plenty to the barest; the first that fits is taken. */
export const ROOMS: readonly Room[] = [
  { body: 20_000, line: 1500, entries: 60, hanging: true },
  { body: 20_000, line: 1500, entries: 60 },
  { body: 8000, line: 800, entries: 40 },
  { body: 4000, line: 500, entries: 30 },
  { body: 1800, line: 300, entries: 20 },
  { body: 700, line: 200, entries: 12 },
  { body: 250, line: 100, entries: 8 },
  { body: 80, line: 50, entries: 4 },
];

/** What notifications show: the summary, in one line. */
export function summaryOf(card: Card, reader: Reader, localise: Localise): string {
  return plain(localise(card.summary, reader)).replace(/\s+/g, ' ').trim().slice(0, 300);
}

/**
 * A card in the reader's language as an Adaptive Card 1.5 of at most 26 KB. What is too long is shortened with
 * a visible mark, body first. Nothing that a person typed is read as Markdown, function or link.
 */
export function renderCard(card: Card, reader: Reader, localise: Localise, options: CardOptions = {}): AdaptiveCard {
  let made: AdaptiveCard | undefined;
  for (const room of ROOMS) {
    made = compose(card, penOf(reader, localise, room, options), options);
    if (bytesOf(made) <= TEAMS_LIMITS.cardTargetBytes) return made;
  }
  return bare(card, penOf(reader, localise, ROOMS[ROOMS.length - 1] as Room, options), options);
}

function penOf(reader: Reader, localise: Localise, room: Room, { dialog, pictureUrl }: Pick<Pen, 'dialog' | 'pictureUrl'>): Pen {
  return { reader, localise, room, ...(dialog && { dialog }), ...(pictureUrl && { pictureUrl }) };
}

/**
 * Several cards as one message, one under the other: what waits, what comes, what can be done here. Undefined when
 * they are too large for one; they go out one by one then.
 */
export function renderCards(
  cards: readonly Card[],
  reader: Reader,
  localise: Localise,
  options: CardOptions = {},
): AdaptiveCard | undefined {
  const [first] = cards;
  if (!first || cards.length === 1) return first && renderCard(first, reader, localise, options);
  const pen = penOf(reader, localise, ROOMS[0] as Room, options);
  const sections = cards.map((card, index): Element => {
    const { body, actions } = parts(card, pen, `part-${index}-`, options, true);
    return {
      type: 'Container',
      ...(index > 0 && { separator: true, spacing: 'large' as const }),
      items: [...orDash(body), ...actionSet(actions, '')],
    };
  });
  const made = frame(summaryOf(first, reader, localise), sections, []);
  return bytesOf(made) <= TEAMS_LIMITS.cardTargetBytes ? made : undefined;
}

function compose(card: Card, pen: Pen, options: CardOptions): AdaptiveCard {
  const { body, actions } = parts(card, pen, '', options, false);
  return frame(summaryOf(card, pen.reader, pen.localise), body, actions);
}

/** A card's elements, in the order of every card, and the actions that may stand under all of them. */
function parts(
  card: Card,
  pen: Pen,
  scope: string,
  options: CardOptions,
  section: boolean,
): { body: Element[]; actions: readonly CardAction[] } {
  const { actions, questions } = renderActions(card.actions ?? [], pen, scope, options.from);
  const footer = card.footer ? paragraph(card.footer, pen, { size: 'small', isSubtle: true }, { most: pen.room.line }) : [];
  // The quiet last line comes after the buttons; and where a question may take their place, they can be hidden.
  const inside = footer.length > 0 || questions.length > 0;
  const body: Element[] = [
    ...(card.title ? heading(card.title, pen, section ? 'medium' : 'large') : []),
    ...(card.lead ? paragraph(card.lead, pen, {}, { most: pen.room.line * 2, spacing: 'small' }) : []),
    ...facts(card.facts ?? [], pen),
    ...blocks(card.body ?? [], pen),
    ...rows(card.rows ?? [], pen, scope, options.from),
    ...questions,
    ...(inside ? actionSet(actions, buttonsId(scope)) : []),
    ...footer,
  ];
  return { body, actions: inside ? [] : actions };
}

function actionSet(actions: readonly CardAction[], id: string): Element[] {
  return actions.length > 0 ? [{ type: 'ActionSet', ...(id && { id }), spacing: 'medium', actions }] : [];
}

/** The last resort for a card with too many buttons: its words, and as many buttons as fit. */
function bare(card: Card, pen: Pen, options: CardOptions): AdaptiveCard {
  const all = card.actions ?? [];
  for (let count = all.length; count >= 0; count--) {
    const cutTo = {
      ...card,
      rows: (card.rows ?? []).map(({ text, detail }) => ({ text, ...(detail && { detail }) })),
      actions: all.slice(0, count),
    };
    const made = compose(cutTo, pen, options);
    const marked = { ...made, body: [...made.body, ...paragraph({ kind: 'key', key: 'core.ui.shortened' }, pen, { italic: true })] };
    if (bytesOf(marked) <= TEAMS_LIMITS.cardTargetBytes) return marked;
  }
  return frame(summaryOf(card, pen.reader, pen.localise), [], []);
}

function facts(list: readonly Fact[], pen: Pen): Element[] {
  if (list.length === 0) return [];
  const spans = list.map((fact) => ({ label: pen.localise(fact.label, pen.reader), value: pen.localise(fact.value, pen.reader) }));
  const flat = spans.map(({ label, value }) => ({ title: plain(label), value: plain(value) }));
  const simple = flat.every(
    ({ title, value }) => !readsAsMarkdown(title) && !readsAsMarkdown(value) && title.length + value.length <= pen.room.line,
  );
  const styled = spans.some(({ value }) => value.some((span) => span.bold || span.italic || span.code));
  // A FactSet reads Markdown: with anything that could be taken for it, the same is shown in columns.
  if (simple && !styled) return [{ type: 'FactSet', facts: flat, spacing: 'medium' }];
  return spans.map(({ label, value }, index) => ({
    type: 'ColumnSet',
    spacing: index === 0 ? 'medium' : 'small',
    columns: [
      {
        type: 'Column',
        width: 1,
        items: [{ type: 'RichTextBlock', inlines: filled(runs(clip(label, pen.room.line, pen), { weight: 'bolder' })) }],
      },
      { type: 'Column', width: 2, items: [{ type: 'RichTextBlock', inlines: filled(runs(clip(value, pen.room.line, pen))) }] },
    ],
  }));
}

function filled<T>(list: T[]): (T | { readonly type: 'TextRun'; readonly text: string })[] {
  return list.length > 0 ? list : [{ type: 'TextRun', text: '–' }];
}

/** The body of a card or the introduction of a form. */
export function blocks(list: readonly Block[], pen: Pen): Element[] {
  const made: Element[] = [];
  let rule = false;
  for (const block of list.slice(0, pen.room.entries)) {
    if (block.kind === 'divider') {
      rule = true;
      continue;
    }
    const [first, ...rest] = blockElements(block, pen);
    if (!first) continue;
    made.push(rule ? { ...first, separator: true, spacing: 'medium' } : first, ...rest);
    rule = false;
  }
  if (list.length > pen.room.entries) made.push(mark(pen));
  return made;
}

function blockElements(block: Exclude<Block, { kind: 'divider' }>, pen: Pen): Element[] {
  switch (block.kind) {
    case 'paragraph':
      return paragraph(block.text, pen);
    case 'heading':
      return heading(block.text, pen, 'medium').map((element) => ({ ...element, spacing: 'large' as const }));
    case 'rich':
      return richElements(block.blocks, pen);
    case 'quote':
      return [
        {
          type: 'Container',
          style: 'emphasis',
          items: [
            ...orDash(paragraph(block.text, pen, { italic: true })),
            ...(block.by ? paragraph(block.by, pen, { size: 'small', isSubtle: true }, { most: pen.room.line, spacing: 'small' }) : []),
          ],
        },
      ];
    case 'progress': {
      const share = block.total > 0 ? Math.min(1, Math.max(0, block.done / block.total)) : 0;
      const steps = block.done > 0 && block.done < block.total ? Math.min(9, Math.max(1, Math.round(share * 10))) : Math.round(share * 10);
      const label = runs(clip(pen.localise(block.label, pen.reader), pen.room.line, pen));
      return [{ type: 'RichTextBlock', inlines: [{ type: 'TextRun', text: `${'▰'.repeat(steps)}${'▱'.repeat(10 - steps)}  ` }, ...label] }];
    }
    case 'picture':
      return pictureElements(block.id, block.alt, pen);
    case 'faces':
      return faceElements(block.people);
  }
}

function orDash(list: Element[]): Element[] {
  return list.length > 0 ? list : [{ type: 'RichTextBlock', inlines: [{ type: 'TextRun', text: '–' }] }];
}

function rows(list: readonly Row[], pen: Pen, scope: string, from: CardOrigin | undefined): Element[] {
  const made = list.slice(0, pen.room.entries).flatMap((row, index): Element[] => {
    const words = [
      ...orDash(paragraph(row.text, pen, {}, { most: pen.room.line })),
      ...(row.detail ? paragraph(row.detail, pen, { size: 'small', isSubtle: true }, { most: pen.room.line, spacing: 'none' }) : []),
    ];
    const { actions, questions } = renderActions(row.action ? [row.action] : [], pen, `${scope}row-${index}-`, from);
    return [
      {
        type: 'ColumnSet',
        separator: true,
        spacing: 'small',
        columns: [
          { type: 'Column', width: 'stretch', verticalContentAlignment: 'center', items: words },
          ...(actions.length > 0
            ? [
                {
                  type: 'Column' as const,
                  width: 'auto' as const,
                  verticalContentAlignment: 'center' as const,
                  items: [{ type: 'ActionSet' as const, id: buttonsId(`${scope}row-${index}-`), actions }],
                },
              ]
            : []),
        ],
      },
      ...questions,
    ];
  });
  return list.length > pen.room.entries ? [...made, mark(pen)] : made;
}

function mark(pen: Pen): Element {
  return { type: 'RichTextBlock', inlines: [{ type: 'TextRun', text: shortenedMark(pen).trim(), italic: true }] };
}

/** A text's characters for a place of the adapter's own, such as the bar that Teams shows under a card. */
export function sentence(text: Card['summary'], reader: Reader, localise: Localise): string {
  return line(text, { reader, localise, room: ROOMS[4] as Room });
}
