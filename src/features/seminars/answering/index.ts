import type { Part } from '../part.js';
import { answerActions } from './actions.js';
import { answeringJobs } from './jobs.js';
import { answeringMessages } from './messages.js';
import { answeringSweeps } from './sweeps.js';

/** Who comes: the post in the channel, the answers with their waiting list, the reminders. */
export const answering: Part = {
  actions: answerActions,
  messages: answeringMessages,
  jobs: answeringJobs,
  sweeps: answeringSweeps,
};
