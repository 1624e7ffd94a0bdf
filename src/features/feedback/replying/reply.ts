import { z } from 'zod';
import { button, type Card, notice } from '../../../core/card.js';
import { BellhopError } from '../../../core/errors.js';
import { MAX_FIELD_CHARACTERS } from '../../../core/form.js';
import { paragraphInput } from '../../../core/inputs.js';
import { ref } from '../../../core/ref.js';
import { formErrors, open, say, whisper } from '../../../core/reply.js';
import { key, type Text, words } from '../../../core/text.js';
import { enqueueMail } from '../../../delivery/mail-outbox.js';
import { inTransaction, type Tx } from '../../../people/db.js';
import { action, form, type HandlerContext } from '../../../people/handlers.js';
import { newId } from '../../../people/ids.js';
import { applyChange, type Happened, lockStanding, type Standing } from '../cases/changing.js';
import { checkWorksOn, isActive } from '../cases/rules.js';
import { caseName, inLanguageName } from '../labels.js';
import { MOST, type Said, subject } from '../model.js';
import { shortWords } from '../posting/said-parts.js';
import { to } from '../refs.js';
import { demandCase, mayReadCase } from '../rights.js';
import { CaseRef } from '../schema.js';
import { addressOf, type NoWay, noWayTo } from './address.js';
import { isOver } from './page-state.js';
import { addMessage } from './store-messages.js';
import { customerLanguage, signature } from './tongue.js';

const NO_WAY: Readonly<Record<NoWay, Text>> = {
  no_contact: key('feedback.reply.no_contact'),
  no_email: key('feedback.reply.no_email'),
  no_mail_server: key('feedback.reply.no_mail_server'),
  no_pages: key('feedback.reply.no_pages'),
};

/** Why nobody can be written to, and what can be done instead. */
function noWayCard({ case: of, feedback }: Standing, reason: NoWay): Card {
  const text = NO_WAY[reason];
  const contact =
    reason === 'no_contact' ? [] : [button(key('feedback.reply.show_contact'), to.contact(feedback.id), { style: 'primary' })];
  return {
    summary: text,
    title: key('feedback.reply.no_way_title', { case: caseName(of) }),
    lead: text,
    actions: [...contact, button(key('feedback.following.open'), to.case(of.id))],
  };
}

/** @throws BellhopError when it isn't the actor's to answer, or the customer couldn't answer any more */
function checkReply(context: HandlerContext, { case: of }: Standing): void {
  checkWorksOn(of, { id: context.person.id, role: context.role });
  if (isOver(of, context.clock.now())) throw new BellhopError('feedback.reply_over', { case: caseName(of) });
}

/** The button: the form, or what to do where no e-mail can go. */
export const replyOpen = action({
  id: 'feedback.reply_open',
  role: 'employee',
  payload: CaseRef,
  run: async (context, { caseId }) => {
    const standing = await demandCase(context, caseId);
    checkReply(context, standing);
    const reason = noWayTo(context, standing.feedback);
    return reason ? whisper(noWayCard(standing, reason)) : open(ref('feedback.reply', { caseId: standing.case.id }));
  },
});

export const replyForm = form({
  id: 'feedback.reply',
  role: 'employee',
  payload: CaseRef,
  input: z.object({ words: paragraphInput }),
  build: async (context, { caseId }) => {
    const { case: of, feedback } = await demandCase(context, caseId);
    const began = shortWords(feedback);
    return {
      title: key('feedback.reply.form_title'),
      submit: key('feedback.reply.form_submit'),
      intro: [
        {
          kind: 'paragraph',
          text: key('feedback.reply.form_intro', { case: caseName(of), language: inLanguageName(languageOf(context, feedback)) }),
        },
        ...(began ? [{ kind: 'quote' as const, text: began }] : []),
      ],
      fields: [
        {
          kind: 'text',
          name: 'words',
          label: key('feedback.reply.form_words'),
          hint: key('feedback.reply.form_hint', { signature: signature(context.person.name, context.organisation) }),
          multiline: true,
          maxLength: Math.min(MOST.reply, MAX_FIELD_CHARACTERS),
        },
      ],
    };
  },
  submit: async (context, { payload: { caseId }, input }) => {
    if (input.words === '') return formErrors({ words: key('feedback.errors.reply_missing') });
    if (input.words.length > MOST.reply) return formErrors({ words: key('feedback.errors.reply_long', { most: MOST.reply }) });
    const { case: of } = await inTransaction(context.db, (tx) => reply(context, tx, caseId, input.words));
    return say({
      ...notice(key('feedback.reply.sent', { case: caseName(of) })),
      body: [{ kind: 'quote', text: words(input.words) }],
      actions: [button(key('feedback.following.open'), to.case(of.id))],
    });
  },
});

const languageOf = ({ organisation }: HandlerContext, feedback: Said): string => customerLanguage(feedback, organisation);

/** Writes the answer down and puts its e-mail on its way. Whoever answers for a case that nobody has takes it. */
async function reply(context: HandlerContext, tx: Tx, caseId: string, typed: string): Promise<Standing> {
  const { organisation, person, clock } = context;
  const now = clock.now();
  const standing = await lockStanding(tx, organisation.id, caseId);
  const { case: of, feedback } = standing;
  if (!(await mayReadCase({ ...context, db: tx }, feedback, of))) throw new BellhopError('feedback.case_gone');
  checkReply(context, standing);
  const sealedTo = addressOf(context, feedback);
  if (sealedTo === undefined) throw new BellhopError('feedback.reply_no_way');
  const messageId = await addMessage(
    tx,
    { organisationId: organisation.id, caseId: of.id, direction: 'out', words: typed, byId: person.id, onceKey: `out:${newId(now)}` },
    now,
  );
  if (messageId === undefined) throw new BellhopError('feedback.case_gone');
  await enqueueMail(
    tx,
    {
      organisationId: organisation.id,
      subjectKey: subject.reply(messageId),
      spec: 'feedback.reply',
      payload: { messageId },
      to: { sealedTo },
      dueAt: now,
    },
    now,
  );
  const takes = of.ownerId === null && isActive(of);
  const taken: Happened[] = takes ? [{ actorId: person.id, kind: 'claimed' }] : [];
  return await applyChange(
    context,
    tx,
    standing,
    {
      change: { respondedAt: of.respondedAt ?? now, ...(takes && { state: 'claimed' as const, ownerId: person.id, claimedAt: now }) },
      events: [...taken, { actorId: person.id, kind: 'replied', data: { messageId } }],
    },
    now,
  );
}
