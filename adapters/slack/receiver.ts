import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { App, Receiver } from '@slack/bolt';
import type { Application, Request, Response } from 'express';
import type { Log } from '../../src/people/ports.js';
import { LIMITS } from './limits.js';
import { SLACK_EVENTS_PATH } from './manifest.js';

/** What a listener does that nobody waits for is awaited before an event is acknowledged, but not longer than this. */
const EVENT_ACK_MS = 2000;
/** How many times the limit is read, and forgotten, before the connection is cut. */
const DRAIN_FACTOR = 16;

/**
 * Bolt's requests from Slack over HTTP, on an Express app that others share. Mount it before any body parser: the
 * signature is over the bytes as they came.
 *
 * Bolt's own ExpressReceiver was left because it accepts a time stamp from the future and another version of the
 * signature, answers 500 to signed JSON that is no object, and acknowledges an event before anything was done with it.
 */
export class HttpReceiver implements Receiver {
  private bolt: App | undefined;
  private open = false;

  constructor(
    express: Application,
    private readonly options: { signingSecret: string; log: Log; now?: () => number },
  ) {
    express.post(SLACK_EVENTS_PATH, (request, response) => {
      this.handle(request, response).catch((error: unknown) => {
        options.log.error({ err: error }, 'A request from Slack failed.');
        if (!response.headersSent) refuse(response, 400, 'request_failed');
      });
    });
  }

  init(app: App): void {
    this.bolt = app;
  }

  async start(): Promise<void> {
    this.open = true;
  }

  /** From now on Slack is told to come again; what is under way finishes. */
  async stop(): Promise<void> {
    this.open = false;
  }

  private async handle(request: Request, response: Response): Promise<void> {
    const body = await readBody(request, LIMITS.http.bodyBytes);
    if (body === 'too_large') {
      this.options.log.warn({ status: 413 }, 'A request to Slack’s address was too large.');
      response.set('Connection', 'close');
      return refuse(response, 413, 'too_large');
    }
    // The machine's own clock, as Slack's: this is about the age of a request, not about the bot's calendar.
    const now = (this.options.now ?? Date.now)();
    if (!isSigned(request, body, this.options.signingSecret, now)) {
      this.options.log.warn({ status: 401 }, 'A request to Slack’s address was not signed by Slack, or is too old.');
      return refuse(response, 401, 'not_signed');
    }
    const payload = readPayload(body, request.get('content-type') ?? '');
    if (!payload || !isWhole(payload)) {
      this.options.log.warn({ status: 400 }, 'A signed request could not be read.');
      return refuse(response, 400, 'not_readable');
    }
    if (payload.type === 'url_verification') {
      response.json({ challenge: typeof payload.challenge === 'string' ? payload.challenge : '' });
      return;
    }
    if (payload.ssl_check !== undefined) {
      response.status(200).end();
      return;
    }
    if (!this.open || !this.bolt) return refuse(response, 503, 'not_ready');
    await this.process(this.bolt, payload, request, response);
  }

  private async process(bolt: App, payload: Record<string, unknown>, request: Request, response: Response): Promise<void> {
    const isEvent = payload.type === 'event_callback';
    let acknowledged = false;
    const answer = () => {
      if (!response.headersSent) response.status(200).end();
    };
    const timer = setTimeout(() => acknowledged && answer(), EVENT_ACK_MS);
    try {
      await bolt.processEvent({
        body: payload,
        customProperties: { requestId: requestIdOf(request) },
        ack: async (content?: unknown) => {
          if (acknowledged) return;
          acknowledged = true;
          // An event is answered once it is handled, so that Slack repeats it when this process dies meanwhile.
          if (isEvent || response.headersSent) return;
          if (content === undefined || content === '') answer();
          else if (typeof content === 'string') response.status(200).type('text/plain').send(content);
          else response.status(200).json(content);
        },
      });
    } finally {
      clearTimeout(timer);
    }
    if (acknowledged) return answer();
    this.options.log.warn(
      { status: 400, type: typeof payload.type === 'string' ? payload.type : undefined },
      'Nothing here handles this request.',
    );
    refuse(response, 400, 'not_understood');
  }
}

function refuse(response: Response, status: number, error: string): void {
  response.status(status).json({ ok: false, error });
}

function requestIdOf(request: IncomingMessage): string {
  const id = 'id' in request ? request.id : undefined;
  return typeof id === 'string' && id !== '' ? id : randomUUID().slice(0, 8);
}

async function readBody(request: Request, limit: number): Promise<Buffer | 'too_large'> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    size += chunk.length;
    if (size <= limit) chunks.push(chunk);
    // A sender that is cut off while it writes never reads the answer: a while longer it may write into the void.
    else if (size > limit * DRAIN_FACTOR) break;
    else chunks.length = 0;
  }
  return size > limit ? 'too_large' : Buffer.concat(chunks);
}

/** Source: https://docs.slack.dev/authentication/verifying-requests-from-slack */
function isSigned(request: Request, body: Buffer, secret: string, now: number): boolean {
  const stamp = request.get('x-slack-request-timestamp') ?? '';
  const given = request.get('x-slack-signature') ?? '';
  if (!/^\d{1,12}$/.test(stamp) || Math.abs(now / 1000 - Number(stamp)) > LIMITS.http.signatureAgeSeconds) return false;
  const expected = Buffer.from(`v0=${createHmac('sha256', secret).update(`v0:${stamp}:`).update(body).digest('hex')}`);
  const actual = Buffer.from(given);
  return actual.length === expected.length && timingSafeEqual(actual, expected);
}

/** The payload as an object, from JSON or from a form with or without a `payload` field. */
function readPayload(body: Buffer, contentType: string): Record<string, unknown> | undefined {
  const text = body.toString('utf8');
  try {
    if (!contentType.toLowerCase().startsWith('application/x-www-form-urlencoded')) return asObject(JSON.parse(text));
    const form = Object.fromEntries(new URLSearchParams(text));
    return form.payload === undefined ? form : asObject(JSON.parse(form.payload));
  } catch {
    return undefined;
  }
}

const ACTS_OF_PEOPLE: ReadonlySet<unknown> = new Set(['view_submission', 'view_closed', 'shortcut', 'message_action']);

/** Whether what Bolt takes for granted is there: it stumbles over an event without a type and a click of nobody. */
function isWhole(payload: Record<string, unknown>): boolean {
  if (payload.type === 'event_callback') return typeof asObject(payload.event)?.type === 'string';
  const isInteraction = Array.isArray(payload.actions) || ACTS_OF_PEOPLE.has(payload.type);
  return !isInteraction || asObject(payload.user) !== undefined;
}

function asObject(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
}
