import { createHmac, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { messageProblems, viewProblems } from './check-blocks.js';
import { BOT_USER, directoryAnswer, elements, type Json, TEAM, user } from './directory-answers.js';
import { acceptWebSocket, type ServerSocket } from './web-socket.js';

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
}

/** What a platform answers when the bot acknowledges. */
export interface Acknowledged {
  readonly status: number;
  readonly body: unknown;
  readonly ms: number;
}

const SCALAR_BLOCKS = ['blocks', 'view', 'metadata', 'files'];

/**
 * A small Slack that refuses what Slack refuses: unknown tokens, blocks that are not valid, texts too long, posts too
 * close upon one another. It speaks real HTTP and Socket Mode, signs what it sends, and remembers every call.
 */
export class FakeSlack {
  readonly botToken = `xoxb-${randomUUID()}`;
  readonly appToken = `xapp-${randomUUID()}`;
  readonly signingSecret = randomUUID().replaceAll('-', '');
  readonly calls: Call[] = [];
  readonly messages: FakeMessage[] = [];
  /** Users by id; `UGONE` is deactivated. */
  readonly users: Json[] = [
    { id: 'USLACKBOT', team_id: TEAM, name: 'slackbot', is_bot: false, profile: {} },
    user('U0ANN', 'Ann Ozola', { is_admin: true }),
    user('U0BOB', 'Bob Bite'),
    user(BOT_USER, 'Bellhop', { is_bot: true, is_email_confirmed: false }),
  ];
  /** Answers given instead of the real ones, once each, by method: an error code, a status, `cut` or a 429. */
  readonly faults = new Map<string, ({ error: string } | { status: number } | { retryAfter: number } | 'cut' | 'cut_after')[]>();
  /** Whether posts closer than a second in one channel are refused. */
  strictPace = false;
  /** How many members a page of users.list holds; few, so that tests turn pages. */
  pageSize = 2;
  /** Told of every call as soon as it is answered; `path` tells response addresses apart. */
  onCall: ((call: Call, path: string) => void) | undefined;
  botUrl = '';

  private server: Server | undefined;
  private origin = '';
  private clock = 1_800_000_000_000_000;
  private readonly lastPost = new Map<string, number>();
  private readonly uploads = new Map<string, Buffer>();
  private readonly waiting = new Map<string, (answer: unknown) => void>();
  private readonly files = new Map<string, { body: Buffer; type: string }>();
  readonly sockets = new Set<ServerSocket>();

  async start(): Promise<this> {
    this.server = createServer((request, response) => void this.serve(request, response));
    this.server.on('upgrade', (request, socket) => this.upgrade(acceptWebSocket(request, socket)));
    await new Promise<void>((resolve) => this.server?.listen(0, '127.0.0.1', resolve));
    this.origin = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return this;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.cut();
    this.server?.closeAllConnections();
    await new Promise((resolve) => this.server?.close(resolve));
  }

  get apiUrl(): string {
    return `${this.origin}/api/`;
  }

  /** The calls of one method. */
  of(method: string): Call[] {
    return this.calls.filter((call) => call.method === method);
  }

  responseUrl(): string {
    return `${this.origin}/response/${randomUUID()}`;
  }

  /** The address of a private file with these bytes. */
  privateFile(body: Buffer, type = 'text/plain'): string {
    const id = randomUUID();
    this.files.set(id, { body, type });
    return `${this.origin}/files/${id}`;
  }

  /** Posts to the bot, signed. `tamper` makes it one that must be refused. */
  async post(
    body: string,
    type: string,
    tamper: { secret?: string; age?: number; headers?: Record<string, string> | null } = {},
  ): Promise<Acknowledged> {
    const stamp = Math.floor(Date.now() / 1000) - (tamper.age ?? 0);
    const signature = `v0=${createHmac('sha256', tamper.secret ?? this.signingSecret)
      .update(`v0:${stamp}:${body}`)
      .digest('hex')}`;
    const signed: Record<string, string> =
      tamper.headers === null ? {} : { 'X-Slack-Request-Timestamp': String(stamp), 'X-Slack-Signature': signature };
    const begun = performance.now();
    const response = await fetch(`${this.botUrl}/slack/events`, {
      method: 'POST',
      headers: { 'Content-Type': type, ...signed, ...tamper.headers },
      body,
    });
    const text = await response.text();
    const json = response.headers.get('content-type')?.includes('json');
    return { status: response.status, body: json ? JSON.parse(text) : text, ms: performance.now() - begun };
  }

