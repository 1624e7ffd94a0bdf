import { type FormOptions as SlackFormOptions, renderForm as slackForm } from '../../adapters/slack/form.js';
import { parseClick as parseSlackClick, parseSubmission } from '../../adapters/slack/parse.js';
import { renderHome, renderCard as slackCard } from '../../adapters/slack/render.js';
import type { Pictured } from '../../adapters/slack/render-pictures.js';
import { Activity } from '../../adapters/teams/activity.js';
import { renderForm as teamsForm } from '../../adapters/teams/form.js';
import { parseClick as parseTeamsClick } from '../../adapters/teams/parse.js';
import { parseDialog } from '../../adapters/teams/parse-dialog.js';
import { summaryOf, renderCard as teamsCard } from '../../adapters/teams/render.js';
import type { Card } from '../../src/core/card.js';
import type { Form, FormErrors, FormValues } from '../../src/core/form.js';
import type { Platform } from '../../src/core/interaction.js';
import type { Ref } from '../../src/core/ref.js';
import type { Localise, Reader } from '../../src/core/text.js';
import { messageProblems, viewProblems, visibleText } from './fake-slack/check-blocks.js';
import { activities } from './fake-teams/activities.js';
import { cardButtons, cardInputs, cardProblems, cardText } from './fake-teams/card-check.js';
import { FakeConnector } from './fake-teams/connector.js';

/** A card as somebody sees it in a platform's client. */
export interface ShownCard {
  /** What the platform would refuse or show wrongly. */
  readonly problems: readonly string[];
  /** Everything that can be read on it, buttons included. */
  readonly text: string;
  /** What notifications show. */
  readonly fallback: string;
  /** What comes back from a click on each button, those in menus and behind questions included; null: it can't be read. */
  readonly refs: readonly (Ref | null)[];
}

/** A form as somebody sees it. */
export interface ShownForm {
  readonly problems: readonly string[];
  readonly text: string;
  /** What comes back when it is sent as it stands. */
  readonly sent: { readonly ref: Ref | null; readonly values: FormValues };
}

export interface Given {
  readonly errors?: FormErrors;
  readonly values?: FormValues;
  /** Files that were put into the form, where the platform's forms take some. */
  readonly files?: readonly string[];
}

/** A chat adapter under the contract: rendering, and reading what its platform sends back. */
export interface ChatAdapter {
  readonly platform: Platform;
  card(card: Card, reader: Reader, localise: Localise): ShownCard;
  form(form: Form, reader: Reader, localise: Localise, given?: Given): ShownForm;
}

// The payloads below are written from the documentation that adapters/*/parse.ts names.

const SLACK_USER = { id: 'U0ANA', name: 'ana', team_id: 'T1' };
const slackContext = {
  workspace: { externalId: 'T1', botUserId: 'UBOT' },
  commands: [],
  fileHandle: (file: { id: string; name?: string | null | undefined }) => ({
    name: file.name ?? file.id,
    read: async () => new Uint8Array(),
  }),
  requestId: 'r1',
};

const slack: ChatAdapter = {
  platform: 'slack',
  card: (card, reader, localise) => {
    const message = slackCard(card, reader, localise);
    const home = renderHome([card], reader, localise);
    const withFiles = isPictured(card) ? slackCard(card, reader, localise, everyFile(card)) : message;
    const parsed = (blocks: unknown) => slackPresses(blocks).flatMap(slackPressed);
    const refs = parsed(message.blocks);
    return {
      problems: [
        ...messageProblems(message.blocks),
        ...(withFiles === message ? [] : messageProblems(withFiles.blocks)).map((problem) => `with pictures: ${problem}`),
        ...viewProblems(home).map((problem) => `as App Home: ${problem}`),
        ...(message.text.length > 4000 ? ['a fallback text that is too long'] : []),
        ...(/[<>]/.test(message.text) ? ['a fallback text that Slack would parse'] : []),
        ...(parsed(home.blocks).length !== refs.length ? ['as App Home: other buttons than in a message'] : []),
      ],
      text: visibleText(message.blocks),
      fallback: message.text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&'),
      refs,
    };
  },
  form: (form, reader, localise, { errors, values, files = [] } = {}) => {
    const options: SlackFormOptions = { errors, values };
    const view = slackForm(form, reader, localise, options);
    const state = Object.fromEntries(
      view.blocks.flatMap((block) =>
        block.type === 'input' && 'element' in block
          ? [[block.block_id, { [String(block.element.action_id)]: slackEntry(block.element, files) }]]
          : [],
      ),
    );
    const sent = parseSubmission(
      {
        type: 'view_submission',
        team: { id: 'T1' },
        user: SLACK_USER,
        trigger_id: '1.2.3',
        view: { ...view, id: 'V1', state: { values: state } },
      },
      slackContext,
    );
    if (!sent) throw new Error('Slack’s submission of this form can’t be read.');
    return { problems: viewProblems(view), text: visibleText(view), sent: sent.interaction };
  },
};

