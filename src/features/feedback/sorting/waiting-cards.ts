import { type ButtonAction, button, type Card, type Fact } from '../../../core/card.js';
import { ROWS, shownFooter, turnRows } from '../../../core/paging.js';
import { ref } from '../../../core/ref.js';
import { instant, join, key, list, person, type Text } from '../../../core/text.js';
import type { HandlerContext } from '../../../people/handlers.js';
import type { Doubt, Said } from '../model.js';
import { saidBlocks } from '../posting/said-card.js';
import { saidFooter, saidLead, saidLine, saidSummary, saidTitle, shortWords } from '../posting/said-parts.js';
import { to } from '../refs.js';
import { findManyFeedback } from '../store-feedback.js';
import { loadSettings } from '../store-settings.js';
import { complains } from './decide.js';
import { findDecision } from './store-deciding.js';
import { countSpam, countWaiting, listSpam, listWaiting } from './store-waiting.js';

/** Where buttons of this part lead that no other part shows. */
export const toWaiting = {
  entry: (feedbackId: string) => ref('feedback.waiting_entry', { feedbackId }),
  nobody: (feedbackId: string) => ref('feedback.nobody_named', { feedbackId }),
  spamList: (offset = 0) => ref('feedback.spam_list', { offset }),
  unspam: (feedbackId: string) => ref('feedback.spam_undo', { feedbackId }),
} as const;

const DOUBTS: Readonly<Record<Doubt, Text>> = {
  hidden_field: key('feedback.doubt.hidden_field'),
  too_quick: key('feedback.doubt.too_quick'),
  wrong_proof: key('feedback.doubt.wrong_proof'),
  unproven_links: key('feedback.doubt.unproven_links'),
  repeated: key('feedback.doubt.repeated'),
  many_links: key('feedback.doubt.many_links'),
};

/** What waits for a manager, a page of it, the oldest first. */
export async function waitingCard(context: HandlerContext, wanted: number): Promise<Card> {
  const { db, organisation, person: manager } = context;
  const { doubtful, held } = await countWaiting(db, organisation.id, manager.id);
  const total = doubtful + held;
  const offset = wanted < total ? wanted : 0;
  const ids = await listWaiting(db, organisation.id, manager.id, { offset, limit: ROWS });
  const spam = await countSpam(db, organisation.id, manager.id);
  const lead = total > 0 ? key('feedback.waiting.lead', { count: total }) : key('feedback.waiting.none');
  return {
    summary: lead,
    title: key('feedback.waiting.title'),
    lead,
    rows: await rowsOf(context, ids, (said) =>
      said.state === 'doubtful' ? key('feedback.waiting.is_doubtful') : key('feedback.waiting.is_held'),
    ),
    actions: [
      ...turnRows(offset, total, to.waiting),
      ...(spam > 0 ? [button(key('feedback.waiting.action.spam_list', { count: spam }), toWaiting.spamList())] : []),
    ],
    ...shownFooter(offset, ids.length, total),
  };
}

/** What was called spam, the newest first: each can be taken back. */
export async function spamCard(context: HandlerContext, wanted: number): Promise<Card> {
  const { db, organisation, person: manager } = context;
  const total = await countSpam(db, organisation.id, manager.id);
  const offset = wanted < total ? wanted : 0;
  const ids = await listSpam(db, organisation.id, manager.id, { offset, limit: ROWS });
  const lead = total > 0 ? key('feedback.waiting.spam.lead', { count: total }) : key('feedback.waiting.spam.none');
  return {
    summary: lead,
    title: key('feedback.waiting.spam.title'),
    lead,
    rows: await rowsOf(context, ids, () => undefined),
    actions: [...turnRows(offset, total, toWaiting.spamList), button(key('feedback.waiting.action.back'), to.waiting())],
    ...shownFooter(offset, ids.length, total),
  };
}

async function rowsOf({ db, organisation }: HandlerContext, ids: readonly string[], why: (said: Said) => Text | undefined) {
  const found = await findManyFeedback(db, organisation.id, ids);
  return ids.flatMap((id) => {
    const said = found.get(id);
    if (!said) return [];
    const details = [why(said), shortWords(said) ?? key('feedback.waiting.no_words')].filter((text) => text !== undefined);
    return [{ text: saidLine(said), detail: join(details, ' · '), action: button(key('core.ui.open'), toWaiting.entry(id)) }];
  });
}

/** One piece of feedback that a manager decides about, or how it was decided. `told`: what has just happened. */
export async function decisionCard(context: HandlerContext, said: Said, told?: Text): Promise<Card> {
  const { db, organisation } = context;
  const isOpen = said.state === 'doubtful' || said.state === 'held';
  const { lowStars } = await loadSettings(db, organisation);
  const complaint = complains(said.kind, said.stars, lowStars);
  const why = told ?? (isOpen ? whyText(said, complaint) : await decidedText(context, said));
  return {
    summary: told ?? saidSummary(said),
    title: saidTitle(said),
    lead: saidLead(said, { fallback: organisation.locale }),
    facts: factsOf(said),
    body: [{ kind: 'paragraph', text: why }, ...(await saidBlocks(context, said, context))],
    actions: [...(isOpen ? decisions(said, complaint) : undoing(said)), button(key('feedback.waiting.action.back'), to.waiting())],
    footer: saidFooter(said),
  };
}

function whyText(said: Said, complaint: boolean): Text {
  if (said.state === 'doubtful') return key('feedback.waiting.why.doubtful');
  if (said.concerns.length === 0) return key('feedback.waiting.why.unclear');
  if (complaint) return key('feedback.waiting.why.complaint');
  return said.kind === 'praise' ? key('feedback.waiting.why.praise') : key('feedback.waiting.why.named');
}

function factsOf(said: Said): readonly Fact[] {
  const names = list(said.concerns.map(({ name }) => person(name)));
  return [
    ...(said.doubts.length > 0
      ? [{ label: key('feedback.waiting.fact.doubts'), value: list(said.doubts.map((doubt) => DOUBTS[doubt])) }]
      : []),
    ...(said.concerns.length > 0 ? [{ label: key('feedback.waiting.fact.named'), value: names }] : []),
  ];
}

function decisions(said: Said, complaint: boolean): readonly ButtonAction[] {
  if (said.state === 'doubtful') {
    return [
      button(key('feedback.waiting.action.real'), to.real(said.id), { style: 'primary' }),
      button(key('feedback.waiting.action.spam'), to.spam(said.id)),
    ];
  }
  const named = said.concerns.length > 0;
  const mayClear = !(named && complaint);
  return [
    ...(mayClear ? [button(key('feedback.waiting.action.clear'), to.clear(said.id), { style: 'primary' })] : []),
    button(key('feedback.waiting.action.about'), to.concerns(said.id), mayClear ? {} : { style: 'primary' }),
    ...(named ? [button(key('feedback.waiting.action.nobody'), toWaiting.nobody(said.id))] : []),
  ];
}

const undoing = (said: Said): readonly ButtonAction[] =>
  said.state === 'spam' ? [button(key('feedback.waiting.action.unspam'), toWaiting.unspam(said.id))] : [];

/** How it was decided, and by whom. */
async function decidedText({ db, organisation }: HandlerContext, said: Said): Promise<Text> {
  const decision = await findDecision(db, organisation.id, said.id);
  if (!decision) return key('feedback.waiting.decided.sorted');
  const by = { manager: person(decision.name), at: instant(decision.at) };
  if (said.state === 'spam') return key('feedback.waiting.decided.spam', by);
  return said.state === 'private' ? key('feedback.waiting.decided.private', by) : key('feedback.waiting.decided.passed', by);
}
