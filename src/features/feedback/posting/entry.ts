import { type Card, notice } from '../../../core/card.js';
import { BellhopError } from '../../../core/errors.js';
import { file, type OutgoingFile, type Reply, whisper } from '../../../core/reply.js';
import type { Block } from '../../../core/rich.js';
import { hasRole } from '../../../core/roles.js';
import { date, instant, join, key, person as personText, plain, type Text, words } from '../../../core/text.js';
import { action, type HandlerContext } from '../../../people/handlers.js';
import { localDay } from '../../../people/hours.js';
import { readReference, showReference } from '../intake/reference.js';
import { questionLabel } from '../labels.js';
import { MOST, type Said } from '../model.js';
import { demandFeedback } from '../rights.js';
import { FeedbackRef } from '../schema.js';
import { viewedCard } from './said-card.js';
import { isLonger, saidLead, saidTitle, shortened, shownWords, WHOLE } from './said-parts.js';
import { countViews, findByReference, findChannelName, findViews } from './store-entry.js';
import { findQuestions } from './store-posting.js';

/** Most of those who looked at a contact, the newest first. */
const MOST_VIEWS = 5;

/** Everything about one piece of feedback, for somebody who may read it. */
export async function entryCard(context: HandlerContext, said: Said): Promise<Card> {
  const card = await viewedCard(context, said, { viewer: context });
  return { ...card, body: [...(card.body ?? []), ...(await more(context, said))] };
}

/** What channels aren't told. */
async function more(context: HandlerContext, said: Said): Promise<readonly Block[]> {
  const { db, organisation, role } = context;
  const lines: Text[] = [];
  if (said.happenedAt) {
    lines.push(key('feedback.posting.entry.happened', { on: date(localDay(said.happenedAt, organisation.zone)) }));
  }
  if (said.externalRef !== '') lines.push(key('feedback.posting.entry.external', { number: words(shownWords(said.externalRef)) }));
  if (hasRole(role, 'manager')) {
    if (said.servedBy !== '') lines.push(key('feedback.posting.entry.served_by', { name: words(shownWords(said.servedBy)) }));
    const channel = said.channelId === null ? undefined : await findChannelName(db, organisation.id, said.channelId);
    if (channel !== undefined) lines.push(key('feedback.posting.entry.channel', { channel: words(`#${channel}`) }));
    lines.push(...(await whoLooked(context, said.id)));
  }
  return lines.map((text) => ({ kind: 'paragraph', text }));
}

/** Who has seen the customer's contact, for managers. */
async function whoLooked({ db, organisation }: HandlerContext, feedbackId: string): Promise<readonly Text[]> {
  const views = await findViews(db, organisation.id, feedbackId, MOST_VIEWS);
  if (views.length === 0) return [];
  const total = await countViews(db, organisation.id, feedbackId);
  const each = views.map(({ name, at, reason }) => {
    const who = { name: name === null ? key('feedback.posting.entry.somebody') : personText(name), at: instant(at) };
    return reason === ''
      ? key('feedback.posting.entry.seen', who)
      : key('feedback.posting.entry.seen_why', { ...who, reason: words(shortened(reason, MOST.reason)) });
  });
  const others = total > views.length ? [key('feedback.posting.entry.seen_more', { count: total - views.length })] : [];
  return [join([key('feedback.posting.entry.seen_by'), ...each, ...others], '\n')];
}

/** The card, or a file with it where the customer said more than a card holds. */
export async function showEntry(context: HandlerContext, said: Said): Promise<Reply> {
  if (!isLonger(said, WHOLE)) return whisper(await entryCard(context, said));
  return file(await entryFile(context, said), await entryCard(context, said));
}

/** Everything that the customer said, as a text file in the reader's language. */
async function entryFile(context: HandlerContext, said: Said): Promise<OutgoingFile> {
  const { db, organisation, reader, localise } = context;
  const say = (text: Text) => plain(localise(text, reader));
  const questions = await findQuestions(db, organisation.id);
  const answers = said.words.map(({ questionId, words: typed }) => {
    const question = questionId === null ? undefined : questions.get(questionId);
    return `${question ? `${say(questionLabel(question, reader.locale, organisation.locale))}\n\n` : ''}${typed}\n`;
  });
  const head = `${say(saidTitle(said))}\n${say(saidLead(said, { fallback: organisation.locale }))}\n${showReference(said.reference)}\n`;
  return {
    name: `feedback-${said.reference}.txt`,
    mime: 'text/plain; charset=utf-8',
    // With a mark of its encoding: some programs read a text file by the computer's own otherwise.
    content: Buffer.from(`\uFEFF${[head, ...answers].join('\n')}`, 'utf8'),
  };
}

export const entryAction = action({
  id: 'feedback.entry',
  role: 'employee',
  payload: FeedbackRef,
  run: async (context, { feedbackId }) => await showEntry(context, await demandFeedback(context, feedbackId)),
});

/** `/customer find 7K3M-Q2XA`: what a customer refers to. What isn't the asker's to read isn't there. */
export async function find(context: HandlerContext, typed: string): Promise<Reply> {
  if (typed.trim() === '') return whisper(notice(key('feedback.posting.find.how')));
  const reference = readReference(typed);
  const id = reference === undefined ? undefined : await findByReference(context.db, context.organisation.id, reference);
  if (id === undefined) throw new BellhopError('feedback.gone');
  return await showEntry(context, await demandFeedback(context, id));
}
