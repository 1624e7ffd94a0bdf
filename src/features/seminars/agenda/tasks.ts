import type { Card } from '../../../core/card.js';
import { BellhopError } from '../../../core/errors.js';
import type { FormErrors } from '../../../core/form.js';
import { ref } from '../../../core/ref.js';
import { formErrors, open, update, whisper } from '../../../core/reply.js';
import { date as day, key, type Text, words } from '../../../core/text.js';
import { initialPerson, readPeople } from '../../../people/audience-form.js';
import { inTransaction, type Tx } from '../../../people/db.js';
import { action, form, type HandlerContext } from '../../../people/handlers.js';
import { addDays, isDay, localDay } from '../../../people/hours.js';
import type { Person } from '../../../people/model.js';
import { findPerson } from '../../../people/people.js';
import type { SeminarDate } from '../model.js';
import { demandDate, mayRun } from '../rights.js';
import { Offset } from '../schema.js';
import { demandStanding, showAfterwards } from './afterwards.js';
import { STAYS, type Task } from './model.js';
import { DayInput, TaskForm, TaskInput, TaskRef } from './schema.js';
import { addTask, changeTask, findTask, listOpenOf, listTasks, lockTask, settleTask } from './store-tasks.js';
import { taskCard, tasksCard } from './task-card.js';
import { firstAsk } from './task-rules.js';
import { refreshTask, tellDone, tellOwner } from './task-tell.js';

interface Loaded {
  readonly task: Task;
  readonly date: SeminarDate;
  readonly runs: boolean;
  readonly acts: boolean;
}

async function load(context: HandlerContext, taskId: string): Promise<Loaded> {
  const task = await findTask(context.db, context.organisation.id, taskId);
  if (!task) throw new BellhopError('seminars.task_gone');
  const date = await demandDate(context, task.dateId);
  const runs = mayRun(context, date);
  return { task, date, runs, acts: runs || task.ownerId === context.person.id };
}

/** @throws BellhopError `seminars.task_gone`, `seminars.task_not_yours` */
async function demandMine(context: HandlerContext, taskId: string): Promise<Loaded> {
  const loaded = await load(context, taskId);
  if (!loaded.acts) throw new BellhopError('seminars.task_not_yours');
  return loaded;
}

/** @throws BellhopError `seminars.task_settled` */
async function demandOpen(context: HandlerContext, taskId: string): Promise<Loaded> {
  const loaded = await demandMine(context, taskId);
  if (loaded.task.state !== 'open') throw new BellhopError('seminars.task_settled');
  return loaded;
}

async function show(context: HandlerContext, taskId: string): Promise<Card> {
  const { task, date, runs, acts } = await load(context, taskId);
  return taskCard(date, task, { runs, acts });
}

/** What a person still has to do. */
export async function showTasks({ db, organisation, person, reader, clock }: HandlerContext, offset: number): Promise<Card> {
  return tasksCard(await listOpenOf(db, organisation.id, person.id), offset, localDay(clock.now(), reader.zone));
}

async function settle(context: HandlerContext, taskId: string, state: 'done' | 'dropped'): Promise<Card> {
  const { db, organisation, person, clock } = context;
  const { date, runs } = await demandMine(context, taskId);
  if (state === 'dropped' && !runs) throw new BellhopError('seminars.task_not_yours');
  await inTransaction(db, async (tx) => {
    const now = clock.now();
    const task = await lockTask(tx, organisation.id, taskId);
    if (!task || !(await settleTask(tx, organisation.id, taskId, state, person.id, now))) return;
    await refreshTask(tx, organisation.id, task, now);
    if (state === 'done') await tellDone(tx, organisation.id, date, task, person.id, now);
  });
  return await show(context, taskId);
}

const look = action({
  id: 'seminars.task',
  role: 'employee',
  payload: TaskRef,
  run: async (context, { taskId }) => whisper(await show(context, taskId)),
});

const list = action({
  id: 'seminars.tasks',
  role: 'employee',
  payload: Offset,
  run: async (context, { offset }) => update(await showTasks(context, offset)),
});

const done = action({
  id: 'seminars.task_done',
  role: 'employee',
  payload: TaskRef,
  run: async (context, { taskId }) => update(await settle(context, taskId, 'done')),
});

const drop = action({
  id: 'seminars.task_drop',
  role: 'employee',
  payload: TaskRef,
  run: async (context, { taskId }) => update(await settle(context, taskId, 'dropped')),
});

const dayOpen = action({
  id: 'seminars.task_day_open',
  role: 'employee',
  payload: TaskRef,
  run: async (context, { taskId }) => {
    await demandOpen(context, taskId);
    return open(ref('seminars.task_day', { taskId }));
  },
});

const taskOpen = action({
  id: 'seminars.task_open',
  role: 'employee',
  payload: TaskForm,
  run: async (context, { dateId, taskId }) => {
    await demandStanding(context, dateId);
    if (taskId) await demandOpen(context, taskId);
    return open(ref('seminars.task', taskId ? { dateId, taskId } : { dateId }));
  },
});

/** What is wrong with a due day, where the actor is; undefined when nothing is. */
function dayProblem({ clock, reader }: HandlerContext, due: string): Text | undefined {
  if (due === '') return key('core.ui.required');
  if (!isDay(due)) return key('seminars.errors.no_such_day', { typed: words(due) });
  const today = localDay(clock.now(), reader.zone);
  if (due < today) return key('seminars.errors.task_day_past', { due: day(due) });
  return due > addDays(today, STAYS.days) ? key('seminars.errors.task_day_far', { due: day(due) }) : undefined;
}

