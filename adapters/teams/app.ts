import {
  CloudAdapter,
  ConfigurationBotFrameworkAuthentication,
  ConfigurationServiceClientCredentialFactory,
  type Activity as SdkActivity,
} from 'botbuilder';
import expressJson, { type ErrorRequestHandler, type Express, type Request, type RequestHandler, type Response } from 'express';
import type { Clock } from '../../src/core/clock.js';
import type { Dispatch } from '../../src/core/dispatch.js';
import { key, type Localise } from '../../src/core/text.js';
import type { Pictures } from '../../src/delivery/pictures-port.js';
import type { Chat } from '../../src/delivery/port.js';
import type { ChatLinks, Directory, Log, ReportDirectoryEvent } from '../../src/people/ports.js';
import { Activity, tenantOf } from './activity.js';
import type { FileLinks } from './answers.js';
import { createChat, type Whereabouts } from './chat.js';
import { createConnector } from './connector.js';
import { createDialogs } from './dialog.js';
import { createDirectory, type KnownChannel } from './directory.js';
import { isLoopback } from './files.js';
import type { ChannelChoice } from './form.js';
import { createHappenings } from './happenings.js';
import { TEAMS_LIMITS } from './limits.js';
import { createTeamsLinks } from './links.js';
import { isDialog } from './parse-dialog.js';
import { createPoster } from './post.js';
import { sentence } from './render.js';
import type { PictureUrl } from './render-text.js';
import { claimOf, idOf, isOutage } from './request.js';
import { type Authorities, createTokens, openIdOf } from './tokens.js';
import { createTurns } from './turn.js';
import { within } from './within.js';

export interface TeamsOptions {
  readonly dispatch: Dispatch;
  readonly report: ReportDirectoryEvent;
  readonly localise: Localise;
  readonly clock: Clock;
  readonly log: Log;
  /** `POST /api/messages` is mounted here; no body parser may stand before it. */
  readonly express: Express;
  /** `SingleTenant` (new bots), `MultiTenant` or `UserAssignedMSI`. */
  readonly appType?: string | undefined;
  readonly appId?: string | undefined;
  readonly appPassword?: string | undefined;
  readonly tenantId?: string | undefined;
  /** The `To*` settings of botbuilder, for a sovereign cloud or a local OpenID server. */
  readonly authorities?: Authorities | undefined;
  /** The local trial: nobody is asked for a token. The composition root sees to it that only this computer can ask. */
  readonly trial: boolean;
  readonly commandNames: readonly string[];
  readonly files: FileLinks;
  /** The pictures of cards, on the bot's own web door. */
  readonly pictures?: Pick<Pictures, 'url'> | undefined;
  /** The channels for a form's list, with their ids in Bellhop. */
  readonly channelChoices?: ((workspaceExternalId: string) => Promise<readonly ChannelChoice[]>) | undefined;
  /** The channels and group chats that have the app, from Bellhop's records. */
  readonly knownChannels?: ((workspaceExternalId: string) => Promise<readonly KnownChannel[]>) | undefined;
  /** How many times Teams' limits apply: for trials against a stand-in with scaled limits. */
  readonly paceFactor?: number | undefined;
}

export interface TeamsAdapter {
  readonly chat: Chat;
  readonly directory: Directory;
  readonly links: ChatLinks;
  start(): Promise<void>;
  /** Takes nothing new and finishes what is under way. */
  stop(): Promise<void>;
  ready(): boolean;
}

/** How long work in flight may take to finish when the bot stops, in milliseconds. */
const STOP_MS = 10_000;

/** botbuilder's part: it checks tokens and frames the turn; everything else is ours. */
class Door extends CloudAdapter {
  admit(activity: Pick<SdkActivity, 'channelId' | 'serviceUrl'>, header: string) {
    return this.botFrameworkAuthentication.authenticateRequest(activity as SdkActivity, header);
  }

  /** Runs one turn; an invoke's answer comes back with its HTTP status. */
  turn(admission: Admission, activity: SdkActivity, act: () => Promise<{ status: number; body?: object } | undefined>) {
    return this.processActivity(admission, activity, async (context) => {
      const answer = await act();
      if (answer) await context.sendActivity({ type: 'invokeResponse', value: answer });
    });
  }

  /** The credentials with which the bot itself asks the connector. */
  async credentials(appId: string, serviceUrl: string): Promise<unknown> {
    const factory = this.botFrameworkAuthentication.createConnectorFactory(this.createClaimsIdentity(appId));
    return (await factory.create(serviceUrl)).credentials;
  }
}

type Admission = Awaited<ReturnType<Door['admit']>>;

/**
 * Teams at `POST /api/messages`.
 * @throws Error when there is no app id outside the trial: botbuilder would then let everybody in
 */
