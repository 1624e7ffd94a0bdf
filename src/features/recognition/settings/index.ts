import type { Part } from '../part.js';
import { settings } from './settings.js';
import { values } from './values.js';
import { valueForm } from './values-form.js';

/** How the organisation recognises: figures, the channel, its service values. */
export const settingsPart: Part = {
  verbs: [settings.verb, values.verb],
  actions: [...settings.actions, ...values.actions],
  forms: [...settings.forms, valueForm],
};
