import type { Sweep } from '../../../core/feature.js';
import { inTransaction, type Tx } from '../../../people/db.js';
import type { WorkContext } from '../../../people/handlers.js';
import { changeCaseIn, type Standing } from '../cases/changing.js';
import { whomToTell } from '../following/whom.js';
import { subject } from '../model.js';
import { loadSettings } from '../store-settings.js';
import { customersOf } from './customers.js';
import { isAnySent } from './store-customers.js';
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

/** Whether the question of this resolution is with any customer of the case, or on its way. */
async function isAnyoneAsked({ organisation }: WorkContext, tx: Tx, { case: of, feedback }: Standing): Promise<boolean> {
  const customers = await customersOf(tx, organisation.id, { caseId: of.id, feedback });
  const { resolvedAt } = of;
  if (resolvedAt === null) return false;
  return await isAnySent(
    tx,
    organisation.id,
    customers.map(({ caseId }) => subject.ask(caseId, resolvedAt)),
  );
}

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
      // Whom the question never reached can't answer it: where it reached nobody, somebody else may close the case at once.
      const waits = spec === 'feedback.ask' && of.state === 'resolved' && of.closableAt !== null && of.closableAt > now;
      const isUnasked = waits && !(await isAnyoneAsked(context, tx, standing));
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
