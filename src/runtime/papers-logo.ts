import { crc32 } from 'node:zlib';
import { type Canvas, createCanvas, type Image, loadImage } from '@napi-rs/canvas';
import type { Logo } from '../people/ports.js';

/** What a page can bear: it weighs 60 KB at most with all that is on it. */
const MOST_WIDTH = 320;
const MOST_HEIGHT = 96;
const MOST_PNG = 12_000;
/** What is taken in. Pixels take 4 bytes each once they are unpacked, however small the file is. */
const MOST_BYTES = 2_000_000;
const MOST_PIXELS = 24_000_000;
const MOST_SIDE = 20_000;

/** Makes an upload fit. @returns undefined when it is no whole PNG or JPEG within the limits */
export async function makeLogo(bytes: Uint8Array): Promise<Logo | undefined> {
  const picture = await drawableLogo(bytes);
  if (!picture) return undefined;
  const scale = Math.min(1, MOST_WIDTH / picture.width, MOST_HEIGHT / picture.height);
  // Rather fewer shades than fewer pixels, and rather a light page than either.
  for (const shrink of [1, 0.8, 0.65, 0.5, 0.35, 0.2]) {
    const canvas = shrunk(picture, scale * shrink);
    for (const bits of [8, 5, 4]) {
      const png = fewerShades(canvas, bits).toBuffer('image/png');
      if (png.length <= MOST_PNG) return { png, width: canvas.width, height: canvas.height };
    }
  }
  return undefined;
}

/** @returns the picture, unpacked; undefined as for `makeLogo` */
export async function drawableLogo(bytes: Uint8Array): Promise<Image | undefined> {
  if (bytes.length > MOST_BYTES) return undefined;
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const whole = barePng(data) ?? wholeJpeg(data);
  if (!whole) return undefined;
  try {
    const image = await loadImage(whole);
    return image.width > 0 && image.height > 0 ? image : undefined;
  } catch {
    return undefined;
  }
}

function isBearable(width: number, height: number): boolean {
  return width > 0 && height > 0 && width <= MOST_SIDE && height <= MOST_SIDE && width * height <= MOST_PIXELS;
}

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** The chunks that make the picture. Places, comments, profiles and animations are left behind unread. */
const KEPT = new Set(['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND']);

/** A PNG with nothing but its picture (PNG, third edition, 5: chunks with their length and CRC); undefined when it isn't whole. */
function barePng(data: Buffer): Buffer | undefined {
  if (!data.subarray(0, 8).equals(PNG)) return undefined;
  const kept: Buffer[] = [PNG];
  for (let at = 8; at + 12 <= data.length; ) {
    const length = data.readUInt32BE(at);
    const type = data.toString('latin1', at + 4, at + 8);
    const end = at + 12 + length;
    if (end > data.length) return undefined;
    if (at === 8 && (type !== 'IHDR' || length !== 13 || !isBearable(data.readUInt32BE(16), data.readUInt32BE(20)))) return undefined;
    if (KEPT.has(type)) {
      if (crc32(data.subarray(at + 4, end - 4)) !== data.readUInt32BE(end - 4)) return undefined;
      kept.push(data.subarray(at, end));
    }
    if (type === 'IEND') return Buffer.concat(kept);
    at = end;
  }
  return undefined;
}

/** A JPEG up to its end mark (ITU T.81, annex B); undefined when it has no frame of a bearable size, or is cut off. */
function wholeJpeg(data: Buffer): Buffer | undefined {
  if (data.length < 4 || data.readUInt16BE(0) !== 0xffd8) return undefined;
  let framed = false;
  for (let at = 2; at + 4 <= data.length; ) {
    if (data[at] !== 0xff) return undefined;
    const marker = data[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    // All kinds of frames, without the tables that have numbers among them.
    if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc) {
      if (at + 9 > data.length || !isBearable(data.readUInt16BE(at + 7), data.readUInt16BE(at + 5))) return undefined;
      framed = true;
    }
    if (marker === 0xda) {
      const end = data.lastIndexOf(Buffer.from([0xff, 0xd9]));
      return framed && end > at ? data.subarray(0, end + 2) : undefined;
    }
    at += 2 + data.readUInt16BE(at + 2);
  }
  return undefined;
}

/** Halved as often as it takes: fine lines stay lines. */
function shrunk(picture: Image, scale: number): Canvas {
  const [width, height] = [picture.width, picture.height].map((side) => Math.max(1, Math.round(side * scale))) as [number, number];
  let from: Image | Canvas = picture;
  while (from.width >= 2 * width && from.height >= 2 * height && from.width * from.height > 4) {
    from = resized(from, Math.ceil(from.width / 2), Math.ceil(from.height / 2));
  }
  return resized(from, width, height);
}

function resized(picture: Image | Canvas, width: number, height: number): Canvas {
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = 'high';
  context.drawImage(picture, 0, 0, width, height);
  return canvas;
}

/** Colours with so many bits for each of red, green, blue and opacity: the fewer, the better it packs. */
function fewerShades(canvas: Canvas, bits: number): Canvas {
  if (bits === 8) return canvas;
  const steps = 2 ** bits - 1;
  const copy = createCanvas(canvas.width, canvas.height);
  const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  for (const [index, value] of pixels.data.entries()) pixels.data[index] = Math.round((Math.round((value / 255) * steps) / steps) * 255);
  copy.getContext('2d').putImageData(pixels, 0, 0);
  return copy;
}
