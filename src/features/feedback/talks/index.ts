import { whisper } from '../../../core/reply.js';
import { key } from '../../../core/text.js';
import { action } from '../../../people/handlers.js';
import { shown } from '../cases/show.js';
import type { Part } from '../part.js';
import { Offset } from '../schema.js';
import { refreshTalk } from './ask.js';
import { talkActions, talkForms } from './doing.js';
import { home, talksCard } from './list.js';
import { talkMessages } from './messages.js';
import { forgetTalks } from './store-talks.js';
import { talkSweep } from './sweep.js';
import { unheardHome, unheardMessages } from './unheard.js';

const list = action({
  id: 'feedback.talks',
  role: 'employee',
  payload: Offset,
  run: async (context, { offset }) => shown(context, await talksCard(context, offset)),
});

/** Complaints about colleagues: private talks with the line; praise for them: kudos. */
export const talksPart: Part = {
  verbs: [
    {
      name: 'talks',
      role: 'employee',
      describe: key('feedback.verb.talks'),
      run: async (context) => whisper(await talksCard(context, 0)),
    },
  ],
  actions: [list, ...talkActions],
  forms: talkForms,
  messages: [...talkMessages, ...unheardMessages],
  sweeps: [talkSweep],
  home: async (context) => [...(await home(context)), ...(await unheardHome(context))],
  erase: async (context, personId) => {
    const { tx, organisation, clock } = context;
    for (const talkId of await forgetTalks(tx, organisation.id, personId)) await refreshTalk(context, tx, talkId, clock.now());
  },
};
