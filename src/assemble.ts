import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { SlackAdapter } from '../adapters/slack/app.js';
import type { TeamsAdapter } from '../adapters/teams/app.js';
import { createFileLinks } from '../adapters/web/files.js';
import { healthRoutes } from '../adapters/web/health.js';
import { ASSETS_DOOR } from '../adapters/web/page-assets.js';
import { pictureRoutes } from '../adapters/web/pictures.js';
import { featureRoutes } from '../adapters/web/routes.js';
import { systemClock } from './core/clock.js';
import { createDispatch } from './core/dispatch.js';
import { createGate } from './core/gate.js';
import type { Platform } from './core/interaction.js';
import { createRegistry } from './core/registry.js';
import { doorOf } from './core/web.js';
import { createOnce } from './delivery/handled.js';
import { createJobRunner } from './delivery/jobs.js';
import { createPictures } from './delivery/pictures.js';
import { ChatError } from './delivery/port.js';
import { createSweeper } from './delivery/sweeps.js';
import { DELIVERY_CHANNEL, JOB_CHANNEL, MAIL_CHANNEL } from './delivery/wake.js';
import { createDeliveryWorker } from './delivery/worker.js';
import { onDirectoryChange } from './features/bellhop/index.js';
import { agendaSources, createFeatures } from './features/index.js';
import { ensureFirstOwner } from './people/claim.js';
import { isDatabaseAway } from './people/db.js';
import { createDirectoryReporter } from './people/directory-events.js';
import type { Work } from './people/handlers.js';
import { ensureOrganisation, loadOrganisation, UNNAMED } from './people/organisation.js';
import type { ChatLinks, Directory, DirectoryEvent, ReportDirectoryEvent } from './people/ports.js';
import { createResolve } from './people/resolve.js';
import { createApp } from './runtime/app.js';
import { createCharts } from './runtime/charts.js';
import type { Config } from './runtime/config.js';
import { checkKey } from './runtime/key-check.js';
import { listenTo } from './runtime/listen.js';
import { createLocaliser } from './runtime/localise.js';
import type { Logger } from './runtime/log.js';
import { createMails } from './runtime/mails.js';
import { createMetrics } from './runtime/metrics.js';
import { OperatorError } from './runtime/operator-error.js';
import { createPapers } from './runtime/papers.js';
import { teamsPlaces } from './runtime/places.js';
import { createSchedule } from './runtime/schedule.js';
import { listen } from './runtime/server.js';
import type { Storage } from './runtime/storage.js';
import { createVault, keptKey } from './runtime/vault.js';
import type { Trial } from './trial/trial.js';

/**
 * A crowd is served in order, so many at a time: with everybody at once everybody would wait until nearly all were done.
 * More than there are connections to the database, so that none of those is idle.
 */
const INTERACTIONS_AT_ONCE = 40;

/** For so long a visitor of a public page may see the organisation's former name or hours: it isn't read for each of hundreds a second. */
const KEPT_MS = 1_000;

/** How long a stop waits for requests in flight, in ms. */
const DRAIN_MS = 10_000;

/** What changes who belongs to an audience. */
const FOLLOWED: ReadonlySet<DirectoryEvent['kind']> = new Set(['member', 'member_left', 'channel_joined', 'channel_left']);

/** What the bot is made of. */
export interface Parts {
  readonly config: Config;
  readonly log: Logger;
  /** Given: no platform's signatures are checked. */
  readonly trial: Trial | undefined;
  readonly storage: Storage;
  /** Those of the platforms and doors that are used. */
  readonly adapters: Adapters;
  /** Takes what ends each part that has begun; the last is ended first. */
  readonly undo: (part: string, act: () => Promise<unknown>) => void;
}

/** The modules, as far as they are needed. */
export interface Adapters {
  readonly slackModule: typeof import('../adapters/slack/app.js') | undefined;
  readonly teamsModule: typeof import('../adapters/teams/app.js') | undefined;
  readonly emailModule: typeof import('../adapters/email/app.js') | undefined;
}

export interface Assembled {
  /** For people: `http://localhost:3978`. */
  readonly address: string;
  readonly port: number;
  /** Makes its user the owner, while there is none. */
  readonly claimCode: string | undefined;
  readonly platforms: readonly Platform[];
  readonly processId: string;
}

/**
 * Puts features, platforms and workers together on a database that is open, and starts them; the door last of all.
 * @throws OperatorError naming the setting to mend; what has begun by then is in `undo`
 */
