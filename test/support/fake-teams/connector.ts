import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Windows } from '../windows.js';
import { cardProblems } from './card-check.js';

export interface FakePerson {
  readonly id: string;
  readonly aadObjectId: string;
  readonly name: string;
  readonly email: string;
  readonly tenantId: string;
  readonly userRole: 'user' | 'guest';
  installed: boolean;
  blocked: boolean;
  /** The 1:1 conversation. */
  readonly conversationId: string;
}

export interface FakeMessage {
  readonly id: string;
  readonly conversationId: string;
  activity: { summary?: string; attachments: { content: unknown }[] };
  edits: number;
}

/** What a fault does to the next matching call. */
export type Fault = number | 'lost' | 'dropped';

interface Answer {
  readonly status: number;
  readonly body?: object;
  readonly headers?: Record<string, string>;
}

const refused = (status: number, code: string, headers: Record<string, string> = {}): Answer => ({
  status,
  body: { error: { code, message: code } },
  headers,
});

export const TENANT = 'aaaaaaaa-0000-4000-8000-000000000001';
export const BOT_ID = '28:11111111-2222-4333-8444-555555555555';

/** Teams, "Optimize your bot with rate limiting": what a bot may do in one conversation, and in a tenant. */
const CONVERSATION_WINDOWS = [
  { count: 7, perMs: 1_000 },
  { count: 8, perMs: 2_000 },
  { count: 60, perMs: 30_000 },
  { count: 1_800, perMs: 3_600_000 },
] as const;
const TENANT_WINDOW = { count: 50, perMs: 1_000 } as const;

/** The Bot Connector's REST interface as Teams offers it, strict about what it takes. */
export class FakeConnector {
  readonly people: FakePerson[] = [];
  readonly teams: { id: string; name: string; channels: { id: string; name?: string }[]; members: FakePerson[] }[] = [];
  readonly messages: FakeMessage[] = [];
  readonly calls: { method: string; path: string; status: number }[] = [];
  /** What Teams would have refused, in words. */
  readonly problems: string[] = [];
  /** Asked for of every call when given. */
  bearer: string | undefined;
  /** Messages that a conversation takes within a second. */
  perSecond = 7;
  /** Given: every documented limit is enforced, so many times as high. */
  paceFactor: number | undefined;
  refusedAsTooFast = 0;
  /** Decides of every post and edit whether its request (`dropped`) or its answer (`lost`) gets lost. */
  fate: ((path: string) => 'dropped' | 'lost' | undefined) | undefined;
  /** How long the answer of a post or edit is under way, in ms. */
  latency: (() => number) | undefined;
  /** Told of every message as soon as it lies in its conversation. */
  onMessage: ((message: FakeMessage) => void) | undefined;
  private readonly windows = new Windows();
  private readonly faults: Fault[] = [];
  private readonly server = createServer((request, response) => void this.serve(request, response));
  serviceUrl = '';

