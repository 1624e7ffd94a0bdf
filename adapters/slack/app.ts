import { randomUUID } from 'node:crypto';
import { App } from '@slack/bolt';
import type { Application } from 'express';
import type { Clock } from '../../src/core/clock.js';
import type { Dispatch } from '../../src/core/dispatch.js';
import type { Interaction } from '../../src/core/interaction.js';
import type { Localise } from '../../src/core/text.js';
import type { Pictures } from '../../src/delivery/pictures-port.js';
import { type Chat, ChatError } from '../../src/delivery/port.js';
import type { ChatLinks, Directory, Log, ReportDirectoryEvent, WorkspaceProfile } from '../../src/people/ports.js';
import { createAnswerer } from './answer.js';
import { createSlackApi, sdkLogger } from './api.js';
import { createSlackChat } from './chat.js';
import { createSlackDirectory, workspaceProfile } from './directory.js';
import { DIRECTORY_EVENTS, readDirectoryEvent } from './events.js';
import { fileHandles, SlackFile } from './files.js';
import { createSlackLinks } from './links.js';
import { createLull } from './lull.js';
import { createNames } from './names.js';
import { type AnswerTo, type ParseContext, parseClick, parseCommand, parseSubmission } from './parse.js';
import { parseHome, parseMessage, parseReaction, REACTION_EVENTS } from './parse-events.js';
import { namesWanted, parseShortcut } from './parse-shortcut.js';
import { createPictureDesk } from './pictures.js';
import { reasonOf } from './posting.js';
import { HttpReceiver } from './receiver.js';
import { createSocketConnection } from './socket.js';
import { answerSubmission, type SubmissionAck } from './submission.js';
import { createUnderWay } from './under-way.js';

export interface SlackOptions {
  readonly dispatch: Dispatch;
  readonly report: ReportDirectoryEvent;
  readonly localise: Localise;
  readonly clock: Clock;
  readonly log: Log;
  /** The names of the registry's commands: words that make a direct message a command. */
  readonly commands: readonly string[];
  /** The ids of the registry's shortcuts. */
  readonly shortcuts: readonly string[];
  /** Without it the pictures of cards are shown by their words. */
  readonly pictures?: Pictures | undefined;
  /** Shared with others; without an app-level token Slack is heard there, at POST /slack/events. Mount before body parsers. */
  readonly express: Application;
  readonly botToken: string;
  readonly signingSecret: string;
  /** Socket Mode when given. */
  readonly appToken?: string | undefined;
  /** Another Web API than Slack's own, with a slash at its end. */
  readonly apiUrl?: string | undefined;
  /** See createSlackChat. */
  readonly paceFactor?: number | undefined;
  /** See SubmissionOptions. */
  readonly formPatienceMs?: number | undefined;
}

export interface SlackAdapter {
  readonly chat: Chat;
  readonly directory: Directory;
  readonly links: ChatLinks;
  /** The workspace of the token. Throws ChatError, `unauthorised` when Slack doesn't take the token. */
  workspace(): Promise<WorkspaceProfile>;
  /** Begins to hear Slack. Throws ChatError `unauthorised` when Slack doesn't take the app-level token. */
  start(): Promise<void>;
  /** Hears nothing more; resolves when everything under way is answered (at the latest after ten seconds). */
  stop(): Promise<void>;
  /** Whether Slack can reach the bot, as far as the bot can tell. */
  ready(): boolean;
}

const DRAIN_MS = 10_000;
/** So many forms that wait for their acknowledgement are no crowd yet. */
const FEW = 10;
const ASK_AGAIN_MS = 5000;

