import { z } from 'zod';
import type { LinkAction } from '../../../core/card.js';
import { BellhopError } from '../../../core/errors.js';
import type { Block } from '../../../core/rich.js';
import { key, type Text, words } from '../../../core/text.js';
import { mail, type WorkContext } from '../../../people/handlers.js';
import { findPerson } from '../../../people/people.js';
import { showReference } from '../intake/reference.js';
import type { Case, Said } from '../model.js';
import { shortened } from '../posting/said-parts.js';
import { CaseRef } from '../schema.js';
import { findCase } from '../store-cases.js';
import { findFeedback } from '../store-feedback.js';
import { linkOf } from './link.js';
import { findMessage } from './store-messages.js';
import { customerLocale, signature } from './tongue.js';

/** How much of their own words a customer is reminded of, in characters. */
const REMINDED = 700;

interface Followed {
  readonly of: Case;
  readonly feedback: Said;
}

async function find({ db, organisation }: WorkContext, caseId: string): Promise<Followed | undefined> {
  const of = await findCase(db, organisation.id, caseId);
  const feedback = of && (await findFeedback(db, organisation.id, of.feedbackId));
  return of && feedback ? { of, feedback } : undefined;
}

/** What somebody wrote to the customer from the chat. */
export const replyMail = mail({
  id: 'feedback.reply',
  payload: z.object({ messageId: z.uuid() }),
  guard: async (context, { messageId }) => {
    const message = await findMessage(context.db, context.organisation.id, messageId);
    if (!message || message.words === '') return 'stripped';
    return nothingToSend(context, await find(context, message.caseId));
  },
  compose: async (context, { messageId }) => {
    const { db, organisation } = context;
    const message = await findMessage(db, organisation.id, messageId);
    const found = message && (await find(context, message.caseId));
    if (!message || !found) throw new BellhopError('feedback.case_gone');
    const writer = message.byId === null ? undefined : await findPerson(db, organisation.id, message.byId);
    const by = signature(writer?.name ?? null, organisation);
    return {
      locale: customerLocale(found.feedback, organisation),
      subject: subjectOf(context, found),
      card: {
        summary: key('feedback.reply.mail_lead', { organisation: words(organisation.name) }),
        lead: key('feedback.reply.mail_lead', { organisation: words(organisation.name) }),
        body: [...paragraphs(message.words), { kind: 'paragraph', text: by }, ...reminder(found.feedback)],
        actions: linkTo(context, found.of, key('feedback.reply.mail_answer')),
        footer: footerOf(found),
      },
    };
  },
});

/** Asks whether it is put right, once for each resolution. */
export const askMail = mail({
  id: 'feedback.ask',
  payload: CaseRef.extend({ resolvedAt: z.int() }),
  guard: async (context, { caseId, resolvedAt }) => {
    const found = await find(context, caseId);
    if (found && !(await isResolvedSo(context, found.of, resolvedAt))) return 'not_resolved';
    return nothingToSend(context, found);
  },
  compose: async (context, { caseId }) => {
    const { organisation } = context;
    const found = await find(context, caseId);
    if (!found) throw new BellhopError('feedback.case_gone');
    return {
      locale: customerLocale(found.feedback, organisation),
      subject: key('feedback.ask.mail_subject', {
        organisation: words(organisation.name),
        reference: words(showReference(found.feedback.reference)),
      }),
      card: {
        summary: key('feedback.ask.mail_summary'),
        title: key('feedback.ask.mail_title'),
        lead: key('feedback.ask.mail_lead', { organisation: words(organisation.name) }),
        body: [...reminder(found.feedback), { kind: 'paragraph', text: key('feedback.ask.mail_how') }],
        actions: linkTo(context, found.of, key('feedback.ask.mail_answer')),
        footer: footerOf(found),
      },
    };
  },
});

/** Whether a case, or the one that it went into, still stands as it was resolved at an instant (ms). */
async function isResolvedSo({ db, organisation }: WorkContext, of: Case, resolvedAt: number): Promise<boolean> {
  const goesOnIn = of.mergedIntoId === null ? of : await findCase(db, organisation.id, of.mergedIntoId);
  return goesOnIn?.state === 'resolved' && goesOnIn.resolvedAt?.getTime() === resolvedAt;
}

/** Whose contact was removed mustn't be written to. */
function nothingToSend(context: WorkContext, found: Followed | undefined): string | null {
  if (!found) return 'gone';
  if (found.feedback.strippedAt !== null) return 'stripped';
  return linkOf(context, found.of) === undefined ? 'no_pages' : null;
}

const subjectOf = ({ organisation }: WorkContext, { feedback }: Followed): Text =>
  key('feedback.reply.mail_subject', { organisation: words(organisation.name), reference: words(showReference(feedback.reference)) });

/** As they were typed, an empty line between paragraphs. */
const paragraphs = (typed: string): Block[] => typed.split(/\n{2,}/).map((text) => ({ kind: 'paragraph', text: words(text) }));

/** What the customer had written: they may not remember. */
function reminder(feedback: Said): Block[] {
  const said = feedback.words.map((one) => one.words).join('\n\n');
  if (said === '') return [];
  return [
    { kind: 'heading', text: key('feedback.reply.mail_you_wrote') },
    { kind: 'quote', text: words(shortened(said, REMINDED)) },
  ];
}

function linkTo(context: WorkContext, of: Case, label: Text): LinkAction[] {
  const url = linkOf(context, of);
  return url === undefined ? [] : [{ kind: 'link', label, url }];
}

const footerOf = ({ feedback }: Followed): Text =>
  key('feedback.reply.mail_footer', { reference: words(showReference(feedback.reference)) });
