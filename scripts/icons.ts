// Renders every icon from the one drawing, adapters/web/assets/bell.svg: `npx tsx scripts/icons.ts`.
// Run it after the drawing or a colour has changed, look at the pictures, and commit them.
import { readFileSync, writeFileSync } from 'node:fs';
import { Resvg } from '@resvg/resvg-js';

/** The house colours, burgundy and brass. The two manifests repeat the burgundy as their background colour. */
const BURGUNDY = '#6B1D2A';
const BRASS = '#F6CB66';

/** The drawing's own square, and the box inside it that has ink; keep both in step with bell.svg. */
const SQUARE = 32;
const INK = { left: 2, top: 5, width: 28, height: 24 };

const root = new URL('../', import.meta.url);
const drawing = readFileSync(new URL('adapters/web/assets/bell.svg', root), 'utf8');
const shapes = drawing.slice(drawing.indexOf('>') + 1, drawing.lastIndexOf('</svg>')).trim();

type Icon = {
  /** Width and height in pixels; for an SVG the view box. */
  size: number;
  /** Width of the bell in pixels, centred. */
  bell: number;
  colour: string;
  background?: string;
  /** Radius of the background's corners in pixels. */
  corner?: number;
};

const TITLE = '<title>Bellhop</title>';

function compose({ size, bell, colour, background, corner = 0 }: Icon): string {
  const scale = bell / INK.width;
  const x = round((size - INK.width * scale) / 2 - INK.left * scale);
  const y = round((size - INK.height * scale) / 2 - INK.top * scale);
  const ground = background ? `<rect width="${size}" height="${size}" rx="${corner}" fill="${background}"/>` : '';
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}" viewBox="0 0 ${size} ${size}">`,
    // First of all, where screen readers look for it.
    TITLE,
    ground,
    `<g transform="translate(${x} ${y}) scale(${round(scale)})" color="${colour}" fill="${colour}">`,
    shapes.replace(TITLE, ''),
    '</g></svg>\n',
  ].join('');
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}

function png(path: string, icon: Icon): void {
  writeFileSync(new URL(path, root), new Resvg(compose(icon)).render().asPng());
}

// Teams, colour: 192 px, background to the edges, the sign inside the central 120 px (its corners may be cut to a circle).
png('adapters/teams/package/color.png', { size: 192, bell: 116, colour: BRASS, background: BURGUNDY });
// Teams, outline: 32 px, white on transparent; at its own size, so that the edges fall on whole pixels.
png('adapters/teams/package/outline.png', { size: SQUARE, bell: INK.width, colour: '#FFFFFF' });
// Slack: 512 px or more, square; Slack rounds the corners.
png('docs/images/icon-512.png', { size: 512, bell: 336, colour: BRASS, background: BURGUNDY });
writeFileSync(
  new URL('adapters/web/assets/favicon.svg', root),
  compose({ size: 32, bell: 24, colour: BRASS, background: BURGUNDY, corner: 7 }),
);