export async function assemble({ config, log, trial, storage, adapters, undo }: Parts): Promise<Assembled> {
  const { slackModule, teamsModule, emailModule } = adapters;
  const { prisma: db } = storage.database;
  const clock = systemClock;
  const processId = `${hostname()}:${process.pid}:${randomBytes(4).toString('hex')}`;
  const vault = createVault(encryptionKeys(config, log));
  const localise = createLocaliser({ clock, log });
  const metrics = createMetrics({ queue: storage.queue });
  const publicUrl = config.publicUrl ?? (trial && `http://${config.host}:${config.port}`);
  const charts = createCharts();
  undo('charts', charts.stop);
  const papers = createPapers();
  undo('papers', papers.stop);
  // The platforms need the work too: they stand further down.
  const platforms: { slack?: SlackAdapter; teams?: TeamsAdapter } = {};
  const chatLinks: ChatLinks = { toBot: (workspace, typed) => platforms[workspace.platform]?.links.toBot(workspace, typed) };
  const outside = { publicUrl, chatLinks, sendsMail: config.mail !== undefined };
  const work: Work = { db, clock, log, vault, localise, charts, papers, agenda: agendaSources, ...outside };
  const organisation = await ensureOrganisation(db, { name: config.organisationName ?? UNNAMED, now: clock.now() });
  await checkKey(db, vault, log, organisation.id, config.lostKey);
  const claimCode = trial ? undefined : await ensureFirstOwner(work, organisation.id, { ownerEmail: config.ownerEmail });

  // Platforms and features need one another: the directories are filled in once the platforms stand.
  const directories = new Map<Platform, Directory>();
  const directoryOf = (platform: Platform) => directories.get(platform);
  const features = createFeatures({ directories });
  const registry = createRegistry(trial ? trial.features(features) : features);
  const commands = [...registry.commands.keys()];
  const shortcuts = [...registry.shortcuts.keys()];
  const resolve = createResolve(work, registry, { directoryOf });
  const gate = createGate(INTERACTIONS_AT_ONCE);
  const dispatchOne = createDispatch(registry, {
    resolve: trial ? trial.resolve(resolve) : resolve,
    once: createOnce({ db, clock, processId }),
    failed: (error, { kind, requestId, actor }) => {
      const code = isDatabaseAway(error) ? 'try_again' : 'unexpected';
      log.error({ err: error, kind, requestId, platform: actor.platform, code }, 'An interaction failed.');
      metrics.interactionFailed(code);
      return code;
    },
  });
  const dispatch = metrics.dispatch((interaction) => gate(() => dispatchOne(interaction)));
  const reporter = createDirectoryReporter(work, {
    directoryOf,
    accepts: ({ platform, externalId }) => platform === 'slack' || !config.teams?.tenantId || externalId === config.teams.tenantId,
    changed: onDirectoryChange,
  });
  // Whoever joins or leaves is asked or let off in a moment; the schedule stands further down.
  let soon = () => {};
  const following: ReportDirectoryEvent = async (workspace, event, onceKey) => {
    await reporter(workspace, event, onceKey);
    if (FOLLOWED.has(event.kind)) soon();
  };
  const report = trial ? trial.report(following) : following;
  const files = createFileLinks({ publicUrl, db, vault, clock, localise, log });
  const pictures = createPictures({ db, vault, publicUrl });

  const app = createApp({
    log,
    metrics,
    doors: [...registry.routes.map(({ path }) => doorOf(path)), ASSETS_DOOR],
    trustProxy: config.trustProxy,
    mount: (express) => {
      const common = { dispatch, report, localise, clock, log, pictures, paceFactor: config.paceFactor };
      const places = (tenantId: string) => teamsPlaces(db, organisation.id, tenantId);
      if (slackModule && config.slack) {
        const settings = { ...config.slack, signingSecret: config.slack.signingSecret ?? '' };
        platforms.slack = slackModule.createSlack({ ...common, ...settings, express, commands, shortcuts });
      }
      if (teamsModule) {
        platforms.teams = teamsModule.createTeams({
          ...common,
          ...teamsSettings(config),
          express,
          files,
          commandNames: commands,
          channelChoices: places,
          knownChannels: places,
          trial: trial !== undefined,
        });
      }
      const checks = Object.fromEntries(Object.entries(platforms).map(([name, platform]) => [name, () => platform.ready()]));
      express.use(healthRoutes({ checks: { database: storage.answers, ...checks }, metrics: metrics.render }));
      express.use(files.routes);
      express.use(pictureRoutes(pictures));
      const settled = kept(() => loadOrganisation(db, organisation.id), KEPT_MS);
      const context = async () => ({ ...work, organisation: await settled() });
      express.use(featureRoutes({ routes: registry.routes, context, localise, vault, clock, log, publicUrl }));
    },
  });
  const chats = new Map(Object.values(platforms).map((platform) => [platform.chat.platform, platform.chat]));
  for (const { directory } of Object.values(platforms)) directories.set(directory.platform, directory);
  await trial?.prepare(work, organisation);

  const lease = config.leaseMs === undefined ? {} : { leaseMs: config.leaseMs };
  const worker = createDeliveryWorker({ work, registry, chats, processId, observer: metrics, ...lease });
  const jobs = createJobRunner({ work, registry, processId });
  const sweeper = createSweeper({ work, registry });
  const email = emailModule && config.mail && emailModule.createEmail(config.mail);
  const mails = createMails({ email, work, registry, processId, observer: metrics, paceFactor: config.paceFactor, ...lease });
  const { slack, teams } = platforms;
  const introduce = slack && introducer(slack, report, processId);
  const schedule = createSchedule(
    { slack: async () => await introduce?.(), sweeps: () => sweeper.runAll(), files: () => files.sweep() },
    log,
  );
  soon = schedule.soon;
  undo('jobs', jobs.stop);
  undo('deliveries', worker.stop);
  undo('mails', mails.stop);
  undo('schedule', schedule.stop);
  for (const platform of Object.values(platforms)) undo(platform.chat.platform, platform.stop);
  await Promise.all([slack && startSlack(slack), teams?.start()]);
  const door = await listen(app, config.host, config.port);
  undo('door', () => door.close(DRAIN_MS));
  worker.start();
  jobs.start();
  mails.start();
  schedule.start();
  const listener = listenTo(
    storage.connection,
    { [DELIVERY_CHANNEL]: worker.wake, [JOB_CHANNEL]: jobs.wake, [MAIL_CHANNEL]: mails.wake },
    log,
  );
  undo('listener', listener.stop);
  return { address: door.address, port: door.port, claimCode, platforms: [...chats.keys()], processId };
}

