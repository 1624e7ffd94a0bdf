import type { Charts } from '../people/ports.js';
import { createApart } from './apart.js';
import type { Drawing } from './charts-draw.js';

export interface ChartDrawer extends Charts {
  /** Ends a drawing that is under way. */
  stop(): Promise<void>;
}

/** Draws charts with Chart.js on a canvas of Skia, with fonts that are brought along, each in a process of its own (apart.ts). */
export function createCharts(): ChartDrawer {
  const apart = createApart(import.meta.url.replace(/charts(\.[jt]s)$/, 'charts-draw$1'), 'A chart was not drawn');
  const draw = async (drawing: Drawing) => {
    const png = await apart.run(drawing);
    if (!(png instanceof Uint8Array)) throw new Error('A chart was not drawn.');
    return png;
  };
  return {
    bars: (chart) => draw({ kind: 'bars', chart }),
    columns: (chart) => draw({ kind: 'columns', chart }),
    stop: apart.stop,
  };
}
