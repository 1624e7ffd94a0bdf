import type { Part } from '../part.js';
import { keysActions, keysForms, keysVerb } from './keys-actions.js';
import { openApi } from './open-api.js';
import { receive } from './receive.js';

/** Other systems send feedback: signed web hooks, and the keys that sign them. */
export const hooksPart: Part = {
  verbs: [keysVerb],
  actions: keysActions,
  forms: keysForms,
  routes: [receive, openApi],
};
