import type { Part } from '../part.js';
import { verb } from './command.js';
import { praiseActions, praiseForms, praiseMessages } from './handlers.js';
import { erasePraise } from './store.js';

export { forgetPraise } from './forget.js';
export { type NewPraise, proposePraise } from './praise.js';

/** Kudos that come from a customer's words: brought by other features or a manager, confirmed by a manager. */
export const praise: Part = {
  verbs: [verb],
  actions: praiseActions,
  forms: praiseForms,
  messages: praiseMessages,
  erase: async ({ tx, organisation, clock }, personId) => await erasePraise(tx, organisation.id, personId, clock.now()),
};
