import { createCanvas, loadImage } from '@napi-rs/canvas';
import { afterAll, describe, expect, it } from 'vitest';
import { pictureMime } from '../../src/delivery/pictures.js';
import type { ColumnChart, ColumnSeries } from '../../src/people/ports.js';
import { createCharts } from '../../src/runtime/charts.js';

const charts = createCharts();
afterAll(async () => await charts.stop());

const months = (count: number) => Array.from({ length: count }, (_, index) => `Month ${index + 1}`);
const chart = (series: readonly ColumnSeries[], rest: Partial<ColumnChart> = {}): ColumnChart => ({
  title: 'More came than in spring',
  locale: 'en',
  periods: months(series[0]?.values.length ?? 1),
  series,
  ...rest,
});

interface Column {
  readonly left: number;
  readonly width: number;
  readonly top: number;
  readonly bottom: number;
}

/** Every patch of a column's colour, in the order in which they begin from above, then from the left. */
async function columnsOf(png: Uint8Array): Promise<{ readonly columns: readonly Column[]; readonly height: number }> {
  const image = await loadImage(Buffer.from(png));
  const canvas = createCanvas(image.width, image.height);
  const context = canvas.getContext('2d');
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, image.width, image.height);
  const isBlue = (x: number, y: number) => {
    const [red, green, blue] = data.subarray((y * image.width + x) * 4, (y * image.width + x) * 4 + 3);
    return (red === 10 && green === 79 && blue === 143) || (red === 91 && green === 147 && blue === 198);
  };
  const columns: Column[] = [];
  for (let y = 0; y < image.height; y++) {
    for (let x = 0; x < image.width; x++) {
      if (!isBlue(x, y) || columns.some((one) => x >= one.left - 8 && x < one.left + one.width + 8 && y <= one.bottom)) continue;
      let bottom = y;
      while (isBlue(x, bottom + 1)) bottom += 1;
      let right = x;
      while (isBlue(right + 1, bottom - 1)) right += 1;
      // The letters' edges have a few such pixels.
      if (bottom - y > 3) columns.push({ left: x, width: right - x, top: y, bottom });
    }
  }
  return { columns, height: image.height };
}

describe('a chart of columns', () => {
  it('is a PNG with a column for each value, as high as what it stands for, from one zero line', async () => {
    const png = await charts.columns(chart([{ name: 'Came', values: [10, 20, 40, 30] }]));
    expect(pictureMime(png)).toBe('image/png');
    const { columns } = await columnsOf(png);
    expect(columns).toHaveLength(4);
    expect(new Set(columns.map(({ bottom }) => bottom)).size).toBe(1);
    const [tall, taller, tallest, third] = [...columns].sort((a, b) => a.left - b.left).map(({ top, bottom }) => bottom - top);
    if (!tall || !taller || !tallest || !third) throw new Error('Columns are missing.');
    for (const [height, share] of [
      [tall, 0.25],
      [taller, 0.5],
      [third, 0.75],
    ] as const) {
      expect(Math.abs(height / tallest - share)).toBeLessThan(0.04);
    }
  });

  it('measures series alike, percentages by the whole, and has no column where there is no value', async () => {
    const { columns } = await columnsOf(
      await charts.columns(
        chart([
          { name: 'Came', values: [40, null, 0] },
          { name: 'Missed', values: [20, 20, 20] },
          { name: 'Rate', values: [0.5, 0.5, 0.5], style: 'percent' },
        ]),
      ),
    );
    const heights = [...new Map(columns.map((one) => [one.bottom, one.bottom - one.top])).values()];
    expect(columns).toHaveLength(7);
    expect(heights).toHaveLength(3);
    const [first = 1, second = 0, third = 0] = heights;
    expect(Math.abs(second / first - 0.5)).toBeLessThan(0.04);
    expect(Math.abs(third / first - 0.5)).toBeLessThan(0.04);
  });

  it('shows 24 periods with long labels and figures, and a period alone', async () => {
    const values = Array.from({ length: 24 }, (_, index) => 1000 + index * 37);
    const periods = values.map((_, index) => `${2026 + Math.floor(index / 12)}. gada ${index}. mēnesis`);
    const { columns } = await columnsOf(await charts.columns(chart([{ name: 'Apmeklēja', values }], { locale: 'lv', periods })));
    expect(columns).toHaveLength(24);
    expect((await columnsOf(await charts.columns(chart([{ name: 'Came', values: [3] }])))).columns).toHaveLength(1);
    expect((await columnsOf(await charts.columns(chart([{ name: 'Came', values: [0, null] }])))).columns).toEqual([]);
  });

  it('refuses what it can’t show', async () => {
    const values = [1, 2];
    const wrong: [string, ColumnChart][] = [
      ['no period', chart([{ name: 'Came', values: [] }])],
      ['too many periods', chart([{ name: 'Came', values: Array(25).fill(1) }])],
      ['no series', chart([])],
      ['too many series', chart(Array(4).fill({ name: 'Came', values }))],
      ['a period without a value', chart([{ name: 'Came', values }], { periods: months(3) })],
    ];
    for (const [what, of] of wrong) await expect(charts.columns(of), what).rejects.toThrow(/RangeError/);
    // The next one is drawn nevertheless.
    expect(pictureMime(await charts.columns(chart([{ name: 'Came', values }])))).toBe('image/png');
  });
});
