import type { Part } from '../part.js';
import { afterHostMessages } from './after-host.js';
import { catchUpActions, catchUpHome, catchUpJobs, catchUpMessages } from './catch-up.js';
import { catchUpSweeps } from './catch-up-sweep.js';
import { checkInActions, checkInVerbs } from './check-in.js';
import { checkInJobs, checkInMessages } from './check-in-messages.js';
import { codeActions } from './code.js';
import { correctActions, correctForms } from './correct.js';
import { opinionMessages, opinionSweeps } from './opinion-messages.js';
import { opinionActions, opinionForms } from './opinions.js';
import { peopleActions } from './people.js';
import { phaseSweeps } from './phases.js';
import { recordActions, recordSection } from './record.js';
import { reportActions, reportVerbs } from './report.js';
import { csvActions } from './report-csv.js';
import { settleJobs } from './settle.js';
import { settleCatchUpsOf } from './store-catch-up.js';
import { forgetGiven } from './store-opinions.js';

/** Who was there: checking in, putting it right, making up for what was missed, what people thought of it, the record, the report. */
export const attending: Part & Required<Pick<Part, 'record'>> = {
  verbs: [...checkInVerbs, ...reportVerbs],
  actions: [
    ...checkInActions,
    ...codeActions,
    ...peopleActions,
    ...correctActions,
    ...catchUpActions,
    ...opinionActions,
    ...recordActions,
    ...reportActions,
    ...csvActions,
  ],
  forms: [...correctForms, ...opinionForms],
  messages: [...checkInMessages, ...catchUpMessages, ...afterHostMessages, ...opinionMessages],
  jobs: [...checkInJobs, ...settleJobs, ...catchUpJobs],
  sweeps: [...phaseSweeps, ...catchUpSweeps, ...opinionSweeps],
  home: catchUpHome,
  // Attendance proves something and stays, without a name. Of opinions nothing leads to a person but the note that one was given.
  erase: async ({ tx, organisation, clock }, personId) => {
    await forgetGiven(tx, organisation.id, personId);
    await settleCatchUpsOf(tx, organisation.id, personId, clock.now());
  },
  record: recordSection,
};
