import { z } from 'zod';
import { BellhopError } from '../../../core/errors.js';
import { peopleInput } from '../../../core/inputs.js';
import { ref } from '../../../core/ref.js';
import { formErrors, open, update } from '../../../core/reply.js';
import { hasRole } from '../../../core/roles.js';
import { key } from '../../../core/text.js';
import { action, form, type HandlerContext } from '../../../people/handlers.js';
import { initialPeople, readPeople } from '../intake/people-fields.js';
import { kindLabel } from '../labels.js';
import { KINDS, type Said } from '../model.js';
import { saidBlocks } from '../posting/said-card.js';
import { demandFeedback } from '../rights.js';
import { FeedbackRef } from '../schema.js';
import { ABOUT_FROM, setAbout } from './deciding.js';
import { decided, demandDecidable } from './showing.js';
import { decisionCard } from './waiting-cards.js';

/** Most people that one piece of feedback is about. */
const MOST_PEOPLE = 10;

const openAbout = action({
  id: 'feedback.concerns_open',
  role: 'manager',
  payload: FeedbackRef,
  run: async (context, { feedbackId }) => {
    const said = await demandDecidable(context, feedbackId);
    return ABOUT_FROM.includes(said.state) ? open(ref('feedback.concerns', { feedbackId })) : update(await decisionCard(context, said));
  },
});

const AboutInput = z.object({
  people: peopleInput,
  kind: z.enum(KINDS, { error: 'feedback.errors.kind' }),
});

/** Whom feedback is about, and of which kind it is. */
const aboutForm = form({
  id: 'feedback.concerns',
  role: 'manager',
  payload: FeedbackRef,
  input: AboutInput,
  build: async (context, { feedbackId }) => {
    const said = await demandDecidable(context, feedbackId);
    return {
      title: key('feedback.about.form.title'),
      submit: key('feedback.about.form.submit'),
      intro: await saidBlocks(context, said, context),
      fields: [
        {
          kind: 'people',
          name: 'people',
          label: key('feedback.about.form.people'),
          hint: key('feedback.about.form.people_hint'),
          multiple: true,
          initial: await initialPeople(
            context,
            said.concerns.map(({ personId }) => personId),
          ),
        },
        {
          kind: 'choice',
          name: 'kind',
          label: key('feedback.about.form.kind'),
          hint: key('feedback.about.form.kind_hint'),
          options: KINDS.map((kind) => ({ value: kind, label: kindLabel(kind) })),
          initial: said.kind,
        },
      ],
    };
  },
  submit: async (context, { payload: { feedbackId }, input }) => {
    await demandDecidable(context, feedbackId);
    const people = await readPeople(context, input.people, MOST_PEOPLE);
    if ('error' in people) return formErrors({ people: people.error });
    if (people.ids.length === 0) return formErrors({ people: key('feedback.errors.about_nobody') });
    const outcome = await setAbout(context, feedbackId, { personIds: people.ids, kind: input.kind });
    const after = await afterwards(context, feedbackId);
    // Who says that it is about themselves, or about somebody in whose line they aren't, sees no more of it.
    if (!after) return update({ summary: key('feedback.about.done_unseen'), lead: key('feedback.about.done_unseen') });
    return update(
      await decided(context, after, outcome, after.state === 'private' ? key('feedback.about.done_private') : key('feedback.about.done')),
    );
  },
});

async function afterwards(context: HandlerContext, feedbackId: string): Promise<Said | undefined> {
  try {
    const said = await demandFeedback(context, feedbackId);
    return hasRole(context.role, 'manager') && !said.concerns.some(({ personId }) => personId === context.person.id) ? said : undefined;
  } catch (error) {
    if (error instanceof BellhopError) return undefined;
    throw error;
  }
}

export const aboutActions = [openAbout];
export const aboutForms = [aboutForm];
