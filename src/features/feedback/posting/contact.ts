import { z } from 'zod';
import type { Card, Fact } from '../../../core/card.js';
import { BellhopError } from '../../../core/errors.js';
import { oneLine } from '../../../core/inputs.js';
import { ref } from '../../../core/ref.js';
import { formErrors, open, whisperSecret } from '../../../core/reply.js';
import { key, words } from '../../../core/text.js';
import { recordEvent } from '../../../people/audit.js';
import { inTransaction } from '../../../people/db.js';
import { action, form } from '../../../people/handlers.js';
import { openContact } from '../contact.js';
import { showReference } from '../intake/reference.js';
import { type Contact, MOST, type Said } from '../model.js';
import { to } from '../refs.js';
import { demandFeedback } from '../rights.js';
import { FeedbackRef } from '../schema.js';
import { lockFeedback } from '../store-feedback.js';
import { shownWords } from './said-parts.js';
import { addView } from './store-entry.js';

/** Feedback whose contact the actor may be shown. @throws BellhopError `feedback.no_contact` when there is none (any more) */
async function demandContact(context: Parameters<typeof demandFeedback>[0], feedbackId: string): Promise<Said> {
  const said = await demandFeedback(context, feedbackId);
  if (said.contactSealed === null) throw new BellhopError('feedback.no_contact');
  return said;
}

export const contactAction = action({
  id: 'feedback.contact_open',
  role: 'employee',
  payload: FeedbackRef,
  run: async (context, { feedbackId }) => {
    await demandContact(context, feedbackId);
    return open(ref('feedback.contact', { feedbackId }));
  },
});

/** Why somebody looks at a customer's contact: asked each time, and kept with who it was. */
export const contactForm = form({
  id: 'feedback.contact',
  role: 'employee',
  payload: FeedbackRef,
  input: z.object({ reason: z.string().default('').transform(oneLine) }),
  build: async (context, { feedbackId }) => {
    await demandContact(context, feedbackId);
    return {
      title: key('feedback.posting.contact.form_title'),
      submit: key('feedback.posting.contact.submit'),
      intro: [{ kind: 'paragraph', text: key('feedback.posting.contact.intro') }],
      fields: [
        {
          kind: 'text',
          name: 'reason',
          label: key('feedback.posting.contact.reason'),
          hint: key('feedback.posting.contact.reason_hint'),
          maxLength: MOST.reason,
        },
      ],
    };
  },
  submit: async (context, { payload: { feedbackId }, input: { reason } }) => {
    if ((reason.match(/[\p{L}\p{N}]/gu) ?? []).length < 2) return formErrors({ reason: key('feedback.errors.reason_missing') });
    if (reason.length > MOST.reason) return formErrors({ reason: key('feedback.errors.reason_long', { most: MOST.reason }) });
    const { db, clock, organisation, person, vault } = context;
    await demandContact(context, feedbackId);
    const said = await inTransaction(db, async (tx) => {
      const now = clock.now();
      // Erasure locks it too: what is noted as seen was there to be seen.
      await lockFeedback(tx, organisation.id, feedbackId);
      const found = await demandContact({ ...context, db: tx }, feedbackId);
      await addView(tx, { organisationId: organisation.id, feedbackId, personId: person.id, reason }, now);
      await recordEvent(
        tx,
        { organisationId: organisation.id, actorId: person.id, verb: 'feedback.contact_shown', subjectId: feedbackId },
        now,
      );
      return found;
    });
    return whisperSecret(contactCard(said, openContact(vault, said.contactSealed ?? '')));
  },
});

function contactCard(said: Said, { name, email, phone }: Contact): Card {
  const facts: Fact[] = [
    ...(name ? [{ label: key('feedback.posting.contact.name'), value: words(shownWords(name)) }] : []),
    ...(email ? [{ label: key('feedback.posting.contact.email'), value: words(shownWords(email)) }] : []),
    ...(phone ? [{ label: key('feedback.posting.contact.phone'), value: words(shownWords(phone)) }] : []),
  ];
  const reference = words(showReference(said.reference));
  return {
    summary: key('feedback.posting.contact.summary', { reference }),
    title: key('feedback.posting.contact.title'),
    lead: key('feedback.posting.contact.lead'),
    facts,
    actions: said.caseId === null ? [] : [{ kind: 'button', label: key('feedback.posting.contact.case'), ref: to.case(said.caseId) }],
    footer: key('feedback.posting.contact.footer', { reference }),
  };
}
