import type { SKRSContext2D } from '@napi-rs/canvas';
import type { ColumnChart, ColumnSeries } from '../people/ports.js';
import { WEIGHTS } from './charts-fonts.js';
import { COLOURS, drawParts, font, gap, headOf, INNER, measure, PADDING, type Part, paragraph } from './charts-page.js';
import { drawable, wrap } from './charts-text.js';

const MOST_PERIODS = 24;
const MOST_SERIES = 3;

/** Of the tallest column, and of the figure above it. */
const TALLEST = 76;
const FIGURE = 24;
const WIDEST = 48;
/** Between two figures, or two labels, at least. */
const APART = 4;
/** So far a label may reach into the card's edge. */
const OVER = 18;
const LABEL = { size: 13, line: 17, lines: 2 };

/** Draws it. @returns a PNG, 1,440 pixels wide. Throws RangeError for what it can't show. */
export function drawColumns(chart: ColumnChart): Uint8Array {
  const { periods, series } = chart;
  if (periods.length < 1 || periods.length > MOST_PERIODS) throw new RangeError(`${periods.length} periods can't be shown.`);
  if (series.length < 1 || series.length > MOST_SERIES) throw new RangeError(`${series.length} series can't be shown.`);
  if (series.some(({ values }) => values.length !== periods.length)) throw new RangeError('Every period needs a value.');
  const measuring = measure();
  const counts = series.filter(({ style }) => style === undefined).flatMap(({ values }) => values.map((value) => value ?? 0));
  const most = Math.max(1, ...counts);
  return drawParts([
    ...headOf(measuring, chart),
    ...series.flatMap((one, index) => [
      gap(index === 0 ? 20 : 14),
      paragraph(measuring, one.name, { size: 15, weight: WEIGHTS.strong, colour: COLOURS.text, most: 1 }),
      columns(measuring, one, {
        most: one.style === 'percent' ? 1 : most,
        colour: index === 0 ? COLOURS.first : COLOURS.other,
        locale: chart.locale,
      }),
    ]),
    labels(measuring, periods),
  ]);
}

interface Look {
  /** The value of the tallest column. */
  readonly most: number;
  readonly colour: string;
  readonly locale: string;
}

/** A row of columns from one zero line, as high as its tallest one, each with its figure. Where there is no value stands a dash. */
function columns(measuring: SKRSContext2D, { values, style }: ColumnSeries, { most, colour, locale }: Look): Part {
  const slot = INNER / values.length;
  const width = Math.min(slot * 0.66, WIDEST);
  const heights = values.map((value) => Math.round((Math.min(value ?? 0, most) / most) * TALLEST));
  const { figures, size } = figuresOf(measuring, values, { slot, style, locale });
  const height = FIGURE + Math.max(...heights);
  return {
    height,
    draw: (context, top) => {
      const zero = top + height;
      context.textAlign = 'center';
      context.textBaseline = 'alphabetic';
      context.font = font(size, WEIGHTS.strong);
      for (const [index, tall] of heights.entries()) {
        const middle = PADDING + slot * (index + 0.5);
        if (tall > 0) {
          const round = Math.min(4, tall);
          context.beginPath();
          context.roundRect(middle - width / 2, zero - tall, width, tall, [round, round, 0, 0]);
          context.fillStyle = colour;
          context.fill();
        }
        context.fillStyle = values[index] === null ? COLOURS.quiet : COLOURS.strong;
        context.fillText(figures[index] ?? '', middle, zero - tall - 6);
      }
      context.textAlign = 'left';
      context.fillStyle = COLOURS.quiet;
      context.fillRect(PADDING, zero, INNER, 1);
    },
  };
}

const NO_VALUE = '–';

/** The figures as they fit beside one another: large, small, or as many of them as fit, the last one always. */
function figuresOf(
  measuring: SKRSContext2D,
  values: readonly (number | null)[],
  { slot, style, locale }: { readonly slot: number; readonly style: ColumnSeries['style']; readonly locale: string },
): { readonly figures: readonly string[]; readonly size: number } {
  const written = (options: Intl.NumberFormatOptions) => {
    const format = new Intl.NumberFormat(locale, style === 'percent' ? { style, maximumFractionDigits: 0 } : options);
    return values.map((value) => (value === null ? NO_VALUE : format.format(value)));
  };
  const widest = (figures: readonly string[], size: number) => {
    measuring.font = font(size, WEIGHTS.strong);
    return Math.max(...figures.map((figure) => measuring.measureText(figure).width));
  };
  for (const { size, ...options } of [{ size: 15 }, { size: 12 }, { size: 11, useGrouping: false }]) {
    const figures = written(options);
    if (widest(figures, size) <= slot - APART) return { figures, size };
  }
  const figures = written({});
  const every = Math.ceil((widest(figures, 12) + APART) / slot);
  return { figures: figures.map((figure, index) => ((figures.length - 1 - index) % every === 0 ? figure : '')), size: 12 };
}

/** A label under the columns: its lines, and where they stand. */
interface Label {
  readonly lines: readonly string[];
  readonly middle: number;
  readonly half: number;
}

/** What the columns stand for: under all of them, or as many as fit, the last one always. */
function labels(measuring: SKRSContext2D, periods: readonly string[]): Part {
  const slot = INNER / periods.length;
  measuring.font = font(LABEL.size);
  const widthOf = (words: string) => measuring.measureText(words).width;
  const laidOut = (every: number): readonly Label[] =>
    periods.flatMap((period, index): Label[] => {
      if ((periods.length - 1 - index) % every !== 0) return [];
      const lines = wrap(measuring, drawable(period), Math.min(slot * every - APART, INNER), LABEL.lines);
      const half = Math.max(...lines.map(widthOf)) / 2;
      // At the ends it may reach into the card's edge, not out of it.
      const [least, most] = [PADDING - OVER + half, PADDING + INNER + OVER - half];
      return [{ lines, middle: Math.min(Math.max(PADDING + slot * (index + 0.5), least), most), half }];
    });
  const whole = (period: string, every: number) =>
    drawable(period)
      .split(' ')
      .every((word) => widthOf(word) <= slot * every - APART);
  const fits = (every: number) => {
    const shown = laidOut(every);
    return (
      periods.every((period) => whole(period, every)) &&
      shown.every(({ lines }) => !lines.at(-1)?.endsWith('…')) &&
      shown.every(({ middle, half }, index) => {
        const next = shown[index + 1];
        return !next || middle + half + APART <= next.middle - next.half;
      })
    );
  };
  let every = 1;
  while (every < periods.length && !fits(every)) every += 1;
  const shown = laidOut(every);
  return {
    height: 6 + LABEL.line * Math.max(...shown.map(({ lines }) => lines.length)),
    draw: (context, top) => {
      context.font = font(LABEL.size);
      context.fillStyle = COLOURS.text;
      context.textAlign = 'center';
      context.textBaseline = 'alphabetic';
      for (const { lines, middle } of shown) {
        for (const [row, line] of lines.entries()) context.fillText(line, middle, top + 6 + LABEL.line * row + LABEL.size);
      }
      context.textAlign = 'left';
    },
  };
}
