import { type Canvas, createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import { BarController, BarElement, CategoryScale, Chart, LinearScale, type Plugin } from 'chart.js';
import type { Bar, BarChart, BarGroup } from '../people/ports.js';
import { FAMILY, WEIGHTS } from './charts-fonts.js';
import { COLOURS, drawParts, font, gap, headOf, INNER, measure, PADDING, type Part, paragraph, SCALE } from './charts-page.js';
import { drawable, wrap } from './charts-text.js';

Chart.register(BarController, BarElement, CategoryScale, LinearScale);

const ROW = 40;
const LONGEST_LABEL = INNER * 0.4;
const BEFORE_BAR = 12;

/** Draws it. @returns a PNG, 1,440 pixels wide */
export function drawBars(chart: BarChart): Uint8Array {
  const measuring = measure();
  const figures = new Intl.NumberFormat(chart.locale);
  const shown = chart.groups.filter((group) => group.bars.length > 0).map((group) => layOut(measuring, group, figures));
  // One zero line for all of them.
  const labels = Math.max(0, ...shown.map((group) => group.labelWidth));
  return drawParts([
    ...headOf(measuring, chart),
    ...shown.flatMap((group) => [gap(22), ...(group.heading ? [group.heading, gap(4)] : []), group.plot(labels)]),
  ]);
}

interface Group {
  readonly heading: Part | undefined;
  readonly labelWidth: number;
  /** @param labelWidth where the bars begin */
  readonly plot: (labelWidth: number) => Part;
}

function layOut(measuring: SKRSContext2D, { heading, bars }: BarGroup, figures: Intl.NumberFormat): Group {
  measuring.font = font(15);
  const labels = bars.map((bar) => wrap(measuring, drawable(bar.label), LONGEST_LABEL, 2));
  const labelWidth = Math.max(...labels.flat().map((line) => measuring.measureText(line).width));
  const ends = bars.map((bar) => endOf(measuring, bar, figures));
  const height = bars.length * ROW;
  return {
    heading:
      heading === undefined
        ? undefined
        : paragraph(measuring, heading, { size: 15, weight: WEIGHTS.strong, colour: COLOURS.text, most: 2 }),
    labelWidth,
    plot: (width) => ({
      height,
      draw: (context, top) => context.drawImage(plot(bars, labels, ends, width, height), PADDING, top, INNER, height),
    }),
  };
}

/** What stands behind a bar. */
interface End {
  readonly figure: string;
  readonly note: string;
  readonly figureWidth: number;
  readonly width: number;
}

function endOf(measuring: SKRSContext2D, { value, note }: Bar, figures: Intl.NumberFormat): End {
  const figure = figures.format(value);
  const words = note === undefined ? '' : drawable(note);
  measuring.font = font(15, WEIGHTS.strong);
  const figureWidth = measuring.measureText(figure).width;
  measuring.font = font(14);
  return { figure, note: words, figureWidth, width: figureWidth + (words === '' ? 0 : 7 + measuring.measureText(words).width) };
}

function plot(
  bars: readonly Bar[],
  labels: readonly (readonly string[])[],
  ends: readonly End[],
  labelWidth: number,
  height: number,
): Canvas {
  // Chart.js enlarges it by the device's pixel ratio itself.
  const canvas = createCanvas(INNER, height);
  const most = Math.max(...bars.map((bar) => bar.value));
  new Chart(canvas as never, {
    type: 'bar',
    data: {
      labels: labels.map((lines) => [...lines]),
      datasets: [
        {
          data: bars.map((bar) => bar.value),
          backgroundColor: bars.map((bar) => (bar.value === most ? COLOURS.first : COLOURS.other)),
          barThickness: 22,
          borderRadius: 4,
          borderSkipped: 'start',
        },
      ],
    },
    options: {
      indexAxis: 'y',
      responsive: false,
      animation: false,
      events: [],
      devicePixelRatio: SCALE,
      layout: { autoPadding: false, padding: { right: 10 + Math.max(...ends.map((end) => end.width)) } },
      scales: {
        x: { min: 0, max: Math.max(most, 1), display: false },
        y: {
          afterFit: (axis: { width: number; paddingTop: number; paddingBottom: number }) => {
            axis.width = Math.ceil(labelWidth) + BEFORE_BAR;
            // Rows have room for their labels: none is kept above and below.
            axis.paddingTop = 0;
            axis.paddingBottom = 0;
          },
          grid: { display: false },
          border: { color: COLOURS.quiet, width: 1 },
          ticks: {
            autoSkip: false,
            color: COLOURS.text,
            padding: BEFORE_BAR,
            crossAlign: 'far',
            font: { family: FAMILY, size: 15, lineHeight: 1.2 },
          },
        },
      },
    },
    plugins: [endings(ends)],
  });
  return canvas;
}

/** The figures where the bars end. */
function endings(ends: readonly End[]): Plugin<'bar'> {
  return {
    id: 'endings',
    afterDatasetsDraw: (chart) => {
      const context = chart.ctx as unknown as SKRSContext2D;
      context.textBaseline = 'middle';
      context.textAlign = 'left';
      for (const [index, bar] of chart.getDatasetMeta(0).data.entries()) {
        const end = ends[index];
        if (!end) continue;
        const from = bar.x + 9;
        context.font = font(15, WEIGHTS.strong);
        context.fillStyle = COLOURS.strong;
        context.fillText(end.figure, from, bar.y);
        context.font = font(14);
        context.fillStyle = COLOURS.quiet;
        context.fillText(end.note, from + end.figureWidth + 7, bar.y);
      }
    },
  };
}
