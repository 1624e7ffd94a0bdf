// The program of the process that draws one picture (charts.ts): takes a chart, gives its PNG back, ends.
import type { BarChart } from '../people/ports.js';
import { drawBars } from './charts-bars.js';
import { registerFonts } from './charts-fonts.js';

process.once('message', (chart: BarChart) => {
  registerFonts();
  process.send?.(drawBars(chart), undefined, undefined, () => process.disconnect());
});
// Nobody waits for a picture whose bot is gone.
process.once('disconnect', () => process.exit(0));
