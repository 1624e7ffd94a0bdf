import type { SKRSContext2D } from '@napi-rs/canvas';
import type { ColumnChart, ColumnSeries } from '../people/ports.js';
import { WEIGHTS } from './charts-fonts.js';
import { COLOURS, drawParts, font, gap, headOf, INNER, measure, PADDING, type Part, paragraph } from './charts-page.js';
import { drawable, wrap } from './charts-text.js';

const MOST_PERIODS = 24;
const MOST_SERIES = 3;

/** Of the tallest column, and of the figure above it. */
const TALLEST = 76;
const FIGURE = 20;
const WIDEST = 48;
/** Between two figures, or two labels, at least. */
const APART = 4;
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

/** A row of columns from one zero line, each with its figure. Where there is no value stands a dash. */
function columns(measuring: SKRSContext2D, { values, style }: ColumnSeries, { most, colour, locale }: Look): Part {
  const slot = INNER / values.length;
  const width = Math.min(slot * 0.66, WIDEST);
  const { figures, size } = figuresOf(measuring, values, { slot, style, locale });
  return {
    height: FIGURE + TALLEST,
    draw: (context, top) => {
      const zero = top + FIGURE + TALLEST;
      for (const [index, value] of values.entries()) {
        const middle = PADDING + slot * (index + 0.5);
        const height = Math.round((Math.min(value ?? 0, most) / most) * TALLEST);
        if (height > 0) {
          const round = Math.min(4, height);
          context.beginPath();
          context.roundRect(middle - width / 2, zero - height, width, height, [round, round, 0, 0]);
          context.fillStyle = colour;
          context.fill();
        }
        context.font = font(size, WEIGHTS.strong);
        context.fillStyle = value === null ? COLOURS.quiet : COLOURS.strong;
        context.textAlign = 'center';
        context.textBaseline = 'alphabetic';
        context.fillText(figures[index] ?? '', middle, zero - height - 6);
      }
      context.textAlign = 'left';
      context.fillStyle = COLOURS.quiet;
      context.fillRect(PADDING, zero, INNER, 1);
    },
  };
}

const NO_VALUE = '–';

/** The figures as they fit beside one another: large, small, or in short ("1.2K"). */
function figuresOf(
  measuring: SKRSContext2D,
  values: readonly (number | null)[],
  { slot, style, locale }: { readonly slot: number; readonly style: ColumnSeries['style']; readonly locale: string },
): { readonly figures: readonly string[]; readonly size: number } {
  const written = (notation: 'standard' | 'compact') => {
    const format = new Intl.NumberFormat(locale, style === 'percent' ? { style, maximumFractionDigits: 0 } : { notation });
    return values.map((value) => (value === null ? NO_VALUE : format.format(value)));
  };
  const tries = [
    { figures: written('standard'), size: 15 },
    { figures: written('standard'), size: 12 },
    { figures: written('compact'), size: 12 },
  ];
  const fits = ({ figures, size }: (typeof tries)[number]) => {
    measuring.font = font(size, WEIGHTS.strong);
    return figures.every((figure) => measuring.measureText(figure).width <= slot - APART);
  };
  return tries.find(fits) ?? { figures: written('compact'), size: 10 };
}

/** What the columns stand for: under all of them, or as many as fit, the last one always. */
function labels(measuring: SKRSContext2D, periods: readonly string[]): Part {
  const slot = INNER / periods.length;
  measuring.font = font(LABEL.size);
  const words = periods.map(drawable);
  const fits = (every: number) =>
    shownOf(words, every).every((label) => {
      const room = slot * every - APART;
      return (
        label.split(' ').every((word) => measuring.measureText(word).width <= room) &&
        !linesOf(measuring, label, room).at(-1)?.endsWith('…')
      );
    });
  let every = 1;
  while (every < words.length && !fits(every)) every += 1;
  const room = Math.min(slot * every - APART, INNER);
  const lines = words.map((label) => linesOf(measuring, label, room));
  return {
    height: 6 + LABEL.line * Math.max(...lines.map((of) => of.length)),
    draw: (context, top) => {
      context.font = font(LABEL.size);
      context.fillStyle = COLOURS.text;
      context.textAlign = 'center';
      context.textBaseline = 'alphabetic';
      for (const [index, of] of lines.entries()) {
        if ((lines.length - 1 - index) % every !== 0) continue;
        const half = Math.max(...of.map((line) => context.measureText(line).width)) / 2;
        const middle = Math.min(Math.max(PADDING + slot * (index + 0.5), PADDING + half), PADDING + INNER - half);
        for (const [row, line] of of.entries()) context.fillText(line, middle, top + 6 + LABEL.line * row + LABEL.size);
      }
      context.textAlign = 'left';
    },
  };
}

const linesOf = (measuring: SKRSContext2D, label: string, room: number) => wrap(measuring, label, room, LABEL.lines);

/** Every so many, counted from the last one. */
const shownOf = (words: readonly string[], every: number) => words.filter((_, index) => (words.length - 1 - index) % every === 0);
