import { type ButtonAction, button, CARD_LIMITS, type Card } from '../../../core/card.js';
import type { Block } from '../../../core/rich.js';
import { key } from '../../../core/text.js';
import type { HandlerContext, WorkContext } from '../../../people/handlers.js';
import { caseButtons, caseFacts } from '../cases/lines.js';
import { caseName } from '../labels.js';
import type { Case, Said } from '../model.js';
import { to } from '../refs.js';
import { findCase } from '../store-cases.js';
import {
  aboutFacts,
  EXCERPT,
  isLonger,
  ratingFacts,
  ratingsBlock,
  saidFooter,
  saidLead,
  saidQuotes,
  saidSummary,
  saidTitle,
  type Tongue,
  WHOLE,
} from './said-parts.js';
import { findQuestions } from './store-posting.js';

/** Who reads a card: by default it lies in a channel, in the organisation's language and shortened. */
export interface SaidView {
  /** Somebody's own card: their language, and everything that was said as far as a card can hold it. */
  readonly viewer?: HandlerContext;
  /** BCP 47, of whom it is written to. */
  readonly locale?: string;
}

/** One piece of feedback as a card: what was said, where, how; the case that follows it; what can be done. */
export async function saidCard(context: WorkContext, said: Said, viewer?: HandlerContext): Promise<Card> {
  return await viewedCard(context, said, { ...(viewer && { viewer }) });
}

/** The same for a reader who is known otherwise. */
export async function viewedCard(context: WorkContext, said: Said, { viewer, locale }: SaidView): Promise<Card> {
  const { db, organisation } = context;
  const tongue: Tongue = { locale: viewer?.reader.locale ?? locale ?? organisation.locale, fallback: organisation.locale };
  const [questions, followed] = await Promise.all([
    findQuestions(db, organisation.id),
    said.caseId === null ? undefined : findCase(db, organisation.id, said.caseId),
  ]);
  const most = viewer ? WHOLE : EXCERPT;
  const first = [...(followed ? caseFacts(context, followed, said) : []), ...aboutFacts(said, tongue)].slice(0, CARD_LIMITS.facts);
  const ratings = ratingFacts(said, questions, tongue);
  const fits = first.length + ratings.length <= CARD_LIMITS.facts;
  const facts = fits ? [...first, ...ratings] : first;
  return {
    summary: saidSummary(said),
    title: saidTitle(said),
    lead: saidLead(said, tongue),
    ...(facts.length > 0 && { facts }),
    body: [...saidQuotes(said, questions, tongue, most), ...(fits ? [] : [ratingsBlock(ratings)])],
    actions: saidButtons(context, said, { followed, isShortened: isLonger(said, most), ...(viewer && { viewer }) }),
    footer: saidFooter(said),
  };
}

/** What was said and rated, without a frame: for cards of other things that quote it. In the organisation's language unless told. */
export async function saidBlocks(context: WorkContext, said: Said, viewer?: HandlerContext): Promise<readonly Block[]> {
  const { db, organisation } = context;
  const tongue: Tongue = { locale: viewer?.reader.locale ?? organisation.locale, fallback: organisation.locale };
  const questions = await findQuestions(db, organisation.id);
  const ratings = ratingFacts(said, questions, tongue);
  return [...saidQuotes(said, questions, tongue, viewer ? WHOLE : EXCERPT), ...(ratings.length > 0 ? [ratingsBlock(ratings)] : [])];
}

interface Shown {
  readonly followed: Case | undefined;
  readonly isShortened: boolean;
  readonly viewer?: HandlerContext;
}

/** What is offered of a case beside what it needs most: the rest is on the case's own card, and a menu has room for five. */
const OFFERED = new Set(['feedback.note_open', 'feedback.assign_open']);

/** What can be done, the likeliest first: three are seen, the others are in the menu. */
function saidButtons(context: WorkContext, said: Said, { followed, isShortened, viewer }: Shown): readonly ButtonAction[] {
  const ofCase = followed ? caseButtons(context, followed, said, viewer) : [];
  const leads = ({ style, ref }: ButtonAction) => style !== undefined || ref.id === 'feedback.reply_open';
  const contact = said.contactSealed === null ? [] : [button(key('feedback.posting.action.contact'), to.contact(said.id))];
  // When it is over, what is left to be done with it is to read how it went.
  const isOver = followed?.state === 'closed';
  const mayOpen = said.caseId === null && said.state === 'passed' && said.kind !== 'praise';
  return [
    ...ofCase.filter(leads),
    ...(isShortened ? [button(key('feedback.posting.action.read_all'), to.entry(said.id))] : []),
    ...(isOver ? ofCase.filter(({ ref }) => ref.id === 'feedback.history') : contact),
    ...ofCase.filter((each) => !leads(each) && OFFERED.has(each.ref.id)),
    ...(followed && !ofCase.some(({ ref }) => ref.id === 'feedback.case') ? [button(caseName(followed), to.case(followed.id))] : []),
    ...(isOver ? contact : []),
    button(key('feedback.posting.action.themes'), to.about(said.id)),
    ...(mayOpen ? [button(key('feedback.posting.action.open_case'), to.openCase(said.id))] : []),
  ];
}
