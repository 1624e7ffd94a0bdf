import type { Part } from '../part.js';

export const scheduling: Part = {};
