import type { Colleague, Opened, Payload, Shown, Typed } from './colleague.js';
import type { TestDatabase } from './database.js';
import { english } from './english.js';
import { activities } from './fake-teams/activities.js';
import { type CardInput, cardInputs } from './fake-teams/card-check.js';
import type { FakeMessage, FakePerson } from './fake-teams/connector.js';
import { cardOf, type TeamsButton, type TeamsCompany, type TeamsHands, teamsButtons, wordsOf } from './teams-company.js';
import { until } from './until.js';

/** The longest that an answer takes on a busy computer, in ms. */
const PATIENCE_MS = 20_000;

interface Seen extends Shown {
  readonly message: FakeMessage;
}

/** A message of the stand-in, as a story sees it. */
export const seenOnTeams = (message: FakeMessage): Shown => {
  const seen: Seen = { message, text: () => wordsOf(message), actions: () => teamsButtons(cardOf(message)).map(({ ref }) => ref) };
  return seen;
};
const messageOf = (shown: Shown): FakeMessage => (shown as Seen).message;

/** Somebody of a company on Teams; the bot has to know them already. */
export async function teamsColleague(company: TeamsCompany, database: TestDatabase, person: FakePerson): Promise<Colleague> {
  const { connector } = company;
  const { name, email } = person;
  const hands = company.at(person);
  const make = activities(connector);
  const { personId } = await database.db.account.findFirstOrThrow({ where: { externalId: person.aadObjectId } });

  /** The newest message in the own chat that is new, or another one than before, and fits. */
  const answers = async (act: () => Promise<unknown>, fits: (message: FakeMessage) => boolean, what: string): Promise<FakeMessage> => {
    const before = new Map(hands.seen.map((message) => [message, message.activity]));
    await act();
    const fresh = () => hands.seen.filter((message) => before.get(message) !== message.activity);
    return await until(() => fresh().findLast(fits), `${what} for ${name}`, PATIENCE_MS).catch((error: Error) => {
      throw new Error(`${error.message} Instead: ${JSON.stringify(fresh().map(wordsOf))}`);
    });
  };
  const saying = async (act: () => Promise<unknown>, says: string): Promise<Shown> =>
    seenOnTeams(await answers(act, (message) => wordsOf(message).includes(says), `“${says}”`));
  const opened = async (act: () => Promise<unknown>): Promise<Opened> => form(hands, await answers(act, isForm, 'A form'), saying);

  const where = ({ conversationId, id }: FakeMessage): object => {
    const channel = connector.channelOf(conversationId);
    return channel ? make.inChannel(channel.teamId, conversationId, id) : {};
  };
  const press = async (message: FakeMessage, action: string, fits: (payload: Payload) => boolean = () => true) => {
    const matches = ({ does, ref, payload }: TeamsButton) => does === 'act' && ref === action && fits(payload);
    // A card that takes the place of a shared one is seen by whoever pressed alone: it stays away from the others' message.
    const pressed = message.conversationId === person.conversationId ? message : { ...message };
    await hands.press(pressed, matches, {}, where(message));
  };
  const english = { locale: 'en-GB', entities: [{ type: 'clientInfo', locale: 'en-GB', timezone: 'Europe/Riga' }] };
  const say = async (text: string) => {
    const { status } = await company.post({ ...make.message(person, text), ...english });
    if (status !== 200) throw new Error(`The bot answered ${status} to “${text}” of ${name}.`);
  };
  return {
    name,
    email,
    personId,
    command: async (text, says) => await saying(() => say(text), says),
    commandForm: async (text) => await opened(() => say(text)),
    press: async (shown, action, says, fits) => await saying(() => press(messageOf(shown), action, fits), says),
    open: async (shown, action, fits) => await opened(() => press(messageOf(shown), action, fits)),
    forge: async (action, payload, says) => {
      const card: FakeMessage = {
        id: `forged-${crypto.randomUUID()}`,
        conversationId: person.conversationId,
        activity: forged(action, payload),
        edits: 0,
      };
      connector.messages.push(card);
      return await saying(() => press(card, action), says);
    },
    hears: async (says) =>
      seenOnTeams(
        await until(
          () => hands.seen.findLast((message) => wordsOf(message).includes(says)),
          `“${says}” in the chat of ${name}`,
          PATIENCE_MS,
        ),
      ),
    heard: (says) => hands.seen.filter((message) => wordsOf(message).includes(says)).length,
  };
}

const isForm = (message: FakeMessage): boolean => teamsButtons(cardOf(message)).some(({ does }) => does === 'submit');

/** A card with one button. */
function forged(action: string, payload: Payload): FakeMessage['activity'] {
  const data = { bellhop: { v: 1, do: 'act', ref: action, payload: JSON.stringify(payload) } };
  return { attachments: [{ content: { type: 'AdaptiveCard', actions: [{ type: 'Action.Execute', title: 'Go', verb: action, data }] } }] };
}

function form(hands: TeamsHands, message: FakeMessage, saying: (act: () => Promise<unknown>, says: string) => Promise<Shown>): Opened {
  return {
    standing: (field) => inputOf(cardInputs(cardOf(message)), field).value ?? '',
    send: async (typed, says) => await saying(async () => await hands.submit(message, valuesOf(message, typed)), says),
    refused: async (typed) => {
      const values = valuesOf(message, typed);
      const { activity } = message;
      await hands.submit(message, values);
      await until(() => message.activity !== activity && isForm(message), 'The form with what is to be mended', PATIENCE_MS);
      // What was typed stands there as it was, but what no picker can show.
      for (const { id, type, value = '' } of cardInputs(cardOf(message))) {
        const typedHere = values[id];
        if (typedHere !== undefined && typedHere !== value && type !== 'Input.Date')
          throw new Error(`${id}: “${value}” instead of “${typedHere}”`);
      }
      return errorsOn(cardOf(message));
    },
  };
}

function inputOf(inputs: readonly CardInput[], field: string): CardInput {
  const found = inputs.find(({ id }) => id.endsWith(`.${field}`));
  if (!found) throw new Error(`The form has no field ${field}.`);
  return found;
}

function valuesOf(message: FakeMessage, typed: Typed): Record<string, string> {
  const inputs = cardInputs(cardOf(message));
  return Object.fromEntries(
    Object.entries(typed).map(([field, value]) => [
      inputOf(inputs, field).id,
      typeof value === 'string' ? value : value.map(({ email }) => email).join(', '),
    ]),
  );
}

interface Piece {
  readonly type: string;
  readonly id?: string;
  readonly style?: string;
  readonly inlines?: readonly { readonly text: string; readonly color?: string }[];
  readonly items?: readonly Piece[];
}

/** Errors of a form, each below its field; what concerns the whole form stands above all of them. */
function errorsOn(card: unknown): Record<string, string> {
  const errors: Record<string, string> = {};
  let field = 'form';
  for (const piece of (card as { body: readonly Piece[] }).body) {
    if (piece.type.startsWith('Input.')) field = (piece.id ?? '').replace(/^\w+\./, '');
    const isError = piece.inlines?.some(({ color }) => color === 'attention');
    if (isError) errors[field] = (piece.inlines ?? []).map(({ text }) => text).join('');
    const general =
      piece.style === 'attention' ? (piece.items ?? []).flatMap(({ inlines = [] }) => inlines.map(({ text }) => text)).join('') : '';
    if (general !== '' && general !== english('core.ui.check_form')) errors.form = general;
  }
  return errors;
}