/** Slack as it has a copy of each picture. */
function everyFile(card: Card): Pictured {
  const ids = (card.body ?? []).flatMap((block) => (block.kind === 'picture' ? [block.id] : []));
  return { files: new Map(ids.map((id) => [id, 'F0PICTURE'])), faces: true };
}

/** What Slack sends of each button and menu entry. */
function slackPresses(blocks: unknown): object[] {
  const found: object[] = [];
  walk(blocks, (node) => {
    if (node.type === 'button') found.push({ type: 'button', action_id: node.action_id, value: node.value });
    if (node.type === 'overflow' && Array.isArray(node.options))
      for (const option of node.options) found.push({ type: 'overflow', action_id: node.action_id, selected_option: option });
  });
  return found;
}

/** What the bot reads from a press of one of these; nothing of a link. */
const slackPressed = remembered((action: object): readonly (Ref | null)[] => {
  const body = {
    type: 'block_actions',
    team: { id: 'T1' },
    user: SLACK_USER,
    trigger_id: '1.2.3',
    channel: { id: 'D1', name: 'directmessage' },
    container: { type: 'message', channel_id: 'D1', message_ts: '1700000000.000100' },
    actions: [{ ...action, action_ts: '1700000001.000100' }],
  };
  const click = parseSlackClick(body, slackContext);
  if (click === 'link') return [];
  return [click?.interaction.kind === 'action' ? click.interaction.ref : null];
});

/** What Slack tells of an input that was left as it stood. */
function slackEntry(element: object, files: readonly string[]): object {
  const { type, ...rest } = element as { type: string; [name: string]: unknown };
  switch (type) {
    case 'plain_text_input':
      return { type, value: rest.initial_value ?? null };
    case 'datepicker':
      return { type, selected_date: rest.initial_date ?? null };
    case 'timepicker':
      return { type, selected_time: rest.initial_time ?? null };
    case 'static_select':
    case 'radio_buttons':
      return { type, selected_option: rest.initial_option ?? null };
    case 'multi_static_select':
    case 'checkboxes':
      return { type, selected_options: rest.initial_options ?? [] };
    case 'users_select':
      return { type, selected_user: rest.initial_user ?? null };
    case 'multi_users_select':
      return { type, selected_users: rest.initial_users ?? [] };
    case 'conversations_select':
      return { type, selected_conversation: rest.initial_conversation ?? null };
    case 'file_input':
      return { type, files: files.map((name) => ({ id: `F-${name}`, name })) };
    default:
      throw new Error(`Nobody knows what Slack sends of a ${type}.`);
  }
}

const world = new FakeConnector();
world.serviceUrl = 'https://smba.example/emea/';
const ana = world.addPerson('Ana Sol');
const click = (data: object, inputs: object = {}) =>
  parseTeamsClick(Activity.parse(activities(world).click(ana, { data }, inputs)), 'r1', false)?.interaction;
/** What the bot reads from a press of a button that carries this. */
const teamsPressed = remembered((data: object): Ref | null => {
  const interaction = click(data);
  return interaction?.kind === 'action' ? interaction.ref : null;
});

