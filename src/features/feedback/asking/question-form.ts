import { z } from 'zod';
import type { Field, FormErrors } from '../../../core/form.js';
import { lineInput } from '../../../core/inputs.js';
import { formErrors, say, update } from '../../../core/reply.js';
import { key, type Text } from '../../../core/text.js';
import { recordEvent } from '../../../people/audit.js';
import { inTransaction } from '../../../people/db.js';
import { form, type HandlerContext } from '../../../people/handlers.js';
import { WRITTEN, type Written } from '../languages.js';
import { type ByLanguage, MOST, type Question, type QuestionKind } from '../model.js';
import { demandQuestion, questionCard, questionKindLabel, standardIn } from './questions-cards.js';
import { QuestionForm } from './refs.js';
import { seenOf } from './seen.js';
import { keyOf } from './slug.js';
import { addQuestion, listQuestions, lockQuestions, setLabels } from './store-questions.js';

/** Questions of an organisation that aren't retired: a menu of Slack takes 100. */
const MOST_KEPT = 60;
const KINDS = ['five', 'smileys', 'nps', 'open'] as const satisfies readonly QuestionKind[];

const QuestionInput = z.object({ kind: z.enum(KINDS).default('five'), en: lineInput, lv: lineInput });
type QuestionInput = z.output<typeof QuestionInput>;

function fieldsOf(context: HandlerContext, question: Question | undefined): Field[] {
  const text = (name: Written, label: Text): Field => {
    const initial = question?.labels[name] ?? standardIn(context, question, name);
    return { kind: 'text', name, label, optional: true, maxLength: MOST.label, ...(initial && { initial }) };
  };
  const kind: Field = {
    kind: 'choice',
    name: 'kind',
    label: key('feedback.questions.kind'),
    hint: key('feedback.questions.kind_hint'),
    options: KINDS.map((value) => ({ value, label: questionKindLabel(value) })),
    initial: 'five',
  };
  return [text('en', key('feedback.questions.in_en')), text('lv', key('feedback.questions.in_lv')), ...(question ? [] : [kind])];
}

/** What is written down: words that are the standard ones stay the catalogue's, those in further languages as they are. */
function labelsOf(context: HandlerContext, question: Question | undefined, input: QuestionInput): ByLanguage {
  const { en: _en, lv: _lv, ...others } = question?.labels ?? {};
  const own = (locale: Written) => (input[locale] === standardIn(context, question, locale) ? '' : input[locale]);
  const [en, lv] = [own('en'), own('lv')];
  return { ...others, ...(en && { en }), ...(lv && { lv }) };
}

function check(context: HandlerContext, all: readonly Question[], question: Question | undefined, input: QuestionInput): FormErrors {
  const errors: Record<string, Text> = {};
  for (const name of WRITTEN) {
    if (input[name].length > MOST.label) errors[name] = key('feedback.errors.page_long', { most: MOST.label });
  }
  // Standard questions fall back to their standard words.
  const isStandard = standardIn(context, question, 'en') !== undefined;
  if (!isStandard && input.en === '' && input.lv === '') errors.en = key('feedback.errors.question_words');
  if (!question && all.filter(({ retired }) => !retired).length >= MOST_KEPT) {
    errors.en = key('feedback.errors.questions_full', { most: MOST_KEPT });
  }
  return errors;
}

/** A question: a new one, or the words of one that is there. Its kind stays, since its answers are counted by it. */
export const questionForm = form({
  id: 'feedback.question_edit',
  role: 'manager',
  payload: QuestionForm,
  input: QuestionInput,
  build: async (context, { questionId }) => {
    const question = questionId ? demandQuestion(await listQuestions(context.db, context.organisation.id), questionId) : undefined;
    return {
      title: key(question ? 'feedback.questions.form_change' : 'feedback.questions.form_add'),
      submit: key('feedback.page.save'),
      ...(question && { intro: [{ kind: 'paragraph', text: key('feedback.questions.form_intro') }] }),
      fields: fieldsOf(context, question),
    };
  },
  submit: async (context, { payload: { questionId, seen }, input }) => {
    const { db, organisation, person, clock } = context;
    const saved = await inTransaction(db, async (tx) => {
      const now = clock.now();
      const all = await lockQuestions(tx, organisation.id);
      const before = questionId ? demandQuestion(all, questionId) : undefined;
      const errors = check(context, all, before, input);
      if (Object.keys(errors).length > 0) return { errors } as const;
      const labels = labelsOf(context, before, input);
      const made = keyOf(input.en || input.lv, new Set(all.map((question) => question.key)));
      const position = Math.max(-1, ...all.map((question) => question.position)) + 1;
      const id = before ? before.id : await addQuestion(tx, organisation.id, { key: made, kind: input.kind, labels, position }, now);
      if (before) await setLabels(tx, organisation.id, id, labels);
      const verb = before ? 'feedback.question_changed' : 'feedback.question_added';
      const data = { key: before?.key ?? made, kind: before?.kind ?? input.kind };
      await recordEvent(tx, { organisationId: organisation.id, actorId: person.id, verb, subjectId: id, data }, now);
      return { id, over: before !== undefined && seen !== undefined && seen !== seenOf(before.labels) };
    });
    if (saved.errors) return formErrors(saved.errors);
    if (!questionId) return say(await questionCard(context, saved.id, key('feedback.questions.added')));
    return update(await questionCard(context, questionId, key(saved.over ? 'feedback.questions.saved_over' : 'feedback.questions.saved')));
  },
});
