import { enqueueMany, type NewDelivery, refresh } from '../../../delivery/enqueue.js';
import type { Tx } from '../../../people/db.js';
import type { Organisation } from '../../../people/model.js';
import { subject } from '../model.js';
import type { Deciders } from './deciders.js';
import { isClosed, type Redemption } from './model.js';
import { noteAsked } from './store-redemptions.js';

/** Cards for whoever has to decide about a redemption, or to hand it over. Those who have one get no second. */
export async function askFor(tx: Tx, organisation: Organisation, deciders: Deciders, redemption: Redemption, now: Date): Promise<void> {
  if (isClosed(redemption.state)) return;
  const decides = redemption.state === 'requested';
  const people = decides ? deciders.approversOf(redemption) : deciders.fulfillersOf(redemption);
  const deliveries = people.map(
    (personId): NewDelivery => ({
      organisationId: organisation.id,
      subjectKey: decides ? subject.approval(redemption.id, personId) : subject.fulfilment(redemption.id, personId),
      message: decides ? 'recognition.approval' : 'recognition.fulfilment',
      payload: { redemptionId: redemption.id, personId },
      to: { personId },
      priority: 'answer',
      dueAt: now,
    }),
  );
  await enqueueMany(tx, deliveries, now);
  await noteAsked(tx, organisation.id, redemption.id, people);
}

/** Tells whoever redeemed how it stands now, unless that was the person's own act. */
export async function tellRedeemer(tx: Tx, organisation: Organisation, redemption: Redemption, now: Date): Promise<void> {
  const delivery: NewDelivery = {
    organisationId: organisation.id,
    subjectKey: subject.redemption(redemption.id, redemption.state),
    message: 'recognition.redemption',
    payload: { redemptionId: redemption.id },
    to: { personId: redemption.personId },
    priority: 'answer',
    dueAt: now,
  };
  await enqueueMany(tx, [delivery], now);
}

/** Has every card of a redemption that lies in somebody's chat shown anew. */
export async function refreshRedemption(tx: Tx, organisation: Organisation, redemption: Redemption, now: Date): Promise<void> {
  const asked = redemption.askedIds.flatMap((id) => [subject.approval(redemption.id, id), subject.fulfilment(redemption.id, id)]);
  const told = (['approved', 'fulfilled', 'rejected', 'cancelled'] as const).map((state) => subject.redemption(redemption.id, state));
  await refresh(tx, organisation.id, [...asked, ...told], now);
}
