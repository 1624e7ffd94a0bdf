import { button, type Card } from '../../core/card.js';
import type { RecordOwner } from '../../core/record.js';
import { ref } from '../../core/ref.js';
import { key, person } from '../../core/text.js';
import type { HandlerContext } from '../../people/handlers.js';
import { demandRecord } from '../../people/record-access.js';
import { shownRecord } from '../../people/record-sections.js';

/** What every feature keeps in a person's record, on one card. Throws `people.record_refused` for whom it is not open to. */
export async function recordCard(context: HandlerContext, owner: RecordOwner): Promise<Card> {
  await demandRecord(context, owner);
  const { blocks, actions } = await shownRecord(context, owner);
  const lead =
    owner.id === context.person.id ? key('bellhop.record.lead_mine') : key('bellhop.record.lead', { person: person(owner.name) });
  return {
    summary: lead,
    title: owner.id === context.person.id ? key('bellhop.record.title_mine') : key('bellhop.record.title', { person: person(owner.name) }),
    lead,
    body: blocks,
    actions,
    footer: key('bellhop.record.footer'),
  };
}

/** The button to somebody's record. */
export const toRecord = (personId: string) => button(key('bellhop.record.open'), ref('bellhop.record', { personId }));
