import { key } from '../../../core/text.js';
import type { Part } from '../part.js';
import { feedReply, invitingActions } from './actions.js';
import { feedRoute } from './feed.js';
import { invitation } from './mail.js';
import { removeFeed } from './store-feed.js';

/** Inviting: dates in people's own calendars, by a private address, by e-mail, and one by one. */
export const inviting: Part = {
  verbs: [{ name: 'calendar', role: 'employee', describe: key('seminars.verb.calendar'), run: feedReply }],
  actions: invitingActions,
  mails: [invitation],
  routes: [feedRoute],
  erase: async ({ tx, organisation }, personId) => await removeFeed(tx, organisation.id, personId),
};
