import { activities } from './fake-teams/activities.js';
import { type CardButton, cardButtons, cardInputs, cardProblems, cardText } from './fake-teams/card-check.js';
import { BOT_ID, FakeConnector, type FakeMessage, type FakePerson, TENANT } from './fake-teams/connector.js';
import { type Issuer, startIssuer, type TokenFault } from './fake-teams/issuer.js';
import { nameOf } from './slack-company.js';
import { until } from './until.js';

const APP_ID = BOT_ID.slice(3);

export interface TeamsCompany {
  readonly connector: FakeConnector;
  readonly issuer: Issuer;
  /** The owner by BELLHOP_OWNER_EMAIL. */
  readonly manager: FakePerson;
  readonly employees: readonly FakePerson[];
  readonly environment: Readonly<Record<string, string>>;
  /** Where the bot is, once it runs. */
  botUrl: string;
  at(person: FakePerson): TeamsHands;
  /** Posts an activity with a token, good or wrong in one respect. */
  post(activity: object | string, fault?: TokenFault): Promise<{ status: number; body: unknown }>;
  stop(): Promise<void>;
}

/**
 * A stand-in of Teams with a company in it, that checks the bot's token and enforces Teams' limits.
 * @param paceFactor how many times as much as Teams allows; the bot is told the same
 */
export async function teamsCompany(employees: number, paceFactor = 20): Promise<TeamsCompany> {
  const connector = await new FakeConnector().start();
  const issuer = await startIssuer(APP_ID);
  connector.bearer = issuer.botToken;
  connector.paceFactor = paceFactor;
  const manager = connector.addPerson('Ann Ozola');
  const people = Array.from({ length: employees }, (_, index) => connector.addPerson(nameOf(index)));
  const company: TeamsCompany = {
    connector,
    issuer,
    manager,
    employees: people,
    botUrl: '',
    environment: {
      MicrosoftAppType: 'SingleTenant',
      MicrosoftAppId: APP_ID,
      MicrosoftAppPassword: 'secret',
      MicrosoftAppTenantId: TENANT,
      ToBotFromChannelOpenIdMetadataUrl: issuer.metadataUrl,
      ToChannelFromBotLoginUrl: issuer.loginUrl,
      BELLHOP_OWNER_EMAIL: manager.email,
      BELLHOP_PACE_FACTOR: String(paceFactor),
    },
    at: (person) => new TeamsHands(company, person),
    post: async (activity, fault) => {
      const response = await fetch(`${company.botUrl}/api/messages`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json; charset=utf-8',
          authorization: `Bearer ${await issuer.token(connector.serviceUrl, fault)}`,
        },
        body: typeof activity === 'string' ? activity : JSON.stringify(activity),
      });
      const text = await response.text();
      return { status: response.status, body: text ? JSON.parse(text) : undefined };
    },
    stop: async () => {
      await issuer.stop();
      await connector.stop();
    },
  };
  return company;
}

/** What a button of a card carries. */
export interface TeamsButton {
  readonly button: CardButton;
  /** `act`, `submit` or `cancel`. */
  readonly does: string;
  readonly ref: string;
  readonly payload: Record<string, unknown>;
}

export function teamsButtons(card: unknown): TeamsButton[] {
  return cardButtons(card).flatMap((button) => {
    const data = button.data?.bellhop as { do: string; ref?: string; payload?: string } | undefined;
    return data ? [{ button, does: data.do, ref: data.ref ?? '', payload: JSON.parse(data.payload ?? '{}') }] : [];
  });
}

/** Somebody at the keyboard of Teams, in the own chat with the bot. */
export class TeamsHands {
  private readonly make: ReturnType<typeof activities>;

  constructor(
    private readonly company: TeamsCompany,
    private readonly person: FakePerson,
  ) {
    this.make = activities(company.connector);
  }

  private readonly english = { locale: 'en-GB', entities: [{ type: 'clientInfo', locale: 'en-GB', timezone: 'Europe/Riga' }] };

