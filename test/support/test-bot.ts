import type { Card } from '../../src/core/card.js';
import { createDispatch } from '../../src/core/dispatch.js';
import type { FileHandle, FormValues, PersonHint } from '../../src/core/form.js';
import type { CommandToken, Interaction } from '../../src/core/interaction.js';
import type { Ref, RefPayload } from '../../src/core/ref.js';
import { createRegistry } from '../../src/core/registry.js';
import type { Answer } from '../../src/core/reply.js';
import type { KeyText, Text } from '../../src/core/text.js';
import { createOnce } from '../../src/delivery/handled.js';
import { createJobRunner } from '../../src/delivery/jobs.js';
import type { MailTransport, OutgoingMail, RenderMail } from '../../src/delivery/mail-port.js';
import { createMailWorker } from '../../src/delivery/mail-worker.js';
import { createDeliveryWorker } from '../../src/delivery/worker.js';
import { createFeatures } from '../../src/features/index.js';
import type { BellhopFeature, Work } from '../../src/people/handlers.js';
import type { Organisation } from '../../src/people/model.js';
import { createResolve } from '../../src/people/resolve.js';
import { anOrganisation, aPerson, aWork, type BuiltPerson, type OrganisationOverrides, type PersonOverrides } from './builders.js';
import type { TestDatabase } from './database.js';
import { createPlatformCheck } from './platform-check.js';
import { type Recorded, recordingChat } from './recording-chat.js';
import { checkCalendar, checkedMail, recordingMail } from './recording-mail.js';
import { testSweeper } from './sweeping.js';
import { type TestClock, testClock } from './test-clock.js';

/** Somebody at the keyboard. Every act returns what the bot answered to it. */
export interface Hands {
  /** For instance `handbook status`; a person in the words stands for a mention. */
  command(text: string, options?: { mention?: BuiltPerson; files?: readonly FileHandle[] }): Promise<Answer>;
  /** Presses the button that leads to `id` on a card, an answer or the newest message to this person that has it. */
  click(id: string, on?: Card | Answer): Promise<Answer>;
  /** Presses a button that may not be there any more. */
  press(ref: Ref | null): Promise<Answer>;
  /** Fills in the form that an answer opened, or came back with errors. */
  submit(form: Answer, values: FormValues): Promise<Answer>;
  home(): Promise<Answer>;
}

export interface TestBot {
  readonly organisation: Organisation;
  readonly work: Work;
  readonly clock: TestClock;
  person(overrides?: PersonOverrides): Promise<BuiltPerson>;
  as(person: BuiltPerson): Hands;
  /** Everything that is due: jobs, sweeps, messages, until nothing is left to do at this instant. */
  runDue(): Promise<void>;
  /** What lies in a person's 1:1 chats, as it looks now. */
  messagesTo(person: BuiltPerson): readonly Recorded[];
  messagesIn(channel: { readonly externalId: string }): readonly Recorded[];
  /** Everything that lies in anybody's chat. */
  messages(): readonly Recorded[];
  /** What was mailed to this person's address, in order; with `mail` only. Its calendar was looked at. */
  mailsTo(person: BuiltPerson): readonly OutgoingMail[];
  /** Sends an interaction as an adapter would, for repeats and what no client would send. */
  dispatch(interaction: Interaction): Promise<Answer>;
}

export interface TestBotOptions {
  readonly now: string;
  readonly database: TestDatabase;
  readonly organisation?: OrganisationOverrides;
  /** Instead of all features of the registry. */
  readonly features?: readonly BellhopFeature[];
  /** Has e-mails sent: kept for `mailsTo`, or handed to a transport. Everybody made by `person` has an address then. */
  readonly mail?: 'recording' | MailTransport;
  /** What the program is set up with otherwise than a bot without settings. */
  readonly setup?: Partial<Pick<Work, 'publicUrl' | 'chatLinks' | 'localise' | 'agenda'>>;
  /** Sees every answer. */
  readonly watch?: (answer: Answer) => void;
}

