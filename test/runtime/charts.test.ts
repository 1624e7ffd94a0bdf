import { createCanvas, loadImage } from '@napi-rs/canvas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pictureMime } from '../../src/delivery/pictures.js';
import type { BarChart } from '../../src/people/ports.js';
import { createCharts } from '../../src/runtime/charts.js';
import { FAMILY, registerFonts } from '../../src/runtime/charts-fonts.js';
import { drawable, evenly, wrap } from '../../src/runtime/charts-text.js';

const charts = createCharts();
afterAll(async () => await charts.stop());

const chart = (bars: BarChart['groups'][number]['bars'], rest: Partial<BarChart> = {}): BarChart => ({
  title: 'Teamwork was thanked for most',
  locale: 'en',
  groups: [{ bars }],
  ...rest,
});

async function pixelsOf(png: Uint8Array) {
  const image = await loadImage(Buffer.from(png));
  const canvas = createCanvas(image.width, image.height);
  const context = canvas.getContext('2d');
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, image.width, image.height);
  const at = (x: number, y: number) => Array.from(data.subarray((y * image.width + x) * 4, (y * image.width + x) * 4 + 4));
  return { width: image.width, height: image.height, at };
}

/** Of every run of rows that has a bar, where the bar begins and how long it is. */
async function barsOf(png: Uint8Array) {
  const { width, height, at } = await pixelsOf(png);
  const isBlue = ([red = 0, green = 0, blue = 0]: readonly number[]) =>
    (red === 10 && green === 79 && blue === 143) || (red === 91 && green === 147 && blue === 198);
  const bars: { from: number; length: number }[] = [];
  let inside = false;
  for (let y = 0; y < height; y += 4) {
    let [from, length] = [width, 0];
    for (let x = 0; x < width; x++) {
      if (!isBlue(at(x, y))) continue;
      from = Math.min(from, x);
      length += 1;
    }
    // The letters' edges have a few such pixels; a bar's row has hundreds.
    const isBar = length > 40;
    const last = bars.at(-1);
    if (isBar && !inside) bars.push({ from, length });
    else if (isBar && last && length > last.length) Object.assign(last, { from, length });
    inside = isBar;
  }
  return bars;
}

describe('a chart of bars', () => {
  it('is a PNG on a ground of its own, whatever lies around it', async () => {
    const png = await charts.bars(chart([{ label: 'Teamwork', value: 3 }]));
    expect(pictureMime(png)).toBe('image/png');
    expect(png.byteLength).toBeLessThan(200_000);
    const { width, height, at } = await pixelsOf(png);
    expect(width).toBe(1440);
    expect([at(20, height / 2), at(width - 20, height / 2), at(width / 2, 20), at(width / 2, height - 20)]).toEqual(
      Array(4).fill([255, 255, 255, 255]),
    );
    // Round corners let the surroundings through.
    expect(at(0, 0)[3]).toBe(0);
  });

  it('has bars that begin at one zero and are as long as what they stand for', async () => {
    const png = await charts.bars(
      chart([], {
        groups: [
          { heading: 'Kudos', bars: [40, 20, 10].map((value) => ({ label: `Value ${value}`, value, note: '33%' })) },
          { heading: 'Points', bars: [{ label: 'A much longer name than theirs', value: 5, note: '33%' }] },
        ],
      }),
    );
    const [forty, twenty, ten, other] = await barsOf(png);
    if (!forty || !twenty || !ten || !other) throw new Error('A bar is missing.');
    expect(twenty.length / forty.length).toBeCloseTo(0.5, 1);
    expect(ten.length / forty.length).toBeCloseTo(0.25, 1);
    expect(Math.abs(other.from - forty.from)).toBeLessThan(8);
  });

  it('draws what is hard to draw: nothing, noughts, millions, words without an end', async () => {
    for (const bars of [
      [],
      [{ label: 'None', value: 0 }],
      [{ label: 'x'.repeat(2_000), value: 1_234_567_890, note: 'y' }],
      Array.from({ length: 15 }, (_, value) => ({ label: `${value} 👍🏽`, value, note: 'జట్టు కృషి' })),
    ]) {
      const png = await charts.bars(chart(bars, { title: 'ā '.repeat(400), subtitle: 'త'.repeat(3_000), locale: 'lv' }));
      expect((await pixelsOf(png)).height).toBeLessThan(3_000);
    }
  }, 60_000);

  it('fails alone: the next one is drawn', async () => {
    const broken = charts.bars({ ...chart([]), groups: null as never });
    const next = charts.bars(chart([{ label: 'Speed', value: 1 }]));
    await expect(broken).rejects.toThrow(/was not drawn.*groups|was not drawn.*null/s);
    expect(pictureMime(await next)).toBe('image/png');
  });

  it('is given up when the bot stops', async () => {
    const own = createCharts();
    const waiting = own.bars(chart([{ label: 'Speed', value: 1 }]));
    waiting.catch(() => undefined);
    await own.stop();
    await expect(waiting).rejects.toThrow();
    await expect(own.bars(chart([]))).rejects.toThrow();
  });
});

