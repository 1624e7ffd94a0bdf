import type { Part } from '../part.js';

export const rulesPart: Part = {};