const teams: ChatAdapter = {
  platform: 'teams',
  card: (card, reader, localise) => {
    const made = teamsCard(card, reader, localise);
    return {
      problems: [...cardProblems(made), ...pictured(card, reader, localise)],
      text: [cardText(made), ...cardButtons(made).map((button) => button.title)].join('\n'),
      fallback: summaryOf(card, reader, localise),
      refs: cardButtons(made)
        .filter((button) => button.type === 'Action.Execute')
        .map((button) => teamsPressed(button.data ?? {})),
    };
  },
  form: (form, reader, localise, { errors, values } = {}) => {
    const options = {
      instance: 'i1',
      back: 'home' as const,
      channels: channelsOf(form, values),
      ...(errors && { errors }),
      ...(values && { values }),
    };
    const { card } = teamsForm(form, reader, localise, options);
    const submit = cardButtons(card).find((button) => button.verb === form.ref.id);
    const sent = click(submit?.data ?? {}, standing(card));
    if (sent?.kind !== 'submit') throw new Error('Teams’ submission of this form can’t be read.');
    // From a message extension the same form opens in a dialog, whose buttons are of another sort.
    const { card: dialog } = teamsForm(form, reader, localise, { ...options, dialog: true });
    const inDialog = inDialogSent(cardButtons(dialog)[0]?.data ?? {}, standing(dialog));
    return {
      problems: [
        ...cardProblems(card),
        ...cardProblems(dialog, 'dialog').map((problem) => `as a dialog: ${problem}`),
        ...(JSON.stringify(inDialog) === JSON.stringify({ ref: sent.ref, values: sent.values })
          ? []
          : ['as a dialog: it sends something else']),
      ],
      text: [cardText(card), ...cardButtons(card).map((button) => button.title), JSON.stringify(cardInputs(card))].join('\n'),
      sent,
    };
  },
};

/** What Teams sends of a form's inputs as they stand: those with a value, and texts always. */
function standing(card: unknown): Record<string, string> {
  return Object.fromEntries(
    cardInputs(card)
      .filter(({ type, value }) => value !== undefined || type === 'Input.Text')
      .map(({ id, value }) => [id, value ?? '']),
  );
}

function inDialogSent(data: object, inputs: object): object | undefined {
  const activity = activities(world).submitAction(ana, 'any.command', { ...data, ...inputs });
  const interaction = parseDialog(Activity.parse(activity), 'r1', false)?.interaction;
  return interaction?.kind === 'submit' ? { ref: interaction.ref, values: interaction.values } : undefined;
}

/** With pictures at an address of the bot's own; without one their words stand there. */
function pictured(card: Card, reader: Reader, localise: Localise): string[] {
  if (!isPictured(card)) return [];
  const made = teamsCard(card, reader, localise, { pictureUrl: (id) => `https://bot.example/pictures/${id}` });
  return cardProblems(made);
}

/** The channels that a form may name: on Teams they stand in a list. */
function channelsOf(form: Form, values: FormValues = {}): { id: string; name: string }[] {
  return form.fields.flatMap((field) => {
    const id = field.kind === 'channel' ? (values[field.name] ?? field.initial) : undefined;
    return typeof id === 'string' ? [{ id, name: `Store › ${id}` }] : [];
  });
}

/** Most cards have no picture, and are the same with pictures as without: they need no second look. */
const isPictured = (card: Card) => (card.body ?? []).some(({ kind }) => kind === 'picture' || kind === 'faces');

/** Reads the same press once only: a card is shown in every language, and its buttons carry the same in each. */
function remembered<T>(read: (sent: object) => T): (sent: object) => T {
  const known = new Map<string, T>();
  return (sent) => {
    const key = JSON.stringify(sent);
    const before = known.get(key);
    if (before !== undefined) return before;
    if (known.size === 1_000) known.clear();
    const found = read(sent);
    known.set(key, found);
    return found;
  };
}

function walk(value: unknown, visit: (node: Record<string, unknown>) => void): void {
  if (Array.isArray(value)) for (const one of value) walk(one, visit);
  else if (typeof value === 'object' && value !== null) {
    visit(value as Record<string, unknown>);
    for (const one of Object.values(value)) walk(one, visit);
  }
}

/** Every chat adapter: a new one is a line here, and the contract holds for it. */
export const CHAT_ADAPTERS: readonly ChatAdapter[] = [slack, teams];
