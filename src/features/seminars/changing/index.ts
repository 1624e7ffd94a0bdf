import type { Part } from '../part.js';

export const changing: Part = {};
