import { button, type Card } from '../../core/card.js';
import type { RecordOwner, RecordSection } from '../../core/record.js';
import { ref } from '../../core/ref.js';
import type { Block } from '../../core/rich.js';
import { join, key, person, type Text } from '../../core/text.js';
import type { HandlerContext } from '../../people/handlers.js';
import { demandRecord } from '../../people/record-access.js';

/** What every feature keeps in a person's record, on one card. Throws `people.record_refused` for whom it is not open to. */
export async function recordCard(context: HandlerContext, owner: RecordOwner): Promise<Card> {
  await demandRecord(context, owner);
  const sections: RecordSection[] = [];
  for (const feature of context.registry.features) {
    const section = await feature.record?.(context, owner);
    if (section) sections.push(section);
  }
  const lead =
    owner.id === context.person.id ? key('bellhop.record.lead_mine') : key('bellhop.record.lead', { person: person(owner.name) });
  return {
    summary: lead,
    title: owner.id === context.person.id ? key('bellhop.record.title_mine') : key('bellhop.record.title', { person: person(owner.name) }),
    lead,
    body: sections.flatMap(blocksOf),
    actions: sections.flatMap((section) => section.action ?? []),
    footer: key('bellhop.record.footer'),
  };
}

function blocksOf({ heading, lead, lines }: RecordSection): readonly Block[] {
  const told = lines.map(({ text, detail }): Text => (detail ? join([text, detail], ' · ') : text));
  return [
    { kind: 'heading', text: heading },
    { kind: 'paragraph', text: lead },
    ...(told.length > 0 ? [{ kind: 'paragraph', text: join(told, '\n') } as const] : []),
  ];
}

/** The button to somebody's record. */
export const toRecord = (personId: string) => button(key('bellhop.record.open'), ref('bellhop.record', { personId }));
