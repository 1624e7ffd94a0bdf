import type { Part } from '../part.js';

export const themesPart: Part = {};
