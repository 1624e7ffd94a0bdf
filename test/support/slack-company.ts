import type { Written } from './fake-slack/acts.js';
import { visibleText } from './fake-slack/check-blocks.js';
import { elements, type Json, user } from './fake-slack/directory-answers.js';
import { type Acknowledged, type FakeMessage, FakeSlack, type Pressed } from './fake-slack/fake-slack.js';
import { until } from './until.js';

/** Who publishes: an administrator of the workspace, so a manager. */
export const MANAGER = 'U0ANN';

/** Three clauses on two pages. */
export const TEXT = `# Service\n\nBe kind.\n\n## Greet\n\n${'Smile at everyone who comes in. '.repeat(45)}\n\n## Listen\n\n${'Let them finish. '.repeat(85)}`;

/** The address of an employee's picture. */
export const pictureOf = (id: string): string => `https://avatars.fake.example/${id}_72.png`;

export interface SlackCompany {
  readonly slack: FakeSlack;
  /** Everybody but the manager, by Slack's ids. */
  readonly employees: readonly string[];
  /** What configures a bot to talk with it over HTTP. */
  readonly environment: Readonly<Record<string, string>>;
  at(userId: string): SlackHands;
  stop(): Promise<void>;
}

/** Letters only: a name with digits is no name to sign with. */
export const nameOf = (index: number): string => `Person ${[...String(index)].map((digit) => 'abcdefghij'[Number(digit)]).join('')}`;

/**
 * A stand-in of Slack with a company in it, that enforces Slack's limits.
 * @param paceFactor how many times as fast as Slack it may be asked; the bot is told the same
 */
export async function slackCompany(employees: number, paceFactor = 20): Promise<SlackCompany> {
  const slack = await new FakeSlack().start();
  slack.paceFactor = paceFactor;
  slack.pageSize = employees > 100 ? 200 : 10;
  const ids = Array.from({ length: employees }, (_, index) => `U${String(index + 1).padStart(6, '0')}`);
  const bot = slack.users.at(-1) ?? {};
  const english = { locale: 'en-GB' };
  slack.users.splice(0, slack.users.length, bot, user(MANAGER, 'Ann Ozola', { is_admin: true, ...english }));
  for (const [index, id] of ids.entries())
    slack.users.push(
      user(id, nameOf(index), {
        ...english,
        profile: { real_name: nameOf(index), email: `p${index}@fake.example`, image_72: pictureOf(id) },
      }),
    );
  slack.channelMembers = [MANAGER, ...ids];
  const environment = {
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_SIGNING_SECRET: slack.signingSecret,
    SLACK_API_URL: slack.apiUrl,
    BELLHOP_PACE_FACTOR: String(paceFactor),
  };
  return { slack, employees: ids, environment, at: (userId) => new SlackHands(slack, userId), stop: () => slack.stop() };
}

/** A button of a message, with what it carries. */
export interface SlackButton {
  readonly action: string;
  readonly payload: Json;
  readonly pressed: Pressed;
}

/** All buttons of a message, those in menus included. */
export function buttonsOf(message: { readonly blocks: unknown }): SlackButton[] {
  return elements(message.blocks).flatMap((element): SlackButton[] => {
    if (element.type === 'overflow') {
      // An entry with an address leads there, and tells the bot nothing that it could use.
      const leading = (element.options as Json[]).filter((option) => option.url === undefined);
      return leading.map((option) => {
        const value = String(option.value);
        const bar = value.indexOf('|');
        const pressed = { type: 'overflow', action_id: element.action_id, selected_option: option };
        return { action: value.slice(0, bar), payload: JSON.parse(value.slice(bar + 1)) as Json, pressed };
      });
    }
    const { p = {} } = JSON.parse(String(element.value ?? '{}')) as { p?: Json };
    const pressed = { type: element.type, action_id: element.action_id, value: element.value };
    return [{ action: String(element.action_id).split('#')[0] ?? '', payload: p, pressed }];
  });
}

/** All that can be read on a message, without its line breaks: a bold word is a text of its own. */
export const textOf = (message: { readonly blocks: unknown }): string => visibleText(message.blocks).replaceAll('\n', '');

/** What a form holds when nobody has changed anything. */
export function untouched(view: Json): Record<string, Json> {
  const inputs = (view.blocks as Json[]).filter((block) => block.type === 'input');
  return Object.fromEntries(
    inputs.map((block) => {
      const {
        initial_value,
        initial_date,
        initial_option,
        initial_options,
        initial_user,
        initial_users,
        initial_time,
        initial_conversation,
      } = block.element as Json;
      const state: Json = {
        ...(initial_value ? { value: initial_value } : {}),
        ...(initial_date ? { selected_date: initial_date } : {}),
        ...(initial_time ? { selected_time: initial_time } : {}),
        ...(initial_conversation ? { selected_conversation: initial_conversation } : {}),
        ...(initial_option ? { selected_option: initial_option } : {}),
        ...(initial_options ? { selected_options: initial_options } : {}),
        ...(initial_user ? { selected_user: initial_user } : {}),
        ...(initial_users ? { selected_users: initial_users } : {}),
      };
      return [String(block.block_id), state];
    }),
  );
}

/** Somebody at the keyboard of Slack. */
export class SlackHands {
  constructor(
    private readonly slack: FakeSlack,
    readonly userId: string,
  ) {}

