import type { Part } from '../part.js';

export const importingPart: Part = {};
