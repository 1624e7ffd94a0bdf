import type { Part } from '../part.js';
import { caseActions } from './actions.js';
import { caseVerbs, listActions } from './commands.js';
import { assignForm, noteForm, pauseForm, priorityForm } from './forms.js';
import { historyAction } from './history.js';
import { dueCard } from './list.js';
import { mergeForm } from './merging.js';
import { caseNews } from './news.js';
import { resolveForm } from './resolving.js';
import { forgetWords } from './store-sweeps.js';
import { leavers, releaseBatch } from './sweeps.js';

/** The case from its opening to its end, and the lists of cases. */
export const casesPart: Part = {
  verbs: caseVerbs,
  actions: [...caseActions, ...listActions, historyAction],
  forms: [noteForm, assignForm, pauseForm, priorityForm, mergeForm, resolveForm],
  messages: [caseNews],
  sweeps: [leavers],
  home: async (context) => {
    const card = await dueCard(context);
    return card ? [{ slot: 'waiting', card }] : [];
  },
  erase: async (context, personId) => {
    await forgetWords(context.tx, context.organisation.id, personId);
    while ((await releaseBatch(context, context.tx, personId)) > 0);
  },
};
