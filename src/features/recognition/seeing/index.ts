import type { Part } from '../part.js';

export const seeing: Part = {};
