import type { Part } from '../part.js';
import { exportActions, exportVerbs } from './export.js';
import { reportMessages, reportSweeps } from './monthly.js';
import { reportActions, reportForms, reportVerbs } from './report.js';

/** What a month's feedback comes to: in the channel each month, on demand, and as a file. */
export const reportingPart: Part = {
  verbs: [...reportVerbs, ...exportVerbs],
  actions: [...reportActions, ...exportActions],
  forms: reportForms,
  messages: reportMessages,
  sweeps: reportSweeps,
};
