import type { Colleague, Opened, Payload, Shown, Typed } from './colleague.js';
import type { TestDatabase } from './database.js';
import type { Json } from './fake-slack/directory-answers.js';
import type { FakeMessage } from './fake-slack/fake-slack.js';
import { buttonsOf, type SlackCompany, type SlackHands, textOf, untouched } from './slack-company.js';
import { until } from './until.js';

/** The longest that an answer takes on a busy computer, in ms. */
const PATIENCE_MS = 20_000;

interface Seen extends Shown {
  readonly message: FakeMessage;
}

/** A message of the stand-in, as a story sees it. */
export const seenOnSlack = (message: FakeMessage): Shown => {
  const seen: Seen = { message, text: () => textOf(message), actions: () => buttonsOf(message).map(({ action }) => action) };
  return seen;
};
const messageOf = (shown: Shown): FakeMessage => (shown as Seen).message;

interface SlackColleague extends Colleague {
  readonly slackId: string;
}

/** Somebody of a company on Slack. @param slackId as Slack names them; the bot has to know them already */
export async function slackColleague(company: SlackCompany, database: TestDatabase, slackId: string): Promise<SlackColleague> {
  const { slack } = company;
  const hands = company.at(slackId);
  const profile = (slack.users.find(({ id }) => id === slackId)?.profile ?? {}) as { real_name?: string; email?: string };
  const { personId } = await database.db.account.findFirstOrThrow({ where: { externalId: slackId } });
  const name = profile.real_name ?? '';
  const answers = async (act: () => Promise<unknown>, says: string): Promise<Shown> => {
    const before = new Map(hands.seen.map((message) => [message, message.blocks]));
    await act();
    const fresh = () => hands.seen.filter((message) => before.get(message) !== message.blocks);
    const find = () => fresh().findLast((message) => textOf(message).includes(says));
    return seenOnSlack(
      await until(find, `“${says}” for ${name}`, PATIENCE_MS).catch((error: Error) => {
        throw new Error(`${error.message} Instead: ${JSON.stringify(fresh().map(textOf))}`);
      }),
    );
  };
  const opened = async (act: (more: Json) => ReturnType<SlackHands['command']>) => form(company, hands, await hands.opened(act), answers);
  return {
    name,
    email: profile.email ?? '',
    personId,
    slackId,
    command: async (text, says) => await answers(() => hands.command(text), says),
    commandForm: async (text) => {
      const [command = '', ...rest] = text.split(' ');
      return await opened((more) => slack.command(slackId, `/${command}`, rest.join(' '), more));
    },
    press: async (shown, action, says, fits) => await answers(() => hands.press(messageOf(shown), action, fits), says),
    open: async (shown, action, fits) => await opened((more) => hands.press(messageOf(shown), action, fits, more)),
    forge: async (action, payload, says) => {
      const card = { channel: `D${slackId.slice(1)}`, ts: slack.stamp(), text: '', blocks: [], metadata: undefined };
      const pressed = { type: 'button', action_id: `${action}#0`, value: JSON.stringify({ v: 1, p: payload }) };
      // It lies in the chat: an answer may take its place.
      slack.messages.push(card);
      return await answers(() => slack.press(slackId, card, pressed), says);
    },
    hears: async (says) =>
      seenOnSlack(
        await until(
          () => hands.seen.findLast((message) => textOf(message).includes(says)),
          `“${says}” in the chat of ${name}`,
          PATIENCE_MS,
        ),
      ),
    heard: (says) => hands.seen.filter((message) => textOf(message).includes(says)).length,
  };
}

function form(
  { slack }: SlackCompany,
  hands: SlackHands,
  view: Json,
  answers: (act: () => Promise<unknown>, says: string) => Promise<Shown>,
): Opened {
  const errorsOf = (body: unknown) => (body as { errors?: Record<string, string> } | undefined)?.errors;
  return {
    standing: (field) => {
      const state = untouched(view)[field] ?? {};
      const [value] = Object.values(state);
      return typeof value === 'object' ? String((value as Payload).value ?? '') : String(value ?? '');
    },
    send: async (typed, says) =>
      await answers(async () => {
        const { status, body } = await hands.submit(view, stateOf(view, typed));
        const errors = errorsOf(body);
        if (status !== 200 || errors) throw new Error(`A form was not taken: ${status} ${JSON.stringify(errors)}`);
      }, says),
    refused: async (typed) => {
      const { status, body } = await hands.submit(view, stateOf(view, typed));
      const errors = errorsOf(body);
      if (status === 200 && errors) return errors;
      // On a busy computer the view says "one moment" first, and shows what is to be mended then.
      const shown = await until(
        () => slack.of('views.update').findLast(({ args }) => args.view_id === view.id),
        `Errors instead of ${status} ${JSON.stringify(body)}`,
        PATIENCE_MS,
      );
      return warnings((shown.args.view as Json).blocks as Json[]);
    },
  };
}

/** Errors that stand above their fields in a view. */
function warnings(blocks: readonly Json[]): Record<string, string> {
  return Object.fromEntries(
    blocks.flatMap((block, index) => {
      const text = String((block.text as Json | undefined)?.text ?? '');
      return text.startsWith('⚠️ ') ? [[String(blocks[index + 1]?.block_id), text.slice(3)]] : [];
    }),
  );
}

function stateOf(view: Json, typed: Typed): Record<string, Json> {
  const blocks = (view.blocks as Json[]).filter((block) => block.type === 'input');
  return Object.fromEntries(
    Object.entries(typed).map(([field, value]) => {
      const element = blocks.find((block) => block.block_id === field)?.element as Json | undefined;
      if (!element) throw new Error(`The form has no field ${field}.`);
      return [field, entryOf(element, value)];
    }),
  );
}

function entryOf(element: Json, value: Typed[string]): Json {
  if (typeof value !== 'string') {
    const ids = value.map((colleague) => (colleague as SlackColleague).slackId);
    return element.type === 'users_select' ? { selected_user: ids[0] ?? null } : { selected_users: ids };
  }
  switch (element.type) {
    case 'datepicker':
      return { selected_date: value === '' ? null : value };
    case 'timepicker':
      return { selected_time: value === '' ? null : value };
    case 'static_select':
    case 'radio_buttons': {
      const option = (element.options as Json[]).find((one) => one.value === value);
      if (!option) throw new Error(`There is no option ${value} among ${JSON.stringify(element.options)}`);
      return { selected_option: option };
    }
    case 'conversations_select':
      return { selected_conversation: value === '' ? null : value };
    default:
      return { value: value === '' ? null : value };
  }
}
