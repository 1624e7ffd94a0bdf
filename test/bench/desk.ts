import { setTimeout as sleep } from 'node:timers/promises';
import { elements, type Json, TEAM, user } from '../support/fake-slack/directory-answers.js';
import { type Acknowledged, type FakeMessage, FakeSlack } from '../support/fake-slack/fake-slack.js';

/** Who publishes: an administrator of the workspace, so a manager. */
export const MANAGER = 'U0ANN';
const PATIENCE_MS = 60_000;
const TEXT = '# Service\n\nBe kind.\n\n## Greet\n\nSmile at everyone who comes in.\n\n## Listen\n\nLet people finish their sentence.';

/** A stand-in of Slack with a company in it, and hands at its keyboards. */
export interface Desk {
  readonly slack: FakeSlack;
  /** Everybody but the manager, by Slack's ids. */
  readonly employees: readonly string[];
  /** What configures a bot to talk with it. */
  readonly environment: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** @param employees how many besides the manager */
export async function openDesk(employees: number): Promise<Desk> {
  const slack = await new FakeSlack().start();
  slack.pageSize = 200;
  const ids = Array.from({ length: employees }, (_, index) => `U${String(index + 1).padStart(6, '0')}`);
  const english = { locale: 'en-GB' };
  slack.users.splice(0, slack.users.length, user(MANAGER, 'Ann Ozola', { is_admin: true, ...english }));
  for (const [index, id] of ids.entries()) {
    slack.users.push(
      user(id, `Person ${index + 1}`, { ...english, profile: { real_name: nameOf(index), email: `p${index}@fake.example` } }),
    );
  }
  return {
    slack,
    employees: ids,
    environment: {
      SLACK_BOT_TOKEN: slack.botToken,
      SLACK_SIGNING_SECRET: slack.signingSecret,
      SLACK_API_URL: slack.apiUrl,
    },
    stop: () => slack.stop(),
  };
}

/** Letters only: a name with digits is no name to sign with. */
export const nameOf = (index: number): string => `Person ${[...String(index)].map((digit) => 'abcdefghij'[Number(digit)]).join('')}`;

/**
 * Waits until `look` gives something.
 * @param everyMs how often it looks; seldom where looking takes work from what is measured
 */
export async function until<T>(look: () => T | undefined | false | Promise<T | undefined | false>, what: string, everyMs = 20): Promise<T> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > deadline) throw new Error(`${what}: not within ${PATIENCE_MS / 1_000} s.`);
    await sleep(everyMs);
  }
}

/** The manager fills in the form of `/handbook publish`. @returns the draft's card, whose button publishes it */
export async function makeDraft({ slack }: Desk): Promise<FakeMessage> {
  const opened = slack.of('views.open').length;
  must(await slack.command(MANAGER, '/handbook', 'publish'), 'the command');
  const view = await until(() => slack.of('views.open')[opened]?.args.view as Json | undefined, 'the form of publishing');
  const before = slack.calls.length;
  must(await slack.submit(MANAGER, view, { ...initialState(view), text: { value: TEXT } }), 'the form of publishing');
  return await until(() => cardsAfter(slack, before).find((card) => buttonIn(card, 'handbook.publish')), 'the draft');
}

/** The cards that were shown from a call on: posted, or sent to a response address. */
function cardsAfter(slack: FakeSlack, from: number): FakeMessage[] {
  return slack.calls.slice(from).flatMap(({ method, args, answer }) => {
    if (!['response_url', 'chat.postMessage', 'chat.postEphemeral', 'chat.update'].includes(method)) return [];
    return [
      { channel: `D${MANAGER.slice(1)}`, ts: String(answer.ts ?? slack.stamp()), text: '', blocks: args.blocks, metadata: undefined },
    ];
  });
}

/** What a form holds when nobody has changed anything. */
function initialState(view: Json): Record<string, Json> {
  const inputs = (view.blocks as Json[]).filter((block) => block.type === 'input');
  return Object.fromEntries(
    inputs.map((block) => {
      const { initial_value, initial_date, initial_option } = block.element as Json;
      return [
        String(block.block_id),
        {
          ...(initial_value ? { value: initial_value } : {}),
          ...(initial_date ? { selected_date: initial_date } : {}),
          ...(initial_option ? { selected_option: initial_option } : {}),
        },
      ];
    }),
  );
}

/** The button of a card that leads to an action. */
export function buttonIn(card: { readonly blocks: unknown }, action: string): Json | undefined {
  return elements(card.blocks).find((element) => String(element.action_id).split('#')[0] === action);
}

/** What Slack sends when somebody presses a button, with the address that the answer goes to. */
export function clickOn(
  slack: FakeSlack,
  userId: string,
  card: FakeMessage,
  action: string,
): { readonly payload: Json; readonly responseUrl: string; readonly triggerId: string } {
  const button = buttonIn(card, action);
  if (!button) throw new Error(`There is no button ${action}.`);
  const responseUrl = slack.responseUrl();
  const triggerId = `trigger-${userId}-${action}`;
  const payload: Json = {
    type: 'block_actions',
    team: { id: TEAM },
    user: { id: userId, team_id: TEAM },
    trigger_id: triggerId,
    channel: { id: card.channel },
    container: { type: 'message', channel_id: card.channel, message_ts: card.ts },
    response_url: responseUrl,
    actions: [{ type: 'button', action_id: button.action_id, value: button.value, action_ts: slack.stamp() }],
  };
  return { payload, responseUrl, triggerId };
}

/** @throws Error when the bot didn't take something */
export function must(acknowledged: Acknowledged, what: string): void {
  const refused =
    typeof acknowledged.body === 'object' &&
    acknowledged.body !== null &&
    'response_action' in acknowledged.body &&
    acknowledged.body.response_action === 'errors';
  if (acknowledged.status !== 200 || refused)
    throw new Error(`The bot did not take ${what}: ${acknowledged.status} ${JSON.stringify(acknowledged.body)}`);
}
