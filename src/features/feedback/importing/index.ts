import type { Part } from '../part.js';
import { importActions } from './actions.js';
import { importing } from './job.js';

/** Files of feedback from elsewhere: as history that is counted, or as if it came in now. */
export const importingPart: Part = {
  verbs: [importActions.verb],
  actions: importActions.actions,
  forms: importActions.forms,
  messages: importActions.messages,
  jobs: [importing],
  sweeps: [importActions.sweep],
};
