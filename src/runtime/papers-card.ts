import { type Image, PDFDocument, type SKRSContext2D } from '@napi-rs/canvas';
import { contrast, hex, rgb } from '../core/colour.js';
import type { ComplaintCard } from '../people/ports.js';
import { drawBack } from './papers-back.js';
import { CARD, drawFront, type Look } from './papers-front.js';
import { drawableLogo } from './papers-logo.js';
import { finishPdf, type Paper } from './papers-pdf.js';
import type { Sheet } from './papers-text.js';

/** The bell's own: it stands out on paper, in grey too. */
const COLOUR = '#6b1d2a';
const MM = 72 / 25.4;
/** ISO 216 A4, in points. */
const SHEET = { width: 210 * MM, height: 297 * MM } as const;

/** Draws both sides. @returns a PDF of two pages */
export async function drawComplaintCard(card: ComplaintCard): Promise<Uint8Array> {
  const look = await lookOf(card);
  const drawing = new PDFDocument({ compressionLevel: 0 });
  const written: (readonly string[])[] = [];
  const page = <T>(draw: (sheet: Sheet) => T): T => {
    // The library's types leave out that this is one of its own contexts.
    const sheet: Sheet = { context: drawing.beginPage(CARD.width, CARD.height) as SKRSContext2D, written: [] };
    const drawn = draw(sheet);
    drawing.endPage();
    written.push(sheet.written);
    return drawn;
  };
  const code = page((sheet) => drawFront(sheet, card, look));
  page((sheet) => drawBack(sheet, card, look));
  return finishPdf(drawing.close(), {
    paper: card.layout === 'a4' ? fourOnASheet() : { ...CARD, places: [{ x: 0, y: 0 }], pageHeight: CARD.height, over: '' },
    title: [card.headline, card.place].filter(Boolean).join(' · '),
    author: card.organisation,
    language: card.locale,
    written,
    links: [{ page: 0, ...code, url: card.url }],
  });
}

async function lookOf({ colour = COLOUR, logo }: ComplaintCard): Promise<Look> {
  const picture = logo && (await drawableLogo(logo));
  return { colour: onPaper(colour), ...(picture && { logo: asLogo(picture) }) };
}

function asLogo(picture: Image): NonNullable<Look['logo']> {
  const { width, height } = picture;
  return { width, height, draw: ({ context }, x, y, high) => context.drawImage(picture, x, y, (high * width) / height, high) };
}

/** The colour, darker until white letters on it have a contrast of 4.5:1 (WCAG 2.2, 1.4.3). */
export function onPaper(colour: string): string {
  let dark = /^#[0-9a-f]{6}$/i.test(colour) ? colour.toLowerCase() : COLOUR;
  while (contrast(dark, '#ffffff') < 4.5) dark = hex(rgb(dark).map((part) => Math.floor(part * 0.95)));
  return dark;
}

const points = (length: number) => Number(length.toFixed(3));

/** Four cards fill a sheet: two cuts, each marked at the edges and where they cross. */
function fourOnASheet(): Paper {
  const { height } = CARD;
  const [across, up] = [SHEET.width / 2, SHEET.height / 2];
  const below = up - height;
  const marks = [
    ...[0, SHEET.height - 24].map((y) => `${across} ${y} m ${across} ${y + 24} l S`),
    ...[0, SHEET.width - 24].map((x) => `${x} ${up} m ${x + 24} ${up} l S`),
    `${across} ${up - 8} m ${across} ${up + 8} l S`,
    `${across - 8} ${up} m ${across + 8} ${up} l S`,
  ];
  return {
    ...SHEET,
    places: [up, below].flatMap((y) => [0, across].map((x) => ({ x: points(x), y: points(y) }))),
    pageHeight: height,
    over: `q 0 G 0.4 w\n${marks.join('\n')}\nQ\n`,
  };
}
