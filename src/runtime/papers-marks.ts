import { Path2D } from '@napi-rs/canvas';
import QRCode from 'qrcode';
import type { Sheet } from './papers-text.js';

/** The mark, as adapters/web/assets/bell.svg draws it (a test keeps them in step): a square of 32 with 2 of air around. */
export const BELL = {
  square: 32,
  /** x, y, width, height, radius. */
  rects: [
    [12, 6, 8, 3, 1.5],
    [2, 25, 28, 4, 2],
  ],
  neck: 'M15 8h2v4h-2z',
  dome: 'M4 23a12 12 0 0 1 24 0zM8.6 19.7a8 8 0 0 1 3.9-4.1.8.8 0 0 0-.7-1.4 9.6 9.6 0 0 0-4.7 4.9.8.8 0 0 0 1.5.6z',
  rings: 'M8 8.4 6.2 5.8M24 8.4l1.8-2.6',
} as const;

/** The bell, in a square of `side` points. */
export function drawBell({ context }: Sheet, { x, y, side, colour }: { x: number; y: number; side: number; colour: string }): void {
  context.save();
  context.translate(x, y);
  context.scale(side / BELL.square, side / BELL.square);
  context.fillStyle = colour;
  context.strokeStyle = colour;
  context.lineWidth = 2;
  context.lineCap = 'round';
  for (const [left, top, width, height, radius] of BELL.rects) {
    context.beginPath();
    context.roundRect(left, top, width, height, radius);
    context.fill();
  }
  for (const part of [BELL.neck, BELL.dome]) context.fill(new Path2D(part), 'evenodd');
  context.stroke(new Path2D(BELL.rings));
  context.restore();
}

/** Light modules around a code that a reader needs: ISO/IEC 18004. */
const QUIET = 4;
/** More modules than these are given up for less correction: they would be too small in print. */
const MOST_MODULES = 49;

/** An address as a QR code of black squares, its quiet zone included in `side` points. @throws Error when it is too long */
export function drawCode({ context }: Sheet, url: string, { x, y, side }: { x: number; y: number; side: number }): void {
  const careful = QRCode.create(url, { errorCorrectionLevel: 'Q' });
  const { modules } = careful.modules.size <= MOST_MODULES ? careful : QRCode.create(url, { errorCorrectionLevel: 'M' });
  const unit = side / (modules.size + 2 * QUIET);
  // One path: no reader shows hairlines between its squares.
  context.beginPath();
  for (let row = 0; row < modules.size; row++) {
    let from = 0;
    while (from < modules.size) {
      let to = from;
      while (to < modules.size && modules.get(row, to)) to += 1;
      if (to > from) context.rect(x + (QUIET + from) * unit, y + (QUIET + row) * unit, (to - from) * unit, unit);
      from = to + 1;
    }
  }
  context.fillStyle = '#000000';
  context.fill();
}

/** A face in a circle. @param mood from -1 (sad) to 1 (glad) */
export function drawFace(
  { context }: Sheet,
  mood: number,
  { x, y, radius, colour }: { x: number; y: number; radius: number; colour: string },
): void {
  context.strokeStyle = colour;
  context.fillStyle = colour;
  context.lineWidth = Math.max(0.7, radius * 0.11);
  context.lineCap = 'round';
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.stroke();
  context.beginPath();
  for (const side of [-1, 1])
    context.roundRect(x + side * radius * 0.36 - radius * 0.1, y - radius * 0.42, radius * 0.2, radius * 0.32, radius * 0.1);
  context.fill();
  const [middle, bend] = [y + radius * 0.34, radius * 0.42 * mood];
  context.beginPath();
  context.moveTo(x - radius * 0.46, middle - bend * 0.5);
  context.quadraticCurveTo(x, middle + bend, x + radius * 0.46, middle - bend * 0.5);
  context.stroke();
}
