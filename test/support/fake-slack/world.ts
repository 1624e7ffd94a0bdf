import { randomUUID } from 'node:crypto';
import { Windows } from '../windows.js';
import { messageProblems, viewProblems } from './check-blocks.js';
import { BOT_USER, directoryAnswer, type Json, TEAM, user } from './directory-answers.js';
import { FileShelf } from './file-shelf.js';

/** One call that the bot made, with what it was answered. `method` is `response_url` or `upload` for those. */
export interface Call {
  readonly method: string;
  readonly args: Json;
  readonly answer: Json;
}

export interface FakeMessage {
  readonly channel: string;
  readonly ts: string;
  text: string;
  blocks: unknown;
  readonly metadata: unknown;
  /** Given: ephemeral, seen by this person alone. */
  readonly seenBy?: string;
}

/** What an address for answers belongs to. */
interface ResponseTarget {
  readonly user: string;
  readonly channel: string;
  readonly message: FakeMessage | undefined;
  uses: number;
}

/** https://docs.slack.dev/apis/web-api/rate-limits; a second for a post is kept over four seconds, as Slack allows short bursts. */
const PACE = {
  channel: { count: 4, perMs: 4_000 },
  workspace: { count: 300, perMs: 60_000 },
  tier2: { count: 20, perMs: 60_000 },
  tier3: { count: 50, perMs: 60_000 },
  tier4: { count: 100, perMs: 60_000 },
} as const;
const TIERS: Readonly<Record<string, keyof typeof PACE>> = {
  'users.list': 'tier2',
  'conversations.list': 'tier2',
  'chat.update': 'tier3',
  'conversations.history': 'tier3',
  'conversations.open': 'tier3',
  'conversations.info': 'tier3',
  'views.open': 'tier4',
  'views.update': 'tier4',
  'views.publish': 'tier4',
  'users.info': 'tier4',
  'conversations.members': 'tier4',
};
/** https://docs.slack.dev/interactivity/handling-user-interaction: a trigger is good for three seconds, and once. */
const TRIGGER_MS = 3_000;
/** The same page: five uses, and thirty minutes, which no test waits for. */
const RESPONSE_USES = 5;

const scaled = ({ count, perMs }: { count: number; perMs: number }, factor: number) => ({ count, perMs: perMs / factor });

/** What a fake Slack knows, and how it answers each method of the Web API. */
export class SlackWorld {
  readonly botToken = `xoxb-${randomUUID()}`;
  readonly appToken = `xapp-${randomUUID()}`;
  readonly messages: FakeMessage[] = [];
  /** Ephemeral messages. */
  readonly whispers: FakeMessage[] = [];
  /** Everybody of the workspace, the bot included. */
  readonly users: Json[] = [
    { id: 'USLACKBOT', team_id: TEAM, name: 'slackbot', is_bot: false, profile: {} },
    user('U0ANN', 'Ann Ozola', { is_admin: true }),
    user('U0BOB', 'Bob Bite'),
    user(BOT_USER, 'Bellhop', { is_bot: true, is_email_confirmed: false }),
  ];
  /** Who is in the channel `C0TEAM`. */
  channelMembers: readonly string[] = ['U0ANN', 'U0BOB'];
  /** By how many ms Slack's clock goes ahead of the real one; the bot's has to go with it. */
  shiftMs = 0;
  /** Whether posts closer than a second in one channel are refused. */
  strictPace = false;
  /** Given: every documented limit is enforced, so many times as fast. */
  paceFactor: number | undefined;
  /** How many members a page of users.list holds, and how many messages one of a history; few, so that tests turn pages. */
  pageSize = 2;
  /** The calls that were refused as too fast, by method. */
  readonly refusedAsTooFast: string[] = [];
  origin = '';

  private clock = 0;
  /** Whether the bot has joined `C0PUBLIC`. */
  private joined = false;
  private readonly windows = new Windows();
  private readonly lastPost = new Map<string, number>();
  /** What the bot uploads. */
  readonly shelf = new FileShelf();
  private readonly triggers = new Map<string, number>();
  private readonly responses = new Map<string, ResponseTarget>();

  /** A time stamp as Slack's, later than every one before. */
  stamp(): string {
    this.clock = Math.max(this.clock + 1, (Date.now() + this.shiftMs) * 1_000);
    const digits = String(this.clock);
    return `${digits.slice(0, -6)}.${digits.slice(-6)}`;
  }

  /** An address that takes answers; of a click in a message it can replace that message. */
  responseUrl(user = 'U0ANN', channel = 'C0TEAM', message?: FakeMessage): string {
    const id = randomUUID();
    this.responses.set(id, { user, channel, message, uses: 0 });
    return `${this.origin}/response/${id}`;
  }

  /** From now on a modal can be opened with it, for three seconds. */
  issueTrigger(id: string): void {
    this.triggers.set(id, performance.now());
  }

  /** How many milliseconds too early a call comes; 0 when it is in time. */
  protected tooFast(method: string, args: Json): number {
    if (this.paceFactor === undefined) return 0;
    const tier = TIERS[method];
    const post = method === 'chat.postMessage';
    if (!tier && !post) return 0;
    const factor = this.paceFactor;
    const channel = String(args.channel).replace(/^U/, 'D');
    const wait = post
      ? this.windows.take([
          [`post ${channel}`, scaled(PACE.channel, factor)],
          ['post', scaled(PACE.workspace, factor)],
        ])
      : this.windows.take([[method, scaled(PACE[tier ?? 'tier3'], factor)]]);
    if (wait > 0) this.refusedAsTooFast.push(method);
    return wait;
  }

