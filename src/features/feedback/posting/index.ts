import type { Part } from '../part.js';

export const postingPart: Part = {};
