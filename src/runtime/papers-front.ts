import type { ComplaintCard } from '../people/ports.js';
import { WEIGHTS } from './charts-fonts.js';
import { drawBell, drawCode } from './papers-marks.js';
import { block, type Part, type Sheet, smaller, type Type } from './papers-text.js';

const MM = 72 / 25.4;
/** ISO 216 A6, in points. */
export const CARD = { width: 105 * MM, height: 148 * MM } as const;
/** Nothing is printed closer to the edge: 6 mm, which every printer reaches. */
export const MARGIN = 6 * MM;
export const INSIDE = CARD.width - 2 * MARGIN;
/** Contrast to white paper: 7:1 at least. */
export const INK = { strong: '#14202e', text: '#26323f', quiet: '#4f5b69', line: '#8b95a1' } as const;

/** What both sides need beside the card's texts. */
export interface Look {
  /** Dark enough for white letters on it. */
  readonly colour: string;
  /** The logo, ready to be drawn. */
  readonly logo?: { readonly width: number; readonly height: number; draw(sheet: Sheet, x: number, y: number, height: number): void };
}

/** Sides of the QR code with its quiet zone, in points: read at arm's length, and 25 mm of it at least whatever else is on the card. */
const CODE = { most: 54 * MM, least: 31 * MM } as const;
const LOGO = { width: 42 * MM, height: 12 * MM } as const;
const FOOTER = 12;
const BELL_SIDE = 22;
const GAP = 10;

export interface Link {
  readonly x: number;
  readonly y: number;
  readonly side: number;
}

/** How far texts shrink when there are long ones everywhere, until the code has its room. */
const FACTORS = [1, 0.92, 0.85, 0.78, 0.7, 0.62];

/** The side that says what this is, with the QR code. @returns where the code stands */
export function drawFront(sheet: Sheet, card: ComplaintCard, look: Look): Link {
  const footer = footerPart(sheet, card, look);
  const bottom = CARD.height - MARGIN - footer.height;
  const layOut = (factor: number) => {
    const text = (words: string, type: Type) => block(words, INSIDE, smaller(type, factor));
    const head = headPart(sheet, card, look);
    const panel = panelPart(sheet, card, look, factor);
    const lead = text(card.lead, { size: 11, least: 7, colour: INK.text, most: 4 });
    const scan = text(card.scan, { size: 12, least: 7.5, weight: WEIGHTS.strong, colour: INK.strong, most: 2 });
    const address = text(shownAddress(card.url), { size: 8.5, least: 5.5, colour: INK.quiet, most: 3 });
    const taken = head.height + GAP + panel.height + GAP + lead.height + 3 + 3 + scan.height + 3 + address.height;
    return { head, panel, lead, scan, address, room: bottom - MARGIN - taken };
  };
  let laid = layOut(1);
  for (const factor of FACTORS) {
    laid = layOut(factor);
    if (laid.room >= CODE.least) break;
  }
  const { head, panel, lead, scan, address, room } = laid;
  const side = Math.max(CODE.least, Math.min(CODE.most, room));
  // What is left over lies above and below the code.
  const air = Math.max(0, (room - side) / 3);
  const middle = CARD.width / 2;
  let top = MARGIN;
  head.draw(top);
  top += head.height + GAP;
  panel.draw(top);
  top += panel.height + GAP;
  lead.centre(sheet, middle, top);
  top += lead.height + air + 3;
  const code = { x: middle - side / 2, y: top, side };
  drawCode(sheet, card.url, code);
  drawCorners(sheet, code, look.colour);
  top += side + air + 3;
  scan.centre(sheet, middle, top);
  address.centre(sheet, middle, top + scan.height + 3);
  footer.draw(CARD.height - MARGIN - footer.height);
  return code;
}

/** `a.example/f/riga`: as people type it. */
const shownAddress = (url: string) => url.replace(/^https:\/\//, '').replace(/\/$/, '');

/** Logo and name, or the bell and the name. */
function headPart(sheet: Sheet, { organisation }: ComplaintCard, { logo, colour }: Look): Part {
  const scale = logo ? Math.min(LOGO.width / logo.width, LOGO.height / logo.height) : 0;
  const picture = logo ? { width: logo.width * scale, height: logo.height * scale } : { width: BELL_SIDE, height: BELL_SIDE };
  const type = { size: 11, least: 7, weight: WEIGHTS.strong, colour: INK.strong, most: 2 };
  const name = block(organisation, INSIDE - picture.width - 8, type);
  const height = Math.max(picture.height, name.height, BELL_SIDE);
  return {
    height,
    draw: (top) => {
      if (logo) logo.draw(sheet, MARGIN, top + (height - picture.height) / 2, picture.height);
      else drawBell(sheet, { x: MARGIN - 1, y: top + (height - BELL_SIDE) / 2 - 1, side: BELL_SIDE + 2, colour });
      name.draw(sheet, MARGIN + picture.width + 8, top + (height - name.height) / 2);
    },
  };
}

/** The question and the place, white on the colour. */
function panelPart(sheet: Sheet, { headline, place }: ComplaintCard, { colour }: Look, factor: number): Part {
  const text = (words: string, type: Omit<Type, 'colour' | 'most'>) =>
    block(words, INSIDE - 28, smaller({ ...type, colour: '#ffffff', most: 2 }, factor));
  const question = text(headline, { size: 27, least: 13, weight: WEIGHTS.strong });
  const where = text(place, { size: 12.5, least: 8 });
  const height = question.height + where.height + 22;
  return {
    height,
    draw: (top) => {
      sheet.context.fillStyle = colour;
      sheet.context.beginPath();
      sheet.context.roundRect(MARGIN, top, INSIDE, height, 9);
      sheet.context.fill();
      question.draw(sheet, MARGIN + 14, top + 10);
      where.draw(sheet, MARGIN + 14, top + 11 + question.height);
    },
  };
}

/** Four corners around the code, as a camera shows them. */
function drawCorners({ context }: Sheet, { x, y, side }: Link, colour: string): void {
  const [arm, round] = [side * 0.1, 5];
  context.strokeStyle = colour;
  context.lineWidth = 1.6;
  context.lineCap = 'round';
  for (const [across, down] of [
    [0, 0],
    [1, 0],
    [1, 1],
    [0, 1],
  ] as const) {
    const [cornerX, cornerY] = [x + across * side, y + down * side];
    const [inX, inY] = [across ? -1 : 1, down ? -1 : 1];
    context.beginPath();
    context.moveTo(cornerX + inX * arm, cornerY);
    context.lineTo(cornerX + inX * round, cornerY);
    context.quadraticCurveTo(cornerX, cornerY, cornerX, cornerY + inY * round);
    context.lineTo(cornerX, cornerY + inY * arm);
    context.stroke();
  }
}

/** The quiet last line, with the air above it. */
export function footerPart(sheet: Sheet, { footer }: ComplaintCard, { colour }: Look): Part {
  const text = block(footer, INSIDE - FOOTER - 4, { size: 7, least: 5.5, colour: INK.quiet, most: 2 });
  const height = Math.max(text.height, FOOTER);
  return {
    height: height + 6,
    draw: (top) => {
      drawBell(sheet, { x: MARGIN, y: top + 6 + (height - FOOTER) / 2, side: FOOTER, colour });
      text.draw(sheet, MARGIN + FOOTER + 4, top + 6 + (height - text.height) / 2);
    },
  };
}
