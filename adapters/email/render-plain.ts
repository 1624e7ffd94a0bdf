import type { Card } from '../../src/core/card.js';
import type { Block, RichBlock } from '../../src/core/rich.js';
import { linksOf, progressFigures, saysMore } from './parts.js';
import { inlinePlain, type Wording } from './words.js';

const STEPS = 10;

/** A card as plain text: paragraphs with an empty line between them. */
export function plainBody(card: Card, wording: Wording): string {
  const { plain } = wording;
  const facts = (card.facts ?? []).map(({ label, value }) => `${plain(label)}: ${plain(value)}`);
  const rows = (card.rows ?? []).map(({ text, detail }) => `• ${plain(text)}${detail ? `\n  ${indent(plain(detail))}` : ''}`);
  const links = linksOf(card).map(({ label, url }) => `${plain(label)}: ${url}`);
  return [
    ...(saysMore(card) ? [] : [plain(card.summary)]),
    ...(card.title ? [plain(card.title).toLocaleUpperCase(wording.reader.locale)] : []),
    ...(card.lead ? [plain(card.lead)] : []),
    facts.join('\n'),
    ...(card.body ?? []).map((block) => blockText(block, wording)),
    rows.join('\n'),
    links.join('\n'),
    // The usual mark of a signature.
    ...(card.footer ? [`-- \n${plain(card.footer)}`] : []),
  ]
    .filter((part) => part.trim() !== '')
    .join('\n\n')
    .concat('\n');
}

function blockText(block: Block, wording: Wording): string {
  const { plain } = wording;
  switch (block.kind) {
    case 'paragraph':
    case 'heading':
      return plain(block.text);
    case 'quote':
      return quoted(plain(block.text)) + (block.by ? `\n— ${plain(block.by)}` : '');
    case 'rich':
      return block.blocks.map(richText).join('\n\n');
    case 'progress': {
      const full = block.total > 0 ? Math.floor(Math.min(1, Math.max(0, block.done / block.total)) * STEPS) : 0;
      const label = plain(block.label);
      return `${'▰'.repeat(full)}${'▱'.repeat(STEPS - full)} ${label}${progressFigures(label, block.done, block.total, wording)}`;
    }
    case 'divider':
      return '* * *';
    case 'picture':
      return plain(block.alt);
    case 'faces':
      return block.people.map((face) => face.name).join(', ');
  }
}

function richText(block: RichBlock): string {
  switch (block.kind) {
    case 'paragraph':
    case 'heading':
      return block.content.map(inlinePlain).join('');
    case 'quote':
      return quoted(block.content.map(inlinePlain).join(''));
    case 'preformatted':
      return block.text;
    case 'list': {
      const counts: number[] = [];
      return block.items
        .map(({ depth, marker, content }) => {
          counts.length = depth + 1;
          counts[depth] = (counts[depth] ?? (depth === 0 ? (block.start ?? 1) - 1 : 0)) + 1;
          const mark = marker ?? (block.ordered ? `${counts[depth]}.` : '•');
          return `${'  '.repeat(depth)}${mark} ${content.map(inlinePlain).join('')}`;
        })
        .join('\n');
    }
  }
}

const quoted = (text: string): string => text.replace(/^/gm, '> ');
const indent = (text: string): string => text.replaceAll('\n', '\n  ');
