import type { types } from '@slack/bolt';
import { type Action, type ButtonAction, CARD_LIMITS } from '../../src/core/card.js';
import type { Ref } from '../../src/core/ref.js';
import { LIMITS, SHARES } from './limits.js';
import { isLink } from './render-rich.js';
import { plainText, type Wording } from './render-text.js';

/** The first part of the action ids of links: Slack tells of their clicks too, and they are only acknowledged. */
export const LINK_ACTION = 'link';
/** The first part of the action ids of menus; the ref is in the chosen option's value. */
export const MENU_ACTION = 'menu';

/** The first part of the action ids of buttons that say a typed command again: a modal opens only upon a click. */
export const AGAIN_ACTION = 'again';

/** Numbers the actions of one message, so that each action id is unique in it. */
export type NextActionId = (prefix: string) => string;

export function actionIds(): NextActionId {
  let last = 0;
  return (prefix) => `${prefix.slice(0, LIMITS.actionId - 8)}#${last++}`;
}

/** What a button carries. A payload that is too long is left out: the button is then answered as out of date. */
export function buttonValue(ref: Ref): string {
  const value = JSON.stringify({ v: 1, p: ref.payload });
  return value.length <= LIMITS.button.value ? value : JSON.stringify({ v: 1, p: {} });
}

/** What an option of a menu carries: id and payload in one, or undefined where that is too long for an option. */
export function optionValue(ref: Ref): string | undefined {
  const value = `${ref.id}|${JSON.stringify(ref.payload)}`;
  return value.length <= LIMITS.overflow.value ? value : undefined;
}

/**
 * The first three actions as buttons, the rest in menus of five. An action that asks before it acts, or whose ref is
 * too long for a menu, stays a button, so that neither the question nor the ref is lost.
 */
export function renderActions(actions: readonly Action[], wording: Wording, next: NextActionId): types.KnownBlock[] {
  const usable = actions.filter((action) => action.kind === 'button' || isLink(action.url));
  if (usable.length === 0) return [];
  const allowance = Math.floor(SHARES.actions / usable.length);
  const elements: types.ActionsBlockElement[] = [];
  let menu: types.PlainTextOption[] = [];
  const close = () => {
    if (menu.length > 0) elements.push({ type: 'overflow', action_id: next(MENU_ACTION), options: menu });
    menu = [];
  };
  usable.forEach((action, index) => {
    const option = index < CARD_LIMITS.visibleActions ? undefined : menuOption(action, wording, allowance);
    if (!option || menu.some((other) => other.value === option.value)) {
      elements.push(renderAction(action, wording, next, allowance));
      return;
    }
    menu.push(option);
    if (menu.length === LIMITS.overflow.options) close();
  });
  close();
  const blocks: types.KnownBlock[] = [];
  for (let from = 0; from < elements.length; from += LIMITS.actions.elements) {
    blocks.push({ type: 'actions', elements: elements.slice(from, from + LIMITS.actions.elements) });
  }
  return blocks;
}

function menuOption(action: Action, wording: Wording, allowance: number): types.PlainTextOption | undefined {
  const text = wording.object(action.label, Math.min(LIMITS.overflow.text, allowance));
  if (action.kind === 'link') return { text, url: action.url, value: shortLink(action.url) };
  if (action.confirm) return undefined;
  const value = optionValue(action.ref);
  return value === undefined ? undefined : { text, value };
}

const shortLink = (url: string) => `${LINK_ACTION}|${url}`.slice(0, LIMITS.overflow.value);

/** A button that says a typed command again. Undefined when the command is too long for a button. */
export function againButton(command: string, text: string, label: string): types.ActionsBlock | undefined {
  const value = JSON.stringify({ c: command, t: text });
  if (value.length > LIMITS.button.value) return undefined;
  return {
    type: 'actions',
    elements: [{ type: 'button', text: plainText(label), action_id: `${AGAIN_ACTION}#0`, value, style: 'primary' }],
  };
}

/** @param allowance the most characters that the button and its question may take together */
export function renderAction(action: Action, wording: Wording, next: NextActionId, allowance: number): types.Button {
  const text = wording.object(action.label, Math.min(LIMITS.button.text, allowance));
  if (action.kind === 'link') return { type: 'button', text, url: action.url, action_id: next(LINK_ACTION) };
  return {
    type: 'button',
    text,
    action_id: next(action.ref.id),
    value: buttonValue(action.ref),
    ...(action.style ? { style: action.style } : {}),
    ...(action.confirm ? { confirm: question(action.confirm, action.style, wording, allowance - text.text.length) } : {}),
  };
}

function question(
  confirm: NonNullable<ButtonAction['confirm']>,
  style: ButtonAction['style'],
  wording: Wording,
  allowance: number,
): types.ConfirmationDialog {
  const title = wording.plain(confirm.title, Math.min(LIMITS.confirm.title, Math.max(12, allowance / 4)));
  const yes = wording.plain(confirm.yes, LIMITS.confirm.yes);
  const no = wording.plain(confirm.no, LIMITS.confirm.no);
  const left = allowance - title.length - yes.length - no.length;
  return {
    title: plainText(title),
    text: plainText(wording.plain(confirm.text, Math.min(LIMITS.confirm.text, Math.max(24, left)))),
    confirm: plainText(yes),
    deny: plainText(no),
    ...(style === 'danger' ? { style: 'danger' } : {}),
  };
}
