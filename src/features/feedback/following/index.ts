import type { Part } from '../part.js';
import { digestJob, digestMessage, digestSweep, ownDigestMessage } from './digest.js';
import { escalation } from './escalation.js';
import { escalationMessage } from './escalation-message.js';
import { pauses } from './pauses.js';

/** Due times, the escalation list, the daily digest. */
export const followingPart: Part = {
  messages: [escalationMessage, digestMessage, ownDigestMessage],
  jobs: [digestJob],
  // What has rested long enough is followed in the same look.
  sweeps: [pauses, escalation, digestSweep],
};
