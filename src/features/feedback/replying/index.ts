import type { Part } from '../part.js';
import { askMail, replyMail } from './mails.js';
import { replyForm, replyOpen } from './reply.js';
import { answerRoute, linkRoute } from './routes.js';
import { forgetMessages } from './store-messages.js';
import { undelivered } from './undelivered.js';

/** E-mails to the customer, the private page behind their link, the question whether it is put right. */
export const replyingPart: Part = {
  actions: [replyOpen],
  forms: [replyForm],
  mails: [replyMail, askMail],
  sweeps: [undelivered],
  routes: [linkRoute, answerRoute],
  erase: async ({ tx, organisation }, personId) => await forgetMessages(tx, organisation.id, personId),
};
