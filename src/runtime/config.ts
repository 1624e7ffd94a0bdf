import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import { MAIL_FROM, type MailConfig, mailOf, SMTP_URL } from './config-mail.js';
import { TRUST_PROXY, type TrustedProxies } from './config-proxy.js';
import { OperatorError } from './operator-error.js';

/** Everything that is set from outside, read once. */
export interface Config {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Where the bot's own pages are reached, without a slash at the end. */
  readonly publicUrl: string | undefined;
  /** Whose word is taken for where a request comes from. */
  readonly trustProxy: TrustedProxies;
  readonly dataDir: string;
  /** Undefined: the embedded server in `dataDir`. */
  readonly databaseUrl: string | undefined;
  /** 32 bytes each: the first one seals, the others open what was sealed before. Empty: a key is made and kept in `dataDir`. */
  readonly encryptionKeys: readonly Buffer[];
  /** Names the key that is lost for good, as Bellhop named it when it refused to start without it (key-check.ts). */
  readonly lostKey: string | undefined;
  readonly ownerEmail: string | undefined;
  readonly organisationName: string | undefined;
  readonly logLevel: LogLevel;
  /** For tests against a stand-in whose limits are scaled: how many times faster than the platforms' own pace. */
  readonly paceFactor: number | undefined;
  /** For tests that end a process in the middle of its work: how long a claim of it lasts, in ms. */
  readonly leaseMs: number | undefined;
  readonly slack: SlackConfig | undefined;
  readonly teams: TeamsConfig | undefined;
  /** Undefined: no e-mails are sent. */
  readonly mail: MailConfig | undefined;
}

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface SlackConfig {
  readonly botToken: string;
  /** Undefined only in Socket Mode, where Slack signs nothing. */
  readonly signingSecret: string | undefined;
  /** Given: Socket Mode. */
  readonly appToken: string | undefined;
  /** Another Web API, for tests. */
  readonly apiUrl: string | undefined;
}

export interface TeamsConfig {
  readonly appType: 'SingleTenant' | 'MultiTenant' | 'UserAssignedMSI';
  readonly appId: string;
  readonly appPassword: string | undefined;
  readonly tenantId: string | undefined;
  /** The Bot Framework's own addresses, by its names for them (sovereign clouds, tests); empty for the public cloud. */
  readonly authorities: Readonly<Record<string, string>>;
}

