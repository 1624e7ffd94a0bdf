import type { Part } from '../part.js';

export const attending: Part = {};