describe('the letters', () => {
  beforeAll(() => registerFonts());

  const context = createCanvas(400, 80).getContext('2d');
  const drawing = (text: string) => {
    context.font = `400 40px ${FAMILY}`;
    context.clearRect(0, 0, 400, 80);
    context.fillText(text, 10, 50);
    return Buffer.from(context.getImageData(0, 0, 400, 80).data).toString('base64');
  };
  const width = (text: string) => {
    context.font = `400 40px ${FAMILY}`;
    return context.measureText(text).width;
  };

  it.each([
    ['Latvian', 'āčēģīķļņšūž'],
    ['Croatian', 'čćđšž'],
    ['Polish', 'ąćęłńóśźż'],
    ['Italian', 'àèéìòù'],
    ['Telugu', 'అఆఇఈఉఊఋఎఏఐఒఓఔకఖగఘచఛజఝటఠడఢణతథదధనపఫబభమయరలవశషసహళఱ'],
    ['figures and signs', '0123456789%–’„”…·“'],
  ])('of %s are brought along', (_, letters) => {
    // What no font has is drawn as a box.
    const box = drawing('\ue000');
    const missing = [...letters, ...letters.toLocaleUpperCase()].filter((letter) => drawing(letter) === box);
    expect(missing).toEqual([]);
  });

  it('of Telugu are joined into syllables', () => {
    expect(width('క్ష')).toBeLessThan(width('క') + width('ష'));
    expect(drawing('కి')).not.toBe(drawing('క'));
    expect(width('స్త్రీ')).toBeLessThan(width('స') + width('త') + width('రీ'));
  });

  it('leave emoji out, which every system draws otherwise or not at all', () => {
    expect(['🧩 Teamwork', 'Speed ⚡️!', '👩‍🚀🇱🇻 1️⃣ Go', '© 2027', '👍'].map(drawable)).toEqual([
      'Teamwork',
      'Speed !',
      'Go',
      '© 2027',
      '👍',
    ]);
    // The joiner belongs to Telugu too.
    expect(drawable('అక్టోబర్\u200dలో')).toBe('అక్టోబర్\u200dలో');
  });

  it('break into lines at blanks, within long words, and end visibly', () => {
    context.font = `400 40px ${FAMILY}`;
    expect(wrap(context, 'one two three', width('one two') + 1, 3)).toEqual(['one two', 'three']);
    expect(wrap(context, 'mmmm', width('mm') + 1, 3)).toEqual(['mm', 'mm']);
    expect(wrap(context, 'one two three four', width('one two') + 1, 2)).toEqual(['one two', expect.stringMatching(/^three?…$|^thre…$/)]);
    expect(evenly(context, 'aaa bbb ccc ddd', width('aaa bbb ccc') + 1, 3)).toEqual(['aaa bbb', 'ccc ddd']);
    expect(wrap(context, '', 100, 3)).toEqual(['']);
  });
});
