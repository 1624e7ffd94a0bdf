import type { ButtonAction } from '../core/card.js';
import type { RecordOwner, RecordSection } from '../core/record.js';
import type { Block } from '../core/rich.js';
import { join, type Text } from '../core/text.js';
import type { HandlerContext } from './handlers.js';

/** What features keep in a person's record, as a card shows it. */
export interface ShownRecord {
  readonly blocks: readonly Block[];
  /** To all of it, feature by feature. */
  readonly actions: readonly ButtonAction[];
}

/**
 * Asks every feature for its part of a person's record. Whoever asks has checked that the actor may open it.
 * @param except the name of a feature that shows its own part itself
 */
export async function shownRecord(context: HandlerContext, owner: RecordOwner, except?: string): Promise<ShownRecord> {
  const sections: RecordSection[] = [];
  for (const feature of context.registry.features) {
    const section = feature.name === except ? undefined : await feature.record?.(context, owner);
    if (section) sections.push(section);
  }
  return { blocks: sections.flatMap(blocksOf), actions: sections.flatMap(({ action }) => action ?? []) };
}

function blocksOf({ heading, lead, lines }: RecordSection): readonly Block[] {
  const told = lines.map(({ text, detail }): Text => (detail ? join([text, detail], ' · ') : text));
  return [
    { kind: 'heading', text: heading },
    { kind: 'paragraph', text: lead },
    ...(told.length > 0 ? [{ kind: 'paragraph', text: join(told, '\n') } as const] : []),
  ];
}
