import { deflateSync } from 'node:zlib';
import { MARK_AT } from './papers-text.js';

/** How a drawn page is put on paper; all in points from the lower left corner. */
export interface Paper {
  readonly width: number;
  readonly height: number;
  /** Where the page stands on it: once, or many times on a sheet. */
  readonly places: readonly { readonly x: number; readonly y: number }[];
  /** The height that the page was laid out in. */
  readonly pageHeight: number;
  /** What is drawn over it, as operators of PDF. */
  readonly over: string;
}

export interface Finish {
  readonly paper: Paper;
  readonly title: string;
  readonly author: string;
  /** BCP 47. */
  readonly language: string;
  /** What was written on each page, in the order of the marks. */
  readonly written: readonly (readonly string[])[];
  /** Where a page can be clicked; from its upper left corner. */
  readonly links: readonly { readonly page: number; readonly x: number; readonly y: number; readonly side: number; readonly url: string }[];
}

/**
 * What Skia's PDF lacks: sizes that are no whole points, what the glyphs mean (ActualText, ISO 32000-1 14.9.4: a syllable of
 * Telugu is one glyph without a letter, and the fonts take "ī" apart), the language, "print at actual size", several on a sheet.
 * @param drawn as PDFDocument makes it with `compressionLevel: 0`
 */
export function finishPdf(drawn: Uint8Array, { paper, title, author, language, written, links }: Finish): Uint8Array {
  const objects = readObjects(Buffer.from(drawn));
  const root = reference(objects, 'Catalog');
  const pages = [...objects].filter(([, { dict }]) => dict.startsWith('<</Type /Page\n'));
  let last = Math.max(...objects.keys());
  const add = (made: PdfObject): string => {
    last += 1;
    objects.set(last, made);
    return `${last} 0 R`;
  };
  for (const [index, [number, { dict }]] of pages.entries()) {
    const resources = /\/Resources (<<[\s\S]*>>)\n\/MediaBox/.exec(dict)?.[1];
    const contents = Number(/\/Contents (\d+) 0 R/.exec(dict)?.[1]);
    const parent = /\/Parent \d+ 0 R/.exec(dict)?.[0];
    const stream = objects.get(contents)?.stream;
    if (!resources || !parent || !stream) throw new Error('A page of the PDF is not as it is known to be.');
    objects.set(contents, { dict: '<<>>', stream: withMeaning(stream, written[index] ?? [], paper.pageHeight) });
    const parts = paper.places.flatMap(({ x, y }) => [add(streamOf(`q 1 0 0 1 ${x} ${y} cm\n`)), `${contents} 0 R`, add(streamOf('Q\n'))]);
    if (paper.over !== '') parts.push(add(streamOf(paper.over)));
    const annotations = links
      .filter(({ page }) => page === index)
      .flatMap((link) => paper.places.map((place) => add({ dict: annotation(link, place, paper.pageHeight) })));
    const box = `/MediaBox [0 0 ${paper.width} ${paper.height}]`;
    objects.set(number, {
      dict: `<</Type /Page\n/Resources ${resources}\n${box}\n/Contents [${parts.join(' ')}]\n/Annots [${annotations.join(' ')}]\n${parent}>>`,
    });
  }
  const catalog = objects.get(root)?.dict ?? '';
  const tree = /\/Pages \d+ 0 R/.exec(catalog)?.[0];
  const viewing = '/ViewerPreferences <</DisplayDocTitle true /PrintScaling /None /Duplex /DuplexFlipLongEdge>>';
  objects.set(root, { dict: `<</Type /Catalog\n${tree}\n/Lang ${textOf(language)}\n${viewing}>>` });
  const info = add({ dict: `<</Title ${textOf(title)}\n/Author ${textOf(author)}\n/Creator (Bellhop)\n/Producer (Bellhop)>>` });
  return writeObjects(objects, root, info);
}

interface PdfObject {
  readonly dict: string;
  /** Not packed. */
  readonly stream?: Buffer;
}

const streamOf = (operators: string): PdfObject => ({ dict: '<<>>', stream: Buffer.from(operators, 'latin1') });

