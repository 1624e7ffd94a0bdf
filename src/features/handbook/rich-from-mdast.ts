import type { Definition, List, ListItem, Nodes, PhrasingContent, Root, RootContent } from 'mdast';
import type { RichBlock, RichInline, RichItem } from '../../core/rich.js';

/** How often something was found that chat shows in another way. */
export interface Degraded {
  /** Shown by their description, as a link. */
  pictures: number;
  /** Shown as they were typed, in a fixed-width font. */
  tables: number;
  /** Shown as typed. */
  html: number;
}

/** Turns nodes of one document into rich blocks. */
export interface Converter {
  blocks(node: RootContent): RichBlock[];
  inline(nodes: readonly PhrasingContent[]): RichInline[];
  readonly degraded: Degraded;
}

type Style = Omit<RichInline, 'text'>;

/**
 * @param root the document, for its link definitions
 * @param source the text that it was made of, for what is shown as typed
 */
export function createConverter(root: Root, source: string): Converter {
  const degraded: Degraded = { pictures: 0, tables: 0, html: 0 };
  const definitions = new Map<string, Definition>();
  for (const node of root.children)
    if (node.type === 'definition' && !definitions.has(node.identifier)) definitions.set(node.identifier, node);
  const typed = (node: Nodes) => source.slice(node.position?.start.offset ?? 0, node.position?.end.offset ?? 0);

  function blocks(node: RootContent): RichBlock[] {
    switch (node.type) {
      case 'paragraph':
        if (isTable(typed(node))) {
          degraded.tables += 1;
          return [{ kind: 'preformatted', text: typed(node) }];
        }
        return paragraph('paragraph', inline(node.children));
      case 'heading':
        return paragraph('heading', inline(node.children));
      case 'list':
        return [
          {
            kind: 'list',
            ordered: node.ordered === true,
            ...(node.ordered && (node.start ?? 1) !== 1 ? { start: node.start ?? 1 } : {}),
            items: items(node, 0),
          },
        ];
      case 'blockquote':
        return paragraph('quote', stacked(node.children));
      case 'code':
        return node.value.trim() === '' ? [] : [{ kind: 'preformatted', text: node.value }];
      case 'html':
        degraded.html += 1;
        return [{ kind: 'preformatted', text: node.value }];
      case 'thematicBreak':
        return [{ kind: 'paragraph', content: [{ text: '———' }] }];
      case 'definition':
        return [];
      default:
        return paragraph('paragraph', [{ text: typed(node) }]);
    }
  }

  function paragraph(kind: 'paragraph' | 'heading' | 'quote', content: RichInline[]): RichBlock[] {
    return content.some((run) => run.text.trim() !== '') ? [{ kind, content }] : [];
  }

  function inline(nodes: readonly PhrasingContent[], style: Style = {}): RichInline[] {
    return merged(nodes.flatMap((node) => run(node, style)));
  }

  function run(node: PhrasingContent, style: Style): RichInline[] {
    switch (node.type) {
      case 'text':
        // A line end inside a paragraph is a space (CommonMark, "soft line breaks").
        return [{ ...style, text: node.value.replace(/\n/g, ' ') }];
      case 'break':
        return [{ ...style, text: '\n' }];
      case 'strong':
        return node.children.flatMap((child) => run(child, { ...style, bold: true }));
      case 'emphasis':
        return node.children.flatMap((child) => run(child, { ...style, italic: true }));
      case 'delete':
        return node.children.flatMap((child) => run(child, { ...style, strike: true }));
      case 'inlineCode':
        return [{ ...style, text: node.value.replace(/\n/g, ' '), code: true }];
      case 'link':
        return link(node.children, node.url, style);
      case 'linkReference': {
        const definition = definitions.get(node.identifier);
        return definition ? link(node.children, definition.url, style) : [{ ...style, text: typed(node) }];
      }
      case 'image':
        return picture(node.alt, node.url, style);
      case 'imageReference':
        return picture(node.alt, definitions.get(node.identifier)?.url ?? '', style);
      case 'html':
        degraded.html += 1;
        return [{ ...style, text: node.value }];
      default:
        return [{ ...style, text: typed(node) }];
    }
  }

  function link(children: readonly PhrasingContent[], url: string, style: Style): RichInline[] {
    const allowed = safeLink(url);
    const label = children.flatMap((child) => run(child, allowed ? { ...style, link: allowed } : style));
    if (allowed) return label.some((part) => part.text.trim() !== '') ? label : [{ ...style, text: allowed, link: allowed }];
    return url === '' ? label : [...label, { ...style, text: ` (${url})` }];
  }

  function picture(alt: string | null | undefined, url: string, style: Style): RichInline[] {
    degraded.pictures += 1;
    const allowed = safeLink(url);
    const text = `[${alt?.trim() || url || '…'}]`;
    return allowed ? [{ ...style, text, link: allowed }] : [{ ...style, text }];
  }

  /** A list flat, each item with its depth. */
  function items(list: List, depth: number, parentOrdered = list.ordered === true): RichItem[] {
    return list.children.flatMap((item, index) => {
      const other = depth > 0 && (list.ordered === true) !== parentOrdered;
      const marker = other ? { marker: list.ordered ? `${(list.start ?? 1) + index}.` : '•' } : {};
      return [{ depth, ...marker, content: stacked(own(item)) }, ...nested(item, depth, list.ordered === true)];
    });
  }

  const own = (item: ListItem) => item.children.filter((child) => child.type !== 'list');

  function nested(item: ListItem, depth: number, ordered: boolean): RichItem[] {
    return item.children.flatMap((child) => (child.type === 'list' ? items(child, depth + 1, ordered) : []));
  }

  /** Blocks where only runs may stand (quotes, list items): one under the other. */
  function stacked(nodes: readonly RootContent[]): RichInline[] {
    const parts = nodes.flatMap(blocks).map((block): RichInline[] => {
      if (block.kind === 'preformatted') return [{ text: block.text, code: true }];
      if (block.kind !== 'list') return [...block.content];
      return block.items.flatMap((item, index) => [
        {
          text: `${index === 0 ? '' : '\n'}${'  '.repeat(item.depth)}${item.marker ?? (block.ordered ? `${(block.start ?? 1) + index}.` : '•')} `,
        },
        ...item.content,
      ]);
    });
    return merged(parts.flatMap((part, index) => (index === 0 ? part : [{ text: '\n' }, ...part])));
  }

  return { blocks, inline: (nodes) => inline(nodes), degraded };
}

