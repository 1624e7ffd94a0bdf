import { button, type Card, notice } from '../../../core/card.js';
import { ROWS, shownFooter, turnRows } from '../../../core/paging.js';
import { ref } from '../../../core/ref.js';
import { instant, key, person, type Text, words } from '../../../core/text.js';
import type { HandlerContext, WorkContext } from '../../../people/handlers.js';
import { beginningOf, firstOf } from '../fairness/rows.js';
import { namesOf } from '../giving/messages.js';
import { type Faces, loadFaces } from '../giving/store-names.js';
import { PRAISE_POINTS } from './praise.js';
import { findPraise, listPraise, type Praise } from './store.js';

async function facesOf({ db, organisation }: WorkContext, praises: readonly Praise[]): Promise<Faces> {
  return await loadFaces(
    db,
    organisation.id,
    praises.flatMap((one) => [...one.personIds, one.proposedById ?? [], one.decidedById ?? []].flat()),
  );
}

/** A customer's praise as a manager sees it; nothing of it to whoever is praised. `lead` tells what has just happened. */
export async function praiseCard(context: WorkContext, praiseId: string, managerId: string, lead?: Text): Promise<Card> {
  const praise = await findPraise(context.db, context.organisation.id, praiseId);
  if (!praise) return notice(key('recognition.errors.praise_gone'));
  if (praise.personIds.includes(managerId)) return notice(key('recognition.errors.praise_yours'));
  const faces = await facesOf(context, [praise]);
  const told = lead ?? leadOf(praise, faces);
  const isOpen = praise.state === 'proposed';
  return {
    summary: told,
    title: key('recognition.praise.title'),
    lead: told,
    facts: [
      { label: key('recognition.praise.whom'), value: namesOf(praise.personIds, faces) },
      ...(praise.proposedById ? [{ label: key('recognition.praise.brought_by'), value: person(faces(praise.proposedById).name) }] : []),
      { label: key('recognition.praise.at'), value: instant(praise.createdAt) },
    ],
    body: praise.quote === '' ? [] : [{ kind: 'quote', text: words(praise.quote), by: key('recognition.praise.customer') }],
    actions: isOpen ? actionsOf(praiseId) : [],
    ...(isOpen && { footer: key('recognition.praise.footer', { count: PRAISE_POINTS }) }),
  };
}

function actionsOf(praiseId: string): Card['actions'] {
  return [
    button(key('recognition.praise.confirm'), ref('recognition.praise_confirm', { praiseId }), { style: 'primary' }),
    button(key('recognition.praise.change'), ref('recognition.praise_change', { praiseId })),
    button(key('recognition.praise.dismiss'), ref('recognition.praise_dismiss', { praiseId }), {
      confirm: {
        title: key('recognition.praise.dismiss_title'),
        text: key('recognition.praise.dismiss_text'),
        yes: key('recognition.praise.dismiss'),
        no: key('core.ui.cancel'),
      },
    }),
  ];
}

function leadOf(praise: Praise, faces: Faces): Text {
  const people = namesOf(praise.personIds, faces);
  if (praise.state === 'proposed') return key('recognition.praise.lead', { people });
  if (praise.decidedById === null || praise.decidedAt === null) return key('recognition.praise.over');
  const params = { manager: person(faces(praise.decidedById).name), at: instant(praise.decidedAt) };
  return praise.state === 'confirmed' ? key('recognition.praise.confirmed', params) : key('recognition.praise.dismissed', params);
}

/** Praise that waits for this manager. */
export async function praiseListCard(context: HandlerContext, offset: number): Promise<Card> {
  const { rows, total } = await listPraise(context.db, context.organisation.id, context.person.id, { offset, limit: ROWS });
  const faces = await facesOf(context, rows);
  const lead = key('recognition.praise.list_lead', { count: total });
  return {
    summary: lead,
    title: key('recognition.praise.list_title'),
    lead,
    rows: rows.map((praise) => ({
      text: firstOf(praise.personIds, faces),
      detail: beginningOf(praise.quote),
      action: button(key('core.ui.open'), ref('recognition.praise_show', { praiseId: praise.id })),
    })),
    actions: [
      ...turnRows(offset, total, (next) => ref('recognition.praise_list', { offset: next })),
      button(key('recognition.praise.new'), ref('recognition.praise_new')),
    ],
    ...shownFooter(offset, rows.length, total),
  };
}
