import type { Part } from '../part.js';

export const hooksPart: Part = {};
