import { type Action, button, type Card, type Row } from '../../../core/card.js';
import { ROWS, shownOf, turnRows } from '../../../core/paging.js';
import { date as day, instant, join, key, person, type Text, words } from '../../../core/text.js';
import type { SeminarDate } from '../model.js';
import { to } from '../refs.js';
import { shortened } from './lines.js';
import type { Task } from './model.js';
import { within } from './refs.js';

/** What the one who looks at an action item may do. */
export interface TaskRights {
  /** Does it, or runs the date. */
  readonly acts: boolean;
  /** Runs the date. */
  readonly runs: boolean;
}

export const ownerText = ({ ownerName }: Task): Text => (ownerName === '' ? key('seminars.host_gone') : person(ownerName));

const LEADS: Readonly<Record<Task['state'], string>> = {
  open: 'seminars.task.lead_open',
  done: 'seminars.task.lead_done',
  dropped: 'seminars.task.lead_dropped',
};

/** One action item as it is now. @param lead what happened, instead of how it stands */
export function taskCard(date: SeminarDate, task: Task, { acts, runs }: TaskRights, lead: Text = leadOf(date, task)): Card {
  return {
    // A notification shows this alone.
    summary: key('seminars.task.line', { lead, task: shortened(words(task.words)) }),
    title: key('seminars.task.title'),
    lead,
    body: [{ kind: 'quote', text: words(task.words) }],
    facts: [
      { label: key('seminars.task.owner'), value: ownerText(task) },
      { label: key('seminars.task.due'), value: day(task.dueOn) },
      { label: key('seminars.task.from'), value: join([words(date.title), instant(date.startsAt)], ', ') },
    ],
    actions: [
      ...(task.state === 'open' ? taskActions(date, task, { acts, runs }) : []),
      button(key('seminars.task.all'), to.afterwards(date.id)),
    ],
  };
}

function leadOf(date: SeminarDate, task: Task): Text {
  const by = task.settledByName === '' ? key('seminars.host_gone') : person(task.settledByName);
  return key(LEADS[task.state], { owner: ownerText(task), seminar: words(date.title), due: day(task.dueOn), person: by });
}

function taskActions(date: SeminarDate, task: Task, { acts, runs }: TaskRights): Action[] {
  const changing = within.changeTask(date.id, task.id);
  const settling = acts
    ? [
        button(key('seminars.task.done'), within.taskDone(task.id), task.ownerActive ? { style: 'primary' } : {}),
        button(key('seminars.task.new_day'), within.taskDay(task.id)),
      ]
    : [];
  if (!runs) return settling;
  const drop = button(key('seminars.task.drop'), within.taskDrop(task.id), {
    confirm: {
      title: key('seminars.task.drop_title'),
      text: key('seminars.task.drop_text', { owner: ownerText(task) }),
      yes: key('seminars.task.drop'),
      no: key('core.ui.cancel'),
    },
  });
  return task.ownerActive
    ? [...settling, drop, button(key('seminars.task.change'), changing)]
    : [button(key('seminars.task.choose_owner'), changing, { style: 'primary' }), ...settling, drop];
}

/** An action item in a list. */
export function taskRow(task: Task, today: string): Row {
  const detail: Text =
    task.state === 'open'
      ? key(task.dueOn < today ? 'seminars.task.row_overdue' : 'seminars.task.row_open', { owner: ownerText(task), due: day(task.dueOn) })
      : key(task.state === 'done' ? 'seminars.task.row_done' : 'seminars.task.row_dropped', { owner: ownerText(task) });
  return { text: words(task.words), detail, action: button(key('core.ui.open'), within.task(task.id)) };
}

/** What one person still has to do. */
export function tasksCard(tasks: readonly Task[], offset: number, today: string): Card {
  const rows = tasks.slice(offset, offset + ROWS);
  const footer = shownOf(offset, rows.length, tasks.length);
  const lead = key('seminars.task.mine_lead', { count: tasks.length });
  return {
    summary: lead,
    title: key('seminars.task.mine_title'),
    lead,
    rows: rows.map((task) => ({
      text: words(task.words),
      detail: key(task.dueOn < today ? 'seminars.task.row_late' : 'seminars.task.row_due', { due: day(task.dueOn) }),
      action: button(key('core.ui.open'), within.task(task.id)),
    })),
    actions: [...turnRows(offset, tasks.length, within.tasks), button(key('seminars.action.list'), to.list())],
    ...(footer && { footer }),
  };
}
