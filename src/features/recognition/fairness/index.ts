import type { Part } from '../part.js';
import { corrections } from './correct.js';
import { flags } from './flags-handlers.js';
import { home } from './home.js';
import { reports } from './reports-handlers.js';
import { eraseNotes } from './store-notes.js';
import { eraseReports } from './store-reports.js';

/** Fair play: reports and what is decided, patterns that managers may want to look at, corrections. */
export const fairness: Part = {
  verbs: [reports.verb, flags.verb, corrections.verb],
  actions: [...reports.actions, ...flags.actions],
  forms: [...reports.forms, ...corrections.forms],
  messages: [...reports.messages, ...flags.messages, ...corrections.messages],
  jobs: flags.jobs,
  sweeps: [...reports.sweeps, ...flags.sweeps],
  home,
  erase: async ({ tx, organisation }, personId) => {
    await eraseReports(tx, organisation.id, personId);
    await eraseNotes(tx, organisation.id, personId);
  },
};
