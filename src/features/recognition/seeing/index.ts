import { key } from '../../../core/text.js';
import type { Part } from '../part.js';
import { digestActions, digestJobs, digestMessages, digestSweeps } from './digest.js';
import { fairnessActions, fairnessJobs, fairnessMessages, fairnessSweeps, fairnessVerb } from './fairness.js';
import { home } from './home.js';
import { meActions, meVerb } from './me.js';
import { eraseFromRecaps, recapMessages, recapSweeps } from './recap.js';
import { forgetChoice } from './store-me.js';
import { topActions, topVerb } from './top.js';

/** Seeing: one's own kudos and points, leaderboards, the weekly digest of line managers, the fairness report. */
export const seeing: Part = {
  verbs: [
    { name: 'me', role: 'employee', describe: key('recognition.verb.me'), run: meVerb },
    {
      name: 'top',
      role: 'employee',
      usage: '[month|quarter|year] [#value] [teams]',
      describe: key('recognition.verb.top'),
      run: topVerb,
    },
    { name: 'fairness', role: 'manager', describe: key('recognition.verb.fairness'), run: fairnessVerb },
  ],
  actions: [...meActions, ...topActions, ...digestActions, ...fairnessActions],
  messages: [...digestMessages, ...fairnessMessages, ...recapMessages],
  jobs: [...digestJobs, ...fairnessJobs],
  sweeps: [...digestSweeps, ...fairnessSweeps, ...recapSweeps],
  home,
  erase: async (context, personId) => {
    await forgetChoice(context.tx, context.organisation.id, personId);
    await eraseFromRecaps(context, personId);
  },
};
