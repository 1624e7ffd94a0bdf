import { doors } from './feedback-doors.js';
import { lists } from './feedback-lists.js';
import type { Figure } from './figures.js';

/** Feedback: what its doors can take, and what is waited for when there is much of it. */
export async function feedback(): Promise<Figure[]> {
  return [...(await doors()), ...(await lists())];
}
