import type { Part } from '../part.js';

export const praise: Part = {};
