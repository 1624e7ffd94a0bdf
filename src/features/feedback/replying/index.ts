import type { Part } from '../part.js';

export const replyingPart: Part = {};
