import { z } from 'zod';
import { BellhopError } from '../../../core/errors.js';
import type { PersonHint } from '../../../core/form.js';
import { ref } from '../../../core/ref.js';
import { formErrors, open, update } from '../../../core/reply.js';
import { key, words } from '../../../core/text.js';
import { action, form, message } from '../../../people/handlers.js';
import { peopleOf } from '../fairness/whom.js';
import { valueText } from '../giving/messages.js';
import { MOST_POINTS } from '../model.js';
import { listValues } from '../store-settings.js';
import { praiseCard, praiseListCard } from './cards.js';
import { bring } from './command.js';
import { confirmPraise, dismissPraise, MOST_QUOTE, PRAISE_POINTS, praiseFor } from './praise.js';
import { findPraise } from './store.js';

const Nothing = z.object({});
const Rows = z.object({ offset: z.int().min(0).max(1_000_000) });
const PraiseRef = z.object({ praiseId: z.uuid() });
const PraiseTo = z.object({ praiseId: z.uuid(), personId: z.uuid() });

/** The choice of no value at all. */
const NO_VALUE = 'none';

const confirm = action({
  id: 'recognition.praise_confirm',
  role: 'manager',
  payload: PraiseRef,
  run: async (context, { praiseId }) => {
    await confirmPraise(context, praiseId, { points: PRAISE_POINTS, valueId: null, public: true });
    return update(await praiseCard(context, praiseId, context.person.id));
  },
});

const dismiss = action({
  id: 'recognition.praise_dismiss',
  role: 'manager',
  payload: PraiseRef,
  run: async (context, { praiseId }) => {
    await dismissPraise(context, praiseId);
    return update(await praiseCard(context, praiseId, context.person.id));
  },
});

const show = action({
  id: 'recognition.praise_show',
  role: 'manager',
  payload: PraiseRef,
  run: async (context, { praiseId }) => update(await praiseCard(context, praiseId, context.person.id)),
});

const change = action({
  id: 'recognition.praise_change',
  role: 'manager',
  payload: PraiseRef,
  run: async (context, { praiseId }) => {
    const praise = await praiseFor(context, praiseId, context.person.id);
    // Decided by somebody else meanwhile: the card tells by whom.
    if (praise.state !== 'proposed') return update(await praiseCard(context, praiseId, context.person.id));
    return open(ref('recognition.praise_confirm', { praiseId }));
  },
});

const list = action({
  id: 'recognition.praise_list',
  role: 'manager',
  payload: Rows,
  run: async (context, { offset }) => update(await praiseListCard(context, offset)),
});

const bringAnother = action({
  id: 'recognition.praise_new',
  role: 'manager',
  payload: Nothing,
  run: async () => open(ref('recognition.praise_new')),
});

const AwardInput = z.object({
  points: z
    .string('recognition.errors.praise_points')
    .trim()
    .regex(/^\d{1,4}$/, 'recognition.errors.praise_points')
    .transform(Number)
    .refine((points) => points <= MOST_POINTS, 'recognition.errors.praise_points'),
  value: z.string().optional(),
  public: z.boolean().optional().default(false),
});

const confirmForm = form({
  id: 'recognition.praise_confirm',
  role: 'manager',
  payload: PraiseRef,
  input: AwardInput,
  build: async ({ db, organisation }, { praiseId }) => {
    const praise = await findPraise(db, organisation.id, praiseId);
    const values = await listValues(db, organisation.id);
    return {
      title: key('recognition.praise.form_title'),
      submit: key('recognition.praise.form_submit'),
      intro: praise?.quote ? [{ kind: 'quote', text: words(praise.quote), by: key('recognition.praise.customer') }] : [],
      fields: [
        {
          kind: 'text',
          name: 'points',
          label: key('recognition.praise.field_points'),
          hint: key('recognition.praise.points_hint'),
          maxLength: 4,
          initial: String(PRAISE_POINTS),
        },
        {
          kind: 'choice',
          name: 'value',
          label: key('recognition.praise.field_value'),
          optional: true,
          style: 'menu',
          options: [
            { value: NO_VALUE, label: key('recognition.praise.no_value') },
            ...values.map((value) => ({ value: value.id, label: valueText(value) })),
          ],
          initial: NO_VALUE,
        },
        {
          kind: 'check',
          name: 'public',
          label: key('recognition.praise.field_public'),
          text: key('recognition.praise.public_text'),
          optional: true,
          initial: true,
        },
      ],
    };
  },
  submit: async (context, { payload: { praiseId }, input }) => {
    const values = await listValues(context.db, context.organisation.id);
    const valueId = input.value && input.value !== NO_VALUE ? input.value : null;
    if (valueId !== null && !values.some((value) => value.id === valueId))
      return formErrors({ value: key('recognition.errors.value_gone') });
    await confirmPraise(context, praiseId, { points: input.points, valueId, public: input.public });
    return update(await praiseCard(context, praiseId, context.person.id));
  },
});

const NewInput = z.object({
  people: z.custom<readonly PersonHint[]>((value) => Array.isArray(value) && value.length > 0, 'recognition.errors.praise_whom'),
  quote: z
    .string('recognition.errors.praise_words')
    .trim()
    .refine((typed) => /[\p{L}\p{N}]/u.test(typed), 'recognition.errors.praise_words')
    .refine((typed) => typed.length <= MOST_QUOTE, 'recognition.errors.praise_words'),
});

const newForm = form({
  id: 'recognition.praise_new',
  role: 'manager',
  payload: Nothing,
  input: NewInput,
  build: async () => ({
    title: key('recognition.praise.new_title'),
    submit: key('recognition.praise.new_submit'),
    fields: [
      { kind: 'people', name: 'people', label: key('recognition.praise.whom'), multiple: true },
      {
        kind: 'text',
        name: 'quote',
        label: key('recognition.praise.field_quote'),
        hint: key('recognition.praise.quote_hint'),
        multiline: true,
        maxLength: MOST_QUOTE,
      },
    ],
  }),
  submit: async (context, { input }) => {
    try {
      const people = await peopleOf(context, input.people);
      const personIds = people.map((one) => one.id);
      return await bring(context, personIds, input.quote);
    } catch (error) {
      if (error instanceof BellhopError && error.code.startsWith('recognition.whom_')) {
        return formErrors({ people: key(error.key, error.params) });
      }
      throw error;
    }
  },
});

const asked = message({
  id: 'recognition.praise',
  payload: PraiseTo,
  guard: async ({ db, organisation }, { praiseId, personId }) => {
    const praise = await findPraise(db, organisation.id, praiseId);
    if (!praise || praise.personIds.includes(personId)) return 'not_theirs';
    return praise.state === 'proposed' ? null : praise.state;
  },
  card: async (context, { praiseId, personId }) => await praiseCard(context, praiseId, personId),
});

export const praiseActions = [confirm, dismiss, show, change, list, bringAnother];
export const praiseForms = [confirmForm, newForm];
export const praiseMessages = [asked];
