import type { Part } from '../part.js';
import { surveyRoutes } from './routes.js';

/** The public survey page: what it asks, and what customers send from it. */
export const surveyPart: Part = { routes: surveyRoutes };