/**
 * The bot without a platform: real database, real dispatch, real delivery engine, a clock that the test moves.
 * Every card and form that it shows is rendered for both platforms and checked against their limits.
 */
export async function testBot({ now, database, organisation: overrides, features, mail, setup, watch }: TestBotOptions): Promise<TestBot> {
  const clock = testClock(now);
  const organisation = await anOrganisation(database.db, overrides);
  const work = aWork(database.db, { clock, sendsMail: mail !== undefined, ...setup });
  const registry = createRegistry(features ?? createFeatures({ directories: new Map() }));
  const check = createPlatformCheck(registry);
  const failures: unknown[] = [];
  const send = createDispatch(registry, {
    resolve: createResolve(work, registry),
    once: createOnce({ db: database.db, clock, processId: 'test' }),
    failed: (error) => {
      failures.push(error);
      return 'unexpected';
    },
  });
  const dispatch = async (interaction: Interaction): Promise<Answer> => {
    const { answer, reader } = await send(interaction);
    // What a person would see as "something went wrong" is a failed test.
    if (failures.length > 0) throw failures.splice(0)[0];
    check.answer(answer, reader);
    watch?.(answer);
    return answer;
  };
  const chats = { slack: recordingChat('slack', check.card), teams: recordingChat('teams', check.card) };
  const worker = createDeliveryWorker({
    work,
    registry,
    chats: new Map([
      ['slack', chats.slack],
      ['teams', chats.teams],
    ]),
    processId: 'test',
  });
  const jobs = createJobRunner({ work, registry, processId: 'test' });
  const recorded = recordingMail();
  // The worker would note what is wrong with a mail as one more trouble, and try again.
  const mailFailures: unknown[] = [];
  const noted = <T>(act: () => T): T => {
    try {
      return act();
    } catch (error) {
      mailFailures.push(error);
      throw error;
    }
  };
  const renderChecked = checkedMail(check.card);
  const render: RenderMail = (...given) => noted(() => renderChecked(...given));
  const out = mail === undefined || mail === 'recording' ? recorded : mail;
  const transport: MailTransport = {
    from: out.from,
    send: async (outgoing) => {
      noted(() => checkCalendar(outgoing));
      await out.send(outgoing);
    },
  };
  const mails = createMailWorker({ work, registry, transport, render, processId: 'test', paceFactor: 1_000 });
  const sweeper = testSweeper({ work, registry });
  const all = () => [...chats.slack.messages, ...chats.teams.messages];
  const workspaces = new Map((await database.db.workspace.findMany()).map((row) => [row.id, row.externalId]));

  let people = 0;
  const bot: TestBot = {
    organisation,
    work,
    clock,
    person: async (person) => {
      people += 1;
      return await aPerson(database.db, organisation, { ...(mail && { email: `person${people}@example.com` }), ...person });
    },
    as: (person) =>
      hands(bot, person, async () => {
        if (!workspaces.has(person.workspaceId)) {
          for (const row of await database.db.workspace.findMany()) workspaces.set(row.id, row.externalId);
        }
        return workspaces.get(person.workspaceId) ?? '';
      }),
    runDue: async () => {
      await sweeper.runAll();
      for (let round = 0; round < 100; round++) {
        const done = (await jobs.runDue()) + (await worker.runDue()) + (mail ? await mails.runDue() : 0);
        if (mailFailures.length > 0) throw mailFailures.splice(0)[0];
        if (done === 0) return;
      }
      throw new Error('There is always something due.');
    },
    messagesTo: (person) => all().filter(({ to }) => to.kind === 'direct' && to.externalId === person.externalId),
    messagesIn: (channel) => all().filter(({ to }) => to.kind === 'channel' && to.externalId === channel.externalId),
    messages: all,
    mailsTo: ({ email }) => recorded.mails.filter(({ to }) => email !== undefined && to === email.trim().toLowerCase()),
    dispatch,
  };
  return bot;
}

