import { whisper } from '../../../core/reply.js';
import { key } from '../../../core/text.js';
import type { Part } from '../part.js';
import { lookingActions } from './actions.js';
import { home } from './home.js';
import { hostMissing, hostMissingSweep } from './host-missing.js';
import { listCard } from './list.js';
import { mineCard } from './mine.js';

/** Looking: what is planned, what is mine, one date with everything that can be done about it. */
export const looking: Part = {
  verbs: [
    {
      name: 'list',
      role: 'employee',
      describe: key('seminars.verb.list'),
      run: async (context) => whisper(await listCard(context, 0)),
    },
    {
      name: 'mine',
      role: 'employee',
      describe: key('seminars.verb.mine'),
      run: async (context) => whisper(await mineCard(context, 0)),
    },
  ],
  actions: lookingActions,
  messages: [hostMissing],
  sweeps: [hostMissingSweep],
  home,
};