  get seen(): FakeMessage[] {
    return this.company.connector.messages.filter(({ conversationId }) => conversationId === this.person.conversationId);
  }

  private async post(activity: object, mentions: readonly object[] = []): Promise<unknown> {
    const { status, body } = await this.company.post({ ...activity, ...this.english, entities: [...this.english.entities, ...mentions] });
    if (status !== 200) throw new Error(`The bot answered ${status}.`);
    return body;
  }

  /** Installs the app for this person; the bot greets. */
  async install(): Promise<void> {
    for (const activity of this.make.installed(this.person)) await this.post(activity);
  }

  /** Installs the app in a team with everybody in it. */
  async installInTeam(team: { readonly id: string }): Promise<void> {
    await this.post({
      ...this.make.base(this.person),
      type: 'conversationUpdate',
      membersAdded: [{ id: BOT_ID }],
      conversation: { id: team.id, conversationType: 'channel', isGroup: true, tenantId: TENANT },
      channelData: { team: { id: team.id, name: 'Store' }, eventType: 'teamMemberAdded', tenant: { id: TENANT } },
    });
  }

  /** Writes to the bot. @returns the last message that it answered with */
  async say(text: string): Promise<FakeMessage> {
    const before = new Set(this.seen);
    await this.post(this.make.message(this.person, text));
    return await until(() => this.seen.findLast((message) => !before.has(message)), `An answer to “${text}”`);
  }

  /** Writes to the bot in a channel, naming people as `@their name`. @returns the message in the own chat that answers it */
  async sayIn(place: TeamsPlace, text: string, people: readonly FakePerson[] = []): Promise<FakeMessage> {
    const before = new Set(this.seen);
    const mentioned = [{ id: BOT_ID, name: 'Bellhop' }, ...people];
    const written = people.reduce((said, { name }) => said.replaceAll(`@${name}`, `<at>${name}</at>`), `<at>Bellhop</at> ${text}`);
    const activity = this.make.message(this.person, written, this.make.inChannel(place.teamId, place.channelId));
    await this.post(
      activity,
      mentioned.map((who) => this.make.mention(who)),
    );
    return await until(() => this.seen.findLast((message) => !before.has(message)), `An answer to “${text}”`);
  }

  async find(ref: string): Promise<FakeMessage> {
    return await until(
      () => this.seen.findLast((message) => teamsButtons(cardOf(message)).some((button) => button.ref === ref)),
      `A message to ${this.person.name} with ${ref}`,
    );
  }

  /** Presses a button; a card that answers takes the place of the pressed one. @returns the answer's body */
  async press(
    message: FakeMessage,
    fits: (button: TeamsButton) => boolean,
    inputs: Record<string, string> = {},
    more: object = {},
  ): Promise<{ type: string; value: unknown }> {
    const found = teamsButtons(cardOf(message)).find(fits);
    if (!found) throw new Error(`There is no such button on ${JSON.stringify(cardOf(message))}`);
    const body = (await this.post(this.make.click(this.person, found.button, inputs, { replyToId: message.id, ...more }))) as {
      type: string;
      value: unknown;
    };
    if (body.type === 'application/vnd.microsoft.card.adaptive')
      message.activity = { ...message.activity, attachments: [{ content: body.value }] };
    return body;
  }

  act(
    message: FakeMessage,
    ref: string,
    fits: (payload: Record<string, unknown>) => boolean = () => true,
  ): Promise<{ type: string; value: unknown }> {
    return this.press(message, (button) => button.does === 'act' && button.ref === ref && fits(button.payload));
  }

  /** Sends the form that a message shows, with what stands in its fields but for these. */
  submit(message: FakeMessage, values: Record<string, string>): Promise<{ type: string; value: unknown }> {
    const standing = Object.fromEntries(cardInputs(cardOf(message)).map(({ id, value }) => [id, value ?? '']));
    return this.press(message, (button) => button.does === 'submit', { ...standing, ...values });
  }

