import type { Part } from '../part.js';

export const answering: Part = {};
