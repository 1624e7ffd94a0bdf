import type { Face } from '../../src/core/rich.js';
import type { Text } from '../../src/core/text.js';
import type { Column, Element } from './adaptive.js';
import { inert, line, type Pen, paragraph } from './render-text.js';

/** Most people that are shown, and most of them beside one another: a phone is about 300 pixels wide inside a card. */
const FACES = { most: 8, row: 4 } as const;

/** A picture that the bot keeps, as wide as the card; its words where Teams has no address to fetch it from. */
export function pictureElements(id: string, alt: Text, pen: Pen): Element[] {
  const url = pen.pictureUrl?.(id);
  if (!url) return paragraph(alt, pen);
  return [{ type: 'Image', url, altText: line(alt, pen).trim() || '…', size: 'stretch', msteams: { allowExpand: true } }];
}

/** People beside one another, in rows of even length. Of more than eight the last place says how many are not shown. */
export function faceElements(people: readonly Face[]): Element[] {
  if (people.length === 0) return [];
  const shown = people.length > FACES.most ? people.slice(0, FACES.most - 1) : people;
  const tiles = shown.map(face);
  if (people.length > shown.length) tiles.push(tile(`+${people.length - shown.length}`));
  const rows = Math.ceil(tiles.length / FACES.row);
  const length = Math.ceil(tiles.length / rows);
  return Array.from({ length: rows }, (_, row): Element => {
    const columns = tiles.slice(row * length, (row + 1) * length).map(
      (item): Column => ({
        type: 'Column',
        width: 'auto',
        spacing: 'small',
        verticalContentAlignment: 'center',
        items: [item],
      }),
    );
    return { type: 'ColumnSet', spacing: row === 0 ? 'medium' : 'small', columns };
  });
}

/** A medium picture is as large as a tile with initials. */
function face({ name, pictureUrl }: Face): Element {
  if (pictureUrl && URL.canParse(pictureUrl) && new URL(pictureUrl).protocol === 'https:') {
    return { type: 'Image', url: new URL(pictureUrl).href, altText: inert(name.trim()) || '…', size: 'medium', style: 'person' };
  }
  return tile(initials(name));
}

/** Initials, or a number, where a picture would stand. */
function tile(shown: string): Element {
  return {
    type: 'Container',
    style: 'emphasis',
    roundedCorners: true,
    items: [{ type: 'RichTextBlock', inlines: [{ type: 'TextRun', text: shown, weight: 'bolder' }], horizontalAlignment: 'center' }],
  };
}

/** The first character of the first and of the last word that has letters; whole characters, whatever the alphabet. */
export function initials(name: string): string {
  const firsts = name
    .normalize('NFC')
    .split(/\s+/)
    .map((word) => /\p{L}\p{M}{0,3}/u.exec(word)?.[0] ?? '')
    .filter((first) => first !== '');
  const [first, last] = [firsts[0], firsts.length > 1 ? firsts[firsts.length - 1] : ''];
  return first ? `${first}${last}`.toUpperCase() : '?';
}
