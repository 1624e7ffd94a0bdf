import type { Part } from '../part.js';

export const askingPart: Part = {};
