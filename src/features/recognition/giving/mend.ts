import { z } from 'zod';
import { BellhopError } from '../../../core/errors.js';
import { ref } from '../../../core/ref.js';
import { formErrors, open, update, whisper } from '../../../core/reply.js';
import { key } from '../../../core/text.js';
import { inTransaction, type Tx } from '../../../people/db.js';
import { action, form, type HandlerContext } from '../../../people/handlers.js';
import type { Kudos } from '../model.js';
import { monthOf } from '../periods.js';
import { listValues } from '../store-settings.js';
import { takeBack } from './close.js';
import { isCounted, membersOf } from './counting.js';
import { checkValue } from './give.js';
import { NO_VALUE, reasonField, valueField } from './give-form.js';
import { givenCard, mendableUntil } from './given-card.js';
import { KudosRef } from './outgoing.js';
import { cleanReason, reasonProblem } from './reason.js';
import { refreshCards } from './refresh-cards.js';
import { findKudos, lockKudos, mendKudos } from './store-kudos.js';
import { movedValue, tally } from './store-tally.js';

const MendInput = z.object({
  value: z.string().default(NO_VALUE),
  reason: z.string({ error: 'recognition.errors.reason_missing' }),
});

/**
 * The actor's own kudos, as long as they can be mended.
 * @throws BellhopError `recognition.kudos_gone`, `recognition.kudos_closed`, `recognition.too_late`
 */
async function ownKudos(context: HandlerContext, kudosId: string): Promise<Kudos> {
  const kudos = await findKudos(context.db, context.organisation.id, kudosId);
  return checkOwn(context, kudos);
}

function checkOwn(context: HandlerContext, kudos: Kudos | undefined): Kudos {
  if (!kudos || kudos.giverId !== context.person.id || kudos.source !== 'peer') throw new BellhopError('recognition.kudos_gone');
  if (kudos.state !== 'given') throw new BellhopError('recognition.kudos_closed');
  if (context.clock.now() >= mendableUntil(kudos)) throw new BellhopError('recognition.too_late');
  return kudos;
}

const mendOpen = action({
  id: 'recognition.mend_open',
  role: 'employee',
  payload: KudosRef,
  run: async (context, { kudosId }) => {
    await ownKudos(context, kudosId);
    return open(ref('recognition.mend', { kudosId }));
  },
});

const mendForm = form({
  id: 'recognition.mend',
  role: 'employee',
  payload: KudosRef,
  input: MendInput,
  build: async (context, { kudosId }) => {
    const kudos = await findKudos(context.db, context.organisation.id, kudosId);
    const own = kudos?.giverId === context.person.id ? kudos : undefined;
    return {
      title: key('recognition.mend.title'),
      submit: key('recognition.mend.submit'),
      fields: [reasonField(own?.words ?? ''), valueField(await listValues(context.db, context.organisation.id), own?.value?.id)],
    };
  },
  submit: async (context, { payload: { kudosId }, input }) => {
    const { db, organisation, clock } = context;
    const problem = reasonProblem(input.reason);
    if (problem) return formErrors({ reason: problem });
    const valueId = input.value === NO_VALUE ? null : input.value;
    await inTransaction(db, async (tx) => {
      const kudos = checkOwn(context, await lockKudos(tx, organisation.id, kudosId));
      const before = kudos.value?.id ?? null;
      const words = cleanReason(input.reason);
      if (before === valueId && words === kudos.words) return;
      // An archived value stays where it is; only another one has to be in use.
      if (before !== valueId) {
        await checkValue(tx, organisation.id, valueId);
        await moveTallies(context, tx, kudos, valueId);
      }
      await mendKudos(tx, organisation.id, kudosId, { words, valueId }, clock.now());
      await refreshCards(context, tx, kudos);
    });
    return update(await givenCard(context, kudosId));
  },
});

/** Counts a kudos and what was added to it under another value. */
async function moveTallies(context: HandlerContext, tx: Tx, kudos: Kudos, to: string | null): Promise<void> {
  if (!isCounted(kudos)) return;
  const { organisation } = context;
  const member = await membersOf(context, tx, [kudos.giverId, ...kudos.receiverIds, ...kudos.joins.map((added) => added.personId)]);
  const base = { organisationId: organisation.id, from: kudos.value?.id ?? null, to, receivers: kudos.receiverIds.map(member) };
  const { createdAt, giverId, points } = kudos;
  const acts = [
    { month: monthOf(createdAt, organisation.zone), giver: member(giverId), points, kudos: 1 as const },
    ...kudos.joins.map((added) => ({
      month: monthOf(added.at, organisation.zone),
      giver: member(added.personId),
      points: added.points,
      kudos: 0 as const,
    })),
  ];
  await tally(tx, ...acts.flatMap((act) => movedValue({ ...base, ...act })));
}

const takeBackAction = action({
  id: 'recognition.take_back',
  role: 'employee',
  payload: KudosRef,
  run: async (context, { kudosId }) => {
    const kudos = await findKudos(context.db, context.organisation.id, kudosId);
    // A second click finds it done, and shows so.
    if (kudos?.giverId !== context.person.id || kudos.state !== 'taken_back') {
      await ownKudos(context, kudosId);
      await takeBack(context, kudosId, { personId: context.person.id }, 'taken_back', 'giver');
    }
    return update(await givenCard(context, kudosId));
  },
});

const givenAction = action({
  id: 'recognition.given',
  role: 'employee',
  payload: KudosRef,
  run: async (context, { kudosId }) => whisper(await givenCard(context, kudosId)),
});

export const mendForms = [mendForm];
export const mendActions = [givenAction, mendOpen, takeBackAction];
