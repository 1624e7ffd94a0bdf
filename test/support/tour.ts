import type { Card } from '../../src/core/card.js';
import type { Platform } from '../../src/core/interaction.js';
import type { Ref } from '../../src/core/ref.js';
import type { Answer } from '../../src/core/reply.js';
import type { BellhopFeature, BellhopRegistry } from '../../src/people/handlers.js';
import type { BuiltPerson } from './builders.js';
import type { TestDatabase } from './database.js';
import { buttonsOf, cardsOf, type TestBot } from './test-bot.js';
import { tourAsking } from './tour-feedback-asking.js';
import { tourCases } from './tour-feedback-cases.js';
import { tourDoors } from './tour-feedback-doors.js';
import { tourFollowing, tourOwnDigestMerged, tourReplying, tourSettings } from './tour-feedback-following.js';
import { tourLogging, tourWaiting, tourWaitingMerged } from './tour-feedback-intake.js';
import { tourPosting, tourPostsMerged, tourRules } from './tour-feedback-posting.js';
import { tourReporting } from './tour-feedback-reporting.js';
import { tourTalks, tourTalksMerged, tourThemes } from './tour-feedback-themes.js';
import { tourHandbookReasons } from './tour-handbook-reasons.js';
import { tourFairness, tourFlagsMerged } from './tour-recognition-fairness.js';
import { tourGiving } from './tour-recognition-giving.js';
import { tourRewards } from './tour-recognition-rewards.js';
import { tourSeeing } from './tour-recognition-seeing.js';
import { tourAgenda, tourAgendaMerged } from './tour-seminars-agenda.js';
import { tourAnswering, tourAnsweringMerged } from './tour-seminars-answering.js';
import { tourAttending, tourAttendingMerged } from './tour-seminars-attending.js';
import { tourChanging } from './tour-seminars-changing.js';
import { tourHostsMissing, tourLooking } from './tour-seminars-looking.js';
import { tourScheduling } from './tour-seminars-scheduling.js';

/** Where a story is told: a bot with nobody in it yet. */
export interface Stage {
  readonly bot: TestBot;
  readonly database: TestDatabase;
  readonly platform: Platform;
  /** Composes every card anew that lies in a chat. */
  readonly refreshAll: () => Promise<void>;
  /** As `pressEverything`. */
  readonly press: (person: BuiltPerson, from: readonly (Card | Answer)[], except?: readonly string[]) => Promise<void>;
  /** The cards that lie in a person's 1:1 chats. */
  readonly lying: (person: BuiltPerson) => readonly Card[];
}

/** A part of the tour: when it begins, and what happens. */
export interface Story {
  readonly name: string;
  /** ISO 8601. */
  readonly now: string;
  /** Where the bot's own pages are; without it there are none. */
  readonly publicUrl?: string;
  readonly tell: (stage: Stage) => Promise<void>;
}

/** What of the handbook the contract's own story of it leaves out. */
export const handbookStories: readonly Story[] = [
  { name: 'what a version is for is said of a draft and of what is published', now: '2027-03-01T09:00:00Z', tell: tourHandbookReasons },
];

/** The parts of recognition, a line each. */
export const recognitionStories: readonly Story[] = [
  { name: 'kudos are given, added to, mended and taken back', now: '2027-03-01T09:00:00Z', tell: tourGiving },
  { name: 'rewards are kept, redeemed, decided about and handed over', now: '2027-03-01T09:00:00Z', tell: tourRewards },
  { name: 'kudos are seen: own ones, leaderboards, digests, the fairness report', now: '2027-02-22T09:00:00Z', tell: tourSeeing },
  { name: 'fair play: settings, values, reports, patterns, praise, corrections', now: '2027-03-10T09:00:00Z', tell: tourFairness },
  { name: 'many patterns on a full day', now: '2027-03-10T09:00:00Z', tell: tourFlagsMerged },
];

/** The parts of seminars, a line each. */
export const seminarStories: readonly Story[] = [
  { name: 'seminars are scheduled, drafted, saved and set up', now: '2027-03-01T08:00:00Z', tell: tourScheduling },
  { name: 'seminars are announced, answered, reminded of and waited for', now: '2027-03-01T08:00:00Z', tell: tourAnswering },
  { name: 'many seminars on a full day', now: '2027-03-01T08:00:00Z', tell: tourAnsweringMerged },
  { name: 'topics are proposed, and what was agreed is followed up', now: '2027-03-01T08:00:00Z', tell: tourAgenda },
  { name: 'topics and action items on a full day', now: '2027-03-01T08:00:00Z', tell: tourAgendaMerged },
  { name: 'people check in, make up for what they missed, and say what they think', now: '2027-03-01T08:00:00Z', tell: tourAttending },
  { name: 'recaps, questions and summaries on a full day', now: '2027-03-01T08:00:00Z', tell: tourAttendingMerged },
  { name: 'seminar dates are changed, cancelled and added', now: '2027-03-01T08:00:00Z', tell: tourChanging },
  { name: 'seminars are looked at, and put into calendars', now: '2027-03-01T08:00:00Z', tell: tourLooking },
  { name: 'hosts leave on a full day', now: '2027-03-01T08:00:00Z', tell: tourHostsMissing },
];

