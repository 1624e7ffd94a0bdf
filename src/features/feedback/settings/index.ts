import type { Part } from '../part.js';

export const settingsPart: Part = {};
