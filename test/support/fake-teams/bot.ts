import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { createTeams, type TeamsAdapter, type TeamsOptions } from '../../../adapters/teams/app.js';
import type { Dispatched } from '../../../src/core/dispatch.js';
import type { Interaction } from '../../../src/core/interaction.js';
import type { Answer } from '../../../src/core/reply.js';
import type { DirectoryEvent, Log } from '../../../src/people/ports.js';
import { keys } from './keys.js';

export type Answerer = (interaction: Interaction) => Answer | Promise<Answer>;

const silent: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent };

/** The adapter on a real HTTP port, with answers that a test gives and everything that went in kept. */
export class FakeBot {
  readonly interactions: Interaction[] = [];
  readonly events: DirectoryEvent[] = [];
  readonly files: string[] = [];
  answer: Answerer = () => ({ kind: 'nothing' });
  teams!: TeamsAdapter;
  url = '';
  private readonly handled = new Map<string, Answer>();
  private server: Server | undefined;

  async start(options: Partial<TeamsOptions> = {}): Promise<this> {
    const app = express();
    this.teams = createTeams({
      dispatch: (interaction) => this.dispatch(interaction),
      report: async (_workspace, event) => void this.events.push(event),
      localise: keys,
      clock: { now: () => new Date('2027-02-01T08:00:00Z') },
      log: silent,
      express: app,
      trial: true,
      commandNames: ['handbook'],
      files: {
        create: async (file) => {
          this.files.push(file.name);
          return `https://bellhop.example/files/${file.name}`;
        },
      },
      channelChoices: async () => [{ id: 'c1', name: 'Store › news' }],
      knownChannels: async () => this.events.flatMap((event) => (event.kind === 'channel' ? [event.channel] : [])),
      ...options,
    });
    await this.teams.start();
    const server = createServer(app);
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    this.server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/messages`;
    return this;
  }

  async stop(): Promise<void> {
    await this.teams.stop();
    this.server?.closeAllConnections();
    await new Promise((done) => this.server?.close(done));
  }

  /** Posts an activity as Teams does. */
  async post(
    activity: object | string,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; body: Record<string, unknown> | undefined }> {
    const body = typeof activity === 'string' ? activity : JSON.stringify(activity);
    const response = await fetch(this.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
      body,
    });
    const text = await response.text();
    return { status: response.status, body: text ? JSON.parse(text) : undefined };
  }

  /** As the real dispatch: a key is used up by the first answer that is not a form with errors. */
  private async dispatch(interaction: Interaction): Promise<Dispatched> {
    this.interactions.push(interaction);
    const reader = { locale: 'en', zone: 'UTC' };
    const before = this.handled.get(interaction.onceKey);
    if (before && interaction.kind !== 'home') return { answer: before, reader, repeat: true };
    const answer = await this.answer(interaction);
    // Reactions are not noted, as in the real dispatch.
    if (interaction.kind === 'reaction') return { answer, reader, repeat: false };
    if (answer.kind !== 'errors') this.handled.set(interaction.onceKey, answer);
    return { answer, reader, repeat: false };
  }
}