export function createTeams(options: TeamsOptions): TeamsAdapter {
  const { express, log, localise, trial } = options;
  const appId = trial ? '' : (options.appId?.trim() ?? '');
  if (!trial && !appId) throw new Error('MicrosoftAppId is missing: without it anybody could write to the bot in anybody’s name.');
  const door = new Door(authentication(options, appId));
  const seen = { botId: appId ? `28:${appId}` : undefined, serviceUrls: new Map<string, string>() };
  const whereabouts: Whereabouts = { serviceUrl: (tenant) => seen.serviceUrls.get(tenant), botId: () => seen.botId };
  const tokens = createTokens({
    trial,
    appId,
    appPassword: options.appPassword ?? '',
    authorities: options.authorities ?? {},
    credentials: () => door.credentials(appId, 'https://smba.trafficmanager.net/teams/'),
  });
  const connector = createConnector(tokens);
  const flight = new Set<Promise<unknown>>();
  const track = (work: Promise<unknown>): void => {
    flight.add(work);
    void work.finally(() => flight.delete(work));
  };
  const { channelChoices = async () => [], knownChannels = async () => [] } = options;
  const pictureUrl = pictureAddresses(options);
  const poster = createPoster({ connector, localise, log, whereabouts });
  const turns = createTurns({ ...options, channelChoices, pictureUrl, connector, poster, track });
  const dialogs = createDialogs({ ...options, channelChoices, pictureUrl, poster, track });
  const happenings = createHappenings({ ...options, knownChannels, connector, turns });
  let state: 'new' | 'ready' | 'stopping' = 'new';

  const handle = async (activity: Activity, requestId: string): Promise<{ status: number; body?: object } | undefined> => {
    const tenant = tenantOf(activity, trial);
    if (!tenant) {
      log.warn({ requestId, type: activity.type }, 'An activity that names no tenant was left aside');
      return undefined;
    }
    seen.serviceUrls.set(tenant, activity.serviceUrl);
    if (activity.recipient) seen.botId = activity.recipient.id;
    // A message extension may be used in two people's own chat: nobody's chat with the bot.
    if (activity.type === 'message' || (activity.type === 'invoke' && !activity.name?.startsWith('composeExtension/'))) {
      const noting = happenings.firstContact(activity, requestId);
      track(noting);
      await within(noting, TEAMS_LIMITS.firstContactMs, undefined);
    }
    if (activity.type === 'message') await turns.message(activity, requestId);
    else if (activity.type === 'messageReaction') await turns.reaction(activity, requestId);
    else if (activity.type === 'conversationUpdate' || activity.type === 'installationUpdate') await happenings.event(activity, requestId);
    else if (activity.type === 'invoke') return await invoke(activity, requestId);
    return undefined;
  };

  const invoke = async (activity: Activity, requestId: string): Promise<{ status: number; body?: object }> => {
    const { name = '' } = activity;
    if (name === 'adaptiveCard/action') return { status: 200, body: await turns.click(activity, requestId) };
    if (isDialog(name)) {
      const body = await dialogs.invoke(activity, requestId);
      return body ? { status: 200, body } : { status: 200 };
    }
    log.warn({ requestId, name }, 'An invoke that Bellhop does not offer');
    const text = sentence(key('core.errors.not_offered'), { locale: activity.locale ?? 'en', zone: 'UTC' }, localise);
    if (name.startsWith('composeExtension/')) return { status: 200, body: { composeExtension: { type: 'message', text } } };
    // Whatever else there may be: an answer in the shape that invokes have, for a status of 5xx would be sent again.
    return {
      status: 200,
      body: { statusCode: 400, type: 'application/vnd.microsoft.error', value: { code: 'NotSupported', message: text } },
    };
  };

  /** Signature, audience, issuer, time and key are checked before the body is read; then what was signed must fit it. */
  const admit: RequestHandler = async (request, response, next) => {
    if (state !== 'ready') return void response.status(503).set('retry-after', '1').end();
    if (trial) return next();
    const header = request.headers.authorization ?? '';
    const serviceUrl = claimOf(header, 'serviceurl');
    if (!serviceUrl) return unauthorised(request, response, 'no token');
    try {
      response.locals.admission = await door.admit({ channelId: 'msteams', serviceUrl }, header);
      response.locals.serviceUrl = serviceUrl;
    } catch (error) {
      if (isOutage(error)) {
        log.error(
          { err: error, requestId: idOf(request) },
          `The keys that prove Teams' messages could not be read from ${openIdOf(options.authorities ?? {})}`,
        );
        return void response.status(503).set('retry-after', '5').end();
      }
      return unauthorised(request, response, error instanceof Error ? error.message : 'not accepted');
    }
    return next();
  };

  const unauthorised = (request: Request, response: Response, reason: string): void => {
    log.warn({ requestId: idOf(request), reason }, 'A request to Teams’ door without a good token was refused');
    response.status(401).set('www-authenticate', 'Bearer').end();
  };

  const receive: RequestHandler = async (request, response) => {
    const requestId = idOf(request);
    const parsed = Activity.safeParse(request.body);
    if (!parsed.success || parsed.data.channelId !== 'msteams') {
      log.warn(
        { requestId, channelId: parsed.data?.channelId, at: parsed.error?.issues[0]?.path.join('.') },
        'Something that is no activity of Teams was refused',
      );
      return void response.status(400).json({ error: 'bad_request', requestId });
    }
    const activity = parsed.data;
    if (trial && !isLoopback(new URL(activity.serviceUrl).hostname)) {
      log.warn({ requestId }, 'In the trial only a client on this computer is answered');
      return void response.status(400).json({ error: 'bad_request', requestId });
    }
    if (!trial && activity.serviceUrl !== response.locals.serviceUrl)
      return unauthorised(request, response, 'the token is for another service address');
    try {
      // Anonymous in the trial; elsewhere it was made before the body was read.
      const admission: Admission = trial
        ? await door.admit({ channelId: activity.channelId, serviceUrl: activity.serviceUrl }, '')
        : response.locals.admission;
      const work = door.turn(admission, request.body, () => handle(activity, requestId));
      track(work.catch(() => undefined));
      const answer = await work;
      response.status(answer?.status ?? 200);
      return void (answer?.body ? response.json(answer.body) : response.end());
    } catch (error) {
      log.error({ err: error, requestId }, 'An activity of Teams could not be handled');
      return void response.status(500).end();
    }
  };

  // Teams writes null for what it has not got. Payloads of our buttons travel as text and keep theirs.
  const body = expressJson.json({
    limit: TEAMS_LIMITS.inboundBytes,
    type: 'application/json',
    reviver: (_, value: unknown) => (value === null ? undefined : value),
  });
  const refuse: ErrorRequestHandler = (error: { status?: number; type?: string }, request, response, next) => {
    if (response.headersSent) return next(error);
    const status = error.status !== undefined && error.status >= 400 && error.status < 500 ? error.status : 500;
    log.warn({ requestId: idOf(request), status, type: error.type }, 'A request to Teams’ door could not be read');
    response
      .status(status)
      .json({ error: status === 413 ? 'too_large' : status < 500 ? 'bad_request' : 'internal_error', requestId: idOf(request) });
  };
  express.post('/api/messages', admit, body, receive, refuse);
  express.all('/api/messages', (_, response) => void response.status(405).set('allow', 'POST').end());

  return {
    chat: createChat({ connector, localise, whereabouts, pictureUrl, paceFactor: options.paceFactor ?? 1 }),
    directory: createDirectory({ connector, knownChannels, serviceUrl: whereabouts.serviceUrl }),
    links: createTeamsLinks(appId),
    async start() {
      state = 'ready';
    },
    async stop() {
      state = 'stopping';
      const end = AbortSignal.timeout(STOP_MS);
      while (flight.size > 0 && !end.aborted)
        await Promise.race([Promise.allSettled(flight), new Promise((done) => end.addEventListener('abort', done, { once: true }))]);
    },
    ready: () => state === 'ready',
  };
}

