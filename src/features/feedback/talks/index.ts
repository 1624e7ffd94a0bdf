import type { Part } from '../part.js';

export const talksPart: Part = {};
