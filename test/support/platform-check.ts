import { AdaptiveCard as MicrosoftCard, SerializationContext, Versions } from 'adaptivecards';
import { renderForm as slackForm } from '../../adapters/slack/form.js';
import { renderHome, renderCard as slackCard } from '../../adapters/slack/render.js';
import type { AdaptiveCard } from '../../adapters/teams/adaptive.js';
import { renderForm as teamsForm } from '../../adapters/teams/form.js';
import { renderCard as teamsCard } from '../../adapters/teams/render.js';
import type { Card } from '../../src/core/card.js';
import { CARD_LIMITS } from '../../src/core/card.js';
import type { Form, FormErrors, FormValues } from '../../src/core/form.js';
import { MAX_PAYLOAD_CHARACTERS } from '../../src/core/ref.js';
import type { Answer } from '../../src/core/reply.js';
import { plain, type Reader } from '../../src/core/text.js';
import { loadCatalogues } from '../../src/runtime/catalogues.js';
import { createLocaliser } from '../../src/runtime/localise.js';
import { messageProblems, viewProblems } from './fake-slack/check-blocks.js';

const localise = createLocaliser();

/** Every language there is: what fits in English may not in another. */
const LANGUAGES = [...loadCatalogues().keys()];

/** Teams shows a card of at most 28 KB. https://learn.microsoft.com/microsoftteams/platform/bots/how-to/format-your-bot-messages */
const TEAMS_CARD_BYTES = 28 * 1024;

/** Slack's limit for the title and the button of a modal: both are written to fit, never cut. */
const FORM_TITLE_CHARACTERS = 24;

/**
 * Renders a card for both platforms in every language, and checks it against their limits and Bellhop's own.
 * @throws Error naming the platform, the language and what would be refused
 */
export function checkCard(card: Card, reader: Reader): void {
  report(card, [
    ...inLanguages(reader, (each) => [
      ...named('Slack', messageProblems(slackCard(card, each, localise).blocks)),
      ...named('Slack, as App Home', viewProblems(renderHome([card], each, localise))),
      ...named('Teams', teamsProblems(teamsCard(card, each, localise))),
      ...named('Text', plain(localise(card.summary, each)).trim() === '' ? ['an empty summary'] : []),
    ]),
    ...named('Voice', voiceProblems(card)),
  ]);
}

/** The same for a form, as it opens and as it comes back with errors. */
export function checkForm(form: Form, reader: Reader, errors: FormErrors = {}, values?: FormValues): void {
  report(form, [
    ...inLanguages(reader, (each) => [
      ...named('Slack', viewProblems(slackForm(form, each, localise, { errors, values }))),
      ...named(
        'Teams',
        teamsProblems(teamsForm(form, each, localise, { instance: 'test', back: 'home', errors, ...(values && { values }) }).card),
      ),
      ...[form.title, form.submit].flatMap((text) => {
        const shown = plain(localise(text, each));
        return shown.length > FORM_TITLE_CHARACTERS ? [`“${shown}” is longer than ${FORM_TITLE_CHARACTERS} characters`] : [];
      }),
    ]),
  ]);
}

/** Whatever an answer shows. */
export function checkAnswer(answer: Answer, reader: Reader): void {
  if ('card' in answer) checkCard(answer.card, reader);
  if (answer.kind === 'home') for (const card of answer.cards) checkCard(card, reader);
  if (answer.kind === 'form') checkForm(answer.form, reader);
  if (answer.kind === 'errors') checkForm(answer.form, reader, answer.errors, answer.values);
}

function inLanguages(reader: Reader, problems: (reader: Reader) => string[]): string[] {
  return LANGUAGES.flatMap((locale) => problems({ ...reader, locale }).map((problem) => `${locale}, ${problem}`));
}

const named = (where: string, problems: readonly string[]) => problems.map((problem) => `${where}: ${problem}`);

function report(shown: object, problems: readonly string[]): void {
  if (problems.length > 0) throw new Error(`${problems.join('\n')}\n${JSON.stringify(shown, undefined, 1).slice(0, 2000)}`);
}

function voiceProblems(card: Card): string[] {
  const actions = card.actions ?? [];
  return [
    ...((card.facts?.length ?? 0) > CARD_LIMITS.facts ? ['more than six facts'] : []),
    ...((card.rows?.length ?? 0) > CARD_LIMITS.rows ? ['more than seven rows'] : []),
    ...(actions.filter((action) => action.kind === 'button' && action.style === 'primary').length > 1 ? ['two primary actions'] : []),
    ...actions.flatMap((action) =>
      action.kind === 'button' && JSON.stringify(action.ref.payload).length > MAX_PAYLOAD_CHARACTERS
        ? [`a payload too long for ${action.ref.id}`]
        : [],
    ),
  ];
}

/** What Microsoft's own reader of Adaptive Cards, at the version that Teams renders everywhere, has to say of a card. */
export function teamsProblems(card: AdaptiveCard): string[] {
  const context = new SerializationContext(Versions.v1_5);
  new MicrosoftCard().parse(card, context);
  const events = Array.from({ length: context.eventCount }, (_, index) => context.getEventAt(index).message);
  const bytes = Buffer.byteLength(JSON.stringify(card));
  return [...events, ...(bytes > TEAMS_CARD_BYTES ? [`${bytes} bytes`] : [])];
}
