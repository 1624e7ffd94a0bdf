import { feature } from '../../people/handlers.js';
import { publishActions } from './actions-publish.js';
import { readingActions } from './actions-reading.js';
import { statusActions } from './actions-status.js';
import { handbookCommand } from './commands.js';
import { publishForms } from './forms-publish.js';
import { readingForms } from './forms-reading.js';
import { reasonActions, reasonForms } from './forms-reasons.js';
import { statusForms } from './forms-status.js';
import { home } from './home.js';
import { handbookJobs } from './jobs.js';
import { outgoing } from './outgoing.js';
import { recordActions, recordSection } from './record.js';
import { eraseDetails } from './store-records.js';
import { handbookSweeps } from './sweeps.js';

export { handbookAgenda } from './agenda.js';
export { starterHandbook } from './starter.js';
export { type ClauseChangedFor, clausesChangedFor } from './store-reasons.js';
export { type Verified, verifyChain } from './store-records.js';

/** The handbook: published, read clause by clause, signed and dated, filed in the employee's record. */
export const handbook = feature({
  name: 'handbook',
  commands: [handbookCommand],
  actions: [...readingActions, ...publishActions, ...reasonActions, ...statusActions, ...recordActions],
  forms: [...readingForms, ...publishForms, ...reasonForms, ...statusForms],
  messages: outgoing,
  jobs: handbookJobs,
  sweeps: handbookSweeps,
  home,
  record: recordSection,
  erase: async ({ tx, organisation }, personId) => await eraseDetails(tx, organisation.id, personId),
});
