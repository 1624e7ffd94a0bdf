import type { Part } from '../part.js';

export const inviting: Part = {};
