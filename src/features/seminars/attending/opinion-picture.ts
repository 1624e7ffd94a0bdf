import type { Reader } from '../../../core/text.js';
import { keepPicture } from '../../../delivery/pictures.js';
import type { Tx } from '../../../people/db.js';
import type { WorkContext } from '../../../people/handlers.js';
import { chartOf, LEAST_OPINIONS } from './opinion-chart.js';
import type { Opinions } from './store-opinions.js';
import { daysAfter } from './times.js';

/** How long a chart is kept; its card says the same in words. */
const KEEP_DAYS = 90;

/** A chart of the scores; undefined with too few of them, or when it could not be drawn: the card tells the figures then. */
export async function drawOpinions(
  { charts, localise, log }: Pick<WorkContext, 'charts' | 'localise' | 'log'>,
  opinions: Opinions,
  reader: Reader,
): Promise<Uint8Array | undefined> {
  if (opinions.count < LEAST_OPINIONS) return undefined;
  try {
    return await charts.bars(chartOf(opinions, localise, reader));
  } catch (error) {
    log.warn({ err: error }, 'The chart of opinions could not be drawn; its card tells the figures in words.');
    return undefined;
  }
}

/** @returns the picture's id */
export async function keepChart(tx: Tx, organisationId: string, content: Uint8Array, now: Date): Promise<string> {
  return await keepPicture(tx, { organisationId, mime: 'image/png', content, expiresAt: daysAfter(now, KEEP_DAYS) }, now);
}