  async start(): Promise<this> {
    await new Promise<void>((done) => this.server.listen(0, '127.0.0.1', done));
    this.serviceUrl = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/amer/`;
    return this;
  }

  stop(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((done) => this.server.close(() => done()));
  }

  addPerson(name: string, options: Partial<Pick<FakePerson, 'userRole' | 'installed' | 'tenantId'>> = {}): FakePerson {
    const person: FakePerson = {
      id: `29:${randomUUID()}`,
      aadObjectId: randomUUID(),
      name,
      email: `${name.toLowerCase().replace(/\W+/g, '.')}@contoso.example`,
      tenantId: TENANT,
      userRole: 'user',
      installed: true,
      blocked: false,
      conversationId: `a:${randomUUID()}`,
      ...options,
    };
    this.people.push(person);
    return person;
  }

  addTeam(name: string, members: FakePerson[], channels: string[]): { id: string; channels: { id: string; name?: string }[] } {
    const id = `19:${randomUUID()}@thread.tacv2`;
    const team = {
      id,
      name,
      members,
      channels: [{ id }, ...channels.map((channel) => ({ id: `19:${randomUUID()}@thread.tacv2`, name: channel }))],
    };
    this.teams.push(team);
    return team;
  }

  /** The next calls that post or edit meet these, one each. */
  fail(...faults: Fault[]): void {
    this.faults.push(...faults);
  }

  /** The team of a channel; undefined where a conversation is no channel. */
  channelOf(conversationId: string): { readonly teamId: string } | undefined {
    const team = this.teams.find(({ channels }) => channels.some(({ id }) => id === conversationId));
    return team && { teamId: team.id };
  }

  /** The cards of a conversation as they stand. */
  cards(conversationId: string): unknown[] {
    return this.messages
      .filter((message) => message.conversationId === conversationId)
      .flatMap(({ activity }) => activity.attachments.map(({ content }) => content));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const url = new URL(request.url ?? '/', this.serviceUrl);
    const path = url.pathname.replace('/amer/', '');
    const writing = request.method !== 'GET';
    const fault = writing ? (this.faults.shift() ?? this.fate?.(path)) : undefined;
    let answer: Answer;
    if (fault === 'dropped') return void response.destroy();
    if (this.bearer !== undefined && request.headers.authorization !== `Bearer ${this.bearer}`) answer = refused(401, 'Unauthorized');
    else if (typeof fault === 'number') answer = refused(fault, `Fault${fault}`, fault === 429 ? { 'retry-after': '2' } : {});
    else answer = this.route(request.method ?? '', path.split('/').map(decodeURIComponent), url.searchParams, Buffer.concat(parts));
    this.calls.push({ method: request.method ?? '', path, status: answer.status });
    const delay = writing ? (this.latency?.() ?? 0) : 0;
    if (delay > 0) await new Promise((resolve) => setTimeout(resolve, delay));
    if (fault === 'lost') return void response.destroy();
    response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers }).end(JSON.stringify(answer.body ?? {}));
  }

  private route(method: string, path: string[], query: URLSearchParams, raw: Buffer): Answer {
    const [version, area, id = '', part, last] = path;
    if (version !== 'v3') return refused(404, 'NotFound');
    if (area === 'teams') {
      const team = this.teams.find((one) => one.id === id);
      if (!team) return refused(404, 'TeamNotFound');
      return { status: 200, body: part === 'conversations' ? { conversations: team.channels } : { id: team.id, name: team.name } };
    }
    if (area !== 'conversations') return refused(404, 'NotFound');
    if (method === 'POST' && id === '') return this.open(JSON.parse(raw.toString()));
    const place = this.place(id);
    if (!place) return refused(404, 'ConversationNotFound');
    if (place.refusal) return place.refusal;
    if (part === 'pagedmembers') return page(place.members, query);
    if (part === 'members') {
      const member = place.members.find((one) => one.id === last || one.aadObjectId === last);
      return member ? { status: 200, body: publicPerson(member) } : refused(404, 'MemberNotFoundInConversation');
    }
    if (part !== 'activities') return refused(405, 'MethodNotAllowed');
    return this.take(id, method === 'PUT' ? last : undefined, raw);
  }

  private open(body: { members?: { id: string }[]; tenantId?: string }): Answer {
    const asked = body.members?.[0]?.id;
    const person = this.people.find((one) => one.id === asked || one.aadObjectId === asked);
    if (!person || body.tenantId !== TENANT) return refused(400, 'BadArgument');
    if (person.blocked) return refused(403, 'MessageWritesBlocked');
    if (!person.installed) return refused(403, 'ForbiddenOperationException');
    return { status: 201, body: { id: person.conversationId } };
  }

  private place(id: string): { members: FakePerson[]; refusal?: Answer } | undefined {
    const base = id.split(';')[0];
    const person = this.people.find((one) => one.conversationId === base);
    if (person) {
      const refusal = person.blocked
        ? refused(403, 'MessageWritesBlocked')
        : person.installed
          ? undefined
          : refused(403, 'BotNotInConversationRoster');
      return { members: [person], ...(refusal && { refusal }) };
    }
    const team = this.teams.find((one) => one.channels.some((channel) => channel.id === base));
    return team && { members: team.members };
  }

  private isTooFast(conversationId: string): boolean {
    const factor = this.paceFactor;
    if (factor === undefined) return this.windows.take([[conversationId, { count: this.perSecond, perMs: 1_000 }]]) > 0;
    const inConversation = CONVERSATION_WINDOWS.map(
      ({ count, perMs }) => [`${conversationId} ${perMs}`, { count: count * factor, perMs }] as const,
    );
    return this.windows.take([...inConversation, ['tenant', { count: TENANT_WINDOW.count * factor, perMs: TENANT_WINDOW.perMs }]]) > 0;
  }

  private take(conversationId: string, edited: string | undefined, raw: Buffer): Answer {
    if (this.isTooFast(conversationId)) {
      this.refusedAsTooFast += 1;
      return refused(429, 'Throttled', { 'retry-after': '1' });
    }
    if (raw.length > 40 * 1024) return refused(413, 'MessageSizeTooBig');
    const activity = JSON.parse(raw.toString());
    const problems = (activity.attachments ?? []).flatMap(({ content }: { content: unknown }) => cardProblems(content));
    if (activity.type !== 'message' || !activity.summary || !(activity.attachments?.length > 0))
      problems.push('not a message with a card and a summary');
    if (problems.length > 0) {
      this.problems.push(...problems);
      return refused(400, 'BadSyntax');
    }
    if (edited) {
      const message = this.messages.find((one) => one.id === edited && one.conversationId === conversationId);
      if (!message) return refused(404, 'ActivityNotFoundInConversation');
      message.activity = activity;
      message.edits++;
      return { status: 200, body: { id: edited } };
    }
    const message = { id: String(1_700_000_000_000 + this.messages.length), conversationId, activity, edits: 0 };
    this.messages.push(message);
    this.onMessage?.(message);
    return { status: 201, body: { id: message.id } };
  }
}

function publicPerson({ installed: _i, blocked: _b, conversationId: _c, ...member }: FakePerson): object {
  return { ...member, userPrincipalName: member.email };
}

function page(members: FakePerson[], query: URLSearchParams): Answer {
  const from = Number(query.get('continuationToken') ?? 0);
  const size = Number(query.get('pageSize'));
  const next = from + size < members.length ? { continuationToken: String(from + size) } : {};
  return { status: 200, body: { members: members.slice(from, from + size).map(publicPerson), ...next } };
}
