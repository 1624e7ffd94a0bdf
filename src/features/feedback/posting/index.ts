import { z } from 'zod';
import { BellhopError } from '../../../core/errors.js';
import { ref } from '../../../core/ref.js';
import { update, whisper } from '../../../core/reply.js';
import { hasRole } from '../../../core/roles.js';
import { key } from '../../../core/text.js';
import { action, type HandlerContext } from '../../../people/handlers.js';
import type { Part } from '../part.js';
import { isMemberOf, isOpenChannel } from '../store-rights.js';
import { bundlePage } from './bundle-card.js';
import { contactAction, contactForm } from './contact.js';
import { entryAction, find } from './entry.js';
import { postingMessages } from './messages.js';
import { emptyReasons } from './store-entry.js';
import { findBundle } from './store-posting.js';

/** `turn`: it replaces the page before it. The message in the channel stays as it is, for everybody else. */
const BundlePageRef = z.object({ bundleId: z.uuid(), offset: z.number().int().min(0).default(0), turn: z.literal(true).optional() });

const bundledAction = action({
  id: 'feedback.bundled',
  role: 'employee',
  payload: BundlePageRef,
  run: async (context, { bundleId, offset, turn }) => {
    await demandBundle(context, bundleId);
    const card = await bundlePage(context, bundleId, offset, (at) => ref('feedback.bundled', { bundleId, offset: at, turn: true }));
    return turn ? update(card) : whisper(card);
  },
});

/** @throws BellhopError `feedback.gone`: also for a bundle of a channel that isn't the actor's to look into */
async function demandBundle({ db, organisation, person, role }: HandlerContext, bundleId: string): Promise<void> {
  const found = await findBundle(db, organisation.id, bundleId);
  const mayRead =
    found !== undefined &&
    (hasRole(role, 'manager') ||
      (await isOpenChannel(db, organisation.id, found.channelId)) ||
      (await isMemberOf(db, organisation.id, found.channelId, person.id)));
  if (!mayRead) throw new BellhopError('feedback.gone');
}

/** How feedback looks in channels and to people, and who sees whose contact. */
export const postingPart: Part = {
  verbs: [
    {
      name: 'find',
      role: 'employee',
      describe: key('feedback.posting.find.describe'),
      usage: '7K3M-Q2XA',
      run: async (context, { text }) => await find(context, text),
    },
  ],
  actions: [entryAction, bundledAction, contactAction],
  forms: [contactForm],
  messages: postingMessages,
  erase: async ({ tx, organisation }, personId) => await emptyReasons(tx, organisation.id, personId),
};