let acts = 0;

function hands(bot: TestBot, person: BuiltPerson, workspaceExternalId: () => Promise<string>): Hands {
  const base = async () => {
    // Taken before anything is waited for: what happens at the same time are acts of their own.
    acts += 1;
    const act = acts;
    return {
      actor: { platform: person.platform, workspaceExternalId: await workspaceExternalId(), externalId: person.externalId },
      place: { kind: 'direct' as const },
      onceKey: `act-${act}`,
      requestId: `request-${act}`,
    };
  };
  const press = async (pressed: Ref | null) => await bot.dispatch({ ...(await base()), kind: 'action', ref: pressed });
  return {
    command: async (text, { mention, files = [] } = {}) => {
      const [command = '', ...rest] = text.split(' ').filter(Boolean);
      const tokens: CommandToken[] = rest.map((word) => ({ kind: 'word', text: word }));
      if (mention) tokens.push({ kind: 'person', hint: hintOf(mention) });
      return await bot.dispatch({ ...(await base()), kind: 'command', command, tokens, text: rest.join(' '), files });
    },
    press,
    click: async (id, on) => {
      const sources = on
        ? cardsOf(on)
        : bot
            .messagesTo(person)
            .map((message) => message.card)
            .reverse();
      const found = sources.flatMap(buttonsOf).find((button) => button.id === id);
      if (!found)
        throw new Error(
          `There is no button ${id}; there are: ${sources
            .flatMap(buttonsOf)
            .map((button) => button.id)
            .join(', ')}`,
        );
      return await press(found);
    },
    submit: async (form, values) => {
      if (form.kind !== 'form' && form.kind !== 'errors') throw new Error(`That is no form but ${JSON.stringify(form)}`);
      return await bot.dispatch({ ...(await base()), kind: 'submit', ref: form.form.ref, values });
    },
    home: async () => await bot.dispatch({ ...(await base()), kind: 'home' }),
  };
}

/** How a person is named by a mention or a picker. */
export const hintOf = (person: BuiltPerson): PersonHint => ({ by: 'account', externalId: person.externalId });

/** A file as a platform hands it over. */
export function fileOf(name: string, content: string | Uint8Array): FileHandle {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  return { name, size: bytes.length, read: async () => bytes };
}

export function cardsOf(shown: Card | Answer): readonly Card[] {
  if (!('kind' in shown)) return [shown];
  if (shown.kind === 'home') return shown.cards;
  return 'card' in shown ? [shown.card] : [];
}

/** The first card of an answer that has to have one. */
export function cardOf(answer: Answer): Card {
  const [card] = cardsOf(answer);
  if (!card) throw new Error(`No card: ${JSON.stringify(answer)}`);
  return card;
}

/** Which fields of a form have to be mended, and the key of what is said at each. */
export function refusedWith(answer: Answer): Record<string, string | undefined> {
  if (answer.kind !== 'errors') throw new Error(`Not refused: ${JSON.stringify(answer)}`);
  return Object.fromEntries(Object.entries(answer.errors).map(([field, why]) => [field, keysIn(why)[0]]));
}

/** The key of what a card says first. */
export const leadOf = (answer: Answer): string | undefined => keysIn(cardsOf(answer)[0]?.lead)[0];

/** The refs of all buttons of a card, rows and menu included. */
export function buttonsOf(card: Card): readonly Ref[] {
  const inRows = (card.rows ?? []).flatMap((row) => (row.action ? [row.action.ref] : []));
  return [...inRows, ...(card.actions ?? []).flatMap((action) => (action.kind === 'button' ? [action.ref] : []))];
}

/** Every catalogue key that a value holds, outermost first: what tests assert instead of prose. */
export function keysIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(keysIn);
  if (typeof value !== 'object' || value === null) return [];
  const own = (value as Text).kind === 'key' ? [(value as KeyText).key] : [];
  return [...own, ...Object.values(value as RefPayload).flatMap(keysIn)];
}