/** Teams fetches pictures over https only; the trial's client is a browser on this computer. */
function pictureAddresses({ pictures, trial }: TeamsOptions): PictureUrl {
  return (id) => {
    const url = pictures?.url(id);
    return url && (trial || url.startsWith('https:')) ? url : undefined;
  };
}

function authentication(options: TeamsOptions, appId: string): ConfigurationBotFrameworkAuthentication {
  const credentials = new ConfigurationServiceClientCredentialFactory({
    MicrosoftAppId: appId,
    MicrosoftAppPassword: options.appPassword ?? '',
    MicrosoftAppType: appId ? (options.appType ?? 'SingleTenant') : 'MultiTenant',
    MicrosoftAppTenantId: options.tenantId ?? '',
  });
  return new ConfigurationBotFrameworkAuthentication(authoritiesFor(options), credentials);
}

/** As soon as one of the addresses is given, botbuilder takes all of them from the settings: the others are Microsoft's. */
function authoritiesFor({ authorities, tenantId }: TeamsOptions): Record<string, string | boolean> {
  const given = Object.fromEntries(Object.entries(authorities ?? {}).filter((entry): entry is [string, string] => Boolean(entry[1])));
  if (Object.keys(given).length === 0) return {};
  return {
    ValidateAuthority: true,
    ToChannelFromBotLoginUrl: `https://login.microsoftonline.com/${tenantId || 'botframework.com'}`,
    ToChannelFromBotOAuthScope: 'https://api.botframework.com',
    ToBotFromChannelTokenIssuer: 'https://api.botframework.com',
    OAuthUrl: 'https://api.botframework.com',
    ToBotFromChannelOpenIdMetadataUrl: 'https://login.botframework.com/v1/.well-known/openidconfiguration',
    ToBotFromEmulatorOpenIdMetadataUrl: 'https://login.microsoftonline.com/botframework.com/v2.0/.well-known/openid-configuration',
    CallerId: 'urn:botframework:azure',
    ...given,
  };
}
