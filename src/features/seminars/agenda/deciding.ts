import { BellhopError } from '../../../core/errors.js';
import { ref } from '../../../core/ref.js';
import { formErrors, open, type Reply, update, whisper } from '../../../core/reply.js';
import { key, person as personText, words } from '../../../core/text.js';
import { enqueue, refresh } from '../../../delivery/enqueue.js';
import { inTransaction } from '../../../people/db.js';
import { action, form, type HandlerContext } from '../../../people/handlers.js';
import { refreshPost } from '../answering/post.js';
import { subject } from '../model.js';
import { demandItem, demandTicking, isOpen, showAgenda, showItem } from './agenda-view.js';
import { forEverybody, shownItems } from './lines.js';
import { AGENDA, type ItemState, topicSubject } from './model.js';
import { DecideRef, ItemRef, LeaveInput } from './schema.js';
import { decideItem, findItem, listAccepted, lockAgenda, nextPosition, placeItem } from './store-items.js';

interface Deciding {
  readonly itemId: string;
  /** As it stood on the card: otherwise somebody else has decided meanwhile, and that stands. */
  readonly from: ItemState;
  readonly state: 'accepted' | 'declined';
  readonly answer: string;
}

/**
 * Takes an item up or leaves it out, and tells whoever proposed it, once.
 * @throws BellhopError `seminars.item_gone`, `seminars.not_host`, `seminars.agenda_closed`, `seminars.quote_manager`
 */
async function decide(context: HandlerContext, { itemId, from, state, answer }: Deciding): Promise<void> {
  const { db, organisation, person, clock } = context;
  const { date, item: asked } = await demandOpenItem(context, itemId);
  if (state === 'accepted') await demandTicking(context, asked);
  await inTransaction(db, async (tx) => {
    const now = clock.now();
    await lockAgenda(tx, date.id);
    const item = await findItem(tx, organisation.id, itemId);
    if (!item || item.state !== from) return;
    const position = state === 'accepted' ? await nextPosition(tx, organisation.id, date.id) : item.position;
    if (!(await decideItem(tx, organisation.id, item, { state, byId: person.id, answer, position }, now))) return;
    await refreshPost(tx, organisation.id, date.id, now, false);
    await refresh(tx, organisation.id, [subject.topic(itemId), topicSubject.decided(itemId)], now);
    if (item.proposedById === null || item.proposedById === person.id || item.state !== 'proposed') return;
    await enqueue(
      tx,
      {
        organisationId: organisation.id,
        subjectKey: topicSubject.decided(itemId),
        message: 'seminars.topic_decided',
        payload: { itemId },
        to: { personId: item.proposedById },
        priority: 'answer',
        capped: true,
        dueAt: now,
        expiresAt: date.endsAt,
      },
      now,
    );
  });
}

async function demandOpenItem(context: HandlerContext, itemId: string) {
  const found = await demandItem(context, itemId);
  if (!isOpen(found.date, context.clock.now())) throw new BellhopError('seminars.agenda_closed');
  return found;
}

/** The agenda, where the button was on one of its cards; else the item itself. */
async function shown(context: HandlerContext, itemId: string, here: boolean | undefined): Promise<Reply> {
  const { date } = await demandItem(context, itemId);
  return update(here ? await showAgenda(context, date, 0) : await showItem(context, date, itemId, false));
}

const itemAction = action({
  id: 'seminars.item',
  role: 'employee',
  payload: ItemRef,
  run: async (context, { itemId, here = false }) => {
    const { date } = await demandItem(context, itemId);
    const card = await showItem(context, date, itemId, here);
    return here ? update(card) : whisper(card);
  },
});

const take = action({
  id: 'seminars.item_take',
  role: 'employee',
  payload: DecideRef,
  run: async (context, { itemId, from, here }) => {
    await decide(context, { itemId, from, state: 'accepted', answer: '' });
    return await shown(context, itemId, here);
  },
});

const leave = action({
  id: 'seminars.item_leave',
  role: 'employee',
  payload: DecideRef,
  run: async (context, { itemId, from, here }) => {
    const { item } = await demandOpenItem(context, itemId);
    // Somebody waits for this answer: it may have words.
    const waited = item.state === 'proposed' && item.proposedById !== null && item.proposedById !== context.person.id;
    if (from === 'proposed' && waited) return open(ref('seminars.item_leave', { itemId, from, ...(here && { here }) }));
    await decide(context, { itemId, from, state: 'declined', answer: '' });
    return await shown(context, itemId, here);
  },
});

const leaveForm = form({
  id: 'seminars.item_leave',
  role: 'employee',
  payload: DecideRef,
  input: LeaveInput,
  build: async (context, { itemId }) => {
    const { item } = await demandItem(context, itemId);
    return {
      title: key('seminars.topic.leave_title'),
      submit: key('seminars.topic.leave'),
      intro: [
        { kind: 'quote', text: words(item.topic), ...(item.proposedByName !== '' && { by: personText(item.proposedByName) }) },
        { kind: 'paragraph', text: key('seminars.topic.leave_intro') },
      ],
      fields: [
        { kind: 'text', name: 'answer', label: key('seminars.topic.answer'), optional: true, multiline: true, maxLength: AGENDA.answer },
      ],
    };
  },
  submit: async (context, { payload: { itemId, from, here }, input: { answer } }) => {
    if (answer.length > AGENDA.answer) return formErrors({ answer: key('seminars.errors.topic_long', { most: AGENDA.answer }) });
    await decide(context, { itemId, from, state: 'declined', answer });
    return await shown(context, itemId, here);
  },
});

const up = action({
  id: 'seminars.item_up',
  role: 'employee',
  payload: ItemRef,
  run: async (context, { itemId }) => {
    const { db, organisation, clock } = context;
    const { date } = await demandOpenItem(context, itemId);
    const shown = (await shownItems(context, date.id, await listAccepted(db, organisation.id, date.id))).filter(forEverybody);
    const visible = new Set(shown.map((item) => item.id));
    await inTransaction(db, async (tx) => {
      await lockAgenda(tx, date.id);
      const items = (await listAccepted(tx, organisation.id, date.id)).filter((item) => visible.has(item.id));
      const at = items.findIndex((item) => item.id === itemId);
      const [before, item] = [items[at - 1], items[at]];
      if (!before || !item) return;
      await placeItem(tx, organisation.id, item.id, before.position);
      await placeItem(tx, organisation.id, before.id, item.position);
      await refreshPost(tx, organisation.id, date.id, clock.now(), false);
    });
    return update(await showAgenda(context, date, 0));
  },
});

export const decidingActions = [itemAction, take, leave, up];
export const decidingForms = [leaveForm];