  /** Sends over Socket Mode where the bot is connected, otherwise over HTTP. */
  async deliver(
    kind: 'events_api' | 'slash_commands' | 'interactive',
    payload: Json,
    headers?: Record<string, string>,
  ): Promise<Acknowledged> {
    const [socket] = this.sockets;
    if (socket) {
      const envelope_id = randomUUID();
      const begun = performance.now();
      const body = await new Promise<unknown>((resolve, reject) => {
        this.waiting.set(envelope_id, resolve);
        setTimeout(() => reject(new Error('not acknowledged within 3 s')), 3000).unref();
        socket.send(JSON.stringify({ envelope_id, type: kind, payload, accepts_response_payload: true }));
      });
      return { status: 200, body, ms: performance.now() - begun };
    }
    const given = headers ? { headers } : {};
    if (kind === 'events_api') return await this.post(JSON.stringify(payload), 'application/json', given);
    const form =
      kind === 'slash_commands'
        ? Object.fromEntries(Object.entries(payload).map(([name, value]) => [name, String(value)]))
        : { payload: JSON.stringify(payload) };
    return await this.post(new URLSearchParams(form).toString(), 'application/x-www-form-urlencoded', given);
  }

  event(event: Json, id = `Ev${randomUUID()}`, headers?: Record<string, string>): Promise<Acknowledged> {
    return this.deliver(
      'events_api',
      { type: 'event_callback', team_id: TEAM, event_id: id, event: { event_ts: this.stamp(), ...event } },
      headers,
    );
  }

  command(user: string, command: string, text: string, more: Json = {}): Promise<Acknowledged> {
    return this.deliver('slash_commands', {
      command,
      text,
      team_id: TEAM,
      channel_id: 'C0TEAM',
      channel_name: 'team',
      user_id: user,
      user_name: user.toLowerCase(),
      trigger_id: randomUUID(),
      response_url: this.responseUrl(),
      ...more,
    });
  }

  /** A click on the first button with this text in a message, or on `element`. */
  click(user: string, message: FakeMessage | { blocks: unknown; home: true }, label: string, more: Json = {}): Promise<Acknowledged> {
    const element = elements(message.blocks).find((item) => (item.text as Json | undefined)?.text === label);
    if (!element) throw new Error(`There is no button ${label}.`);
    const place: Json =
      'home' in message
        ? { view: { id: 'V0HOME', type: 'home' }, container: { type: 'view', view_id: 'V0HOME' } }
        : {
            channel: { id: message.channel },
            container: { type: 'message', channel_id: message.channel, message_ts: message.ts },
            response_url: this.responseUrl(),
          };
    return this.deliver('interactive', {
      type: 'block_actions',
      team: { id: TEAM },
      user: { id: user, team_id: TEAM },
      trigger_id: randomUUID(),
      ...place,
      actions: [{ type: element.type, action_id: element.action_id, value: element.value, action_ts: this.stamp() }],
      ...more,
    });
  }

  /** Sends the last modal with these values: block id -> entry of the state. */
  submit(user: string, view: Json, values: Record<string, Json>): Promise<Acknowledged> {
    const blocks = (view.blocks as Json[]).filter((block) => block.type === 'input');
    const state = Object.fromEntries(
      blocks.map((block) => {
        const element = block.element as Json;
        return [block.block_id, { [String(element.action_id)]: { type: element.type, ...values[String(block.block_id)] } }];
      }),
    );
    return this.deliver('interactive', {
      type: 'view_submission',
      team: { id: TEAM },
      user: { id: user, team_id: TEAM },
      trigger_id: randomUUID(),
      view: { id: view.id ?? 'V0FORM', root_view_id: view.id ?? 'V0FORM', previous_view_id: null, ...view, state: { values: state } },
    });
  }

  stamp(): string {
    this.clock += 1;
    const digits = String(this.clock);
    return `${digits.slice(0, -6)}.${digits.slice(-6)}`;
  }

