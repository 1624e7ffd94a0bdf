import type { Part } from '../part.js';

export const intakePart: Part = {};
