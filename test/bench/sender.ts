import { createHmac } from 'node:crypto';
import { Agent, request } from 'node:http';
import type { Json } from '../support/fake-slack/directory-answers.js';
import type { FakeSlack } from '../support/fake-slack/fake-slack.js';

/** Made ready before the measuring begins: it is the bot's work that is measured, on cores that both share. */
export interface Prepared {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface Sent {
  readonly status: number;
  readonly body: string;
}

const agent = new Agent({ keepAlive: true });

/** An interactive payload as Slack posts it, signed now: it is valid for five minutes. */
export function prepare(slack: FakeSlack, payload: Json): Prepared {
  const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
  const stamp = String(Math.floor(Date.now() / 1_000));
  const signature = `v0=${createHmac('sha256', slack.signingSecret).update(`v0:${stamp}:${body}`).digest('hex')}`;
  return {
    body,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'content-length': String(Buffer.byteLength(body)),
      'x-slack-request-timestamp': stamp,
      'x-slack-signature': signature,
    },
  };
}

/** Posts it to the bot, on a connection of its own when all others are in use. */
export function post(slack: FakeSlack, { body, headers }: Prepared): Promise<Sent> {
  return new Promise((resolve, reject) => {
    const posting = request(`${slack.botUrls[0]}/slack/events`, { method: 'POST', agent, headers: { ...headers } }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }));
      response.on('error', reject);
    });
    posting.on('error', reject);
    posting.end(body);
  });
}
