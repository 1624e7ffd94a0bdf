import type { Part } from '../part.js';

export const giving: Part = {};