/** What is wrong with the settings, for whoever operates the bot: a line for each, naming it and the remedy. */
export class ConfigError extends OperatorError {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super('config.problems', problems.join('\n'));
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

export type Environment = Readonly<Record<string, string | undefined>>;

const AUTHORITIES = [
  'ToChannelFromBotLoginUrl',
  'ToChannelFromBotOAuthScope',
  'ToBotFromChannelTokenIssuer',
  'ToBotFromChannelOpenIdMetadataUrl',
  'ToBotFromEmulatorOpenIdMetadataUrl',
  'OAuthUrl',
  'CallerId',
  'ChannelService',
  'ValidateAuthority',
] as const;

/** Without either chat there is nothing to run: what to set, and the way to try it without any account. */
export const NOTHING_CONFIGURED = [
  'No chat is configured. Set at least one of these groups in the environment or in .env (see .env.example):',
  '  Slack, over HTTP:        SLACK_BOT_TOKEN and SLACK_SIGNING_SECRET',
  '  Slack, by Socket Mode:   SLACK_BOT_TOKEN and SLACK_APP_TOKEN',
  '  Teams:                   MicrosoftAppType, MicrosoftAppId, MicrosoftAppPassword and MicrosoftAppTenantId',
  'To try Bellhop without any account: npm run try',
] as const;

const text = z.string().min(1);
const key = z
  .base64({ error: 'is not base64' })
  .transform((encoded) => Buffer.from(encoded, 'base64'))
  .refine((bytes) => bytes.length === 32, { error: 'is not 32 bytes long' });
const KEY_REMEDY = 'Make one with: openssl rand -base64 32';

/** Each setting: how it is read, and what to do when it can't be. */
const SETTINGS = {
  PORT: [z.coerce.number().int().min(0).max(65535).default(3978), 'Set it to a free port, a number up to 65535, or leave it out for 3978.'],
  HOST: [text.default('0.0.0.0'), 'Set it to the address to listen on, or leave it out for all of them (0.0.0.0).'],
  PUBLIC_URL: [
    z.url({ protocol: /^https?$/ }).optional(),
    'Set it to the address that the bot is reached at from outside, such as https://bellhop.example.com.',
  ],
  TRUST_PROXY: [
    TRUST_PROXY.default(false),
    'Set it to the number of proxies in front of Bellhop, such as 1, or to their addresses (10.0.0.4, 10.1.0.0/16), or leave it out without one.',
  ],
  BELLHOP_DATA_DIR: [text.default('.bellhop'), 'Set it to a folder for the data, or leave it out for .bellhop.'],
  DATABASE_URL: [
    z.url({ protocol: /^postgres(ql)?$/, hostname: /.*/ }).optional(),
    'Set it to an address such as postgresql://user:password@host:5432/bellhop, or leave it out for the embedded server.',
  ],
  BELLHOP_ENCRYPTION_KEY: [key.optional(), KEY_REMEDY],
  BELLHOP_ENCRYPTION_KEYS_OLD: [
    z
      .string()
      .transform((list) => list.split(/[\s,]+/).filter(Boolean))
      .pipe(z.array(key))
      .default([]),
    'Set it to the former keys, base64, newest first, separated by commas.',
  ],
  BELLHOP_ENCRYPTION_KEY_LOST: [
    z
      .string()
      .regex(/^[0-9a-f]{8}$/)
      .optional(),
    'Leave it out. Only where Bellhop refuses to start because its key is lost for good, set it to the eight characters that it names then.',
  ],
  BELLHOP_OWNER_EMAIL: [
    z.email().optional(),
    'Set it to the e-mail address of the first owner, or leave it out and use the claim code that is printed at the first start.',
  ],
  BELLHOP_ORGANISATION_NAME: [text.max(120).optional(), 'Set it to the name of your organisation, at most 120 characters.'],
  LOG_LEVEL: [z.enum(LOG_LEVELS).default('info'), `Set it to one of ${LOG_LEVELS.join(', ')}.`],
  BELLHOP_PACE_FACTOR: [
    z.coerce.number().min(0.01).max(1000).optional(),
    'Leave it out: it is for tests against stand-ins of the platforms.',
  ],
  BELLHOP_LEASE_SECONDS: [
    z.coerce.number().min(1).max(3600).optional(),
    'Leave it out: it is for tests that end the bot in the middle of its work. What it left is taken up again after 60 seconds.',
  ],
  SLACK_BOT_TOKEN: [text.optional(), ''],
  SLACK_SIGNING_SECRET: [text.optional(), ''],
  SLACK_APP_TOKEN: [text.optional(), ''],
  SLACK_API_URL: [z.url({ protocol: /^https?$/ }).optional(), "Leave it out for Slack's own Web API."],
  MicrosoftAppType: [
    z.enum(['SingleTenant', 'MultiTenant', 'UserAssignedMSI']).default('SingleTenant'),
    'Set it to SingleTenant (what new bots are), MultiTenant or UserAssignedMSI.',
  ],
  MicrosoftAppId: [text.optional(), ''],
  MicrosoftAppPassword: [text.optional(), ''],
  MicrosoftAppTenantId: [text.optional(), ''],
  SMTP_URL: [
    SMTP_URL.optional(),
    'Set it to your mail server, such as smtp://user:password@mail.example.com:587 (STARTTLS) or smtps://user:password@mail.example.com (TLS), ' +
      'user and password percent-encoded, or leave it out to send no e-mails.',
  ],
  MAIL_FROM: [MAIL_FROM.optional(), 'Set it to whom e-mails come from, such as Bellhop <bellhop@example.com>.'],
} as const;

type Settings = { readonly [Name in keyof typeof SETTINGS]: z.output<(typeof SETTINGS)[Name][0]> };

/**
 * Reads the settings of `npm start`.
 * @throws ConfigError with a line for every setting that is missing or can't be used
 */
export function readConfig(environment: Environment = readEnvironment()): Config {
  const { settings, problems } = parse(environment);
  const slack = slackOf(settings, problems);
  const teams = teamsOf(settings, environment, problems);
  const mail = mailOf(settings.SMTP_URL, settings.MAIL_FROM, isLoopback, problems);
  if (!slack && !teams && problems.length === 0) throw new ConfigError(NOTHING_CONFIGURED);
  if (settings.BELLHOP_ENCRYPTION_KEYS_OLD.length > 0 && !settings.BELLHOP_ENCRYPTION_KEY) {
    problems.push(`BELLHOP_ENCRYPTION_KEY is missing, though BELLHOP_ENCRYPTION_KEYS_OLD is set. ${KEY_REMEDY}`);
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return { ...common(settings), slack, teams, mail };
}

/**
 * Reads where the data lies, and nothing else: for scripts that work beside the bot.
 * @throws ConfigError
 */
export function readStorageConfig(environment: Environment = readEnvironment()): Pick<Config, 'databaseUrl' | 'dataDir'> {
  const { settings, problems } = parse(environment);
  if (problems.length > 0) throw new ConfigError(problems);
  const { databaseUrl, dataDir } = common(settings);
  return { databaseUrl, dataDir };
}

export interface TrialConfig extends Config {
  readonly playgroundPort: number;
}

/**
 * Reads the settings of `npm run try`: a loopback address, the embedded server and no accounts, whatever
 * else the environment has. The trial checks no signatures, so nothing outside this computer may reach it.
 * @throws ConfigError
 */
export function readTrialConfig(environment: Environment = readEnvironment()): TrialConfig {
  const { settings, problems } = parse({ HOST: '127.0.0.1', BELLHOP_DATA_DIR: '.bellhop/try', ...present(environment) });
  const playground = z.coerce
    .number()
    .int()
    .min(1)
    .max(65535)
    .default(56150)
    .safeParse(environment.PLAYGROUND_PORT?.trim() || undefined);
  if (!playground.success)
    problems.push('PLAYGROUND_PORT is no port. Set it to a free port, a number up to 65535, or leave it out for 56150.');
  if (!isLoopback(settings.HOST)) {
    problems.push(
      `HOST is ${settings.HOST}, but the trial checks no signatures and may only be reached from this computer. Leave it out, or set it to 127.0.0.1.`,
    );
  }
  if (problems.length > 0) throw new ConfigError(problems);
  const config = { ...common(settings), databaseUrl: undefined, slack: undefined, teams: undefined, mail: undefined };
  return { ...config, playgroundPort: playground.success ? playground.data : 56150 };
}

/** The environment, with what a `.env` in the working folder adds to it. */
export function readEnvironment(folder: string = process.cwd()): Environment {
  const file = resolve(folder, '.env');
  if (existsSync(file)) process.loadEnvFile(file);
  return process.env;
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

function parse(environment: Environment): { readonly settings: Settings; readonly problems: string[] } {
  const given = present(environment);
  const problems: string[] = [];
  const settings: Record<string, unknown> = {};
  for (const [name, [schema, remedy]] of Object.entries(SETTINGS)) {
    const parsed = schema.safeParse(given[name]);
    // After a problem the default stands in, so that all problems are told at once.
    settings[name] = parsed.success ? parsed.data : schema.safeParse(undefined).data;
    // Never the value itself: it may be a secret in the wrong place.
    if (!parsed.success) problems.push(`${name} can't be used: it ${reason(parsed.error)}. ${remedy}`.trim());
  }
  return { settings: settings as Settings, problems };
}

/** An empty setting is none: `NAME=` in a .env file. */
function present(environment: Environment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) => {
      const trimmed = value?.trim();
      return trimmed ? [[name, trimmed]] : [];
    }),
  );
}

