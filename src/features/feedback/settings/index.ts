import { whisper } from '../../../core/reply.js';
import { key } from '../../../core/text.js';
import { action } from '../../../people/handlers.js';
import type { Part } from '../part.js';
import { Nothing } from '../schema.js';
import { settingsCard } from './card.js';
import { dueTimesForm, dueTimesOpen } from './due-times.js';
import { ladderForm, ladderOpen } from './ladder.js';
import { leadForm, leadOpen, leads } from './leads.js';
import { forgetLeader } from './store.js';
import { digestForm, digestOpen, whereForm, whereOpen } from './where.js';

const settings = action({
  id: 'feedback.settings',
  role: 'manager',
  payload: Nothing,
  run: async (context) => whisper(await settingsCard(context, key('feedback.settings.lead'))),
});

/** `/customer settings`: where feedback goes, due times, the escalation list, who leads where, the digest. */
export const settingsPart: Part = {
  verbs: [
    {
      name: 'settings',
      role: 'manager',
      describe: key('feedback.settings.describe'),
      run: async (context) => whisper(await settingsCard(context, key('feedback.settings.lead'))),
    },
  ],
  actions: [settings, whereOpen, dueTimesOpen, ladderOpen, digestOpen, leads, leadOpen],
  forms: [whereForm, dueTimesForm, ladderForm, digestForm, leadForm],
  erase: async ({ tx, organisation }, personId) => await forgetLeader(tx, organisation.id, personId),
};
