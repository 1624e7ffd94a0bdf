import type { Verb } from '../../../core/feature.js';
import { ref } from '../../../core/ref.js';
import { open, update, whisper } from '../../../core/reply.js';
import { key } from '../../../core/text.js';
import { recordEvent } from '../../../people/audit.js';
import { inTransaction } from '../../../people/db.js';
import { action, type HandlerContext } from '../../../people/handlers.js';
import { Offset } from '../schema.js';
import { demandQuestion, questionCard, questionsCard } from './questions-cards.js';
import { askTo, Move, QuestionForm, QuestionRef } from './refs.js';
import { seenOf } from './seen.js';
import { listQuestions, lockQuestions, setOrder, setRetired } from './store-questions.js';

const list = action({
  id: 'feedback.questions',
  role: 'manager',
  payload: Offset,
  run: async (context, { offset }) => update(await questionsCard(context, offset)),
});

const show = action({
  id: 'feedback.question',
  role: 'manager',
  payload: QuestionRef,
  run: async (context, { questionId }) => update(await questionCard(context, questionId)),
});

const openForm = action({
  id: 'feedback.question_open',
  role: 'manager',
  payload: QuestionForm,
  run: async ({ db, organisation }, { questionId }) => {
    if (!questionId) return open(ref('feedback.question_edit'));
    const { labels } = demandQuestion(await listQuestions(db, organisation.id), questionId);
    return open(askTo.questionForm(questionId, seenOf(labels)));
  },
});

/** Puts a question before the one above it, or behind the one below. */
const move = action({
  id: 'feedback.question_move',
  role: 'manager',
  payload: Move,
  run: async (context, { questionId, up }) => {
    const { db, organisation, person, clock } = context;
    await inTransaction(db, async (tx) => {
      const all = await lockQuestions(tx, organisation.id);
      demandQuestion(all, questionId);
      const ids = all.map(({ id }) => id);
      const active = all.filter(({ retired }) => !retired).length;
      const from = ids.indexOf(questionId);
      const target = from + (up ? -1 : 1);
      // At an end, or retired meanwhile: there is nothing to change.
      if (from >= active || target < 0 || target >= active) return;
      ids.splice(target, 0, ...ids.splice(from, 1));
      await setOrder(tx, organisation.id, ids);
      const act = { organisationId: organisation.id, actorId: person.id, verb: 'feedback.question_moved', subjectId: questionId };
      await recordEvent(tx, { ...act, data: { place: target + 1 } }, clock.now());
    });
    return update(await questionCard(context, questionId, key('feedback.questions.moved')));
  },
});

async function retireOrRestore(context: HandlerContext, questionId: string, retire: boolean): Promise<void> {
  const { db, organisation, person, clock } = context;
  await inTransaction(db, async (tx) => {
    const now = clock.now();
    const question = demandQuestion(await lockQuestions(tx, organisation.id), questionId);
    if (question.retired === retire) return;
    await setRetired(tx, organisation.id, questionId, retire ? now : null);
    const verb = retire ? 'feedback.question_retired' : 'feedback.question_restored';
    await recordEvent(tx, { organisationId: organisation.id, actorId: person.id, verb, subjectId: questionId }, now);
  });
}

const retire = action({
  id: 'feedback.question_retire',
  role: 'manager',
  payload: QuestionRef,
  run: async (context, { questionId }) => {
    await retireOrRestore(context, questionId, true);
    return update(await questionCard(context, questionId, key('feedback.questions.retired_now')));
  },
});

const restore = action({
  id: 'feedback.question_restore',
  role: 'manager',
  payload: QuestionRef,
  run: async (context, { questionId }) => {
    await retireOrRestore(context, questionId, false);
    return update(await questionCard(context, questionId, key('feedback.questions.restored_now')));
  },
});

export const questionsVerb: Verb<HandlerContext> = {
  name: 'questions',
  role: 'manager',
  describe: key('feedback.verb.questions'),
  run: async (context) => whisper(await questionsCard(context)),
};

export const questionsActions = [list, show, openForm, move, retire, restore];
