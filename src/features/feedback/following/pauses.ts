import type { Sweep } from '../../../core/feature.js';
import type { WorkContext } from '../../../people/handlers.js';
import { resumeDue } from '../cases/pausing.js';

/** Lets cases run on whose pause is over: before the escalation list is looked at. */
export const pauses: Sweep<WorkContext> = { id: 'feedback.pauses', run: resumeDue };
