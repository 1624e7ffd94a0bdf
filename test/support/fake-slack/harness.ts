import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { createSlack, type SlackAdapter, type SlackOptions } from '../../../adapters/slack/app.js';
import type { Dispatched } from '../../../src/core/dispatch.js';
import type { Interaction } from '../../../src/core/interaction.js';
import type { Answer } from '../../../src/core/reply.js';
import type { Localise, Reader } from '../../../src/core/text.js';
import type { DirectoryEvent } from '../../../src/people/ports.js';
import { memoryLog } from '../log.js';
import { FakeSlack } from './fake-slack.js';

export const READER: Reader = { locale: 'lv', zone: 'Europe/Riga' };

/** Keys and words stand for themselves. */
export const asKeys: Localise = (text) => {
  if (text.kind === 'key') return [{ text: text.key }];
  if (text.kind === 'words') return [{ text: text.words, typed: true }];
  return [{ text: JSON.stringify(text) }];
};

/** The adapter between a fake Slack and a dispatch that does what the test says. */
export interface SlackHarness {
  readonly slack: FakeSlack;
  readonly adapter: SlackAdapter;
  /** Everything that was dispatched. */
  readonly heard: Interaction[];
  readonly events: { readonly event: DirectoryEvent; readonly onceKey: string }[];
  readonly log: ReturnType<typeof memoryLog>;
  answer: (interaction: Interaction) => Answer | Promise<Answer>;
  /** Waits until `look` gives something. */
  until<T>(look: () => T | undefined | false): Promise<T>;
  stop(): Promise<void>;
}

/** As the real one, each act is done once: a repeat gets the first answer again. */
export async function slackHarness(options: Partial<SlackOptions> & { socket?: boolean } = {}): Promise<SlackHarness> {
  const slack = await new FakeSlack().start();
  const app = express();
  const log = memoryLog();
  const done = new Map<string, Promise<Answer>>();
  const harness: { answer: SlackHarness['answer'] } = { answer: () => ({ kind: 'nothing' }) };
  const heard: Interaction[] = [];
  const events: SlackHarness['events'] = [];
  const dispatch = async (interaction: Interaction): Promise<Dispatched> => {
    heard.push(interaction);
    if (interaction.kind === 'home') return { answer: await harness.answer(interaction), reader: READER, repeat: false };
    const before = done.get(interaction.onceKey);
    if (before) return { answer: await before, reader: READER, repeat: true };
    const running = Promise.resolve(harness.answer(interaction));
    done.set(interaction.onceKey, running);
    const answer = await running;
    if (answer.kind === 'errors') done.delete(interaction.onceKey);
    return { answer, reader: READER, repeat: false };
  };
  const adapter = createSlack({
    dispatch,
    report: async (_workspace, event, onceKey) => void events.push({ event, onceKey }),
    localise: asKeys,
    clock: { now: () => new Date() },
    log,
    commands: ['handbook', 'bellhop'],
    shortcuts: ['recognition.give_kudos'],
    express: app,
    botToken: slack.botToken,
    signingSecret: slack.signingSecret,
    apiUrl: slack.apiUrl,
    ...(options.socket ? { appToken: slack.appToken } : {}),
    ...options,
  });
  const server = await new Promise<Server>((resolve) => {
    const listening = app.listen(0, '127.0.0.1', () => resolve(listening));
  });
  slack.botUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    slack,
    adapter,
    heard,
    events,
    log,
    get answer() {
      return harness.answer;
    },
    set answer(answer) {
      harness.answer = answer;
    },
    until: async (look) => {
      const deadline = performance.now() + 5000;
      for (;;) {
        const found = look();
        if (found !== undefined && found !== false) return found;
        if (performance.now() > deadline) throw new Error(`Not within 5 s: ${look}`);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
    stop: async () => {
      await adapter.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await slack.stop();
    },
  };
}
