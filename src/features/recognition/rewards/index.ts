import type { Part } from '../part.js';

export const rewards: Part = {};