function reason(error: z.ZodError): string {
  const issue = error.issues[0];
  if (issue?.code === 'custom' || issue?.message.startsWith('is ')) return issue.message;
  if (issue?.code === 'invalid_value') return 'is not one of the possible values';
  if (issue?.code === 'too_big') return 'is too large';
  if (issue?.code === 'too_small') return 'is too small';
  return issue?.code === 'invalid_type' ? 'is not a number' : 'has the wrong form';
}

function slackOf(settings: Settings, problems: string[]): SlackConfig | undefined {
  const { SLACK_BOT_TOKEN: botToken, SLACK_SIGNING_SECRET: signingSecret, SLACK_APP_TOKEN: appToken, SLACK_API_URL: apiUrl } = settings;
  if (!botToken && !signingSecret && !appToken) return undefined;
  if (!botToken) {
    problems.push(
      'SLACK_BOT_TOKEN is missing. It begins with xoxb- and stands under "OAuth & Permissions" of your app on api.slack.com/apps.',
    );
  }
  if (!signingSecret && !appToken) {
    problems.push(
      'SLACK_SIGNING_SECRET is missing (for HTTP; it stands under "Basic Information" of your app), or SLACK_APP_TOKEN (for Socket Mode; it begins with xapp-).',
    );
  }
  if (appToken && !appToken.startsWith('xapp-')) {
    problems.push('SLACK_APP_TOKEN must begin with xapp-. Make one under "Basic Information", "App-Level Tokens", with connections:write.');
  }
  return { botToken: botToken ?? '', signingSecret, appToken, apiUrl };
}