  /** What lies in this person's direct message with the bot, and what the person alone was shown elsewhere. */
  get seen(): FakeMessage[] {
    const own = `D${this.userId.slice(1)}`;
    return [
      ...this.slack.messages.filter(({ channel }) => channel === own),
      ...this.slack.whispers.filter(({ seenBy }) => seenBy === this.userId),
    ];
  }

  command(text: string): Promise<Acknowledged> {
    const [command = '', ...rest] = text.split(' ');
    return this.slack.command(this.userId, `/${command}`, rest.join(' '));
  }

  /** Chooses a shortcut: at a message, or from Slack's menu. */
  shortcut(id: string, message?: Written, more: Json = {}): Promise<Acknowledged> {
    return message ? this.slack.messageShortcut(this.userId, id, message, more) : this.slack.shortcut(this.userId, id, more);
  }

  /** Sets a reaction at a message, or takes it away. */
  react(emoji: string, message: Pick<Written, 'channel' | 'ts' | 'user'>, added = true): Promise<Acknowledged> {
    return this.slack.react(this.userId, emoji, message.channel, message.ts, added, message.user);
  }

  /** What was shown to this person in answer to `act`: a message that wasn't there before. */
  async shown(act: () => Promise<unknown>): Promise<FakeMessage> {
    const before = new Set(this.seen);
    await act();
    return await until(() => this.seen.find((message) => !before.has(message)), `An answer to ${this.userId}`);
  }

  /** The newest message with a button that leads to this action. */
  async find(action: string): Promise<FakeMessage> {
    return await until(
      () => this.seen.findLast((message) => buttonsOf(message).some((button) => button.action === action)),
      `A message to ${this.userId} with ${action}`,
    );
  }

  /** Presses a button; the first that leads to the action, or the one whose payload fits. */
  async press(message: FakeMessage, action: string, fits: (payload: Json) => boolean = () => true, more: Json = {}): Promise<Acknowledged> {
    const button = buttonsOf(message).find((candidate) => candidate.action === action && fits(candidate.payload));
    if (!button) throw new Error(`There is no ${action} on ${JSON.stringify(message.blocks)}`);
    return await this.slack.press(this.userId, message, button.pressed, more);
  }

  /** Presses a button whose answer takes the card's place. */
  async turn(message: FakeMessage, action: string, fits?: (payload: Json) => boolean): Promise<void> {
    const { blocks } = message;
    expectOk(await this.press(message, action, fits));
    await until(() => message.blocks !== blocks, `The answer to ${action} of ${this.userId}`);
  }

  /** The form that an act opens, with its id. */
  async opened(act: (more: Json) => Promise<Acknowledged>, patienceMs?: number): Promise<Json> {
    const trigger_id = `trigger-${crypto.randomUUID()}`;
    expectOk(await act({ trigger_id }));
    return await until(
      () => {
        const call = this.slack.calls.find(({ method, args }) => method === 'views.open' && args.trigger_id === trigger_id);
        if (call && call.answer.ok !== true) throw new Error(`A form was not opened: ${JSON.stringify(call.answer)}`);
        return call && { ...(call.args.view as Json), id: (call.answer.view as Json).id };
      },
      `A form for ${this.userId}`,
      patienceMs,
    );
  }

  async openSign(message: FakeMessage): Promise<Json> {
    return await this.opened((more) => this.press(message, 'handbook.sign', undefined, more));
  }

  submit(view: Json, values: Record<string, Json>): Promise<Acknowledged> {
    return this.slack.submit(this.userId, view, { ...untouched(view), ...values });
  }

  /** Opens page after page of the request. @returns its message, which shows the last page with the button to sign */
  async readAll(): Promise<FakeMessage> {
    const message = await this.find('handbook.read');
    for (let page = 0; page < 30; ) {
      if (page > 0 && buttonsOf(message).some((button) => button.action === 'handbook.sign')) return message;
      await this.turn(message, 'handbook.read', (payload) => Number(payload.page) === page + 1);
      page += 1;
    }
    throw new Error('There is no last page.');
  }

  /** Reads everything and signs. @returns the message that is the receipt now */
  async readAndSign(name: string): Promise<FakeMessage> {
    const message = await this.readAll();
    const view = await this.openSign(message);
    const { blocks } = message;
    const { body } = await this.submit(view, { name: { value: name }, agree: { selected_options: [{ value: 'true' }] } });
    // On a busy computer it is acknowledged with "one moment", and the card changes later.
    if (
      typeof body !== 'object' ||
      body === null ||
      !('response_action' in body) ||
      !['clear', 'update'].includes(String(body.response_action))
    )
      throw new Error(`Not signed: ${JSON.stringify(body)}`);
    await until(() => message.blocks !== blocks, `The receipt of ${this.userId}`);
    return message;
  }

  /** Fills in the form of publishing. @returns the draft's card */
  async draft(values: Record<string, Json> = {}): Promise<FakeMessage> {
    const view = await this.opened((more) => this.slack.command(this.userId, '/handbook', 'publish', more));
    return await this.shown(async () => expectOk(await this.submit(view, { text: { value: TEXT }, ...values })));
  }

  /** Publishes to everyone. @returns the card that the draft became */
  async publish(values?: Record<string, Json>): Promise<FakeMessage> {
    const draft = await this.draft(values);
    await this.turn(draft, 'handbook.publish');
    return draft;
  }
}

function expectOk({ status, body }: Acknowledged): void {
  const refused = typeof body === 'object' && body !== null && 'response_action' in body && body.response_action === 'errors';
  if (status !== 200 || refused) throw new Error(`The bot answered ${status} ${JSON.stringify(body)}`);
}
