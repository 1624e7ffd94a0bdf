import type { Figure } from './figures.js';
import { answers } from './seminar-answers.js';
import { tick } from './seminar-tick.js';

/** Seminars: what a tick costs, and what 10,000 answers to one post do. */
export async function seminars(): Promise<Figure[]> {
  return [...(await tick()), ...(await answers())];
}