/** A table of GitHub's Markdown: a line of dashes and bars under a line with bars. CommonMark reads it as a paragraph. */
function isTable(text: string): boolean {
  const [head, rule] = text.split('\n');
  return (
    head?.includes('|') === true && rule !== undefined && /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/.test(rule) && rule.includes('|')
  );
}

/** The address when it is one that may be clicked: http, https or mailto; undefined otherwise. */
export function safeLink(url: string): string | undefined {
  if (!/^(https?:\/\/|mailto:)/i.test(url)) return undefined;
  try {
    const { href } = new URL(url);
    return href.length <= MAX_LINK ? href : undefined;
  } catch {
    return undefined;
  }
}

/** An address longer than this would fill a page by itself; it is shown as text. */
const MAX_LINK = 1000;

function merged(runs: readonly RichInline[]): RichInline[] {
  const out: RichInline[] = [];
  for (const run of runs) {
    const last = out.at(-1);
    if (run.text === '') continue;
    if (last && sameStyle(last, run)) out[out.length - 1] = { ...last, text: last.text + run.text };
    else out.push(run);
  }
  return out;
}

function sameStyle(one: RichInline, other: RichInline): boolean {
  return (
    one.bold === other.bold &&
    one.italic === other.italic &&
    one.strike === other.strike &&
    one.code === other.code &&
    one.link === other.link
  );
}
