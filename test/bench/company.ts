import type { Json } from '../support/fake-slack/directory-answers.js';
import type { FakeMessage } from '../support/fake-slack/fake-slack.js';
import { type Bot, startBot, withDatabase } from './bot.js';
import { buttonIn, clickOn, type Desk, MANAGER, makeDraft, must, until } from './desk.js';

/** Where the manager and every employee find the newest request to read and sign. */
export type Requests = ReadonlyMap<string, FakeMessage>;

/** Starts a bot that knows everybody at the desk. */
export async function employ(desk: Desk, dataDir: string, environment: Readonly<Record<string, string>> = {}): Promise<Bot> {
  const bot = await startBot(dataDir, { ...desk.environment, ...environment });
  desk.slack.botUrl = bot.address;
  await withDatabase(dataDir, (db) =>
    until(async () => (await db.workspace.count({ where: { membersSyncedAt: { not: null } } })) === 1, 'the reading of members'),
  );
  return bot;
}

/** The manager presses "publish", and the bot makes a request for everybody. */
export async function publishToAll(desk: Desk, dataDir: string): Promise<void> {
  const { payload } = clickOn(desk.slack, MANAGER, await makeDraft(desk), 'handbook.publish');
  await withDatabase(dataDir, async (db) => {
    const wanted = (await db.assignment.count()) + desk.employees.length + 1;
    must(await desk.slack.deliver('interactive', payload), 'the click on "publish"');
    await until(async () => (await db.assignment.count()) >= wanted, 'the requests');
  });
}

/**
 * The card that everybody would find sooner or later: Slack takes five messages a second, so most are still to come. They are
 * made from the first one that has come.
 */
export async function requestsOf(desk: Desk, dataDir: string): Promise<Requests> {
  const { slack } = desk;
  const first = await until(() => slack.messages.find((message) => buttonIn(message, 'handbook.read')), 'the first request');
  const assignments = await withDatabase(
    dataDir,
    (db) =>
      db.$queryRaw<{ id: string; externalId: string }[]>`
      SELECT x.id, a."externalId" FROM handbook_assignment x
      JOIN account a ON a."organisationId" = x."organisationId" AND a."personId" = x."personId"`,
  );
  const blocks = JSON.stringify(first.blocks);
  const of = (message: string) => assignments.find(({ id }) => message.includes(id))?.id ?? 'none';
  const its = of(blocks);
  return new Map(
    assignments.map(({ id, externalId }) => {
      const message = { ...first, channel: `D${externalId.slice(1)}`, ts: slack.stamp(), blocks: JSON.parse(blocks.replaceAll(its, id)) };
      slack.messages.push(message);
      return [externalId, message];
    }),
  );
}

/** Somebody opens the only page. @returns the page's card */
export async function read(desk: Desk, employee: string, request: FakeMessage): Promise<FakeMessage> {
  const { payload, responseUrl } = clickOn(desk.slack, employee, request, 'handbook.read');
  const shown = answerAt(desk, new URL(responseUrl).pathname);
  must(await desk.slack.deliver('interactive', payload), 'the click on "read"');
  return { ...request, blocks: (await shown).blocks };
}

/** Somebody presses "sign". @returns the form's view */
export async function openSigning(desk: Desk, employee: string, page: FakeMessage): Promise<Json> {
  const { payload, triggerId } = clickOn(desk.slack, employee, page, 'handbook.sign');
  const opened = answerAt(desk, triggerId);
  must(await desk.slack.deliver('interactive', payload), 'the click on "sign"');
  return (await opened).view as Json;
}

/** What the form of signing holds when it is filled in. */
export function signature(view: Json, name: string): Record<string, Json> {
  const inputs = (view.blocks as Json[]).filter((block) => block.type === 'input');
  return Object.fromEntries(
    inputs.map((block) => {
      const element = block.element as Json;
      const ticked = element.type === 'checkboxes';
      return [String(block.block_id), ticked ? { selected_options: element.options } : { value: name }];
    }),
  );
}

const waiting = new WeakMap<Desk, Map<string, (args: Json) => void>>();

/** The arguments of the call by which the bot answers: to a response address, or with a trigger. */
export function answerAt(desk: Desk, place: string): Promise<Json> {
  let places = waiting.get(desk);
  if (!places) {
    const fresh = new Map<string, (args: Json) => void>();
    places = fresh;
    waiting.set(desk, fresh);
    desk.slack.onCall = ({ args, answer }, path) => {
      const key = typeof args.trigger_id === 'string' ? args.trigger_id : path;
      if (answer.ok !== true) throw new Error(`The bot made a call that Slack refuses: ${JSON.stringify(answer)}`);
      fresh.get(key)?.(args);
      fresh.delete(key);
    };
  }
  const kept = places;
  return new Promise((resolve) => kept.set(place, resolve));
}

/** Everybody reads the page and opens the form to sign. @returns the forms' views, in the order of the employees */
export async function openForms(desk: Desk, requests: Requests): Promise<Json[]> {
  return await inParallel(desk.employees, 20, async (employee) =>
    openSigning(desk, employee, await read(desk, employee, requestOf(requests, employee))),
  );
}

export function requestOf(requests: Requests, employee: string): FakeMessage {
  const request = requests.get(employee);
  if (!request) throw new Error('Somebody was not asked.');
  return request;
}

/** Runs `act` for each item, `width` at a time. */
export async function inParallel<T, R>(items: readonly T[], width: number, act: (item: T, index: number) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const lane = async () => {
    for (let index = next++; index < items.length; index = next++) results[index] = await act(items[index] as T, index);
  };
  await Promise.all(Array.from({ length: width }, lane));
  return results;
}
