import { button } from '../../../core/card.js';
import { key } from '../../../core/text.js';
import type { Part } from '../part.js';
import { to } from '../refs.js';
import { logActions, logForms, logShortcuts, logVerbs } from './log.js';

/** The one way in for what customers say, and the door of those who heard it themselves. */
export const intakePart: Part = {
  verbs: logVerbs,
  actions: logActions,
  forms: logForms,
  shortcuts: logShortcuts,
  home: async () => {
    const lead = key('feedback.home.here');
    return [
      {
        slot: 'here',
        card: { summary: lead, title: key('feedback.home.title'), lead, actions: [button(key('feedback.home.action.log'), to.log())] },
      },
    ];
  },
};
