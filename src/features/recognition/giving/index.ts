import { key } from '../../../core/text.js';
import type { Part } from '../part.js';
import { giveCommand } from './give-command.js';
import { giveActions, giveForms } from './give-form.js';
import { joinActions } from './join-action.js';
import { mendActions, mendForms } from './mend.js';
import { outgoing } from './outgoing.js';
import { react } from './reactions.js';
import { refreshCards } from './refresh-cards.js';
import { giveKudos } from './shortcut.js';
import { eraseWords, listNaming } from './store-kudos.js';

/** Giving kudos: the command and its form, the cards, adding to others', mending and taking back. */
export const giving: Part = {
  verbs: [
    {
      name: 'give',
      role: 'employee',
      usage: '@person for … #value +10',
      describe: key('recognition.command.give'),
      run: giveCommand,
    },
  ],
  actions: [...giveActions, ...joinActions, ...mendActions],
  forms: [...giveForms, ...mendForms],
  messages: outgoing,
  shortcuts: [giveKudos],
  reaction: react,
  erase: async (context, personId) => {
    const { tx, organisation } = context;
    await eraseWords(tx, organisation.id, personId);
    // What was posted shows the name and the words until it is composed again.
    await refreshCards(context, tx, ...(await listNaming(tx, organisation.id, personId)));
  },
};