  protected respond(id: string, args: Json): Json {
    const target = this.responses.get(id);
    if (!target || target.uses >= RESPONSE_USES) return { ok: false, error: 'expired_url' };
    target.uses += 1;
    const refused = this.refusal(args);
    if (refused) return refused;
    if (args.replace_original === true && target.message) {
      Object.assign(target.message, { text: args.text, blocks: args.blocks });
      return { ok: true };
    }
    this.keep(target.channel, args, target.user);
    return { ok: true };
  }

  private keep(channel: string, args: Json, seenBy?: string): FakeMessage {
    const message: FakeMessage = {
      channel,
      ts: this.stamp(),
      text: String(args.text),
      blocks: args.blocks,
      metadata: args.metadata,
      ...(seenBy ? { seenBy } : {}),
    };
    // What only one person sees is in no history.
    if (seenBy) this.whispers.push(message);
    else this.messages.push(message);
    return message;
  }

  private refusal(args: Json): Json | undefined {
    const problems = args.blocks === undefined ? [] : [...messageProblems(args.blocks), ...this.shelf.problems(args.blocks)];
    if (problems.length > 0) return { ok: false, error: 'invalid_blocks', problems };
    const text = typeof args.text === 'string' ? args.text : '';
    if (text === '') return { ok: false, error: 'no_text' };
    return text.length > 4000 ? { ok: false, error: 'msg_too_long' } : undefined;
  }

  protected answer(method: string, args: Json, token: string | undefined): Json {
    if (method === 'apps.connections.open') {
      return token === this.appToken
        ? { ok: true, url: `${this.origin.replace('http', 'ws')}/link` }
        : { ok: false, error: 'invalid_auth' };
    }
    if (token !== this.botToken) return { ok: false, error: 'invalid_auth' };
    switch (method) {
      case 'auth.test':
        return { ok: true, team_id: TEAM, team: 'Fake', user_id: BOT_USER, bot_id: 'B0BOT' };
      case 'team.info':
        return { ok: true, team: { id: TEAM, name: 'Fake & Sons' } };
      case 'chat.postMessage':
        return this.postMessage(args);
      case 'chat.postEphemeral':
        return this.refusal(args) ?? { ok: true, message_ts: this.keep(String(args.channel), args, String(args.user)).ts };
      case 'chat.update': {
        const found = this.messages.find((message) => message.channel === args.channel && message.ts === args.ts);
        if (!found) return { ok: false, error: 'message_not_found' };
        const refused = this.refusal(args);
        if (refused) return refused;
        Object.assign(found, { text: args.text, blocks: args.blocks });
        return { ok: true, channel: found.channel, ts: found.ts };
      }
      case 'views.open':
      case 'views.push':
      case 'views.update':
      case 'views.publish':
        return this.view(method, args);
      case 'conversations.open':
        return args.users === 'UGONE'
          ? { ok: false, error: 'user_disabled' }
          : { ok: true, channel: { id: `D${String(args.users).slice(1)}` } };
      case 'conversations.join':
        if (args.channel !== 'C0PUBLIC') return { ok: false, error: 'method_not_supported_for_channel_type' };
        this.joined = true;
        return { ok: true, channel: { id: args.channel } };
      case 'conversations.history':
        return this.history(args);
      case 'files.getUploadURLExternal':
        return this.shelf.slot(args, this.origin);
      case 'files.completeUploadExternal': {
        const answer = this.shelf.complete(args);
        // With a card the file is a message that shows both.
        if (answer.ok === true && args.blocks !== undefined) this.keep(String(args.channel_id), { ...args, text: '' });
        return answer;
      }
      case 'conversations.members':
        return { ok: true, members: this.channelMembers, response_metadata: {} };
      default:
        return directoryAnswer(method, args, this.users, this.pageSize) ?? { ok: false, error: 'unknown_method' };
    }
  }

  private view(method: string, args: Json): Json {
    const problems = [...viewProblems(args.view), ...this.shelf.problems(args.view)];
    if (problems.length > 0) return { ok: false, error: 'invalid_arguments', problems };
    if (method === 'views.open' || method === 'views.push') {
      const issued = this.triggers.get(String(args.trigger_id));
      if (issued === undefined) return { ok: false, error: 'invalid_trigger_id' };
      this.triggers.delete(String(args.trigger_id));
      if (performance.now() - issued > TRIGGER_MS) return { ok: false, error: 'expired_trigger_id' };
    }
    return { ok: true, view: { id: `V${randomUUID().slice(0, 8).toUpperCase()}` } };
  }

  private history(args: Json): Json {
    const all = this.messages
      .filter((message) => message.channel === args.channel && Number(message.ts) > Number(args.oldest ?? 0))
      .reverse();
    const from = Number(args.cursor ?? 0);
    const to = from + Math.min(this.pageSize, Number(args.limit ?? 100));
    const items = all.slice(from, to).map(({ metadata, ...rest }) => (args.include_all_metadata === 'true' ? { ...rest, metadata } : rest));
    return { ok: true, messages: items, response_metadata: { next_cursor: to < all.length ? String(to) : '' } };
  }

  private postMessage(args: Json): Json {
    const target = String(args.channel);
    if (target === 'UGONE' || target === 'C0MISSING') return { ok: false, error: 'channel_not_found' };
    if (target === 'C0PRIVATE' || (target === 'C0PUBLIC' && !this.joined)) return { ok: false, error: 'not_in_channel' };
    const refused = this.refusal(args);
    if (refused) return refused;
    const channel = target.startsWith('U') ? `D${target.slice(1)}` : target;
    const now = performance.now();
    if (this.strictPace && now - (this.lastPost.get(channel) ?? -Infinity) < 1000) return { ok: false, error: 'ratelimited' };
    this.lastPost.set(channel, now);
    return { ok: true, channel, ts: this.keep(channel, args).ts };
  }
}
