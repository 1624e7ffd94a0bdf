import type { Action, ButtonAction } from '../../src/core/card.js';
import { CARD_LIMITS } from '../../src/core/card.js';
import type { Text } from '../../src/core/text.js';
import type { CardAction, Element } from './adaptive.js';
import { type CardOrigin, encodeAct } from './data.js';
import { line, type Pen, paragraph } from './render-text.js';

/** Longest title of a button, in characters: Teams cuts longer ones off without saying so. */
const TITLE = 60;

/** Buttons, and the questions "are you sure?" that belong to some of them. */
export interface Buttons {
  readonly actions: readonly CardAction[];
  /** Hidden until their button is pressed. */
  readonly questions: readonly Element[];
}

/**
 * The actions of a card: the first three are visible, the others lie in the menu.
 * @param scope makes the ids of this row of buttons unique in the card
 */
export function renderActions(actions: readonly Action[], pen: Pen, scope: string, from?: CardOrigin): Buttons {
  const made: CardAction[] = [];
  const questions: Element[] = [];
  for (const [index, action] of actions.entries()) {
    const secondary = index >= CARD_LIMITS.visibleActions && { mode: 'secondary' as const };
    if (action.kind === 'link') {
      if (/^https?:\/\//i.test(action.url) && URL.canParse(action.url)) {
        made.push({ type: 'Action.OpenUrl', title: titleOf(action.label, pen), url: action.url, ...secondary });
      }
    } else if (action.confirm) {
      const id = `confirm-${scope}${index}`;
      questions.push(question(id, action, pen, scope, from));
      made.push({
        type: 'Action.ToggleVisibility',
        title: titleOf(action.label, pen),
        ...styleOf(action),
        ...secondary,
        targetElements: instead(id, true, scope),
      });
    } else {
      made.push({ ...execute(action, pen, from), ...secondary });
    }
  }
  return { actions: made, questions };
}

function execute(action: ButtonAction, pen: Pen, from: CardOrigin | undefined, title = action.label): CardAction {
  const shown = { title: titleOf(title, pen), data: encodeAct(action.ref, from), associatedInputs: 'none', ...styleOf(action) } as const;
  return pen.dialog ? { type: 'Action.Submit', ...shown } : { type: 'Action.Execute', verb: action.ref.id, ...shown };
}

/** The id of the row of buttons that gives way to a question. */
export function buttonsId(scope: string): string {
  return `${scope}buttons`;
}

/** Shows a question instead of the buttons, or the buttons instead of the question. */
function instead(id: string, asked: boolean, scope: string) {
  return [
    { elementId: id, isVisible: asked },
    { elementId: buttonsId(scope), isVisible: !asked },
  ];
}

/** A button without a title is refused. */
function titleOf(label: Text, pen: Pen): string {
  return line(label, pen, TITLE).trim() || '…';
}

function styleOf(action: ButtonAction): { style?: 'positive' | 'destructive' } {
  if (action.style === 'primary') return { style: 'positive' };
  return action.style === 'danger' ? { style: 'destructive' } : {};
}

/** Teams has no question of its own: it opens in place of the buttons, with "yes" doing it and "no" bringing them back. */
function question(id: string, action: ButtonAction, pen: Pen, scope: string, from: CardOrigin | undefined): Element {
  const confirm = action.confirm;
  if (!confirm) throw new Error('A question needs its words.');
  return {
    type: 'Container',
    id,
    isVisible: false,
    style: 'emphasis',
    items: [
      ...paragraph(confirm.title, pen, { weight: 'bolder' }, { most: pen.room.line }),
      ...paragraph(confirm.text, pen, {}, { most: pen.room.line, spacing: 'small' }),
      {
        type: 'ActionSet',
        actions: [
          execute(action, pen, from, confirm.yes),
          { type: 'Action.ToggleVisibility', title: titleOf(confirm.no, pen), targetElements: instead(id, false, scope) },
        ],
      },
    ],
  };
}
