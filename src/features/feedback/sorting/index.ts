import type { Part } from '../part.js';
import { aboutActions, aboutForms } from './about-form.js';
import { waitingActions, waitingHome, waitingMessages, waitingVerbs } from './handlers.js';
import { sortJob, sortSweep } from './jobs.js';

/** Sorts what came in: themes, names, doubts, where it goes; and what waits for a manager. */
export const sortingPart: Part = {
  verbs: waitingVerbs,
  actions: [...waitingActions, ...aboutActions],
  forms: aboutForms,
  messages: waitingMessages,
  jobs: [sortJob],
  sweeps: [sortSweep],
  home: waitingHome,
};
