import { createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import { FAMILY, WEIGHTS } from './charts-fonts.js';
import { drawable, evenly } from './charts-text.js';

/** Drawn twice as large as it is laid out: sharp on every screen. All other lengths are in the layout's pixels. */
export const SCALE = 2;
const WIDTH = 720;
export const PADDING = 28;
export const INNER = WIDTH - 2 * PADDING;

/**
 * A card of its own, so that it reads alike on light and dark grounds. What is drawn differs in lightness, which every
 * eye tells apart, and nothing depends on it: each has its name and its figure. Contrast to the card: text 7:1 at least,
 * bars and columns 3:1.
 */
export const COLOURS = {
  card: '#ffffff',
  edge: '#cfd6df',
  strong: '#14202e',
  text: '#26323f',
  quiet: '#4f5b69',
  first: '#0a4f8f',
  other: '#5b93c6',
};

export const font = (size: number, weight: number = WEIGHTS.regular) => `${weight} ${size}px ${FAMILY}`;

/** A context to measure with. */
export const measure = (): SKRSContext2D => createCanvas(1, 1).getContext('2d');

/** Something as wide as the card's inside. */
export interface Part {
  readonly height: number;
  readonly draw: (context: SKRSContext2D, top: number) => void;
}

export const gap = (height: number): Part => ({ height, draw: () => {} });

interface Type {
  readonly size: number;
  readonly weight?: number;
  readonly colour: string;
  /** Lines. */
  readonly most: number;
}

/** Text, broken into lines of about one length. */
export function paragraph(measuring: SKRSContext2D, text: string, { size, weight, colour, most }: Type): Part {
  measuring.font = font(size, weight);
  const lines = evenly(measuring, drawable(text), INNER, most);
  const line = Math.round(size * 1.4);
  return {
    height: lines.length * line,
    draw: (context, top) => {
      context.font = font(size, weight);
      context.fillStyle = colour;
      context.textBaseline = 'alphabetic';
      for (const [index, words] of lines.entries()) context.fillText(words, PADDING, top + index * line + size * 1.08);
    },
  };
}

function drawCard(context: SKRSContext2D, height: number): void {
  context.beginPath();
  context.roundRect(0.5, 0.5, WIDTH - 1, height - 1, 14);
  context.fillStyle = COLOURS.card;
  context.fill();
  context.strokeStyle = COLOURS.edge;
  context.stroke();
}

/** The title and what was counted. */
export function headOf(measuring: SKRSContext2D, chart: { readonly title: string; readonly subtitle?: string }): readonly Part[] {
  const title = paragraph(measuring, chart.title, { size: 24, weight: WEIGHTS.strong, colour: COLOURS.strong, most: 3 });
  if (chart.subtitle === undefined) return [title];
  return [title, gap(6), paragraph(measuring, chart.subtitle, { size: 15, colour: COLOURS.quiet, most: 3 })];
}

/** Draws the parts one below the other on a card. @returns a PNG, 1,440 pixels wide */
export function drawParts(parts: readonly Part[]): Uint8Array {
  const height = PADDING * 2 + parts.reduce((sum, part) => sum + part.height, 0);
  const canvas = createCanvas(WIDTH * SCALE, Math.ceil(height * SCALE));
  const context = canvas.getContext('2d');
  context.scale(SCALE, SCALE);
  drawCard(context, height);
  let top = PADDING;
  for (const part of parts) {
    part.draw(context, top);
    top += part.height;
  }
  return canvas.toBuffer('image/png');
}
