import { type Canvas, createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import { BarController, BarElement, CategoryScale, Chart, LinearScale, type Plugin } from 'chart.js';
import type { Bar, BarChart, BarGroup } from '../people/ports.js';
import { FAMILY, WEIGHTS } from './charts-fonts.js';
import { drawable, evenly, wrap } from './charts-text.js';

Chart.register(BarController, BarElement, CategoryScale, LinearScale);

/** Drawn twice as large as it is laid out: sharp on every screen. All other lengths are in the layout's pixels. */
const SCALE = 2;
const WIDTH = 720;
const PADDING = 28;
const INNER = WIDTH - 2 * PADDING;
const ROW = 40;
const LONGEST_LABEL = INNER * 0.4;
const BEFORE_BAR = 12;

/**
 * A card of its own, so that it reads alike on light and dark grounds. The bars differ in lightness, which every eye
 * tells apart, and nothing depends on it: each has its name and its figure. Contrast to the card: text 7:1 at least, bars 3:1.
 */
const COLOURS = {
  card: '#ffffff',
  edge: '#cfd6df',
  strong: '#14202e',
  text: '#26323f',
  quiet: '#4f5b69',
  first: '#0a4f8f',
  other: '#5b93c6',
};

const font = (size: number, weight: number = WEIGHTS.regular) => `${weight} ${size}px ${FAMILY}`;

/** Draws it. @returns a PNG, 1,440 pixels wide */
export function drawBars(chart: BarChart): Uint8Array {
  const measuring = createCanvas(1, 1).getContext('2d');
  const title = paragraph(measuring, chart.title, { size: 24, weight: WEIGHTS.strong, colour: COLOURS.strong, most: 3 });
  const subtitle =
    chart.subtitle === undefined ? undefined : paragraph(measuring, chart.subtitle, { size: 15, colour: COLOURS.quiet, most: 3 });
  const figures = new Intl.NumberFormat(chart.locale);
  const shown = chart.groups.filter((group) => group.bars.length > 0).map((group) => layOut(measuring, group, figures));
  // One zero line for all of them.
  const labels = Math.max(0, ...shown.map((group) => group.labelWidth));
  const parts: readonly Part[] = [
    title,
    ...(subtitle ? [gap(6), subtitle] : []),
    ...shown.flatMap((group) => [gap(22), ...(group.heading ? [group.heading, gap(4)] : []), group.plot(labels)]),
  ];
  const height = PADDING * 2 + parts.reduce((sum, part) => sum + part.height, 0);
  const canvas = createCanvas(WIDTH * SCALE, Math.ceil(height * SCALE));
  const context = canvas.getContext('2d');
  context.scale(SCALE, SCALE);
  drawCard(context, height);
  let top = PADDING;
  for (const part of parts) {
    part.draw(context, top);
    top += part.height;
  }
  return canvas.toBuffer('image/png');
}

/** Something as wide as the card's inside. */
interface Part {
  readonly height: number;
  readonly draw: (context: SKRSContext2D, top: number) => void;
}

const gap = (height: number): Part => ({ height, draw: () => {} });

interface Type {
  readonly size: number;
  readonly weight?: number;
  readonly colour: string;
  /** Lines. */
  readonly most: number;
}

function paragraph(measuring: SKRSContext2D, text: string, { size, weight, colour, most }: Type): Part {
  measuring.font = font(size, weight);
  const lines = evenly(measuring, drawable(text), INNER, most);
  const line = Math.round(size * 1.4);
  return {
    height: lines.length * line,
    draw: (context, top) => {
      context.font = font(size, weight);
      context.fillStyle = colour;
      context.textBaseline = 'alphabetic';
      for (const [index, words] of lines.entries()) context.fillText(words, PADDING, top + index * line + size * 1.08);
    },
  };
}

function drawCard(context: SKRSContext2D, height: number): void {
  context.beginPath();
  context.roundRect(0.5, 0.5, WIDTH - 1, height - 1, 14);
  context.fillStyle = COLOURS.card;
  context.fill();
  context.strokeStyle = COLOURS.edge;
  context.stroke();
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
