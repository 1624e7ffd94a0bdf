import { crc32, deflateSync } from 'node:zlib';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { afterAll, describe, expect, it } from 'vitest';
import { createPapers } from '../../src/runtime/papers.js';
import { makeLogo } from '../../src/runtime/papers-logo.js';

const papers = createPapers();
afterAll(async () => await papers.stop());

function drawing(width: number, height: number, noise = false) {
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  if (noise) {
    const pixels = context.createImageData(width, height);
    let seed = 1;
    for (let at = 0; at < pixels.data.length; at++) {
      seed = (seed * 48_271) % 2_147_483_647;
      pixels.data[at] = at % 4 === 3 ? 255 : seed % 256;
    }
    context.putImageData(pixels, 0, 0);
    return canvas;
  }
  context.fillStyle = '#0b6e4f';
  context.beginPath();
  context.arc(height / 2, height / 2, height / 2, 0, 7);
  context.fill();
  context.fillRect(height * 1.2, height * 0.3, width - height * 1.2, height * 0.4);
  return canvas;
}

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** A black and white PNG of any size, made without its pixels. */
function blank(width: number, height: number, extra: readonly Buffer[] = []): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 1;
  const rows = deflateSync(Buffer.alloc((Math.ceil(width / 8) + 1) * Math.min(height, 20_000)));
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk('IHDR', header), ...extra, chunk('IDAT', rows), chunk('IEND', Buffer.alloc(0))]);
}

const chunksOf = (png: Uint8Array) =>
  [
    ...Buffer.from(png)
      .toString('latin1')
      .matchAll(/IHDR|IDAT|IEND|tEXt|eXIf|iCCP|zTXt/g),
  ].map(([name]) => name);

describe('a logo', () => {
  it('is scaled to fit, never up, with its proportions and what is seen through it', async () => {
    const logo = await papers.logo(drawing(1_800, 600).toBuffer('image/png'));
    expect(logo).toMatchObject({ width: 288, height: 96 });
    const image = await loadImage(Buffer.from(logo?.png ?? []));
    expect([image.width, image.height]).toEqual([288, 96]);
    const canvas = createCanvas(288, 96);
    canvas.getContext('2d').drawImage(image, 0, 0);
    const at = (x: number, y: number) => Array.from(canvas.getContext('2d').getImageData(x, y, 1, 1).data);
    expect(at(48, 48)).toEqual([0x0b, 0x6e, 0x4f, 255]);
    expect(at(105, 2)[3]).toBe(0);
    expect(await makeLogo(drawing(2_000, 100).toBuffer('image/png'))).toMatchObject({ width: 320, height: 16 });
    expect(await makeLogo(drawing(60, 20).toBuffer('image/png'))).toMatchObject({ width: 60, height: 20 });
    expect(await makeLogo(drawing(900, 300).toBuffer('image/jpeg', 90))).toMatchObject({ width: 288, height: 96 });
  });

  it('is light, however busy, and has nothing in it but the picture', async () => {
    const busy = await makeLogo(drawing(640, 192, true).toBuffer('image/jpeg', 80));
    expect(busy?.png.byteLength).toBeLessThanOrEqual(12_000);
    expect(busy?.height).toBeGreaterThan(15);
    const secret = chunk('tEXt', Buffer.from('GPS\x0056.95,24.11', 'latin1'));
    const logo = await makeLogo(blank(100, 50, [secret]));
    expect(Buffer.from(logo?.png ?? []).includes('56.95')).toBe(false);
    expect(new Set(chunksOf(logo?.png ?? new Uint8Array()))).toEqual(new Set(['IHDR', 'IDAT', 'IEND']));
  });

  it('is none when the upload is cut off, damaged, too large to unpack, or something else', async () => {
    const png = drawing(400, 200).toBuffer('image/png');
    const jpeg = drawing(400, 200).toBuffer('image/jpeg', 90);
    const damaged = Buffer.from(png);
    damaged[damaged.length - 30] = (damaged[damaged.length - 30] ?? 0) ^ 0xff;
    const huge = Buffer.from(jpeg);
    const frame = huge.indexOf(Buffer.from([0xff, 0xc0]));
    huge.writeUInt16BE(65_000, frame + 5);
    huge.writeUInt16BE(65_000, frame + 7);
    const nothing: Record<string, Uint8Array> = {
      empty: new Uint8Array(),
      'a PNG cut off': png.subarray(0, png.length / 2),
      'a JPEG cut off': jpeg.subarray(0, jpeg.length / 2),
      'a PNG damaged': damaged,
      'a PNG’s first bytes': png.subarray(0, 8),
      'a JPEG’s first bytes': jpeg.subarray(0, 3),
      'a PNG of 400 megapixels': blank(20_000, 20_000),
      'a PNG of 3 gigapixels': blank(55_000, 55_000),
      'a PNG without a width': blank(0, 10),
      'a JPEG of 4 gigapixels': huge,
      'a GIF': Buffer.from('R0lGODlhAQABAAAAACwAAAAAAQABAAA=', 'base64'),
      'an SVG': Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
      'a page': Buffer.from('<!doctype html><p>'),
      'a PDF': Buffer.from('%PDF-1.7'),
      'a JPEG in name only': Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(3_000, 0x41)]),
    };
    for (const [what, bytes] of Object.entries(nothing)) expect(await makeLogo(bytes), what).toBeUndefined();
    expect(await papers.logo(new Uint8Array(2_000_001))).toBeUndefined();
    expect(await papers.logo(damaged)).toBeUndefined();
    // The next one is made nevertheless.
    expect(await papers.logo(png)).toMatchObject({ width: 192, height: 96 });
  });

  it('is given up when the bot stops', async () => {
    const own = createPapers();
    const waiting = own.logo(drawing(400, 200).toBuffer('image/png'));
    waiting.catch(() => undefined);
    await own.stop();
    await expect(waiting).rejects.toThrow();
  });
});
