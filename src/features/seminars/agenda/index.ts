import { whisper } from '../../../core/reply.js';
import { key } from '../../../core/text.js';
import type { Part } from '../part.js';
import { afterwardsActions, afterwardsForms } from './afterwards.js';
import { decidingActions, decidingForms } from './deciding.js';
import { erase } from './erase.js';
import { home } from './home.js';
import { materialActions, materialForms, materialVerb } from './materials.js';
import { topicMessages } from './outgoing-topics.js';
import { preparing } from './take-in.js';
import { taskMessages } from './task-messages.js';
import { following } from './task-sweep.js';
import { showTasks, taskActions, taskForms } from './tasks.js';
import { topicActions, topicForms } from './topics.js';

/** What is talked about, and what stays of it: topics, materials, minutes, action items. */
export const agenda: Part = {
  verbs: [
    {
      name: 'tasks',
      role: 'employee',
      describe: key('seminars.verb.tasks'),
      run: async (context) => whisper(await showTasks(context, 0)),
    },
    materialVerb,
  ],
  actions: [...topicActions, ...decidingActions, ...afterwardsActions, ...materialActions, ...taskActions],
  forms: [...topicForms, ...decidingForms, ...afterwardsForms, ...materialForms, ...taskForms],
  messages: [...topicMessages, ...taskMessages],
  sweeps: [preparing, following],
  home,
  erase,
};
