import type { Part } from '../part.js';

export const surveyPart: Part = {};
