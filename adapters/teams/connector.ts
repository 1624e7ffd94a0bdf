import { z } from 'zod';
import { ChatError } from '../../src/delivery/port.js';
import type { AdaptiveCard } from './adaptive.js';
import { chatError, connectionError } from './errors.js';
import { TEAMS_LIMITS } from './limits.js';

/** A message as it goes out. */
export interface OutgoingActivity {
  readonly type: 'message';
  readonly summary: string;
  readonly attachments: readonly { readonly contentType: 'application/vnd.microsoft.card.adaptive'; readonly content: AdaptiveCard }[];
}

export function cardActivity(card: AdaptiveCard, summary: string): OutgoingActivity {
  return { type: 'message', summary, attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content: card }] };
}

const text = z.string().nullish();

const Member = z.looseObject({
  id: z.string(),
  name: text,
  aadObjectId: text,
  objectId: text,
  email: text,
  userPrincipalName: text,
  tenantId: text,
  userRole: text,
});
export type TeamsMember = z.output<typeof Member>;

const MembersPage = z.looseObject({ members: z.array(Member), continuationToken: text });
const Channels = z.looseObject({ conversations: z.array(z.looseObject({ id: z.string(), name: text, type: text })) });
const Team = z.looseObject({ id: z.string(), name: text });
const Resource = z.looseObject({ id: text, activityId: text, serviceUrl: text });
const Failure = z.looseObject({ error: z.looseObject({ code: text, message: text }).nullish(), code: text, message: text });

/**
 * The connector's REST interface, one request for one call and nothing repeated: botbuilder's own client sends
 * a message up to four times when an answer gets lost, and the delivery engine must know of every try.
 * Every method throws ChatError.
 */
export interface Connector {
  send(serviceUrl: string, conversationId: string, activity: OutgoingActivity): Promise<string>;
  update(serviceUrl: string, conversationId: string, activityId: string, activity: OutgoingActivity): Promise<void>;
  /** The 1:1 conversation with a person, made when there is none yet. */
  openDirect(serviceUrl: string, tenantId: string, userId: string, botId: string | undefined): Promise<string>;
  members(
    serviceUrl: string,
    conversationId: string,
    continuation: string | undefined,
  ): Promise<{ members: readonly TeamsMember[]; next?: string }>;
  /** Undefined when the person is not in the conversation. */
  member(serviceUrl: string, conversationId: string, userId: string): Promise<TeamsMember | undefined>;
  channels(serviceUrl: string, teamId: string): Promise<readonly { readonly id: string; readonly name?: string; readonly type?: string }[]>;
  teamName(serviceUrl: string, teamId: string): Promise<string | undefined>;
}

/** @param authorise the headers that prove who asks; throws ChatError when no token can be had */
export function createConnector(authorise: () => Promise<Readonly<Record<string, string>>>): Connector {
  const call = async (method: 'GET' | 'POST' | 'PUT', serviceUrl: string, path: string, body?: object): Promise<unknown> => {
    const headers = await authorise();
    const reading = method === 'GET';
    let response: Response;
    let answer: string;
    try {
      response = await fetch(`${serviceUrl.replace(/\/+$/, '')}/${path}`, {
        method,
        headers: { ...headers, accept: 'application/json', ...(body && { 'content-type': 'application/json; charset=utf-8' }) },
        ...(body && { body: JSON.stringify(body) }),
        redirect: 'error',
        signal: AbortSignal.timeout(TEAMS_LIMITS.messageMs),
      });
      answer = await response.text();
    } catch (error) {
      throw connectionError(error, reading);
    }
    const parsed = parseJson(answer);
    if (response.ok) return parsed;
    const failure = Failure.safeParse(parsed).data;
    const code = failure?.error?.code ?? failure?.code ?? `HTTP ${response.status}`;
    const message = failure?.error?.message ?? failure?.message ?? '';
    const known = /failed to decrypt pairwise id/i.test(message) ? 'pairwise id' : code;
    const retryAfterMs = retryAfter(response.headers.get('retry-after'));
    throw chatError({ status: response.status, code: known, ...(retryAfterMs !== undefined && { retryAfterMs }) }, reading);
  };
  const conversation = (id: string) => `v3/conversations/${encodeURIComponent(id)}`;

  return {
    async send(serviceUrl, conversationId, activity) {
      return Resource.parse((await call('POST', serviceUrl, `${conversation(conversationId)}/activities`, sized(activity))) ?? {}).id ?? '';
    },
    async update(serviceUrl, conversationId, activityId, activity) {
      await call(
        'PUT',
        serviceUrl,
        `${conversation(conversationId)}/activities/${encodeURIComponent(activityId)}`,
        sized({ ...activity, id: activityId }),
      );
    },
    async openDirect(serviceUrl, tenantId, userId, botId) {
      const made = Resource.parse(
        (await call('POST', serviceUrl, 'v3/conversations', {
          isGroup: false,
          ...(botId && { bot: { id: botId } }),
          members: [{ id: userId }],
          tenantId,
          channelData: { tenant: { id: tenantId } },
        })) ?? {},
      );
      if (!made.id) throw new ChatError('unreachable', 'no conversation');
      return made.id;
    },
    async members(serviceUrl, conversationId, continuation) {
      const query = new URLSearchParams({
        pageSize: String(TEAMS_LIMITS.memberPage),
        ...(continuation && { continuationToken: continuation }),
      });
      const page = MembersPage.parse(await call('GET', serviceUrl, `${conversation(conversationId)}/pagedmembers?${query}`));
      return { members: page.members, ...(page.continuationToken && { next: page.continuationToken }) };
    },
    async member(serviceUrl, conversationId, userId) {
      try {
        return Member.parse(await call('GET', serviceUrl, `${conversation(conversationId)}/members/${encodeURIComponent(userId)}`));
      } catch (error) {
        if (error instanceof ChatError && error.reason === 'MemberNotFoundInConversation') return undefined;
        throw error;
      }
    },
    async channels(serviceUrl, teamId) {
      const list = Channels.parse(await call('GET', serviceUrl, `v3/teams/${encodeURIComponent(teamId)}/conversations`));
      return list.conversations.map(({ id, name, type }) => ({ id, ...(name && { name }), ...(type && { type }) }));
    },
    async teamName(serviceUrl, teamId) {
      return Team.parse(await call('GET', serviceUrl, `v3/teams/${encodeURIComponent(teamId)}`)).name ?? undefined;
    },
  };
}

/** A message over the limit is never sent to be refused. */
function sized<T extends object>(activity: T): T {
  if (Buffer.byteLength(JSON.stringify(activity)) > TEAMS_LIMITS.messageBytes) throw new ChatError('invalid', 'MessageSizeTooBig');
  return activity;
}

function parseJson(answer: string): unknown {
  try {
    return answer === '' ? undefined : JSON.parse(answer);
  } catch {
    return undefined;
  }
}

/** Seconds or a date (RFC 9110, 10.2.3), in milliseconds from now. */
function retryAfter(header: string | null): number | undefined {
  if (header === null) return undefined;
  const seconds = Number(header);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}