function teamsOf(settings: Settings, environment: Environment, problems: string[]): TeamsConfig | undefined {
  const { MicrosoftAppType: appType, MicrosoftAppId: appId, MicrosoftAppPassword: appPassword, MicrosoftAppTenantId: tenantId } = settings;
  if (!appId && !appPassword && !tenantId && !environment.MicrosoftAppType?.trim()) return undefined;
  if (!appId) {
    problems.push(
      'MicrosoftAppId is missing: without it nobody could tell real messages from forged ones. It is the application (client) id of your bot. To try Bellhop without one: npm run try',
    );
  }
  if (!appPassword && appType !== 'UserAssignedMSI') {
    problems.push("MicrosoftAppPassword is missing. It is a client secret of the bot's app registration in Entra.");
  }
  if (!tenantId && appType !== 'MultiTenant') {
    problems.push('MicrosoftAppTenantId is missing. It is the directory (tenant) id that the bot is registered in.');
  }
  const given = present(environment);
  const authorities = Object.fromEntries(AUTHORITIES.flatMap((name) => (given[name] ? [[name, given[name]]] : [])));
  return { appType, appId: appId ?? '', appPassword, tenantId, authorities };
}

function common(settings: Settings): Omit<Config, 'slack' | 'teams' | 'mail'> {
  return {
    host: settings.HOST,
    port: settings.PORT,
    publicUrl: settings.PUBLIC_URL?.replace(/\/+$/, ''),
    trustProxy: settings.TRUST_PROXY,
    dataDir: resolve(settings.BELLHOP_DATA_DIR),
    databaseUrl: settings.DATABASE_URL,
    encryptionKeys: settings.BELLHOP_ENCRYPTION_KEY ? [settings.BELLHOP_ENCRYPTION_KEY, ...settings.BELLHOP_ENCRYPTION_KEYS_OLD] : [],
    lostKey: settings.BELLHOP_ENCRYPTION_KEY_LOST,
    ownerEmail: settings.BELLHOP_OWNER_EMAIL,
    organisationName: settings.BELLHOP_ORGANISATION_NAME,
    logLevel: settings.LOG_LEVEL,
    paceFactor: settings.BELLHOP_PACE_FACTOR,
    leaseMs: settings.BELLHOP_LEASE_SECONDS === undefined ? undefined : settings.BELLHOP_LEASE_SECONDS * 1_000,
  };
}