/** By number, found where the table of the file says they are: what looks like an object in a title is none. */
function readObjects(pdf: Buffer): Map<number, PdfObject> {
  const text = pdf.toString('latin1');
  const start = Number(/startxref\s+(\d+)\s+%%EOF\s*$/.exec(text)?.[1]);
  const table = text.slice(start);
  const offsets = [...table.matchAll(/^(\d{10}) \d{5} ([nf]) *$/gm)].map(([, offset, kind]) => (kind === 'n' ? Number(offset) : undefined));
  const information = Number(/\/Info (\d+) 0 R/.exec(table)?.[1]);
  const objects = new Map<number, PdfObject>();
  for (const [number, offset] of offsets.entries()) {
    if (offset === undefined || number === information) continue;
    const head = /^\d+ 0 obj\n/.exec(text.slice(offset, offset + 20))?.[0];
    if (!head) throw new Error('The PDF is not as it is known to be.');
    const from = offset + head.length;
    const end = text.indexOf('\nendobj', from);
    const opening = text.indexOf('>> stream\n', from);
    if (opening < 0 || opening > end) {
      objects.set(number, { dict: text.slice(from, end) });
      continue;
    }
    const dict = text.slice(from, opening + 2);
    const length = Number(/\/Length (\d+)/.exec(dict)?.[1]);
    const body = opening + '>> stream\n'.length;
    objects.set(number, { dict, stream: pdf.subarray(body, body + length) });
  }
  return objects;
}

function reference(objects: ReadonlyMap<number, PdfObject>, type: string): number {
  const found = [...objects].find(([, { dict }]) => dict.startsWith(`<</Type /${type}\n`));
  if (!found) throw new Error(`The PDF has no ${type}.`);
  return found[0];
}

const MARKED = new RegExp(`^${MARK_AT} ${MARK_AT} (\\d+) \\.5 re\\nf\\n((?:BT\\n[\\s\\S]*?\\nET\\n)*)`, 'gm');

/** Says what the texts mean, takes their marks away, and sets the page's height right: Skia rounds it. */
function withMeaning(stream: Buffer, written: readonly string[], height: number): Buffer {
  const operators = stream
    .toString('latin1')
    .replace(/^1 0 0 -1 0 \d+ cm\n/, `1 0 0 -1 0 ${height} cm\n`)
    .replace(MARKED, (_, mark: string, glyphs: string) =>
      glyphs === '' ? '' : `/Span <</ActualText ${textOf(written[Number(mark) - 1] ?? '')}>> BDC\n${glyphs}EMC\n`,
    );
  return Buffer.from(operators, 'latin1');
}

function annotation(link: Finish['links'][number], place: Paper['places'][number], pageHeight: number): string {
  const left = place.x + link.x;
  const top = place.y + pageHeight - link.y;
  const corners = [left, top - link.side, left + link.side, top].map((value) => value.toFixed(2)).join(' ');
  const url = Buffer.from(link.url, 'latin1').toString('hex');
  return `<</Type /Annot /Subtype /Link /F 4 /Border [0 0 0] /Rect [${corners}] /A <</Type /Action /S /URI /URI <${url}>>>>>`;
}

/** A text string of PDF: UTF-16, in figures, so that nothing in it can end it. */
function textOf(text: string): string {
  return `<feff${Buffer.from(text, 'utf16le').swap16().toString('hex')}>`;
}

function writeObjects(objects: ReadonlyMap<number, PdfObject>, root: number, info: string): Uint8Array {
  const pieces: Uint8Array[] = [Buffer.from('%PDF-1.7\n%\xd3\xeb\xe9\xe1\n', 'latin1')];
  const offsets = new Map<number, number>();
  let at = pieces[0]?.length ?? 0;
  const put = (piece: Uint8Array) => {
    pieces.push(piece);
    at += piece.length;
  };
  for (const [number, { dict, stream }] of objects) {
    offsets.set(number, at);
    const packed = stream && !dict.includes('/Filter') ? deflateSync(stream, { level: 9 }) : undefined;
    const entries = packed ? dict.replace(/\n?\/Length \d+/, '').replace(/>>$/, `/Filter /FlateDecode /Length ${packed.length}>>`) : dict;
    put(Buffer.from(`${number} 0 obj\n${entries}`, 'latin1'));
    if (stream) {
      put(Buffer.from('\nstream\n', 'latin1'));
      put(packed ?? stream);
      put(Buffer.from('\nendstream', 'latin1'));
    }
    put(Buffer.from('\nendobj\n', 'latin1'));
  }
  const size = Math.max(...objects.keys()) + 1;
  const rows = Array.from({ length: size }, (_, number) => {
    const offset = offsets.get(number);
    return offset === undefined ? '0000000000 65535 f \n' : `${String(offset).padStart(10, '0')} 00000 n \n`;
  });
  const start = at;
  put(
    Buffer.from(
      `xref\n0 ${size}\n${rows.join('')}trailer\n<</Size ${size} /Root ${root} 0 R /Info ${info}>>\nstartxref\n${start}\n%%EOF\n`,
      'latin1',
    ),
  );
  return Buffer.concat(pieces);
}
