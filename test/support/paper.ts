import { inflateSync } from 'node:zlib';
import { type PDFiumDocument, PDFiumLibrary } from '@hyzyla/pdfium';
import { type Canvas, createCanvas } from '@napi-rs/canvas';
import jsqr from 'jsqr';

/** A page of a PDF as it comes out of a printer. */
export interface PrintedPage {
  /** In points. */
  readonly width: number;
  readonly height: number;
  readonly text: string;
  readonly picture: Canvas;
}

let library: Promise<PDFiumLibrary> | undefined;

/** Prints a PDF with PDFium, Chrome's own reader of them. @param dpi dots per inch of the pictures */
export async function printed(pdf: Uint8Array, dpi = 150): Promise<readonly PrintedPage[]> {
  library ??= PDFiumLibrary.init();
  const document: PDFiumDocument = await (await library).loadDocument(pdf);
  try {
    const pages: PrintedPage[] = [];
    for (const page of document.pages()) {
      const { originalWidth: width, originalHeight: height } = page.getOriginalSize();
      // Before it is drawn: this reader crashes the other way round, whatever the file.
      const text = page.getText();
      const drawn = await page.render({ scale: dpi / 72, render: async ({ data }) => data });
      const picture = createCanvas(drawn.width, drawn.height);
      const context = picture.getContext('2d');
      const pixels = context.createImageData(drawn.width, drawn.height);
      pixels.data.set(drawn.data);
      context.putImageData(pixels, 0, 0);
      pages.push({ width, height, text, picture });
    }
    return pages;
  } finally {
    document.destroy();
  }
}

/** What a camera reads from a picture with a QR code; undefined when there is none that can be read. */
export function scanned(picture: Canvas): string | undefined {
  const { data, width, height } = picture.getContext('2d').getImageData(0, 0, picture.width, picture.height);
  return jsqr.default(data, width, height)?.data;
}

/** A line of text as it stands on a page: points from the upper left corner of the card. */
export interface PrintedLine {
  readonly page: number;
  readonly text: string;
  readonly x: number;
  /** Where its last glyph begins. */
  readonly end: number;
  readonly baseline: number;
  readonly size: number;
}

/** The lines of a PDF that papers.ts made, with what they mean. */
export function linesOf(pdf: Uint8Array): readonly PrintedLine[] {
  const file = Buffer.from(pdf).toString('latin1');
  const lines: PrintedLine[] = [];
  let page = -1;
  for (const [, body = ''] of file.matchAll(/\/FlateDecode \/Length \d+>>\nstream\n([\s\S]*?)\nendstream/g)) {
    const stream = inflateSync(Buffer.from(body, 'latin1')).toString('latin1');
    if (!stream.startsWith('1 0 0 -1 0 ')) continue;
    page += 1;
    for (const [, meaning = '', glyphs = ''] of stream.matchAll(/ActualText <feff([0-9a-f]*)>>> BDC\n([\s\S]*?)EMC\n/g)) {
      const text = Buffer.from(meaning, 'hex').swap16().toString('utf16le');
      const runs = [...glyphs.matchAll(/\/F\d+ ([\d.]+) Tf\n1 0 0 -1 ([\d.-]+) ([\d.-]+) Tm\n([\s\S]*?)ET\n/g)];
      const ends = runs.map(([, , x, , shown = '']) =>
        [...shown.matchAll(/(-?[\d.]+) -?[\d.]+ Td/g)].reduce((sum, [, step]) => sum + Number(step), Number(x)),
      );
      const [, size, , baseline] = runs[0] ?? [];
      const x = Math.min(...runs.map((run) => Number(run[2])));
      lines.push({ page, text, x, end: Math.max(...ends), baseline: Number(baseline), size: Number(size) });
    }
  }
  return lines;
}
