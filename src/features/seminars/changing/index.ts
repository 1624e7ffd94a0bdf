import type { Part } from '../part.js';
import { changeActions } from './actions.js';
import { changeForms } from './forms.js';
import { changeMessages } from './messages.js';
import { eraseReasons } from './store-changes.js';

/** Dates are changed, cancelled and added; everyone concerned hears once, in one message. */
export const changing: Part = {
  actions: changeActions,
  forms: changeForms,
  messages: changeMessages,
  erase: async ({ tx, organisation }, personId) => await eraseReasons(tx, organisation.id, personId),
};
