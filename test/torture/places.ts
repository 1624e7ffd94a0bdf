import type { Platform } from '../../src/core/interaction.js';
import { buttonsOf, MANAGER, slackCompany, TEXT } from '../support/slack-company.js';
import { cardOf, teamsButtons, teamsCompany } from '../support/teams-company.js';

/** So many times faster than the documented limits: the stand-ins enforce it, and the bot is told by BELLHOP_PACE_FACTOR. */
export const SCALE = 20;

/** How often a request, and how often an answer, gets lost on the way. */
const LOST = 0.005;

/** A platform with a company on it. */
export interface Place {
  readonly platform: Platform;
  readonly environment: Readonly<Record<string, string>>;
  /** Where the bot listens that was started last. */
  reach(address: string): void;
  /** Makes everybody known to the bot, as far as the platform doesn't tell by itself. */
  introduce(): Promise<void>;
  /** A manager publishes to everybody by real clicks; from now on requests and answers get lost. */
  publish(): Promise<void>;
  /** Called at every post, before it is answered. */
  onPost: () => void;
  /** How often each person was asked, 0 for who wasn't, the manager included. */
  asked(): readonly number[];
  readonly figures: { posts: number; lostRequests: number; lostAnswers: number; lookedUp: number; refused: number };
  stop(): Promise<void>;
}

type Figures = { -readonly [Name in keyof Place['figures']]: number };

export const noFigures = (): Figures => ({ posts: 0, lostRequests: 0, lostAnswers: 0, lookedUp: 0, refused: 0 });

/** A kill falls before, in or after this pause: the bot knows nothing yet of a message that is there already. */
export const answerDelay = (random: () => number) => 10 + random() * 50;

export function chance<Lost>(random: () => number, figures: Figures, request: Lost, answer: Lost): Lost | undefined {
  const luck = random();
  if (luck < LOST) figures.lostRequests += 1;
  else if (luck < 2 * LOST) figures.lostAnswers += 1;
  return luck < LOST ? request : luck < 2 * LOST ? answer : undefined;
}

export async function slackPlace(people: number, random: () => number): Promise<Place> {
  const company = await slackCompany(people - 1, SCALE);
  const { slack, employees } = company;
  const figures = noFigures();
  const isPost = (method: string) => method === 'chat.postMessage';
  const place: Place = {
    platform: 'slack',
    environment: company.environment,
    reach: (address) => {
      slack.botUrl = address;
    },
    introduce: async () => {},
    publish: async () => {
      const draft = await company.at(MANAGER).draft();
      slack.fate = (method) => (isPost(method) ? chance(random, figures, 'cut', 'cut_after') : undefined);
      slack.latency = (method) => (isPost(method) ? answerDelay(random) : 0);
      slack.onCall = ({ method, answer }) => {
        if (method === 'conversations.history' && answer.ok === true) figures.lookedUp += 1;
        figures.refused = slack.refusedAsTooFast.length;
        if (!isPost(method) || answer.ok !== true) return;
        figures.posts += 1;
        place.onPost();
      };
      await company.at(MANAGER).turn(draft, 'handbook.publish');
    },
    onPost: () => {},
    asked: () => {
      const counts = new Map<string, number>();
      for (const message of slack.messages) {
        // The manager is shown the draft and the count besides.
        const request = buttonsOf(message).some(({ action }) => action === 'handbook.read');
        if (request) counts.set(message.channel, (counts.get(message.channel) ?? 0) + 1);
      }
      return [MANAGER, ...employees].map((id) => counts.get(`D${id.slice(1)}`) ?? 0);
    },
    figures,
    stop: company.stop,
  };
  return place;
}

export async function teamsPlace(people: number, random: () => number): Promise<Place> {
  const company = await teamsCompany(people - 1, SCALE);
  const { connector, manager, employees } = company;
  const figures = noFigures();
  const place: Place = {
    platform: 'teams',
    environment: company.environment,
    reach: (address) => {
      company.botUrl = address;
    },
    introduce: async () => {
      await company.at(manager).install();
      await company.at(manager).installInTeam(connector.addTeam('Store', [manager, ...employees], []));
    },
    publish: async () => {
      const hands = company.at(manager);
      const draft = await hands.say('handbook publish');
      await hands.submit(draft, { 'text.text': TEXT });
      connector.fate = (path) => (path.endsWith('/activities') ? chance(random, figures, 'dropped', 'lost') : undefined);
      connector.latency = () => answerDelay(random);
      connector.onMessage = () => {
        figures.posts += 1;
        figures.refused = connector.refusedAsTooFast;
        place.onPost();
      };
      await hands.act(draft, 'handbook.publish');
    },
    onPost: () => {},
    asked: () => {
      const counts = new Map<string, number>();
      for (const message of connector.messages) {
        const request = teamsButtons(cardOf(message)).some(({ ref, payload }) => ref === 'handbook.read' && payload.page === 1);
        if (request) counts.set(message.conversationId, (counts.get(message.conversationId) ?? 0) + 1);
      }
      return [manager, ...employees].map(({ conversationId }) => counts.get(conversationId) ?? 0);
    },
    figures,
    stop: company.stop,
  };
  return place;
}
