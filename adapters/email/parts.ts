import type { Card, LinkAction } from '../../src/core/card.js';
import { isLink, type Wording } from './words.js';

/** The links of a card. Its buttons lead to handlers and need a chat, so a mail has none of them. */
export function linksOf(card: Card): readonly LinkAction[] {
  return (card.actions ?? []).filter((action) => action.kind === 'link').filter(({ url }) => /^https?:/i.test(url) && isLink(url));
}

/** Whether a card says anything beside its summary, which stands in for the rest otherwise. */
export function saysMore(card: Card): boolean {
  return Boolean(card.title || card.lead || card.body?.length || card.facts?.length || card.rows?.length);
}

/** What stands beside a bar of progress: the label, with the figures where it doesn't carry them itself. */
export function progressFigures(label: string, done: number, total: number, { reader }: Wording): string {
  if (/\d/.test(label)) return '';
  const figure = new Intl.NumberFormat(reader.locale);
  return ` (${figure.format(done)} / ${figure.format(total)})`;
}
