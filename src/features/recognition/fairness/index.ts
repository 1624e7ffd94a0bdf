import type { Part } from '../part.js';

export const fairness: Part = {};