  private upgrade(socket: ServerSocket): void {
    this.sockets.add(socket);
    socket.onClose(() => this.sockets.delete(socket));
    socket.onMessage((text) => {
      const answer = JSON.parse(text) as { envelope_id: string; payload?: unknown };
      this.waiting.get(answer.envelope_id)?.(answer.payload);
    });
    socket.send(JSON.stringify({ type: 'hello', num_connections: this.sockets.size }));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const [, area = '', name = ''] = new URL(request.url ?? '/', this.origin).pathname.split('/');
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    const send = (status: number, answer: Json, headers: Record<string, string> = {}) => {
      response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(answer));
    };
    if (area === 'files') {
      const file = this.files.get(name);
      if (!file || token !== this.botToken) return void response.writeHead(302, { Location: '/signin' }).end();
      return void response.writeHead(200, { 'Content-Type': file.type }).end(file.body);
    }
    if (area === 'upload') {
      this.uploads.set(name, body);
      return void response.writeHead(200).end('OK');
    }
    const args = area === 'response' ? (JSON.parse(body.toString()) as Json) : this.args(body);
    const method = area === 'response' ? 'response_url' : name;
    const fault = this.faults.get(method)?.shift();
    if (fault === 'cut') return void response.destroy();
    if (fault && fault !== 'cut_after') {
      const answer = 'error' in fault ? { ok: false, error: fault.error } : { ok: false };
      this.calls.push({ method, args, answer });
      if ('retryAfter' in fault) return send(429, answer, { 'Retry-After': String(fault.retryAfter) });
      return send('status' in fault ? fault.status : 200, answer);
    }
    const answer = area === 'response' ? this.respond(args) : this.answer(method, args, token);
    const call = { method, args, answer };
    this.calls.push(call);
    this.onCall?.(call, new URL(request.url ?? '/', this.origin).pathname);
    if (fault === 'cut_after') return void response.destroy();
    if (answer.error === 'ratelimited') return send(429, answer, { 'Retry-After': '1' });
    send(area === 'response' && answer.ok !== true ? 400 : 200, answer);
  }

  private args(body: Buffer): Json {
    const args: Json = Object.fromEntries(new URLSearchParams(body.toString()));
    for (const name of SCALAR_BLOCKS) if (typeof args[name] === 'string') args[name] = JSON.parse(args[name]);
    return args;
  }

  private respond(args: Json): Json {
    return this.refusal(args) ?? { ok: true };
  }

  private refusal(args: Json): Json | undefined {
    const problems = args.blocks === undefined ? [] : messageProblems(args.blocks);
    if (problems.length > 0) return { ok: false, error: 'invalid_blocks', problems };
    const text = typeof args.text === 'string' ? args.text : '';
    if (text === '') return { ok: false, error: 'no_text' };
    return text.length > 4000 ? { ok: false, error: 'msg_too_long' } : undefined;
  }

  private answer(method: string, args: Json, token: string | undefined): Json {
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
        return this.refusal(args) ?? { ok: true, message_ts: this.stamp() };
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
      case 'views.publish': {
        const problems = viewProblems(args.view);
        return problems.length > 0 ? { ok: false, error: 'invalid_arguments', problems } : { ok: true, view: { id: 'V0FORM' } };
      }
      case 'conversations.open':
        return args.users === 'UGONE'
          ? { ok: false, error: 'user_disabled' }
          : { ok: true, channel: { id: `D${String(args.users).slice(1)}` } };
      case 'conversations.join':
        return args.channel === 'C0PUBLIC'
          ? { ok: true, channel: { id: args.channel } }
          : { ok: false, error: 'method_not_supported_for_channel_type' };
      case 'conversations.history': {
        const all = this.messages.filter((message) => message.channel === args.channel).reverse();
        const from = Number(args.cursor ?? 0);
        const items = all
          .slice(from, from + 2)
          .map(({ metadata, ...rest }) => (args.include_all_metadata === 'true' ? { ...rest, metadata } : rest));
        return { ok: true, messages: items, response_metadata: { next_cursor: from + 2 < all.length ? String(from + 2) : '' } };
      }
      case 'files.getUploadURLExternal': {
        const id = `F${randomUUID()}`;
        return { ok: true, file_id: id, upload_url: `${this.origin}/upload/${id}` };
      }
      case 'files.completeUploadExternal': {
        const [file] = args.files as { id: string }[];
        const content = this.uploads.get(file?.id ?? '');
        if (!content || !/^D/.test(String(args.channel_id))) return { ok: false, error: 'invalid_arguments' };
        const problems = messageProblems(args.blocks);
        return problems.length > 0
          ? { ok: false, error: 'invalid_blocks', problems }
          : { ok: true, files: [{ id: file?.id }], content: content.toString() };
      }
      default:
        return directoryAnswer(method, args, this.users, this.pageSize) ?? { ok: false, error: 'unknown_method' };
    }
  }

  private postMessage(args: Json): Json {
    const target = String(args.channel);
    if (target === 'UGONE' || target === 'C0MISSING') return { ok: false, error: 'channel_not_found' };
    if (
      target === 'C0PRIVATE' ||
      (target === 'C0PUBLIC' && !this.calls.some((call) => call.method === 'conversations.join' && call.answer.ok))
    ) {
      return { ok: false, error: 'not_in_channel' };
    }
    const refused = this.refusal(args);
    if (refused) return refused;
    const channel = target.startsWith('U') ? `D${target.slice(1)}` : target;
    const now = performance.now();
    if (this.strictPace && now - (this.lastPost.get(channel) ?? -Infinity) < 1000) return { ok: false, error: 'ratelimited' };
    this.lastPost.set(channel, now);
    const message: FakeMessage = { channel, ts: this.stamp(), text: String(args.text), blocks: args.blocks, metadata: args.metadata };
    this.messages.push(message);
    return { ok: true, channel, ts: message.ts };
  }
}
