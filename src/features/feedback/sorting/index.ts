import type { Part } from '../part.js';

export const sortingPart: Part = {};