const dueField = (initial: string) => ({ kind: 'date' as const, name: 'due', label: key('seminars.task.due'), initial });

/** Gives it to its owner, or changes it; who has it anew is told. */
async function save(context: HandlerContext, tx: Tx, date: SeminarDate, before: Task | undefined, values: Values): Promise<void> {
  const { organisation, person, clock } = context;
  const now = clock.now();
  const { words: what, owner, due } = values;
  const kept = { words: what, ownerId: owner.id, dueOn: due, nextAskAt: firstAsk(due, owner, now) };
  if (before) {
    await refreshTask(tx, organisation.id, before, now);
    await changeTask(tx, organisation.id, before.id, kept);
  }
  const id = before?.id ?? (await addTask(tx, organisation.id, date.id, kept, person.id, now));
  if (owner.id !== person.id && owner.id !== before?.ownerId) {
    await tellOwner(tx, organisation.id, { taskId: id, ownerId: owner.id, dueOn: due }, now);
  }
}

interface Values {
  readonly words: string;
  readonly owner: Person;
  readonly due: string;
}

async function readValues(
  context: HandlerContext,
  input: TaskInput,
): Promise<{ readonly errors: FormErrors } | { readonly values: Values }> {
  const errors: Record<string, Text> = {};
  if (!/[\p{L}\p{N}]/u.test(input.words)) errors.words = key('seminars.errors.task_words');
  else if (input.words.length > STAYS.task) errors.words = key('seminars.errors.topic_long', { most: STAYS.task });
  const found = await readPeople(context, input.owner);
  if ('error' in found) errors.owner = found.error;
  else if (found.people.length > 1) errors.owner = key('seminars.errors.task_one_owner');
  const problem = dayProblem(context, input.due);
  if (problem) errors.due = problem;
  const owner = 'people' in found ? found.people[0] : undefined;
  return owner && Object.keys(errors).length === 0 ? { values: { words: input.words, owner, due: input.due } } : { errors };
}

/** Days that somebody has for an action item unless the host says otherwise. */
const USUAL_DAYS = 14;

const taskForm = form({
  id: 'seminars.task',
  role: 'employee',
  payload: TaskForm,
  input: TaskInput,
  build: async (context, { dateId, taskId }) => {
    const { db, organisation, clock, reader } = context;
    await demandStanding(context, dateId);
    const before = taskId ? await findTask(db, organisation.id, taskId) : undefined;
    const owner = before ? await findPerson(db, organisation.id, before.ownerId) : undefined;
    return {
      title: key(before ? 'seminars.task.form_change' : 'seminars.afterwards.add_task'),
      submit: key(before ? 'seminars.afterwards.save' : 'seminars.task.submit'),
      fields: [
        {
          kind: 'text',
          name: 'words',
          label: key('seminars.task.words'),
          hint: key('seminars.task.words_hint'),
          multiline: true,
          maxLength: STAYS.task,
          ...(before && { initial: before.words }),
        },
        {
          kind: 'people',
          name: 'owner',
          label: key('seminars.task.owner'),
          hint: key('seminars.task.owner_hint'),
          initial: await initialPerson(context, owner?.active ? owner : undefined),
        },
        dueField(before?.dueOn ?? addDays(localDay(clock.now(), reader.zone), USUAL_DAYS)),
      ],
    };
  },
  submit: async (context, { payload: { dateId, taskId }, input }) => {
    const { db, organisation } = context;
    const date = await demandStanding(context, dateId);
    const read = await readValues(context, input);
    if ('errors' in read) return formErrors(read.errors);
    await inTransaction(db, async (tx) => {
      const before = taskId ? await lockTask(tx, organisation.id, taskId) : undefined;
      if (taskId && (before?.dateId !== dateId || before.state !== 'open')) throw new BellhopError('seminars.task_settled');
      if (!before && (await listTasks(tx, organisation.id, dateId)).length >= STAYS.tasks) {
        throw new BellhopError('seminars.tasks_full', { most: STAYS.tasks });
      }
      await save(context, tx, date, before, read.values);
    });
    return update(taskId ? await show(context, taskId) : await showAfterwards(context, dateId));
  },
});

const dayForm = form({
  id: 'seminars.task_day',
  role: 'employee',
  payload: TaskRef,
  input: DayInput,
  build: async (context, { taskId }) => {
    const { task } = await demandMine(context, taskId);
    return {
      title: key('seminars.task.new_day'),
      submit: key('seminars.afterwards.save'),
      intro: [{ kind: 'quote', text: words(task.words) }],
      fields: [dueField(task.dueOn)],
    };
  },
  submit: async (context, { payload: { taskId }, input: { due } }) => {
    const { db, organisation } = context;
    const problem = dayProblem(context, due);
    if (problem) return formErrors({ due: problem });
    const { date } = await demandOpen(context, taskId);
    await inTransaction(db, async (tx) => {
      const task = await lockTask(tx, organisation.id, taskId);
      const owner = task && (await findPerson(tx, organisation.id, task.ownerId));
      if (!task || !owner || task.state !== 'open') throw new BellhopError('seminars.task_settled');
      await save(context, tx, date, task, { words: task.words, owner, due });
    });
    return update(await show(context, taskId));
  },
});

export const taskActions = [look, list, done, drop, dayOpen, taskOpen];
export const taskForms = [taskForm, dayForm];
