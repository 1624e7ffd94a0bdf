import { button, type Card, notice } from '../../../core/card.js';
import { date as day, instant, key, person, type Text, words } from '../../../core/text.js';
import { message, type WorkContext } from '../../../people/handlers.js';
import type { SeminarDate } from '../model.js';
import { findDate } from '../store-dates.js';
import { shortened } from './lines.js';
import type { Charge, Task } from './model.js';
import { within } from './refs.js';
import { TaskTold } from './schema.js';
import { findTask } from './store-tasks.js';
import { ownerText, taskCard } from './task-card.js';

interface Loaded {
  readonly task: Task;
  readonly date: SeminarDate;
  /** It is open, and still with the same person for the same day. */
  readonly stands: boolean;
}

async function load({ db, organisation }: WorkContext, { taskId, ownerId, dueOn }: Charge): Promise<Loaded | undefined> {
  const task = await findTask(db, organisation.id, taskId);
  const date = task && (await findDate(db, organisation.id, task.dateId));
  if (!task || !date) return undefined;
  return { task, date, stands: task.state === 'open' && task.ownerId === ownerId && task.dueOn === dueOn };
}

type TaskMessage = 'seminars.task_given' | 'seminars.task_asked' | 'seminars.task_overdue' | 'seminars.task_ownerless';

interface Spec {
  readonly id: TaskMessage;
  /** What the message says as long as it stands. */
  readonly lead: (loaded: Loaded) => Text;
  /** Whether it goes to the host. */
  readonly toHost: boolean;
}

const params = ({ task, date }: Loaded) => ({
  owner: ownerText(task),
  due: day(task.dueOn),
  seminar: words(date.title),
  when: instant(date.startsAt),
  task: shortened(words(task.words)),
});

/** A message about an action item that is to be done; shown anew it tells how it stands by now. */
const about = ({ id, lead, toHost }: Spec) =>
  message({
    id,
    payload: TaskTold,
    guard: async (context, charge) => {
      const loaded = await load(context, charge);
      return loaded?.stands ? null : (loaded?.task.state ?? 'gone');
    },
    card: async (context, charge): Promise<Card> => {
      const loaded = await load(context, charge);
      if (!loaded) return notice(key('seminars.errors.task_gone'));
      const { task, date, stands } = loaded;
      // Whose it is no longer can do nothing about it.
      const acts = toHost || task.ownerId === charge.ownerId;
      return taskCard(date, task, { runs: toHost, acts }, stands ? lead(loaded) : undefined);
    },
    line: async (context, charge) => {
      const loaded = await load(context, charge);
      if (!loaded) return { text: key('seminars.errors.task_gone') };
      return {
        text: key('seminars.task.line', { lead: lead(loaded), task: shortened(words(loaded.task.words)) }),
        action: button(key('core.ui.open'), within.task(charge.taskId)),
      };
    },
  });

const given = about({ id: 'seminars.task_given', toHost: false, lead: (loaded) => key('seminars.task.given', params(loaded)) });
const asked = about({ id: 'seminars.task_asked', toHost: false, lead: (loaded) => key('seminars.task.asked', params(loaded)) });
const overdue = about({ id: 'seminars.task_overdue', toHost: true, lead: (loaded) => key('seminars.task.overdue', params(loaded)) });
const ownerless = about({ id: 'seminars.task_ownerless', toHost: true, lead: (loaded) => key('seminars.task.ownerless', params(loaded)) });

/** To the host: it is done. One line. */
const done = message({
  id: 'seminars.task_done',
  payload: TaskTold,
  guard: async (context, charge) => ((await load(context, charge))?.task.state === 'done' ? null : 'not_done'),
  card: async (context, charge) => notice(await doneLine(context, charge)),
  line: async (context, charge) => ({ text: await doneLine(context, charge) }),
});

async function doneLine(context: WorkContext, charge: Charge): Promise<Text> {
  const loaded = await load(context, charge);
  if (!loaded) return key('seminars.errors.task_gone');
  const { settledByName } = loaded.task;
  return key('seminars.task.done_line', {
    ...params(loaded),
    person: settledByName === '' ? key('seminars.host_gone') : person(settledByName),
  });
}

export const taskMessages = [given, asked, overdue, ownerless, done];
