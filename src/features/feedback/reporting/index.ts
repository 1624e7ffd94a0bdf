import type { Part } from '../part.js';

export const reportingPart: Part = {};