/** Tokens that Slack doesn't take are told at the start; Slack being away is not: the bot waits for it. */
async function startSlack(slack: SlackAdapter): Promise<void> {
  const refused = (setting: string, remedy: string) => (error: unknown) => {
    if (error instanceof ChatError && error.code === 'unauthorised') {
      throw new OperatorError('slack.token', `Slack does not accept ${setting} (${error.reason}). ${remedy}`, { cause: error });
    }
    return undefined;
  };
  await slack
    .workspace()
    .catch(refused('SLACK_BOT_TOKEN', 'Copy it again from "OAuth & Permissions" of your app; reinstall the app if it was removed.'));
  await slack.start().catch((error: unknown) => {
    refused('SLACK_APP_TOKEN', 'Make one under "Basic Information", "App-Level Tokens", with connections:write.')(error);
    throw error;
  });
}

/** Notes the token's workspace as the organisation's, once Slack has told which it is; that has its members read. */
function introducer(slack: SlackAdapter, report: ReportDirectoryEvent, processId: string): () => Promise<void> {
  let introduced = false;
  return async () => {
    if (introduced) return;
    const workspace = await slack.workspace();
    await report({ platform: 'slack', externalId: workspace.externalId }, { kind: 'installed', workspace }, `start:${processId}`);
    introduced = true;
  };
}

function teamsSettings(config: Config) {
  return config.teams ?? { appType: 'MultiTenant' as const, appId: '', appPassword: undefined, tenantId: undefined, authorities: {} };
}

function encryptionKeys(config: Config, log: Logger): readonly Buffer[] {
  if (config.encryptionKeys.length > 0) return config.encryptionKeys;
  const { key, path, made } = keptKey(config.dataDir);
  if (made) log.warn({ path }, 'An encryption key was made. Back this file up: without it, what is encrypted in the database is lost.');
  return [key];
}

/** Reads something at most once in so many ms; what could not be read is read again at once. */
function kept<T>(read: () => Promise<T>, forMs: number): () => Promise<T> {
  let last: { readonly value: Promise<T>; readonly until: number } | undefined;
  return () => {
    const now = performance.now();
    if (last && now < last.until) return last.value;
    const value = read();
    last = { value, until: now + forMs };
    value.catch(() => {
      last = undefined;
    });
    return value;
  };
}
