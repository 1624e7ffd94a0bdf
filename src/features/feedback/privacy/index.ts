import type { Part } from '../part.js';

export const privacyPart: Part = {};
