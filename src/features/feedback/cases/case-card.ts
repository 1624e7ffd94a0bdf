import { button, CARD_LIMITS, type Card } from '../../../core/card.js';
import type { Block } from '../../../core/rich.js';
import { join, key, type Text, words } from '../../../core/text.js';
import type { HandlerContext, WorkContext } from '../../../people/handlers.js';
import { caseName, kindLabel, themeLabel } from '../labels.js';
import type { Case } from '../model.js';
import { aboutFacts, ratingFacts, ratingsBlock, saidFooter, saidLead, saidQuotes, type Tongue, WHOLE } from '../posting/said-parts.js';
import { findQuestions } from '../posting/store-posting.js';
import { to } from '../refs.js';
import { conversationBlocks } from '../replying/conversation.js';
import { loadThemes } from '../themes/store-themes.js';
import type { Standing } from './changing.js';
import { shortLine } from './event-lines.js';
import { caseButtons, caseFacts, stateText, type Viewer } from './lines.js';
import { listEvents } from './store-events.js';

/** The latest events that the card itself tells; all of them are in the history. */
const LAST = 3;

/** Who reads it: their language too. */
export interface CaseReader extends Viewer {
  /** BCP 47. */
  readonly locale: string;
}

export const readerHere = ({ person, role, reader }: HandlerContext): CaseReader => ({ person, role, locale: reader.locale });

/**
 * A whole case, for somebody who may read it: what the customer said, how it stands, what was found, what happened last, what can be done.
 * @param lead what has just happened; what the customer rated and where without it
 * @param said what the customer, or a colleague, wrote with it; left out where the conversation tells it
 */
export async function caseCard(
  context: WorkContext,
  { case: it, feedback }: Standing,
  reader: CaseReader,
  lead?: Text,
  said = '',
): Promise<Card> {
  const { db, organisation } = context;
  const tongue: Tongue = { locale: reader.locale, fallback: organisation.locale };
  const [questions, { events }, cause, conversation] = await Promise.all([
    findQuestions(db, organisation.id),
    listEvents(db, organisation.id, it.id, { offset: 0, limit: LAST }),
    causeTheme(context, it, tongue),
    conversationBlocks(context, it),
  ]);
  const title = join([caseName(it), kindLabel(feedback.kind), ...(it.private ? [key('feedback.case.private')] : [])], ' · ');
  const ratings = ratingFacts(feedback, questions, tongue);
  const [stands, ...facts] = caseFacts(context, it, feedback);
  const happened: Block[] =
    events.length === 0
      ? []
      : [
          { kind: 'heading', text: key('feedback.case.lately') },
          { kind: 'paragraph', text: join(events.toReversed().map(shortLine), '\n') },
        ];
  return {
    summary: lead ?? join([caseName(it), stateText(it)], ': '),
    title,
    lead: lead ?? saidLead(feedback, tongue),
    facts: [...(stands ? [{ ...stands, label: key('feedback.case.stands') }] : []), ...facts, ...aboutFacts(feedback, tongue)].slice(
      0,
      CARD_LIMITS.facts,
    ),
    body: [
      ...(said === '' || conversation.length > 0 ? [] : [{ kind: 'quote', text: words(said) } as const]),
      ...(lead ? [{ kind: 'paragraph', text: saidLead(feedback, tongue) } as const] : []),
      ...saidQuotes(feedback, questions, tongue, WHOLE),
      ...(ratings.length > 0 ? [ratingsBlock(ratings)] : []),
      ...conversation,
      ...found(it, cause),
      ...happened,
    ],
    actions: [
      ...caseButtons(context, it, feedback, reader),
      ...(feedback.contactSealed === null ? [] : [button(key('feedback.case.contact'), to.contact(feedback.id))]),
      button(key('feedback.case.themes'), to.about(feedback.id)),
    ],
    footer: saidFooter(feedback),
  };
}

/** Root cause and action taken: of a resolved case, and of one that was reopened what was thought then. */
function found(it: Case, cause: Text | undefined): Block[] {
  if (it.rootCause === '' && it.actionTaken === '') return [];
  return [
    { kind: 'heading', text: cause ? key('feedback.case.root_cause_of', { theme: cause }) : key('feedback.case.root_cause') },
    { kind: 'paragraph', text: words(it.rootCause) },
    { kind: 'heading', text: key('feedback.case.action_taken') },
    { kind: 'paragraph', text: words(it.actionTaken) },
  ];
}

async function causeTheme(
  { db, organisation }: WorkContext,
  { causeThemeId }: Case,
  { locale, fallback }: Tongue,
): Promise<Text | undefined> {
  if (causeThemeId === null) return undefined;
  const theme = (await loadThemes(db, organisation.id)).find(({ id }) => id === causeThemeId);
  return theme && themeLabel(theme, locale, fallback);
}
