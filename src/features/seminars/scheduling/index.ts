import type { Part } from '../part.js';
import { drafting } from './drafting.js';
import { hosting } from './hosting.js';
import { showSeries } from './series-card.js';
import { settings } from './settings.js';
import { forgetDraftsOf } from './store-drafts.js';
import { schedulingSweeps } from './sweeps.js';

/** Seminars are scheduled: a form, a look ahead, a series with its dates; and how all of them are held. */
export const scheduling: Part = {
  verbs: [drafting.verb, settings.verb],
  actions: [...drafting.actions, showSeries, ...settings.actions],
  forms: [...drafting.forms, ...settings.forms],
  messages: [hosting],
  sweeps: schedulingSweeps,
  erase: async ({ tx, organisation }, personId) => await forgetDraftsOf(tx, organisation.id, personId),
};
