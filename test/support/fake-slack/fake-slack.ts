import { createHmac, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { messageShortcutPayload, reactionEvent, shortcutPayload, type Written } from './acts.js';
import { BOT_USER, elements, type Json, TEAM } from './directory-answers.js';
import { acceptWebSocket, type ServerSocket } from './web-socket.js';
import { type Call, type FakeMessage, SlackWorld } from './world.js';

export type { Call, FakeMessage } from './world.js';

/** What a platform answers when the bot acknowledges. */
export interface Acknowledged {
  readonly status: number;
  readonly body: unknown;
  readonly ms: number;
}

/** A button or menu of a message, and where in it. */
export interface Pressed {
  readonly type: unknown;
  readonly action_id: unknown;
  readonly value?: unknown;
  readonly selected_option?: unknown;
}

type Shown = FakeMessage | { readonly blocks: unknown; readonly home: true };

const SCALAR_BLOCKS = ['blocks', 'view', 'metadata', 'files'];

/**
 * A small Slack that refuses what Slack refuses: unknown tokens, blocks that are not valid, texts too long, calls too
 * close upon one another. It speaks real HTTP and Socket Mode, signs what it sends, and remembers every call.
 */
export class FakeSlack extends SlackWorld {
  readonly signingSecret = randomUUID().replaceAll('-', '');
  readonly calls: Call[] = [];
  /** Answers given instead of the real ones, once each, by method: an error code, a status, `cut` or a 429. */
  readonly faults = new Map<string, ({ error: string } | { status: number } | { retryAfter: number } | 'cut' | 'cut_after')[]>();
  /** Told of every call as soon as it is answered; `path` tells response addresses apart. */
  onCall: ((call: Call, path: string) => void) | undefined;
  /** Decides of every call whether its request (`cut`) or its answer (`cut_after`) gets lost. */
  fate: ((method: string) => 'cut' | 'cut_after' | undefined) | undefined;
  /** How long the answer of a call is under way, in ms. */
  latency: ((method: string) => number) | undefined;
  /** Where the bot is; where it runs in several processes, each request goes to the next of them. */
  botUrls: string[] = [];

  private server: Server | undefined;
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

  set botUrl(url: string) {
    this.botUrls = [url];
  }

  private nextDoor(): string {
    const url = this.botUrls.shift() ?? '';
    this.botUrls.push(url);
    return url;
  }

  /** The calls of one method. */
  of(method: string): Call[] {
    return this.calls.filter((call) => call.method === method);
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
    const stamp = Math.floor((Date.now() + this.shiftMs) / 1000) - (tamper.age ?? 0);
    const signature = `v0=${createHmac('sha256', tamper.secret ?? this.signingSecret)
      .update(`v0:${stamp}:${body}`)
      .digest('hex')}`;
    const signed: Record<string, string> =
      tamper.headers === null ? {} : { 'X-Slack-Request-Timestamp': String(stamp), 'X-Slack-Signature': signature };
    const begun = performance.now();
    const response = await fetch(`${this.nextDoor()}/slack/events`, {
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
    if (typeof payload.trigger_id === 'string') this.issueTrigger(payload.trigger_id);
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
      response_url: this.responseUrl(user),
      ...more,
    });
  }

  /** A click on the first button with this text in a message, or on `element`. */
  click(user: string, message: Shown, label: string, more: Json = {}): Promise<Acknowledged> {
    const element = elements(message.blocks).find((item) => (item.text as Json | undefined)?.text === label);
    if (!element) throw new Error(`There is no button ${label}.`);
    return this.press(user, message, { type: element.type, action_id: element.action_id, value: element.value }, more);
  }

  /** Presses an element of a message, or one that may not be there any more. */
  press(user: string, message: Shown, pressed: Pressed, more: Json = {}): Promise<Acknowledged> {
    const place: Json =
      'home' in message
        ? { view: { id: 'V0HOME', type: 'home' }, container: { type: 'view', view_id: 'V0HOME' } }
        : {
            channel: { id: message.channel },
            container: {
              type: 'message',
              channel_id: message.channel,
              message_ts: message.ts,
              ...(message.seenBy ? { is_ephemeral: true } : {}),
            },
            response_url: this.responseUrl(user, message.channel, message),
          };
    return this.deliver('interactive', {
      type: 'block_actions',
      team: { id: TEAM },
      user: { id: user, team_id: TEAM },
      trigger_id: randomUUID(),
      ...place,
      actions: [{ ...pressed, action_ts: this.stamp() }],
      ...more,
    });
  }

  /** Chooses a shortcut from Slack's menus. */
  shortcut(user: string, callbackId: string, more: Json = {}): Promise<Acknowledged> {
    return this.deliver('interactive', { ...shortcutPayload(user, callbackId, this.stamp()), trigger_id: randomUUID(), ...more });
  }

  /** Chooses a shortcut at a message. */
  messageShortcut(user: string, callbackId: string, message: Written, more: Json = {}): Promise<Acknowledged> {
    const payload = messageShortcutPayload(user, callbackId, message, this.stamp(), this.responseUrl(user, message.channel));
    return this.deliver('interactive', { ...payload, trigger_id: randomUUID(), ...more });
  }

  /**
   * Sets a reaction at a message, or takes it away.
   * @param author who wrote the message; the bot, where it is one of its own
   */
  react(
    user: string,
    emoji: string,
    channel: string,
    ts: string,
    added = true,
    author = this.authorOf(channel, ts),
  ): Promise<Acknowledged> {
    return this.event(reactionEvent(user, emoji, { channel, ts, ...(author ? { author } : {}) }, added));
  }

  private authorOf(channel: string, ts: string): string | undefined {
    return this.messages.some((message) => message.channel === channel && message.ts === ts) ? BOT_USER : undefined;
  }

  /** Sends the last modal with these values: block id -> entry of the state. */
  submit(user: string, view: Json, values: Record<string, Json>): Promise<Acknowledged> {
    return this.deliver('interactive', this.submission(user, view, values));
  }

  /** What Slack posts when somebody sends a modal. */
  submission(user: string, view: Json, values: Record<string, Json>): Json {
    const blocks = (view.blocks as Json[]).filter((block) => block.type === 'input');
    const state = Object.fromEntries(
      blocks.map((block) => {
        const element = block.element as Json;
        return [block.block_id, { [String(element.action_id)]: { type: element.type, ...values[String(block.block_id)] } }];
      }),
    );
    return {
      type: 'view_submission',
      team: { id: TEAM },
      user: { id: user, team_id: TEAM },
      trigger_id: randomUUID(),
      view: { id: view.id ?? 'V0FORM', root_view_id: view.id ?? 'V0FORM', previous_view_id: null, ...view, state: { values: state } },
    };
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
    const { pathname } = new URL(request.url ?? '/', this.origin);
    const [, area = '', name = ''] = pathname.split('/');
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
      const status = request.method === 'POST' || request.method === 'PUT' ? this.shelf.put(name, body) : 405;
      return void response.writeHead(status).end(status === 200 ? 'OK' : 'refused');
    }
    const args = area === 'response' ? (JSON.parse(body.toString()) as Json) : this.args(body);
    const method = area === 'response' ? 'response_url' : name;
    const fault = this.faults.get(method)?.shift() ?? this.fate?.(method);
    if (fault === 'cut') return void response.destroy();
    if (fault && fault !== 'cut_after') {
      const answer = 'error' in fault ? { ok: false, error: fault.error } : { ok: false };
      this.calls.push({ method, args, answer });
      if ('retryAfter' in fault) return send(429, answer, { 'Retry-After': String(fault.retryAfter) });
      return send('status' in fault ? fault.status : 200, answer);
    }
    const wait = this.tooFast(method, args);
    const early: Json | undefined = wait > 0 ? { ok: false, error: 'ratelimited' } : undefined;
    const answer = early ?? (area === 'response' ? this.respond(name, args) : this.answer(method, args, token));
    const call = { method, args, answer };
    this.calls.push(call);
    this.onCall?.(call, pathname);
    const delay = this.latency?.(method) ?? 0;
    if (delay > 0) await new Promise((resolve) => setTimeout(resolve, delay));
    if (fault === 'cut_after') return void response.destroy();
    if (answer.error === 'ratelimited') return send(429, answer, { 'Retry-After': String(Math.max(1, Math.ceil(wait / 1_000))) });
    send(area === 'response' && answer.ok !== true ? 400 : 200, answer);
  }

  private args(body: Buffer): Json {
    const args: Json = Object.fromEntries(new URLSearchParams(body.toString()));
    for (const name of SCALAR_BLOCKS) if (typeof args[name] === 'string') args[name] = JSON.parse(args[name]);
    return args;
  }
}
