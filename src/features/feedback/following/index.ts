import type { Part } from '../part.js';

export const followingPart: Part = {};
