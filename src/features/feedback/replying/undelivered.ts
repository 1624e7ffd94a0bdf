import type { Sweep } from '../../../core/feature.js';
import { inTransaction, type Tx } from '../../../people/db.js';
import type { WorkContext } from '../../../people/handlers.js';
import { changeCaseIn, type Standing } from '../cases/changing.js';
import { whomToTell } from '../following/whom.js';
import { loadSettings } from '../store-settings.js';
import { findUndelivered, type Undelivered } from './store-undelivered.js';

const BATCH = 50;

/** Tells whoever looks after a case that the customer's mail server took none of our e-mail: there may be a phone number. */
export const undelivered: Sweep<WorkContext> = {
  id: 'feedback.undelivered',
  run: async (context) => {
    const { db, organisation } = context;
    const found = await findUndelivered(db, organisation.id, BATCH);
    for (const one of found) await inTransaction(db, (tx) => tell(context, tx, one));
  },
};

async function tell(context: WorkContext, tx: Tx, { mailId, spec, caseId, messageId }: Undelivered): Promise<void> {
  const { organisation, clock } = context;
  const now = clock.now();
  const asOwner = async (standing: Standing) => {
    const settings = await loadSettings(tx, organisation);
    return (await whomToTell({ db: tx, organisation, settings }, standing, 'owner')).map(({ id }) => id);
  };
  await changeCaseIn(
    context,
    tx,
    caseId,
    async (_, standing) => {
      const { case: of } = standing;
      // Whoever never got the question can't answer it: somebody else may close the case at once.
      const isUnasked = spec === 'feedback.ask' && of.state === 'resolved' && of.closableAt !== null && of.closableAt > now;
      return {
        change: isUnasked ? { askedAt: null, closableAt: now } : {},
        events: [
          {
            actorId: null,
            kind: 'mail_failed',
            data: { mailId, ...(messageId !== null && { messageId }) },
            tell: await asOwner(standing),
          },
        ],
      };
    },
    now,
  );
}