/** The parts of feedback, a line each. */
export const feedbackStories: readonly Story[] = [
  { name: 'what customers told staff is logged', now: '2027-03-01T08:00:00Z', tell: tourLogging },
  { name: 'feedback waits for managers, who decide', now: '2027-03-01T08:00:00Z', tell: tourWaiting },
  { name: 'much feedback waits on a full day', now: '2027-03-01T08:00:00Z', tell: tourWaitingMerged },
  { name: 'rules of feedback are kept, tried out, and lead nowhere', now: '2027-03-01T08:00:00Z', tell: tourRules },
  { name: 'feedback comes in a rush, and is opened, found and taken back', now: '2027-03-01T08:00:00Z', tell: tourPosting },
  { name: 'much feedback for one person on a full day', now: '2027-03-01T08:00:00Z', tell: tourPostsMerged },
  { name: 'cases are followed from their opening to their end', now: '2027-03-01T08:00:00Z', tell: tourCases },
  { name: 'cases that are overdue are told of, and digests come', now: '2027-03-01T08:00:00Z', tell: tourFollowing },
  { name: 'many cases of one’s own on a full day', now: '2027-03-01T08:00:00Z', tell: tourOwnDigestMerged },
  { name: 'customers are answered and asked', now: '2027-03-01T08:00:00Z', publicUrl: 'https://bellhop.example', tell: tourReplying },
  { name: 'feedback is set up', now: '2027-03-01T08:00:00Z', tell: tourSettings },
  { name: 'other systems get keys, and files are imported', now: '2027-03-01T08:00:00Z', tell: tourDoors },
  { name: 'survey pages, questions and complaint cards are kept', now: '2027-03-01T08:00:00Z', tell: tourAsking },
  { name: 'themes are kept, tried out, corrected and followed', now: '2027-03-01T08:00:00Z', tell: tourThemes },
  { name: 'feedback is reported, exported, and a customer’s data erased', now: '2027-01-15T08:00:00Z', tell: tourReporting },
  { name: 'complaints about colleagues are talked about', now: '2027-03-01T08:00:00Z', tell: tourTalks },
  { name: 'many talks on a full day', now: '2027-03-01T08:00:00Z', tell: tourTalksMerged },
];

/** What of the registry has been shown or done: `action handbook.read`, `form handbook.sign with errors`, ... */
export type Seen = Set<string>;

/** All that a complete tour of a registry has seen. */
export function wholeTour(registry: BellhopRegistry): string[] {
  return [
    ...[...registry.actions.keys()].map((id) => `action ${id}`),
    ...[...registry.forms.keys()].flatMap((id) => [`form ${id}`, `form ${id} with errors`]),
    ...[...registry.messages.values()].flatMap(({ id, line }) => [
      `message ${id}`,
      `message ${id} refreshed`,
      ...(line ? [`message ${id} merged`] : []),
    ]),
    ...[...registry.mails.keys()].map((id) => `mail ${id}`),
    ...[...registry.commands.values()].flatMap(({ name, verbs }) => verbs.map((verb) => `command ${name} ${verb.name}`)),
    ...registry.features.flatMap((feature) => (feature.home ? [`home ${feature.name}`] : [])),
    ...registry.features.flatMap((feature) => (feature.record ? [`record ${feature.name}`] : [])),
  ];
}

/** The same features, noting what of them is used. */
export function traced(features: readonly BellhopFeature[], seen: Seen): BellhopFeature[] {
  return features.map((feature): BellhopFeature => {
    const { name, commands = [], actions = [], messages = [], mails = [], home, record } = feature;
    return {
      ...feature,
      commands: commands.map((command) => ({
        ...command,
        verbs: command.verbs.map((verb) => ({ ...verb, run: noting(seen, `command ${command.name} ${verb.name}`, verb.run) })),
      })),
      actions: actions.map((action) => ({ ...action, run: noting(seen, `action ${action.id}`, action.run) })),
      messages: messages.map(({ line, ...message }) => ({
        ...message,
        ...(line && { line: noting(seen, `message ${message.id} merged`, line) }),
      })),
      mails: mails.map((mail) => ({ ...mail, compose: noting(seen, `mail ${mail.id}`, mail.compose) })),
      ...(home && { home: noting(seen, `home ${name}`, home) }),
      ...(record && { record: noting(seen, `record ${name}`, record) }),
    };
  });
}

/** Notes what was done once it was done: a refusal shows nothing of it. */
function noting<A extends unknown[], R>(seen: Seen, what: string, act: (...args: A) => Promise<R>): (...args: A) => Promise<R> {
  return async (...args) => {
    const result = await act(...args);
    seen.add(what);
    return result;
  };
}

export function noteAnswer(seen: Seen, answer: Answer): void {
  if (answer.kind === 'form') seen.add(`form ${answer.form.ref.id}`);
  if (answer.kind === 'errors') seen.add(`form ${answer.form.ref.id} with errors`);
}

/**
 * Presses every button that a person can get at, from these cards on, twice at most each (a list has two ends), and
 * sends every form that opens without filling anything in, unless that would be taken.
 * @param except ids that change what the story still needs
 */
export async function pressEverything(
  bot: TestBot,
  registry: BellhopRegistry,
  person: BuiltPerson,
  from: readonly (Card | Answer)[],
  except: readonly string[] = [],
): Promise<void> {
  const pressed = new Map<string, Set<string>>();
  const waiting: Ref[] = [];
  const look = (shown: Card | Answer) => {
    for (const ref of cardsOf(shown).flatMap(buttonsOf)) {
      const payloads = pressed.get(ref.id) ?? new Set();
      pressed.set(ref.id, payloads);
      const payload = JSON.stringify(ref.payload);
      if (except.includes(ref.id) || payloads.has(payload) || payloads.size === 2) continue;
      payloads.add(payload);
      waiting.push(ref);
    }
  };
  for (const shown of from) look(shown);
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const answer = await bot.as(person).press(next);
    look(answer);
    if (answer.kind !== 'form' || registry.forms.get(answer.form.ref.id)?.input.safeParse({}).success !== false) continue;
    look(await bot.as(person).submit(answer, {}));
  }
}