/** Slack's edge: everything that Slack sends becomes an Interaction or a DirectoryEvent, every Answer goes back. */
export function createSlack(options: SlackOptions): SlackAdapter {
  const { dispatch, report, localise, log, clock } = options;
  const api = createSlackApi({ botToken: options.botToken, apiUrl: options.apiUrl, log });
  const nextStep = () => randomUUID().slice(0, 8);
  const desk = createPictureDesk({ api, pictures: options.pictures, log });
  const answerer = createAnswerer({ api, desk, localise, log, nextStep });
  const namesOf = createNames(api);
  const lull = createLull(FEW);
  const fileHandle = fileHandles({
    botToken: options.botToken,
    apiUrl: api.apiUrl,
    info: async (id) => SlackFile.parse((await api.call('files.info', true, (client) => client.files.info({ file: id }))).file),
  });

  let known: WorkspaceProfile | undefined;
  let asking: Promise<WorkspaceProfile> | undefined;
  let asker: NodeJS.Timeout | undefined;
  const workspace = async (): Promise<WorkspaceProfile> => {
    if (known) return known;
    asking ??= workspaceProfile(api).finally(() => {
      asking = undefined;
    });
    known = await asking;
    return known;
  };

  const socket = options.appToken ? createSocketConnection({ appToken: options.appToken, apiUrl: api.apiUrl, log }) : undefined;
  const receiver = socket?.receiver ?? new HttpReceiver(options.express, { signingSecret: options.signingSecret, log });
  const app = new App({
    receiver,
    authorize: async () => ({ botToken: options.botToken }),
    // parse.ts leaves the bot's own messages aside; Bolt's filter needs to know the bot before Slack has told it.
    ignoreSelf: false,
    convoStore: false,
    attachFunctionToken: false,
    clientOptions: { slackApiUrl: api.apiUrl, retryConfig: { retries: 0 }, rejectRateLimitedCalls: true },
    logger: sdkLogger(log),
  });

  // Everything that Slack sends names the app that it is for.
  let appId: string | undefined;
  app.use(async ({ body, next }) => {
    if ('api_app_id' in body && typeof body.api_app_id === 'string') appId = body.api_app_id;
    await next();
  });

  const underWay = createUnderWay();
  const tracked = underWay.run;

  const contextOf = async (bolt: Readonly<Record<string, unknown>>): Promise<ParseContext & { readonly log: Log }> => {
    // Slack being away must not keep a person waiting: the payload names a workspace too.
    const installed = known ?? (await Promise.race([workspace().catch(() => undefined), sleep(500)]));
    const requestId = typeof bolt.requestId === 'string' ? bolt.requestId : nextStep();
    return {
      workspace: installed ? { externalId: installed.externalId, botUserId: installed.botExternalId } : undefined,
      commands: options.commands,
      fileHandle,
      requestId,
      log: log.child({ requestId, platform: 'slack' }),
    };
  };

  const homeOf = (interaction: Interaction): Interaction => ({
    kind: 'home',
    actor: interaction.actor,
    place: { kind: 'home' },
    onceKey: `${interaction.onceKey}:home`,
    requestId: interaction.requestId,
  });

  const republish = async (interaction: Interaction, to: AnswerTo): Promise<void> => {
    if (to.origin.kind !== 'home') return;
    const home = homeOf(interaction);
    await answerer.publishHome(await dispatch(home), home);
  };

  /** Dispatches what was acknowledged already, and answers. */
  const handle = async (interaction: Interaction, to: AnswerTo, at: Log): Promise<void> => {
    const begun = clock.now().getTime();
    const dispatched = await dispatch(interaction);
    // Of every reaction in every channel nobody wants to read.
    const level = interaction.kind === 'reaction' && dispatched.answer.kind === 'nothing' ? 'debug' : 'info';
    at[level](
      {
        interaction: interaction.kind,
        ref: refId(interaction),
        answer: dispatched.answer.kind,
        repeat: dispatched.repeat,
        ms: clock.now().getTime() - begun,
      },
      'Slack: answered.',
    );
    await answerer.give({ dispatched, interaction, to });
    if (dispatched.repeat || dispatched.answer.kind === 'form') return;
    // An answer that is App Home itself may say more than its sections: that a card was out of date.
    if (interaction.place.kind === 'home' && dispatched.answer.kind === 'home') await answerer.publishHome(dispatched, interaction);
    else await republish(interaction, to);
  };

  const acknowledge = async (ack: () => Promise<void>, at: Log): Promise<void> => {
    try {
      await ack();
    } catch (error) {
      // The connection went meanwhile. The person's act still counts.
      at.warn({ err: error }, 'Slack: could not be acknowledged.');
    }
  };

  app.command(/.*/, ({ body, ack, context }) =>
    tracked(async () => {
      const parsing = await contextOf(context);
      const parsed = parseCommand(body, parsing);
      if (!parsed) return parsing.log.warn({}, 'Slack: a command could not be read.');
      await acknowledge(() => ack(), parsing.log);
      await handle(parsed.interaction, parsed.to, parsing.log);
    }),
  );

  app.action(/.*/, ({ body, ack, context }) =>
    tracked(async () => {
      const parsing = await contextOf(context);
      const parsed = parseClick(body, parsing);
      if (!parsed) return parsing.log.warn({}, 'Slack: a click could not be read.');
      await acknowledge(() => ack(), parsing.log);
      if (parsed !== 'link') await handle(parsed.interaction, parsed.to, parsing.log);
    }),
  );

  app.view({ type: 'view_submission' }, ({ body, ack, context }) =>
    tracked(async () => {
      const parsing = await contextOf(context);
      const submitted = parseSubmission(body, parsing);
      if (!submitted) return parsing.log.warn({}, 'Slack: a form could not be read.');
      const { interaction, to } = submitted;
      // Bolt's type of the answer wants to know the view in advance.
      const answer = ack as unknown as (content: SubmissionAck) => Promise<void>;
      const work = dispatch(interaction);
      const settings = { api, answerer, desk, localise, log: parsing.log, nextStep, lull, patienceMs: options.formPatienceMs };
      await answerSubmission(submitted, work, answer, settings, async (dispatched) => {
        parsing.log.info(
          { interaction: 'submit', ref: refId(interaction), answer: dispatched.answer.kind, repeat: dispatched.repeat },
          'Slack: answered.',
        );
        if (!dispatched.repeat) await republish(interaction, to);
      });
    }),
  );

  app.view({ type: 'view_closed' }, async ({ ack }) => await ack());
  app.shortcut(/.*/, ({ body, ack, context }) =>
    tracked(async () => {
      const parsing = await contextOf(context);
      await acknowledge(() => ack(), parsing.log);
      const names = await namesOf(namesWanted(body));
      const parsed = parseShortcut(body, { ...parsing, shortcuts: options.shortcuts, names });
      if (!parsed) return parsing.log.warn({}, 'Slack: a shortcut could not be read.');
      if (parsed === 'unknown') return parsing.log.warn({ type: body.type }, 'Slack: a shortcut that is not Bellhop’s.');
      await handle(parsed.interaction, parsed.to, parsing.log);
    }),
  );
  app.options(/.*/, async ({ ack }) => await ack({ options: [] }));

  app.event(/.*/, ({ body, event, context }) =>
    tracked(async () => {
      const parsing = await contextOf(context);
      if (DIRECTORY_EVENTS.has(event.type)) return await heardOfPeople(body, parsing);
      if (REACTION_EVENTS.has(event.type)) {
        const reaction = parseReaction(body, parsing);
        return reaction && (await handle(reaction.interaction, reaction.to, parsing.log));
      }
      const home = parseHome(body, parsing);
      if (home) return await answerer.publishHome(await dispatch(home.interaction), home.interaction);
      const message = parseMessage(body, parsing);
      if (message) await handle(message.interaction, message.to, parsing.log);
    }),
  );

  const heardOfPeople = async (body: unknown, parsing: ParseContext & { readonly log: Log }): Promise<void> => {
    try {
      const read = await readDirectoryEvent(body, parsing.workspace, api);
      if (!read) return parsing.log.warn({}, 'Slack: an event could not be read.');
      for (const [index, event] of read.events.entries()) {
        await report(
          { platform: 'slack', externalId: read.workspaceExternalId },
          event,
          index === 0 ? read.onceKey : `${read.onceKey}:${index}`,
        );
      }
    } catch (error) {
      // The daily reading brings what is missed here.
      parsing.log.warn({ reason: reasonOf(error) }, 'Slack: an event could not be followed up.');
    }
  };

  app.error(async (error) => {
    log.error({ err: error }, 'Slack: a listener failed.');
  });

  return {
    chat: createSlackChat({ api, desk, localise, paceFactor: options.paceFactor }),
    directory: createSlackDirectory(api),
    links: createSlackLinks(() => appId),
    workspace,

    start: async () => {
      try {
        await workspace();
      } catch (error) {
        if (error instanceof ChatError && error.code === 'unauthorised') throw error;
        log.warn({ reason: reasonOf(error) }, 'Slack can’t be asked who the bot is; it is asked again soon.');
        asker = setInterval(
          () =>
            void workspace().then(
              () => clearInterval(asker),
              () => {},
            ),
          ASK_AGAIN_MS,
        );
      }
      if (socket) await socket.start();
      else await app.start();
    },

    stop: async () => {
      clearInterval(asker);
      if (!socket) await app.stop();
      // Over a socket acknowledgements need the connection: it closes last.
      const left = await underWay.drained(DRAIN_MS);
      if (left > 0) log.warn({ left }, 'Slack: work under way was not finished in time.');
      await socket?.stop();
    },

    ready: () => known !== undefined && (socket ? socket.connected() : true),
  };
}

/** What was pressed, sent or chosen; null for what no release of ours can have made. */
function refId(interaction: Interaction): string | null | undefined {
  if (interaction.kind === 'shortcut') return interaction.shortcut;
  return 'ref' in interaction ? (interaction.ref?.id.slice(0, 80) ?? null) : undefined;
}

function sleep(ms: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(() => resolve(undefined), Math.max(0, ms)).unref());
}