  /** Opens a message extension; `at` is the message that it was chosen at. @returns its dialog, or the line that stands for one */
  async extension(commandId: string, at?: TeamsPlace & { id: string; text: string; author: FakePerson }): Promise<TeamsDialog> {
    const value = at ? this.make.messagePayload(at.id, `<p>${at.text}</p>`, at.author) : {};
    const place = at && this.make.inChannel(at.teamId, at.channelId);
    return dialogOf(await this.post(this.make.fetchTask(this.person, commandId, place, value)), commandId);
  }

  /** Presses a button of a dialog with what stands in its fields but for these. @returns what came of it */
  async inDialog(dialog: TeamsDialog, values: Record<string, string> = {}, title?: string): Promise<TeamsDialog> {
    const found = cardButtons(dialog.card).find((button) => title === undefined || button.title === title);
    if (!found) throw new Error(`There is no such button in ${JSON.stringify(dialog)}`);
    const standing = Object.fromEntries(cardInputs(dialog.card).map(({ id, value }) => [id, value ?? '']));
    const data = { ...found.data, ...standing, ...values };
    return dialogOf(await this.post(this.make.submitAction(this.person, dialog.commandId, data)), dialog.commandId);
  }

  /** Reacts to a message of the bot, or takes a reaction away. */
  async react(message: FakeMessage, type: string, added = true): Promise<void> {
    const inChannel = this.company.connector.channelOf(message.conversationId);
    const more = inChannel ? this.make.inChannel(inChannel.teamId, message.conversationId, message.id) : {};
    await this.post(this.make.reacted(this.person, message.id, { [added ? 'added' : 'removed']: [type] }, more));
  }

  /** Opens page after page. @returns the message that shows the last one */
  async readAll(): Promise<FakeMessage> {
    const message = await this.find('handbook.read');
    for (let page = 1; page <= 30; page++) {
      await this.act(message, 'handbook.read', (payload) => payload.page === page);
      if (teamsButtons(cardOf(message)).some((button) => button.ref === 'handbook.sign')) return message;
    }
    throw new Error('There is no last page.');
  }

  async readAndSign(name: string): Promise<FakeMessage> {
    const message = await this.readAll();
    await this.act(message, 'handbook.sign');
    await this.submit(message, { 'text.name': name, 'check.agree': 'true' });
    return message;
  }

  /** @returns the message that is the published handbook's card */
  async publish(text: string, values: Record<string, string> = {}): Promise<FakeMessage> {
    const message = await this.say('handbook publish');
    await this.submit(message, { 'text.text': text, ...values });
    await this.act(message, 'handbook.publish');
    return message;
  }
}

export interface TeamsPlace {
  readonly teamId: string;
  readonly channelId: string;
}

/** What an invoke about a dialog was answered with. */
export interface TeamsDialog {
  readonly commandId: string;
  /** The dialog's card; undefined when it closed. */
  readonly card: unknown;
  /** The one line that a closing dialog says. */
  readonly message: string | undefined;
}

/** @throws Error naming what Teams would not show */
function dialogOf(body: unknown, commandId: string): TeamsDialog {
  const task = (body as { task?: { type: string; value: unknown } } | undefined)?.task;
  if (task?.type !== 'continue') return { commandId, card: undefined, message: task?.value === undefined ? undefined : String(task.value) };
  const { content } = (task.value as { card: { content: unknown } }).card;
  const problems = cardProblems(content, 'dialog');
  if (problems.length > 0) throw new Error(`A dialog that Teams would not show: ${problems.join('; ')}`);
  return { commandId, card: content, message: undefined };
}

export const cardOf = (message: FakeMessage): unknown => message.activity.attachments[0]?.content;
/** All that can be read on a message. */
export const wordsOf = (message: FakeMessage): string => cardText(cardOf(message));
