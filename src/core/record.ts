import type { ButtonAction, Row } from './card.js';
import type { Text } from './text.js';

/** Whose record is looked at. */
export interface RecordOwner {
  readonly id: string;
  readonly name: string;
}

/** What one feature keeps in a person's record, on the card that shows all of them. */
export interface RecordSection {
  readonly heading: Text;
  /** What there is, in one line: "Pages signed: 4, waiting: 1". */
  readonly lead: Text;
  /** The latest few; their actions are not shown here. */
  readonly lines: readonly Row[];
  /** Leads to all of it. */
  readonly action?: ButtonAction;
}
