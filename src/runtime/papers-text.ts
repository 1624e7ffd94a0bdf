import { createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import { FAMILY, WEIGHTS } from './charts-fonts.js';
import { drawable, evenly, wrap } from './charts-text.js';

/** The first corner of what marks a text in the page's stream: outside of all that is printed. */
export const MARK_AT = 1;

/** A page being drawn, in points from its upper left corner. */
export interface Sheet {
  readonly context: SKRSContext2D;
  /** Every line of text, in the order of its marks: what papers-pdf.ts says that the glyphs mean. */
  readonly written: string[];
}

export interface Type {
  /** In points, when there is room for it; it shrinks down to `least`. */
  readonly size: number;
  readonly least: number;
  readonly weight?: number;
  readonly colour: string;
  /** Lines. */
  readonly most: number;
}

/** Text that is laid out. */
export interface Block {
  /** In points; 0 for an empty text. */
  readonly height: number;
  /** Of its widest line. */
  readonly width: number;
  draw(sheet: Sheet, x: number, top: number): void;
  /** The same with every line around `middle`. */
  centre(sheet: Sheet, middle: number, top: number): void;
}

/** Something as wide as the page's inside. */
export interface Part {
  readonly height: number;
  draw(top: number): void;
}

/** No letter on paper is smaller, in points. */
const SMALLEST = 5.5;

/** The same text for less room. @param factor 1 at most */
export const smaller = (type: Type, factor: number): Type => ({
  ...type,
  size: Math.max(SMALLEST, type.size * factor),
  least: Math.max(SMALLEST, type.least * factor),
});

const measuring = createCanvas(1, 1).getContext('2d');
const font = (size: number, weight: number = WEIGHTS.regular) => `${weight} ${size}px ${FAMILY}`;
/** Widths grow with the size: measured once, at this one. */
const MEASURED = 100;

/** Scripts that reach further up and down than Latin does. */
const TALL = /[\u0590-\u0dff\u0e00-\u11ff]/;
const leading = (text: string) => (TALL.test(text) ? 1.6 : 1.32);

/** Lays a text out in lines no wider than `width`: smaller until it fits whole, and its words too; then cut, ending in "…". */
export function block(text: string, width: number, { size, least, weight, colour, most }: Type): Block {
  const words = text === '' ? '' : drawable(text);
  if (words === '') return { height: 0, width: 0, draw: () => {}, centre: () => {} };
  measuring.font = font(MEASURED, weight);
  const whole = measuring.measureText(words).width / MEASURED;
  const longest = Math.max(...words.split(' ').map((word) => measuring.measureText(word).width)) / MEASURED;
  let fitting = size;
  while (
    fitting > least &&
    !(whole * fitting <= width * most && longest * fitting <= width && fits(words, width, { fitting, weight, most }))
  ) {
    fitting = Math.max(least, fitting - 0.5);
  }
  measuring.font = font(fitting, weight);
  const lines = evenly(measuring, words, width, most);
  const widths = lines.map((line) => measuring.measureText(line).width);
  const line = fitting * leading(words);
  const draw = (sheet: Sheet, top: number, left: (width: number) => number) => {
    sheet.context.font = font(fitting, weight);
    sheet.context.fillStyle = colour;
    for (const [index, shown] of lines.entries()) {
      write(sheet, shown, left(widths[index] ?? 0), top + line * (index + 0.5) + fitting * 0.36);
    }
  };
  return {
    height: lines.length * line,
    width: Math.max(...widths),
    draw: (sheet, x, top) => draw(sheet, top, () => x),
    centre: (sheet, middle, top) => draw(sheet, top, (wide) => middle - wide / 2),
  };
}

function fits(
  words: string,
  width: number,
  { fitting, weight, most }: { fitting: number; weight: number | undefined; most: number },
): boolean {
  measuring.font = font(fitting, weight);
  return (
    !wrap(measuring, words, width, most).at(-1)?.endsWith('…') ||
    (words.endsWith('…') && wrap(measuring, words, width, most + 1).length <= most)
  );
}

/** One short text around a point: a figure in its circle. */
export function centred(sheet: Sheet, text: string, { x, y, size, colour }: { x: number; y: number; size: number; colour: string }): void {
  sheet.context.font = font(size);
  sheet.context.fillStyle = colour;
  write(sheet, text, x - sheet.context.measureText(text).width / 2, y + size * 0.36);
}

/** A line, with the mark that tells it from others. */
function write({ context, written }: Sheet, line: string, x: number, baseline: number): void {
  written.push(line);
  context.fillRect(MARK_AT, MARK_AT, written.length, 0.5);
  context.textAlign = 'left';
  context.textBaseline = 'alphabetic';
  context.fillText(line, x, baseline);
}
