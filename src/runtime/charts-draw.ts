// The program of the process that draws one picture (charts.ts): takes a drawing, gives its PNG back, ends.
import type { BarChart, ColumnChart } from '../people/ports.js';
import { drawBars } from './charts-bars.js';
import { drawColumns } from './charts-columns.js';
import { registerFonts } from './charts-fonts.js';

/** What is to be drawn. */
export type Drawing = { readonly kind: 'bars'; readonly chart: BarChart } | { readonly kind: 'columns'; readonly chart: ColumnChart };

process.once('message', (drawing: Drawing) => {
  registerFonts();
  const png = drawing.kind === 'bars' ? drawBars(drawing.chart) : drawColumns(drawing.chart);
  process.send?.(png, undefined, undefined, () => process.disconnect());
});
// Nobody waits for a picture whose bot is gone.
process.once('disconnect', () => process.exit(0));
